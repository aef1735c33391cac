import { apiTime, macAddress } from "./identifiers";
import { accountId } from "./state-loading";
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
    OwnerId: accountId,
    CreationTime: apiTime(world.nowMs),
    ServiceManaged: false,
    DeleteOnRelease: wanted.deleteOnRelease,
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
  };
  world.resources.networkInterfaces.set(id, eni);
  return eni;
}
