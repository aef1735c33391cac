import { addressRange, eniId, otherEniId, privateIpSets, twoEnis, worldWith } from "../support/eni-world";
import { disturb, failure, forever } from "../support/faults";
import { Scenario } from "../support/scenario";

let scenario: Scenario;
afterEach(() => scenario.stop());

const args = (privateIpAddresses: string[], timeouts = {}) => ({
  networkInterfaceId: eniId,
  privateIpAddresses,
  __internal: { name: "edge", timeouts },
});

const assign = "AssignPrivateIpAddresses";
const unassign = "UnassignPrivateIpAddresses";

const assigns = () => scenario.emulator.control.calls().filter((call) => call.action === assign);
const tokens = () => assigns().map((call) => call.params.ClientToken);
/** The number of addresses in each assign. */
const sizes = () =>
  assigns().map(
    ({ params }) => Object.keys(params).filter((name) => name.startsWith("PrivateIpAddress.")).length,
  );

describe.each(["Operation.Conflict", "OperationConflict", "InvalidOperation.Conflict"])("%s:", (code) => {
  test("update waits, then repeats the unassign", async () => {
    scenario = await Scenario.start(worldWith(addressRange(20, 15)));
    disturb(scenario.emulator, unassign, failure(403, code));
    const saved = await scenario.create(args(addressRange(20, 15)));
    await scenario.nextCommand();
    const { outputs } = await scenario.up(saved, args(addressRange(32, 10)));
    expect(outputs.privateIpAddresses).toEqual(addressRange(32, 10));
    expect(scenario.held()).toEqual(addressRange(32, 10));
  });
});

test("create: a lost assign answer is not repeated", async () => {
  scenario = await Scenario.start(worldWith());
  disturb(scenario.emulator, assign, { drop: "after" });
  const { outputs } = await scenario.create(args(addressRange(20, 3)));
  expect(outputs.privateIpAddresses).toEqual(addressRange(20, 3));
  expect(scenario.writes).toEqual([assign]);
});

test("create: an executed assign without an answer in time is not repeated", async () => {
  scenario = await Scenario.start(worldWith(), { env: { ALICLOUD_SECONDARY_IPS_PACE: "0.05" } });
  disturb(scenario.emulator, assign, { hang: true, done: true });
  const { outputs } = await scenario.create(args(addressRange(20, 3)));
  expect(outputs.privateIpAddresses).toEqual(addressRange(20, 3));
  expect(scenario.held()).toEqual(addressRange(20, 3));
  expect(scenario.writes).toEqual([assign]);
});

test("create: an assign that was lost before it was executed is repeated with the same token", async () => {
  scenario = await Scenario.start(worldWith());
  disturb(scenario.emulator, assign, { drop: "before" });
  await scenario.create(args(addressRange(20, 3)));
  expect(scenario.held()).toEqual(addressRange(20, 3));
  const [first, second] = tokens();
  expect(first).toMatch(/^[0-9a-f-]{36}$/);
  expect(second).toBe(first);
});

test("create: after a 503 for the second of three batches, only that batch is repeated", async () => {
  scenario = await Scenario.start(worldWith());
  disturb(scenario.emulator, assign, failure(503, "ServiceUnavailable"), { skip: 1 });
  const wanted = addressRange(20, 25);
  const { outputs } = await scenario.create(args(wanted));
  expect(outputs.privateIpAddresses).toEqual(wanted);
  expect(scenario.writes).toHaveLength(4);
  expect(new Set(tokens()).size).toBe(3);
});

