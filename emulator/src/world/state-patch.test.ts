import { mergePatch } from "./state-patch";

/** What becomes of one ENI by a patch of it. */
function patched(eni: object, change: object): unknown {
  const id = { NetworkInterfaceId: "eni-1" };
  const merged = mergePatch({ networkInterfaces: [{ ...id, ...change }] }, () => ({ ...id, ...eni }));
  const [{ NetworkInterfaceId: _id, ...rest }] = merged.networkInterfaces as [{ NetworkInterfaceId: string }];
  return rest;
}

// The cases of RFC 7396, appendix A, that concern objects.
test.each([
  ["a field is replaced", { a: "b" }, { a: "c" }, { a: "c" }],
  ["a field is added", { a: "b" }, { b: "c" }, { a: "b", b: "c" }],
  ["null removes a field", { a: "b", b: "c" }, { a: null }, { b: "c" }],
  ["null of an absent field has no effect", {}, { a: null }, {}],
  ["objects merge", { a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
  ["a list is replaced", { a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
  ["an object replaces a list", { a: [1] }, { a: { b: null, c: "d" } }, { a: { c: "d" } }],
  ["a new object keeps no null", {}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])("%s", (_, eni, change, expected) => {
  expect(patched(eni, change)).toEqual(expected);
});
