import { addingRules } from "./security-group-rule-changes";

/**
 * Adds outbound rules to a security group. A rule that is there already is not added again.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-authorizesecuritygroupegress
 */
export const authorizeSecurityGroupEgress = addingRules("AuthorizeSecurityGroupEgress", "egress");
