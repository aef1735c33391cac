import * as pulumi from "@pulumi/pulumi";
import { hiddenKey, schemaVersion } from "../resource/hidden-inputs";
import { providerText, resourceType } from "./provider-text";

/**
 * The inputs of {@link EniSecondaryIps}. Names and meanings are those of `EcsNetworkInterface` of @pulumi/alicloud
 * where it has them.
 *
 * @public
 */
export interface EniSecondaryIpsArgs {
  /**
   * The id of the ENI, such as `eni-bp1fvxhbdfj0xgx3abcd`. Primary and secondary ENIs can be managed; those that belong
   * to a cloud service cannot.
   *
   * Changing it **replaces** the resource: the old ENI lets go of its addresses first.
   */
  networkInterfaceId: pulumi.Input<string>;

  /**
   * Exactly these secondary private IPv4 addresses are on the ENI after `pulumi up`. The order means nothing, a duplicate
   * is an error, the list may be empty. Each address must be in the CIDR block of the ENI's vSwitch, and be neither one
   * of its first and last three, which are the system's, nor the ENI's primary address. An ENI that is Available holds
   * at most 49; the limit of one that is InUse is its instance type's.
   *
   * A change is an update in place: what was added is assigned first, what was removed is unassigned then.
   *
   * Exactly one of `privateIpAddresses`, `secondaryPrivateIpAddressCount`, `ipv4Prefixes` and `ipv4PrefixCount` is given. To
   * change from one to another is an update that keeps all that both want; of the kind that is managed no more, the
   * resource unassigns what it had.
   *
   * See https://api.aliyun.com/document/Ecs/2014-05-26/AssignPrivateIpAddresses
   */
  privateIpAddresses?: pulumi.Input<pulumi.Input<string>[]>;

  /**
   * So many secondary private IPv4 addresses, 0 or more, which the cloud picks from the vSwitch. All that is on the ENI
   * counts: what is there is adopted, growth keeps it, and shrinking drops the newest first (the highest, where the age
   * is not known), never one that an EIP is bound to. Exclusive ownership only. What was picked is in the output
   * `privateIpAddresses`. An ENI that is Available holds at most 49 secondary addresses and prefixes; the limit of one that
   * is InUse is its instance type's.
   *
   * A change is an update in place. Exactly one of `privateIpAddresses`, `secondaryPrivateIpAddressCount`, `ipv4Prefixes` and
   * `ipv4PrefixCount` is given.
   *
   * See https://api.aliyun.com/document/Ecs/2014-05-26/AssignPrivateIpAddresses
   */
  secondaryPrivateIpAddressCount?: pulumi.Input<number>;

  /**
   * Exactly these IPv4 prefixes are on the ENI after `pulumi up`: blocks of 16 addresses, each a /28 by its first address,
   * such as `10.0.1.16/28`. The order means nothing, a duplicate is an error, the list may be empty. A prefix must be in the
   * CIDR block of the ENI's vSwitch (in one of its reservations for prefixes, where there are any), must not contain the
   * primary address, and takes one place of the ENI's quota.
   *
   * The ENI's secondary addresses are left alone, as its prefixes are where addresses are managed; only a change from
   * addresses to this unassigns those that the resource had. To manage both kinds on one ENI, declare two resources with
   * additive ownership.
   *
   * A change is an update in place: what was added is assigned first, what was removed is unassigned then.
   *
   * See https://api.aliyun.com/document/Ecs/2014-05-26/AssignPrivateIpAddresses
   */
  ipv4Prefixes?: pulumi.Input<pulumi.Input<string>[]>;

  /**
   * So many /28 IPv4 prefixes, 0 or more, which the cloud picks from the vSwitch, with the rules of
   * `secondaryPrivateIpAddressCount`: a prefix takes one place of the 49, or of what the instance type allows. Exclusive
   * ownership only. What was picked is in the output `ipv4Prefixes`.
   *
   * A change is an update in place. Exactly one of `privateIpAddresses`, `secondaryPrivateIpAddressCount`, `ipv4Prefixes` and
   * `ipv4PrefixCount` is given.
   *
   * See https://api.aliyun.com/document/Ecs/2014-05-26/AssignPrivateIpAddresses
   */
  ipv4PrefixCount?: pulumi.Input<number>;

