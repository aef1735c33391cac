import { cidrBlockOverlapped, incorrectVpcStatus, invalidCidrBlock, vpcNotFound } from "../api-errors";
import { contains, overlap, parseBlock } from "../world/addresses";
import type { VSwitch } from "../world/resources";
import type { Action } from "./action";

/**
 * Makes a vSwitch: Pending, then Available.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-createvswitch
 */
export const createVSwitch: Action = {
  name: "CreateVSwitch",
  product: "vpc",
  takesClientToken: true,

  prepare(parameters) {
    const region = parameters.text("RegionId") === undefined ? undefined : parameters.region();
    const zone = parameters.requiredText("ZoneId");
    const cidrBlock = parameters.requiredText("CidrBlock");
    const vpcId = parameters.requiredText("VpcId");
    const block = parseBlock(cidrBlock);
    if (!block || block.prefixLength < 16 || block.prefixLength > 29)
      throw invalidCidrBlock(`"${cidrBlock}" is not an IPv4 block from /16 to /29`);
    const name = parameters.text("VSwitchName") ?? "";
    return {
      perform(world) {
        const vpc = world.resources.vpcs.get(vpcId);
        if (!vpc || (region !== undefined && vpc.RegionId !== region)) throw vpcNotFound();
        if (vpc.Status !== "Available") throw incorrectVpcStatus();
        const whole = parseBlock(vpc.CidrBlock);
        if (!whole || !contains(whole, block.first) || !contains(whole, block.last))
          throw invalidCidrBlock(`${cidrBlock} is not within ${vpc.CidrBlock} of ${vpcId}`);
        for (const other of world.resources.vSwitches.values())
          if (other.VpcId === vpcId && overlap(world.blockOf(other), block)) throw cidrBlockOverlapped();
        const vSwitch: VSwitch = {
          VSwitchId: world.newId("vsw"),
          VpcId: vpcId,
          RegionId: vpc.RegionId,
          ZoneId: zone,
          VSwitchName: name,
          CidrBlock: cidrBlock,
          Status: "Pending",
          StatusTransition: undefined,
        };
        world.resources.vSwitches.set(vSwitch.VSwitchId, vSwitch);
        world.begin(vSwitch, "Available");
        return { VSwitchId: vSwitch.VSwitchId };
      },
    };
  },
};
