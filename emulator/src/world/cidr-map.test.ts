import fc from "fast-check";
import { overlap } from "./addresses";
import type { Block } from "./addresses";
import { CidrMap } from "./cidr-map";

const block = fc
  .record({ number: fc.nat(1023), prefixLength: fc.integer({ min: 22, max: 32 }) })
  .map(({ number, prefixLength }): Block => {
    const size = 2 ** (32 - prefixLength);
    const first = Math.floor(number / size) * size;
    return { text: `${first}/${prefixLength}`, first, last: first + size - 1, prefixLength };
  });

test("a CIDR map finds a block that overlaps, and the block of an address, after any additions and removals", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(block, fc.boolean())), fc.array(block), (changes, asked) => {
      const map = new CidrMap<string>();
      const blocks = new Map<string, Block>();
      for (const [one, isAdded] of changes) {
        if (isAdded && ![...blocks.values()].some((other) => overlap(other, one))) {
          map.set(one, one.text);
          blocks.set(one.text, one);
        }
        if (!isAdded && blocks.delete(one.text)) map.delete(one);
      }
      for (const one of asked) {
        const overlapping = [...blocks.values()].filter((other) => overlap(other, one));
        expect(map.overlaps(one)).toBe(overlapping.length > 0);
        const found = map.overlapping(one);
        expect(found === undefined ? [] : [found]).toEqual(
          overlapping.map(({ text }) => text).filter((text) => text === found),
        );
        const containing = overlapping.find(({ first, last }) => first <= one.first && one.first <= last);
        expect(map.containing(one.first)).toBe(containing?.text);
      }
    }),
    { seed: 1 },
  );
});
