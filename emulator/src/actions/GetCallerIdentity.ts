import type { Action } from "./action";

/** The RAM user that the key pair belongs to. */
const userId = "200000000000000001";

/**
 * Says whose key the request is signed with. It needs no permission.
 *
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-getcalleridentity
 */
export const getCallerIdentity: Action = {
  name: "GetCallerIdentity",
  product: "sts",
  parameters: [],
  differs: ["the caller is a RAM user, also with a security token, which is a role's in the cloud"],

  prepare: () => ({
    perform: ({ accountId }) => ({
      IdentityType: "RAMUser",
      AccountId: accountId,
      PrincipalId: userId,
      UserId: userId,
      Arn: `acs:ram::${accountId}:user/emulator`,
    }),
  }),
};
