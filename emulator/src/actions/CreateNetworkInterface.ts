import {
  invalidParameter,
  ipInvalid,
  ipNotEnough,
  ipRepeated,
  maxEniIpv6IpsCountExceeded,
  maxEniPrivateIpsCountExceeded,
  unsupportedParameter,
} from "../api-errors";
import type { Parameters } from "../wire/parameters";
import { parseAddress } from "../world/addresses";
import { createNetworkInterface as create } from "../world/creation";
import { ipv6SlotsOfUnattachedEni, slotsOfUnattachedEni } from "../world/quotas";
import type { VSwitch } from "../world/resources";
import type { World } from "../world/world";
import type { Action } from "./action";
import { addressList, maxPrefixesPerCall, prefixList } from "./address-lists";
import { documented, ignored, refused, simplified } from "./conformance";
import { newEniView } from "./eni-view";
import { allocateIpv6 } from "./ipv6-allocation";
import { ipv6Parameters, ipv6SlotsWanted, wantedIpv6 } from "./ipv6-lists";
import { requireSecurityGroups, securityGroups } from "./security-group-membership";
import { tagsOfNewResource } from "./tagged-resources";
import { resourceDescription, resourceName } from "./texts";
import { availableVSwitch, requireFree, taken } from "./vswitch-preconditions";

/** The most addresses that the call may name. */
const maxNamedAddresses = 10;

/**
 * Makes a secondary ENI, which is Available at once.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-createnetworkinterface
 */
export const createNetworkInterface: Action = {
  name: "CreateNetworkInterface",
  product: "ecs",
  takesClientToken: true,
  parameters: [
    documented(
      "RegionId",
      "VSwitchId",
      "PrimaryIpAddress",
      "PrivateIpAddress.N",
      "SecondaryPrivateIpAddressCount",
      "Ipv4Prefix.N",
      "Ipv4PrefixCount",
      "NetworkInterfaceName",
      "Description",
      "SecurityGroupId",
      "DeleteOnRelease",
      "SourceDestCheck",
      "ResourceGroupId",
      "QueueNumber",
      "Tag.N.Key",
      "Tag.N.Value",
      "ClientToken",
    ),
    ipv6Parameters,
    simplified("SecurityGroupIds.N", "N up to 5"),
    simplified("InstanceType", "`Secondary` only: a trunk ENI is refused"),
    ignored(
      "BusinessType",
      "Visible",
      "NetworkInterfaceTrafficMode",
      "QueuePairNumber",
      "RxQueueSize",
      "TxQueueSize",
      "NetworkInterfaceTrafficConfig",
      "ConnectionTrackingConfiguration",
      "EnhancedNetwork",
    ),
    refused("EnablePrimaryIPv6"),
  ],
  differs: ["picks the lowest free address, or as `pick` says", "no quota of ENIs in a region"],

  prepare(parameters) {
    const region = parameters.region();
    const vSwitchId = parameters.requiredText("VSwitchId");
    const securityGroupIds = securityGroups(parameters);
    const wanted = wantedAddresses(parameters);
    const ipv6 = wantedIpv6(parameters);
    if ((parameters.text("InstanceType") ?? "Secondary") !== "Secondary")
      throw unsupportedParameter("InstanceType");
    const described = {
      name: resourceName(parameters, "NetworkInterfaceName") ?? "",
      description: resourceDescription(parameters) ?? "",
      resourceGroupId: parameters.text("ResourceGroupId"),
      sourceDestCheck: parameters.flag("SourceDestCheck"),
      queueNumber: parameters.integer("QueueNumber", 1, 2048),
      tags: tagsOfNewResource(parameters),
      deleteOnRelease: parameters.flag("DeleteOnRelease") ?? false,
    };
    return {
      perform(world) {
        const vSwitch = availableVSwitch(world, vSwitchId, region);
        requireSecurityGroups(world, securityGroupIds, vSwitch);
        const { addresses: ipv6Addresses, prefixes: ipv6Prefixes } = allocateIpv6(world, vSwitch, ipv6);
        if (ipv6SlotsWanted(ipv6) > ipv6SlotsOfUnattachedEni) throw maxEniIpv6IpsCountExceeded();
        const eni = create(world, {
          vSwitch,
          type: "Secondary",
          ...pickAddresses(world, vSwitch, wanted),
          ipv6Addresses,
          ipv6Prefixes,
          securityGroupIds,
          ...described,
        });
        return newEniView(eni);
      },
    };
  },
};

