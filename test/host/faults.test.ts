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
/** How many addresses each assign asked for. */
const sizes = () =>
  assigns().map(
    ({ params }) => Object.keys(params).filter((name) => name.startsWith("PrivateIpAddress.")).length,
  );

describe.each(["Operation.Conflict", "OperationConflict", "InvalidOperation.Conflict"])("%s", (code) => {
  test("is waited out: the ENI is read again, and what is missing asked for again", async () => {
    scenario = await Scenario.start(worldWith(addressRange(20, 15)));
    disturb(scenario.emulator, unassign, failure(403, code));
    const saved = await scenario.create(args(addressRange(20, 15)));
    await scenario.nextCommand();
    const { outputs } = await scenario.up(saved, args(addressRange(32, 10)));
    expect(outputs.privateIpAddresses).toEqual(addressRange(32, 10));
    expect(scenario.held()).toEqual(addressRange(32, 10));
  });
});

test("an assign whose answer was lost after it took effect is not asked for again", async () => {
  scenario = await Scenario.start(worldWith());
  disturb(scenario.emulator, assign, { drop: "after" });
  const { outputs } = await scenario.create(args(addressRange(20, 3)));
  expect(outputs.privateIpAddresses).toEqual(addressRange(20, 3));
  expect(scenario.writes).toEqual([assign]);
});

test("an assign that hangs past the call's time-out after it took effect is not asked for again", async () => {
  scenario = await Scenario.start(worldWith(), { env: { ALICLOUD_SECONDARY_IPS_PACE: "0.05" } });
  disturb(scenario.emulator, assign, { hang: true, done: true });
  const { outputs } = await scenario.create(args(addressRange(20, 3)));
  expect(outputs.privateIpAddresses).toEqual(addressRange(20, 3));
  expect(scenario.held()).toEqual(addressRange(20, 3));
  expect(scenario.writes).toEqual([assign]);
});

test("an assign that was lost before it took effect is repeated byte for byte, with its token", async () => {
  scenario = await Scenario.start(worldWith());
  disturb(scenario.emulator, assign, { drop: "before" });
  await scenario.create(args(addressRange(20, 3)));
  expect(scenario.held()).toEqual(addressRange(20, 3));
  const [first, second] = tokens();
  expect(first).toMatch(/^[0-9a-f-]{36}$/);
  expect(second).toBe(first);
});

test("a 503 in the middle of three batches loses nothing and repeats nothing", async () => {
  scenario = await Scenario.start(worldWith());
  disturb(scenario.emulator, assign, failure(503, "ServiceUnavailable"), { skip: 1 });
  const wanted = addressRange(20, 25);
  const { outputs } = await scenario.create(args(wanted));
  expect(outputs.privateIpAddresses).toEqual(wanted);
  expect(scenario.writes).toHaveLength(4);
  expect(new Set(tokens()).size).toBe(3);
});

test("a failure that lasts past the time-out is recorded as far as it came, and the next up finishes", async () => {
  scenario = await Scenario.start(worldWith());
  disturb(scenario.emulator, assign, failure(503, "ServiceUnavailable"), { skip: 1, times: forever });
  const wanted = addressRange(20, 25);
  const partial = await scenario.recordedBy(scenario.create(args(wanted, { create: "2s" })));
  expect(partial.id).toBe(eniId);
  expect(partial.outputs.privateIpAddresses).toEqual(addressRange(20, 10));
  expect(partial.outputs.__provider).toContain("exports.handler");
  expect(partial.reasons).toEqual([
    expect.stringMatching(
      /^edge: AssignPrivateIpAddresses: ServiceUnavailable, HTTP 503: .*RequestId .*time-out of 2 s/,
    ),
  ]);
  scenario.emulator.control.clearFaults();
  await scenario.nextCommand();
  const { outputs } = await scenario.up(partial, args(wanted));
  expect(outputs.privateIpAddresses).toEqual(wanted);
  expect(scenario.held()).toEqual([...wanted].sort());
});

test("a create that changed nothing before it failed is not recorded", async () => {
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

test("an update that fails for good records what the ENI holds, not what was planned", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(addressRange(20, 12)));
  await scenario.nextCommand();
  disturb(scenario.emulator, unassign, failure(403, "Forbidden.RAM"), { skip: 1, times: forever });
  const partial = await scenario.recordedBy(scenario.up(saved, args(["10.0.1.60"])));
  expect(partial.outputs.privateIpAddresses).toEqual(["10.0.1.30", "10.0.1.31", "10.0.1.60"]);
  expect(scenario.held()).toEqual(["10.0.1.30", "10.0.1.31", "10.0.1.60"]);
});

test("a delete that keeps failing fails, and can be repeated", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(["10.0.1.20"], { delete: "1s" }));
  await scenario.nextCommand();
  disturb(scenario.emulator, unassign, failure(403, "Operation.Conflict"), { times: forever });
  await expect(scenario.provider.delete(saved.id, saved.outputs)).rejects.toThrow("Operation.Conflict");
  scenario.emulator.control.clearFaults();
  await scenario.provider.delete(saved.id, saved.outputs);
  expect(scenario.held()).toEqual([]);
});

