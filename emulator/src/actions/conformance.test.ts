import { readFileSync } from "node:fs";
import path from "node:path";
import { execute } from "../server/execution";
import { Parameters } from "../wire/parameters";
import { defaultBehaviour } from "../world/behaviour";
import { ManualClock } from "../world/clock";
import { World } from "../world/world";
import type { Action } from "./action";
import { withConformanceList } from "../testing/conformance-list";
import { actions } from "./registry";

/** Notes which parameters are read, as the documentation names them: `Tag.N.Key`. */
class NotedParameters extends Parameters {
  readonly read = new Set<string>();

  override text(name: string): string | undefined {
    this.read.add(name);
    return super.text(name);
  }

  override list(name: string, max: number): string[] {
    this.read.add(`${name.replace(/\.\d+\./g, ".N.")}.N`);
    return super.list(name, max);
  }

  override objects<Field extends string>(name: string, fields: readonly Field[], max: number) {
    for (const field of fields) this.read.add(`${name}.N.${field}`);
    return super.objects(name, fields, max);
  }
}

const eni = { RegionId: "cn-hangzhou", NetworkInterfaceId: "eni-1" };
const vSwitch = { VSwitchId: "vsw-1", SecurityGroupId: "sg-1" };
const scope = { RegionId: "cn-hangzhou", ResourceType: "eni", "ResourceId.1": "eni-1" };

const networkScope = { RegionId: "cn-hangzhou", ResourceType: "VPC", "ResourceId.1": "vpc-1" };

/** What a call needs for its parameters to be in order; those that are not here need a region. */
const needed: Record<string, Record<string, string>> = {
  AssociateEipAddress: { AllocationId: "eip-1", InstanceId: "i-1" },
  AuthorizeSecurityGroup: { ...vSwitch, IpProtocol: "tcp", PortRange: "22/22", SourceCidrIp: "10.0.0.0/8" },
  AuthorizeSecurityGroupEgress: { ...vSwitch, IpProtocol: "all", DestCidrIp: "10.0.0.0/8" },
  AssignIpv6Addresses: { ...eni, Ipv6AddressCount: "1" },
  AssignPrivateIpAddresses: { ...eni, SecondaryPrivateIpAddressCount: "1" },
  AttachNetworkInterface: { ...eni, InstanceId: "i-1" },
  CreateNetworkInterface: vSwitch,
  CreateSecurityGroup: { VpcId: "vpc-1" },
  CreateVSwitch: { VpcId: "vpc-1", ZoneId: "cn-hangzhou-a", CidrBlock: "10.0.0.0/24" },
  DeleteInstance: { InstanceId: "i-1" },
  DeleteNetworkInterface: eni,
  DeleteSecurityGroup: vSwitch,
  DeleteVSwitch: vSwitch,
  DeleteVpc: { VpcId: "vpc-1" },
  DescribeAvailableResource: { DestinationResource: "Zone" },
  DescribeInstanceAttribute: { InstanceId: "i-1" },
  DescribeInstanceAutoRenewAttribute: { InstanceId: "i-1" },
  DescribeNetworkInterfaceAttribute: eni,
  DescribeSecurityGroupAttribute: vSwitch,
  DescribeUserData: { InstanceId: "i-1" },
  DescribeVSwitchAttributes: vSwitch,
  DescribeVpcAttribute: { VpcId: "vpc-1" },
  DetachNetworkInterface: { ...eni, InstanceId: "i-1" },
  ListTagResources: { ...scope, "TagFilter.1.TagKey": "team" },
  ModifyEipAddressAttribute: { AllocationId: "eip-1" },
  ModifyInstanceAttribute: { InstanceId: "i-1" },
  ModifyNetworkInterfaceAttribute: eni,
  ModifySecurityGroupAttribute: vSwitch,
  ModifySecurityGroupPolicy: { ...vSwitch, InnerAccessPolicy: "Drop" },
  ModifyVSwitchAttribute: vSwitch,
  ModifyVpcAttribute: { VpcId: "vpc-1" },
  ReleaseEipAddress: { AllocationId: "eip-1" },
  RevokeSecurityGroup: { ...vSwitch, IpProtocol: "tcp", PortRange: "22/22", SourceCidrIp: "10.0.0.0/8" },
  RevokeSecurityGroupEgress: { ...vSwitch, IpProtocol: "all", DestCidrIp: "10.0.0.0/8" },
  UnassociateEipAddress: { AllocationId: "eip-1" },
  UnTagResources: { ...networkScope, "TagKey.1": "team" },
  RebootInstance: { InstanceId: "i-1" },
  RunInstances: { ...vSwitch, ImageId: "any", InstanceType: "ecs.g6.large" },
  StartInstance: { InstanceId: "i-1" },
  StopInstance: { InstanceId: "i-1" },
  TagResources: { ...scope, "Tag.1.Key": "team" },
  UnassignIpv6Addresses: { ...eni, "Ipv6Address.1": "2001:db8::1" },
  UnassignPrivateIpAddresses: { ...eni, "PrivateIpAddress.1": "10.0.0.1" },
  UntagResources: { ...scope, "TagKey.1": "team" },
  "vpc ListTagResources": { ...networkScope, "Tag.1.Key": "team" },
  "vpc TagResources": { ...networkScope, "Tag.1.Key": "team" },
};

const neededBy = ({ product, name }: Action) => needed[`${product} ${name}`] ?? needed[name];
const byName = actions.map((action) => [`${action.product} ${action.name}`, action] as const);
const namesOf = (action: Action, ...statuses: readonly string[]) =>
  action.parameters.filter(({ status }) => statuses.includes(status)).flatMap(({ names }) => names);

test.each(byName)("%s reads what it declares, and declares what it reads", (_, action) => {
  const parameters = new NotedParameters({ RegionId: "cn-hangzhou", ...neededBy(action) });
  action.prepare(parameters, defaultBehaviour);
  if (action.takesClientToken) parameters.read.add("ClientToken");
  expect([...parameters.read].sort()).toEqual([...namesOf(action, "documented", "simplified")].sort());
});

test.each(byName)("%s declares no parameter twice", (_, action) => {
  const names = action.parameters.flatMap((declared) => declared.names);
  expect(names.filter((name, index) => names.indexOf(name) < index)).toEqual([]);
});

const refusals = actions.flatMap((action) =>
  namesOf(action, "refused").map((name) => [action.name, name.replace(/\.N$/, ".1"), action] as const),
);

test.each(refusals)("%s refuses %s", async (_, name, action) => {
  const world = new World(new ManualClock(), () => defaultBehaviour, {});
  const call = { RegionId: "cn-hangzhou", ...neededBy(action), [name]: "1" };
  await expect(execute(action, call, world, () => Promise.resolve())).rejects.toMatchObject({
    code: "UnsupportedParameter",
  });
});

test("docs/emulator.md: has the list that npm run conformance makes from the declarations", () => {
  const page = readFileSync(path.join(__dirname, "../../../docs/emulator.md"), "utf8");
  expect(withConformanceList(page, actions)).toBe(page);
});
