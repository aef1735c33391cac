import fc from "fast-check";
import { assignPrivateIpAddresses } from "../actions/AssignPrivateIpAddresses";
import { findAction } from "../actions/registry";
import { unassignPrivateIpAddresses } from "../actions/UnassignPrivateIpAddresses";
import { ApiError } from "../api-errors";
import { defaultBehaviour } from "../world/behaviour";
import { ManualClock } from "../world/clock";
import { eniStatuses, instanceStatuses } from "../world/resources";
import { World } from "../world/world";
import { execute } from "./execution";

/** A /27: addresses .0 to .31, of which .1 to .28 can be handed out. */
const cidrBlock = "10.0.1.0/27";
const enis = ["eni-a", "eni-b", "eni-p"] as const;

const call = fc.record({
  verb: fc.constantFrom("assign", "unassign"),
  eni: fc.constantFrom(...enis, "eni-unknown"),
  octets: fc.array(fc.integer({ min: 0, max: 34 }), { maxLength: 6 }),
  count: fc.option(fc.integer({ min: 0, max: 6 }), { freq: 3 }),
});
const setting = fc.record({
  batch: fc.constantFrom("atomic" as const, "partial" as const),
  eniStatus: fc.oneof(
    { weight: 4, arbitrary: fc.constant("Available" as const) },
    fc.constantFrom(...eniStatuses),
  ),
  instanceStatus: fc.oneof(
    { weight: 4, arbitrary: fc.constant("Running" as const) },
    fc.constantFrom(...instanceStatuses),
  ),
  serviceManaged: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.boolean()),
});

type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;
type Setting = typeof setting extends fc.Arbitrary<infer T> ? T : never;

/** What an outsider can see: the addresses of each ENI, the primary first. */
type Seen = Readonly<Record<string, readonly string[]>>;

function makeWorld({ batch, eniStatus, instanceStatus, serviceManaged }: Setting): World {
  return new World(new ManualClock(), () => ({ ...defaultBehaviour, batch, maxAddressesPerCall: 4 }), {
    vSwitches: [{ VSwitchId: "vsw-1", CidrBlock: cidrBlock }],
    instances: [{ InstanceId: "i-1", InstanceType: "ecs.g6.large", Status: instanceStatus }],
    networkInterfaces: [
      { NetworkInterfaceId: "eni-a", Status: eniStatus, ServiceManaged: serviceManaged },
      { NetworkInterfaceId: "eni-b" },
      // Nearly full, or its quota would hardly ever be met.
      {
        NetworkInterfaceId: "eni-p",
        InstanceId: "i-1",
        Type: "Primary",
        PrivateIpAddress: "10.0.1.19",
        PrivateIpSets: {
          PrivateIpSet: ["10.0.1.20", "10.0.1.21", "10.0.1.22"].map((PrivateIpAddress) => ({
            PrivateIpAddress,
          })),
        },
      },
    ],
  });
}

function look(world: World): Seen {
  return Object.fromEntries(
    world
      .save()
      .networkInterfaces.map((eni) => [
        eni.NetworkInterfaceId,
        eni.PrivateIpSets.PrivateIpSet.map((ip) => ip.PrivateIpAddress),
      ]),
  );
}

