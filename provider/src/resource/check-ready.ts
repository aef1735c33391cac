import type { EcsPort, NetworkInterface } from "../ecs/port";
import type { Deadline } from "../shared/deadline";
import { NotReadyYet, OperationError } from "./operation-error";
import { instanceStatusRule, judgeStatus, type StatusRule } from "./statuses";

/**
 * Makes sure that the API would accept a write to the ENI now.
 *
 * @throws NotReadyYet while a status is passing
 * @throws OperationError when the status is final, with the status seen and those accepted
 * @internal
 */
export async function checkReady(
  ecs: EcsPort,
  eni: NetworkInterface,
  eniStatusRule: StatusRule,
  deadline: Deadline,
): Promise<void> {
  checkStatus(`ENI ${eni.id}`, eni.status, eniStatusRule);
  if (eni.type !== "Primary" || eni.instanceId === undefined) return;
  const status = await ecs.describeInstanceStatus(eni.instanceId, { deadline });
  if (status === undefined) {
    throw new OperationError(
      `instance ${eni.instanceId}, whose primary ENI is ${eni.id}, does not exist in region ${ecs.region}`,
    );
  }
  checkStatus(`instance ${eni.instanceId}, whose primary ENI is ${eni.id},`, status, instanceStatusRule);
}

function checkStatus(what: string, status: string, rule: StatusRule): void {
  const accepted = rule.accepted.join(" or ");
  switch (judgeStatus(status, rule)) {
    case "accepted":
      return;
    case "passing":
      throw new NotReadyYet(`${what} is ${status}; waiting until it is ${accepted}`);
    case "final":
      throw new OperationError(
        `${what} is ${status || "in no known status"}, and its addresses can change only while it is ${accepted}; ` +
          `bring it into one of these states and run \`pulumi up\` again`,
      );
  }
}
