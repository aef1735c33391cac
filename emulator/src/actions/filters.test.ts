import fc from "fast-check";
import { wildcard } from "./filters";

test.each([
  ["*", "", true],
  ["*", "anything", true],
  ["a*", "ab", true],
  ["a*", "ba", false],
  ["*a", "ba", true],
  ["a*b*c", "a-b-c", true],
  ["a*b*c", "a-c-b", false],
  ["a*a", "a", false],
  ["a**a", "aa", true],
  ["a.b", "axb", false],
  ["a", "A", false],
])("wildcard: %j and %j: %j", (pattern, text, matches) => {
  expect(wildcard(pattern)(text)).toBe(matches);
});

test("wildcard: matches what a regular expression matches", () => {
  const characters = fc.string({ unit: fc.constantFrom("a", "b", "*", "\n"), maxLength: 8 });
  fc.assert(
    fc.property(characters, characters, (pattern, text) => {
      const expression = new RegExp(`^${pattern.replaceAll("*", ".*")}$`, "s");
      expect(wildcard(pattern)(text)).toBe(expression.test(text));
    }),
  );
});

test("wildcard: a pattern with many asterisks is decided at once", () => {
  expect(wildcard(`${"*a".repeat(60)}b`)("a".repeat(128))).toBe(false);
});
