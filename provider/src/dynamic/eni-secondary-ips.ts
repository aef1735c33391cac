import * as pulumi from "@pulumi/pulumi";
import { hiddenKey, schemaVersion } from "../resource/hidden-inputs";
import { tellClaims } from "./tell-claims";
import { providerText, resourceType } from "./provider-text";

/**
 * The inputs of {@link EniSecondaryIps}. An input that `EcsNetworkInterface` of @pulumi/alicloud has too has the same
 * name and meaning.
 *
 * Exactly one of `privateIpAddresses`, `secondaryPrivateIpAddressCount`, `ipv4Prefixes` and `ipv4PrefixCount` is
 * required. A change from one of them to another is an update. It keeps the addresses or prefixes that both ask for.
 * After a change between addresses and prefixes, the resource unassigns what it owned of the old kind.
 *
 * @public
 */
export interface EniSecondaryIpsArgs {
  /**
   * The id of the ENI, such as `eni-bp1fvxhbdfj0xgx3abcd`. It can be a primary or a secondary ENI. An ENI that a cloud
   * service manages is not supported.
   *
   * Required. Changing it **replaces** the resource. If the new ENI lists an address that the old one holds, the addresses
   * are unassigned from the old ENI first, else at the end of the run.
   */
  networkInterfaceId: pulumi.Input<string>;

  /**
   * The secondary private IPv4 addresses of the ENI. After `pulumi up` the ENI has exactly these; with additive
   * ownership, at least these.
   *
   * Limits:
   *
   * - The order has no meaning. A duplicate is an error. The list may be empty.
   * - Each address is in the CIDR block of the ENI's vSwitch. The first address and the last three of the block are
   *   reserved by the system.
   * - The ENI's primary address is not allowed.
   * - An ENI that is Available holds at most 49 secondary addresses and prefixes. The instance type limits one that is
   *   InUse.
   *
   * Default: none; see {@link EniSecondaryIpsArgs} for the inputs that exclude each other. A change is an update: it
   * assigns the added addresses first, then unassigns the removed ones.
   *
   * See https://api.aliyun.com/document/Ecs/2014-05-26/AssignPrivateIpAddresses
   */
  privateIpAddresses?: pulumi.Input<pulumi.Input<string>[]>;

  /**
   * Number of secondary private IPv4 addresses of the ENI. The cloud picks them from the vSwitch. The output
   * `privateIpAddresses` shows which ones.
   *
   * All secondary addresses on the ENI count, and existing ones are adopted. A higher number keeps them all. A lower
   * number unassigns the newest first, or the highest where the age is not known. It never unassigns an address that an
   * EIP is bound to.
   *
   * Limits: an integer, 0 or more; exclusive ownership only. An ENI that is Available holds at most 49 secondary
   * addresses and prefixes. The instance type limits one that is InUse.
   *
   * Default: none; see {@link EniSecondaryIpsArgs} for the inputs that exclude each other. A change is an update.
   *
   * See https://api.aliyun.com/document/Ecs/2014-05-26/AssignPrivateIpAddresses
   */
  secondaryPrivateIpAddressCount?: pulumi.Input<number>;

  /**
   * The IPv4 prefixes of the ENI. After `pulumi up` the ENI has exactly these; with additive ownership, at least these.
   * A prefix is a block of 16 addresses: a /28 by its first address, such as `10.0.1.16/28`.
   *
   * The resource leaves the ENI's secondary addresses alone, except those that it owned before a change from addresses
   * to prefixes. In the same way, an address mode leaves prefixes alone. To manage both kinds on one ENI, declare two
   * resources with additive ownership.
   *
   * Limits:
   *
   * - The order has no meaning. A duplicate is an error. The list may be empty.
   * - Each prefix is in the CIDR block of the ENI's vSwitch. Where the vSwitch has reservations for prefixes, it is in
   *   one of them.
   * - A prefix must not contain the ENI's primary address.
   * - Each prefix takes one place of the ENI's quota, as an address does.
   *
   * Default: none; see {@link EniSecondaryIpsArgs} for the inputs that exclude each other. A change is an update: it
   * assigns the added prefixes first, then unassigns the removed ones.
   *
   * See https://api.aliyun.com/document/Ecs/2014-05-26/AssignPrivateIpAddresses
   */
  ipv4Prefixes?: pulumi.Input<pulumi.Input<string>[]>;

  /**
   * Number of /28 IPv4 prefixes of the ENI. The cloud picks them from the vSwitch. The output `ipv4Prefixes` shows
   * which ones.
   *
   * All prefixes on the ENI count, by the rules of `secondaryPrivateIpAddressCount`.
   *
   * Limits: an integer, 0 or more; exclusive ownership only. Each prefix takes one place of the ENI's quota, as an
   * address does.
   *
   * Default: none; see {@link EniSecondaryIpsArgs} for the inputs that exclude each other. A change is an update.
   *
   * See https://api.aliyun.com/document/Ecs/2014-05-26/AssignPrivateIpAddresses
   */
  ipv4PrefixCount?: pulumi.Input<number>;

