import { actionNotFound, invalidVersion } from "../api-errors";
import type { Action, Product } from "./action";
import { apiVersions } from "./action";
import { assignIpv6Addresses } from "./AssignIpv6Addresses";
import { assignPrivateIpAddresses } from "./AssignPrivateIpAddresses";
import { attachNetworkInterface } from "./AttachNetworkInterface";
import { createNetworkInterface } from "./CreateNetworkInterface";
import { createSecurityGroup } from "./CreateSecurityGroup";
import { createVSwitch } from "./CreateVSwitch";
import { createVpc } from "./CreateVpc";
import { deleteInstance } from "./DeleteInstance";
import { deleteNetworkInterface } from "./DeleteNetworkInterface";
import { deleteSecurityGroup } from "./DeleteSecurityGroup";
import { deleteVSwitch } from "./DeleteVSwitch";
import { deleteVpc } from "./DeleteVpc";
import { describeInstanceStatus } from "./DescribeInstanceStatus";
import { describeInstanceTypes } from "./DescribeInstanceTypes";
import { describeInstances } from "./DescribeInstances";
import { describeNetworkInterfaceAttribute } from "./DescribeNetworkInterfaceAttribute";
import { describeNetworkInterfaces } from "./DescribeNetworkInterfaces";
import { describeRegions } from "./DescribeRegions";
import { describeSecurityGroups } from "./DescribeSecurityGroups";
import { describeVSwitchAttributes } from "./DescribeVSwitchAttributes";
import { describeVSwitches, describeVSwitchesOfEcs } from "./DescribeVSwitches";
import { describeVpcAttribute } from "./DescribeVpcAttribute";
import { describeVpcs } from "./DescribeVpcs";
import { detachNetworkInterface } from "./DetachNetworkInterface";
import { getCallerIdentity } from "./GetCallerIdentity";
import { listTagResources } from "./ListTagResources";
import { modifyNetworkInterfaceAttribute } from "./ModifyNetworkInterfaceAttribute";
import { rebootInstance } from "./RebootInstance";
import { runInstances } from "./RunInstances";
import { startInstance } from "./StartInstance";
import { stopInstance } from "./StopInstance";
import { tagResources } from "./TagResources";
import { unassignIpv6Addresses } from "./UnassignIpv6Addresses";
import { unassignPrivateIpAddresses } from "./UnassignPrivateIpAddresses";
import { untagResources } from "./UntagResources";

/** Every operation that the emulator has. */
export const actions: readonly Action[] = [
  assignIpv6Addresses,
  assignPrivateIpAddresses,
  attachNetworkInterface,
  createNetworkInterface,
  createSecurityGroup,
  createVSwitch,
  createVpc,
  deleteInstance,
  deleteNetworkInterface,
  deleteSecurityGroup,
  deleteVSwitch,
  deleteVpc,
  describeInstanceStatus,
  describeInstanceTypes,
  describeInstances,
  describeNetworkInterfaceAttribute,
  describeNetworkInterfaces,
  describeRegions,
  describeSecurityGroups,
  describeVSwitchAttributes,
  describeVSwitches,
  describeVSwitchesOfEcs,
  describeVpcAttribute,
  describeVpcs,
  detachNetworkInterface,
  getCallerIdentity,
  listTagResources,
  modifyNetworkInterfaceAttribute,
  rebootInstance,
  runInstances,
  startInstance,
  stopInstance,
  tagResources,
  unassignIpv6Addresses,
  unassignPrivateIpAddresses,
  untagResources,
];

/** The names of all operations, for checking what a fault is for. */
export const actionNames: ReadonlySet<string> = new Set(actions.map((action) => action.name));

/** The product whose API has that version. */
export function productOf(version: string): Product | undefined {
  const products: readonly Product[] = ["ecs", "vpc", "sts"];
  return products.find((product) => apiVersions[product] === version);
}

/** The operation of that name in that version; an operation of another product is as unknown as any. */
export function findAction(name: string, version: string): Action {
  const product = productOf(version);
  if (!product) throw invalidVersion(version, Object.values(apiVersions));
  const action = actions.find((candidate) => candidate.name === name && candidate.product === product);
  if (!action) throw actionNotFound(`operation "${name}" in version ${version}`);
  return action;
}
