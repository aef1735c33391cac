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
    "a token lasts `clientTokenMs`, for no documentation says how long; `failedClientTokens` says what becomes of one whose call failed, of which both was seen",
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
        const added = assign(world, eni, vSwitch, wanted);
        const isOfAddresses = wanted.kind === "addresses" || wanted.kind === "address count";
        return {
          AssignedPrivateIpAddressesSet: {
            NetworkInterfaceId: eniId,
            PrivateIpSet: { PrivateIpAddress: isOfAddresses ? added : [] },
            Ipv4PrefixSet: { Ipv4Prefixes: isOfAddresses ? [] : added },
          },
        };
      },
    };
  },
};

/** Gives the ENI what is asked for, and returns it. A partial batch gives the good items before it throws. */
function assign(world: World, eni: NetworkInterface, vSwitch: VSwitch, wanted: Wanted): readonly string[] {
  const occupancy = world.occupancy(vSwitch);
  const free = slotsOf(world, eni) - slotsTaken(eni);
  const block = vSwitch.CidrBlock;
  const id = eni.NetworkInterfaceId;
  const heldError = (item: string, holder: string | undefined): ApiError | undefined => {
    if (holder === undefined) return undefined;
    return holder === id ? ipAssigned(item) : taken(world, item);
  };
  const quotaError = (more: number) => (more > free ? ipv4CountExceeded() : undefined);
  const picked = (count: number, pick: (count: number) => readonly string[]): readonly string[] => {
    const error = quotaError(count);
    if (error) throw error;
    const items = pick(count);
    if (items.length < count) throw ipNotEnough(vSwitch.VSwitchId);
    return items;
  };

  switch (wanted.kind) {
    case "addresses":
      return applyBatch(
        wanted.list,
        world.behaviour.batch,
        [
          (address) => (occupancy.isUsable(address) ? undefined : ipInvalid(address, block)),
          (address) => heldError(address, occupancy.holderOf(address)),
          (_, accepted) => quotaError(accepted.length + 1),
        ],
        (addresses) => {
          addAddresses(world, eni, addresses);
        },
      );
    case "prefixes":
      return applyBatch(
        wanted.list,
        world.behaviour.batch,
        [
          (prefix) => (occupancy.isPrefixUsable(prefix) ? undefined : ipInvalid(prefix, block)),
          (prefix) => heldError(prefix, occupancy.holderWithin(prefix)),
          (_, accepted) => quotaError(accepted.length + 1),
        ],
        (prefixes) => {
          addPrefixes(world, eni, prefixes);
        },
      );
    case "address count":
      return addAddresses(
        world,
        eni,
        picked(wanted.count, (count) => occupancy.free(count)),
      );
    case "prefix count":
      return addPrefixes(
        world,
        eni,
        picked(wanted.count, (count) => occupancy.freePrefixes(count)),
      );
  }
}

function addAddresses(world: World, eni: NetworkInterface, addresses: readonly string[]): readonly string[] {
  const added = addresses.map((PrivateIpAddress) => ({ PrivateIpAddress, Primary: false }));
  world.resources.networkInterfaces.change(eni.NetworkInterfaceId, {
    PrivateIpSets: { PrivateIpSet: [...eni.PrivateIpSets.PrivateIpSet, ...added] },
  });
  return addresses;
}

function addPrefixes(world: World, eni: NetworkInterface, prefixes: readonly string[]): readonly string[] {
  const added = prefixes.map((Ipv4Prefix) => ({ Ipv4Prefix }));
  world.resources.networkInterfaces.change(eni.NetworkInterfaceId, {
    Ipv4PrefixSets: { Ipv4PrefixSet: [...eni.Ipv4PrefixSets.Ipv4PrefixSet, ...added] },
  });
  return prefixes;
}
