import {
  invalidParameter,
  ipAssigned,
  ipInvalid,
  ipNotEnough,
  ipv4CountExceeded,
  missingParameter,
} from "../api-errors";
import type { ApiError } from "../api-errors";
import { slotsOf, slotsTaken } from "../world/quotas";
import type { NetworkInterface, VSwitch } from "../world/resources";
import type { World } from "../world/world";
import type { Action } from "./action";
import { documented, simplified } from "./conformance";
import { addressList, applyBatch, maxPrefixesPerCall, prefixList } from "./address-lists";
import { eniOpenToAddressChanges } from "./eni-preconditions";
import { taken } from "./vswitch-preconditions";

/** What one call asks for: exactly one of the four ways. */
type Wanted =
  | { readonly kind: "addresses"; readonly list: readonly string[] }
  | { readonly kind: "address count"; readonly count: number }
  | { readonly kind: "prefixes"; readonly list: readonly string[] }
  | { readonly kind: "prefix count"; readonly count: number };

/**
 * Gives an ENI secondary addresses or prefixes, named ones or some that the cloud picks.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-assignprivateipaddresses
 */
export const assignPrivateIpAddresses: Action = {
  name: "AssignPrivateIpAddresses",
  product: "ecs",
  missingStatus: 403,
  takesClientToken: true,
  parameters: [
    documented("RegionId", "NetworkInterfaceId", "ClientToken", "Ipv4Prefix.N", "Ipv4PrefixCount"),
    simplified(
      "PrivateIpAddress.N",
      "N up to `maxAddressesPerCall`, also for an ENI that is InUse; not together with prefixes, which is undocumented",
    ),
    simplified("SecondaryPrivateIpAddressCount", "up to `maxAddressesPerCall`, and not beside a list"),
  ],
  differs: [
    "picks the lowest free address, or as `pick` says",
    "knows no reserved CIDR blocks",
    "tokens never expire; `failedClientTokens` says what becomes of one whose call failed, of which both was seen",
    "answers Ipv4CountExceeded for the 50th secondary address of an Available ENI, for which no code is documented",
  ],

  prepare(parameters, behaviour) {
    const region = parameters.region();
    const eniId = parameters.requiredText("NetworkInterfaceId");
    const max = behaviour.maxAddressesPerCall;
    const ways: Wanted[] = [];
    const addresses = addressList(parameters, max);
    if (addresses.length > 0) ways.push({ kind: "addresses", list: addresses });
    const count = parameters.integer("SecondaryPrivateIpAddressCount", 1, max);
    if (count !== undefined) ways.push({ kind: "address count", count });
    const prefixes = prefixList(parameters);
    if (prefixes.length > 0) ways.push({ kind: "prefixes", list: prefixes });
    const prefixCount = parameters.integer("Ipv4PrefixCount", 1, maxPrefixesPerCall);
    if (prefixCount !== undefined) ways.push({ kind: "prefix count", count: prefixCount });

    const [wanted, another] = ways;
    if (!wanted) throw missingParameter("PrivateIpAddress.N", 403);
    // Addresses and prefixes in one call: not documented; AliyunContainerService/terway says that ECS refuses it.
    if (another)
      throw invalidParameter(
        "PrivateIpAddress.N",
        "only one of PrivateIpAddress.N, SecondaryPrivateIpAddressCount, Ipv4Prefix.N and Ipv4PrefixCount is allowed",
      );
    return {
      writesTo: eniId,
      perform(world) {
        const { eni, vSwitch } = eniOpenToAddressChanges(world, eniId, region);
        const before = new Set([...addressesOf(eni), ...prefixesOf(eni)]);
        assign(world, eni, vSwitch, wanted);
        return {
          AssignedPrivateIpAddressesSet: {
            NetworkInterfaceId: eniId,
            PrivateIpSet: { PrivateIpAddress: addressesOf(eni).filter((address) => !before.has(address)) },
            Ipv4PrefixSet: { Ipv4Prefixes: prefixesOf(eni).filter((prefix) => !before.has(prefix)) },
          },
        };
      },
    };
  },
};

function assign(world: World, eni: NetworkInterface, vSwitch: VSwitch, wanted: Wanted): void {
  const occupancy = world.occupancy(vSwitch);
  const free = slotsOf(world, eni) - slotsTaken(eni);
  const block = vSwitch.CidrBlock;
  const id = eni.NetworkInterfaceId;
  const heldError = (item: string, holder: string | undefined): ApiError | undefined => {
    if (holder === undefined) return undefined;
    return holder === id ? ipAssigned(item) : taken(world, item);
  };
  const quotaError = (more: number) => (more > free ? ipv4CountExceeded() : undefined);

  switch (wanted.kind) {
    case "addresses":
      applyBatch(
        wanted.list,
        world.behaviour.batch,
        [
          (address) => (occupancy.isUsable(address) ? undefined : ipInvalid(address, block)),
          (address) => heldError(address, occupancy.holderOf(address)),
          (_, accepted) => quotaError(accepted.length + 1),
        ],
        (address) => {
          addAddress(eni, address);
        },
      );
      break;
    case "prefixes":
      applyBatch(
        wanted.list,
        world.behaviour.batch,
        [
          (prefix) => (occupancy.isPrefixUsable(prefix) ? undefined : ipInvalid(prefix, block)),
          (prefix) => heldError(prefix, occupancy.holderWithin(prefix)),
          (_, accepted) => quotaError(accepted.length + 1),
        ],
        (prefix) => {
          addPrefix(eni, prefix);
        },
      );
      break;
    case "address count": {
      const error = quotaError(wanted.count);
      if (error) throw error;
      const picked = occupancy.free(wanted.count);
      if (picked.length < wanted.count) throw ipNotEnough(vSwitch.VSwitchId);
      for (const address of picked) addAddress(eni, address);
      break;
    }
    case "prefix count": {
      const error = quotaError(wanted.count);
      if (error) throw error;
      const picked = occupancy.freePrefixes(wanted.count);
      if (picked.length < wanted.count) throw ipNotEnough(vSwitch.VSwitchId);
      for (const prefix of picked) addPrefix(eni, prefix);
      break;
    }
  }
}

function addressesOf(eni: NetworkInterface): string[] {
  return eni.PrivateIpSets.PrivateIpSet.map((ip) => ip.PrivateIpAddress);
}

function prefixesOf(eni: NetworkInterface): string[] {
  return eni.Ipv4PrefixSets.Ipv4PrefixSet.map((set) => set.Ipv4Prefix);
}

function addAddress(eni: NetworkInterface, address: string): void {
  eni.PrivateIpSets.PrivateIpSet.push({ PrivateIpAddress: address, Primary: false });
}

function addPrefix(eni: NetworkInterface, prefix: string): void {
  eni.Ipv4PrefixSets.Ipv4PrefixSet.push({ Ipv4Prefix: prefix });
}
