import { z } from "zod";
import { describeIssues } from "../documents/issues";
import { assertSameType } from "../documents/same-type";
import { strictObject } from "../documents/strict-object";
import { parseAddress, parseBlock, eniPrefixLength } from "./addresses";
import { instanceFamilies, instanceTypes } from "./instance-types";
import { canonicalIpv6, ipv6Lengths, parseIpv6Block } from "./ipv6";
import {
  eipChargeTypes,
  eniStatuses,
  innerAccessPolicies,
  instanceStatuses,
  ruleDirections,
  securityGroupTypes,
  vpcStatuses,
  vSwitchStatuses,
} from "./resources";
import { StateDocumentError } from "./state-document";
import type { StateDocument } from "./state-document";
import type { FollowUp } from "./transitions";

const id = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}-[A-Za-z0-9_-]+$`), `must be an id such as "${prefix}-1"`);
const regionId = z.string().regex(/^[a-z]{2}-[a-z0-9-]+$/, 'must be a region such as "cn-hangzhou"');
const address = z
  .string()
  .refine((text) => parseAddress(text) !== undefined, 'must be an IPv4 address such as "10.0.0.5"');
const block = z
  .string()
  .refine(
    (text) => parseBlock(text) !== undefined,
    'must be an IPv4 CIDR block without host bits, such as "10.0.0.0/24"',
  );
const prefix = z
  .string()
  .refine(
    (text) => parseBlock(text)?.prefixLength === eniPrefixLength,
    `must be a /${eniPrefixLength} block such as "10.0.0.16/28"`,
  );
const ipv6 = z
  .string()
  .refine((text) => canonicalIpv6(text) !== undefined, 'must be an IPv6 address such as "2001:db8::5"');
const ipv6Block = (length: number) =>
  z
    .string()
    .refine(
      (text) => parseIpv6Block(text)?.prefixLength === length,
      `must be an IPv6 block of length /${length} without host bits`,
    );
// Names and tags are taken from calls as they come: what GET state gives has to be loadable.
const text = z.string();
const tags = strictObject({ Tag: z.array(strictObject({ TagKey: text, TagValue: text })) });
const networkTags = strictObject({ Tag: z.array(strictObject({ Key: text, Value: text })) });

function transitionTo(statuses: readonly [string, ...string[]]): z.ZodType<FollowUp> {
  const transition: z.ZodType<FollowUp> = z.lazy(() =>
    strictObject({
      to: z.enum(statuses),
      afterMs: z.number().min(0),
      then: transition.optional(),
    }),
  );
  return transition;
}

const vpc = strictObject({
  VpcId: id("vpc"),
  RegionId: regionId.optional(),
  VpcName: text.optional(),
  Description: text.optional(),
  CreationTime: text.optional(),
  CidrBlock: block.optional(),
  Ipv6CidrBlock: z.union([ipv6Block(ipv6Lengths.vpc), z.literal("")]).optional(),
  Tags: networkTags.optional(),
  Status: z.enum(vpcStatuses).optional(),
  StatusTransition: transitionTo([...vpcStatuses, "Deleted"]).optional(),
});

const vSwitch = strictObject({
  VSwitchId: id("vsw"),
  OwnerId: z.int().min(1).optional(),
  VpcId: id("vpc").optional(),
  RegionId: regionId.optional(),
  ZoneId: text.optional(),
  VSwitchName: text.optional(),
  Description: text.optional(),
  CreationTime: text.optional(),
  CidrBlock: block.optional(),
  Ipv6CidrBlock: z.union([ipv6Block(ipv6Lengths.vSwitch), z.literal("")]).optional(),
  Tags: networkTags.optional(),
  Status: z.enum(vSwitchStatuses).optional(),
  StatusTransition: transitionTo([...vSwitchStatuses, "Deleted"]).optional(),
});

const securityGroupRule = strictObject({
  SecurityGroupRuleId: text,
  Direction: z.enum(ruleDirections),
  IpProtocol: text,
  PortRange: text,
  SourcePortRange: text,
  Policy: z.enum(innerAccessPolicies),
  Priority: z.int().min(1).max(100),
  Description: text,
  CreateTime: text,
  CidrIp: text,
  Ipv6CidrIp: text,
  GroupId: text,
  PrefixListId: text,
});

const systemDisk = strictObject({
  Category: text,
  Size: z.int().min(1).max(2048),
  DiskName: text,
  Description: text,
  PerformanceLevel: text,
});

const securityGroup = strictObject({
  SecurityGroupId: id("sg"),
  RegionId: regionId.optional(),
  VpcId: id("vpc").optional(),
  SecurityGroupName: text.optional(),
  Description: text.optional(),
  SecurityGroupType: z.enum(securityGroupTypes).optional(),
  InnerAccessPolicy: z.enum(innerAccessPolicies).optional(),
  Permissions: strictObject({ Permission: z.array(securityGroupRule) }).optional(),
  CreationTime: text.optional(),
  Tags: tags.optional(),
});

const instance = strictObject({
  InstanceId: id("i"),
  InstanceName: text.optional(),
  RegionId: regionId.optional(),
  ZoneId: text.optional(),
  InstanceType: z
    .string()
    .refine(
      (text) => instanceTypes.has(text),
      `must be an instance type of the families ${instanceFamilies.join(", ")}`,
    )
    .optional(),
  ImageId: text.optional(),
  HostName: text.optional(),
  UserData: text.optional(),
  SystemDisk: systemDisk.optional(),
  Description: text.optional(),
  CreationTime: text.optional(),
  Tags: tags.optional(),
  VpcAttributes: strictObject({ VpcId: id("vpc").optional(), VSwitchId: id("vsw").optional() }).optional(),
  Status: z.enum(instanceStatuses).optional(),
  StatusTransition: transitionTo([...instanceStatuses, "Deleted"]).optional(),
});

const associatedPublicIp = strictObject({
  AllocationId: id("eip").optional(),
  PublicIpAddress: address.optional(),
});

const networkInterface = strictObject({
  NetworkInterfaceId: id("eni"),
  NetworkInterfaceName: text.optional(),
  Description: text.optional(),
  RegionId: regionId.optional(),
  ZoneId: text.optional(),
  VpcId: id("vpc").optional(),
  VSwitchId: id("vsw").optional(),
  Type: z.enum(["Primary", "Secondary"]).optional(),
  MacAddress: text.optional(),
  OwnerId: text.optional(),
  CreationTime: text.optional(),
  ServiceManaged: z.boolean().optional(),
  ServiceID: z.number().optional(),
  ResourceGroupId: text.optional(),
  DeleteOnRelease: z.boolean().optional(),
  SecurityGroupIds: strictObject({
    SecurityGroupId: z.array(text.min(1, 'must be an id such as "sg-1"')),
  }).optional(),
  SourceDestCheck: z.boolean().optional(),
  QueueNumber: z.int().min(1).max(2048).optional(),
  Tags: tags.optional(),
  Status: z.enum(eniStatuses).optional(),
  StatusTransition: transitionTo([...eniStatuses, "Deleted"]).optional(),
  InstanceId: z.union([id("i"), z.literal("")], 'must be an id such as "i-1", or ""').optional(),
  PrivateIpAddress: address.optional(),
  PrivateIpSets: strictObject({
    PrivateIpSet: z.array(
      strictObject({
        PrivateIpAddress: address,
        Primary: z.boolean().optional(),
        AssociatedPublicIp: associatedPublicIp.optional(),
      }),
    ),
  }).optional(),
  Ipv4PrefixSets: strictObject({ Ipv4PrefixSet: z.array(strictObject({ Ipv4Prefix: prefix })) }).optional(),
  Ipv6Sets: strictObject({ Ipv6Set: z.array(strictObject({ Ipv6Address: ipv6 })) }).optional(),
  Ipv6PrefixSets: strictObject({
    Ipv6PrefixSet: z.array(strictObject({ Ipv6Prefix: ipv6Block(ipv6Lengths.eniPrefix) })),
  }).optional(),
});

const eip = strictObject({
  AllocationId: id("eip"),
  RegionId: regionId.optional(),
  IpAddress: address.optional(),
  Name: text.optional(),
  Description: text.optional(),
  Bandwidth: text.optional(),
  InternetChargeType: z.enum(eipChargeTypes).optional(),
  AllocationTime: text.optional(),
  Tags: networkTags.optional(),
  InstanceId: z
    .union([id("eni"), z.literal("")], 'must be the id of an ENI such as "eni-1", or ""')
    .optional(),
  InstanceType: z.literal("NetworkInterface").optional(),
  PrivateIpAddress: address.optional(),
});

const occupiedAddresses = strictObject({
  VSwitchId: id("vsw").optional(),
  Address: z.union([address, block], 'must be an IPv4 address, or a CIDR block such as "10.0.0.16/28"'),
  By: text.min(1, 'must be a name such as "RDS"').optional(),
});

const stateDocumentSchema = strictObject({
  vpcs: z.array(vpc).optional(),
  vSwitches: z.array(vSwitch).optional(),
  securityGroups: z.array(securityGroup).optional(),
  instances: z.array(instance).optional(),
  networkInterfaces: z.array(networkInterface).optional(),
  eips: z.array(eip).optional(),
  occupiedAddresses: z.array(occupiedAddresses).optional(),
  accountId: z
    .string()
    .regex(/^[1-8]\d{15}$/, 'must be 16 digits, the first one from 1 to 8, such as "1000000000000000"')
    .optional(),
  idsGiven: z.int().min(0).optional(),
});

assertSameType<StateDocument, z.infer<typeof stateDocumentSchema>>(true);

/** Checks the form of a document; what its ids refer to is checked when it is loaded. */
export function parseStateDocument(value: unknown): StateDocument {
  const parsed = stateDocumentSchema.safeParse(value);
  if (!parsed.success) throw new StateDocumentError(describeIssues(parsed.error, "the document", value));
  return parsed.data;
}
