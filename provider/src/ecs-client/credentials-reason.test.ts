import { reasonWithoutSecrets } from "./credentials-reason";

const token = "CAISzQJ1q6Ft5B2yfSjIr5bkEdPAhQ+S0oKvcX3iLk";

test.each<[string, string]>([
  [
    "CloudSSO access token is empty or expired, please re-login with cli.",
    "CloudSSO access token is empty or expired, please re-login with cli",
  ],
  [
    `parse aliyun cli config from '/home/me/.aliyun/config.json' failed: {"access_key_secret":"TOP,}`,
    "parse aliyun cli config from '/home/me/.aliyun/config.json' failed",
  ],
  [
    "failed to execute external command: Command failed: get-keys --password TOP\nlogin expired\n",
    "failed to execute external command: the command failed: login expired",
  ],
  [
    "failed to execute external command: Command failed: get-keys --password TOP",
    "failed to execute external command: the command failed",
  ],
  [
    "failed to execute external command: spawn get-keys ENOENT",
    "failed to execute external command: spawn get-keys ENOENT",
  ],
  [
    `failed to parse external command output: Unexpected token 'T', "TOP" is not valid JSON`,
    "failed to parse external command output",
  ],
  [
    `get session token from CloudSSO failed: {"Code":"NoPermission","Message":"No.","Token":"TOP"}`,
    "get session token from CloudSSO failed: NoPermission: No",
  ],
  [
    `get session token from OAuth failed, unmarshal fail: {"accessKeySecret":"TOP`,
    "get session token from OAuth failed, unmarshal fail",
  ],
  [
    `failed to refresh OAuth token: {"error":"invalid_grant","refresh_token":"TOP"}`,
    "failed to refresh OAuth token: invalid_grant",
  ],
  [
    `error retrieving credentials from credentialsURI result: {"AccessKeySecret":"TOP"}.`,
    "error retrieving credentials from credentialsURI result",
  ],
  [
    "get sts token failed, httpStatus: 502, message = <html>TOP</html>.",
    "get sts token failed, httpStatus: 502, message =",
  ],
  [
    "connect ECONNREFUSED 10.0.0.1:443POST https://sts.aliyuncs.com/?SecurityToken=TOP&Signature=TOP failed.",
    "connect ECONNREFUSED 10.0.0.1:443 POST https://sts.aliyuncs.com/ failed",
  ],
  [
    "getaddrinfo ENOTFOUND keysGET https://user:TO/TOP@keys/role?token=TOP failed.",
    "getaddrinfo ENOTFOUND keys GET https://[hidden]@keys/role failed",
  ],
  [
    "unable to get credentials: the CLI has none, getaddrinfo ENOTFOUND undefinedGET https://undefined/ failed.",
    "unable to get credentials: the CLI has none",
  ],
  [`rejected ${token}`, "rejected [hidden]"],
  ["line one\r\n\tline two\u0007", "line one line two"],
])("%j: %j", (message, reason) => {
  expect(reasonWithoutSecrets(new Error(message))).toBe(reason);
});

test("a long reason: is cut", () => {
  expect(reasonWithoutSecrets(new Error("why ".repeat(1_000))).length).toBeLessThan(510);
});

test.each([undefined, null, "text", {}])("%j: has no reason", (thrown) => {
  expect(reasonWithoutSecrets(thrown)).toBe("unknown reason");
});
