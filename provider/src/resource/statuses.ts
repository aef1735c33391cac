import type { NetworkInterface } from "../ecs/port";
import { NotReadyYet, NotVisibleError, OperationError } from "./operation-error";

/**
 * Which statuses allow writes, and which ones pass by themselves
 * (https://api.aliyun.com/document/Ecs/2014-05-26/UnassignPrivateIpAddresses,
 * https://www.alibabacloud.com/help/en/ecs/user-guide/overview-4).
 * @internal
 */
export interface StatusRule {
  readonly accepted: readonly string[];
  readonly passing: readonly string[];
  /** Whether the status also matters where nothing is to be written. */
  readonly judgedAlways: boolean;
}

/** The API accepts writes to an ENI that is Available or InUse. @internal */
export const eniStatusRule: StatusRule = {
  accepted: ["Available", "InUse"],
  passing: ["Attaching", "Detaching", "Creating"],
  judgedAlways: true,
};

/**
 * Deleting an ENI releases its addresses: a delete of the resource only has to wait, and a delete that finds nothing to
 * unassign is done.
 * @internal
 */
export const eniStatusRuleForDelete: StatusRule = {
  accepted: eniStatusRule.accepted,
  passing: [...eniStatusRule.passing, "Deleting"],
  judgedAlways: false,
};

/** The instance of a primary ENI has to be Running or Stopped. @internal */
export const instanceStatusRule: StatusRule = {
  accepted: ["Running", "Stopped"],
  passing: ["Pending", "Starting", "Stopping"],
  judgedAlways: true,
};

/** @internal */
export function judgeStatus(status: string, rule: StatusRule): "accepted" | "passing" | "final" {
  if (rule.accepted.includes(status)) return "accepted";
  return rule.passing.includes(status) ? "passing" : "final";
}

/**
 * Why this status forbids a write now; `undefined` when it allows it. A passing status is a {@link NotReadyYet}.
 * @internal
 */
export function statusProblem(what: string, status: string, rule: StatusRule): Error | undefined {
  const accepted = rule.accepted.join(" or ");
  switch (judgeStatus(status, rule)) {
    case "accepted":
      return undefined;
    case "passing":
      return new NotReadyYet(`${what} is ${status}; waiting until it is ${accepted}`);
    case "final":
      return new OperationError(
        `${what} is ${status || "in no known status"}, and its addresses can change only while it is ${accepted}; ` +
          `bring it into one of these states and run \`pulumi up\` again`,
      );
  }
}

/**
 * Why the instance of this primary ENI forbids a write now.
 *
 * @param status - `null` when there is no such instance
 * @internal
 */
export function instanceProblem(
  { id, instanceId }: NetworkInterface,
  status: string | null,
  region: string,
): Error | undefined {
  const what = `instance ${instanceId}, whose primary ENI is ${id},`;
  return status === null
    ? new NotVisibleError(`${what} does not exist in region ${region}`)
    : statusProblem(what, status, instanceStatusRule);
}
