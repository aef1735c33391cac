import { Releases } from "./releases";

const [eni, other] = ["eni-a", "eni-b"];
const address = "10.0.1.20";

let releases: Releases;
beforeEach(() => {
  releases = new Releases();
});

test("what nobody has announced is not expected", () => {
  releases.begin(other).willUnassign([address]);
  expect(releases.expected(eni, address)).toBe(false);
});

test.each([
  ["the prefix around it", ["10.0.1.16/28"], "10.0.1.20"],
  ["an address within it", ["10.0.1.20"], "10.0.1.16/28"],
])("what is released may be %s", (_what, released, wanted) => {
  const operation = releases.begin(eni);
  operation.willUnassign(released);
  expect(releases.expected(eni, wanted)).toBe(true);
  expect(releases.expected("eni-b", wanted)).toBe(false);
  operation.end();
  releases.plan(eni, released, []);
  releases.begin("eni-b");
  expect(releases.expected(eni, wanted)).toBe(true);
  expect(releases.expected(eni, "10.0.1.40")).toBe(false);
});

test("what an operation under way unassigns is expected until it ends, even while that one waits itself", () => {
  const operation = releases.begin(eni);
  operation.willUnassign([address]);
  operation.waits(true);
  expect(releases.expected(eni, address)).toBe(true);
  expect(releases.expected(eni, "10.0.1.21")).toBe(false);
  operation.end();
  expect(releases.expected(eni, address)).toBe(false);
});

test("what check has found is planned: held, and not wanted", () => {
  releases.plan(eni, [address, "10.0.1.21"], ["10.0.1.21"]);
  expect(releases.planned(eni, address)).toBe(true);
  expect(releases.planned(eni, "10.0.1.21")).toBe(false);
  expect(releases.planned(other, address)).toBe(false);
});

test("what check has found is expected while any operation is at work, and not when all of them wait", () => {
  releases.plan(eni, [address], []);
  const [waiting, working] = [releases.begin(other), releases.begin("eni-c")];
  waiting.waits(true);
  expect(releases.expected(eni, address)).toBe(true);
  working.waits(true);
  expect(releases.expected(eni, address)).toBe(false);
  working.waits(false);
  working.end();
  expect(releases.expected(eni, address)).toBe(false);
});

test("what an operation had announced is no longer planned when it has ended, what another one plans is", () => {
  const later = "10.0.1.21";
  releases.plan(eni, [address], []);
  releases.plan(eni, [later], []);
  releases.begin(other);
  const operation = releases.begin(eni);
  operation.willUnassign([address]);
  operation.end();
  expect(releases.expected(eni, address)).toBe(false);
  expect(releases.expected(eni, later)).toBe(true);
});
