import fc from "fast-check";
import { ascending, scattered } from "./pick-order";

test("ascending goes from the lowest place up", () => {
  expect([...ascending(4)]).toEqual([0, 1, 2, 3]);
  expect([...ascending(0)]).toEqual([]);
});

test("scattered visits each place once, and the same key gives the same order", () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(1000), (key, places) => {
      const order = [...scattered(key)(places)];
      expect([...order].sort((a, b) => a - b)).toEqual([...ascending(places)]);
      expect([...scattered(key)(places)]).toEqual(order);
    }),
    { seed: 1 },
  );
});

test("scattered leaves no neighbours side by side in a vSwitch of usual size", () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 100, max: 5000 }), (key, places) => {
      const order = [...scattered(key)(places)];
      const steps = order.slice(1).map((place, index) => Math.abs(place - (order[index] ?? 0)));
      expect(Math.min(...steps)).toBeGreaterThan(places / 10);
    }),
    { seed: 1 },
  );
});