interface WantedAddresses {
  readonly primary: string | undefined;
  readonly secondary: readonly string[];
  readonly secondaryCount: number;
  readonly prefixes: readonly string[];
  readonly prefixCount: number;
}

function wantedAddresses(parameters: Parameters): WantedAddresses {
  const primary = parameters.text("PrimaryIpAddress");
  if (primary !== undefined && parseAddress(primary) === undefined)
    throw invalidParameter("PrimaryIpAddress", `"${primary}" is not an IPv4 address`);
  const secondary = addressList(parameters, maxNamedAddresses);
  if (primary !== undefined && secondary.includes(primary)) throw ipRepeated(primary);
  const secondaryCount =
    parameters.integer("SecondaryPrivateIpAddressCount", 1, slotsOfUnattachedEni - 1) ?? 0;
  if (secondary.length > 0 && secondaryCount > 0)
    throw invalidParameter("SecondaryPrivateIpAddressCount", "it excludes PrivateIpAddress.N");
  const prefixes = prefixList(parameters);
  const prefixCount = parameters.integer("Ipv4PrefixCount", 1, maxPrefixesPerCall) ?? 0;
  if (prefixes.length > 0 && prefixCount > 0)
    throw invalidParameter("Ipv4PrefixCount", "it excludes Ipv4Prefix.N");
  return { primary, secondary, secondaryCount, prefixes, prefixCount };
}

function pickAddresses(world: World, vSwitch: VSwitch, wanted: WantedAddresses) {
  const occupancy = world.occupancy(vSwitch);
  const named = [...(wanted.primary === undefined ? [] : [wanted.primary]), ...wanted.secondary];
  for (const address of named) requireFree(world, occupancy, vSwitch, address);
  for (const prefix of wanted.prefixes) {
    if (!occupancy.isPrefixUsable(prefix)) throw ipInvalid(prefix, vSwitch.CidrBlock);
    if (occupancy.holderWithin(prefix) !== undefined) throw taken(world, prefix);
  }
  const slots =
    1 + wanted.secondary.length + wanted.secondaryCount + wanted.prefixes.length + wanted.prefixCount;
  if (slots > slotsOfUnattachedEni) throw maxEniPrivateIpsCountExceeded();

  // Take the named items first, so that none of them is picked.
  const taker = "the new ENI";
  for (const address of named) occupancy.take(address, taker);
  for (const prefix of wanted.prefixes) {
    // A prefix that covers a named address, or the same addresses as another one.
    if (occupancy.holderWithin(prefix) !== undefined) throw taken(world, prefix);
    occupancy.take(prefix, taker);
  }
  const pickedPrefixes = occupancy.freePrefixes(wanted.prefixCount);
  for (const prefix of pickedPrefixes) occupancy.take(prefix, taker);
  const count = wanted.secondaryCount + (wanted.primary === undefined ? 1 : 0);
  const picked = occupancy.free(count);
  if (picked.length < count || pickedPrefixes.length < wanted.prefixCount)
    throw ipNotEnough(vSwitch.VSwitchId);
  const [primary, ...secondary] = wanted.primary === undefined ? picked : [wanted.primary, ...picked];
  if (primary === undefined) throw ipNotEnough(vSwitch.VSwitchId);
  return {
    primary,
    secondary: [...wanted.secondary, ...secondary],
    prefixes: [...wanted.prefixes, ...pickedPrefixes],
  };
}
