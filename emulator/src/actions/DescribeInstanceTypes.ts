import { instanceFamilies, instanceTypes } from "../world/instance-types";
import type { InstanceType } from "../world/instance-types";
import type { Action } from "./action";
import { documented, ignored, simplified } from "./conformance";
import { sortedById, tokenPage } from "./paging";

/** The filters that set a lower or an upper bound, and what they bound. */
const bounds = {
  MinimumCpuCoreCount: "CpuCoreCount",
  MinimumMemorySize: "MemorySize",
  MinimumEniQuantity: "EniQuantity",
  MinimumEniPrivateIpAddressQuantity: "EniPrivateIpAddressQuantity",
  MinimumEniIpv6AddressQuantity: "EniIpv6AddressQuantity",
  MaximumCpuCoreCount: "CpuCoreCount",
  MaximumMemorySize: "MemorySize",
} as const;

/**
 * Tells what instance types allow; a type that is not there leaves the list shorter.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstancetypes
 */
export const describeInstanceTypes: Action = {
  name: "DescribeInstanceTypes",
  product: "ecs",
  parameters: [
    documented(
      "InstanceTypes.N",
      "InstanceTypeFamily",
      "InstanceTypeFamilies.N",
      "InstanceFamilyLevel",
      "MaxResults",
      "NextToken",
      ...Object.keys(bounds).filter((name) => !name.endsWith("MemorySize")),
    ),
    simplified("MinimumMemorySize", "whole GiB only"),
    simplified("MaximumMemorySize", "whole GiB only"),
    ignored(
      "AdditionalAttributes.N",
      "CpuArchitecture",
      "CpuArchitectures.N",
      "GPUSpec",
      "GpuSpecs.N",
      "InstanceCategories.N",
      "InstanceCategory",
      "LocalStorageCategories.N",
      "LocalStorageCategory",
      "MaximumCpuSpeedFrequency",
      "MaximumCpuTurboFrequency",
      "MaximumGPUAmount",
      "MinimumBaselineCredit",
      "MinimumCpuSpeedFrequency",
      "MinimumCpuTurboFrequency",
      "MinimumDiskQuantity",
      "MinimumEriQuantity",
      "MinimumGPUAmount",
      "MinimumInitialCredit",
      "MinimumInstanceBandwidthRx",
      "MinimumInstanceBandwidthTx",
      "MinimumInstancePpsRx",
      "MinimumInstancePpsTx",
      "MinimumLocalStorageAmount",
      "MinimumLocalStorageCapacity",
      "MinimumPrimaryEniQueueNumber",
      "MinimumQueuePairNumber",
      "MinimumSecondaryEniQueueNumber",
      "NvmeSupport",
      "PhysicalProcessorModel",
      "PhysicalProcessorModels.N",
    ),
  ],
  differs: [
    `the families ${instanceFamilies.map((family) => family.replace("ecs.", "")).join(", ")}`,
    "CPUs, memory, ENIs and their addresses only; no trunk ENIs",
  ],

  prepare(parameters, behaviour) {
    const ids = new Set(parameters.list("InstanceTypes", 10));
    const families = new Set(parameters.list("InstanceTypeFamilies", 10));
    const family = parameters.text("InstanceTypeFamily");
    if (family !== undefined) families.add(family);
    const level = parameters.text("InstanceFamilyLevel");
    const matches: ((type: InstanceType) => boolean)[] = Object.entries(bounds).map(([name, field]) => {
      const bound = parameters.integer(name, 0, 999_999_999);
      return (type) =>
        bound === undefined || (name.startsWith("Minimum") ? type[field] >= bound : type[field] <= bound);
    });
    const page = tokenPage(parameters, behaviour, { min: 1, max: 100, otherwise: 100 });
    return {
      perform() {
        const found = [...instanceTypes.values()].filter(
          (type) =>
            (ids.size === 0 || ids.has(type.InstanceTypeId)) &&
            (families.size === 0 || families.has(type.InstanceTypeFamily)) &&
            (level === undefined || type.InstanceFamilyLevel === level) &&
            matches.every((match) => match(type)),
        );
        const idOf = (type: { InstanceTypeId: string }) => type.InstanceTypeId;
        const { items, fields } = page(sortedById(found, idOf), idOf);
        return {
          NextToken: fields.NextToken ?? "",
          InstanceTypes: { InstanceType: items.map(view) },
        };
      },
    };
  },
};

/** Trunk ENIs are not modelled, so the total is what can be attached. */
function view(type: InstanceType): object {
  return {
    InstanceTypeId: type.InstanceTypeId,
    InstanceTypeFamily: type.InstanceTypeFamily,
    InstanceFamilyLevel: type.InstanceFamilyLevel,
    CpuCoreCount: type.CpuCoreCount,
    MemorySize: type.MemorySize,
    EniQuantity: type.EniQuantity,
    EniTotalQuantity: type.EniQuantity,
    EniPrivateIpAddressQuantity: type.EniPrivateIpAddressQuantity,
    EniIpv6AddressQuantity: type.EniIpv6AddressQuantity,
    EniTrunkSupported: false,
  };
}
