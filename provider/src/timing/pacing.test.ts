import { pacingTimes } from "./pacing";

test("one factor shortens every wait", () => {
  const [full, tenth] = [pacingTimes(1), pacingTimes(0.1)];
  expect(Object.keys(tenth)).toEqual(Object.keys(full));
  for (const [key, ms] of Object.entries(full)) expect(tenth[key as keyof typeof full]).toBeCloseTo(ms / 10);
});
