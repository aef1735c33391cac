import {
  dryRunOperation,
  instanceTypeNotSupported,
  invalidParameter,
  notEnoughAddressesForInstances,
  systemDiskCategoryNotSupported,
  systemDiskSizeNotSupported,
} from "../api-errors";
import { parseAddress } from "../world/addresses";
import { createNetworkInterface } from "../world/creation";
import { apiTime } from "../world/identifiers";
import { instanceFamilies, instanceTypes } from "../world/instance-types";
import { defaultSystemDisk } from "../world/resources";
import type { Instance, SystemDisk } from "../world/resources";
import type { Parameters } from "../wire/parameters";
import type { Action } from "./action";
import { documented, ignored, refused, simplified } from "./conformance";
import { diskCategories } from "./disk-categories";
import { hostName, instanceName, userData } from "./instance-texts";
import { requireSecurityGroups, securityGroups } from "./security-group-membership";
import { tagsOfNewResource } from "./tagged-resources";
import { resourceDescription } from "./texts";
import { availableVSwitch, requireFree } from "./vswitch-preconditions";

/**
 * Makes instances, each with its primary ENI: Pending, Starting, Running.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-runinstances
 */
export const runInstances: Action = {
  name: "RunInstances",
  product: "ecs",
  takesClientToken: true,
  parameters: [
    documented(
      "RegionId",
      "VSwitchId",
      "SecurityGroupId",
      "PrivateIpAddress",
      "Description",
      "Tag.N.Key",
      "Tag.N.Value",
      "DryRun",
      "ClientToken",
    ),
    simplified("ImageId", "must be given, and may be anything"),
    simplified("InstanceType", "must be given, and one that DescribeInstanceTypes lists"),
    simplified("Amount", "1 to 100; all or none"),
    simplified("InstanceName", "the same one for every instance"),
    simplified("SecurityGroupIds.N", "N up to 5"),
    documented("UserData"),
    simplified("HostName", "as of Linux, and the same one for every instance"),
    ...["Category", "Size", "PerformanceLevel", "DiskName", "Description"].map((field) =>
      simplified(`SystemDisk.${field}`, "DescribeDisks shows it, and nothing else depends on it"),
    ),
    ignored(
      "Affinity",
      "Arn.N",
      "AutoPay",
      "AutoReleaseTime",
      "AutoRenew",
      "AutoRenewPeriod",
      "ClockOptions",
      "CpuOptions",
      "CreditSpecification",
      "DataDisk.N",
      "DedicatedHostId",
      "DeletionProtection",
      "DeploymentSetGroupNo",
      "DeploymentSetId",
      "HibernationOptions",
      "HostNames.N",
      "HpcClusterId",
      "HttpEndpoint",
      "HttpPutResponseHopLimit",
      "HttpTokens",
      "ImageOptions",
      "InstanceChargeType",
      "InternetChargeType",
      "InternetMaxBandwidthIn",
      "InternetMaxBandwidthOut",
      "IoOptimized",
      "Isp",
      "KeyPairName",
      "MinAmount",
      "NetworkInterfaceQueueNumber",
      "NetworkOptions",
      "Password",
      "PasswordInherit",
      "Period",
      "PeriodUnit",
      "PrivateDnsNameOptions",
      "PrivatePoolOptions",
      "RamRoleName",
      "ResourceGroupId",
      "SchedulerOptions",
      "SecurityEnhancementStrategy",
      "SecurityOptions",
      "SpotDuration",
      "SpotInterruptionBehavior",
      "SpotPriceLimit",
      "SpotStrategy",
      "StorageSetId",
      "StorageSetPartitionNumber",
      "SystemDisk.AutoSnapshotPolicyId",
      "SystemDisk.BurstingEnabled",
      "SystemDisk.EncryptAlgorithm",
      "SystemDisk.Encrypted",
      "SystemDisk.KMSKeyId",
      "SystemDisk.ProvisionedIops",
      "SystemDisk.StorageClusterId",
      "Tenancy",
      "UniqueSuffix",
      "ZoneId",
    ),
    refused(
      "ImageFamily",
      "Ipv6Address.N",
      "Ipv6AddressCount",
      "LaunchTemplateId",
      "LaunchTemplateName",
      "LaunchTemplateVersion",
      "ManagedHostId",
      "NetworkInterface.N",
    ),
  ],
  differs: ["no images, disks, passwords and charging: an instance is a state and its ENIs"],

  prepare(parameters) {
    const region = parameters.region();
    // No images are modelled: the parameter must be there, as in the cloud, and may be anything.
    const image = parameters.requiredText("ImageId");
    const type = parameters.requiredText("InstanceType");
    const securityGroupIds = securityGroups(parameters);
    const vSwitchId = parameters.requiredText("VSwitchId");
    const amount = parameters.integer("Amount", 1, 100) ?? 1;
    const address = parameters.text("PrivateIpAddress");
    if (address !== undefined && (amount > 1 || parseAddress(address) === undefined))
      throw invalidParameter("PrivateIpAddress", "it must be an IPv4 address, and Amount must be 1");
    const dryRun = parameters.flag("DryRun") ?? false;
    const name = instanceName(parameters);
    const described = {
      ImageId: image,
      HostName: hostName(parameters) ?? "",
      UserData: userData(parameters) ?? "",
      SystemDisk: systemDisk(parameters, type),
      Description: resourceDescription(parameters) ?? "",
      Tags: {
        Tag: tagsOfNewResource(parameters),
      },
    };
    return {
      perform(world) {
        if (!instanceTypes.has(type)) throw instanceTypeNotSupported(instanceFamilies);
        const vSwitch = availableVSwitch(world, vSwitchId, region);
        requireSecurityGroups(world, securityGroupIds, vSwitch);
        const occupancy = world.occupancy(vSwitch);
        if (address !== undefined) requireFree(world, occupancy, vSwitch, address);
        const addresses = address === undefined ? occupancy.free(amount) : [address];
        if (addresses.length < amount) throw notEnoughAddressesForInstances();
        if (dryRun) throw dryRunOperation();
        const ids = addresses.map((primary) => {
          const id = world.newId("i");
          const instance: Instance = {
            InstanceId: id,
            InstanceName: name ?? id,
            RegionId: region,
            ZoneId: vSwitch.ZoneId,
            InstanceType: type,
            ...described,
            CreationTime: apiTime(world.nowMs),
            VpcAttributes: { VpcId: vSwitch.VpcId, VSwitchId: vSwitch.VSwitchId },
            Status: "Pending",
            StatusTransition: world.transition("Starting", "Running"),
          };
          world.resources.instances.set(id, instance);
          createNetworkInterface(world, {
            vSwitch,
            type: "Primary",
            primary,
            secondary: [],
            prefixes: [],
            securityGroupIds,
            name: "",
            description: "",
            tags: [],
            deleteOnRelease: true,
            instanceId: id,
          });
          return id;
        });
        return { InstanceIdSets: { InstanceIdSet: ids } };
      },
    };
  },
};

