import type { NetworkInterface } from "../../provider/src/ecs/port";

/** An ENI for unit tests: `eni-x`, with its primary address only. */
export const networkInterface = (more: Partial<NetworkInterface> = {}): NetworkInterface => ({
  id: "eni-x",
  status: "InUse",
  type: "Secondary",
  instanceId: "i-1",
  vpcId: "vpc-1",
  vSwitchId: "vsw-1",
  ownerId: "1234567890123456",
  listsAddresses: true,
  listsPrefixes: true,
  primaryIpAddress: "10.0.1.10",
  secondaryIpAddresses: [],
  eipBoundAddresses: [],
  ipv4Prefixes: [],
  serviceManaged: false,
  managingService: "",
  ...more,
});
