/**
 * Which statuses allow writes, and which pass by themselves
 * (https://api.aliyun.com/document/Ecs/2014-05-26/UnassignPrivateIpAddresses,
 * https://www.alibabacloud.com/help/en/ecs/user-guide/overview-4).
 *
 * @internal
 */
export interface StatusRule {
  readonly accepted: readonly string[];
  readonly passing: readonly string[];
}

/** An ENI takes writes when Available or InUse. @internal */
export const eniStatusRule: StatusRule = {
  accepted: ["Available", "InUse"],
  passing: ["Attaching", "Detaching", "Creating"],
};

/** An ENI that is being deleted takes its addresses along: who wants to release them has only to wait. @internal */
export const eniStatusRuleForDelete: StatusRule = {
  accepted: eniStatusRule.accepted,
  passing: [...eniStatusRule.passing, "Deleting"],
};

/** The instance of a primary ENI has to be Running or Stopped. @internal */
export const instanceStatusRule: StatusRule = {
  accepted: ["Running", "Stopped"],
  passing: ["Pending", "Starting", "Stopping"],
};

/** @internal */
export function judgeStatus(status: string, rule: StatusRule): "accepted" | "passing" | "final" {
  if (rule.accepted.includes(status)) return "accepted";
  return rule.passing.includes(status) ? "passing" : "final";
}
