import { EcsError } from "../ecs/ecs-error";
import { explainRefusal } from "./key-refusals";

const now = Date.parse("2026-11-29T10:00:00.000Z");
const explained = (code: string, serverDate?: string) =>
  explainRefusal(
    new EcsError({
      action: "DescribeNetworkInterfaces",
      code,
      httpStatus: 400,
      requestId: undefined,
      verdict: "final",
      reason: "Refused.",
    }),
    serverDate,
    "the keys come from the test",
    now,
  );

test.each([
  "InvalidAccessKeyId.NotFound",
  "InvalidAccessKeyId.Inactive",
  "SignatureDoesNotMatch",
  "IncompleteSignature",
  "InvalidSecurityToken.Expired",
  "InvalidSecurityToken.Malformed",
  "SecurityTokenExpired",
])("%s: the reason says where the keys come from", (code) => {
  expect(explained(code)).toBe("Refused; correct or renew them: the keys come from the test");
});

test.each([
  ["Sun, 29 Nov 2026 10:20:00 GMT", ", 1200 s behind the server's"],
  ["Sun, 29 Nov 2026 09:59:00 GMT", ", 60 s ahead of the server's"],
  ["Sun, 29 Nov 2026 10:00:02 GMT", ""],
  ["no date", ""],
  [undefined, ""],
])("IllegalTimestamp with the server's date %s: the reason names the clock", (date, skew) => {
  for (const code of ["InvalidTimeStamp.Expired", "IllegalTimestamp"]) {
    expect(explained(code, date)).toBe(
      `Refused; the clock of this machine says 2026-11-29T10:00:00.000Z${skew}: set it, for example with NTP, and run the ` +
        "command again",
    );
  }
});

test("another refusal: stays as it is", () => {
  expect(explained("Forbidden.RAM")).toBe("Refused.");
});
