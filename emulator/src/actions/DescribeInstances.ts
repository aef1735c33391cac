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
  differs: ["answers the fields that concern the instance's type, state and network"],

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
        return { ...fields, Instances: { Instance: items.map((instance) => view(world, instance)) } };
      },
    };
  },
};

function enisOf(world: World, instance: Instance): NetworkInterface[] {
  return world.resources.networkInterfaces.where("InstanceId", instance.InstanceId);
}

function view(world: World, instance: Instance): object {
  const enis = enisOf(world, instance);
  const primary = enis.find((eni) => eni.Type === "Primary");
  const type = instanceTypes.get(instance.InstanceType);
  return {
    InstanceId: instance.InstanceId,
    InstanceName: instance.InstanceName,
    Description: instance.Description,
    ImageId: instance.ImageId,
    Status: instance.Status,
    InstanceType: instance.InstanceType,
    InstanceTypeFamily: type?.InstanceTypeFamily ?? "",
    Cpu: type?.CpuCoreCount ?? 0,
    Memory: (type?.MemorySize ?? 0) * 1024,
    RegionId: instance.RegionId,
    ZoneId: instance.ZoneId,
    CreationTime: instance.CreationTime,
    InstanceNetworkType: "vpc",
    SecurityGroupIds: primary?.SecurityGroupIds ?? { SecurityGroupId: [] },
    VpcAttributes: {
      ...instance.VpcAttributes,
      PrivateIpAddress: { IpAddress: primary ? [primaryAddress(primary)] : [] },
      NatIpAddress: "",
    },
    NetworkInterfaces: {
      NetworkInterface: enis.map((eni) => ({
        NetworkInterfaceId: eni.NetworkInterfaceId,
        Type: eni.Type,
        MacAddress: eni.MacAddress,
        PrimaryIpAddress: primaryAddress(eni),
        PrivateIpSets: eni.PrivateIpSets,
        Ipv4PrefixSets: eni.Ipv4PrefixSets,
        Ipv6Sets: eni.Ipv6Sets,
        Ipv6PrefixSets: eni.Ipv6PrefixSets,
      })),
    },
    Tags: instance.Tags,
  };
}
