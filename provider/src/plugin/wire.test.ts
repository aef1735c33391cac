import { unknownValue } from "../resource/inputs";
import { plainProperties, structOf, wireValues } from "./wire";

const key = "4dabf18193072939515e22adb298388d";
const secret = (value: unknown) => ({ [key]: "1b47061264138c4ac30d75fd1eb44270", value });
const output = (more: object) => ({ [key]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", ...more });
const resource = (id: unknown) => ({ [key]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "urn:pulumi:a", id });

test.each<[string, unknown, unknown, boolean]>([
  ["a plain value", "10.0.1.20", "10.0.1.20", false],
  ["null", null, null, false],
  ["a secret", secret("10.0.1.20"), "10.0.1.20", true],
  ["a secret list", secret(["10.0.1.20"]), ["10.0.1.20"], true],
  ["a list with a secret entry", ["10.0.1.20", secret("10.0.1.21")], ["10.0.1.20", "10.0.1.21"], true],
  ["an object with a secret in it", { a: { b: secret(1) } }, { a: { b: 1 } }, true],
  ["a secret in a secret", secret(secret(1)), 1, true],
  ["an unknown string", unknownValue, unknownValue, false],
  ["an unknown number", "3eeb2bf0-c639-47a8-9e75-3b44932eb421", unknownValue, false],
  ["an unknown list", "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", unknownValue, false],
  ["a list with an unknown entry", ["10.0.1.20", unknownValue], ["10.0.1.20", unknownValue], false],
  ["a secret that is not known yet", secret(unknownValue), unknownValue, true],
  ["a known output", output({ value: "eni-1", dependencies: [] }), "eni-1", false],
  ["an output that is not known yet", output({}), unknownValue, false],
  ["a secret output that is not known yet", output({ secret: true }), unknownValue, true],
  ["a resource, which stands for its id", resource("eni-1"), "eni-1", false],
  ["a resource that is not created yet", resource(""), unknownValue, false],
  ["a resource whose id is not known yet", resource(unknownValue), unknownValue, false],
])("reads %s", (_what, wire, value, isSecret) => {
  const read = plainProperties(wireValues(structOf({ one: wire, two: true })));
  expect(read).toEqual({ values: { one: value, two: true }, secretNames: isSecret ? ["one"] : [] });
});

test("no message is no properties, an undefined value is left out", () => {
  expect(wireValues(undefined)).toEqual({});
  expect(wireValues(structOf({ one: undefined, two: 2 }))).toEqual({ two: 2 });
});
