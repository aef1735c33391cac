import { instanceTypes } from "../world/instance-types";
import { primaryAddress } from "../world/resources";
import type { Instance, NetworkInterface } from "../world/resources";
import type { World } from "../world/world";

/** Fields of an instance for which nothing of their kind was asked: RunInstances ignores it. */
const withoutChoices = {
  ExpiredTime: "2099-12-31T15:59Z",
  AutoReleaseTime: "",
  InstanceChargeType: "PostPaid",
  InternetChargeType: "PayByTraffic",
  InternetMaxBandwidthIn: 0,
  InternetMaxBandwidthOut: 0,
  SpotStrategy: "NoSpot",
  SpotPriceLimit: 0,
  SpotDuration: 0,
  SaleCycle: "",
  CreditSpecification: "",
  DeletionProtection: false,
  DeviceAvailable: true,
  IoOptimized: true,
  Recyclable: false,
  KeyPairName: "",
  OSName: "",
  OSNameEn: "",
  OSType: "linux",
  ResourceGroupId: "",
  HpcClusterId: "",
  DeploymentSetId: "",
  ClusterId: "",
  SerialNumber: "",
  GPUAmount: 0,
  GPUSpec: "",
  LocalStorageAmount: 0,
  StoppedMode: "Not-applicable",
  PublicIpAddress: { IpAddress: [] },
  InnerIpAddress: { IpAddress: [] },
  OperationLocks: { LockReason: [] },
  MetadataOptions: { HttpEndpoint: "enabled", HttpTokens: "optional", HttpPutResponseHopLimit: 1 },
  DedicatedHostAttribute: { DedicatedHostId: "", DedicatedHostName: "" },
  DedicatedInstanceAttribute: { Tenancy: "", Affinity: "" },
  EcsCapacityReservationAttr: { CapacityReservationId: "", CapacityReservationPreference: "" },
  ImageOptions: { LoginAsNonRoot: false },
} as const;

/** The ENIs of an instance. */
export function enisOf(world: World, instance: Instance): NetworkInterface[] {
  return world.resources.networkInterfaces.where("InstanceId", instance.InstanceId);
}

/** An instance as DescribeInstances lists it. */
export function instanceView(world: World, instance: Instance): object {
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
    HostName: instance.HostName,
    CreationTime: instance.CreationTime,
    StartTime: instance.CreationTime,
    ...withoutChoices,
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
    EipAddress: eipView(world, primary),
    Tags: instance.Tags,
  };
}

function eipView(world: World, primary: NetworkInterface | undefined) {
  const eip = primary && world.eipOf(primary.NetworkInterfaceId, primaryAddress(primary));
  return {
    AllocationId: eip?.AllocationId ?? "",
    IpAddress: eip?.IpAddress ?? "",
    Bandwidth: Number(eip?.Bandwidth ?? 0),
    InternetChargeType: eip?.InternetChargeType ?? "",
    IsSupportUnassociate: eip !== undefined,
  };
}

/** The fields that DescribeInstanceAttribute shares with the listing. */
const attributes = [
  ...["InstanceId", "InstanceName", "Description", "ImageId", "Status", "InstanceType", "Cpu", "Memory"],
  ...["RegionId", "ZoneId", "HostName", "CreationTime", "ExpiredTime", "InstanceChargeType", "ClusterId"],
  ...["InternetChargeType", "InternetMaxBandwidthIn", "InternetMaxBandwidthOut", "CreditSpecification"],
  ...["InstanceNetworkType", "SecurityGroupIds", "VpcAttributes", "PublicIpAddress", "InnerIpAddress"],
  ...["OperationLocks", "DedicatedHostAttribute", "StoppedMode", "SerialNumber"],
];

/** An instance as DescribeInstanceAttribute shows it. */
export function instanceAttributeView(world: World, instance: Instance): object {
  const listed = Object.entries(instanceView(world, instance)).filter(([name]) => attributes.includes(name));
  const primary = enisOf(world, instance).find((eni) => eni.Type === "Primary");
  const { IsSupportUnassociate: _, ...EipAddress } = eipView(world, primary);
  return {
    ...Object.fromEntries(listed),
    EipAddress,
    EnableJumboFrame: false,
    EnableNetworkEncryption: false,
    IoOptimized: "optimized",
    VlanId: "",
  };
}
