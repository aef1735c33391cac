import { dryRunOperation, missingParameter } from "../api-errors";
import type { Parameters } from "../wire/parameters";
import type { VSwitch } from "../world/resources";
import type { Action, Product } from "./action";
import { documented, ignored, simplified } from "./conformance";
import type { Conformance } from "./conformance";
import { networkTags, tagFilter } from "./filters";
import { vSwitchView } from "./network-views";
import { numberedPage, sortedById } from "./paging";

/** What both operations of the name take. */
const ofBoth = documented("RegionId", "VpcId", "VSwitchId", "ZoneId", "PageNumber", "PageSize");
const noDefaults = simplified("IsDefault", "no vSwitch is a default one");

/**
 * Lists vSwitches. ECS has an operation of the same name, deprecated in favour of this one and with fewer fields.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-describevswitches
 */
export const describeVSwitches: Action = ofProduct("vpc", [
  ofBoth,
  documented("VSwitchName", "EnableIpv6", "Tag.N.Key", "Tag.N.Value", "DryRun"),
  noDefaults,
  simplified("ResourceGroupId", "no vSwitch is in any"),
  ignored("RouteTableId", "VSwitchOwnerId"),
]);

/** The deprecated one of ECS 2014-05-26. */
export const describeVSwitchesOfEcs: Action = ofProduct("ecs", [ofBoth, noDefaults]);

function ofProduct(product: Product, declared: readonly Conformance[]): Action {
  return {
    name: "DescribeVSwitches",
    product,
    parameters: declared,
    prepare(parameters) {
      const region = parameters.optionalRegion();
      const vpcId = parameters.text("VpcId");
      if (region === undefined && vpcId === undefined) throw missingParameter("RegionId");
      const id = parameters.text("VSwitchId");
      const zone = parameters.text("ZoneId");
      const isDefault = parameters.flag("IsDefault");
      const ofVpc = product === "vpc" ? vpcFilter(parameters) : undefined;
      const page = numberedPage(parameters, 50);
      return {
        perform(world) {
          if (ofVpc?.dryRun) throw dryRunOperation();
          const { vSwitches } = world.resources;
          const idOf = (vSwitch: VSwitch) => vSwitch.VSwitchId;
          const candidates =
            id === undefined && vpcId === undefined
              ? vSwitches.sorted()
              : sortedById(
                  id === undefined ? vSwitches.where("VpcId", vpcId ?? "") : vSwitches.named([id]),
                  idOf,
                );
          const found = candidates.filter(
            (vSwitch) =>
              (region === undefined || vSwitch.RegionId === region) &&
              (vpcId === undefined || vSwitch.VpcId === vpcId) &&
              (zone === undefined || vSwitch.ZoneId === zone) &&
              isDefault !== true &&
              (ofVpc?.matches(vSwitch) ?? true),
          );
          const { items, fields } = page(found, idOf);
          return {
            ...fields,
            VSwitches: { VSwitch: items.map((item) => vSwitchView(world, item, product)) },
          };
        },
      };
    },
  };
}

function vpcFilter(parameters: Parameters): { dryRun: boolean; matches: (vSwitch: VSwitch) => boolean } {
  const name = parameters.text("VSwitchName");
  const ipv6 = parameters.flag("EnableIpv6");
  const resourceGroupId = parameters.text("ResourceGroupId");
  const hasTags = tagFilter(parameters);
  return {
    dryRun: parameters.flag("DryRun") ?? false,
    matches: (vSwitch) =>
      (name === undefined || vSwitch.VSwitchName === name) &&
      (ipv6 === undefined || (vSwitch.Ipv6CidrBlock !== "") === ipv6) &&
      resourceGroupId === undefined &&
      hasTags(networkTags(vSwitch)),
  };
}
