import { BatchSize, defaultBatchSize } from "./batch-size";

test("begins with what every generation of the API takes", () => {
  expect(new BatchSize().current).toBe(defaultBatchSize);
  expect(defaultBatchSize).toBe(10);
  expect(new BatchSize(50).current).toBe(50);
});

test("a size that was refused is halved, as often as it takes, down to single addresses", () => {
  const batchSize = new BatchSize(10);
  const sizes = [10, 5, 2].map((refused) => [batchSize.refused(refused), batchSize.current]);
  expect(sizes).toEqual([
    [true, 5],
    [true, 2],
    [true, 1],
  ]);
});

test("a single address that was refused was not refused for its number", () => {
  const batchSize = new BatchSize(10);
  expect(batchSize.refused(1)).toBe(false);
  expect(batchSize.refused(0)).toBe(false);
  expect(batchSize.current).toBe(10);
});

test("what counts is how many addresses the request had", () => {
  const batchSize = new BatchSize(50);
  batchSize.refused(7);
  expect(batchSize.current).toBe(3);
});

test("a late refusal of a larger request does not raise the size again", () => {
  const batchSize = new BatchSize(50);
  batchSize.refused(4);
  expect(batchSize.refused(50)).toBe(true);
  expect(batchSize.current).toBe(2);
});