/** The sizes of a system disk in GiB, where they are not 20 to 2048. */
const diskSizes: Readonly<Record<string, readonly [min: number, max: number]>> = {
  cloud: [20, 500],
  cloud_auto: [1, 2048],
  "cloud_essd PL0": [1, 2048],
  "cloud_essd PL2": [461, 2048],
  "cloud_essd PL3": [1261, 2048],
};

/** The families whose system disk may be an ESSD Entry disk. */
const familiesWithEntryDisks: readonly (string | undefined)[] = ["ecs.u1", "ecs.e"];

function systemDisk(parameters: Parameters, type: string): SystemDisk {
  const Category = parameters.text("SystemDisk.Category") ?? defaultSystemDisk.Category;
  if (!diskCategories.includes(Category)) throw systemDiskCategoryNotSupported();
  const family = instanceTypes.get(type)?.InstanceTypeFamily;
  if (Category === "cloud_essd_entry" && !familiesWithEntryDisks.includes(family))
    throw systemDiskCategoryNotSupported();
  const level = parameters.choice("SystemDisk.PerformanceLevel", ["PL0", "PL1", "PL2", "PL3"]);
  const PerformanceLevel = level ?? (Category === "cloud_essd" ? "PL1" : "");
  const [min, max] = diskSizes[`${Category} ${PerformanceLevel}`.trimEnd()] ?? [20, 2048];
  const Size = parameters.integer("SystemDisk.Size", 1, 999_999_999) ?? Math.max(defaultSystemDisk.Size, min);
  if (Size < min || Size > max) throw systemDiskSizeNotSupported(min, max);
  return {
    Category,
    Size,
    DiskName: parameters.text("SystemDisk.DiskName") ?? "",
    Description: parameters.text("SystemDisk.Description") ?? "",
    PerformanceLevel,
  };
}
