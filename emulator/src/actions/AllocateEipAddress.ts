import { eipAddressNotFree, invalidParameter } from "../api-errors";
import { parseAddress } from "../world/addresses";
import { eipAddressPicker } from "../world/eip-addresses";
import { apiTime } from "../world/identifiers";
import { eipChargeTypes } from "../world/resources";
import type { Eip } from "../world/resources";
import type { World } from "../world/world";
import type { Action } from "./action";
import { documented, ignored, simplified } from "./conformance";
import { maxBandwidth } from "./eip-bindings";
import { tagsOfNewNetwork } from "./network-tags";
import { eipTexts } from "./texts";

/**
 * Makes an EIP, which is Available at once.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-allocateeipaddress
 */
export const allocateEipAddress: Action = {
  name: "AllocateEipAddress",
  product: "vpc",
  takesClientToken: true,
  parameters: [
    documented(
      "RegionId",
      "Name",
      "Description",
      "InternetChargeType",
      "Bandwidth",
      "Tag.N.Key",
      "Tag.N.Value",
      "ClientToken",
    ),
    simplified("IpAddress", "any address that no EIP has"),
    ignored(
      "ActivityId",
      "AutoPay",
      "ISP",
      "InstanceChargeType",
      "InstanceId",
      "Netmode",
      "Period",
      "PricingCycle",
      "PublicIpAddressPoolId",
      "ResourceGroupId",
      "SecurityProtectionTypes.N",
      "Zone",
    ),
  ],
  differs: ["no quota of EIPs"],

  prepare(parameters) {
    const region = parameters.region();
    const address = parameters.text("IpAddress");
    if (address !== undefined && parseAddress(address) === undefined)
      throw invalidParameter("IpAddress", `"${address}" is not an IPv4 address`);
    const { name = "", description = "" } = eipTexts(parameters);
    const chargeType = parameters.choice("InternetChargeType", eipChargeTypes) ?? "PayByBandwidth";
    const bandwidth = parameters.integer("Bandwidth", 1, maxBandwidth[chargeType]) ?? 5;
    const Tag = tagsOfNewNetwork(parameters);
    return {
      perform(world) {
        const eip: Eip = {
          AllocationId: world.newId("eip"),
          RegionId: region,
          IpAddress: freeAddress(world, address),
          Name: name,
          Description: description,
          Bandwidth: String(bandwidth),
          InternetChargeType: chargeType,
          AllocationTime: apiTime(world.nowMs),
          Tags: { Tag },
          InstanceId: undefined,
          PrivateIpAddress: undefined,
        };
        world.resources.eips.set(eip.AllocationId, eip);
        return { AllocationId: eip.AllocationId, EipAddress: eip.IpAddress, ResourceGroupId: "", OrderId: 0 };
      },
    };
  },
};

function freeAddress({ resources: { eips } }: World, wanted: string | undefined): string {
  if (wanted === undefined) return eipAddressPicker(eips)();
  if (eips.countWhere("IpAddress", wanted) > 0) throw eipAddressNotFree();
  return wanted;
}
