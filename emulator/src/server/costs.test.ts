import { findAction } from "../actions/registry";
import type { RawParameters } from "../wire/parameters";
import { changeBehaviour, defaultBehaviour } from "../world/behaviour";
import type { BehaviourChange } from "../world/behaviour";
import { ManualClock } from "../world/clock";
import { World } from "../world/world";
import type { StateDocument } from "../world/state-document";
import { execute } from "./execution";

/** Counts what is read from maps and sets meanwhile: a search through the world is many steps. */
async function countSteps(work: () => unknown): Promise<number> {
  let steps = 0;
  const restore: (() => void)[] = [];
  const count = (prototype: object, name: string | symbol, counted: (own: Method) => Method) => {
    const own = Reflect.get(prototype, name) as Method;
    Reflect.set(prototype, name, counted(own));
    restore.push(() => Reflect.set(prototype, name, own));
  };
  for (const prototype of [Map.prototype, Set.prototype]) {
    for (const name of ["values", "keys", "entries", Symbol.iterator])
      count(
        prototype,
        name,
        (own) =>
          function* (this: object) {
            for (const item of own.call(this) as Iterable<unknown>) {
              steps++;
              yield item;
            }
          },
      );
    for (const name of ["get", "has", "set", "add", "delete"].filter((method) => method in prototype))
      count(
        prototype,
        name,
        (own) =>
          function (this: object, ...args: readonly unknown[]) {
            steps++;
            return own.call(this, ...args);
          },
      );
  }
  try {
    await work();
  } finally {
    for (const one of restore) one();
  }
  return steps;
}

type Method = (this: object, ...args: readonly unknown[]) => unknown;

const region = { RegionId: "cn-hangzhou" };
const eni = { ...region, NetworkInterfaceId: "eni-7" };
const vSwitch = { ...region, VSwitchId: "vsw-1" };

function makeWorld(enis: number, behaviour: BehaviourChange = {}): World {
  const range = Array.from({ length: enis }, (_, index) => index + 1);
  return new World(
    new ManualClock(),
    () => changeBehaviour({ ...defaultBehaviour, transitionMs: 0 }, behaviour),
    {
      vpcs: [{ VpcId: "vpc-1", Ipv6CidrBlock: "2001:db8:1::/56" }],
      vSwitches: [
        { VSwitchId: "vsw-1", VpcId: "vpc-1", CidrBlock: "10.0.0.0/16", Ipv6CidrBlock: "2001:db8:1::/64" },
        ...range.map((index) => ({ VSwitchId: `vsw-x-${index}`, VpcId: "vpc-1" })),
      ],
      instances: range.map((index) => ({ InstanceId: `i-${index}`, InstanceType: "ecs.g6.4xlarge" })),
      networkInterfaces: range.map((index) => ({
        NetworkInterfaceId: `eni-${index}`,
        VSwitchId: "vsw-1",
        Ipv6Sets: { Ipv6Set: [{ Ipv6Address: `2001:db8:1::${(index + 16).toString(16)}` }] },
      })),
      eips: range.map((index) => ({ AllocationId: `eip-${index}`, InstanceId: `eni-${index}` })),
      occupiedAddresses: range.map((index) => ({
        VSwitchId: "vsw-1",
        Address: `10.0.${200 + (index >> 8)}.${index & 255}`,
      })),
    },
  );
}

const calls: readonly (readonly [action: string, params: RawParameters, version?: string])[] = [
  ["DescribeNetworkInterfaces", { ...region, "NetworkInterfaceId.1": "eni-7" }],
  ["DescribeNetworkInterfaces", { ...region, InstanceId: "i-7" }],
  ["DescribeNetworkInterfaceAttribute", eni],
  ["DescribeInstances", { ...region, InstanceIds: '["i-7"]' }],
  ["DescribeInstanceStatus", { ...region, "InstanceId.1": "i-7" }],
  ["DescribeSecurityGroups", { ...region, SecurityGroupId: "sg-1" }],
  ["DescribeVSwitches", { ...vSwitch, RegionId: region.RegionId }],
  ["DescribeVSwitchAttributes", vSwitch, "2016-04-28"],
  ["ListTagResources", { ...region, ResourceType: "eni", "ResourceId.1": "eni-7" }],
  ["AssignPrivateIpAddresses", { ...eni, SecondaryPrivateIpAddressCount: "3" }],
  ["AssignPrivateIpAddresses", { ...eni, Ipv4PrefixCount: "1" }],
  ["AssignPrivateIpAddresses", { ...eni, "PrivateIpAddress.1": "10.0.150.1" }],
  ["UnassignPrivateIpAddresses", { ...eni, "PrivateIpAddress.1": "10.0.150.1" }],
  ["AssignIpv6Addresses", { ...eni, NetworkInterfaceId: "eni-8", Ipv6AddressCount: "2" }],
  ["AttachNetworkInterface", { ...eni, InstanceId: "i-7" }],
  ["ModifyNetworkInterfaceAttribute", { ...eni, Description: "edge" }],
  ["DetachNetworkInterface", { ...eni, InstanceId: "i-7" }],
  ["TagResources", { ...region, ResourceType: "eni", "ResourceId.1": "eni-7", "Tag.1.Key": "a" }],
  ["CreateNetworkInterface", { ...vSwitch, SecurityGroupId: "sg-1" }],
  ["RunInstances", { ...vSwitch, SecurityGroupId: "sg-1", ImageId: "any", InstanceType: "ecs.g6.large" }],
  ["DeleteNetworkInterface", eni],
  ["StopInstance", { InstanceId: "i-7" }],
  ["DeleteInstance", { InstanceId: "i-7" }],
  ["CreateSecurityGroup", { ...region, VpcId: "vpc-1" }],
  ["AllocateEipAddress", region, "2016-04-28"],
];

