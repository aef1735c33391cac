import * as pulumi from "@pulumi/pulumi";
import { accountOfKey, refusedKeys, settings } from "../runtime/configuration";

/**
 * The endpoints of the API, in the form of `endpoints` of `@pulumi/alicloud`. Endpoints of other products are not used.
 *
 * @public
 */
export interface EniProviderEndpoint {
  /**
   * The endpoint of the ECS API: host, host:port or URL, such as `ecs.cn-shanghai.aliyuncs.com`. Plain http is allowed
   * for loopback hosts only.
   *
   * Default: `ECS_ENDPOINT`, then the public endpoint of the region. A change never replaces a resource.
   */
  ecs?: pulumi.Input<string> | undefined;
  /**
   * The endpoint of the VPC API, in the same form.
   *
   * Default: `VPC_ENDPOINT`, then an ECS endpoint in plain http, then the public endpoint of the region. A change never
   * replaces a resource.
   */
  vpc?: pulumi.Input<string> | undefined;
  /**
   * The endpoint of STS, which tells the account of the keys, in the same form.
   *
   * Default: `STS_ENDPOINT`, then an ECS endpoint in plain http, then the public endpoint of the region. A change never
   * replaces a resource.
   */
  sts?: pulumi.Input<string> | undefined;
}

/**
 * The configuration of an {@link EniProvider}. An absent value comes from the stack's configuration (`alicloud:…`),
 * then from the environment, as without an explicit provider.
 *
 * `accessKey`, `secretKey`, `securityToken` and `profile` choose the account together. If one of them is given, all
 * four come from here, and none from the stack's configuration or the environment. Changing the account never replaces
 * a resource.
 *
 * @public
 */
export interface EniProviderArgs {
  /**
   * The region, such as `cn-hangzhou`, of resources without the input `region`.
   *
   * Default, in this order: `alicloud:region` of the stack's configuration, the environment variables
   * `ALICLOUD_REGION`, `ALIBABA_CLOUD_REGION`, `ALIBABA_CLOUD_REGION_ID`. Changing it **replaces** those resources.
   */
  region?: pulumi.Input<string> | undefined;
  /** The AccessKey id. Needs `secretKey`, and excludes `profile`. It becomes a secret: the state holds it encrypted. */
  accessKey?: pulumi.Input<string> | undefined;
  /** The AccessKey secret. Needs `accessKey`. It becomes a secret: the state holds it encrypted. */
  secretKey?: pulumi.Input<string> | undefined;
  /** The security token of temporary keys. Needs both keys. It becomes a secret: the state holds it encrypted. */
  securityToken?: pulumi.Input<string> | undefined;
  /**
   * The name of a profile of the aliyun command line, from `~/.aliyun/config.json`. It excludes keys.
   *
   * Default, if no keys are given: keys or `alicloud:profile` of the stack's configuration, then `ALICLOUD_ACCESS_KEY`,
   * `ALICLOUD_SECRET_KEY` and `ALICLOUD_SECURITY_TOKEN`, or `ALICLOUD_PROFILE`, then the official credential chain.
   */
  profile?: pulumi.Input<string> | undefined;
  /**
   * The endpoints to use instead of the public ones of the region, as a list of objects.
   *
   * Default, in this order: `alicloud:endpoints` of the stack's configuration, `ECS_ENDPOINT`, `VPC_ENDPOINT` and
   * `STS_ENDPOINT`, the public endpoints. An empty list ignores `alicloud:endpoints` of the stack's configuration. A
   * change never replaces a resource.
   */
  endpoints?: pulumi.Input<pulumi.Input<EniProviderEndpoint>[]> | undefined;
}

/**
 * An explicit provider of {@link EniSecondaryIps}, for another region or another account in the same program. Resources
 * with this provider in their option `provider` use it. All other resources use the configuration of the stack.
 *
 * The state holds its keys, encrypted. `pulumi refresh` and `pulumi destroy` use the keys in the state, unless they run
 * with `--run-program`. Of a `profile`, the state holds only the name.
 *
 * @example
 * ```ts
 * import { EniProvider, EniSecondaryIps } from "pulumi-alicloud-secondary-ips";
 *
 * const shanghai = new EniProvider("shanghai", { region: "cn-shanghai", profile: "production" });
 * new EniSecondaryIps(
 *   "edge",
 *   { networkInterfaceId: "eni-uf6fvxhbdfj0xgx3abcd", privateIpAddresses: ["10.1.1.20"] },
 *   { provider: shanghai },
 * );
 * ```
 *
 * @public
 */
export class EniProvider extends pulumi.ProviderResource {
  /**
   * Configures a provider.
   *
   * @param name - the name of the provider in the program
   * @param args - the values that differ from the stack's configuration
   * @param opts - Pulumi's options
   * @throws RunError when one of the keys is missing, or keys and a profile are given together
   */
  constructor(name: string, args: EniProviderArgs = {}, opts?: pulumi.ResourceOptions) {
    super("pulumi-nodejs", name, configurationOf(name, args), opts);
  }
}

type Configuration = Record<string, pulumi.Input<string> | undefined>;

/** Copies from the stack's configuration, because the engine passes that to the default provider only. */
function configurationOf(name: string, args: EniProviderArgs): Configuration {
  const stack = new pulumi.Config("alicloud");
  const own = new pulumi.Config(settings.namespace);
  const ownSettings = [settings.batchSize, settings.missingEniIsGone].map(
    (name): [string, string | undefined] => [`${settings.namespace}:${name}`, own.get(name)],
  );
  return {
    "alicloud:region": args.region ?? stack.get("region"),
    ...accountOf(name, args, stack),
    // As text, the form of the stack's configuration. The host process does not unwrap secrets inside a list.
    "alicloud:endpoints":
      args.endpoints === undefined ? stack.get("endpoints") : pulumi.jsonStringify(args.endpoints),
    ...Object.fromEntries(ownSettings),
  };
}

function accountOf(name: string, args: EniProviderArgs, stack: pulumi.Config): Configuration {
  const { accessKey, secretKey, securityToken, profile } = args;
  const keys = { accessKey, secretKey, securityToken };
  const given = Object.entries(keys).filter(([, value]) => value !== undefined);
  if (given.length === 0 && profile === undefined) {
    const account: Configuration = { "alicloud:profile": stack.get("profile") };
    // The refused ones as well: without one of them, the provider would work in the wrong account.
    for (const key of [...Object.keys(keys), ...refusedKeys])
      account[`alicloud:${key}`] = stack.getSecret(key);
    return account;
  }
  const names = given.map(([key]) => key).join(", ");
  if (given.length > 0 && profile !== undefined) {
    throw new pulumi.RunError(
      `EniProvider "${name}": profile conflicts with ${names}; set either the profile or the keys`,
    );
  }
  if (given.length > 0 && (accessKey === undefined || secretKey === undefined)) {
    throw new pulumi.RunError(
      `EniProvider "${name}": only ${names} is given of the keys; set accessKey and secretKey, and securityToken too ` +
        `for temporary keys`,
    );
  }
  const account: Configuration = { "alicloud:profile": profile, [accountOfKey]: name };
  for (const [key, value] of given) account[`alicloud:${key}`] = value && pulumi.secret(value);
  return account;
}
