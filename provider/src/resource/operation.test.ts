import { callTimedOut, EcsError } from "../ecs/ecs-error";
import { EniReader } from "../ecs/eni-reader";
import { QuotaReader, VSwitchReader } from "../ecs/optional-facts";
import type { AddressChange, EcsPort, WriteOptions } from "../ecs/port";
import { Deadline } from "../shared/deadline";
import { pacingTimes } from "../shared/retry";
import { networkInterface } from "../../../test/support/network-interface";
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
beforeEach(() => {
  [ledger, locks, held, tokens, unassigned, failures] = [new Ledger(), new EniLocks(), [], [], [], []];
  beforeFirstCall = () => undefined;
});

/** The calls that an operation makes on an ENI with a secondary address or more. */
const ecs = {
  describeNetworkInterfaces: () =>
    Promise.resolve({
      networkInterfaces: [networkInterface({ secondaryIpAddresses: held })],
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
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
    held = [...held, ...change.addresses];
    return change.addresses;
  },
  unassignPrivateIpAddresses: async (_id: string, { addresses }: AddressChange, options: WriteOptions) => {
    await beforeSending(options);
    unassigned.push(addresses);
    held = held.filter((one) => !addresses.includes(one));
  },
} as Partial<EcsPort> as EcsPort;

async function beforeSending(options: WriteOptions) {
  beforeFirstCall();
  await options.beforeSending();
}

/** Runs an operation that wants the first address, and owns what is given. */
function run(owned: readonly string[] = []) {
  const pacing = pacingTimes(0.001);
  const task = {
    networkInterfaceId: "eni-x",
    identity: "edge",
    goal: { ...situationOf().goal, owned },
    deadline: Deadline.after(5_000),
    statusRule: eniStatusRule,
    assertAlive: () => Promise.resolve(),
    say: () => undefined,
  };
  const region = {
    name: "cn-hangzhou",
    ecs,
    reader: new EniReader(ecs, pacing.collectMs),
    vSwitches: new VSwitchReader(ecs, () => undefined),
    quotas: new QuotaReader(ecs, () => undefined),
    batchSize: new BatchSize(10),
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
