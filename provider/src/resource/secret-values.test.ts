import { SecretValues } from "./secret-values";

let secrets: SecretValues;
beforeEach(() => {
  secrets = new SecretValues();
  const properties = {
    networkInterfaceId: "eni-x",
    privateIpAddresses: ["10.0.1.2", "10.0.1.3"],
    ipv4Prefixes: ["10.0.1.16/28"],
    secondaryPrivateIpAddressCount: 7,
    ownership: "exclusive",
    unassignOnCreate: ["10.0.1.9"],
    region: "cn-hangzhou",
  };
  const { unassignOnCreate: _plain, ...others } = properties;
  secrets.learn(properties, Object.keys(others));
});

test.each([
  [
    "one address",
    "an EIP is bound to 10.0.1.2, which leaves",
    "an EIP is bound to 1 secret address, which leaves",
  ],
  ["a list", "10.0.1.2, 10.0.1.3 was unassigned", "2 secret addresses was unassigned"],
  ["a list in JSON", 'unassignOnCreate: ["10.0.1.2","10.0.1.3"]', "unassignOnCreate: [2 secret addresses]"],
  ["a mixed list", "10.0.1.2, 10.0.1.9, 10.0.1.3", "1 secret address, 10.0.1.9, 1 secret address"],
  ["the end of a sentence", "it holds 10.0.1.3.", "it holds 1 secret address."],
  ["a prefix", "10.0.1.16/28 contains it", "1 secret prefix contains it"],
  ["ids", "ENI eni-x, region cn-hangzhou", "ENI [secret], region [secret]"],
])("mask: %s", (_what, text, masked) => {
  expect(secrets.mask(text)).toBe(masked);
});

test.each(["10.0.1.20", "110.0.1.2", "10.10.0.1.2", "10.0.1.2.1", "eni-xy", "7 exclusive", "10.0.1.9"])(
  "mask: %s is another value and stays",
  (text) => {
    expect(secrets.mask(text)).toBe(text);
  },
);

test("has: only values of the named properties", () => {
  expect(["10.0.1.2", "10.0.1.16/28", "10.0.1.9"].map((one) => secrets.has(one))).toEqual([
    true,
    true,
    false,
  ]);
});

test("mask: nothing is secret, the text stays", () => {
  expect(new SecretValues().mask("10.0.1.2")).toBe("10.0.1.2");
});
