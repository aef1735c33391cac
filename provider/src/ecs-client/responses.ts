import { z } from "zod";
import type { InstancePage, NetworkInterface, NetworkInterfacePage, VSwitch } from "../ecs/port";
import { isIpv4Address, isIpv4Prefix, sortedAddresses } from "../shared/addresses";

/*
 * The fields that the provider uses of each answer. A field that the documentation does not guarantee may be absent. An
 * absent list is empty, except that an absent list of what an ENI holds proves nothing. For names see
 * https://api.aliyun.com/document/Ecs/2014-05-26/DescribeNetworkInterfaces.
 */

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "");

/** Ids of accounts come as text or as a number. */
const accountId = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => String(value ?? ""));

/** The official typed client accepts all of these as a flag or a number, because the API does not guarantee JSON types. */
const flag = z
  .union([z.boolean(), z.enum(["true", "false"]), z.literal([0, 1])])
  .nullish()
  .transform((value) => value === true || value === "true" || value === 1);
const quantity = z
  .union([z.number(), z.string().regex(/^\d+$/)])
  .nullish()
  .transform((value) => (value === undefined || value === null ? undefined : Number(value)));

const networkInterface = z
  .object({
    NetworkInterfaceId: z.string(),
    Status: text,
    Type: text,
    InstanceId: text,
    VpcId: text,
    VSwitchId: text,
    OwnerId: accountId,
    PrivateIpAddress: text,
    ServiceManaged: flag,
    Description: text,
    PrivateIpSets: z
      .object({
        PrivateIpSet: z
          .array(
            z.object({
              PrivateIpAddress: text,
              Primary: flag,
              AssociatedPublicIp: z.object({ AllocationId: text, PublicIpAddress: text }).nullish(),
            }),
          )
          .nullish(),
      })
      .nullish(),
    Ipv4PrefixSets: z.object({ Ipv4PrefixSet: z.array(z.object({ Ipv4Prefix: text })).nullish() }).nullish(),
  })
  .transform((eni): NetworkInterface => {
    const entries = eni.PrivateIpSets?.PrivateIpSet ?? [];
    const addresses = entries.filter((set) => isIpv4Address(set.PrivateIpAddress));
    const primary = eni.PrivateIpAddress || (addresses.find((set) => set.Primary)?.PrivateIpAddress ?? "");
    const prefixes = eni.Ipv4PrefixSets?.Ipv4PrefixSet?.map((set) => set.Ipv4Prefix);
    return {
      id: eni.NetworkInterfaceId,
      status: eni.Status,
      type: eni.Type,
      instanceId: eni.InstanceId || undefined,
      vpcId: eni.VpcId,
      vSwitchId: eni.VSwitchId,
      ownerId: eni.OwnerId,
      listsAddresses:
        addresses.length === entries.length && addresses.some((set) => set.PrivateIpAddress === primary),
      listsPrefixes: prefixes?.every(isIpv4Prefix) ?? false,
      primaryIpAddress: primary,
      // Either mark alone identifies the primary address, because the API may omit the other one.
      secondaryIpAddresses: sortedAddresses(
        addresses
          .filter((set) => !set.Primary && set.PrivateIpAddress !== primary)
          .map((set) => set.PrivateIpAddress),
      ),
      eipBoundAddresses: sortedAddresses(
        addresses
          .filter(
            ({ AssociatedPublicIp: eip }) => Boolean(eip?.AllocationId) || Boolean(eip?.PublicIpAddress),
          )
          .map((set) => set.PrivateIpAddress),
      ),
      ipv4Prefixes: sortedAddresses((prefixes ?? []).filter(isIpv4Prefix)),
      serviceManaged: eni.ServiceManaged,
      // https://www.alibabacloud.com/help/en/ecs/user-guide/managed-enis: of a managed ENI, the name of the service.
      // ServiceID is a number that no page explains.
      managingService: eni.ServiceManaged ? eni.Description.trim() : "",
    };
  });

