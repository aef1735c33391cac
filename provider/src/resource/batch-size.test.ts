import { BatchSize, defaultBatchSize } from "./batch-size";

test("begins with what every generation of the API takes", () => {
  expect(new BatchSize().current).toBe(defaultBatchSize);
  expect(defaultBatchSize).toBe(10);
  expect(new BatchSize(50).current).toBe(50);
});

test("a size that was found to work is kept", () => {
  const batchSize = new BatchSize(50);
  batchSize.learn(3);
  expect(batchSize.current).toBe(3);
});

test("what a slower operation learnt later does not raise the size again", () => {
  const batchSize = new BatchSize(50);
  batchSize.learn(2);
  batchSize.learn(25);
  expect(batchSize.current).toBe(2);
});
