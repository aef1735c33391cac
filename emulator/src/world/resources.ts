import type { Transition } from "./transitions";

/** The states of an ENI: DescribeNetworkInterfaces. */
export const eniStatuses = [
  "Available",
  "Attaching",
  "InUse",
  "Detaching",
  "Deleting",
  "Creating",
  "CreateFailed",
] as const;
export type EniStatus = (typeof eniStatuses)[number];

/** The states of an instance: DescribeInstanceStatus. */
export const instanceStatuses = ["Pending", "Starting", "Running", "Stopping", "Stopped"] as const;
export type InstanceStatus = (typeof instanceStatuses)[number];

/** The states of a VPC: `Deleting` is on the page of DeleteVpc only. */
export const vpcStatuses = ["Pending", "Available", "Deleting"] as const;
export type VpcStatus = (typeof vpcStatuses)[number];

/** The states of a vSwitch; Pending while it is made, and again while it is deleted. */
export const vSwitchStatuses = ["Pending", "Available"] as const;
export type VSwitchStatus = (typeof vSwitchStatuses)[number];

/** The kinds of security groups: basic and advanced ones. */
export const securityGroupTypes = ["normal", "enterprise"] as const;
export type SecurityGroupType = (typeof securityGroupTypes)[number];

/** What a security group does with traffic between its own instances. */
export const innerAccessPolicies = ["Accept", "Drop"] as const;
export type InnerAccessPolicy = (typeof innerAccessPolicies)[number];

/** The other end of a rule; one of the first four is given. */
export interface RulePeer {
  readonly CidrIp: string;
  readonly Ipv6CidrIp: string;
  readonly GroupId: string;
  readonly PrefixListId: string;
}

/** A rule of a security group. */
export interface SecurityGroupRule extends RulePeer {
  readonly SecurityGroupRuleId: string;
  readonly Direction: RuleDirection;
  readonly IpProtocol: string;
  readonly PortRange: string;
  readonly SourcePortRange: string;
  readonly Policy: "Accept" | "Drop";
  readonly Priority: number;
  readonly Description: string;
  readonly CreateTime: string;
}

export const ruleDirections = ["ingress", "egress"] as const;
export type RuleDirection = (typeof ruleDirections)[number];

/** The system disk of an instance. */
export interface SystemDisk {
  readonly Category: string;
  /** In GiB. */
  readonly Size: number;
  readonly DiskName: string;
  readonly Description: string;
  readonly PerformanceLevel: string;
}

/** The system disk of an instance for which none was described. */
export const defaultSystemDisk: SystemDisk = {
  Category: "cloud_essd",
  Size: 40,
  DiskName: "",
  Description: "",
  PerformanceLevel: "PL1",
};

export interface Vpc {
  readonly VpcId: string;
  readonly RegionId: string;
  readonly VpcName: string;
  readonly Description: string;
  readonly CreationTime: string;
  readonly CidrBlock: string;
  /** A /56, or "" where IPv6 is off. */
  readonly Ipv6CidrBlock: string;
  readonly Tags: { readonly Tag: readonly NetworkTag[] };
  readonly Status: VpcStatus;
  readonly StatusTransition: Transition | undefined;
}

export interface VSwitch {
  readonly VSwitchId: string;
  /** The account that it belongs to: another one may share it. */
  readonly OwnerId: number;
  readonly VpcId: string;
  readonly RegionId: string;
  readonly ZoneId: string;
  readonly VSwitchName: string;
  readonly Description: string;
  readonly CreationTime: string;
  readonly CidrBlock: string;
  /** A /64 of the VPC's block, or "" where IPv6 is off. */
  readonly Ipv6CidrBlock: string;
  readonly Tags: { readonly Tag: readonly NetworkTag[] };
  readonly Status: VSwitchStatus;
  readonly StatusTransition: Transition | undefined;
}

export interface SecurityGroup {
  readonly SecurityGroupId: string;
  readonly RegionId: string;
  readonly VpcId: string;
  readonly SecurityGroupName: string;
  readonly Description: string;
  readonly SecurityGroupType: SecurityGroupType;
  /** Whether the instances of the group reach each other. */
  readonly InnerAccessPolicy: InnerAccessPolicy;
  readonly Permissions: { readonly Permission: readonly SecurityGroupRule[] };
  readonly CreationTime: string;
  readonly Tags: { readonly Tag: readonly Tag[] };
}

