import type {
  Eip,
  Instance,
  NetworkInterface,
  OccupiedAddresses,
  SecurityGroup,
  Vpc,
  VSwitch,
} from "./resources";
import { Table } from "./table";

/** Everything that a world holds, one table a kind, with the indexes that calls look things up by. */
export function emptyTables() {
  return {
    vpcs: new Table<Vpc, "RegionId" | "Ipv6CidrBlock">({
      RegionId: (vpc) => [vpc.RegionId],
      Ipv6CidrBlock: (vpc) => [vpc.Ipv6CidrBlock],
    }),
    vSwitches: new Table<VSwitch, "RegionId" | "VpcId" | "VpcId of pending" | "VpcId Ipv6CidrBlock">({
      RegionId: (vSwitch) => [vSwitch.RegionId],
      VpcId: (vSwitch) => [vSwitch.VpcId],
      "VpcId of pending": ({ VpcId, Status }) => (Status === "Pending" ? [VpcId] : []),
      "VpcId Ipv6CidrBlock": ({ VpcId, Ipv6CidrBlock }) =>
        Ipv6CidrBlock === "" ? [] : [`${VpcId} ${Ipv6CidrBlock}`],
    }),
    securityGroups: new Table<SecurityGroup, "VpcId" | "GroupId of rules">({
      VpcId: (group) => [group.VpcId],
      "GroupId of rules": ({ Permissions }) => Permissions.Permission.map(({ GroupId }) => GroupId),
    }),
    instances: new Table<Instance, "VSwitchId">({
      VSwitchId: ({ VpcAttributes }) => [VpcAttributes.VSwitchId],
    }),
    networkInterfaces: new Table<NetworkInterface, "VSwitchId" | "InstanceId" | "SecurityGroupId">({
      VSwitchId: (eni) => [eni.VSwitchId],
      InstanceId: (eni) => [eni.InstanceId],
      SecurityGroupId: (eni) => eni.SecurityGroupIds.SecurityGroupId,
    }),
    eips: new Table<Eip, "InstanceId" | "IpAddress">({
      InstanceId: (eip) => [eip.InstanceId],
      IpAddress: (eip) => [eip.IpAddress],
    }),
    occupiedAddresses: new Table<OccupiedAddresses, "VSwitchId">({
      VSwitchId: (occupied) => [occupied.VSwitchId],
    }),
  };
}

/** The tables of a world. */
export type Resources = Readonly<ReturnType<typeof emptyTables>>;

/** A table whatever its kind, for code that treats all kinds alike. */
export function tableOf<Resource extends object = object>(
  resources: Resources,
  list: keyof Resources,
): Table<Resource, string> {
  return resources[list] as unknown as Table<Resource, string>;
}
