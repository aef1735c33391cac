import { removingRules } from "./security-group-rule-changes";

/**
 * Removes inbound rules from a security group. A rule that is not there is ignored.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-revokesecuritygroup
 */
export const revokeSecurityGroup = removingRules("RevokeSecurityGroup", "ingress");
