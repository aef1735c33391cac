import Credential from "@alicloud/credentials";
import { parseEndpoint, publicEndpoint } from "../../provider/src/ecs-client/endpoints";
import type { Endpoint } from "../../provider/src/ecs-client/endpoints";

/** A run that may not begin. The message says which variable is missing or wrong. */
export class SettingsError extends Error {}

export interface Key {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
}

/** The account, the region and the endpoints of a run. */
export interface Settings {
  readonly account: string;
  readonly region: string;
  readonly zones: readonly [string, string];
  readonly key: Key;
  readonly endpoints: Readonly<Record<"ecs" | "vpc" | "sts", Endpoint>>;
}

/** The variable that names the account: without it, nothing is asked of the cloud. */
const accountVariable = "CLOUD_TEST_ACCOUNT";

/**
 * Reads the settings. A key alone never starts a run: the account is named as well, and compared with the key's later.
 */
export async function readSettings(env: NodeJS.ProcessEnv): Promise<Settings> {
  if (env.CI)
    throw new SettingsError("CI is set: this test creates resources in an account and never runs in CI");
  const account = env[accountVariable] ?? "";
  if (!/^\d{16}$/.test(account))
    throw new SettingsError(
      `${accountVariable} is ${JSON.stringify(account)}; set it to the 16 digits of the account in which the test may create ` +
        "and delete VPCs, vSwitches, security groups and ENIs",
    );
  const region = env.CLOUD_TEST_REGION ?? "cn-hangzhou";
  const zones = (env.CLOUD_TEST_ZONES ?? "cn-hangzhou-h,cn-hangzhou-i").split(",");
  const [zone, otherZone] = zones;
  if (zones.length !== 2 || !zone?.startsWith(region) || !otherZone?.startsWith(region))
    throw new SettingsError(
      `CLOUD_TEST_ZONES is ${JSON.stringify(zones.join(","))}; set it to two zones of ${region}, such as ${region}-h,${region}-i`,
    );
  const endpoint = (product: "ecs" | "vpc" | "sts") => {
    const name = `${product.toUpperCase()}_ENDPOINT`;
    const text = env[name] ?? "";
    if (text === "") return publicEndpoint(product, region);
    const parsed = parseEndpoint(text, name);
    if (parsed.protocol === "http")
      throw new SettingsError(
        `${name} is ${JSON.stringify(text)}; use https: requests have the signature of your key`,
      );
    return parsed;
  };
  const endpoints = { ecs: endpoint("ecs"), vpc: endpoint("vpc"), sts: endpoint("sts") };
  return { account, region, zones: [zone, otherZone], key: await readKey(env), endpoints };
}

async function readKey(env: NodeJS.ProcessEnv): Promise<Key> {
  if (env.ALICLOUD_ACCESS_KEY && env.ALICLOUD_SECRET_KEY)
    return keyOf(env.ALICLOUD_ACCESS_KEY, env.ALICLOUD_SECRET_KEY, env.ALICLOUD_SECURITY_TOKEN);
  const found = await new Credential().getCredential().catch((error: unknown) => {
    throw new SettingsError(
      `there are no credentials: set ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY (${error instanceof Error ? error.message : String(error)})`,
    );
  });
  return keyOf(found.accessKeyId ?? "", found.accessKeySecret ?? "", found.securityToken);
}

function keyOf(accessKeyId: string, accessKeySecret: string, securityToken: string | undefined): Key {
  return { accessKeyId, accessKeySecret, ...(securityToken ? { securityToken } : {}) };
}
