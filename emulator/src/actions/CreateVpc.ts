import { invalidCidrBlock } from "../api-errors";
import { parseBlock } from "../world/addresses";
import type { Vpc } from "../world/resources";
import type { Action } from "./action";

/**
 * Makes a VPC: Pending, then Available.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-createvpc
 */
export const createVpc: Action = {
  name: "CreateVpc",
  product: "vpc",
  takesClientToken: true,

  prepare(parameters) {
    const region = parameters.region();
    const cidrBlock = parameters.text("CidrBlock") ?? "172.16.0.0/12";
    const block = parseBlock(cidrBlock);
    if (!block || block.prefixLength < 8 || block.prefixLength > 28)
      throw invalidCidrBlock(`"${cidrBlock}" is not an IPv4 block from /8 to /28`);
    const name = parameters.text("VpcName") ?? "";
    return {
      perform(world) {
        const vpc: Vpc = {
          VpcId: world.newId("vpc"),
          RegionId: region,
          VpcName: name,
          CidrBlock: cidrBlock,
          Status: "Pending",
          StatusTransition: undefined,
        };
        world.resources.vpcs.set(vpc.VpcId, vpc);
        world.begin(vpc, "Available");
        return { VpcId: vpc.VpcId, VRouterId: "", RouteTableId: "", ResourceGroupId: "" };
      },
    };
  },
};
