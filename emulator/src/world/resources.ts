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

/** The states of a VPC and of a vSwitch. */
export const networkStatuses = ["Pending", "Available"] as const;
export type NetworkStatus = (typeof networkStatuses)[number];

export interface Vpc {
  readonly VpcId: string;
  readonly RegionId: string;
  readonly VpcName: string;
  readonly CidrBlock: string;
  Status: NetworkStatus;
  StatusTransition: Transition | undefined;
}

export interface VSwitch {
  readonly VSwitchId: string;
  readonly VpcId: string;
  readonly RegionId: string;
  readonly ZoneId: string;
  readonly VSwitchName: string;
  readonly CidrBlock: string;
  Status: NetworkStatus;
  StatusTransition: Transition | undefined;
}

export interface Instance {
  readonly InstanceId: string;
  readonly InstanceName: string;
  readonly RegionId: string;
  readonly ZoneId: string;
  readonly InstanceType: string;
  readonly CreationTime: string;
  readonly VpcAttributes: { readonly VpcId: string; readonly VSwitchId: string };
  Status: InstanceStatus;
  StatusTransition: Transition | undefined;
}

export interface PrivateIp {
  readonly PrivateIpAddress: string;
  readonly Primary: boolean;
}

export interface Tag {
  readonly TagKey: string;
  readonly TagValue: string;
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
  readonly DeleteOnRelease: boolean;
  readonly SecurityGroupIds: { readonly SecurityGroupId: readonly string[] };
  readonly Tags: { readonly Tag: readonly Tag[] };
  Status: EniStatus;
  StatusTransition: Transition | undefined;
  InstanceId: string | undefined;
  PrivateIpSets: { PrivateIpSet: PrivateIp[] };
  Ipv4PrefixSets: { Ipv4PrefixSet: { readonly Ipv4Prefix: string }[] };
}

/** An EIP; `InstanceId` is the ENI that it is bound to, as DescribeEipAddresses has it. */
export interface Eip {
  readonly AllocationId: string;
  readonly RegionId: string;
  readonly IpAddress: string;
  InstanceId: string | undefined;
  PrivateIpAddress: string | undefined;
}

/** The primary address of an ENI. */
export function primaryAddress(eni: NetworkInterface): string {
  const primary = eni.PrivateIpSets.PrivateIpSet.find((ip) => ip.Primary);
  if (!primary) throw new Error(`${eni.NetworkInterfaceId} has no primary address`);
  return primary.PrivateIpAddress;
}
