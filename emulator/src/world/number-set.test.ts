import fc from "fast-check";
import { NumberSet } from "./number-set";

const number = fc.integer({ min: 4000, max: 13_000 });
const change = fc.record({ isAdded: fc.boolean(), first: number, length: fc.nat(5000) });

test("a number set is the set of the numbers that were added and not removed", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 12 }), fc.array(number), (changes, asked) => {
      const [set, expected] = [new NumberSet(), new Set<number>()];
      for (const { isAdded, first, length } of changes) {
        if (isAdded) set.add(first, first + length);
        else set.delete(first, first + length);
        for (let one = first; one <= first + length; one++)
          if (isAdded) expected.add(one);
          else expected.delete(one);
      }
      expect(set.size).toBe(expected.size);
      for (const one of asked) {
        let missing = one;
        while (expected.has(missing)) missing++;
        const isNear = [0, 1, 2, 3].some((offset) => expected.has(one + offset));
        expect([set.has(one), set.firstMissing(one), set.hasAny(one, one + 3)]).toEqual([
          expected.has(one),
          missing,
          isNear,
        ]);
      }
    }),
    { seed: 1 },
  );
});
