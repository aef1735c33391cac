import { callTimedOut, EcsError } from "../ecs/ecs-error";
import { EniReader } from "../ecs/eni-reader";
import { AccountReader, QuotaReader, VSwitchReader } from "../ecs/optional-facts";
import type { AddressChange, EcsPort, InstanceQuery, WriteOptions } from "../ecs/port";
import { verdictOf } from "../ecs/verdict";
import { Deadline } from "../shared/deadline";
import { pacingTimes } from "../shared/retry";
import { networkInterface } from "../../../test/support/network-interface";
import { range } from "../../../test/support/plans";
import { situationOf } from "../../../test/support/situation";
import { BatchSize } from "./context";
import { EniLocks } from "./context";
import { Ledger } from "./ledger";
import { runOperation } from "./operation";
import { eniStatusRule } from "./statuses";

const [a, b] = ["10.0.1.20", "10.0.1.21"] as const;

let ledger: Ledger;
let locks: EniLocks;
let held: string[];
/** The tokens of the assigns that were sent, and the addresses of the unassigns. */
let tokens: string[];
let unassigned: (readonly string[])[];
/** What the next assigns fail with, before they have an effect. */
let failures: Error[];
/** Runs before the first request of an operation leaves. */
let beforeFirstCall: () => void;
/** Why the API refuses a request that adds or removes these; it does nothing of it then. */
let refusalOf: (change: AddressChange) => Error | undefined;
/** Each request: what it adds or removes. */
let requests: string[];
let batchSize: BatchSize;
let instanceId: string;
beforeEach(() => {
  [ledger, locks, held, tokens, unassigned, failures] = [new Ledger(), new EniLocks(), [], [], [], []];
  beforeFirstCall = () => undefined;
  refusalOf = () => undefined;
  [requests, batchSize, instanceId] = [[], new BatchSize(10), "i-1"];
});

/** The calls that an operation makes on an ENI with a secondary address or more. */
const ecs = {
  describeNetworkInterfaces: () =>
    Promise.resolve({
      networkInterfaces: [networkInterface({ secondaryIpAddresses: held, instanceId })],
      nextToken: undefined,
    }),
  assignPrivateIpAddresses: async (
    _id: string,
    change: AddressChange,
    token: string,
    options: WriteOptions,
  ) => {
    await beforeSending(options);
    tokens.push(token);
    const failure = failures.shift() ?? refusalOf(change);
    requests.push(`+${change.addresses.length}${failure === undefined ? "" : " refused"}`);
    if (failure !== undefined) throw failure;
    held = [...held, ...change.addresses];
    return change.addresses;
  },
  unassignPrivateIpAddresses: async (_id: string, change: AddressChange, options: WriteOptions) => {
    await beforeSending(options);
    const { addresses } = change;
    const failure = refusalOf(change);
    requests.push(`-${addresses.length}${failure === undefined ? "" : " refused"}`);
    if (failure !== undefined) throw failure;
    unassigned.push(addresses);
    held = held.filter((one) => !addresses.includes(one));
  },
  findHolders: () => Promise.resolve([]),
  describeVSwitches: () => Promise.resolve([]),
  describeInstanceTypesOf: (query: InstanceQuery) =>
    Promise.resolve({
      instances: "ids" in query ? query.ids.map((id) => ({ id, type: `type of ${id}` })) : [],
      nextToken: undefined,
    }),
  describeEniAddressQuota: (type: string) => Promise.resolve(type === "type of i-1" ? 20 : 12),
} as Partial<EcsPort> as EcsPort;

async function beforeSending(options: WriteOptions) {
  beforeFirstCall();
  await options.beforeSending();
}

/** Runs an operation that wants the first address or these, and owns what is given. */
function run(owned: readonly string[] = [], wanted: readonly string[] = [a]) {
  const pacing = pacingTimes(0.001);
  const task = {
    networkInterfaceId: "eni-x",
    identity: "edge",
    goal: { ...situationOf().goal, wanted, owned },
    recorded: owned,
    deadline: Deadline.after(5_000),
    claimed: () => ledger.claimedOn("eni-x"),
    mayBeNew: false,
    statusRule: eniStatusRule,
    assertAlive: () => Promise.resolve(),
    say: () => undefined,
  };
  const region = {
    name: "cn-hangzhou",
    ecs,
    reader: new EniReader(ecs, pacing),
    vSwitches: new VSwitchReader(ecs, () => undefined),
    quotas: new QuotaReader(ecs, () => undefined),
    account: new AccountReader(ecs, pacing.evidenceMs),
    missingEniIsGone: false,
    batchSize,
    pacing,
    random: () => 0,
  };
  return runOperation(task, region, ledger, locks);
}

const refusal = new EcsError({
  action: "AssignPrivateIpAddresses",
  code: "AnyCode",
  httpStatus: 403,
  requestId: undefined,
  verdict: "final",
  reason: "any",
});

test("ClientTokens: the API takes them, and another operation has other ones", async () => {
  await run();
  held = [];
  await run();
  expect(tokens).toHaveLength(2);
  expect(new Set(tokens).size).toBe(2);
  for (const token of tokens) expect(token).toMatch(/^[\x21-\x7e]{1,64}$/);
});

