import { randomUUID } from "node:crypto";
import type { ApiError } from "../api-errors";

/** `application/json` with the charset, exactly as the cloud writes it. XML answers would stand beside it. */
export const jsonContentType = "application/json;charset=utf-8";

/** A new request id, in the cloud's upper case. */
export function newRequestId(): string {
  return randomUUID().toUpperCase();
}

/** The body of an error. */
export function errorBody(
  error: ApiError,
  requestId: string,
  product: "ecs" | "vpc",
  region: string,
): string {
  const productName = product === "ecs" ? "Ecs" : "Vpc";
  return JSON.stringify({
    RequestId: requestId,
    HostId: `${product}.${region}.aliyuncs.com`,
    Code: error.code,
    Message: error.message,
    Recommend: `https://api.aliyun.com/troubleshoot?q=${encodeURIComponent(error.code)}&product=${productName}&requestId=${requestId}`,
  });
}

/** The body of a success. */
export function successBody(answer: object, requestId: string): string {
  return JSON.stringify({ RequestId: requestId, ...answer });
}