  /**
   * Whose the ENI's secondary addresses are, or its prefixes where those are managed.
   *
   * - `"exclusive"`: all of them are this resource's; others are drift, which `pulumi refresh` shows and the next `up`
   *   removes.
   * - `"additive"`: only those that this resource lists are ever touched, so that several resources, of both kinds and of
   *   several programs, can share one ENI; an exclusive one beside them in the same program is refused. An address that
   *   is there already is adopted, and goes when the resource goes.
   *
   * Default: `"exclusive"`. A change is an update: one to `"exclusive"` takes the ENI over as a create does; one to
   * `"additive"` unassigns, as every update, what the state has and the inputs do not list, which after a refresh may be
   * what others had assigned.
   */
  ownership?: pulumi.Input<"exclusive" | "additive">;

  /**
   * Whether an address may be unassigned while an EIP is bound to it, which cuts it off from the internet.
   *
   * Default: `false`: the operation is refused. A change is an update that changes nothing on the ENI.
   */
  allowUnassignWithEip?: pulumi.Input<boolean>;

  /**
   * Addresses, or prefixes where those are managed, that may be unassigned when the resource is created, or changes from
   * additive to exclusive. An ENI that already holds some that the inputs do not ask for is refused, and the error prints
   * them as this list; those that you put here, and no others, then go.
   *
   * Default: none. A change by itself does nothing: the list counts in these two moments only. Exclusive ownership only.
   */
  unassignOnCreate?: pulumi.Input<pulumi.Input<string>[]>;

  /**
   * The region of the ENI, such as `cn-hangzhou`.
   *
   * Default: `alicloud:region` of the stack's configuration, then the environment variables `ALICLOUD_REGION`,
   * `ALIBABA_CLOUD_REGION`, `ALIBABA_CLOUD_REGION_ID`. Changing it to another region **replaces** the resource.
   */
  region?: pulumi.Input<string>;
}

