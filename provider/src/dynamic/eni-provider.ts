import * as pulumi from "@pulumi/pulumi";
import { accountOfKey, batchSize, refusedKeys } from "../runtime/configuration";

/**
 * Where the API is, as `endpoints` of @pulumi/alicloud has it; its other products are of no use here.
 *
 * @public
 */
export interface EniProviderEndpoint {
  /** The ECS API: host, host:port or URL, such as `ecs.cn-shanghai.aliyuncs.com`. Plain http is for loopback hosts only. */
  ecs?: pulumi.Input<string>;
  /** The VPC API, in the same form. Default: that of the region; with an ECS endpoint in plain http, that one. */
  vpc?: pulumi.Input<string>;
}

/**
 * The configuration of an {@link EniProvider}. What is not given is taken from the stack's configuration (`alicloud:…`), and
 * then from the environment, as without an explicit provider.
 *
 * `accessKey`, `secretKey`, `securityToken` and `profile` choose the account, and are taken as a whole: as soon as one of
 * them is given, the stack's configuration and the environment give none of them.
 *
 * @public
 */
export interface EniProviderArgs {
  /**
   * The region of resources that name none, such as `cn-hangzhou`.
   *
   * Default: `alicloud:region` of the stack's configuration, then the environment variables `ALICLOUD_REGION`,
   * `ALIBABA_CLOUD_REGION`, `ALIBABA_CLOUD_REGION_ID`. Changing it to another region **replaces** those resources.
   */
  region?: pulumi.Input<string>;
  /** The AccessKey id. Needs `secretKey`. Becomes a secret. */
  accessKey?: pulumi.Input<string>;
  /** The AccessKey secret. Needs `accessKey`. Becomes a secret: the state holds it encrypted, however it is given. */
  secretKey?: pulumi.Input<string>;
  /** The security token of temporary keys. Needs both keys. Becomes a secret. */
  securityToken?: pulumi.Input<string>;
  /**
   * A profile of the aliyun command line, in `~/.aliyun/config.json`, in place of keys.
   *
   * Default, where no keys are given either: keys or `alicloud:profile` of the stack's configuration, then
   * `ALICLOUD_ACCESS_KEY` and its companions or `ALICLOUD_PROFILE`, then the official credential chain.
   */
  profile?: pulumi.Input<string>;
  /**
   * Endpoints in place of the region's public ones, as a list of objects.
   *
   * Default: `alicloud:endpoints` of the stack's configuration, then `ECS_ENDPOINT` and `VPC_ENDPOINT`, then the public ones.
   * An empty list stands for no endpoints in the stack's configuration, whatever that says.
   */
  endpoints?: pulumi.Input<pulumi.Input<EniProviderEndpoint>[]>;
}

/**
 * An explicit provider of {@link EniSecondaryIps}: another region, or another account, in the same program. It takes effect
 * for the resources whose option `provider` names it; all others use the configuration of the stack.
 *
 * Its keys are kept, encrypted, in the state: `pulumi refresh` and `pulumi destroy` use the kept ones, unless they run with
 * `--run-program`. A `profile` is kept by its name only.
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
   * @param args - what differs from the stack's configuration
   * @param opts - Pulumi's options
   * @throws RunError when a part of the keys is missing, or keys and a profile are given together
   */
  constructor(name: string, args: EniProviderArgs = {}, opts?: pulumi.ResourceOptions) {
    super("pulumi-nodejs", name, configurationOf(name, args), opts);
  }
}

type Configuration = Record<string, pulumi.Input<string> | undefined>;

/** The stack's configuration reaches the default provider only: what an explicit one takes from it is handed on here. */
function configurationOf(name: string, args: EniProviderArgs): Configuration {
  const stack = new pulumi.Config("alicloud");
  return {
    "alicloud:region": args.region ?? stack.get("region"),
    ...accountOf(name, args, stack),
    // Text, as the stack's configuration has it: of a list, the host process would not unwrap the secrets.
    "alicloud:endpoints":
      args.endpoints === undefined ? stack.get("endpoints") : pulumi.jsonStringify(args.endpoints),
    [`${batchSize.namespace}:${batchSize.name}`]: new pulumi.Config(batchSize.namespace).get(batchSize.name),
  };
}

function accountOf(name: string, args: EniProviderArgs, stack: pulumi.Config): Configuration {
  const { accessKey, secretKey, securityToken, profile } = args;
  const keys = { accessKey, secretKey, securityToken };
  const given = Object.entries(keys).filter(([, value]) => value !== undefined);
  if (given.length === 0 && profile === undefined) {
    const account: Configuration = { "alicloud:profile": stack.get("profile") };
    // The refused ones as well: to leave one out would mean to work in the wrong account.
    for (const key of [...Object.keys(keys), ...refusedKeys])
      account[`alicloud:${key}`] = stack.getSecret(key);
    return account;
  }
  const names = given.map(([key]) => key).join(", ");
  if (given.length > 0 && profile !== undefined) {
    throw new pulumi.RunError(
      `EniProvider "${name}": both a profile and keys (${names}) are given; give one or the other`,
    );
  }
  if (given.length > 0 && (accessKey === undefined || secretKey === undefined)) {
    throw new pulumi.RunError(
      `EniProvider "${name}": of the keys, only ${names} is given; give accessKey and secretKey, and securityToken as ` +
        `well where they are temporary`,
    );
  }
  const account: Configuration = { "alicloud:profile": profile, [accountOfKey]: name };
  for (const [key, value] of given) account[`alicloud:${key}`] = value && pulumi.secret(value);
  return account;
}
