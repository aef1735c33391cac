import { actionNotFound, invalidVersion } from "../api-errors";
import type { Action, Product } from "./action";
import { apiVersions } from "./action";
import { allocateEipAddress } from "./AllocateEipAddress";
import { assignIpv6Addresses } from "./AssignIpv6Addresses";
import { assignPrivateIpAddresses } from "./AssignPrivateIpAddresses";
import { associateEipAddress } from "./AssociateEipAddress";
import { attachNetworkInterface } from "./AttachNetworkInterface";
import { authorizeSecurityGroup } from "./AuthorizeSecurityGroup";
import { authorizeSecurityGroupEgress } from "./AuthorizeSecurityGroupEgress";
import { createNetworkInterface } from "./CreateNetworkInterface";
import { createSecurityGroup } from "./CreateSecurityGroup";
import { createVpc } from "./CreateVpc";
import { createVSwitch } from "./CreateVSwitch";
import { deleteInstance } from "./DeleteInstance";
import { deleteNetworkInterface } from "./DeleteNetworkInterface";
import { deleteSecurityGroup } from "./DeleteSecurityGroup";
import { deleteVpc } from "./DeleteVpc";
import { deleteVSwitch } from "./DeleteVSwitch";
import { describeAvailableResource } from "./DescribeAvailableResource";
import { describeDisks } from "./DescribeDisks";
import { describeEipAddresses } from "./DescribeEipAddresses";
import { describeImages } from "./DescribeImages";
import { describeInstanceAttachmentAttributes } from "./DescribeInstanceAttachmentAttributes";
import { describeInstanceAttribute } from "./DescribeInstanceAttribute";
import { describeInstanceAutoRenewAttribute } from "./DescribeInstanceAutoRenewAttribute";
import { describeInstanceMaintenanceAttributes } from "./DescribeInstanceMaintenanceAttributes";
import { describeInstanceRamRole } from "./DescribeInstanceRamRole";
import { describeInstances } from "./DescribeInstances";
import { describeInstanceStatus } from "./DescribeInstanceStatus";
import { describeInstanceTypes } from "./DescribeInstanceTypes";
import { describeNetworkInterfaceAttribute } from "./DescribeNetworkInterfaceAttribute";
import { describeNetworkInterfaces } from "./DescribeNetworkInterfaces";
import { describeRegions } from "./DescribeRegions";
import { describeRouteTableList } from "./DescribeRouteTableList";
import { describeSecurityGroupAttribute } from "./DescribeSecurityGroupAttribute";
import { describeSecurityGroups } from "./DescribeSecurityGroups";
import { describeUserData } from "./DescribeUserData";
import { describeVpcAttribute } from "./DescribeVpcAttribute";
import { describeVpcs } from "./DescribeVpcs";
import { describeVSwitchAttributes } from "./DescribeVSwitchAttributes";
import { describeVSwitches, describeVSwitchesOfEcs } from "./DescribeVSwitches";
import { describeZones } from "./DescribeZones";
import { detachNetworkInterface } from "./DetachNetworkInterface";
import { getCallerIdentity } from "./GetCallerIdentity";
import { listTagResources } from "./ListTagResources";
import { modifyEipAddressAttribute } from "./ModifyEipAddressAttribute";
import { modifyInstanceAttribute } from "./ModifyInstanceAttribute";
import { modifyNetworkInterfaceAttribute } from "./ModifyNetworkInterfaceAttribute";
import { modifySecurityGroupAttribute } from "./ModifySecurityGroupAttribute";
import { modifySecurityGroupPolicy } from "./ModifySecurityGroupPolicy";
import { modifyVpcAttribute } from "./ModifyVpcAttribute";
import { modifyVSwitchAttribute } from "./ModifyVSwitchAttribute";
import { listNetworkTagResources, tagNetworkResources, untagNetworkResources } from "./network-tags";
import { rebootInstance } from "./RebootInstance";
import { releaseEipAddress } from "./ReleaseEipAddress";
import { revokeSecurityGroup } from "./RevokeSecurityGroup";
import { revokeSecurityGroupEgress } from "./RevokeSecurityGroupEgress";
import { runInstances } from "./RunInstances";
import { startInstance } from "./StartInstance";
import { stopInstance } from "./StopInstance";
import { tagResources } from "./TagResources";
import { unassignIpv6Addresses } from "./UnassignIpv6Addresses";
import { unassignPrivateIpAddresses } from "./UnassignPrivateIpAddresses";
import { unassociateEipAddress } from "./UnassociateEipAddress";
import { untagResources } from "./UntagResources";

/** Every operation that the emulator has. */
export const actions: readonly Action[] = [
  allocateEipAddress,
  assignIpv6Addresses,
  assignPrivateIpAddresses,
  associateEipAddress,
  attachNetworkInterface,
  authorizeSecurityGroup,
  authorizeSecurityGroupEgress,
  createNetworkInterface,
  createSecurityGroup,
  createVpc,
  createVSwitch,
  deleteInstance,
  deleteNetworkInterface,
  deleteSecurityGroup,
  deleteVpc,
  deleteVSwitch,
  describeAvailableResource,
  describeDisks,
  describeEipAddresses,
  describeImages,
  describeInstanceAttachmentAttributes,
  describeInstanceAttribute,
  describeInstanceAutoRenewAttribute,
  describeInstanceMaintenanceAttributes,
  describeInstanceRamRole,
  describeInstances,
  describeInstanceStatus,
  describeInstanceTypes,
  describeNetworkInterfaceAttribute,
  describeNetworkInterfaces,
  describeRegions,
  describeRouteTableList,
  describeSecurityGroupAttribute,
  describeSecurityGroups,
  describeUserData,
  describeVpcAttribute,
  describeVpcs,
  describeVSwitchAttributes,
  describeVSwitches,
  describeVSwitchesOfEcs,
  describeZones,
  detachNetworkInterface,
  getCallerIdentity,
  listNetworkTagResources,
  listTagResources,
  modifyEipAddressAttribute,
  modifyInstanceAttribute,
  modifyNetworkInterfaceAttribute,
  modifySecurityGroupAttribute,
  modifySecurityGroupPolicy,
  modifyVpcAttribute,
  modifyVSwitchAttribute,
  rebootInstance,
  releaseEipAddress,
  revokeSecurityGroup,
  revokeSecurityGroupEgress,
  runInstances,
  startInstance,
  stopInstance,
  tagNetworkResources,
  tagResources,
  unassignIpv6Addresses,
  unassignPrivateIpAddresses,
  unassociateEipAddress,
  untagNetworkResources,
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
