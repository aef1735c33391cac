import fc from "fast-check";
import { findAction } from "../actions/registry";
import { ApiError } from "../api-errors";
import type { RawParameters } from "../wire/parameters";
import { defaultBehaviour } from "../world/behaviour";
import { ManualClock } from "../world/clock";
import type { StateDocument } from "../world/state-document";
import { parseStateDocument } from "../world/state-document-schema";
import type { SavedWorld } from "../world/world";
import { World } from "../world/world";
import { execute } from "./execution";

const region = "cn-hangzhou";
const transitionMs = 100;

const seed: StateDocument = {
  vpcs: [{ VpcId: "vpc-default", Ipv6CidrBlock: "2001:db8:1::/56" }],
  vSwitches: [{ VSwitchId: "vsw-1", CidrBlock: "10.0.1.0/26", Ipv6CidrBlock: "2001:db8:1::/64" }],
  instances: [{ InstanceId: "i-1", InstanceType: "ecs.g6.large" }],
  networkInterfaces: [{ NetworkInterfaceId: "eni-1" }, { NetworkInterfaceId: "eni-2", InstanceId: "i-1" }],
  eips: [{ AllocationId: "eip-1", InstanceId: "eni-1" }],
};

/** Whatever a client may write into a tag, a description or the name of a network, and into another name. */
const anyText = fc.oneof(fc.string(), fc.string({ minLength: 250, maxLength: 300 }));
const freeText = fc.string({ minLength: 2, maxLength: 128 });
const anyName = fc.stringMatching(/^[a-zé中][a-z0-9é中:_.-]{1,127}$/);
/** The n-th of what is there at that moment; a number that is too high names the last one. */
const nth = fc.nat({ max: 5 });
const small = fc.integer({ min: 1, max: 4 });
const token = fc.option(fc.constantFrom("t1", "t2", "t3"), { nil: "" });

/** One thing that happens to a world: a call, or time. */
const step = fc.oneof(
  fc.record({ kind: fc.constant("wait" as const), ms: fc.constantFrom(1, transitionMs / 2, transitionMs) }),
  fc.record({
    kind: fc.constant("call" as const),
    action: fc.constantFrom(
      "CreateVpc",
      "CreateVSwitch",
      "RunInstances",
      "CreateNetworkInterface",
      "AttachNetworkInterface",
      "DetachNetworkInterface",
      "DeleteNetworkInterface",
      "StartInstance",
      "StopInstance",
      "DeleteInstance",
      "AssignPrivateIpAddresses",
      "UnassignPrivateIpAddresses",
      "AssignIpv6Addresses",
      "ModifyNetworkInterfaceAttribute",
      "CreateSecurityGroup",
      "TagResources",
      "DeleteVSwitch",
      "DeleteVpc",
      "DescribeNetworkInterfaces",
    ),
    eni: nth,
    instance: nth,
    vSwitch: nth,
    vpc: nth,
    octet: fc.integer({ min: 1, max: 60 }),
    count: small,
    named: fc.boolean(),
    prefixes: fc.boolean(),
    text: anyText,
    freeText,
    name: anyName,
    token,
  }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Call = Extract<Step, { kind: "call" }>;

function pick(ids: Iterable<string>, index: number): string {
  const all = [...ids];
  return all[Math.min(index, all.length - 1)] ?? "eni-none";
}

/** The call's parameters in this world: two worlds that are the same give the same ones. */
function parametersOf(world: World, call: Call): RawParameters {
  const { vpcs, vSwitches, securityGroups, instances, networkInterfaces } = world.resources;
  const eni = { NetworkInterfaceId: pick(networkInterfaces.keys(), call.eni) };
  const instance = { InstanceId: pick(instances.keys(), call.instance) };
  const vSwitch = { VSwitchId: pick(vSwitches.keys(), call.vSwitch) };
  const vpcId = vSwitches.get(vSwitch.VSwitchId)?.VpcId;
  const groups = [...securityGroups.values()].filter(({ VpcId }) => VpcId === vpcId);
  const group = pick(
    groups.map(({ SecurityGroupId }) => SecurityGroupId),
    call.vpc,
  );
  const address = { "PrivateIpAddress.1": `10.0.1.${call.octet}` };
  const picked: RawParameters = call.prefixes
    ? { Ipv4PrefixCount: "1" }
    : { SecondaryPrivateIpAddressCount: String(call.count) };
  const special: Record<string, RawParameters> = {
    CreateVpc: { CidrBlock: "10.0.0.0/8", EnableIpv6: String(call.named), VpcName: call.freeText },
    CreateVSwitch: {
      ZoneId: `${region}-b`,
      VpcId: pick(vpcs.keys(), call.vpc),
      CidrBlock: `10.2.${call.octet}.0/24`,
      VSwitchName: call.freeText,
    },
    RunInstances: {
      ...vSwitch,
      ImageId: "any",
      InstanceType: "ecs.g6.large",
      SecurityGroupId: group,
      InstanceName: call.freeText,
      Amount: String(call.count),
    },
    CreateNetworkInterface: {
      ...vSwitch,
      ...(call.named ? { PrimaryIpAddress: `10.0.1.${call.octet}` } : picked),
      SecurityGroupId: group,
      NetworkInterfaceName: call.name,
      Description: call.freeText,
      "Tag.1.Key": call.text,
      "Tag.1.Value": call.text,
      DeleteOnRelease: String(call.prefixes),
    },
    AttachNetworkInterface: { ...eni, ...instance },
    DetachNetworkInterface: { ...eni, ...instance },
    DeleteNetworkInterface: eni,
    StartInstance: instance,
    StopInstance: instance,
    DeleteInstance: { ...instance, Force: "true" },
    AssignPrivateIpAddresses: { ...eni, ...(call.named ? address : picked) },
    UnassignPrivateIpAddresses: { ...eni, ...address },
    AssignIpv6Addresses: { ...eni, Ipv6AddressCount: String(call.count) },
    ModifyNetworkInterfaceAttribute: {
      ...eni,
      NetworkInterfaceName: call.name,
      Description: call.freeText,
      "SecurityGroupId.1": group,
      DeleteOnRelease: String(call.prefixes),
      SourceDestCheck: String(call.named),
    },
    CreateSecurityGroup: {
      VpcId: pick(vpcs.keys(), call.vpc),
      SecurityGroupName: call.name,
      "Tag.1.Key": call.text,
    },
    TagResources: {
      ResourceType: "eni",
      "ResourceId.1": eni.NetworkInterfaceId,
      "Tag.1.Key": call.name,
      "Tag.1.Value": call.freeText,
    },
    DeleteVSwitch: vSwitch,
    DeleteVpc: { VpcId: pick(vpcs.keys(), call.vpc) },
    DescribeNetworkInterfaces: {},
  };
  return { RegionId: region, ClientToken: call.token, ...special[call.action] };
}

/** What a client sees of a step: the answer, or the error. */
async function take(world: World, clock: ManualClock, one: Step): Promise<unknown> {
  if (one.kind === "wait") {
    clock.advance(one.ms);
    return undefined;
  }
  const version = /Vpc|VSwitch/.test(one.action) ? "2016-04-28" : "2014-05-26";
  try {
    const params = parametersOf(world, one);
    return await execute(findAction(one.action, version), params, world, () => Promise.resolve());
  } catch (error) {
    if (error instanceof ApiError) return `${error.code} ${error.message}`;
    throw error;
  }
}

const behaviour = () => ({ ...defaultBehaviour, transitionMs });
const startMs = Date.UTC(2026, 0, 1);

function start() {
  const clock = new ManualClock(startMs);
  return { clock, world: new World(clock, behaviour, parseStateDocument(seed)) };
}

async function tell(world: World, clock: ManualClock, steps: readonly Step[]): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const one of steps) answers.push(await take(world, clock, one));
  return answers;
}

