import { primaryAddress } from "../world/resources";
import type { NetworkInterface } from "../world/resources";
import type { World } from "../world/world";

/** An ENI as the API shows it; what is not there shows as an empty object, as in the documentation's samples. */
export function eniView(world: World, eni: NetworkInterface): object {
  const { InstanceId } = eni;
  return {
    NetworkInterfaceId: eni.NetworkInterfaceId,
    NetworkInterfaceName: eni.NetworkInterfaceName,
    Description: eni.Description,
    Status: eni.Status,
    Type: eni.Type,
    InstanceId: InstanceId ?? "",
    MacAddress: eni.MacAddress,
    VpcId: eni.VpcId,
    VSwitchId: eni.VSwitchId,
    ZoneId: eni.ZoneId,
    OwnerId: eni.OwnerId,
    CreationTime: eni.CreationTime,
    ServiceManaged: eni.ServiceManaged,
    DeleteOnRelease: eni.DeleteOnRelease,
    SecurityGroupIds: eni.SecurityGroupIds,
    Tags: eni.Tags,
    Ipv4PrefixSets: eni.Ipv4PrefixSets,
    PrivateIpAddress: primaryAddress(eni),
    PrivateIpSets: {
      PrivateIpSet: eni.PrivateIpSets.PrivateIpSet.map((ip) => ({
        ...ip,
        AssociatedPublicIp: publicIp(world, eni, ip.PrivateIpAddress),
      })),
    },
    AssociatedPublicIp: publicIp(world, eni, primaryAddress(eni)),
    Attachment: InstanceId === undefined ? {} : { InstanceId },
    Ipv6Sets: { Ipv6Set: [] },
    Ipv6PrefixSets: { Ipv6PrefixSet: [] },
    ResourceGroupId: "",
    SourceDestCheck: false,
    NetworkInterfaceTrafficMode: "Standard",
    QueueNumber: 2,
  };
}

function publicIp(world: World, eni: NetworkInterface, address: string): object {
  const eip = world.eipOf(eni.NetworkInterfaceId, address);
  return eip ? { AllocationId: eip.AllocationId, PublicIpAddress: eip.IpAddress } : {};
}
