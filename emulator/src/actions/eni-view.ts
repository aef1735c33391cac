import { primaryAddress } from "../world/resources";
import type { NetworkInterface } from "../world/resources";
import type { Enis } from "../world/enis";

/** An ENI as DescribeNetworkInterfaces lists it; what is not there shows as an empty object, as in its samples. */
export function eniView(enis: Enis, eni: NetworkInterface): object {
  const { InstanceId } = eni;
  return {
    ...common(eni),
    InstanceId: InstanceId ?? "",
    CreationTime: eni.CreationTime,
    DeleteOnRelease: eni.DeleteOnRelease,
    PrivateIpSets: {
      PrivateIpSet: eni.PrivateIpSets.PrivateIpSet.map((ip) => ({
        ...ip,
        AssociatedPublicIp: publicIp(enis, eni, ip.PrivateIpAddress),
      })),
    },
    AssociatedPublicIp: publicIp(enis, eni, primaryAddress(eni)),
    Attachment: InstanceId === undefined ? {} : { InstanceId },
    NetworkInterfaceTrafficMode: "Standard",
    QueueNumber: eni.QueueNumber,
  };
}

/** An ENI as DescribeNetworkInterfaceAttribute shows it: the same, and a little more. */
export function eniAttributeView(
  enis: Enis,
  eni: NetworkInterface,
  attribute: "attachment" | "connectionTrackingConfiguration" | undefined,
): object {
  const listed = eniView(enis, eni);
  const { InstanceId } = eni;
  return {
    ...listed,
    NetworkInterfaceTrafficConfig: { NetworkInterfaceTrafficMode: "Standard", QueueNumber: eni.QueueNumber },
    ...(attribute === "attachment" && {
      Attachment: {
        InstanceId: InstanceId ?? "",
        MemberNetworkInterfaceIds: { MemberNetworkInterfaceId: [] },
      },
    }),
    // The documented defaults; nothing changes them here.
    ...(attribute === "connectionTrackingConfiguration" && {
      ConnectionTrackingConfiguration: {
        TcpEstablishedTimeout: 86_400,
        TcpClosedAndTimeWaitTimeout: 3,
        UdpTimeout: 30,
      },
    }),
  };
}

/** An ENI as CreateNetworkInterface answers it: new, so without what only comes later. */
export function newEniView(eni: NetworkInterface): object {
  return { ...common(eni), PrivateIpSets: eni.PrivateIpSets };
}

function common(eni: NetworkInterface): object {
  return {
    NetworkInterfaceId: eni.NetworkInterfaceId,
    NetworkInterfaceName: eni.NetworkInterfaceName,
    Description: eni.Description,
    Status: eni.Status,
    Type: eni.Type,
    MacAddress: eni.MacAddress,
    VpcId: eni.VpcId,
    VSwitchId: eni.VSwitchId,
    ZoneId: eni.ZoneId,
    OwnerId: eni.OwnerId,
    ServiceManaged: eni.ServiceManaged,
    ...(eni.ServiceID !== undefined && { ServiceID: eni.ServiceID }),
    ResourceGroupId: eni.ResourceGroupId,
    SourceDestCheck: eni.SourceDestCheck,
    SecurityGroupIds: eni.SecurityGroupIds,
    Tags: eni.Tags,
    PrivateIpAddress: primaryAddress(eni),
    Ipv4PrefixSets: eni.Ipv4PrefixSets,
    Ipv6Sets: eni.Ipv6Sets,
    Ipv6PrefixSets: eni.Ipv6PrefixSets,
  };
}

function publicIp(enis: Enis, eni: NetworkInterface, address: string): object {
  const eip = enis.eipOf(eni.NetworkInterfaceId, address);
  return eip ? { AllocationId: eip.AllocationId, PublicIpAddress: eip.IpAddress } : {};
}