const steps = fc.array(step, { maxLength: 25, size: "max" });
// The same histories each time: a run that is to land a change must not fail for what another one would find.
const runs = { seed: 1, numRuns: 200 };

test("the same seed and the same calls give the same ids, addresses and answers", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (told) => {
      const [one, other] = [start(), start()];
      expect(await tell(one.world, one.clock, told)).toEqual(await tell(other.world, other.clock, told));
      expect(one.world.save()).toEqual(other.world.save());
    }),
    runs,
  );
});

test("the same document in the place of a world is the same world", async () => {
  await fc.assert(
    fc.asyncProperty(steps, steps, async (before, after) => {
      const { clock, world } = start();
      await tell(world, clock, before);
      const document: unknown = JSON.parse(JSON.stringify(world.save()));
      const otherClock = new ManualClock(clock.now());
      const other = new World(otherClock, behaviour, parseStateDocument(document));
      expect(other.save()).toEqual(document);
      // The tokens of calls stay behind with the world that they belong to.
      const fresh = after.map((one) =>
        one.kind === "call" && one.token !== "" ? { ...one, token: `new-${one.token}` } : one,
      );
      expect(await tell(other, otherClock, fresh)).toEqual(await tell(world, clock, fresh));
      expect(other.save()).toEqual(world.save());
    }),
    runs,
  );
});

test("a world that was saved and loaded later is the one that had gone on, with its ClientTokens", async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.nat(3 * transitionMs), steps, async (before, awayMs, after) => {
      const { clock, world } = start();
      await tell(world, clock, before);
      const saved = JSON.parse(JSON.stringify(world.saveAll())) as SavedWorld;
      clock.advance(awayMs);
      const otherClock = new ManualClock(clock.now());
      const other = World.restore(otherClock, behaviour, saved);
      expect(other.save()).toEqual(world.save());
      expect(await tell(other, otherClock, after)).toEqual(await tell(world, clock, after));
      expect(other.saveAll()).toEqual(world.saveAll());
    }),
    runs,
  );
});

test("an id that is gone does not come back with the document", async () => {
  const { world } = start();
  const params = { RegionId: region, VSwitchId: "vsw-1", SecurityGroupId: "sg-default" };
  const create = async (where: World) => {
    const action = findAction("CreateNetworkInterface", "2014-05-26");
    return (await execute(action, params, where, () => Promise.resolve())) as { NetworkInterfaceId: string };
  };
  const first = await create(world);
  world.resources.networkInterfaces.delete(first.NetworkInterfaceId);
  const other = new World(new ManualClock(startMs), behaviour, parseStateDocument(world.save()));
  expect((await create(other)).NetworkInterfaceId).not.toBe(first.NetworkInterfaceId);
});

test("an id that the seed has is not given again", () => {
  const { world } = start();
  const id = world.newId("eni");
  const other = new World(new ManualClock(startMs), behaviour, {
    networkInterfaces: [{ NetworkInterfaceId: id }],
  });
  expect(other.newId("eni")).not.toBe(id);
});
