import { missingParameter } from "../api-errors";
import type { VSwitch } from "../world/resources";
import type { World } from "../world/world";
import type { Action, Product } from "./action";
import { numberedPage, sortedById } from "./paging";

/**
 * Lists vSwitches. ECS has an operation of the same name, deprecated in favour of this one and with fewer fields.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-describevswitches
 */
export const describeVSwitches: Action = ofProduct("vpc");

/** The deprecated one of ECS 2014-05-26. */
export const describeVSwitchesOfEcs: Action = ofProduct("ecs");

function ofProduct(product: Product): Action {
  return {
    name: "DescribeVSwitches",
    product,
    prepare(parameters) {
      const region = parameters.text("RegionId") === undefined ? undefined : parameters.region();
      const vpcId = parameters.text("VpcId");
      if (region === undefined && vpcId === undefined) throw missingParameter("RegionId");
      const id = parameters.text("VSwitchId");
      const zone = parameters.text("ZoneId");
      const name = parameters.text("VSwitchName");
      const page = numberedPage(parameters, 50);
      return {
        perform(world) {
          const found = [...world.resources.vSwitches.values()].filter(
            (vSwitch) =>
              (region === undefined || vSwitch.RegionId === region) &&
              (vpcId === undefined || vSwitch.VpcId === vpcId) &&
              (id === undefined || vSwitch.VSwitchId === id) &&
              (zone === undefined || vSwitch.ZoneId === zone) &&
              (name === undefined || vSwitch.VSwitchName === name),
          );
          const idOf = (vSwitch: VSwitch) => vSwitch.VSwitchId;
          const { items, fields } = page(sortedById(found, idOf), idOf);
          return { ...fields, VSwitches: { VSwitch: items.map((item) => view(world, item, product)) } };
        },
      };
    },
  };
}

function view(world: World, vSwitch: VSwitch, product: Product): object {
  const common = {
    VSwitchId: vSwitch.VSwitchId,
    VpcId: vSwitch.VpcId,
    ZoneId: vSwitch.ZoneId,
    VSwitchName: vSwitch.VSwitchName,
    CidrBlock: vSwitch.CidrBlock,
    Status: vSwitch.Status,
    Description: "",
    IsDefault: false,
    AvailableIpAddressCount: world.occupancy(vSwitch).available,
  };
  if (product === "ecs") return common;
  return { ...common, Ipv6CidrBlock: "", EnabledIpv6: false, ShareType: "", Tags: { Tag: [] } };
}
