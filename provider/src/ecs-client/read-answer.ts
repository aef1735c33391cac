import type { z } from "zod";
import { EcsError } from "../ecs/ecs-error";
import { verdictOf } from "../ecs/verdict";
import { XML } from "./alicloud-sdk";
import type { Answer } from "./http-exchange";

/**
 * Reads the answer of an operation.
 *
 * - What names an error, or denies success, is an error, whatever the HTTP status and the type of content: the table of codes
 *   gives the verdict.
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
  const fail = (code: string, reason: string, details?: Partial<Pick<EcsError, "requestId" | "verdict">>) =>
    new EcsError({
      action,
      code,
      httpStatus,
      requestId: undefined,
      // A gateway that limits the rate answers for the API.
      verdict: httpStatus === 429 ? "throttled" : "transient",
      reason,
      ...details,
    });
  const text = answer.text.replace(/^\uFEFF/, "").trim();
  const body = text.startsWith("<") ? parseXml(text) : parseJson(text);
  const refusal = isObject(body) ? refusalIn(body) : undefined;
  // A page in XML has no code.
  if (!isObject(body) || (text.startsWith("<") && refusal?.code === undefined)) {
    const place = redirection(answer);
    throw fail("UnreadableAnswer", `the answer is ${describeText(text)} instead of the API's JSON${place}`);
  }
  const requestId = textIn(fieldOf(refusal?.from ?? {}, "requestid")) ?? textIn(fieldOf(body, "requestid"));
  if (refusal !== undefined || httpStatus >= 400) {
    const { code, from = body } = refusal ?? {};
    const message = textIn(fieldOf(from, ...messageFields)) ?? "no message";
    // Pulumi prints each line of a message as a message of its own. SignatureDoesNotMatch has two.
    throw fail(code ?? "UnnamedError", message.replace(/\s*\n\s*/g, " "), {
      requestId,
      verdict: verdictOf(code ?? "", httpStatus),
    });
  }
  const parsed = documented.safeParse(body);
  if (parsed.success && httpStatus >= 200 && httpStatus < 300) return { content: parsed.data, requestId };
  const place = redirection(answer);
  throw fail("UnexpectedAnswer", `the answer is not what the API documents${place}`, { requestId });
}

/** An error in an answer: its code, if it has one, and the object that describes it. */
interface Refusal {
  readonly code: string | undefined;
  readonly from: Readonly<Record<string, unknown>>;
}

/*
 * Names of fields, in lower case. The API says Code, Message and RequestId. Gateways in front of it write an error in other
 * forms, and may do so with HTTP 200.
 */
const codeFields = ["code", "errorcode", "error_code"];
const errorFields = ["error", "errors"];
const messageFields = ["message", "errormessage", "error_message", "errormsg", "error_msg"];

function refusalIn(body: Record<string, unknown>): Refusal | undefined {
  const code = fieldOf(body, ...codeFields);
  if (code !== undefined) return { code: textIn(code), from: body };
  const error = fieldOf(body, ...errorFields);
  const [first = error] = Array.isArray(error) ? (error as unknown[]) : [];
  const nested = isObject(first) ? refusalIn(first) : undefined;
  if (error !== undefined) return nested ?? { code: undefined, from: isObject(first) ? first : body };
  const response = fieldOf(body, "response");
  if (isObject(response)) return refusalIn(response);
  const denied = Object.entries(body).some(
    ([name, value]) => name.toLowerCase() === "success" && /^(false|0)$/i.test(String(value)),
  );
  return denied ? { code: undefined, from: body } : undefined;
}

/** The value of the first of these fields that is there and not empty. */
function fieldOf(body: Readonly<Record<string, unknown>>, ...names: readonly string[]): unknown {
  return Object.entries(body).find(
    ([name, value]) => names.includes(name.toLowerCase()) && !isEmpty(value),
  )?.[1];
}

function isEmpty(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return !value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The content of the document's element. The gateway refuses some requests in XML, whatever they ask for. */
function parseXml(text: string): unknown {
  try {
    return Object.values(XML.parseXml(text, null))[0];
  } catch {
    return undefined;
  }
}

/** Where the answer sends the client, without what may quote the request. */
function redirection({ httpStatus, headers: { location } }: Answer): string {
  const unknownServer = "https://unknown";
  if (httpStatus < 300 || httpStatus >= 400 || location === undefined) return "";
  if (!URL.canParse(location, unknownServer)) return "";
  const { origin, pathname } = new URL(location, unknownServer);
  const place = origin === unknownServer ? pathname : `${origin}${pathname}`;
  return ` (a redirect to ${place.length > 100 ? `${place.slice(0, 100)}…` : place})`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textIn(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** What the text is. A page of a proxy may quote the request, so the message does not repeat it. */
function describeText(trimmed: string): string {
  if (trimmed === "") return "empty";
  if (trimmed.startsWith("<")) return /^<(!doctype )?html/i.test(trimmed) ? "an HTML page" : "XML";
  try {
    const value: unknown = JSON.parse(trimmed);
    return value === null ? "null" : Array.isArray(value) ? "a JSON list" : `a JSON ${typeof value}`;
  } catch {
    return trimmed.startsWith("{") ? "cut or invalid JSON" : "text";
  }
}
