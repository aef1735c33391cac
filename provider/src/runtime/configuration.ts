import { z } from "zod";
import type { CredentialSource, Origin } from "../ecs-client/credentials";
import { parseEndpoint, publicEndpoint, type Endpoint, type Product } from "../ecs-client/endpoints";
import { proxyFor } from "../ecs-client/proxies";
import { defaultBatchSize } from "../resource/context";
import { isRegion, regionExpected } from "../resource/inputs";

/** Reads one key of the stack configuration, or of an explicit provider. @internal */
export type ReadConfig = (key: string) => unknown;

/** Invalid configuration. The message contains the key and what is allowed. @internal */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

/**
 * Keys of @pulumi/alicloud that select an account in a way that this provider does not support. To ignore one could select
 * the wrong account.
 * @internal
 */
export const refusedKeys = [
  "assumeRole",
  "assumeRoleWithOidc",
  "ecsRoleName",
  "credentialsUri",
  "sharedCredentialsFile",
];
const refusedVariables = [
  "ALICLOUD_ASSUME_ROLE_ARN",
  "ALICLOUD_ECS_ROLE_NAME",
  "ALICLOUD_CREDENTIALS_URI",
  "ALICLOUD_SHARED_CREDENTIALS_FILE",
];

/** A setting without the white space around it, which a file or a shell may add: `$(cat key)` of a file with CRLF. */
type Setting = readonly [name: string, value: string | undefined];

/** The namespace of the settings that @pulumi/alicloud has too. @internal */
export const alicloud = "alicloud";

function readText(read: ReadConfig, namespace: string, key: string): Setting {
  const name = `${namespace}:${key}`;
  const value = read(name);
  if (value === undefined || value === null) return [name, undefined];
  if (typeof value !== "string") {
    throw new ConfigurationError(`${name}: expected a string, got ${typeof value}`);
  }
  return [name, value.trim() || undefined];
}

function readVariable(env: NodeJS.ProcessEnv, name: string): Setting {
  return [name, env[name]?.trim() || undefined];
}

/** No key has a space in it, and HTTP headers carry nothing but these characters. */
function checkedKey([name, value]: Setting): Setting {
  if (value !== undefined && !/^[\x21-\x7e]+$/.test(value)) {
    throw new ConfigurationError(
      `${name} contains a space, a line break or another character that no key has; set it again without it`,
    );
  }
  return [name, value];
}

/**
 * The region for resources without the input `region`: from the stack configuration, then from the environment.
 *
 * @throws ConfigurationError for a value that is no region: as a region, it would replace the resource
 * @internal
 */
export function configuredRegion(
  read: ReadConfig,
  env: NodeJS.ProcessEnv,
  namespace = alicloud,
): string | undefined {
  const variables = ["ALICLOUD_REGION", "ALIBABA_CLOUD_REGION", "ALIBABA_CLOUD_REGION_ID"];
  const settings = [readText(read, namespace, "region"), ...variables.map((name) => readVariable(env, name))];
  const [name, region] = settings.find(([, value]) => value !== undefined) ?? [];
  if (region !== undefined && !isRegion(region)) {
    throw new ConfigurationError(`${name}: ${JSON.stringify(region)}: ${regionExpected}`);
  }
  return region;
}

/** The message for a resource without a region. @internal */
export function missingRegion(namespace = alicloud): string {
  const others = namespace === alicloud ? "" : "; the settings `alicloud:…` do not reach this provider";
  return (
    `no region; set the input \`region\`, run \`pulumi config set ${namespace}:region cn-hangzhou\`, or set ` +
    `ALICLOUD_REGION${others}`
  );
}

/**
 * The key of the explicit provider's name, set when that provider has keys or a profile. Without it, empty keys would fall
 * back to another account.
 * @internal
 */
export const accountOfKey = "alicloud-secondary-ips:accountOf";

/**
 * The source of the keys: stack configuration, then ALICLOUD_ variables, then the official chain. Both keys of a pair come
 * from one source, because a mix could combine two accounts.
 *
 * @throws ConfigurationError for half a pair of keys, for empty keys of an explicit provider, and for an unsupported way to
 *   select an account
 * @internal
 */
export function credentialSource(
  read: ReadConfig,
  env: NodeJS.ProcessEnv,
  namespace = alicloud,
): CredentialSource {
  const refusedKey = refusedKeys.find((key) => {
    const value = read(`${namespace}:${key}`);
    return value !== undefined && value !== null && value !== "";
  });
  if (refusedKey !== undefined) throw refusedSource(`${namespace}:${refusedKey}`, namespace);

  const provider = read(accountOfKey);
  const explicit = typeof provider === "string" ? `EniProvider "${provider}"` : undefined;
  const place = explicit ?? "the stack configuration";
  const configured = keysOrProfile({ place, inState: true }, "stack configuration", {
    accessKey: readText(read, namespace, "accessKey"),
    secretKey: readText(read, namespace, "secretKey"),
    securityToken: readText(read, namespace, "securityToken"),
    profile: readText(read, namespace, "profile"),
  });
  if (configured !== undefined) return configured;
  if (explicit !== undefined) {
    throw new ConfigurationError(
      `${explicit}: its keys or its profile are empty; set them, or omit them all to use the stack ` +
        `configuration and the environment`,
    );
  }

  const refusedVariable = refusedVariables.find((name) => Boolean(env[name]));
  if (refusedVariable !== undefined) throw refusedSource(refusedVariable, namespace);
  return (
    keysOrProfile({ place: "the environment", inState: false }, "the environment", {
      accessKey: readVariable(env, "ALICLOUD_ACCESS_KEY"),
      secretKey: readVariable(env, "ALICLOUD_SECRET_KEY"),
      securityToken: readVariable(env, "ALICLOUD_SECURITY_TOKEN"),
      profile: readVariable(env, "ALICLOUD_PROFILE"),
    }) ?? { kind: "chain" }
  );
}

