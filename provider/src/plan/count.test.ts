import fc from "fast-check";
import { byAge, resolveCount } from "./count";

/** Addresses 10.0.1.<host>. */
const at = (...hosts: number[]) => hosts.map((host) => `10.0.1.${host}`);

test.each([
  { what: "nothing is known", addresses: at(30, 9, 20), known: [], ordered: at(9, 20, 30) },
  { what: "all is known", addresses: at(9, 20, 30), known: at(30, 9, 20), ordered: at(30, 9, 20) },
  { what: "newcomers follow", addresses: at(5, 9, 30, 20), known: at(30, 9), ordered: at(30, 9, 5, 20) },
  { what: "what is gone is left out", addresses: at(9), known: at(30, 9), ordered: at(9) },
])("by age: $what", ({ addresses, known, ordered }) => {
  expect(byAge(addresses, known)).toEqual(ordered);
});

const resolve = (of: number, present: string[], mayGo = present, oldestFirst: string[] = []) =>
  resolveCount({ of, oldestFirst }, present, { mayGo, mustStay: [] });

test.each([
  { what: "none wanted, none there", of: 0, present: at(), kept: at(), pick: 0 },
  { what: "none there", of: 3, present: at(), kept: at(), pick: 3 },
  { what: "some there", of: 3, present: at(20), kept: at(20), pick: 2 },
  { what: "as many there as wanted", of: 2, present: at(20, 9), kept: at(9, 20), pick: 0 },
])("$what: what is there stays, the cloud picks $pick", ({ of, present, kept, pick }) => {
  expect(resolve(of, present)).toEqual({ kept, pick, surplus: [] });
});

test("too many: the newest go, of unknown age the highest", () => {
  expect(resolve(1, at(20, 21, 22), undefined, at(22))).toEqual({ kept: at(22), pick: 0, surplus: [] });
  expect(resolve(1, at(20, 21, 22))).toEqual({ kept: at(20), pick: 0, surplus: [] });
});

test("what may not go stays, and others go in its place", () => {
  expect(resolve(1, at(20, 21, 22), at(20, 21))).toEqual({ kept: at(22), pick: 0, surplus: [] });
});

test("what would have to go and may not is named, the newest of it", () => {
  expect(resolve(1, at(20, 21, 22), at(20))).toEqual({ kept: at(21, 22), pick: 0, surplus: at(22) });
});

test("what could not go at all is named last", () => {
  const { surplus } = resolveCount({ of: 1, oldestFirst: [] }, at(20, 21, 22), {
    mayGo: [],
    mustStay: at(22),
  });
  expect(surplus).toEqual(at(20, 21));
});

test("whatever is there: the count is reached, or what stands in its way is named", () => {
  const pool = Array.from({ length: 12 }, (_unused, index) => `10.0.1.${index + 20}`);
  fc.assert(
    fc.property(
      fc.nat({ max: 14 }),
      fc.subarray(pool),
      fc.subarray(pool),
      fc.shuffledSubarray(pool),
      (of, present, mayGo, oldestFirst) => {
        const { kept, pick, surplus } = resolveCount({ of, oldestFirst }, present, { mayGo, mustStay: [] });
        expect(kept.length + pick - surplus.length).toBe(of);
        for (const address of present) expect(kept.includes(address) || mayGo.includes(address)).toBe(true);
        if (pick > 0) expect([...kept].sort()).toEqual([...present].sort());
      },
    ),
  );
});
