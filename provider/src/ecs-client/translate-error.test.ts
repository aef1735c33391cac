import { callTimedOut } from "../ecs/ecs-error";
import { translateError } from "./translate-error";

const action = "AssignPrivateIpAddresses";

test.each([
  ["ClientError", 403, "Operation.Conflict", "conflict"],
  ["ClientError", 404, "InvalidEniId.NotFound", "not-found"],
  ["ClientError", 403, "Forbidden.RAM", "final"],
  ["ServerError", 503, "ServiceUnavailable", "transient"],
  ["ServerError", 500, "NeverSeenBefore", "transient"],
  ["ThrottlingError", 400, "Throttling.User", "throttled"],
])("%s, HTTP %d %s: %s", (name, statusCode, code, verdict) => {
  const thrown = Object.assign(new Error(`${code}: code: ${statusCode}, Sorry. request id: R-1`), {
    name,
    code,
    statusCode,
    requestId: "R-1",
    data: { Code: code, Message: "Sorry.", RequestId: "R-1" },
  });
  expect(translateError(action, thrown)).toMatchObject({
    message: `${action}: ${code}, HTTP ${statusCode}: Sorry (RequestId R-1)`,
    action,
    code,
    httpStatus: statusCode,
    requestId: "R-1",
    reason: "Sorry.",
    verdict,
    cause: thrown,
  });
});

test.each<[string, object]>([
  ["data", { data: undefined }],
  ["data, which is null", { data: null }],
  ["a message", { data: { Code: "Forbidden.RAM" } }],
  ["a message that is text", { data: { Message: { text: "Sorry" } } }],
])("an answer without %s: keeps code and verdict", (_what, fields) => {
  const thrown = { code: "Forbidden.RAM", statusCode: 403, requestId: 7, ...fields };
  expect(translateError(action, thrown)).toMatchObject({
    message: `${action}: Forbidden.RAM, HTTP 403: no message`,
    requestId: undefined,
    verdict: "final",
  });
});

test.each(["ReadTimeout(3000). POST http://x/ failed.", "ConnectTimeout: Connect http://x/ failed."])(
  "a time-out has an unknown outcome: %s",
  (message) => {
    const thrown = Object.assign(new Error(message), { name: "RequestTimeoutError" });
    expect(translateError(action, thrown)).toMatchObject({
      message: `${action}: CallTimeout: no answer in time`,
      verdict: "transient",
    });
  },
);

test("an answer that is not JSON: has an unknown outcome", () => {
  expect(translateError(action, new SyntaxError("Unexpected token '<'"))).toMatchObject({
    message: `${action}: UnreadableAnswer: the answer is not JSON`,
    httpStatus: undefined,
    verdict: "transient",
  });
});

test.each(["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EPROTO", "ETIMEDOUT"])(
  "%s: the message contains the code, not the URL",
  (code) => {
    const thrown = Object.assign(
      new Error(`connect ${code} POST https://ecs/?PrivateIpAddress.1=10.0.1.20`),
      {
        code,
      },
    );
    const { message, verdict } = translateError(action, thrown);
    expect(message).toBe(`${action}: ${code}: cannot connect, or the connection was lost`);
    expect(verdict).toBe("transient");
  },
);

test.each([
  [
    "another error of the SDK",
    new Error("type of networkInterfaceSet is mismatch, expect array, but object"),
  ],
  ["text", "text"],
  ["null", null],
  ["undefined", undefined],
  ["a number", 7],
  ["an object without fields", {}],
])("%s has an unknown outcome", (_what, thrown) => {
  expect(translateError(action, thrown)).toMatchObject({
    message: `${action}: UnexpectedAnswer: the answer is not what the API documents`,
    verdict: "transient",
    cause: thrown,
  });
});

test("an EcsError: is returned unchanged", () => {
  const error = callTimedOut(action);
  expect(translateError("Other", error)).toBe(error);
});