test("an assign whose answer is lost: is repeated with its token", async () => {
  failures = [callTimedOut("AssignPrivateIpAddresses")];
  await expect(run()).resolves.toMatchObject({ failure: undefined, wrote: true });
  expect(tokens).toHaveLength(2);
  expect(new Set(tokens).size).toBe(1);
});

test("an operation that fails: the next one on the same ENI runs", async () => {
  failures = [refusal];
  const [first, second] = await Promise.all([run(), run()]);
  expect(first).toMatchObject({ failure: { message: refusal.message } });
  expect(second).toMatchObject({ failure: undefined, eni: { secondaryIpAddresses: [a] } });
});

test("another resource claims an address after the plan: it is not unassigned", async () => {
  held = [a, b];
  beforeFirstCall = () => {
    ledger.claim("eni-x", "core", [b]);
  };
  await expect(run([b])).resolves.toMatchObject({ failure: undefined, wrote: false });
  expect(unassigned).toEqual([]);
  expect(ledger.lostFrom("eni-x")).toEqual([]);
});

test("an unassign: the ledger records the lost address and expects no release afterwards", async () => {
  held = [a, b];
  await run([b]);
  expect(unassigned).toEqual([[b]]);
  expect(ledger.lostFrom("eni-x")).toEqual([b]);
  expect(ledger.isReleaseExpected("eni-x", b)).toBe(false);
});

describe("a request that the API refuses because of one address", () => {
  const errorOf = (action: string, code: string) =>
    new EcsError({
      action,
      code,
      httpStatus: 403,
      requestId: undefined,
      verdict: verdictOf(code, 403),
      reason: "any",
    });
  const bad = "10.0.1.33";
  const twenty = range(20, 20);
  const rest = twenty.filter((one) => one !== bad);
  const refuseBad = (action: string, code: string) => (change: AddressChange) =>
    change.addresses.includes(bad) ? errorOf(action, code) : undefined;

  test.each([
    "InvalidIp.IpAssigned",
    "InvalidPrivateIpAddress.Duplicated",
    "InvalidVSwitchId.IpInvalid",
    "InvalidParameter",
  ])("%s: all the others are assigned, it is named, and the requests stay few", async (code) => {
    refusalOf = refuseBad("AssignPrivateIpAddresses", code);
    const outcome = await run([], twenty);
    expect(held.sort()).toEqual(rest);
    expect(outcome.failure?.message).toContain(bad);
    expect(outcome.failure?.message).not.toContain("10.0.1.32");
    // Two without the bad one, one repetition, and 2·log2(10) more.
    const last = requests.findLastIndex((one) => !one.endsWith("refused"));
    expect(requests.slice(0, last + 1).length).toBeLessThanOrEqual(2 + 1 + 2 * 4);
    expect(requests.filter((one) => one === "+1").length).toBeLessThanOrEqual(1);
    expect(batchSize.current).toBe(10);
  });

  test("InvalidIp.IpUnassigned: all the others are unassigned, and it is named", async () => {
    held = [...twenty];
    refusalOf = refuseBad("UnassignPrivateIpAddresses", "InvalidIp.IpUnassigned");
    const outcome = await run(twenty, []);
    expect(held).toEqual([bad]);
    expect(outcome.failure?.message).toMatch(/^10\.0\.1\.33 is unassigned by the API's answer/);
  });

  test("an invalid one, where requests are limited to four as well: the others are assigned", async () => {
    refusalOf = (change) =>
      change.addresses.length > 4 || change.addresses.includes(bad)
        ? errorOf("AssignPrivateIpAddresses", "InvalidParameter")
        : undefined;
    const outcome = await run([], twenty);
    expect(held.sort()).toEqual(rest);
    expect(outcome.failure?.message).toContain(bad);
    expect(batchSize.current).toBe(10);
    expect(requests.length).toBeLessThan(twenty.length + 5);
  });

  test("requests limited to four: an operation that succeeds tells the others", async () => {
    refusalOf = ({ addresses }) =>
      addresses.length > 4 ? errorOf("AssignPrivateIpAddresses", "InvalidParameter") : undefined;
    await expect(run([], twenty)).resolves.toMatchObject({ failure: undefined });
    expect(batchSize.current).toBeLessThanOrEqual(4);
    expect(requests.filter((one) => one.includes("refused"))).toEqual(["+10 refused", "+5 refused"]);
  });
});

test("the ENI moves while it is full and grows: it is read before each unassign that makes room", async () => {
  // Nineteen fit on i-1, eleven on i-2.
  const owned = range(20, 15);
  held = [...owned];
  refusalOf = ({ addresses }) => {
    // The ENI moves with the second assign.
    if (addresses.includes("10.0.1.64")) instanceId = "i-2";
    return undefined;
  };
  const outcome = await run(owned, range(60, 19));
  expect(requests).toEqual(["+4", "-8", "+8"]);
  expect(outcome.failure?.message).toContain(
    "would hold 19 secondary addresses and prefixes, but it can hold 11",
  );
  expect(held.sort()).toEqual([...range(28, 7), ...range(60, 12)]);
});
