import { addressRange, eniId, worldWith } from "../support/eni-world";
import type { Properties } from "../support/provider-host";
import { Scenario, type Saved } from "../support/scenario";

let scenario: Scenario;
afterEach(() => scenario.stop());

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const args = (declared: Properties, name = "edge") => ({
  networkInterfaceId: eniId,
  ...declared,
  region: "cn-hangzhou",
  __internal: { name, preview: true },
});
const additive = (declared: Properties, name?: string) => args({ ...declared, ownership: "additive" }, name);

function heldPrefixes(): string[] {
  const [eni] = scenario.emulator.control.state().networkInterfaces;
  return (eni?.Ipv4PrefixSets.Ipv4PrefixSet ?? []).map((set) => set.Ipv4Prefix);
}

function bindEip(address: string): void {
  scenario.emulator.control.patchState({
    eips: [
      {
        AllocationId: "eip-1",
        InstanceId: eniId,
        InstanceType: "NetworkInterface",
        PrivateIpAddress: address,
      },
    ],
  });
}

/** The next preview of a recorded resource: the failures of check, and the printed lines. */
async function preview(saved: Saved, news: Properties) {
  const provider = await scenario.nextCommand();
  const { inputs, failures } = await provider.check(news, saved.inputs);
  if (failures.length === 0) await provider.diff(saved.id, saved.outputs, inputs);
  return { failures, printed: await provider.printed() };
}

/** A resource whose last update failed after ten of twelve addresses. Its inputs are those before the update. */
async function partlyUpdated(): Promise<Saved> {
  const saved = await scenario.create(additive({ privateIpAddresses: ["10.0.1.20"] }));
  await scenario.nextCommand();
  scenario.emulator.control.addFault({
    action: "AssignPrivateIpAddresses",
    skip: 1,
    times: 1_000_000,
    effect: { error: { status: 403, code: "Forbidden.RAM", message: "no" } },
  });
  const more = additive({ privateIpAddresses: ["10.0.1.20", ...addressRange(50, 12)] });
  const partial = await scenario.recordedBy(scenario.up(saved, more));
  scenario.emulator.control.clearFaults();
  expect(partial.outputs.privateIpAddresses).toEqual(["10.0.1.20", ...addressRange(50, 10)]);
  return { ...partial, inputs: saved.inputs };
}

