import type {
  EipChargeType,
  EniStatus,
  InnerAccessPolicy,
  InstanceStatus,
  RuleDirection,
  SecurityGroupType,
  VpcStatus,
  VSwitchStatus,
} from "./resources";
import type { FollowUp } from "./transitions";

type Tags = {
  Tag: { TagKey: string; TagValue: string }[];
};

type NetworkTags = {
  Tag: { Key: string; Value: string }[];
};

type Vpc = {
  VpcId: string;
  RegionId?: string | undefined;
  VpcName?: string | undefined;
  Description?: string | undefined;
  CreationTime?: string | undefined;
  CidrBlock?: string | undefined;
  /** A /56, or "" where IPv6 is off. */
  Ipv6CidrBlock?: string | undefined;
  Tags?: NetworkTags | undefined;
  Status?: VpcStatus | undefined;
  StatusTransition?: FollowUp | undefined;
};

type VSwitch = {
  VSwitchId: string;
  /** The account that it belongs to: another one may share it. */
  OwnerId?: number | undefined;
  VpcId?: string | undefined;
  RegionId?: string | undefined;
  ZoneId?: string | undefined;
  VSwitchName?: string | undefined;
  Description?: string | undefined;
  CreationTime?: string | undefined;
  CidrBlock?: string | undefined;
  /** A /64 of the VPC's block, or "" where IPv6 is off. */
  Ipv6CidrBlock?: string | undefined;
  Tags?: NetworkTags | undefined;
  Status?: VSwitchStatus | undefined;
  StatusTransition?: FollowUp | undefined;
};

type SecurityGroup = {
  SecurityGroupId: string;
  RegionId?: string | undefined;
  VpcId?: string | undefined;
  SecurityGroupName?: string | undefined;
  Description?: string | undefined;
  SecurityGroupType?: SecurityGroupType | undefined;
  InnerAccessPolicy?: InnerAccessPolicy | undefined;
  Permissions?: { Permission: SecurityGroupRule[] } | undefined;
  CreationTime?: string | undefined;
  Tags?: Tags | undefined;
};

type SecurityGroupRule = {
  SecurityGroupRuleId: string;
  Direction: RuleDirection;
  IpProtocol: string;
  PortRange: string;
  SourcePortRange: string;
  Policy: InnerAccessPolicy;
  Priority: number;
  Description: string;
  CreateTime: string;
  CidrIp: string;
  Ipv6CidrIp: string;
  GroupId: string;
  PrefixListId: string;
};

type SystemDisk = {
  Category: string;
  Size: number;
  DiskName: string;
  Description: string;
  PerformanceLevel: string;
};

type Instance = {
  InstanceId: string;
  InstanceName?: string | undefined;
  RegionId?: string | undefined;
  ZoneId?: string | undefined;
  InstanceType?: string | undefined;
  ImageId?: string | undefined;
  HostName?: string | undefined;
  UserData?: string | undefined;
  SystemDisk?: SystemDisk | undefined;
  Description?: string | undefined;
  CreationTime?: string | undefined;
  Tags?: Tags | undefined;
  VpcAttributes?: { VpcId?: string | undefined; VSwitchId?: string | undefined } | undefined;
  Status?: InstanceStatus | undefined;
  StatusTransition?: FollowUp | undefined;
};

type PrivateIp = {
  PrivateIpAddress: string;
  Primary?: boolean | undefined;
  AssociatedPublicIp?:
    { AllocationId?: string | undefined; PublicIpAddress?: string | undefined } | undefined;
};

