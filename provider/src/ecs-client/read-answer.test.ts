import { z } from "zod";
import type { EcsError } from "../ecs/ecs-error";
import { readAnswer } from "./read-answer";

const action = "AssignPrivateIpAddresses";
const documented = z.object({ RequestId: z.string() });

function failureOf(httpStatus: number, text: string, type = "application/json"): EcsError {
  try {
    readAnswer(action, { httpStatus, headers: { "content-type": type }, text }, documented);
  } catch (error) {
    return error as EcsError;
  }
  throw new Error("the answer was read");
}

test("a documented answer: its content and its RequestId", () => {
  const answer = { httpStatus: 200, headers: {}, text: '{"RequestId":"R-1","More":[]}' };
  expect(readAnswer(action, answer, documented)).toEqual({
    content: { RequestId: "R-1" },
    requestId: "R-1",
  });
});

test.each([
  [403, "Operation.Conflict", "conflict"],
  [404, "InvalidEniId.NotFound", "not-found"],
  [403, "Forbidden.RAM", "final"],
  [503, "ServiceUnavailable", "transient"],
  [500, "NeverSeenBefore", "transient"],
  [400, "Throttling.User", "throttled"],
  // A gateway may change the status.
  [200, "Forbidden.RAM", "final"],
  [200, "Throttling.User", "throttled"],
  [200, "InternalError", "transient"],
  [302, "Operation.Conflict", "conflict"],
])("HTTP %d with Code %s: the verdict is %s", (httpStatus, Code, verdict) => {
  const text = JSON.stringify({ Code, Message: "Sorry.", RequestId: "R-1" });
  expect(failureOf(httpStatus, text)).toMatchObject({
    message: `${action}: ${Code}, HTTP ${httpStatus}: Sorry (RequestId R-1)`,
    code: Code,
    httpStatus,
    requestId: "R-1",
    reason: "Sorry.",
    verdict,
  });
});

test("a message of several lines: one line", () => {
  const text = JSON.stringify({ Code: "SignatureDoesNotMatch", Message: "It is [ACS3\r\n  ab12].\n" });
  expect(failureOf(400, text).message).toBe(`${action}: SignatureDoesNotMatch, HTTP 400: It is [ACS3 ab12]`);
});

const xml =
  "<?xml version='1.0'?><Error><RequestId>R-1</RequestId><Code>Forbidden.RAM</Code><Message>No.</Message></Error>";

test.each([
  [403, "text/xml;charset=utf-8", xml],
  [403, "Text/XML", xml],
  [403, "application/xml", xml],
  [403, "application/json", `\uFEFF\n${xml}`],
  [200, "text/xml", xml],
  [403, "text/xml", xml.replace("Error>", "ErrorResponse><Error>").replace(/$/, "</ErrorResponse>")],
  [403, "text/xml", xml.replace(/(<\/?)Error>/g, "$1AssignPrivateIpAddressesResponse>")],
])("HTTP %d of type %s with an error in XML: its code gives the verdict", (httpStatus, type, text) => {
  expect(failureOf(httpStatus, text, type)).toMatchObject({
    message: `${action}: Forbidden.RAM, HTTP ${httpStatus}: No (RequestId R-1)`,
    verdict: "final",
  });
});

test.each<object>([
  { code: "Forbidden.RAM", message: "No." },
  { ErrorCode: "Forbidden.RAM", ErrorMessage: "No.", Success: false },
  { errorCode: "Forbidden.RAM", errorMessage: "No." },
  { error_code: "Forbidden.RAM", error_msg: "No." },
  { Error: { Code: "Forbidden.RAM", Message: "No." } },
  { error: { code: "Forbidden.RAM", message: "No." } },
  { Errors: [{ Code: "Forbidden.RAM", Message: "No." }] },
  { Response: { Error: { Code: "Forbidden.RAM", Message: "No." } } },
])("%j beside a RequestId: is an error, whatever the HTTP status", (fields) => {
  for (const httpStatus of [200, 302, 403]) {
    expect(failureOf(httpStatus, JSON.stringify({ RequestId: "R-1", ...fields }))).toMatchObject({
      message: `${action}: Forbidden.RAM, HTTP ${httpStatus}: No (RequestId R-1)`,
      verdict: "final",
    });
  }
});