test("create: 503 until the time-out, the first batch is recorded, the next up assigns the rest", async () => {
  scenario = await Scenario.start(worldWith());
  disturb(scenario.emulator, assign, failure(503, "ServiceUnavailable"), { skip: 1, times: forever });
  const wanted = addressRange(20, 25);
  const partial = await scenario.recordedBy(scenario.create(args(wanted, { create: "2s" })));
  expect(partial.id).toBe(eniId);
  expect(partial.outputs.privateIpAddresses).toEqual(addressRange(20, 10));
  expect(partial.reasons).toEqual([
    expect.stringMatching(
      /^(?:edge: )?AssignPrivateIpAddresses: ServiceUnavailable, HTTP 503: .*RequestId .*time-out of 2 s/,
    ),
  ]);
  scenario.emulator.control.clearFaults();
  await scenario.nextCommand();
  const { outputs } = await scenario.up(partial, args(wanted));
  expect(outputs.privateIpAddresses).toEqual(wanted);
  expect(scenario.held()).toEqual([...wanted].sort());
});

test("create: a failure before any change is not recorded", async () => {
  scenario = await Scenario.start(worldWith());
  disturb(
    scenario.emulator,
    assign,
    failure(403, "Forbidden.RAM", "User not authorized to operate on the specified resource."),
  );
  await expect(scenario.recordedBy(scenario.create(args(["10.0.1.20"])))).rejects.toThrow(
    /AssignPrivateIpAddresses: Forbidden\.RAM, HTTP 403: User not authorized .* \(RequestId [0-9A-F-]{36}\)/,
  );
});

test("update: a final failure records the addresses on the ENI, not the desired ones", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(addressRange(20, 12)));
  await scenario.nextCommand();
  disturb(scenario.emulator, unassign, failure(403, "Forbidden.RAM"), { skip: 1, times: forever });
  const partial = await scenario.recordedBy(scenario.up(saved, args(["10.0.1.60"])));
  expect(partial.outputs.privateIpAddresses).toEqual(["10.0.1.30", "10.0.1.31", "10.0.1.60"]);
  expect(scenario.held()).toEqual(["10.0.1.30", "10.0.1.31", "10.0.1.60"]);
});

test("delete: conflicts until the time-out are an error, the next delete succeeds", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(["10.0.1.20"], { delete: "1s" }));
  await scenario.nextCommand();
  disturb(scenario.emulator, unassign, failure(403, "Operation.Conflict"), { times: forever });
  await expect(scenario.provider.delete(saved.id, saved.outputs)).rejects.toThrow("Operation.Conflict");
  scenario.emulator.control.clearFaults();
  await scenario.provider.delete(saved.id, saved.outputs);
  expect(scenario.held()).toEqual([]);
});

describe.each(["atomic", "partial"] as const)("update, %s batches:", (batch) => {
  test("another client unassigned some of the addresses, the rest is unassigned", async () => {
    scenario = await Scenario.start(worldWith(), { behaviour: { batch } });
    const saved = await scenario.create(args(addressRange(20, 4)));
    await scenario.nextCommand();
    // This change comes after the read that the plan is based on.
    disturb(scenario.emulator, unassign, {
      patch: {
        networkInterfaces: [
          {
            NetworkInterfaceId: eniId,
            PrivateIpSets: {
              PrivateIpSet: [
                { PrivateIpAddress: "10.0.1.10", Primary: true },
                { PrivateIpAddress: "10.0.1.20" },
                { PrivateIpAddress: "10.0.1.22" },
              ],
            },
          },
        ],
      },
    });
    const { outputs } = await scenario.up(saved, args(["10.0.1.22"]));
    expect(outputs.privateIpAddresses).toEqual(["10.0.1.22"]);
    expect(scenario.held()).toEqual(["10.0.1.22"]);
  });
});

describe.each([
  ["atomic", [3, 2]],
  ["partial", [3]],
] as const)("create, %s batches:", (batch, expected) => {
  test("an address that another client assigned to the ENI is recorded, the rest is requested again", async () => {
    scenario = await Scenario.start(worldWith(), { behaviour: { batch } });
    // This change comes after the read that the plan is based on.
    disturb(scenario.emulator, assign, {
      patch: {
        networkInterfaces: [{ NetworkInterfaceId: eniId, PrivateIpSets: privateIpSets(["10.0.1.21"]) }],
      },
    });
    const { outputs } = await scenario.create(args(addressRange(20, 3)));
    expect(assigns()[0]).toMatchObject({ code: "InvalidIp.IpAssigned" });
    expect(outputs.privateIpAddresses).toEqual(addressRange(20, 3));
    expect(scenario.held()).toEqual(addressRange(20, 3));
    expect(sizes()).toEqual(expected);
  });
});