describe("ownership beyond the old inputs:", () => {
  test("a count of addresses becomes the prefix that contains them", async () => {
    scenario = await Scenario.start(worldWith(["10.0.1.33", "10.0.1.34"]));
    const saved = await scenario.create(args({ secondaryPrivateIpAddressCount: 2 }));
    const next = args({ ipv4Prefixes: ["10.0.1.32/28"] });
    expect(await preview(saved, next)).toEqual({
      failures: [],
      printed: [`edge: ${eniId}: assign 10.0.1.32/28, unassign 10.0.1.33 and 1 more, 2 calls, peak 2 of 49`],
    });
    await scenario.nextCommand();
    await scenario.up(saved, next);
    expect(heldPrefixes()).toEqual(["10.0.1.32/28"]);
    expect(scenario.held()).toEqual([]);
  });

  test("a count of prefixes becomes an address within one of them", async () => {
    scenario = await Scenario.start(
      worldWith([], { Ipv4PrefixSets: { Ipv4PrefixSet: [{ Ipv4Prefix: "10.0.1.16/28" }] } }),
    );
    const saved = await scenario.create(args({ ipv4PrefixCount: 1 }));
    await scenario.nextCommand();
    await scenario.up(saved, args({ privateIpAddresses: ["10.0.1.17"] }));
    expect(scenario.held()).toEqual(["10.0.1.17"]);
  });

  test("a takeover after a failed update unassigns the addresses of that update", async () => {
    scenario = await Scenario.start(worldWith());
    const partial = await partlyUpdated();
    await scenario.nextCommand();
    await scenario.up(partial, args({ privateIpAddresses: ["10.0.1.20"] }));
    expect(scenario.held()).toEqual(["10.0.1.20"]);
  });

  test("a prefix replaces the addresses that a failed update assigned", async () => {
    scenario = await Scenario.start(worldWith());
    const partial = await partlyUpdated();
    await scenario.nextCommand();
    await scenario.up(partial, additive({ ipv4Prefixes: ["10.0.1.48/28"] }));
    expect(heldPrefixes()).toEqual(["10.0.1.48/28"]);
    expect(scenario.held()).toEqual([]);
  });

  test("an unmanaged address in a desired prefix, warned of in the preview, refused before the first write", async () => {
    scenario = await Scenario.start(worldWith(["10.0.1.33"]));
    const saved = await scenario.create(additive({ privateIpAddresses: ["10.0.1.20"] }));
    const next = additive({ ipv4Prefixes: ["10.0.1.32/28"] });
    const refusal = `10.0.1.32/28 shares addresses with 10.0.1.33, which ${eniId} holds and this resource may not unassign`;
    const { failures, printed } = await preview(saved, next);
    expect(failures).toEqual([]);
    expect(printed).toContainEqual(
      expect.stringContaining(
        `warning: edge: as things are, \`pulumi up\` would refuse this: ipv4Prefixes: ${refusal}`,
      ),
    );
    await scenario.nextCommand();
    await expect(scenario.up(saved, next)).rejects.toThrow(refusal);
    expect(scenario.writes).toEqual([]);
  });

  test.each([["mine", "other"] as const, ["other", "mine"] as const])(
    "an address of another resource in a desired prefix, a warning, with the checks of %s and %s",
    async (...order) => {
      scenario = await Scenario.start(worldWith());
      const mine = await scenario.create(additive({ privateIpAddresses: ["10.0.1.20"] }, "mine"));
      const other = await scenario.create(additive({ privateIpAddresses: ["10.0.1.33"] }, "other"));
      const provider = await scenario.nextCommand();
      const now = { mine: { ipv4Prefixes: ["10.0.1.32/28"] }, other: { privateIpAddresses: ["10.0.1.33"] } };
      const saved = { mine, other };
      for (const name of order) {
        const { inputs, failures } = await provider.check(additive(now[name], name), saved[name].inputs);
        expect(failures).toEqual([]);
        await provider.diff(saved[name].id, saved[name].outputs, inputs);
      }
      expect(await provider.printed()).toContainEqual(
        expect.stringMatching(/^warning: mine: as things are, .*shares addresses with 10\.0\.1\.33/),
      );
    },
  );
});

describe("preview of an unassign with an EIP:", () => {
  test("an address that the cloud picked, a warning", async () => {
    scenario = await Scenario.start(worldWith(["10.0.1.20", "10.0.1.21"]));
    const saved = await scenario.create(args({ secondaryPrivateIpAddressCount: 2 }));
    bindEip("10.0.1.21");
    const { failures, printed } = await preview(saved, args({ privateIpAddresses: ["10.0.1.20"] }));
    expect(failures).toEqual([]);
    expect(printed).toEqual([
      `edge: ${eniId}: unassign 10.0.1.21, 1 call, peak 2 of 49`,
      expect.stringContaining(
        "warning: edge: as things are, `pulumi up` would refuse this: allowUnassignWithEip: an EIP is bound to 10.0.1.21",
      ),
    ]);
  });

  test("an address that another additive resource may list, a warning", async () => {
    scenario = await Scenario.start(worldWith());
    const list = ["10.0.1.20", "10.0.1.21"];
    const saved = await scenario.create(additive({ privateIpAddresses: list }));
    bindEip("10.0.1.21");
    const { failures, printed } = await preview(saved, additive({ privateIpAddresses: ["10.0.1.20"] }));
    expect(failures).toEqual([]);
    expect(printed).toContainEqual(expect.stringContaining("an EIP is bound to 10.0.1.21"));
  });

  test("a program that runs for an update, no warning", async () => {
    scenario = await Scenario.start(worldWith(["10.0.1.20", "10.0.1.21"]));
    const saved = await scenario.create(args({ secondaryPrivateIpAddressCount: 2 }));
    bindEip("10.0.1.21");
    const next = { ...args({ privateIpAddresses: ["10.0.1.20"] }), __internal: { name: "edge" } };
    const { printed } = await preview(saved, next);
    expect(printed).toEqual([`edge: ${eniId}: unassign 10.0.1.21, 1 call, peak 2 of 49`]);
  });

  test("allowUnassignWithEip is set, no warning", async () => {
    scenario = await Scenario.start(worldWith(["10.0.1.20", "10.0.1.21"]));
    const saved = await scenario.create(args({ secondaryPrivateIpAddressCount: 2 }));
    bindEip("10.0.1.21");
    const next = args({ privateIpAddresses: ["10.0.1.20"], allowUnassignWithEip: true });
    expect((await preview(saved, next)).printed).toEqual([expect.not.stringContaining("warning")]);
  });
});

