import { apiTime, macAddress } from "./identifiers";
import { defaultQueueNumber } from "./state-loading";
import type { NetworkInterface, Tag, VSwitch } from "./resources";
import type { World } from "./world";

/** What a new ENI is made of; the rest follows from its vSwitch. */
export interface NewNetworkInterface {
  readonly vSwitch: VSwitch;
  readonly type: "Primary" | "Secondary";
  readonly primary: string;
  readonly secondary: readonly string[];
  readonly prefixes: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly name: string;
  readonly description: string;
  readonly tags: readonly Tag[];
  readonly deleteOnRelease: boolean;
  readonly ipv6Addresses?: readonly string[];
  readonly ipv6Prefixes?: readonly string[];
  readonly resourceGroupId?: string | undefined;
  readonly sourceDestCheck?: boolean | undefined;
  readonly queueNumber?: number | undefined;
  /** The instance that it is the primary ENI of. */
  readonly instanceId?: string;
}

/** Adds an ENI to the world: InUse where it comes with an instance, Available otherwise. */
export function createNetworkInterface(world: World, wanted: NewNetworkInterface): NetworkInterface {
  const { vSwitch } = wanted;
  const id = world.newId("eni");
  const eni: NetworkInterface = {
    NetworkInterfaceId: id,
    NetworkInterfaceName: wanted.name,
    Description: wanted.description,
    RegionId: vSwitch.RegionId,
    ZoneId: vSwitch.ZoneId,
    VpcId: vSwitch.VpcId,
    VSwitchId: vSwitch.VSwitchId,
    Type: wanted.type,
    MacAddress: macAddress(id),
    OwnerId: world.accountId,
    CreationTime: apiTime(world.nowMs),
    ServiceManaged: false,
    ServiceID: undefined,
    ResourceGroupId: wanted.resourceGroupId ?? "",
    DeleteOnRelease: wanted.deleteOnRelease,
    SourceDestCheck: wanted.sourceDestCheck ?? false,
    QueueNumber: wanted.queueNumber ?? defaultQueueNumber,
    SecurityGroupIds: { SecurityGroupId: wanted.securityGroupIds },
    Tags: { Tag: wanted.tags },
    Status: wanted.instanceId === undefined ? "Available" : "InUse",
    StatusTransition: undefined,
    InstanceId: wanted.instanceId,
    PrivateIpSets: {
      PrivateIpSet: [
        { PrivateIpAddress: wanted.primary, Primary: true },
        ...wanted.secondary.map((address) => ({ PrivateIpAddress: address, Primary: false })),
      ],
    },
    Ipv4PrefixSets: { Ipv4PrefixSet: wanted.prefixes.map((prefix) => ({ Ipv4Prefix: prefix })) },
    Ipv6Sets: { Ipv6Set: (wanted.ipv6Addresses ?? []).map((Ipv6Address) => ({ Ipv6Address })) },
    Ipv6PrefixSets: { Ipv6PrefixSet: (wanted.ipv6Prefixes ?? []).map((Ipv6Prefix) => ({ Ipv6Prefix })) },
  };
  world.resources.networkInterfaces.set(id, eni);
  return eni;
}