test("create: InvalidIp.IpAssigned alone does not count as success", async () => {
  scenario = await Scenario.start(worldWith());
  disturb(scenario.emulator, assign, failure(403, "InvalidIp.IpAssigned"));
  const { outputs } = await scenario.create(args(addressRange(20, 2)));
  expect(outputs.privateIpAddresses).toEqual(addressRange(20, 2));
  expect(scenario.held()).toEqual(addressRange(20, 2));
  expect(scenario.writes).toEqual([assign, assign]);
});

test("update: InvalidIp.IpUnassigned alone does not count as success", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(["10.0.1.20", "10.0.1.21"]));
  await scenario.nextCommand();
  disturb(scenario.emulator, unassign, failure(403, "InvalidIp.IpUnassigned"));
  await scenario.up(saved, args([]));
  expect(scenario.held()).toEqual([]);
});

test.each([
  ["alone", []],
  ["after another failure", [failure(503, "ServiceUnavailable")]],
])(
  "delete: InvalidEniId.NotFound for a write, %s, does not count as a deleted ENI",
  async (_when, before) => {
    scenario = await Scenario.start(worldWith());
    const saved = await scenario.create(args(["10.0.1.20"]));
    const provider = await scenario.nextCommand();
    for (const effect of [...before, failure(404, "InvalidEniId.NotFound")])
      disturb(scenario.emulator, unassign, effect);
    await provider.delete(saved.id, saved.outputs);
    expect(scenario.held()).toEqual([]);
  },
);

test("create: throttled calls are repeated until they are accepted", async () => {
  scenario = await Scenario.start(worldWith());
  disturb(
    scenario.emulator,
    assign,
    failure(400, "Throttling.User", "Request was denied due to user flow control."),
    {
      times: 4,
    },
  );
  disturb(scenario.emulator, "DescribeNetworkInterfaces", failure(400, "Throttling"), { times: 2 });
  const { outputs } = await scenario.create(args(["10.0.1.20"]));
  expect(outputs.privateIpAddresses).toEqual(["10.0.1.20"]);
});

test("create: a batch over the account's limit is halved, the next create uses the smaller size", async () => {
  scenario = await Scenario.start(twoEnis(), { behaviour: { maxAddressesPerCall: 4 } });
  await scenario.create(args(addressRange(20, 9)));
  expect(scenario.held()).toEqual(addressRange(20, 9));
  expect(sizes()).toEqual([9, 4, 4, 1]);
  scenario.emulator.control.clearCalls();
  await scenario.create({ networkInterfaceId: otherEniId, privateIpAddresses: addressRange(40, 9) });
  expect(scenario.held(otherEniId)).toEqual(addressRange(40, 9));
  expect(sizes()).toEqual([4, 4, 1]);
});

test("create: the error for a malformed value names action and parameter", async () => {
  scenario = await Scenario.start(worldWith());
  disturb(
    scenario.emulator,
    assign,
    failure(400, "InValidParameter", "The specified parameter PrivateIpAddress.1 is not valid."),
  );
  await expect(scenario.create(args(["10.0.1.20"]))).rejects.toThrow(
    /AssignPrivateIpAddresses: InValidParameter, HTTP 400: The specified parameter PrivateIpAddress\.1 is not valid/,
  );
});

test("create: MissingParameter is final, also with HTTP 403", async () => {
  scenario = await Scenario.start(worldWith());
  disturb(
    scenario.emulator,
    assign,
    failure(403, "MissingParameter", "The input parameter X is not supplied."),
  );
  await expect(scenario.create(args(["10.0.1.20"]))).rejects.toThrow(
    "AssignPrivateIpAddresses: MissingParameter",
  );
  expect(scenario.writes).toEqual([assign]);
});

