import { nearest } from "./strict-object";

test.each([
  ["Staus", "Status"],
  ["status", "Status"],
  ["private_ip_address", "PrivateIpAddress"],
  ["Colour", undefined],
  ["", undefined],
])("the name nearest to %j is %j", (name, expected) => {
  expect(nearest(name, ["NetworkInterfaceId", "PrivateIpAddress", "Status", "StatusTransition"])).toBe(
    expected,
  );
});

test("there is none where nothing is allowed", () => {
  expect(nearest("Status", [])).toBeUndefined();
});
