import { addingRules } from "./security-group-rule-changes";

/**
 * Adds inbound rules to a security group. A rule that is there already is not added again.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-authorizesecuritygroup
 */
export const authorizeSecurityGroup = addingRules("AuthorizeSecurityGroup", "ingress");
