import fc from "fast-check";
import { defaultBehaviour } from "./behaviour";
import { ManualClock } from "./clock";
import type { CompleteStateDocument, StateDocument } from "./state-document";
import { StateDocumentError } from "./state-document";
import { parseStateDocument } from "./state-document-schema";
import { idFields, idOfObject, mergePatch } from "./state-patch";
import type { ListWithIds } from "./state-patch";
import { World } from "./world";

const seed: StateDocument = {
  vpcs: [{ VpcId: "vpc-1", Ipv6CidrBlock: "2001:db8:1::/56" }, { VpcId: "vpc-2" }],
  vSwitches: [
    { VSwitchId: "vsw-1", VpcId: "vpc-1", CidrBlock: "10.0.1.0/24", Ipv6CidrBlock: "2001:db8:1::/64" },
    { VSwitchId: "vsw-2", VpcId: "vpc-1", CidrBlock: "10.0.2.0/24" },
  ],
  instances: [{ InstanceId: "i-1" }, { InstanceId: "i-2", VpcAttributes: { VSwitchId: "vsw-2" } }],
  networkInterfaces: [
    { NetworkInterfaceId: "eni-1", PrivateIpAddress: "10.0.1.20", InstanceId: "i-1" },
    { NetworkInterfaceId: "eni-2", PrivateIpAddress: "10.0.1.30" },
    { NetworkInterfaceId: "eni-3", VSwitchId: "vsw-2", PrivateIpAddress: "10.0.2.20" },
  ],
  eips: [{ AllocationId: "eip-1", InstanceId: "eni-1" }],
  occupiedAddresses: [{ Address: "10.0.1.40" }],
};

const address = fc.constantFrom(
  "10.0.1.20",
  "10.0.1.30",
  "10.0.1.40",
  "10.0.1.50",
  "10.0.2.20",
  "10.0.2.60",
  "10.3.0.7",
);
const optional = { requiredKeys: [] as [] };
const vSwitchId = fc.constantFrom("vsw-1", "vsw-2", "vsw-3");
const block = fc.constantFrom("10.0.1.0/24", "10.0.2.0/24", "10.0.0.0/16", "10.3.0.0/24", "10.0.1.0/25");
const withId = <Fields>(field: string, ids: readonly string[], fields: fc.Arbitrary<Fields>) =>
  fc.array(
    fc.tuple(fc.constantFrom(...ids), fields).map(([id, rest]) => ({ [field]: id, ...rest })),
    { maxLength: 3 },
  );

/** Patches that fit, and patches that do not. */
const anyPatch = fc.record(
  {
    vpcs: withId(
      "VpcId",
      ["vpc-1", "vpc-2", "vpc-3"],
      fc.record(
        { VpcName: fc.constant("n"), Ipv6CidrBlock: fc.constantFrom("", "2001:db8:9::/56") },
        optional,
      ),
    ),
    vSwitches: withId(
      "VSwitchId",
      ["vsw-1", "vsw-2", "vsw-3"],
      fc.record(
        { VSwitchName: fc.constant("n"), VpcId: fc.constantFrom("vpc-1", "vpc-2"), CidrBlock: block },
        optional,
      ),
    ),
    instances: withId(
      "InstanceId",
      ["i-1", "i-2", "i-3"],
      fc.record({ Status: fc.constantFrom("Running", "Stopped"), Description: fc.constant("d") }, optional),
    ),
    networkInterfaces: withId(
      "NetworkInterfaceId",
      ["eni-1", "eni-2", "eni-3", "eni-4", "eni-1-primary"],
      fc.record(
        {
          Description: fc.constant("d"),
          VSwitchId: vSwitchId,
          InstanceId: fc.constantFrom("i-1", "i-3", "", null),
          Status: fc.constantFrom("Available", "InUse", "Detaching"),
          PrivateIpAddress: fc.option(address),
          PrivateIpSets: fc.option(
            fc.record({ PrivateIpSet: fc.array(fc.record({ PrivateIpAddress: address }), { maxLength: 2 }) }),
          ),
          SecurityGroupIds: fc.constant({ SecurityGroupId: ["sg-new"] }),
        },
        optional,
      ),
    ),
    eips: withId(
      "AllocationId",
      ["eip-1", "eip-2"],
      fc.record(
        { InstanceId: fc.constantFrom("eni-1", "eni-2", ""), PrivateIpAddress: fc.option(address) },
        optional,
      ),
    ),
    occupiedAddresses: fc.array(fc.record({ Address: address }), { maxLength: 2 }),
  },
  optional,
);

/** The world that the whole merged document makes. */
function loadedWhole(before: CompleteStateDocument, patch: object, clock: ManualClock): World {
  const find = (list: ListWithIds, id: string) =>
    (before[list] as object[]).find((one) => idOfObject(list, one) === id);
  const merged = mergePatch(patch, find);
  const document: Record<string, unknown> = { ...before, ...merged };
  for (const list of Object.keys(idFields) as ListWithIds[]) {
    const objects = new Map((before[list] as object[]).map((one) => [idOfObject(list, one), one]));
    for (const one of (merged[list] ?? []) as object[]) objects.set(idOfObject(list, one), one);
    document[list] = [...objects.values()];
  }
  return new World(clock, () => defaultBehaviour, parseStateDocument(document));
}

/** The document with its lists in one order, or that it was refused. */
function outcomeOf(work: () => World): unknown {
  try {
    return sorted(work().save());
  } catch (error) {
    if (error instanceof StateDocumentError) return "refused";
    throw error;
  }
}

function sorted(document: object): unknown {
  return Object.fromEntries(
    Object.entries(document).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map((one) => JSON.stringify(one)).sort() : (value as unknown),
    ]),
  );
}

test("a patch makes the world that loading the whole merged document makes, or is refused and changes nothing", () => {
  fc.assert(
    fc.property(fc.array(anyPatch, { maxLength: 4 }), (patches) => {
      const clock = new ManualClock(Date.UTC(2026, 0, 1));
      const world = new World(clock, () => defaultBehaviour, seed);
      for (const patch of patches) {
        const before = world.save();
        const expected = outcomeOf(() => loadedWhole(before, patch, clock));
        const found = outcomeOf(() => {
          world.patch(patch);
          return world;
        });
        expect({ patch, found }).toEqual({ patch, found: expected });
        if (found === "refused") expect(sorted(world.save())).toEqual(sorted(before));
      }
    }),
    { seed: 1, numRuns: 100 },
  );
}, 60_000);
