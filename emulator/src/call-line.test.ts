import { callLine } from "./call-line";

const call = {
  seq: 7,
  atMs: Date.UTC(2026, 0, 2, 12, 0, 0, 5),
  action: "AssignPrivateIpAddresses",
  params: { NetworkInterfaceId: "eni-1", "PrivateIpAddress.1": "10.0.0.20" },
  status: null,
  code: null,
  requestId: "R",
};
const asked =
  "12:00:00.005 #7 AssignPrivateIpAddresses NetworkInterfaceId=eni-1 PrivateIpAddress.1=10.0.0.20";

test.each([
  ["that has arrived", {}, asked],
  ["with a success", { status: 200 }, `${asked} -> 200`],
  ["with an error", { status: 403, code: "InvalidIp.IpAssigned" }, `${asked} -> 403 InvalidIp.IpAssigned`],
  ["without an action", { action: null, params: {} }, "12:00:00.005 #7 (no action)"],
])("line of a call %s", (_what, change, line) => {
  expect(callLine({ ...call, ...change })).toBe(line);
});

test("line of a call: control characters of a client are escaped", () => {
  const params = { Name: "a\nb\u001b[2J\u2028c\u202ed" };
  expect(callLine({ ...call, params })).toContain("Name=a\\u000ab\\u001b[2J\\u2028c\\u202ed");
});

test("line of a call: long parameters are cut", () => {
  const line = callLine({ ...call, params: { UserData: "x".repeat(100_000) }, status: 200 });
  expect(line.length).toBeLessThan(600);
  expect(line).toMatch(/x… -> 200$/);
});
