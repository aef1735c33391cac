import { Deadline } from "../shared/deadline";
import { BatchSize, defaultBatchSize, EniLocks } from "./context";
import { OperationError } from "./operation-error";

let locks: EniLocks;
let log: string[];
beforeEach(() => {
  locks = new EniLocks();
  log = [];
});

const patient = () => Deadline.after(60_000);
/** Runs everything that waits for promises only. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Acquires the lock, and logs that. Resolves with the function that unlocks. */
async function acquire(name: string, networkInterfaceId = "eni-a", deadline = patient()) {
  const unlock = await locks.acquire(networkInterfaceId, deadline);
  log.push(name);
  return unlock;
}

test("operations on one ENI: one after another, in the order in which they asked", async () => {
  const [first, second, third] = [acquire("first"), acquire("second"), acquire("third")];
  await settle();
  expect(log).toEqual(["first"]);
  (await first)();
  await settle();
  expect(log).toEqual(["first", "second"]);
  (await second)();
  await third;
  expect(log).toEqual(["first", "second", "third"]);
});

test("operations on different ENIs: neither waits for the other", async () => {
  await acquire("first");
  await acquire("second", "eni-b");
  expect(log).toEqual(["first", "second"]);
});

test("an operation that unlocks twice: the lock of the next one holds", async () => {
  const unlockFirst = await acquire("first");
  const second = acquire("second");
  const third = acquire("third");
  unlockFirst();
  unlockFirst();
  await second;
  await settle();
  expect(log).toEqual(["first", "second"]);
  (await second)();
  await third;
});

test("an operation that waits for a repeated call of another one: fails with the reason of the repetition", async () => {
  const holder = patient();
  await acquire("long", "eni-a", holder);
  const attempts = holder.beginAttempts();
  attempts.failed(new Error("DescribeNetworkInterfaces: Throttling.User"));
  await expect(acquire("late", "eni-a", Deadline.after(1))).rejects.toThrow(
    "another operation on eni-a did not end within 0 s, because of DescribeNetworkInterfaces: Throttling.User; raise",
  );
  attempts.end();
  await expect(acquire("late", "eni-a", Deadline.after(1))).rejects.toThrow(
    "within 0 s; raise customTimeouts",
  );
});

test("an operation that waits until its deadline: fails with a remedy, and the next one gets the lock", async () => {
  const unlock = await acquire("long");
  const late = acquire("late", "eni-a", Deadline.after(1));
  const next = acquire("next");
  await expect(late).rejects.toThrow(OperationError);
  await expect(late).rejects.toThrow(
    /another operation on eni-a did not end within 0 s; raise customTimeouts, or use one resource/,
  );
  unlock();
  (await next)();
  await settle();
  expect(log).toEqual(["long", "next"]);
});

test("a deadline that is over: a free ENI is locked all the same", async () => {
  await acquire("done", "eni-a", Deadline.after(0));
  expect(log).toEqual(["done"]);
});

test("the batch size: every version of the documentation accepts the default", () => {
  expect(new BatchSize().current).toBe(defaultBatchSize);
  expect(defaultBatchSize).toBe(10);
  expect(new BatchSize(50).current).toBe(50);
});

test("the batch size: a learnt size stays", () => {
  const batchSize = new BatchSize(50);
  batchSize.learn(3);
  expect(batchSize.current).toBe(3);
});

test("the batch size: a larger size learnt later does not raise it", () => {
  const batchSize = new BatchSize(50);
  batchSize.learn(2);
  batchSize.learn(25);
  expect(batchSize.current).toBe(2);
});
