import { STATUS_CODES } from "node:http";
import { ApiError, requestHeadTooLarge } from "../api-errors";
import { contentTypes, errorBody, newRequestId } from "../wire/answers";
import { defaultRegion } from "../world/state-loading";

/**
 * The most that the request line and the headers may have. SDKs send `UserData` in the query: 32 KB, which are 44 KB in
 * Base64 and at most three times as many in a URL.
 */
export const headLimitBytes = 256 * 1024;

/**
 * The answer to a request that is not HTTP, or not as the emulator takes it. Node.js has answers without a body for these.
 *
 * @param code - the code of the parser's error
 */
export function malformedRequestAnswer(code: string | undefined): string {
  const error = errorOf(code);
  const requestId = newRequestId();
  const { text } = errorBody("JSON", error, requestId, "ecs", defaultRegion);
  return [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ""}`,
    `content-type: ${contentTypes.JSON}`,
    `content-length: ${Buffer.byteLength(text)}`,
    "connection: close",
    "",
    text,
  ].join("\r\n");
}

/** None of them is the cloud's: its web server answers an HTML page. */
function errorOf(code: string | undefined): ApiError {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return requestHeadTooLarge(headLimitBytes);
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new ApiError(408, "RequestTimeout", "The request did not arrive in time.");
    case "CONNECT":
      return new ApiError(405, "MethodNotAllowed", "The emulator is not a proxy: it does not take CONNECT.");
    case undefined:
    default:
      return new ApiError(400, "BadRequest", `The request is not valid HTTP/1.1 (${code ?? "no code"}).`);
  }
}
