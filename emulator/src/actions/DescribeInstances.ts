import { dryRunOperation } from "../api-errors";
import { canonicalIpv6 } from "../world/ipv6";
import { instanceTypes } from "../world/instance-types";
import { instanceStatuses, primaryAddress } from "../world/resources";
import type { Instance, NetworkInterface } from "../world/resources";
import type { World } from "../world/world";
import type { Action } from "./action";
import { documented, ignored, simplified } from "./conformance";
import { ecsTags, tagFilter, wildcard } from "./filters";
import { jsonList } from "./id-lists";
import { enisOf, instanceView } from "./instance-view";
import { bothWaysOfPaging, pageRequest, sortedById } from "./paging";

/**
 * Lists instances; an id that is not there leaves the list shorter.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstances
 */
export const describeInstances: Action = {
  name: "DescribeInstances",
  product: "ecs",
  parameters: [
    documented(
      "RegionId",
      "InstanceIds",
      "Status",
      "VpcId",
      "VSwitchId",
      "ZoneId",
      "InstanceType",
      "InstanceTypeFamily",
      "InstanceName",
      "ImageId",
      "SecurityGroupId",
      "EipAddresses",
      "Ipv6Address.N",
      "Tag.N.Key",
      "Tag.N.Value",
      "DryRun",
    ),
    bothWaysOfPaging,
    simplified("PrivateIpAddresses", "primary addresses, whether or not InstanceNetworkType is given"),
    simplified("InstanceNetworkType", "`classic` lists nothing"),
    ignored(
      "AdditionalAttributes.N",
      "DeviceAvailable",
      "Filter.N",
      "HpcClusterId",
      "HttpEndpoint",
      "HttpPutResponseHopLimit",
      "HttpTokens",
      "InnerIpAddresses",
      "InstanceChargeType",
      "InternetChargeType",
      "IoOptimized",
      "KeyPairName",
      "LockReason",
      "NeedSaleCycle",
      "PublicIpAddresses",
      "RdmaIpAddresses",
      "ResourceGroupId",
    ),
  ],
  differs: [
    "the fields of charging, disks, keys and pools have the values of an instance for which nothing was asked",
  ],

  prepare(parameters, behaviour) {
    const region = parameters.region();
    const ids = jsonList(parameters, "InstanceIds");
    const addresses = jsonList(parameters, "PrivateIpAddresses");
    const eips = jsonList(parameters, "EipAddresses");
    const ipv6 = new Set(parameters.list("Ipv6Address", 100).map((text) => canonicalIpv6(text) ?? text));
    const securityGroupId = parameters.text("SecurityGroupId");
    const name = parameters.text("InstanceName");
    const hasName = name === undefined ? undefined : wildcard(name);
    const hasTags = tagFilter(parameters);
    const dryRun = parameters.flag("DryRun") ?? false;
    const status = parameters.choice("Status", instanceStatuses);
    const exact: readonly (readonly [string | undefined, (instance: Instance) => string])[] = [
      [parameters.text("VpcId"), (instance) => instance.VpcAttributes.VpcId],
      [parameters.text("VSwitchId"), (instance) => instance.VpcAttributes.VSwitchId],
      [parameters.text("ZoneId"), (instance) => instance.ZoneId],
      [parameters.text("InstanceType"), (instance) => instance.InstanceType],
      [
        parameters.text("InstanceTypeFamily"),
        (instance) => instanceTypes.get(instance.InstanceType)?.InstanceTypeFamily ?? "",
      ],
      [parameters.text("ImageId"), (instance) => instance.ImageId],
      [parameters.choice("InstanceNetworkType", ["vpc", "classic"]), () => "vpc"],
      [status, (instance) => instance.Status],
    ];
    const page = pageRequest(parameters, behaviour, { min: 10, max: 100 });
    const matchesNetwork = (world: World, enis: readonly NetworkInterface[]) => {
      const primary = enis.find((eni) => eni.Type === "Primary");
      const eipAddresses = enis.flatMap((eni) =>
        world.resources.eips.where("InstanceId", eni.NetworkInterfaceId),
      );
      return (
        (addresses === undefined || (primary !== undefined && addresses.has(primaryAddress(primary)))) &&
        (eips === undefined || eipAddresses.some((eip) => eips.has(eip.IpAddress))) &&
        (ipv6.size === 0 ||
          enis.some((eni) => eni.Ipv6Sets.Ipv6Set.some((set) => ipv6.has(set.Ipv6Address)))) &&
        (securityGroupId === undefined ||
          primary?.SecurityGroupIds.SecurityGroupId.includes(securityGroupId) === true)
      );
    };
    const filtersNetwork =
      addresses !== undefined || eips !== undefined || ipv6.size > 0 || securityGroupId !== undefined;
    return {
      perform(world) {
        if (dryRun) throw dryRunOperation();
        const { instances } = world.resources;
        const idOf = (instance: Instance) => instance.InstanceId;
        const candidates = ids === undefined ? instances.sorted() : sortedById(instances.named(ids), idOf);
        const found = candidates.filter(
          (instance) =>
            instance.RegionId === region &&
            exact.every(([wanted, of]) => wanted === undefined || of(instance) === wanted) &&
            (hasName?.(instance.InstanceName) ?? true) &&
            hasTags(ecsTags(instance)) &&
            (!filtersNetwork || matchesNetwork(world, enisOf(world, instance))),
        );
        const { items, fields } = page(found, idOf);
        return { ...fields, Instances: { Instance: items.map((instance) => instanceView(world, instance)) } };
      },
    };
  },
};
