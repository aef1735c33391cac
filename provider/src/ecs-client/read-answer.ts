import { XML } from "@darabonba/typescript";
import type { z } from "zod";
import { EcsError } from "../ecs/ecs-error";
import { verdictOf } from "../ecs/verdict";
import type { Answer } from "./http-exchange";

/**
 * Reads the answer of an operation.
 *
 * - A `Code` is an error, whatever the HTTP status: the table of codes gives the verdict.
 * - A documented answer is a success.
 * - Everything else is not the API's answer, and the outcome of the call is unknown.
 *
 * @throws EcsError
 * @internal
 */
export function readAnswer<T>(
  action: string,
  answer: Answer,
  documented: z.ZodType<T>,
): { readonly content: T; readonly requestId: string | undefined } {
  const { httpStatus } = answer;
  const body = parseBody(answer);
  if (!isObject(body)) throw notTheApi(action, httpStatus, describeText(answer.text));
  const field = (name: string, lower: string) => textIn(body[name]) ?? textIn(body[lower]);
  const [name, requestId] = [field("Code", "code"), field("RequestId", "requestId")];
  if (name !== undefined || httpStatus >= 400) {
    throw new EcsError({
      action,
      code: name ?? "UnnamedError",
      httpStatus,
      requestId,
      verdict: verdictOf(name ?? "", httpStatus),
      reason: field("Message", "message") ?? "no message",
    });
  }
  const parsed = documented.safeParse(body);
  if (parsed.success && httpStatus >= 200 && httpStatus < 300) {
    return { content: parsed.data, requestId };
  }
  throw new EcsError({
    action,
    code: "UnexpectedAnswer",
    httpStatus,
    requestId,
    verdict: "transient",
    reason: "the answer is not what the API documents",
  });
}

function notTheApi(action: string, httpStatus: number, seen: string): EcsError {
  return new EcsError({
    action,
    code: "UnreadableAnswer",
    httpStatus,
    requestId: undefined,
    verdict: "transient",
    reason: `the answer is ${seen} instead of the API's JSON`,
  });
}

function parseBody({ httpStatus, headers, text }: Answer): unknown {
  try {
    // The gateway refuses some requests in XML, whatever they ask for.
    if (httpStatus >= 400 && headers["content-type"]?.startsWith("text/xml"))
      return XML.parseXml(text, null).Error;
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textIn(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** What the text is. A page of a proxy may quote the request, so the message does not repeat it. */
function describeText(text: string): string {
  const trimmed = text.trim();
  if (trimmed === "") return "empty";
  if (trimmed.startsWith("<")) return /^<(!doctype )?html/i.test(trimmed) ? "an HTML page" : "XML";
  try {
    const value: unknown = JSON.parse(trimmed);
    return value === null ? "null" : Array.isArray(value) ? "a JSON list" : `a JSON ${typeof value}`;
  } catch {
    return trimmed.startsWith("{") ? "cut or invalid JSON" : "text";
  }
}
