import { missingParameter, zoneNotFound } from "../api-errors";
import { instanceTypes } from "../world/instance-types";
import { isZoneOf, zonesOf } from "../world/regions";
import type { Action } from "./action";
import { documented, ignored, simplified } from "./conformance";
import { diskCategories } from "./disk-categories";

/** What can be asked for; everything is available everywhere. */
const destinations = [
  "Zone",
  "IoOptimized",
  "InstanceType",
  "Network",
  "ddh",
  "SystemDisk",
  "DataDisk",
] as const;

/**
 * Says what can be bought where.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeavailableresource
 */
export const describeAvailableResource: Action = {
  name: "DescribeAvailableResource",
  product: "ecs",
  parameters: [
    documented("RegionId", "DestinationResource", "InstanceType", "Cores", "ZoneId"),
    simplified("Memory", "whole GiB only"),
    ignored(
      "DataDiskCategory",
      "DedicatedHostId",
      "InstanceChargeType",
      "IoOptimized",
      "NetworkCategory",
      "ResourceType",
      "Scope",
      "SpotDuration",
      "SpotStrategy",
      "SystemDiskCategory",
    ),
  ],
  differs: ["everything is in stock in three zones, and in a zone that is named"],

  prepare(parameters) {
    const region = parameters.region();
    const destination = parameters.choice("DestinationResource", destinations);
    if (destination === undefined) throw missingParameter("DestinationResource");
    const type = parameters.text("InstanceType");
    const cores = parameters.integer("Cores", 1, 1024);
    const memory = parameters.integer("Memory", 1, 65_536);
    const zone = parameters.text("ZoneId");
    return {
      perform() {
        if (zone !== undefined && !isZoneOf(region, zone)) throw zoneNotFound();
        const types = [...instanceTypes.values()]
          .filter(
            (one) =>
              (type === undefined || one.InstanceTypeId === type) &&
              (cores === undefined || one.CpuCoreCount === cores) &&
              (memory === undefined || one.MemorySize === memory),
          )
          .map((one) => one.InstanceTypeId);
        const values = valuesOf(destination, types);
        const zones =
          values === undefined || values.length > 0 ? (zone === undefined ? zonesOf(region) : [zone]) : [];
        return {
          AvailableZones: { AvailableZone: zones.map((id) => view(region, id, destination, values)) },
        };
      },
    };
  },
};

const inStock = { Status: "Available", StatusCategory: "WithStock" };

/** Undefined for a zone, which has nothing in it. */
function valuesOf(destination: (typeof destinations)[number], types: readonly string[]) {
  switch (destination) {
    case "Zone":
      return undefined;
    case "IoOptimized":
      return ["optimized"];
    case "InstanceType":
      return types;
    case "Network":
      return ["vpc"];
    case "ddh":
      return [];
    case "SystemDisk":
    case "DataDisk":
      return diskCategories;
  }
}

function view(
  region: string,
  zone: string,
  destination: string,
  values: readonly string[] | undefined,
): object {
  const resource = {
    Type: destination,
    SupportedResources: { SupportedResource: (values ?? []).map((Value) => ({ Value, ...inStock })) },
  };
  return {
    RegionId: region,
    ZoneId: zone,
    ...inStock,
    AvailableResources: { AvailableResource: values === undefined ? [] : [resource] },
  };
}