/** The steps of each call, and of what follows it by itself. */
async function stepsOfCalls(world: World): Promise<Record<string, number>> {
  const steps: Record<string, number> = {};
  for (const [index, [action, params, version = "2014-05-26"]] of calls.entries()) {
    const call = findAction(action, version);
    steps[`${index} ${action}`] = await countSteps(async () => {
      await execute(call, params, world, () => Promise.resolve());
      return world.resources;
    });
  }
  return steps;
}

test("calls take as many steps among 1,000 ENIs as among 30", async () => {
  const [few, many] = [makeWorld(30), makeWorld(1000)];
  // The first use of an index makes it.
  for (const world of [few, many]) {
    const before = world.save();
    await stepsOfCalls(world);
    world.patch({
      instances: before.instances.filter(({ InstanceId }) => InstanceId === "i-7"),
      networkInterfaces: before.networkInterfaces.filter(({ NetworkInterfaceId }) =>
        ["eni-7", "eni-7-primary"].includes(NetworkInterfaceId),
      ),
      eips: before.eips.filter(({ AllocationId }) => AllocationId === "eip-7"),
    });
  }
  const [expected, found] = [await stepsOfCalls(few), await stepsOfCalls(many)];
  const grown = Object.entries(expected).filter(([call, steps]) => (found[call] ?? 0) > steps * 1.3 + 10);
  expect(grown.map(([call, steps]) => [call, steps, found[call]])).toEqual([]);
});

test("a read of an ENI takes as many steps among 1,000 ENIs as among 30 while a new ENI is hidden", async () => {
  const steps: number[] = [];
  for (const enis of [30, 1000]) {
    const world = makeWorld(enis, { newEniHiddenReads: 1000 });
    world.patch({ networkInterfaces: [{ NetworkInterfaceId: "eni-new", VSwitchId: "vsw-1" }] });
    const read = () =>
      execute(
        findAction("DescribeNetworkInterfaces", "2014-05-26"),
        { ...region, "NetworkInterfaceId.1": "eni-7" },
        world,
        () => Promise.resolve(),
      );
    // The first use of an index makes it.
    await read();
    steps.push(await countSteps(read));
  }
  const [few = 0, many = 0] = steps;
  expect(many).toBeLessThanOrEqual(few * 1.3 + 10);
});

const patches: readonly (readonly [name: string, patch: object])[] = [
  ["an ENI", { networkInterfaces: [{ NetworkInterfaceId: "eni-3", Description: "edge" }] }],
  ["a new ENI", { networkInterfaces: [{ NetworkInterfaceId: "eni-new", VSwitchId: "vsw-1" }] }],
  ["an instance", { instances: [{ InstanceId: "i-3", Status: "Stopped" }] }],
  ["a new vSwitch", { vSwitches: [{ VSwitchId: "vsw-new", VpcId: "vpc-1" }] }],
  ["an EIP", { eips: [{ AllocationId: "eip-3", InstanceId: "eni-4", PrivateIpAddress: null }] }],
  ["the name of a vSwitch", { vSwitches: [{ VSwitchId: "vsw-1", VSwitchName: "edge" }] }],
];

test.each(patches)("a patch of %s takes as many steps among 1,000 ENIs as among 30", async (_, patch) => {
  const steps: number[] = [];
  for (const enis of [30, 1000]) {
    const world = makeWorld(enis);
    // The first use of an index makes it.
    world.patch(patch);
    steps.push(await countSteps(() => world.patch(patch)));
  }
  const [few = 0, many = 0] = steps;
  expect(many).toBeLessThanOrEqual(few * 1.3 + 10);
});

test("loading 2,000 of each kind takes little more than twice the steps of 1,000", async () => {
  const documentOf = (count: number): StateDocument => {
    const range = Array.from({ length: count }, (_, index) => index);
    return {
      vSwitches: [
        { VSwitchId: "vsw-large", CidrBlock: "10.128.0.0/16" },
        ...range.map((index) => ({ VSwitchId: `vsw-${index}` })),
      ],
      instances: range.map((index) => ({ InstanceId: `i-${index}` })),
      networkInterfaces: range.map((index) => ({
        NetworkInterfaceId: `eni-${index}`,
        VSwitchId: `vsw-${index}`,
      })),
      eips: range.map((index) => ({ AllocationId: `eip-${index}`, InstanceId: `eni-${index}` })),
      occupiedAddresses: range.map((index) => ({ Address: `10.${index >> 8}.${index & 255}.200` })),
    };
  };
  const load = (count: number) =>
    countSteps(() => new World(new ManualClock(), () => defaultBehaviour, documentOf(count)));
  const [small, large] = [await load(1000), await load(2000)];
  expect(large / small).toBeLessThan(2.2);
});