test("create: the error for a deleted vSwitch names it", async () => {
  scenario = await Scenario.start(worldWith());
  disturb(
    scenario.emulator,
    assign,
    failure(404, "InvalidVSwitchId.NotFound", 'The specified VSwitchId "vsw-1" is not found.'),
  );
  await expect(scenario.create(args(["10.0.1.20"]))).rejects.toThrow('VSwitchId "vsw-1" is not found');
});

test("update: if the API refuses what the quota allows, one address shows that room helps", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(addressRange(20, 15)));
  await scenario.nextCommand();
  disturb(scenario.emulator, assign, failure(403, "InvalidOperation.Ipv4CountExceeded"));
  await scenario.up(saved, args(addressRange(60, 15)));
  expect(scenario.held()).toEqual(addressRange(60, 15));
  expect(scenario.writes).toEqual([assign, ...Array.from({ length: 3 }, () => [unassign, assign]).flat()]);
});

test("create: an ENI without room for the addresses is an error with that reason", async () => {
  scenario = await Scenario.start(worldWith());
  disturb(scenario.emulator, assign, failure(403, "InvalidOperation.Ipv4CountExceeded"), { times: forever });
  await expect(scenario.create(args(addressRange(20, 3)))).rejects.toThrow(
    /eni-edge would hold 3 .*, but it holds 0, and the API has refused 3 while it is Available \(.*Ipv4CountExceeded/,
  );
});

test("create: 50 secondary addresses on an Available ENI are refused before the first write", async () => {
  scenario = await Scenario.start(worldWith());
  await expect(scenario.provider.create(args(addressRange(20, 50)))).rejects.toThrow(
    "would hold 50 secondary addresses and prefixes, but it can hold 49",
  );
  expect(scenario.writes).toEqual([]);
});

test("create: an address that stays taken is an error after the wait", async () => {
  scenario = await Scenario.start(worldWith(), { env: { ALICLOUD_SECONDARY_IPS_PACE: "0.01" } });
  disturb(
    scenario.emulator,
    assign,
    failure(400, "InvalidPrivateIpAddress.Duplicated", "Specified private IP address is duplicated."),
    {
      times: forever,
    },
  );
  await expect(scenario.create(args(["10.0.1.20"]))).rejects.toThrow(
    /10\.0\.1\.20 is in use, but no ENI holds it.*Duplicated/,
  );
});

test.each([
  ["no flags", []],
  ["-v=9", ["--logtostderr", "-v=9"]],
  ["--tracing", ["--tracing", "http://127.0.0.1:9/spans"]],
])(
  "create: after the engine is killed, nothing more is assigned (engine started with %s)",
  async (_flags, engineFlags) => {
    // In its own process, which gets the engine's flags as arguments.
    scenario = await Scenario.start(worldWith(), { engineFlags, process: true });
    disturb(scenario.emulator, assign, failure(503, "ServiceUnavailable"), { times: forever });
    const creating = scenario.recordedBy(scenario.create(args(addressRange(20, 3), { create: "1m" })));
    const outcome = creating.catch((thrown: unknown) => thrown);
    while (scenario.writes.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await scenario.provider.killEngine();
    expect(await outcome).toMatchObject({ message: expect.stringContaining("engine") as string });
    scenario.emulator.control.clearFaults();
    expect(scenario.held()).toEqual([]);
  },
);

test("create: a refused request on one ENI does not reduce the batch size on another ENI", async () => {
  scenario = await Scenario.start(twoEnis());
  scenario.emulator.control.addFault({
    action: assign,
    match: { networkInterfaceId: eniId },
    times: forever,
    effect: failure(400, "InvalidParameter"),
  });
  await expect(scenario.create(args(addressRange(20, 8)))).rejects.toThrow("InvalidParameter");
  scenario.emulator.control.clearCalls();
  await scenario.create({ networkInterfaceId: otherEniId, privateIpAddresses: addressRange(40, 10) });
  expect(scenario.writes).toEqual([assign]);
});