describe.each(["atomic", "partial"] as const)("with %s batches", (batch) => {
  test("an address that somebody else has unassigned is left out of the rest", async () => {
    scenario = await Scenario.start(worldWith(), { behaviour: { batch } });
    const saved = await scenario.create(args(addressRange(20, 4)));
    await scenario.nextCommand();
    // The plan is made from a read in which it was still there.
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
] as const)("with %s batches", (batch, expected) => {
  test("an address that somebody else has assigned to the ENI is recorded, and the rest asked for", async () => {
    scenario = await Scenario.start(worldWith(), { behaviour: { batch } });
    // The plan is made from a read in which it was not there yet.
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

test("InvalidIp.IpAssigned for everything is not taken for success", async () => {
  scenario = await Scenario.start(worldWith());
  disturb(scenario.emulator, assign, failure(403, "InvalidIp.IpAssigned"));
  const { outputs } = await scenario.create(args(addressRange(20, 2)));
  expect(outputs.privateIpAddresses).toEqual(addressRange(20, 2));
  expect(scenario.held()).toEqual(addressRange(20, 2));
  expect(scenario.writes).toEqual([assign, assign]);
});

test("InvalidIp.IpUnassigned for everything is not taken for success", async () => {
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
])("InvalidEniId.NotFound on a write, %s, is not taken for the ENI's end", async (_when, before) => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(["10.0.1.20"]));
  const provider = await scenario.nextCommand();
  for (const effect of [...before, failure(404, "InvalidEniId.NotFound")])
    disturb(scenario.emulator, unassign, effect);
  await provider.delete(saved.id, saved.outputs);
  expect(scenario.held()).toEqual([]);
});

test("a throttled call is made again until it is admitted", async () => {
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

test("a request that is too large for this account is halved until it fits, which is remembered for the run", async () => {
  scenario = await Scenario.start(twoEnis(), { behaviour: { maxAddressesPerCall: 4 } });
  await scenario.create(args(addressRange(20, 9)));
  expect(scenario.held()).toEqual(addressRange(20, 9));
  expect(sizes()).toEqual([9, 4, 4, 1]);
  scenario.emulator.control.clearCalls();
  await scenario.create({ networkInterfaceId: otherEniId, privateIpAddresses: addressRange(40, 9) });
  expect(scenario.held(otherEniId)).toEqual(addressRange(40, 9));
  expect(sizes()).toEqual([4, 4, 1]);
});

test("a malformed value names action and parameter, as the API says it", async () => {
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

test("MissingParameter is final, whatever its status", async () => {
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

test("a vSwitch that is gone is named", async () => {
  scenario = await Scenario.start(worldWith());
  disturb(
    scenario.emulator,
    assign,
    failure(404, "InvalidVSwitchId.NotFound", 'The specified VSwitchId "vsw-1" is not found.'),
  );
  await expect(scenario.create(args(["10.0.1.20"]))).rejects.toThrow('VSwitchId "vsw-1" is not found');
});

test("more addresses than the instance type allows are unassigned first, as far as needed", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(addressRange(20, 15)));
  await scenario.nextCommand();
  disturb(scenario.emulator, assign, failure(403, "InvalidOperation.Ipv4CountExceeded"));
  await scenario.up(saved, args(addressRange(60, 15)));
  expect(scenario.held()).toEqual(addressRange(60, 15));
  expect(scenario.writes).toEqual([assign, unassign, assign, unassign, assign]);
});

test("an ENI that cannot hold the addresses at all is an error that says so", async () => {
  scenario = await Scenario.start(worldWith());
  disturb(scenario.emulator, assign, failure(403, "InvalidOperation.Ipv4CountExceeded"), { times: forever });
  await expect(scenario.create(args(addressRange(20, 3)))).rejects.toThrow(
    "eni-edge can hold no more addresses",
  );
});

test("the 50th secondary address of an Available ENI is refused before the first call", async () => {
  scenario = await Scenario.start(worldWith());
  await expect(scenario.provider.create(args(addressRange(20, 50)))).rejects.toThrow(
    "would hold 50 secondary addresses and prefixes, but it can hold 49",
  );
  expect(scenario.writes).toEqual([]);
});

test("an address that another ENI holds ends in an error when it does not become free", async () => {
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
    /Duplicated.*did not become free in time/,
  );
});

test.each([[], ["--logtostderr", "-v=9"], ["--tracing", "http://127.0.0.1:9/spans"]])(
  "an engine that is gone is not acted for any more, started with [%s %s]",
  async (...engineFlags) => {
    // In a process, whose arguments are what the engine gives it.
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

test("a request that is refused on one ENI makes no other ENI's requests smaller", async () => {
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