/** @internal */
export const networkInterfacePage = z
  .object({
    NextToken: text,
    // An answer without the list is invalid. It must not mean that no ENI exists.
    NetworkInterfaceSets: z.object({ NetworkInterfaceSet: z.array(networkInterface).nullish() }),
  })
  .transform((answer): NetworkInterfacePage => ({
    networkInterfaces: answer.NetworkInterfaceSets.NetworkInterfaceSet ?? [],
    nextToken: answer.NextToken || undefined,
  }));

/** @internal */
export const instanceStatuses = z
  .object({
    InstanceStatuses: z
      .object({
        InstanceStatus: z.array(z.object({ InstanceId: text, Status: text })).nullish(),
      })
      .nullish(),
  })
  .transform((answer) => answer.InstanceStatuses?.InstanceStatus ?? []);

/** @internal */
export const instancePage = z
  .object({
    NextToken: text,
    Instances: z
      .object({ Instance: z.array(z.object({ InstanceId: text, InstanceType: text })).nullish() })
      .nullish(),
  })
  .transform((answer): InstancePage => ({
    instances: (answer.Instances?.Instance ?? []).map((one) => ({
      id: one.InstanceId,
      type: one.InstanceType,
    })),
    nextToken: answer.NextToken || undefined,
  }));

/** @internal */
export const instanceTypes = z
  .object({
    InstanceTypes: z
      .object({
        InstanceType: z
          .array(z.object({ InstanceTypeId: text, EniPrivateIpAddressQuantity: quantity }))
          .nullish(),
      })
      .nullish(),
  })
  .transform((answer) => answer.InstanceTypes?.InstanceType ?? []);

/** @internal */
export const vSwitches = z
  .object({
    VSwitches: z
      .object({
        VSwitch: z
          .array(z.object({ VSwitchId: z.string(), CidrBlock: z.string(), OwnerId: accountId }))
          .nullish(),
      })
      .nullish(),
  })
  .transform((answer): VSwitch[] =>
    (answer.VSwitches?.VSwitch ?? []).map(({ VSwitchId, CidrBlock, OwnerId }) => ({
      id: VSwitchId,
      cidrBlock: CidrBlock,
      ownerId: OwnerId,
    })),
  );

/** https://api.aliyun.com/document/Sts/2015-04-01/GetCallerIdentity @internal */
export const callerIdentity = z.object({ AccountId: z.string().min(1) });

/** The answer of a write. Without a RequestId it is not the API's. */
const written = z.object({ RequestId: z.string().min(1) });

/** The answer of an unassign. @internal */
export const unassigned = written.transform(() => undefined);

/**
 * The addresses in the answer of an assign. The API does not guarantee the list, but another form of it means another
 * answer. The names differ from those of Describe: https://api.aliyun.com/document/Ecs/2014-05-26/AssignPrivateIpAddresses.
 * @internal
 */
export const assignedAddresses = written
  .extend({
    AssignedPrivateIpAddressesSet: z
      .object({ PrivateIpSet: z.object({ PrivateIpAddress: z.array(z.string()).nullish() }).nullish() })
      .nullish(),
  })
  .transform(({ AssignedPrivateIpAddressesSet: set }) =>
    sortedAddresses((set?.PrivateIpSet?.PrivateIpAddress ?? []).filter(isIpv4Address)),
  );

/** The same for prefixes. @internal */
export const assignedPrefixes = written
  .extend({
    AssignedPrivateIpAddressesSet: z
      .object({ Ipv4PrefixSet: z.object({ Ipv4Prefixes: z.array(z.string()).nullish() }).nullish() })
      .nullish(),
  })
  .transform(({ AssignedPrivateIpAddressesSet: set }) =>
    sortedAddresses((set?.Ipv4PrefixSet?.Ipv4Prefixes ?? []).filter(isIpv4Prefix)),
  );