  /**
   * Who owns the ENI's secondary addresses, or its prefixes in a prefix mode.
   *
   * - `"exclusive"`: this resource owns all of them. Others are drift: `pulumi refresh` shows them and the next `pulumi
   *   up` unassigns them.
   * - `"additive"`: this resource owns those that it lists, and touches no others. Several resources, of both kinds and
   *   of several programs, can share one ENI. In one program, an exclusive resource on the same ENI is refused. An
   *   address that is already on the ENI is adopted, and is unassigned when the resource is deleted.
   *
   * Limits: one of these two; a count needs `"exclusive"`.
   *
   * Default: `"exclusive"`. A change is an update. A change to `"exclusive"` takes the ENI over, as a create does. A
   * change to `"additive"` unassigns what the state has and the inputs do not list. After a refresh, that can include
   * addresses that others assigned.
   */
  ownership?: pulumi.Input<"exclusive" | "additive">;

  /**
   * Whether an address may be unassigned while an EIP is bound to it. Unassigning it cuts it off from the internet.
   *
   * Default: `false`, which refuses the operation. A change is an update without an API call.
   */
  allowUnassignWithEip?: pulumi.Input<boolean>;

  /**
   * The addresses, or in a prefix mode the prefixes, that may be unassigned when the resource takes the ENI over. It
   * does so when it is created, and when its ownership changes from additive to exclusive.
   *
   * An ENI with addresses that the inputs do not list is refused then, and the error prints them as this list. Only
   * listed addresses are unassigned.
   *
   * Limits: exclusive ownership only; an address cannot also be listed in `privateIpAddresses`, nor a prefix in
   * `ipv4Prefixes`.
   *
   * Default: none. A change alone makes no update and no API call.
   */
  unassignOnCreate?: pulumi.Input<pulumi.Input<string>[]>;

  /**
   * The region of the ENI, such as `cn-hangzhou`.
   *
   * Default, in this order: the region of the explicit provider, `alicloud:region` of the stack's configuration, the
   * environment variables `ALICLOUD_REGION`, `ALIBABA_CLOUD_REGION`, `ALIBABA_CLOUD_REGION_ID`. Changing it
   * **replaces** the resource.
   */
  region?: pulumi.Input<string>;
}

/**
 * The set of secondary private IPv4 addresses, or of /28 IPv4 prefixes, on one ENI (elastic network interface) of
 * Alibaba Cloud ECS. What follows about addresses is also true for prefixes in a prefix mode.
 *
 * - `pulumi up` makes the ENI match the program: it assigns added addresses and unassigns removed ones, in batches. It
 *   adopts addresses that are already on the ENI.
 * - It never unassigns the primary address, nor an address that is neither in the state nor in the inputs.
 * - `pulumi refresh` shows changes that were made outside the program. The next `pulumi up` repairs them.
 * - `pulumi destroy` unassigns the addresses in the state.
 *
 * The ENI has to be Available or InUse, and the instance of a primary ENI Running or Stopped. The provider waits for a
 * passing status until the time-out. `customTimeouts` sets it for create, update and delete; the default is 10 minutes
 * each. A refresh and `get` use the time-out of an update.
 *
 * The resource configures the cloud only. Configure the addresses in the guest's operating system as well.
 *
 * @example
 * ```ts
 * import { EniSecondaryIps } from "pulumi-alicloud-secondary-ips";
 *
 * const ips = new EniSecondaryIps("edge", {
 *   networkInterfaceId: "eni-bp1fvxhbdfj0xgx3abcd",
 *   privateIpAddresses: ["10.0.1.20", "10.0.1.21"],
 * });
 * export const assigned = ips.privateIpAddresses;
 * ```
 *
 * @public
 */
