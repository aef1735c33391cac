import { eipNotFound } from "../api-errors";
import { primaryAddress } from "../world/resources";
import type { Eip, EipChargeType } from "../world/resources";
import type { World } from "../world/world";

/** The EIP, if it exists; where the call names a region, in that one. */
export function existingEip(world: World, id: string, region: string | undefined): Eip {
  const eip = world.resources.eips.get(id);
  if (!eip || (region !== undefined && eip.RegionId !== region)) throw eipNotFound();
  return eip;
}

/** The most bandwidth of an EIP, in Mbit/s. */
export const maxBandwidth: Readonly<Record<EipChargeType, number>> = {
  PayByBandwidth: 500,
  PayByTraffic: 200,
};

/** What an EIP is bound to, in the words of DescribeEipAddresses. */
export interface EipBinding {
  readonly InstanceId: string;
  readonly InstanceType: "" | "EcsInstance" | "NetworkInterface";
  readonly VpcId: string;
}

/** An EIP of the primary address of an instance is that of the instance. */
export function bindingOf(world: World, eip: Eip): EipBinding {
  const eni = world.resources.networkInterfaces.get(eip.InstanceId ?? "");
  if (!eni) return { InstanceId: "", InstanceType: "", VpcId: "" };
  const { NetworkInterfaceId, InstanceId, VpcId } = eni;
  return eni.Type === "Primary" && InstanceId !== undefined && eip.PrivateIpAddress === primaryAddress(eni)
    ? { InstanceId, InstanceType: "EcsInstance", VpcId }
    : { InstanceId: NetworkInterfaceId, InstanceType: "NetworkInterface", VpcId };
}
