import { CallLog } from "./call-log";

const call = (params: Record<string, string> = {}) => ({
  atMs: 0,
  action: "DescribeNetworkInterfaces",
  params,
  requestId: "r",
});

test("a full log drops the oldest call, counts it, and goes on with the numbers", () => {
  const log = new CallLog(2);
  for (let index = 0; index < 5; index++) log.enter(call());
  expect(log.list().map(({ seq }) => seq)).toEqual([4, 5]);
  expect(log.dropped).toBe(3);
  log.clear();
  log.enter(call());
  expect([log.list().map(({ seq }) => seq), log.dropped]).toEqual([[6], 0]);
});

test("parameters: short and few before the signature was checked, long and many after", () => {
  const log = new CallLog();
  const params = { Name: "n".repeat(5000), Short: "s", ...numbered(600) };
  const entered = log.enter(call(params));
  expect(log.list()[0]?.params).toMatchObject({
    Name: `${"n".repeat(100)}… (5000 characters)`,
    Short: "s",
    "…": "582 more parameters",
  });
  log.authenticated(entered, params);
  expect(log.list()[0]?.params).toMatchObject({
    Name: `${"n".repeat(4096)}… (5000 characters)`,
    "…": "102 more parameters",
  });
});

test("parameters: many long ones are left out together", () => {
  const log = new CallLog();
  const params = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [`Name.${index + 1}`, "n".repeat(4096)]),
  );
  log.authenticated(log.enter(call(params)), params);
  const kept = log.list()[0]?.params ?? {};
  expect(Object.keys(kept)).toHaveLength(9);
  expect(kept["…"]).toBe("92 more parameters");
});

test("a dropped call that is answered later is not entered again", () => {
  const log = new CallLog(1);
  const first = log.enter(call());
  log.enter(call());
  log.authenticated(first, { A: "b" });
  log.complete(first, 200, null);
  expect(log.list().map(({ seq, status }) => [seq, status])).toEqual([[2, null]]);
});

function numbered(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`Id.${index + 1}`, "x"]));
}
