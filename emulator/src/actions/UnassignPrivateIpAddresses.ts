import { invalidParameter, ipInvalid, ipUnassigned, missingParameter } from "../api-errors";
import { addressNumber, contains, prefixBlock } from "../world/addresses";
import type { NetworkInterface, VSwitch } from "../world/resources";
import type { World } from "../world/world";
import type { Action } from "./action";
import { documented, simplified } from "./conformance";
import { addressList, applyBatch, prefixList } from "./address-lists";
import { eniOpenToAddressChanges } from "./eni-preconditions";

/**
 * Takes secondary addresses or prefixes from an ENI; the primary address is as unknown to it as a foreign one.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-unassignprivateipaddresses
 */
export const unassignPrivateIpAddresses: Action = {
  name: "UnassignPrivateIpAddresses",
  product: "ecs",
  missingStatus: 403,
  parameters: [
    documented("RegionId", "NetworkInterfaceId", "Ipv4Prefix.N"),
    simplified(
      "PrivateIpAddress.N",
      "N up to `maxAddressesPerCall`, for which the newest documentation has no number; not together with prefixes, which is undocumented",
    ),
  ],
  differs: ["unbinds an EIP that is bound to the address, which is undocumented"],

  prepare(parameters, behaviour) {
    const region = parameters.region();
    const eniId = parameters.requiredText("NetworkInterfaceId");
    const addresses = addressList(parameters, behaviour.maxAddressesPerCall);
    const prefixes = prefixList(parameters);
    if (addresses.length === 0 && prefixes.length === 0) throw missingParameter("PrivateIpAddress.N", 403);
    // Not documented; AliyunContainerService/terway says that ECS refuses it.
    if (addresses.length > 0 && prefixes.length > 0)
      throw invalidParameter(
        "PrivateIpAddress.N",
        "only one of PrivateIpAddress.N and Ipv4Prefix.N is allowed",
      );
    return {
      writesTo: eniId,
      perform(world) {
        const { eni, vSwitch } = eniOpenToAddressChanges(world, eniId, region);
        if (addresses.length > 0) unassignAddresses(world, eni, vSwitch, addresses);
        else unassignPrefixes(world, eni, vSwitch, prefixes);
        return {};
      },
    };
  },
};

function unassignAddresses(
  world: World,
  eni: NetworkInterface,
  vSwitch: VSwitch,
  addresses: readonly string[],
): void {
  const block = world.blockOf(vSwitch);
  const secondary = new Set(
    eni.PrivateIpSets.PrivateIpSet.filter((ip) => !ip.Primary).map((ip) => ip.PrivateIpAddress),
  );
  applyBatch(
    addresses,
    world.behaviour.batch,
    [
      (address) => (contains(block, addressNumber(address)) ? undefined : ipInvalid(address, block.text)),
      (address) => (secondary.has(address) ? undefined : ipUnassigned(address)),
    ],
    (good) => {
      const left = eni.PrivateIpSets.PrivateIpSet.filter(
        (ip) => ip.Primary || !good.includes(ip.PrivateIpAddress),
      );
      world.resources.networkInterfaces.change(eni.NetworkInterfaceId, {
        PrivateIpSets: { PrivateIpSet: left },
      });
      // What the cloud does to an EIP that is bound to the address is not documented: here it is unbound.
      for (const address of good) world.unbindEip(eni.NetworkInterfaceId, address);
      world.release(eni, good);
    },
  );
}

function unassignPrefixes(
  world: World,
  eni: NetworkInterface,
  vSwitch: VSwitch,
  prefixes: readonly string[],
): void {
  const block = world.blockOf(vSwitch);
  const held = new Set(eni.Ipv4PrefixSets.Ipv4PrefixSet.map((set) => set.Ipv4Prefix));
  applyBatch(
    prefixes,
    world.behaviour.batch,
    [
      (prefix) => (contains(block, prefixBlock(prefix).first) ? undefined : ipInvalid(prefix, block.text)),
      (prefix) => (held.has(prefix) ? undefined : ipUnassigned(prefix)),
    ],
    (good) => {
      const left = eni.Ipv4PrefixSets.Ipv4PrefixSet.filter((set) => !good.includes(set.Ipv4Prefix));
      world.resources.networkInterfaces.change(eni.NetworkInterfaceId, {
        Ipv4PrefixSets: { Ipv4PrefixSet: left },
      });
      world.release(eni, good);
    },
  );
}
