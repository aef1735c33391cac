import { instanceTypes } from "../world/instance-types";
import { zonesOf } from "../world/regions";
import type { Action } from "./action";
import { documented, ignored, simplified } from "./conformance";
import { diskCategories } from "./disk-categories";

/**
 * Lists the zones of a region.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describezones
 */
export const describeZones: Action = {
  name: "DescribeZones",
  product: "ecs",
  parameters: [
    documented("RegionId"),
    simplified("Verbose", "`false` leaves out the resources"),
    ignored("AcceptLanguage", "InstanceChargeType", "SpotStrategy"),
  ],
  differs: ["three zones in each region, all with the same resources"],

  prepare(parameters) {
    const region = parameters.region();
    const verbose = parameters.flag("Verbose") ?? true;
    return {
      perform: () => ({
        Zones: {
          Zone: zonesOf(region).map((ZoneId) => ({ ZoneId, LocalName: ZoneId, ...(verbose && resources()) })),
        },
      }),
    };
  },
};

function resources(): object {
  return {
    AvailableResourceCreation: { ResourceTypes: ["VSwitch", "IoOptimized", "Instance", "Disk"] },
    AvailableDiskCategories: { DiskCategories: diskCategories },
    AvailableInstanceTypes: { InstanceTypes: [...instanceTypes.keys()] },
    AvailableResources: { ResourcesInfo: [] },
    AvailableVolumeCategories: { VolumeCategories: [] },
    AvailableDedicatedHostTypes: { DedicatedHostType: [] },
    DedicatedHostGenerations: { DedicatedHostGeneration: [] },
  };
}