function keysOrProfile(
  origin: Origin,
  where: string,
  given: Record<"accessKey" | "secretKey" | "securityToken" | "profile", Setting>,
): CredentialSource | undefined {
  const [accessKeyName, accessKeyId] = checkedKey(given.accessKey);
  const [secretKeyName, accessKeySecret] = checkedKey(given.secretKey);
  const [tokenName, securityToken] = checkedKey(given.securityToken);
  const [, profile] = given.profile;
  if (accessKeyId !== undefined && accessKeySecret !== undefined) {
    return { kind: "static", accessKeyId, accessKeySecret, securityToken, origin };
  }
  if (accessKeyId !== undefined || accessKeySecret !== undefined || securityToken !== undefined) {
    const [set] = [accessKeyId && accessKeyName, accessKeySecret && secretKeyName, tokenName].filter(Boolean);
    throw new ConfigurationError(
      `${String(set)} is set in ${where}, but a pair of keys needs both ${accessKeyName} and ${secretKeyName} ` +
        `from the same source; set both or neither`,
    );
  }
  return profile === undefined ? undefined : { kind: "profile", name: profile, origin };
}

function refusedSource(name: string, namespace: string): ConfigurationError {
  return new ConfigurationError(
    `${name} is set, but this provider does not support it, and ignoring it could select the wrong account; use ` +
      `${namespace}:profile with a profile of the aliyun command line that assumes the role, or use keys, or unset it to use ` +
      `the official credential chain`,
  );
}

const endpointName = z.string().optional();
const endpointsList = z.array(z.looseObject({ ecs: endpointName, vpc: endpointName, sts: endpointName }));

/**
 * The endpoints: from `alicloud:endpoints`, then ECS_ENDPOINT, VPC_ENDPOINT and STS_ENDPOINT, then the public endpoints of
 * the region. An ECS endpoint in plain http belongs to an emulator, which also serves VPC and STS. HTTPS_PROXY and NO_PROXY apply.
 *
 * @throws ConfigurationError, EndpointError
 * @internal
 */
export function configuredEndpoints(
  read: ReadConfig,
  env: NodeJS.ProcessEnv,
  region: string,
  namespace = alicloud,
): Readonly<Record<Product, Endpoint>> {
  const configured = Object.assign({}, ...parseEndpointsList(read, namespace)) as Partial<
    Record<Product, string>
  >;
  const named = (product: Product): Endpoint | undefined => {
    const inConfig = configured[product];
    if (inConfig) return parseEndpoint(inConfig, `${namespace}:endpoints, ${product}`);
    const variable = `${product.toUpperCase()}_ENDPOINT`;
    const inEnvironment = env[variable];
    return inEnvironment ? parseEndpoint(inEnvironment, variable) : undefined;
  };
  const ecs = named("ecs");
  const others = (product: Product) =>
    named(product) ?? (ecs?.protocol === "http" ? ecs : publicEndpoint(product, region));
  const withProxy = (endpoint: Endpoint): Endpoint => ({ ...endpoint, proxy: proxyFor(endpoint, env) });
  return {
    ecs: withProxy(ecs ?? publicEndpoint("ecs", region)),
    vpc: withProxy(others("vpc")),
    sts: withProxy(others("sts")),
  };
}

function parseEndpointsList(read: ReadConfig, namespace: string): z.infer<typeof endpointsList> {
  const name = `${namespace}:endpoints`;
  const value = read(name);
  if (value === undefined || value === null || value === "") return [];
  const parsed = endpointsList.safeParse(typeof value === "string" ? parseJson(value) : value);
  if (parsed.success) return parsed.data;
  throw new ConfigurationError(
    `${name}: expected a list of objects such as [{"ecs": "ecs.cn-shanghai.aliyuncs.com"}]; ` +
      `run \`pulumi config set --path '${name}[0].ecs' HOST\``,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The settings of this package in the stack configuration. @internal */
export const settings = {
  namespace: "alicloud-secondary-ips",
  batchSize: "addressesPerCall",
  missingEniIsGone: "missingEniIsGone",
};

/**
 * Addresses in one request: `alicloud-secondary-ips:addressesPerCall`, 1 to 50. Every version of the API accepts the
 * default.
 *
 * @throws ConfigurationError
 * @internal
 */
export function configuredBatchSize(read: ReadConfig): number {
  const key = `${settings.namespace}:${settings.batchSize}`;
  const value = read(key);
  if (value === undefined || value === null || value === "") return defaultBatchSize;
  const size = typeof value === "number" || typeof value === "string" ? Number(value) : NaN;
  if (Number.isInteger(size) && size >= 1 && size <= 50) return size;
  throw new ConfigurationError(`${key}: ${JSON.stringify(value)}: expected a whole number from 1 to 50`);
}

/**
 * Whether an ENI that is not found counts as deleted: `alicloud-secondary-ips:missingEniIsGone`, by default false.
 *
 * @throws ConfigurationError
 * @internal
 */
export function configuredMissingEniIsGone(read: ReadConfig): boolean {
  const key = `${settings.namespace}:${settings.missingEniIsGone}`;
  const value = read(key);
  if (value === undefined || value === null || value === "") return false;
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  throw new ConfigurationError(`${key}: ${JSON.stringify(value)}: expected true or false`);
}
