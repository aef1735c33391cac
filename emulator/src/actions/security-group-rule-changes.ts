import {
  groupAuthorizationDenied,
  invalidParameter,
  missingParameter,
  securityGroupRuleNotFound,
} from "../api-errors";
import { apiTime } from "../world/identifiers";
import type { RuleDirection, SecurityGroupRule } from "../world/resources";
import type { World } from "../world/world";
import type { Action } from "./action";
import { documented } from "./conformance";
import { existingGroup, isSameRule, ruleParameters, rulesDiffer, wantedRules } from "./security-group-rules";

function setRules(world: World, groupId: string, Permission: readonly SecurityGroupRule[]): void {
  world.resources.securityGroups.change(groupId, { Permissions: { Permission } });
}

/** An operation that adds rules of one direction. */
export function addingRules(name: string, direction: RuleDirection): Action {
  return {
    name,
    product: "ecs",
    takesClientToken: true,
    parameters: ruleParameters(direction, "ClientToken"),
    differs: [...rulesDiffer, "no quota of rules"],

    prepare(parameters) {
      const region = parameters.region();
      const groupId = parameters.requiredText("SecurityGroupId");
      const wanted = wantedRules(parameters, direction);
      if (wanted.length === 0) throw missingParameter("IpProtocol");
      return {
        perform(world) {
          const group = existingGroup(world, groupId, region);
          const peers = wanted.map(({ GroupId }) => GroupId).filter((id) => id !== "");
          if (peers.length > 0 && group.SecurityGroupType === "enterprise") throw groupAuthorizationDenied();
          for (const id of peers) existingGroup(world, id, region);
          const rules = [...group.Permissions.Permission];
          for (const rule of wanted)
            if (!rules.some((one) => one.Direction === direction && isSameRule(one, rule)))
              rules.push({
                ...rule,
                SecurityGroupRuleId: world.newId("sgr"),
                Direction: direction,
                CreateTime: apiTime(world.nowMs),
              });
          setRules(world, groupId, rules);
          return {};
        },
      };
    },
  };
}

/** An operation that removes rules of one direction, which the call names or describes. */
export function removingRules(name: string, direction: RuleDirection): Action {
  return {
    name,
    product: "ecs",
    takesClientToken: true,
    parameters: [...ruleParameters(direction, "ClientToken"), documented("SecurityGroupRuleId.N")],
    differs: rulesDiffer,

    prepare(parameters) {
      const region = parameters.region();
      const groupId = parameters.requiredText("SecurityGroupId");
      const ids = parameters.list("SecurityGroupRuleId", 100);
      const described = wantedRules(parameters, direction);
      if (ids.length + described.length === 0) throw missingParameter("SecurityGroupRuleId.N");
      if (ids.length > 0 && described.length > 0)
        throw invalidParameter("SecurityGroupRuleId.N", "it excludes Permissions.N");
      return {
        perform(world) {
          const rules = existingGroup(world, groupId, region).Permissions.Permission;
          const own = rules.filter((rule) => rule.Direction === direction);
          // A rule that is described need not be there; one that is named by its id has to be.
          for (const id of ids)
            if (!own.some((rule) => rule.SecurityGroupRuleId === id)) throw securityGroupRuleNotFound();
          const isRemoved = (rule: SecurityGroupRule) =>
            rule.Direction === direction &&
            (ids.includes(rule.SecurityGroupRuleId) || described.some((one) => isSameRule(one, rule)));
          setRules(
            world,
            groupId,
            rules.filter((rule) => !isRemoved(rule)),
          );
          return {};
        },
      };
    },
  };
}
