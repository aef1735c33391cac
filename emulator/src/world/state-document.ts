import { z } from "zod";
import { describeIssues } from "../documents/issues";
import { strictObject } from "../documents/strict-object";
import { parseAddress, parseBlock, eniPrefixLength } from "./addresses";
import { instanceTypes } from "./instance-types";
import { eniStatuses, instanceStatuses, networkStatuses } from "./resources";
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
// Names, tags and security groups are taken from calls as they come: what GET state gives has to be loadable.
const text = z.string();

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
  CidrBlock: block.optional(),
  Status: z.enum(networkStatuses).optional(),
  StatusTransition: transitionTo(networkStatuses).optional(),
});

const vSwitch = strictObject({
  VSwitchId: id("vsw"),
  VpcId: id("vpc").optional(),
  RegionId: regionId.optional(),
  ZoneId: text.optional(),
  VSwitchName: text.optional(),
  CidrBlock: block.optional(),
  Status: z.enum(networkStatuses).optional(),
  StatusTransition: transitionTo(networkStatuses).optional(),
});

const instance = strictObject({
  InstanceId: id("i"),
  InstanceName: text.optional(),
  RegionId: regionId.optional(),
  ZoneId: text.optional(),
  InstanceType: z.enum([...instanceTypes.keys()]).optional(),
  CreationTime: text.optional(),
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
  DeleteOnRelease: z.boolean().optional(),
  SecurityGroupIds: strictObject({
    SecurityGroupId: z.array(text.min(1, 'must be an id such as "sg-1"')),
  }).optional(),
  Tags: strictObject({ Tag: z.array(strictObject({ TagKey: text, TagValue: text })) }).optional(),
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
});

const eip = strictObject({
  AllocationId: id("eip"),
  RegionId: regionId.optional(),
  IpAddress: address.optional(),
  InstanceId: z
    .union([id("eni"), z.literal("")], 'must be the id of an ENI such as "eni-1", or ""')
    .optional(),
  InstanceType: z.literal("NetworkInterface").optional(),
  PrivateIpAddress: address.optional(),
});

const stateDocumentSchema = strictObject({
  vpcs: z.array(vpc).optional(),
  vSwitches: z.array(vSwitch).optional(),
  instances: z.array(instance).optional(),
  networkInterfaces: z.array(networkInterface).optional(),
  eips: z.array(eip).optional(),
  idsGiven: z.int().min(0).optional(),
});

/**
 * The whole world as one JSON document: the form of a seed file, of `GET state` and of `PUT state`. Fields are named
 * as in the API's answers; all but the ids can be left out. `StatusTransition` is an extension: the state that is to
 * follow by itself. So is `idsGiven`: how many ids the emulator has made up for this world, of which none is given twice.
 *
 * @public
 */
export type StateDocument = z.infer<typeof stateDocumentSchema>;

/** The keys of a document that are lists of objects. */
export type ListName = Exclude<keyof StateDocument, "idsGiven">;

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
  vpcs: Complete<Element<"vpcs">, "StatusTransition">[];
  vSwitches: Complete<Element<"vSwitches">, "StatusTransition">[];
  instances: Complete<Element<"instances">, "StatusTransition">[];
  networkInterfaces: Complete<Element<"networkInterfaces">, "StatusTransition" | "InstanceId">[];
  eips: Complete<Element<"eips">, "InstanceId" | "InstanceType" | "PrivateIpAddress">[];
}

/** A document that was refused; every line of the message names a path and what is allowed there. */
export class StateDocumentError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join("; "));
    this.name = "StateDocumentError";
  }
}

/** Checks the form of a document; what its ids refer to is checked when it is loaded. */
export function parseStateDocument(value: unknown): StateDocument {
  const parsed = stateDocumentSchema.safeParse(value);
  if (!parsed.success) throw new StateDocumentError(describeIssues(parsed.error, "the document", value));
  return parsed.data;
}