test.each<object>([
  { Success: false },
  { success: "false", message: "No." },
  { Code: 403 },
  { errorCode: 7 },
  { error: true },
  { error: "Not Found", status: 404 },
  { errors: ["No."] },
])("%j beside a RequestId: is an error without a name", (fields) => {
  const error = failureOf(200, JSON.stringify({ RequestId: "R-1", ...fields }));
  expect(error).toMatchObject({ code: "UnnamedError", requestId: "R-1", verdict: "final" });
});

test.each<object>([
  { Success: true },
  { Code: null },
  { errorCode: 0 },
  { error: "" },
  { Error: {} },
  { Errors: [] },
])("%j beside the documented answer: is no error", (fields) => {
  const text = JSON.stringify({ RequestId: "R-1", ...fields });
  expect(readAnswer(action, { httpStatus: 200, headers: {}, text }, documented).requestId).toBe("R-1");
});

test("an answer that begins with a byte order mark: is read", () => {
  const answer = { httpStatus: 200, headers: {}, text: '\uFEFF{"RequestId":"R-1"}' };
  expect(readAnswer(action, answer, documented).requestId).toBe("R-1");
});

test.each([
  ["<html>Slow down</html>", "UnreadableAnswer"],
  ["", "UnreadableAnswer"],
  ["{}", "UnnamedError"],
])("HTTP 429 with %j: is throttled", (text, code) => {
  expect(failureOf(429, text, "text/html")).toMatchObject({ code, verdict: "throttled" });
});

test.each([
  ["https://user:pw@login.example.com/in?request=Signature#part", "https://login.example.com/in"],
  ["//login.example.com", "https://login.example.com/"],
  ["/in?request=Signature", "/in"],
  ["in?request=Signature", "/in"],
  [`/${"x".repeat(200)}`, `/${"x".repeat(99)}…`],
])("a redirect to %s: the message names the place without its parameters", (location, shown) => {
  for (const text of ["<html>Moved</html>", '{"RequestId":"R-1"}']) {
    const answer = { httpStatus: 302, headers: { location }, text };
    expect(() => readAnswer(action, answer, documented)).toThrow(`(a redirect to ${shown})`);
    expect(() => readAnswer(action, answer, documented)).not.toThrow(/Signature|pw/);
  }
});

test.each([
  ["{}", 400, "final"],
  ['{"Code":null,"Message":null}', 403, "final"],
  ['{"Code":404,"Message":{}}', 500, "transient"],
])("an error without a name, %s: its verdict follows HTTP %d", (text, httpStatus, verdict) => {
  expect(failureOf(httpStatus, text)).toMatchObject({
    message: `${action}: UnnamedError, HTTP ${httpStatus}: no message`,
    requestId: undefined,
    verdict,
  });
});

test.each([
  ["", "empty"],
  ["  \n", "empty"],
  ["<!DOCTYPE html><p>Log in, secret", "an HTML page"],
  ["<html>", "an HTML page"],
  ["<Answer/>", "XML"],
  ["null", "null"],
  ["[]", "a JSON list"],
  ['"text"', "a JSON string"],
  ["7", "a JSON number"],
  ['{"RequestId": "R-', "cut or invalid JSON"],
  ["moved", "text"],
])("%j: is not the API's answer, and the message says what it is", (text, what) => {
  for (const httpStatus of [200, 302, 403, 502]) {
    expect(failureOf(httpStatus, text, "text/html")).toMatchObject({
      message: `${action}: UnreadableAnswer, HTTP ${httpStatus}: the answer is ${what} instead of the API's JSON`,
      verdict: "transient",
    });
  }
});

test.each([
  [200, '{"Status":"ok"}'],
  [302, '{"RequestId":"R-1"}'],
])("HTTP %d with %s: is not documented, and the outcome is unknown", (httpStatus, text) => {
  expect(failureOf(httpStatus, text)).toMatchObject({
    code: "UnexpectedAnswer",
    httpStatus,
    verdict: "transient",
  });
});