test.each([
  [{ ipv4Prefixes: ["10.0.1.32/28"] }, { ipv4Prefixes: [] }, { privateIpAddresses: ["10.0.1.33"] }],
  [{ privateIpAddresses: ["10.0.1.33"] }, { privateIpAddresses: [] }, { ipv4Prefixes: ["10.0.1.32/28"] }],
])(
  "preview: another resource releases %j, the other kind is assigned without a warning",
  async (held, given, wanted) => {
    scenario = await Scenario.start(worldWith());
    const giving = await scenario.create(additive(held, "giving"));
    const taking = await scenario.create(additive({ privateIpAddresses: ["10.0.1.90"] }, "taking"));
    const provider = await scenario.nextCommand();
    await provider.check(additive(given, "giving"), giving.inputs);
    const { inputs, failures } = await provider.check(additive(wanted, "third"));
    expect(failures).toEqual([]);
    await provider.check(inputs, taking.inputs);
    await provider.diff(taking.id, taking.outputs, inputs);
    const [sentence, ...more] = await provider.printed();
    expect(sentence).toMatch(/^third: eni-edge: assign \S+, 1 call, peak 2 of 49$/);
    expect(more).toEqual([expect.not.stringContaining("warning")]);
  },
);

describe("preview of a takeover:", () => {
  const unassignOnCreate = ["10.0.1.98", "10.0.1.99"];

  async function beforeTakeover(): Promise<Saved> {
    scenario = await Scenario.start(worldWith(unassignOnCreate));
    return scenario.create(additive({ privateIpAddresses: ["10.0.1.20"] }));
  }

  test.each([
    [["10.0.1.20"], "unassign 10.0.1.98 and 1 more, 1 call, peak 3 of 49"],
    [["10.0.1.20", "10.0.1.21"], "assign 10.0.1.21, unassign 10.0.1.98 and 1 more, 2 calls, peak 4 of 49"],
  ])(
    "the printed plan has the unassigned addresses, with the list %j",
    async (privateIpAddresses, expectedPlan) => {
      const saved = await beforeTakeover();
      const { failures, printed } = await preview(saved, args({ privateIpAddresses, unassignOnCreate }));
      expect(failures).toEqual([]);
      expect(printed).toEqual([`edge: ${eniId}: ${expectedPlan}`]);
    },
  );

  test("a warning lists unassignOnCreate if it is missing", async () => {
    const saved = await beforeTakeover();
    const { failures, printed } = await preview(saved, args({ privateIpAddresses: ["10.0.1.20"] }));
    expect(failures).toEqual([]);
    expect(printed).toEqual([
      expect.stringMatching(
        /^warning: edge: .*unassignOnCreate: eni-edge already holds 2 secondary addresses that privateIpAddresses does not list/,
      ),
    ]);
  });

  test("unassignOnCreate is unknown, no failure and no warning", async () => {
    const saved = await beforeTakeover();
    const next = args({ privateIpAddresses: ["10.0.1.20"], unassignOnCreate: unknown });
    expect(await preview(saved, next)).toEqual({ failures: [], printed: [] });
    const provider = await scenario.nextCommand();
    expect((await provider.check(next)).failures).toEqual([]);
  });
});
