import { OperationError } from "./operation-error";
import { Deadline } from "../shared/deadline";
import { EniLocks } from "./eni-locks";

let locks: EniLocks;
let log: string[];
beforeEach(() => {
  locks = new EniLocks();
  log = [];
});

/** An operation that logs its start and its end, and ends when it is told. */
function operation(name: string) {
  let end!: () => void;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const run = async () => {
    log.push(`${name} starts`);
    await ended;
    log.push(`${name} ends`);
    return name;
  };
  return { run, end };
}

const patient = () => Deadline.after(60_000);
/** Lets everything run that waits for nothing but promises. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test("operations on one ENI follow one another, in the order in which they came", async () => {
  const [first, second, third] = [operation("first"), operation("second"), operation("third")];
  const all = [first, second, third].map(({ run }) => locks.run("eni-a", patient(), run));
  third.end();
  second.end();
  await settle();
  expect(log).toEqual(["first starts"]);
  first.end();
  await expect(Promise.all(all)).resolves.toEqual(["first", "second", "third"]);
  expect(log).toEqual([
    "first starts",
    "first ends",
    "second starts",
    "second ends",
    "third starts",
    "third ends",
  ]);
});

test("operations on different ENIs do not wait for each other", async () => {
  const [first, second] = [operation("first"), operation("second")];
  const running = locks.run("eni-a", patient(), first.run);
  const other = locks.run("eni-b", patient(), second.run);
  second.end();
  await expect(other).resolves.toBe("second");
  expect(log).toEqual(["first starts", "second starts", "second ends"]);
  first.end();
  await running;
});

test("an operation that fails lets the next one run", async () => {
  const failing = locks.run("eni-a", patient(), () => Promise.reject(new Error("own failure")));
  const next = locks.run("eni-a", patient(), () => Promise.resolve("next"));
  await expect(failing).rejects.toThrow("own failure");
  await expect(next).resolves.toBe("next");
});

test("who waits in vain is told so, never runs, and keeps nobody else from running", async () => {
  const [long, late, patientOne] = [operation("long"), operation("late"), operation("patient")];
  const running = locks.run("eni-a", patient(), long.run);
  const inVain = locks.run("eni-a", Deadline.after(1), late.run);
  const afterwards = locks.run("eni-a", patient(), patientOne.run);
  await expect(inVain).rejects.toThrow(OperationError);
  await expect(inVain).rejects.toThrow(/another operation on eni-a did not end within .*customTimeouts/);
  long.end();
  patientOne.end();
  await expect(Promise.all([running, afterwards])).resolves.toEqual(["long", "patient"]);
  expect(log).not.toContain("late starts");
});

test("a deadline that is over does not keep a free ENI from being taken", async () => {
  await expect(locks.run("eni-a", Deadline.after(0), () => Promise.resolve("done"))).resolves.toBe("done");
});
