import {
  addressRange,
  eniId,
  otherEniId,
  primaryAddress,
  privateIpSets,
  setByHand,
  twoEnis,
  worldWith,
} from "../support/eni-world";
import type { Properties } from "../support/provider-host";
import { Scenario, type Saved } from "../support/scenario";

/*
 * What the state holds after `up` is what a refresh finds: inputs, outputs and hidden fields. Inputs come back as the program
 * writes them.
 */

let scenario: Scenario;
afterEach(() => scenario.stop());

const Ipv4PrefixSets = { Ipv4PrefixSet: [{ Ipv4Prefix: "10.0.1.48/28" }, { Ipv4Prefix: "10.0.1.32/28" }] };
const prefixes = (...list: string[]) => ({
  Ipv4PrefixSet: list.map((Ipv4Prefix) => ({ Ipv4Prefix })),
});

async function refreshed(saved: Saved): Promise<Saved> {
  await scenario.nextCommand();
  const found = await scenario.refresh(saved);
  if (found === undefined) throw new Error("the resource is gone");
  return found;
}

const hidden = { schemaVersion: 2, name: "edge", resource: "a::b/edge", timeouts: { create: "5m" } };
const unsorted = ["10.0.1.100", "10.0.1.9", "10.0.1.20"];
const unsortedPrefixes = ["10.0.1.64/28", "10.0.1.32/28", "10.0.1.128/28"];

const declarations: [string, Properties][] = [
  ["a list", { privateIpAddresses: unsorted }],
  ["an empty list", { privateIpAddresses: [] }],
  ["an additive list", { privateIpAddresses: unsorted, ownership: "additive" }],
  ["a count", { secondaryPrivateIpAddressCount: 3 }],
  ["prefixes", { ipv4Prefixes: unsortedPrefixes }],
  ["additive prefixes", { ipv4Prefixes: unsortedPrefixes, ownership: "additive" }],
  ["a count of prefixes", { ipv4PrefixCount: 2 }],
  [
    "options with their default",
    { privateIpAddresses: ["10.0.1.20"], ownership: "exclusive", allowUnassignWithEip: false },
  ],
  [
    "other options",
    {
      privateIpAddresses: ["10.0.1.20"],
      unassignOnCreate: ["10.0.1.70", "10.0.1.8"],
      allowUnassignWithEip: true,
    },
  ],
];

describe.each(declarations)("%s:", (_title, declared) => {
  const args = { networkInterfaceId: eniId, ...declared, region: "cn-hangzhou", __internal: hidden };

  test("check returns the inputs as they are written", async () => {
    scenario = await Scenario.start(worldWith());
    const { inputs } = await scenario.provider.check(args);
    expect(inputs).toMatchObject(args);
    expect(Object.keys(inputs).sort()).toEqual(["__provider", ...Object.keys(args)].sort());
  });

  test("a refresh after create, and after an update of options, changes nothing", async () => {
    scenario = await Scenario.start(worldWith());
    const created = await scenario.create(args);
    expect(await refreshed(created)).toEqual(created);
    await scenario.nextCommand();
    const updated = await scenario.up(created, { ...args, __internal: { ...hidden, timeouts: {} } });
    expect(updated.outputs).not.toEqual(created.outputs);
    expect(await refreshed(updated)).toEqual(updated);
  });
});

test("refresh after drift: the inputs show it, with everything else as it is written; a second one changes nothing", async () => {
  scenario = await Scenario.start(worldWith());
  const args = {
    networkInterfaceId: eniId,
    privateIpAddresses: ["10.0.1.100", "10.0.1.9", "10.0.1.20"],
    ownership: "exclusive",
    allowUnassignWithEip: false,
    unassignOnCreate: ["10.0.1.70", "10.0.1.8"],
    region: "cn-hangzhou",
    __internal: hidden,
  };
  const created = await scenario.create(args);
  setByHand(scenario.emulator, ["10.0.1.5", "10.0.1.20", "10.0.1.100"]);
  const drifted = await refreshed(created);
  expect(drifted.inputs).toEqual({
    ...created.inputs,
    privateIpAddresses: ["10.0.1.100", "10.0.1.5", "10.0.1.20"],
  });
  expect(await refreshed(drifted)).toEqual(drifted);
});