async function codeOf(world: World, { verb, eni, octets, count }: Call): Promise<string | undefined> {
  const params: Record<string, string> = { RegionId: "cn-hangzhou", NetworkInterfaceId: eni };
  octets.forEach((octet, index) => (params[`PrivateIpAddress.${index + 1}`] = `10.0.1.${octet}`));
  if (count !== null) params.SecondaryPrivateIpAddressCount = String(count);
  const action = verb === "assign" ? assignPrivateIpAddresses : unassignPrivateIpAddresses;
  try {
    await execute(action, params, world, () => Promise.resolve());
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
}

/** Every reason that the documentation gives for refusing the call, judged from outside. */
function reasons({ verb, eni, octets, count: given }: Call, before: Seen, world: Setting): Set<string> {
  const count = verb === "assign" ? given : null;
  const found = new Set<string>();
  const add = (code: string, when: boolean) => {
    if (when) found.add(code);
  };
  const own = before[eni] ?? [];
  const others = Object.entries(before).flatMap(([id, addresses]) => (id === eni ? [] : addresses));
  const wanted = octets.map((octet) => `10.0.1.${octet}`);
  const asked = wanted.length + (count ?? 0);
  add("MissingParameter", wanted.length === 0 && count === null);
  add(
    "InvalidParameter",
    wanted.length > 4 || count === 0 || (count ?? 0) > 4 || (count !== null && wanted.length > 0),
  );
  add("InvalidIp.IpRepeated", new Set(wanted).size < wanted.length);
  add("InvalidEniId.NotFound", eni === "eni-unknown");
  add("InvalidOperation.EniServiceManaged", eni === "eni-a" && world.serviceManaged);
  add(
    "InvalidOperation.InvalidEniState",
    eni === "eni-a" && world.eniStatus !== "Available" && world.eniStatus !== "InUse",
  );
  add(
    "InvalidOperation.InvalidEcsState",
    eni === "eni-p" && world.instanceStatus !== "Running" && world.instanceStatus !== "Stopped",
  );
  if (verb === "unassign") {
    add(
      "InvalidVSwitchId.IpInvalid",
      octets.some((octet) => octet > 31),
    );
    add(
      "InvalidIp.IpUnassigned",
      wanted.some((address) => !own.slice(1).includes(address)),
    );
    return found;
  }
  const fresh = wanted.filter((address) => !own.includes(address) && !others.includes(address));
  add(
    "InvalidVSwitchId.IpInvalid",
    octets.some((octet) => octet < 1 || octet > 28),
  );
  add(
    "InvalidIp.IpAssigned",
    wanted.some((address) => own.includes(address)),
  );
  add(
    "InvalidPrivateIpAddress.Duplicated",
    wanted.some((address) => others.includes(address)),
  );
  const slots = eni === "eni-p" ? 6 : 50;
  add("InvalidOperation.Ipv4CountExceeded", own.length + fresh.length + (count ?? 0) > slots);
  add("InvalidVSwitchId.IpNotEnough", asked > 28 - own.length - others.length && count !== null);
  return found;
}

test("any call: every refusal has a true reason, and no primary or foreign address is lost", async () => {
  await fc.assert(
    fc.asyncProperty(setting, fc.array(call, { minLength: 1, maxLength: 15 }), async (world, calls) => {
      const emulated = makeWorld(world);
      for (const one of calls) {
        const before = look(emulated);
        const why = reasons(one, before, world);
        const code = await codeOf(emulated, one);
        const after = look(emulated);

        if (code === undefined) expect([...why]).toEqual([]);
        else expect([...why]).toContain(code);
        for (const eni of enis) {
          expect(after[eni]?.[0]).toBe(before[eni]?.[0]);
          if (eni !== one.eni || (code !== undefined && world.batch === "atomic"))
            expect(after[eni]).toEqual(before[eni]);
          if (one.verb === "assign")
            expect(after[eni]).toEqual(expect.arrayContaining([...(before[eni] ?? [])]));
        }
        const all = Object.values(after).flat();
        expect(new Set(all).size).toBe(all.length);
      }
    }),
    { numRuns: 300 },
  );
});

/** One step of a history in which everything may be called, in any order, by any client. */
const anything = fc.record({
  action: fc.constantFrom(
    "wait",
    "AssignPrivateIpAddresses",
    "UnassignPrivateIpAddresses",
    "UnassignPrivateIpAddresses",
    "UnassignPrivateIpAddresses",
    "AssignIpv6Addresses",
    "UnassignIpv6Addresses",
    "ModifyNetworkInterfaceAttribute",
    "AttachNetworkInterface",
    "DetachNetworkInterface",
    "DeleteNetworkInterface",
    "CreateNetworkInterface",
    "RunInstances",
    "StopInstance",
    "StartInstance",
    "DeleteInstance",
    "TagResources",
    "UntagResources",
    "DeleteSecurityGroup",
    "DeleteVSwitch",
    "DeleteVpc",
    "DescribeNetworkInterfaces",
  ),
  eni: fc.nat({ max: 4 }),
  instance: fc.nat({ max: 3 }),
  octets: fc.array(fc.integer({ min: 0, max: 31 }), { maxLength: 2 }),
  /** Names addresses that the ENI has, or any. */
  own: fc.constantFrom(true, true, true, false),
  prefix: fc.boolean(),
  count: fc.integer({ min: 0, max: 3 }),
});
type Anything = typeof anything extends fc.Arbitrary<infer T> ? T : never;

/** All that each ENI has: the primary address first, then the others, prefixes and IPv6. */
function lookAtAll(world: World): Record<string, { primary: string; all: string[] }> {
  return Object.fromEntries(
    world.save().networkInterfaces.map((eni) => {
      const addresses = eni.PrivateIpSets.PrivateIpSet.map((ip) => ip.PrivateIpAddress);
      const all = [
        ...addresses,
        ...eni.Ipv4PrefixSets.Ipv4PrefixSet.map((set) => set.Ipv4Prefix),
        ...eni.Ipv6Sets.Ipv6Set.map((set) => set.Ipv6Address),
        ...eni.Ipv6PrefixSets.Ipv6PrefixSet.map((set) => set.Ipv6Prefix),
      ];
      return [eni.NetworkInterfaceId, { primary: addresses[0] ?? "", all }];
    }),
  );
}

/** The parameters of a call; ENIs and instances are those that are there at that moment, or the last one of them. */
function parametersOf(world: World, one: Anything): { eniId: string; params: Record<string, string> } {
  const nth = (ids: Iterable<string>, index: number) => {
    const all = [...ids];
    return all[Math.min(index, all.length - 1)] ?? "none";
  };
  const eniId = nth(world.resources.networkInterfaces.keys(), one.eni);
  const held = world.resources.networkInterfaces.get(eniId)?.PrivateIpSets.PrivateIpSet ?? [];
  const prefixes = world.resources.networkInterfaces.get(eniId)?.Ipv4PrefixSets.Ipv4PrefixSet ?? [];
  const ownPrefix = prefixes[0]?.Ipv4Prefix ?? "10.0.1.16/28";
  const own = (octet: number) => held[octet % held.length]?.PrivateIpAddress ?? "10.0.1.1";
  const named = one.octets.flatMap((octet, index) => [
    [`PrivateIpAddress.${index + 1}`, one.own ? own(octet) : `10.0.1.${octet}`] as const,
    [`Ipv6Address.${index + 1}`, `2001:db8::${octet.toString(16)}`] as const,
  ]);
  return {
    eniId,
    params: {
      RegionId: "cn-hangzhou",
      NetworkInterfaceId: eniId,
      InstanceId: nth(world.resources.instances.keys(), one.instance),
      ResourceType: "eni",
      "ResourceId.1": eniId,
      "Tag.1.Key": `key-${one.count}`,
      "TagKey.1": `key-${one.count}`,
      "SecurityGroupId.1": "sg-default",
      SecurityGroupId: "sg-default",
      VSwitchId: "vsw-1",
      VpcId: "vpc-default",
      ImageId: "any",
      ...(one.action === "RunInstances" && { InstanceType: "ecs.g6.large" }),
      Force: "true",
      Description: `step ${one.count}`,
      ...Object.fromEntries(one.prefix ? [] : named),
      ...(one.prefix &&
        (one.action.startsWith("Assign") ? { Ipv4PrefixCount: "1" } : { "Ipv4Prefix.1": ownPrefix })),
      ...(one.octets.length === 0 &&
        !one.prefix && {
          SecondaryPrivateIpAddressCount: String(one.count),
          Ipv6AddressCount: String(one.count),
        }),
    },
  };
}

test("any calls: no primary address changes, no other ENI loses anything, nothing is held twice", async () => {
  const done = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("atomic" as const, "partial" as const),
      fc.array(anything, { minLength: 5, maxLength: 25, size: "max" }),
      async (batch, steps) => {
        const clock = new ManualClock();
        const world = new World(clock, () => ({ ...defaultBehaviour, batch, transitionMs: 10 }), {
          vpcs: [{ VpcId: "vpc-default", Ipv6CidrBlock: "2001:db8::/56" }],
          vSwitches: [{ VSwitchId: "vsw-1", CidrBlock: "10.0.1.0/26", Ipv6CidrBlock: "2001:db8::/64" }],
          instances: [{ InstanceId: "i-1", InstanceType: "ecs.g7.large" }],
          networkInterfaces: [
            { NetworkInterfaceId: "eni-a" },
            {
              NetworkInterfaceId: "eni-b",
              PrivateIpSets: {
                PrivateIpSet: ["10.0.1.9", "10.0.1.10", "10.0.1.11"].map((PrivateIpAddress) => ({
                  PrivateIpAddress,
                })),
              },
            },
            { NetworkInterfaceId: "eni-c", InstanceId: "i-1" },
          ],
        });
        let before = lookAtAll(world);
        for (const one of steps) {
          const { eniId, params } = parametersOf(world, one);
          if (one.action === "wait") clock.advance(5);
          else {
            const version = /Vpc|VSwitch/.test(one.action) ? "2016-04-28" : "2014-05-26";
            try {
              await execute(findAction(one.action, version), params, world, () => Promise.resolve());
              done.add(one.action);
            } catch (error) {
              if (!(error instanceof ApiError)) throw error;
            }
          }
          const after = lookAtAll(world);
          const changesAddresses = /^(?:Unassign|Assign)/.test(one.action);
          for (const [id, was] of Object.entries(before)) {
            const is = after[id];
            // An ENI goes only with time.
            if (one.action !== "wait") expect(is).toBeDefined();
            if (!is) continue;
            expect(is.primary).toBe(was.primary);
            if (!changesAddresses || id !== eniId) expect(is).toEqual(was);
          }
          const held = Object.values(after).flatMap(({ all }) => all);
          expect(new Set(held).size).toBe(held.length);
          before = after;
        }
      },
    ),
    { numRuns: 80, seed: 5 },
  );
  // Histories in which nothing succeeds prove nothing: the same ones each time, so that they cannot all fail by chance.
  const expected = [
    "AssignIpv6Addresses",
    "AssignPrivateIpAddresses",
    "AttachNetworkInterface",
    "CreateNetworkInterface",
    "DeleteInstance",
    "DeleteNetworkInterface",
    "ModifyNetworkInterfaceAttribute",
    "TagResources",
    "UnassignPrivateIpAddresses",
  ];
  expect(expected.filter((action) => !done.has(action))).toEqual([]);
});
