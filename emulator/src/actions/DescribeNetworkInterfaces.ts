import { canonicalIpv6 } from "../world/ipv6";
import { eniStatuses, primaryAddress } from "../world/resources";
import type { NetworkInterface } from "../world/resources";
import type { Read } from "../world/stale-reads";
import type { Enis } from "../world/enis";
import type { Parameters } from "../wire/parameters";
import type { Action } from "./action";
import { documented } from "./conformance";
import { eniView } from "./eni-view";
import { ecsTags, tagFilter } from "./filters";
import { bothWaysOfPaging, pageRequest, sortedById } from "./paging";

/** Cilium's operator asks for pages of 1,000 (pkg/alibabacloud/api/api.go). The newest documentation has no bound. */
const maxPageSize = 1000;

/**
 * Lists ENIs. An id that is not there leaves the list shorter: callers of the cloud rely on that, although its table
 * of errors has `InvalidEniId.NotFound` as well.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describenetworkinterfaces
 */
export const describeNetworkInterfaces: Action = {
  name: "DescribeNetworkInterfaces",
  product: "ecs",
  parameters: [
    documented(
      "RegionId",
      "NetworkInterfaceId.N",
      "InstanceId",
      "VpcId",
      "VSwitchId",
      "Type",
      "Status",
      "PrimaryIpAddress",
      "PrivateIpAddress.N",
      "Ipv6Address.N",
      "NetworkInterfaceName",
      "ServiceManaged",
      "SecurityGroupId",
      "ResourceGroupId",
      "Tag.N.Key",
      "Tag.N.Value",
    ),
    bothWaysOfPaging,
  ],
  differs: [
    "an unknown id leaves the list shorter, as callers rely on, although the table of errors has InvalidEniId.NotFound",
    "TotalCount counts all matches in both ways of paging",
    "the last page has no NextToken, unless `lastPageNextToken` is `given`: the documentation's own sample has one with TotalCount 1",
  ],

  prepare(parameters, behaviour) {
    const region = parameters.region();
    const matches = filter(parameters);
    const page = pageRequest(parameters, behaviour, { min: 10, max: 500 }, maxPageSize);
    const read = (enis: Enis): Read => {
      const found = candidates(parameters, enis).filter((eni) => eni.RegionId === region && matches(eni));
      const idOf = (eni: NetworkInterface) => eni.NetworkInterfaceId;
      const { items, fields } = page(found, idOf);
      const NetworkInterfaceSet = items.map((eni) => eniView(enis, eni));
      return { shown: items.map(idOf), answer: { ...fields, NetworkInterfaceSets: { NetworkInterfaceSet } } };
    };
    return { perform: (world) => world.answer(read) };
  },
};

/** The ENIs that a filter can match, by the index that leaves the fewest, in the order of their ids. */
function candidates(parameters: Parameters, enis: Enis): NetworkInterface[] {
  const idOf = (eni: NetworkInterface) => eni.NetworkInterfaceId;
  const ids = parameters.list("NetworkInterfaceId", 100);
  if (ids.length > 0) return sortedById(enis.named(ids), idOf);
  for (const index of ["InstanceId", "VSwitchId"] as const) {
    const key = parameters.text(index);
    if (key !== undefined) return sortedById(enis.where(index, key), idOf);
  }
  return enis.sorted();
}

function filter(parameters: Parameters): (eni: NetworkInterface) => boolean {
  const ids = new Set(parameters.list("NetworkInterfaceId", 100));
  const addresses = new Set(parameters.list("PrivateIpAddress", 100));
  const instanceId = parameters.text("InstanceId");
  const vpcId = parameters.text("VpcId");
  const vSwitchId = parameters.text("VSwitchId");
  const type = parameters.choice("Type", ["Primary", "Secondary"]);
  const status = parameters.choice("Status", eniStatuses);
  const primary = parameters.text("PrimaryIpAddress");
  const name = parameters.text("NetworkInterfaceName");
  const serviceManaged = parameters.flag("ServiceManaged");
  const securityGroupId = parameters.text("SecurityGroupId");
  const resourceGroupId = parameters.text("ResourceGroupId");
  const ipv6 = new Set(parameters.list("Ipv6Address", 100).map((text) => canonicalIpv6(text) ?? text));
  const hasTags = tagFilter(parameters);
  return (eni) =>
    (ids.size === 0 || ids.has(eni.NetworkInterfaceId)) &&
    (instanceId === undefined || eni.InstanceId === instanceId) &&
    (vpcId === undefined || eni.VpcId === vpcId) &&
    (vSwitchId === undefined || eni.VSwitchId === vSwitchId) &&
    (type === undefined || eni.Type === type) &&
    (status === undefined || eni.Status === status) &&
    (primary === undefined || primaryAddress(eni) === primary) &&
    // Documented as a filter by secondary address.
    (addresses.size === 0 ||
      eni.PrivateIpSets.PrivateIpSet.some((ip) => !ip.Primary && addresses.has(ip.PrivateIpAddress))) &&
    (name === undefined || eni.NetworkInterfaceName === name) &&
    (serviceManaged === undefined || eni.ServiceManaged === serviceManaged) &&
    // Documented as a filter of secondary ENIs.
    (securityGroupId === undefined ||
      (eni.Type === "Secondary" && eni.SecurityGroupIds.SecurityGroupId.includes(securityGroupId))) &&
    (resourceGroupId === undefined || eni.ResourceGroupId === resourceGroupId) &&
    (ipv6.size === 0 || eni.Ipv6Sets.Ipv6Set.some((set) => ipv6.has(set.Ipv6Address))) &&
    hasTags(ecsTags(eni));
}