/**
 * The set of secondary private IPv4 addresses, or of /28 IPv4 prefixes, on one ENI (elastic network interface) of Alibaba
 * Cloud ECS.
 *
 * `pulumi up` makes the ENI match: it assigns what was added and unassigns what was removed, in batches, and never
 * touches the primary address, nor an address that is neither in the state nor in the inputs. What is already there is
 * adopted. `pulumi refresh` shows what changed behind the program's back; the next `up` repairs it.
 * `pulumi destroy` unassigns what the state holds. All that is said of addresses holds for prefixes where those are
 * managed.
 *
 * The ENI has to be Available or InUse, and the instance of a primary ENI Running or Stopped; a status that is passing
 * is waited for, at most for `customTimeouts` (10 minutes by default for each of create, update and delete). A refresh,
 * and `get`, take at most as long as an update.
 *
 * Assigning is done at the cloud's side only: the guest's operating system has to be told of the addresses as well.
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
  /** The id of the ENI; also the resource's id. */
  declare readonly networkInterfaceId: pulumi.Output<string>;
  /**
   * The secondary addresses that the resource owns and the ENI holds, in numerical order; none where prefixes are
   * managed, all of them after `get`.
   */
  declare readonly privateIpAddresses: pulumi.Output<string[]>;
  /** As given; absent in every other mode. */
  declare readonly secondaryPrivateIpAddressCount: pulumi.Output<number | undefined>;
  /** As given, or the default. */
  declare readonly ownership: pulumi.Output<"exclusive" | "additive">;
  /** As given, or the default. */
  declare readonly allowUnassignWithEip: pulumi.Output<boolean>;
  /** As given. */
  declare readonly unassignOnCreate: pulumi.Output<string[] | undefined>;
  /** The region, given or configured. */
  declare readonly region: pulumi.Output<string>;
  /**
   * The /28 IPv4 prefixes that the resource owns and the ENI holds, in numerical order; none where addresses are managed,
   * all of them after `get`.
   */
  declare readonly ipv4Prefixes: pulumi.Output<string[]>;
  /** As given; absent in every other mode. */
  declare readonly ipv4PrefixCount: pulumi.Output<number | undefined>;
  /** The ENI's primary private address, which is never assigned or unassigned. */
  declare readonly primaryIpAddress: pulumi.Output<string>;
  /** The vSwitch of the ENI, from whose CIDR block the addresses come. */
  declare readonly vswitchId: pulumi.Output<string>;
  /**
   * Secondary addresses on the ENI, or in a prefix mode its prefixes (and no addresses), that the resource does not own:
   * somebody else assigned them. They are left alone, and never make a difference by themselves. With exclusive
   * ownership, `pulumi refresh` makes them the resource's own, and the next `up` then removes those that the program
   * does not list.
   */
  declare readonly unmanagedPrivateIpAddresses: pulumi.Output<string[]>;

  /**
   * Reads the secondary addresses and the prefixes of an ENI without managing them.
   *
   * @param name - the name of the resource in the program
   * @param id - the id of the ENI
   * @param state - the region, where it is not the configured one
   * @param opts - Pulumi's options, such as `parent`
   * @throws when there is no such ENI in the region
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: { region?: pulumi.Input<string> },
    opts?: pulumi.CustomResourceOptions,
  ): EniSecondaryIps {
    // The engine reads the rest by the id.
    return new EniSecondaryIps(name, { ...state } as EniSecondaryIpsArgs, { ...opts, id });
  }

  /**
   * Manages the secondary addresses of an ENI, or its prefixes.
   *
   * @param name - the name of the resource in the program
   * @param args - the ENI, and what it is to hold
   * @param opts - Pulumi's options; `customTimeouts` are honoured
   */
  constructor(name: string, args: EniSecondaryIpsArgs, opts?: pulumi.CustomResourceOptions) {
    const { create, update, delete: delete_ } = opts?.customTimeouts ?? {};
    const declaredOutputs = {
      primaryIpAddress: undefined,
      vswitchId: undefined,
      unmanagedPrivateIpAddresses: undefined,
    };
    super(
      resourceType,
      name,
      {
        // Every output has to be named here, or the resource would not have it after `get`.
        networkInterfaceId: args.networkInterfaceId,
        privateIpAddresses: args.privateIpAddresses,
        secondaryPrivateIpAddressCount: args.secondaryPrivateIpAddressCount,
        ipv4Prefixes: args.ipv4Prefixes,
        ipv4PrefixCount: args.ipv4PrefixCount,
        ownership: args.ownership,
        unassignOnCreate: args.unassignOnCreate,
        allowUnassignWithEip: args.allowUnassignWithEip,
        region: args.region,
        ...declaredOutputs,
        __provider: providerText,
        [hiddenKey]: {
          schemaVersion,
          name,
          resource: pathOf(name, opts?.parent),
          timeouts: { create, update, delete: delete_ },
          preview: pulumi.runtime.isDryRun() || undefined,
        },
      },
      opts,
    );
  }
}

/**
 * The names of a resource and of its parents: two components may each have a child of the same name. The URN, which says
 * the same, is an output, and an input made from a parent's output would make the resource depend on its own parent.
 */
function pathOf(name: string, parent: pulumi.Resource | undefined): string {
  // These are no part of the SDK's public types; without them, the name alone is left.
  const { __name, __pulumiType, __parentResource } = (parent ?? {}) as {
    __name?: string;
    __pulumiType?: string;
    __parentResource?: pulumi.Resource;
  };
  return __name === undefined ? name : `${pathOf(`${__pulumiType}::${__name}`, __parentResource)}/${name}`;
}
