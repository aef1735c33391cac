import { ipUnassigned, missingParameter } from "../api-errors";
import type { Action } from "./action";
import { documented } from "./conformance";
import { eniOpenToAddressChanges } from "./eni-preconditions";
import { ipv6AddressList, ipv6PrefixList } from "./ipv6-lists";

/**
 * Takes IPv6 addresses and prefixes from an ENI.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-unassignipv6addresses
 */
export const unassignIpv6Addresses: Action = {
  name: "UnassignIpv6Addresses",
  product: "ecs",
  missingStatus: 403,
  parameters: [documented("RegionId", "NetworkInterfaceId", "Ipv6Address.N", "Ipv6Prefix.N")],
  differs: ["a batch with a bad address changes nothing, whatever `batch` says"],

  prepare(parameters) {
    const region = parameters.region();
    const eniId = parameters.requiredText("NetworkInterfaceId");
    const addresses = ipv6AddressList(parameters);
    const prefixes = ipv6PrefixList(parameters);
    if (addresses.length + prefixes.length === 0) throw missingParameter("Ipv6Address.N", 403);
    return {
      writesTo: eniId,
      perform(world) {
        const { eni } = eniOpenToAddressChanges(world, eniId, region);
        const heldAddresses = new Set(eni.Ipv6Sets.Ipv6Set.map((set) => set.Ipv6Address));
        const heldPrefixes = new Set(eni.Ipv6PrefixSets.Ipv6PrefixSet.map((set) => set.Ipv6Prefix));
        for (const address of addresses) if (!heldAddresses.has(address)) throw ipUnassigned(address);
        for (const prefix of prefixes) if (!heldPrefixes.has(prefix)) throw ipUnassigned(prefix);
        world.resources.networkInterfaces.change(eniId, {
          Ipv6Sets: { Ipv6Set: eni.Ipv6Sets.Ipv6Set.filter((set) => !addresses.includes(set.Ipv6Address)) },
          Ipv6PrefixSets: {
            Ipv6PrefixSet: eni.Ipv6PrefixSets.Ipv6PrefixSet.filter(
              (set) => !prefixes.includes(set.Ipv6Prefix),
            ),
          },
        });
        return {};
      },
    };
  },
};