export interface Instance {
  readonly InstanceId: string;
  readonly InstanceName: string;
  readonly RegionId: string;
  readonly ZoneId: string;
  readonly InstanceType: string;
  readonly ImageId: string;
  readonly HostName: string;
  /** In Base64, or "". */
  readonly UserData: string;
  readonly SystemDisk: SystemDisk;
  readonly Description: string;
  readonly CreationTime: string;
  readonly VpcAttributes: { readonly VpcId: string; readonly VSwitchId: string };
  readonly Tags: { readonly Tag: readonly Tag[] };
  readonly Status: InstanceStatus;
  readonly StatusTransition: Transition | undefined;
}

export interface PrivateIp {
  readonly PrivateIpAddress: string;
  readonly Primary: boolean;
}

export interface Tag {
  readonly TagKey: string;
  readonly TagValue: string;
}

/** A tag as the VPC API names its fields. */
export interface NetworkTag {
  readonly Key: string;
  readonly Value: string;
}

export interface NetworkInterface {
  readonly NetworkInterfaceId: string;
  readonly NetworkInterfaceName: string;
  readonly Description: string;
  readonly RegionId: string;
  readonly ZoneId: string;
  readonly VpcId: string;
  readonly VSwitchId: string;
  readonly Type: "Primary" | "Secondary";
  readonly MacAddress: string;
  readonly OwnerId: string;
  readonly CreationTime: string;
  readonly ServiceManaged: boolean;
  /** The cloud service that manages the ENI. */
  readonly ServiceID: number | undefined;
  readonly ResourceGroupId: string;
  readonly DeleteOnRelease: boolean;
  readonly SourceDestCheck: boolean;
  readonly QueueNumber: number;
  readonly SecurityGroupIds: { readonly SecurityGroupId: readonly string[] };
  readonly Tags: { readonly Tag: readonly Tag[] };
  readonly Status: EniStatus;
  readonly StatusTransition: Transition | undefined;
  readonly InstanceId: string | undefined;
  readonly PrivateIpSets: { readonly PrivateIpSet: readonly PrivateIp[] };
  readonly Ipv4PrefixSets: { readonly Ipv4PrefixSet: readonly { readonly Ipv4Prefix: string }[] };
  readonly Ipv6Sets: { readonly Ipv6Set: readonly { readonly Ipv6Address: string }[] };
  readonly Ipv6PrefixSets: { readonly Ipv6PrefixSet: readonly { readonly Ipv6Prefix: string }[] };
}

/** Addresses that something else than an ENI holds: a database, a load balancer. */
export interface OccupiedAddresses {
  readonly VSwitchId: string;
  /** An address or a CIDR block. */
  readonly Address: string;
  readonly By: string;
}

export const eipChargeTypes = ["PayByBandwidth", "PayByTraffic"] as const;
export type EipChargeType = (typeof eipChargeTypes)[number];

/** An EIP; `InstanceId` is the ENI that it is bound to, as DescribeEipAddresses has it. */
export interface Eip {
  readonly AllocationId: string;
  readonly RegionId: string;
  readonly IpAddress: string;
  readonly Name: string;
  readonly Description: string;
  /** In Mbit/s. */
  readonly Bandwidth: string;
  readonly InternetChargeType: EipChargeType;
  readonly AllocationTime: string;
  readonly Tags: { readonly Tag: readonly NetworkTag[] };
  readonly InstanceId: string | undefined;
  readonly PrivateIpAddress: string | undefined;
}

/** The id of the security group that every VPC has: the end of its own, so that one can be told from the other. */
export function defaultSecurityGroupId(vpcId: string): string {
  return vpcId.replace(/^vpc-/, "sg-");
}

/** The primary address of an ENI. */
export function primaryAddress(eni: NetworkInterface): string {
  const primary = eni.PrivateIpSets.PrivateIpSet.find((ip) => ip.Primary);
  if (!primary) throw new Error(`${eni.NetworkInterfaceId} has no primary address`);
  return primary.PrivateIpAddress;
}

/** The ids of the router and of the system route table that every VPC has. */
export function routerOf(vpcId: string): { readonly VRouterId: string; readonly RouteTableId: string } {
  return { VRouterId: vpcId.replace(/^vpc-/, "vrt-"), RouteTableId: vpcId.replace(/^vpc-/, "vtb-") };
}
