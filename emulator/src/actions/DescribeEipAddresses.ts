import { dryRunOperation } from "../api-errors";
import type { Eip } from "../world/resources";
import type { World } from "../world/world";
import type { Action } from "./action";
import { documented, ignored, simplified } from "./conformance";
import { bindingOf } from "./eip-bindings";
import { networkTags, tagFilter } from "./filters";
import { numberedPage, sortedById } from "./paging";

/**
 * Lists EIPs.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-describeeipaddresses
 */
export const describeEipAddresses: Action = {
  name: "DescribeEipAddresses",
  product: "vpc",
  parameters: [
    documented(
      "RegionId",
      "AllocationId",
      "EipAddress",
      "EipName",
      "AssociatedInstanceId",
      "Tag.N.Key",
      "Tag.N.Value",
      "DryRun",
      "PageNumber",
      "PageSize",
    ),
    simplified("Status", "`Available` or `InUse`; the others list nothing"),
    simplified("AssociatedInstanceType", "`EcsInstance` or `NetworkInterface`; the others list nothing"),
    ignored(
      "ChargeType",
      "Filter.N",
      "ISP",
      "IncludeReservationData",
      "LockReason",
      "PublicIpAddressPoolId",
      "ResourceGroupId",
      "SecurityProtectionEnabled",
      "SegmentInstanceId",
      "ServiceManaged",
    ),
  ],

  prepare(parameters) {
    const region = parameters.region();
    const ids = parameters.text("AllocationId")?.split(",");
    const addresses = parameters.text("EipAddress")?.split(",");
    const name = parameters.text("EipName");
    const status = parameters.text("Status");
    const instanceId = parameters.text("AssociatedInstanceId");
    const instanceType = parameters.text("AssociatedInstanceType");
    const hasTags = tagFilter(parameters);
    const dryRun = parameters.flag("DryRun") ?? false;
    const page = numberedPage(parameters, 100);
    return {
      perform(world) {
        if (dryRun) throw dryRunOperation();
        const { eips } = world.resources;
        const idOf = (eip: Eip) => eip.AllocationId;
        const candidates = ids === undefined ? eips.sorted() : sortedById(eips.named(ids), idOf);
        const found = candidates.filter((eip) => {
          const binding = bindingOf(world, eip);
          return (
            eip.RegionId === region &&
            (addresses?.includes(eip.IpAddress) ?? true) &&
            (name === undefined || eip.Name === name) &&
            (status === undefined || statusOf(eip) === status) &&
            (instanceId === undefined || binding.InstanceId === instanceId) &&
            (instanceType === undefined || binding.InstanceType === instanceType) &&
            hasTags(networkTags(eip))
          );
        });
        const { items, fields } = page(found, idOf);
        return { ...fields, EipAddresses: { EipAddress: items.map((eip) => view(world, eip)) } };
      },
    };
  },
};

const statusOf = (eip: Eip) => (eip.InstanceId === undefined ? "Available" : "InUse");

function view(world: World, eip: Eip): object {
  return {
    AllocationId: eip.AllocationId,
    RegionId: eip.RegionId,
    IpAddress: eip.IpAddress,
    Name: eip.Name,
    Description: eip.Description,
    Status: statusOf(eip),
    ...bindingOf(world, eip),
    PrivateIpAddress: eip.PrivateIpAddress ?? "",
    Bandwidth: eip.Bandwidth,
    EipBandwidth: eip.Bandwidth,
    InternetChargeType: eip.InternetChargeType,
    ChargeType: "PostPaid",
    AllocationTime: eip.AllocationTime,
    BusinessStatus: "Normal",
    DeletionProtection: false,
    ISP: "BGP",
    Mode: "NAT",
    Netmode: "public",
    ResourceGroupId: "",
    SecurityProtectionTypes: { SecurityProtectionType: [] },
    OperationLocks: { LockReason: [] },
    Tags: eip.Tags,
  };
}
