import * as pulumi from "@pulumi/pulumi";
import { hiddenKey, schemaVersion } from "../resource/hidden-inputs";
import type { EniSecondaryIpsArgs } from "./eni-secondary-ips-args";
import { nativeType } from "./native-state";
import { tellClaims } from "./tell-claims";
import { providerText, resourceType } from "./provider-text";

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
    state?: { region?: pulumi.Input<string | undefined> },
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
    // A program in JavaScript may leave them out. Check then names the missing inputs.
    const given = (args as EniSecondaryIpsArgs | undefined) ?? ({} as EniSecondaryIpsArgs);
    const inputs = {
      networkInterfaceId: given.networkInterfaceId,
      privateIpAddresses: given.privateIpAddresses,
      secondaryPrivateIpAddressCount: given.secondaryPrivateIpAddressCount,
      ipv4Prefixes: given.ipv4Prefixes,
      ipv4PrefixCount: given.ipv4PrefixCount,
      ownership: given.ownership,
      unassignOnCreate: given.unassignOnCreate,
      allowUnassignWithEip: given.allowUnassignWithEip,
      region: given.region,
    };
    const declaredOutputs = {
      primaryIpAddress: undefined,
      vswitchId: undefined,
      unmanagedPrivateIpAddresses: undefined,
    };
    if (opts?.id === undefined) tellClaims(pathOf(name, opts?.parent), given);
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
      // The state of the native plugin, which has an alias for this type in its schema.
      pulumi.mergeOptions(opts, { aliases: [{ type: nativeType }] }),
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