export class EniSecondaryIps extends pulumi.CustomResource {
  /** The id of the ENI. It is also the resource's id. */
  declare readonly networkInterfaceId: pulumi.Output<string>;
  /**
   * The secondary addresses that the resource owns and the ENI has, in numerical order. Empty in a prefix mode. After
   * `get`, all secondary addresses of the ENI.
   */
  declare readonly privateIpAddresses: pulumi.Output<string[]>;
  /** Number of secondary addresses, as given. Absent in every other mode. */
  declare readonly secondaryPrivateIpAddressCount: pulumi.Output<number | undefined>;
  /** Who owns the ENI's secondary addresses or prefixes, as given or the default. */
  declare readonly ownership: pulumi.Output<"exclusive" | "additive">;
  /** Whether an address may be unassigned while an EIP is bound to it, as given or the default. */
  declare readonly allowUnassignWithEip: pulumi.Output<boolean>;
  /** The addresses or prefixes that a takeover may unassign, as given. */
  declare readonly unassignOnCreate: pulumi.Output<string[] | undefined>;
  /** The region, as given or configured. */
  declare readonly region: pulumi.Output<string>;
  /**
   * The /28 IPv4 prefixes that the resource owns and the ENI has, in numerical order. Empty in an address mode. After
   * `get`, all prefixes of the ENI.
   */
  declare readonly ipv4Prefixes: pulumi.Output<string[]>;
  /** Number of prefixes, as given. Absent in every other mode. */
  declare readonly ipv4PrefixCount: pulumi.Output<number | undefined>;
  /** The ENI's primary private address. The resource never assigns or unassigns it. */
  declare readonly primaryIpAddress: pulumi.Output<string>;
  /** The id of the ENI's vSwitch. All addresses of the ENI are in its CIDR block. */
  declare readonly vswitchId: pulumi.Output<string>;
  /**
   * The secondary addresses on the ENI, or in a prefix mode its prefixes, that the resource does not own. It leaves
   * them alone, and they alone never make a diff. With exclusive ownership, `pulumi refresh` adopts them, and the next
   * `pulumi up` unassigns those that the program does not list.
   */
  declare readonly unmanagedPrivateIpAddresses: pulumi.Output<string[]>;

  /**
   * Reads the secondary addresses and the prefixes of an ENI without managing them.
   *
   * @param name - the name of the resource in the program
   * @param id - the id of the ENI
   * @param state - the region; default: the configured one
   * @param opts - Pulumi's options, such as `parent`
   * @throws when the region has no such ENI
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: { region?: pulumi.Input<string> },
    opts?: pulumi.CustomResourceOptions,
  ): EniSecondaryIps {
    // The engine calls the provider's read with the id and the region, and fills in the rest.
    return new EniSecondaryIps(name, { ...state } as EniSecondaryIpsArgs, { ...opts, id });
  }

  /**
   * Manages the secondary addresses of an ENI, or its prefixes.
   *
   * @param name - the name of the resource in the program
   * @param args - the ENI, and its addresses or prefixes
   * @param opts - Pulumi's options, `customTimeouts` included
   */
  constructor(name: string, args: EniSecondaryIpsArgs, opts?: pulumi.CustomResourceOptions) {
    const { create, update, delete: delete_ } = opts?.customTimeouts ?? {};
    const inputs = {
      networkInterfaceId: args.networkInterfaceId,
      privateIpAddresses: args.privateIpAddresses,
      secondaryPrivateIpAddressCount: args.secondaryPrivateIpAddressCount,
      ipv4Prefixes: args.ipv4Prefixes,
      ipv4PrefixCount: args.ipv4PrefixCount,
      ownership: args.ownership,
      unassignOnCreate: args.unassignOnCreate,
      allowUnassignWithEip: args.allowUnassignWithEip,
      region: args.region,
    };
    const declaredOutputs = {
      primaryIpAddress: undefined,
      vswitchId: undefined,
      unmanagedPrivateIpAddresses: undefined,
    };
    if (opts?.id === undefined) tellClaims(pathOf(name, opts?.parent), args);
    super(
      resourceType,
      name,
      {
        // `get` fills in only the outputs that are named here.
        ...inputs,
        ...declaredOutputs,
        __provider: providerText,
        [hiddenKey]: {
          schemaVersion,
          name,
          resource: pathOf(name, opts?.parent),
          timeouts: { create, update, delete: delete_ },
          preview: pulumi.runtime.isDryRun() || undefined,
          retainOnDelete: opts?.retainOnDelete || undefined,
          deleteBeforeReplace: opts?.deleteBeforeReplace,
          secretInputs: secretNames(inputs, opts?.additionalSecretOutputs),
        },
      },
      opts,
    );
  }
}

/**
 * The names of a resource and of its parents, because two components may each have a child of the same name. The URN
 * contains the same, but it is an output: an input made from a parent's output makes the resource depend on its own
 * parent.
 */
function pathOf(name: string, parent: pulumi.Resource | undefined): string {
  // The SDK's public types do not have these. Without them, the path is the name alone.
  const { __name, __pulumiType, __parentResource } = (parent ?? {}) as {
    __name?: string;
    __pulumiType?: string;
    __parentResource?: pulumi.Resource;
  };
  return __name === undefined ? name : `${pathOf(`${__pulumiType}::${__name}`, __parentResource)}/${name}`;
}

/** The names of what the program marks as secret; `undefined` if there is nothing. The engine passes plain values only. */
async function secretNames(
  inputs: Readonly<Record<string, unknown>>,
  additionalSecretOutputs: readonly string[] = [],
): Promise<string[] | undefined> {
  const names = new Set(additionalSecretOutputs);
  for (const [name, value] of Object.entries(inputs)) {
    // An input that fails is reported for itself.
    if (await pulumi.isSecret(pulumi.output(value)).catch(() => false)) names.add(name);
  }
  return names.size === 0 ? undefined : [...names].sort();
}
