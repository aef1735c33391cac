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

test("an error in XML, or with names in lower case: is read", () => {
  const xml =
    "<?xml version='1.0'?><Error><RequestId>R-1</RequestId><Code>Forbidden.RAM</Code><Message>No.</Message></Error>";
  expect(failureOf(403, xml, "text/xml;charset=utf-8")).toMatchObject({ code: "Forbidden.RAM" });
  expect(failureOf(403, '{"code":"Forbidden.RAM","message":"No."}')).toMatchObject({
    code: "Forbidden.RAM",
    reason: "No.",
  });
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