type NetworkInterface = {
  NetworkInterfaceId: string;
  NetworkInterfaceName?: string | undefined;
  Description?: string | undefined;
  RegionId?: string | undefined;
  ZoneId?: string | undefined;
  VpcId?: string | undefined;
  VSwitchId?: string | undefined;
  Type?: "Primary" | "Secondary" | undefined;
  MacAddress?: string | undefined;
  OwnerId?: string | undefined;
  CreationTime?: string | undefined;
  ServiceManaged?: boolean | undefined;
  ServiceID?: number | undefined;
  ResourceGroupId?: string | undefined;
  DeleteOnRelease?: boolean | undefined;
  SecurityGroupIds?: { SecurityGroupId: string[] } | undefined;
  SourceDestCheck?: boolean | undefined;
  QueueNumber?: number | undefined;
  Tags?: Tags | undefined;
  Status?: EniStatus | undefined;
  StatusTransition?: FollowUp | undefined;
  /** The instance that it is attached to, or "". */
  InstanceId?: string | undefined;
  PrivateIpAddress?: string | undefined;
  PrivateIpSets?: { PrivateIpSet: PrivateIp[] } | undefined;
  Ipv4PrefixSets?: { Ipv4PrefixSet: { Ipv4Prefix: string }[] } | undefined;
  Ipv6Sets?: { Ipv6Set: { Ipv6Address: string }[] } | undefined;
  Ipv6PrefixSets?: { Ipv6PrefixSet: { Ipv6Prefix: string }[] } | undefined;
};

type Eip = {
  AllocationId: string;
  RegionId?: string | undefined;
  IpAddress?: string | undefined;
  Name?: string | undefined;
  Description?: string | undefined;
  Bandwidth?: string | undefined;
  InternetChargeType?: EipChargeType | undefined;
  AllocationTime?: string | undefined;
  Tags?: NetworkTags | undefined;
  /** The ENI that it is bound to, or "". */
  InstanceId?: string | undefined;
  InstanceType?: "NetworkInterface" | undefined;
  PrivateIpAddress?: string | undefined;
};

/** Addresses that something else than an ENI holds. */
type OccupiedAddresses = {
  VSwitchId?: string | undefined;
  /** An IPv4 address or a CIDR block. */
  Address: string;
  By?: string | undefined;
};

/**
 * The whole world as one JSON document: the form of a seed file, of `GET state` and of `PUT state`. Fields are named
 * as in the API's answers; all but the ids can be left out. `StatusTransition` is an extension: the state that is to
 * follow by itself. So are `occupiedAddresses`, which something else than an ENI holds, `accountId`, the account that owns what names no other owner, and `idsGiven`: how many ids the
 * emulator has made up for this world, of which none is given twice.
 *
 * @public
 */
export type StateDocument = {
  vpcs?: Vpc[] | undefined;
  vSwitches?: VSwitch[] | undefined;
  securityGroups?: SecurityGroup[] | undefined;
  instances?: Instance[] | undefined;
  networkInterfaces?: NetworkInterface[] | undefined;
  eips?: Eip[] | undefined;
  occupiedAddresses?: OccupiedAddresses[] | undefined;
  accountId?: string | undefined;
  idsGiven?: number | undefined;
};

/** The keys of a document that are lists of objects. */
export type ListName = Exclude<keyof StateDocument, "accountId" | "idsGiven">;

type Element<List extends ListName> = NonNullable<StateDocument[List]>[number];

/** An object of a document with everything in it but what does not apply to it. */
type Complete<Listed, Inapplicable extends keyof Listed> = {
  [Field in Exclude<keyof Listed, Inapplicable>]-?: NonNullable<Listed[Field]>;
} & Pick<Listed, Inapplicable>;

/**
 * A document as the emulator writes it: with every default filled in.
 *
 * @public
 */
export interface CompleteStateDocument extends StateDocument {
  accountId: string;
  vpcs: Complete<Element<"vpcs">, "StatusTransition">[];
  vSwitches: Complete<Element<"vSwitches">, "StatusTransition">[];
  securityGroups: Complete<Element<"securityGroups">, never>[];
  instances: Complete<Element<"instances">, "StatusTransition">[];
  networkInterfaces: Complete<
    Element<"networkInterfaces">,
    "StatusTransition" | "InstanceId" | "ServiceID"
  >[];
  eips: Complete<Element<"eips">, "InstanceId" | "InstanceType" | "PrivateIpAddress">[];
  occupiedAddresses: Complete<Element<"occupiedAddresses">, never>[];
}

/**
 * A document that was refused; every line of the message names a path and what is allowed there.
 *
 * @public
 */
export class StateDocumentError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join("; "));
    this.name = "StateDocumentError";
  }
}
