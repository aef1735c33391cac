import { randomUUID } from "node:crypto";
import type { Product } from "../actions/action";
import { invalidParameterFormat } from "../api-errors";
import type { ApiError } from "../api-errors";
import type { ApiRequest } from "./request";
import { cdata, xmlDocument } from "./xml";

/** The products as the page of troubleshooting names them. */
const productNames: Readonly<Record<Product, string>> = { ecs: "Ecs", vpc: "Vpc", sts: "Sts" };

/** The forms of an answer, with their types exactly as the cloud writes them: the SDK tells them apart by that. */
export const contentTypes = {
  JSON: "application/json;charset=utf-8",
  XML: "text/xml;charset=utf-8",
} as const;

export type AnswerFormat = keyof typeof contentTypes;

/** An answer's body and its type. */
export interface AnswerBody {
  readonly contentType: string;
  readonly text: string;
}

/** What a request gets that asks for no form, or for one that does not exist: XML, unless it is signed with ACS3. */
export function defaultFormat(request: ApiRequest): AnswerFormat {
  return request.signature === "ACS3" ? "JSON" : "XML";
}

/** The form that a request asks for, in any mixture of upper and lower case. */
export function answerFormat(request: ApiRequest): AnswerFormat {
  const asked = request.format?.toUpperCase() ?? defaultFormat(request);
  if (asked !== "JSON" && asked !== "XML") throw invalidParameterFormat();
  return asked;
}

/** A new request id, in the cloud's upper case. */
export function newRequestId(): string {
  return randomUUID().toUpperCase();
}

/** The body of an error. */
export function errorBody(
  format: AnswerFormat,
  error: ApiError,
  requestId: string,
  product: Product,
  region: string,
): AnswerBody {
  const recommend = `https://api.aliyun.com/troubleshoot?q=${encodeURIComponent(error.code)}&product=${productNames[product]}&requestId=${requestId}`;
  const content = {
    RequestId: requestId,
    HostId: `${product}.${region}.aliyuncs.com`,
    Code: error.code,
    Message: error.message,
  };
  const text =
    format === "JSON"
      ? JSON.stringify({ ...content, Recommend: recommend })
      : // In a CDATA section, as in aliyun/openapi-sdk-php issue 175.
        xmlDocument("Error", { ...content, Recommend: cdata(recommend) });
  return { contentType: contentTypes[format], text };
}

/** The body of a success. */
export function successBody(
  format: AnswerFormat,
  action: string,
  answer: object,
  requestId: string,
): AnswerBody {
  const content = { RequestId: requestId, ...answer };
  const text = format === "JSON" ? JSON.stringify(content) : xmlDocument(`${action}Response`, content);
  return { contentType: contentTypes[format], text };
}
