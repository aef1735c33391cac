import { invalidParameter } from "../api-errors";
import type { Parameters } from "../wire/parameters";
import { instanceTypes } from "../world/instance-types";
import { instanceStatuses, primaryAddress } from "../world/resources";
import type { Instance } from "../world/resources";
import type { World } from "../world/world";
import type { Action } from "./action";
import { pageRequest, sortedById } from "./paging";

/**
 * Lists instances; an id that is not there leaves the list shorter.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstances
 */
export const describeInstances: Action = {
  name: "DescribeInstances",
  product: "ecs",

  prepare(parameters) {
    const region = parameters.region();
    const ids = instanceIds(parameters);
    const status = parameters.choice("Status", instanceStatuses);
    const exact: readonly (readonly [string | undefined, (instance: Instance) => string])[] = [
      [parameters.text("VpcId"), (instance) => instance.VpcAttributes.VpcId],
      [parameters.text("VSwitchId"), (instance) => instance.VpcAttributes.VSwitchId],
      [parameters.text("ZoneId"), (instance) => instance.ZoneId],
      [parameters.text("InstanceType"), (instance) => instance.InstanceType],
      [parameters.text("InstanceName"), (instance) => instance.InstanceName],
      [status, (instance) => instance.Status],
    ];
    const page = pageRequest(parameters, { min: 10, max: 100 });
    return {
      perform(world) {
        const found = [...world.resources.instances.values()].filter(
          (instance) =>
            instance.RegionId === region &&
            (ids === undefined || ids.has(instance.InstanceId)) &&
            exact.every(([wanted, of]) => wanted === undefined || of(instance) === wanted),
        );
        const idOf = (instance: Instance) => instance.InstanceId;
        const { items, fields } = page(sortedById(found, idOf), idOf);
        return { ...fields, Instances: { Instance: items.map((instance) => view(world, instance)) } };
      },
    };
  },
};

/** One text that holds a JSON array, unlike every other list of the API. */
function instanceIds(parameters: Parameters): Set<string> | undefined {
  const text = parameters.text("InstanceIds");
  if (text === undefined) return undefined;
  const ids = parseIds(text);
  if (!ids || ids.length > 100)
    throw invalidParameter(
      "InstanceIds",
      'it must be a JSON array of at most 100 ids, such as ["i-1","i-2"]',
    );
  return new Set(ids);
}

function parseIds(text: string): string[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    if (!Array.isArray(parsed)) return undefined;
    const ids = parsed.filter((id): id is string => typeof id === "string");
    return ids.length === parsed.length ? ids : undefined;
  } catch {
    return undefined;
  }
}

function view(world: World, instance: Instance): object {
  const enis = [...world.resources.networkInterfaces.values()].filter(
    (eni) => eni.InstanceId === instance.InstanceId,
  );
  const primary = enis.find((eni) => eni.Type === "Primary");
  const type = instanceTypes.get(instance.InstanceType);
  return {
    InstanceId: instance.InstanceId,
    InstanceName: instance.InstanceName,
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
        Ipv6Sets: { Ipv6Set: [] },
        Ipv6PrefixSets: { Ipv6PrefixSet: [] },
      })),
    },
    Tags: { Tag: [] },
  };
}