test.each<[string, string[], string[]]>([
  ["nothing", unsorted, unsorted],
  ["the last one removed", ["10.0.1.100", "10.0.1.9"], ["10.0.1.100", "10.0.1.9"]],
  ["one in the middle removed", ["10.0.1.100", "10.0.1.20"], ["10.0.1.100", "10.0.1.20"]],
  ["one replaced", ["10.0.1.100", "10.0.1.7", "10.0.1.20"], ["10.0.1.100", "10.0.1.7", "10.0.1.20"]],
  ["one added", [...unsorted, "10.0.1.7"], [...unsorted, "10.0.1.7"]],
])("refresh after drift, %s: the others keep their place in the list", async (_what, held, expected) => {
  scenario = await Scenario.start(worldWith());
  const created = await scenario.create({ networkInterfaceId: eniId, privateIpAddresses: unsorted });
  setByHand(scenario.emulator, held);
  const drifted = await refreshed(created);
  expect(drifted.inputs.privateIpAddresses).toEqual(expected);
  // What the engine makes of `ignoreChanges: ["privateIpAddresses[0]"]`.
  await scenario.nextCommand();
  const repaired = await scenario.up(drifted, { networkInterfaceId: eniId, privateIpAddresses: unsorted });
  expect(repaired.inputs.privateIpAddresses).toEqual(unsorted);
  expect(scenario.held()).toEqual([...unsorted].sort());
});

test("another order of the list: no change, and the next refresh changes nothing", async () => {
  scenario = await Scenario.start(worldWith());
  const args = (privateIpAddresses: string[]) => ({ networkInterfaceId: eniId, privateIpAddresses });
  const created = await scenario.create(args(unsorted));
  const provider = await scenario.nextCommand();
  const { inputs } = await provider.check(args([...unsorted].reverse()), created.inputs);
  expect(await provider.diff(eniId, created.outputs, inputs)).toMatchObject({ changes: false });
  expect(scenario.writes).toEqual([]);
  const reordered = { ...created, inputs };
  expect(await refreshed(reordered)).toEqual(reordered);
});

describe("get:", () => {
  const declared = (more: Properties = {}) => ({ ...more, __internal: { ...hidden, timeouts: {} } });

  /** A read of the program, as `pulumi up` sends it. The engine keeps the program's inputs. */
  async function get(inputs: Properties, id = eniId): Promise<Saved> {
    const { outputs } = await scenario.provider.read(id, inputs);
    return { id, outputs, inputs };
  }

  test.each<[string, Properties, string[], Properties]>([
    ["an ENI with addresses", {}, ["10.0.1.20"], {}],
    [
      "an ENI with addresses and prefixes, in a given region",
      { region: "cn-hangzhou" },
      ["10.0.1.20"],
      { Ipv4PrefixSets },
    ],
    ["an ENI without any", {}, [], {}],
    ["a program of an earlier release", { __internal: undefined }, ["10.0.1.20"], { Ipv4PrefixSets }],
  ])("%s: refresh and the next read change nothing", async (_what, more, held, eni) => {
    scenario = await Scenario.start(worldWith(held, eni));
    const inputs = declared(more);
    const read = await get(inputs);
    expect(read.outputs).toMatchObject({ privateIpAddresses: held, primaryIpAddress: primaryAddress });
    const again = await refreshed(read);
    expect(again).toEqual(read);
    expect(await get(inputs)).toEqual(read);
  });

  test("an address and a prefix were added: refresh shows both, then changes nothing", async () => {
    scenario = await Scenario.start(worldWith(["10.0.1.20"]));
    const read = await get(declared());
    scenario.emulator.control.patchState({
      networkInterfaces: [
        {
          NetworkInterfaceId: eniId,
          PrivateIpSets: privateIpSets(["10.0.1.20", "10.0.1.99"]),
          Ipv4PrefixSets: prefixes("10.0.1.32/28"),
        },
      ],
    });
    const drifted = await refreshed(read);
    expect(drifted.outputs).toEqual({
      ...read.outputs,
      privateIpAddresses: ["10.0.1.20", "10.0.1.99"],
      ipv4Prefixes: ["10.0.1.32/28"],
    });
    expect(drifted.inputs).toEqual(read.inputs);
    expect(await refreshed(drifted)).toEqual(drifted);
    expect(await get(declared())).toEqual(drifted);
  });

  test("in a preview: the outputs are those of the update", async () => {
    scenario = await Scenario.start(worldWith(["10.0.1.20"]));
    const preview = await get({ __internal: { ...hidden, preview: true } });
    expect(preview.outputs).toEqual((await get({ __internal: hidden })).outputs);
  });

  test("beside a resource that manages another ENI: both stay as they are", async () => {
    scenario = await Scenario.start(twoEnis(["10.0.1.20"]));
    const managed = await scenario.create({
      networkInterfaceId: otherEniId,
      privateIpAddresses: addressRange(30, 2),
    });
    const read = await get(declared());
    expect(await refreshed(managed)).toEqual(managed);
    expect(await refreshed(read)).toEqual(read);
  });
});
