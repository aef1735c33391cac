import { ipv6CountExceeded, maxEniIpv6IpsCountExceeded, missingParameter } from "../api-errors";
import { ipv6SlotsOf, ipv6SlotsTaken } from "../world/quotas";
import type { Action } from "./action";
import { documented } from "./conformance";
import { eniOpenToAddressChanges } from "./eni-preconditions";
import { allocateIpv6 } from "./ipv6-allocation";
import { ipv6Parameters, ipv6SlotsWanted, wantedIpv6 } from "./ipv6-lists";

/**
 * Gives an ENI IPv6 addresses or prefixes, named ones or some that the cloud picks.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-assignipv6addresses
 */
export const assignIpv6Addresses: Action = {
  name: "AssignIpv6Addresses",
  product: "ecs",
  missingStatus: 403,
  takesClientToken: true,
  parameters: [documented("RegionId", "NetworkInterfaceId", "ClientToken"), ipv6Parameters],
  differs: [
    "picks the lowest free address",
    "a batch with a bad address changes nothing, whatever `batch` says",
    "an address and a prefix take one slot each",
  ],

  prepare(parameters) {
    const region = parameters.region();
    const eniId = parameters.requiredText("NetworkInterfaceId");
    const wanted = wantedIpv6(parameters);
    if (ipv6SlotsWanted(wanted) === 0) throw missingParameter("Ipv6Address.N", 403);
    return {
      writesTo: eniId,
      perform(world) {
        const { eni, vSwitch } = eniOpenToAddressChanges(world, eniId, region);
        const { addresses, prefixes } = allocateIpv6(world, vSwitch, wanted, eniId);
        if (ipv6SlotsTaken(eni) + ipv6SlotsWanted(wanted) > ipv6SlotsOf(world, eni))
          throw eni.Status === "Available" ? maxEniIpv6IpsCountExceeded() : ipv6CountExceeded();
        world.resources.networkInterfaces.change(eniId, {
          Ipv6Sets: {
            Ipv6Set: [...eni.Ipv6Sets.Ipv6Set, ...addresses.map((Ipv6Address) => ({ Ipv6Address }))],
          },
          Ipv6PrefixSets: {
            Ipv6PrefixSet: [
              ...eni.Ipv6PrefixSets.Ipv6PrefixSet,
              ...prefixes.map((Ipv6Prefix) => ({ Ipv6Prefix })),
            ],
          },
        });
        return {
          NetworkInterfaceId: eniId,
          Ipv6Sets: { Ipv6Address: addresses },
          Ipv6PrefixSets: { Ipv6Prefix: prefixes },
        };
      },
    };
  },
};
