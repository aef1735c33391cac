import { eniNotFound } from "../api-errors";
import type { Read } from "../world/stale-reads";
import type { Enis } from "../world/enis";
import type { Action } from "./action";
import { documented, ignored, simplified } from "./conformance";
import { eniAttributeView } from "./eni-view";

/**
 * Shows one ENI. Stale reads concern it as they do the list: it may show an ENI as it was, or not know it yet.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describenetworkinterfaceattribute
 */
export const describeNetworkInterfaceAttribute: Action = {
  name: "DescribeNetworkInterfaceAttribute",
  product: "ecs",
  parameters: [
    documented("RegionId", "NetworkInterfaceId"),
    simplified("Attribute", "no member ENIs; the time-outs of connections are the documented defaults"),
    ignored("Tag.N.Key", "Tag.N.Value"),
  ],
  differs: ["no EnhancedNetwork, QoSConfig, bonds and traffic configuration beyond the number of queues"],

  prepare(parameters) {
    const region = parameters.region();
    const eniId = parameters.requiredText("NetworkInterfaceId");
    const attribute = parameters.choice("Attribute", ["attachment", "connectionTrackingConfiguration"]);
    const read = (enis: Enis): Read<{ found: object | undefined }> => {
      const eni = enis.networkInterface(eniId, region);
      if (!eni) return { shown: [], answer: { found: undefined } };
      return { shown: [eniId], answer: { found: eniAttributeView(enis, eni, attribute) } };
    };
    return {
      perform(world) {
        const { found } = world.answer(read);
        if (!found) throw eniNotFound(eniId);
        return found;
      },
    };
  },
};
