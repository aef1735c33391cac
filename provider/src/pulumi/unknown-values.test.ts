import { isUnknown, unknownValue } from "./unknown-values";

test("an unknown value is what the engine writes for one", () => {
  expect(unknownValue).toBe("04da6b54-80e4-46f7-96ec-b56ff0331ba9");
});

test.each([
  ["itself", unknownValue],
  ["in a list", ["10.0.1.20", unknownValue]],
  ["in an object", { a: 1, b: unknownValue }],
  ["at any depth", [{ a: [null, { b: [unknownValue] }] }]],
])("is found %s", (_where, value) => {
  expect(isUnknown(value)).toBe(true);
});

test.each([
  undefined,
  null,
  0,
  false,
  "",
  "text",
  [],
  {},
  { [unknownValue]: 1 },
  `${unknownValue} `,
  [[], {}],
])("is not %j", (value) => {
  expect(isUnknown(value)).toBe(false);
});
