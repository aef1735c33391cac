import type * as pulumi from "@pulumi/pulumi";

/**
 * The inputs of {@link EniSecondaryIps}.
 *
 * Exactly one of `privateIpAddresses`, `secondaryPrivateIpAddressCount`, `ipv4Prefixes` and `ipv4PrefixCount` is
 * required; `undefined` means not given. A change from one of them to another is an update. It keeps the addresses or
 * prefixes that both ask for. After a change between addresses and prefixes, the resource unassigns what it owned of the
 * old kind.
 *
 * `ownership: "additive"` excludes a count and `unassignOnCreate`. Where the ownership is computed, spread one of two
 * objects: `...(isShared ? { ownership: "additive" as const } : { unassignOnCreate })`.
 *
 * This is a union, which an interface cannot extend. A component adds inputs with `EniSecondaryIpsArgs & { … }`, or
 * combines the parts: {@link EniSecondaryIpsOptions}, {@link EniSecondaryIpsOwnership}, {@link EniSecondaryIpsList} and
 * {@link EniSecondaryIpsCount}.
 *
 * An input that `EcsNetworkInterface` of `@pulumi/alicloud` has too has the same name and meaning.
 *
 * @public
 */
export type EniSecondaryIpsArgs = EniSecondaryIpsOptions &
  (
    | (EniSecondaryIpsOwnership & (EniSecondaryIpsList | EniSecondaryIpsCount))
    | (EniSecondaryIpsOwnership<"exclusive" | "additive"> & EniSecondaryIpsList)
  );

/**
 * The inputs of {@link EniSecondaryIps} that do not depend on the others. The interface of a component can extend them.
 * A component that makes the ENI has `Omit<EniSecondaryIpsOptions, "networkInterfaceId">`.
 *
 * @example
 * ```ts
 * import { EniSecondaryIps, type EniSecondaryIpsOptions } from "pulumi-alicloud-secondary-ips";
 *
 * interface PoolArgs extends EniSecondaryIpsOptions {
 *   size: number;
 * }
 * function pool({ size, ...options }: PoolArgs) {
 *   return new EniSecondaryIps("pool", { ...options, secondaryPrivateIpAddressCount: size });
 * }
 * ```
 *
 * @public
 */
export interface EniSecondaryIpsOptions {
  /**
   * The id of the ENI, such as `eni-bp1fvxhbdfj0xgx3abcd`. It can be a primary or a secondary ENI. An ENI that a cloud
   * service manages is not supported.
   *
   * Required. Changing it **replaces** the resource. If the new ENI lists an address that the old one holds, the addresses
   * are unassigned from the old ENI first, else at the end of the run.
   */
  networkInterfaceId: pulumi.Input<string>;

  /**
   * Whether an address may be unassigned while an EIP is bound to it. Unassigning it cuts it off from the internet.
   *
   * Default: `false`, which refuses the operation. A change is an update without an API call.
   */
  allowUnassignWithEip?: pulumi.Input<boolean | undefined>;

  /**
   * The region of the ENI, such as `cn-hangzhou`.
   *
   * Default, in this order: the region of the explicit provider, `alicloud:region` of the stack's configuration, the
   * environment variables `ALICLOUD_REGION`, `ALIBABA_CLOUD_REGION`, `ALIBABA_CLOUD_REGION_ID`. Changing it
   * **replaces** the resource.
   */
  region?: pulumi.Input<string | undefined>;
}

/**
 * The inputs of {@link EniSecondaryIps} that say who owns the ENI's addresses. The type parameter lists the
 * possible values of `ownership`. With `"additive"` among them, `unassignOnCreate` is not allowed.
 *
 * @public
 */
export interface EniSecondaryIpsOwnership<Ownership extends "exclusive" | "additive" = "exclusive"> {
  /**
   * Who owns the ENI's secondary addresses, or its prefixes in a prefix mode.
   *
   * - `"exclusive"`: this resource owns all of them. Others are drift: `pulumi refresh` shows them, and the next
   *   `pulumi up` unassigns them.
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
  ownership?: pulumi.Input<Ownership | undefined>;

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
  unassignOnCreate?: "additive" extends Ownership
    ? undefined
    : pulumi.Input<pulumi.Input<string>[] | undefined>;
}

// Where none is given, the error of the compiler names the last one of the list.
/**
 * The inputs of {@link EniSecondaryIps} that list what the ENI has: exactly one of `privateIpAddresses` and
 * `ipv4Prefixes`.
 *
 * @public
 */
export type EniSecondaryIpsList =
  | {
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
      ipv4Prefixes: pulumi.Input<pulumi.Input<string>[]>;
      privateIpAddresses?: undefined;
      secondaryPrivateIpAddressCount?: undefined;
      ipv4PrefixCount?: undefined;
    }
  | {
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
      privateIpAddresses: pulumi.Input<pulumi.Input<string>[]>;
      secondaryPrivateIpAddressCount?: undefined;
      ipv4Prefixes?: undefined;
      ipv4PrefixCount?: undefined;
    };

/**
 * The inputs of {@link EniSecondaryIps} that say how many the ENI has: exactly one of
 * `secondaryPrivateIpAddressCount` and `ipv4PrefixCount`.
 *
 * @public
 */
export type EniSecondaryIpsCount =
  | {
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
      secondaryPrivateIpAddressCount: pulumi.Input<number>;
      privateIpAddresses?: undefined;
      ipv4Prefixes?: undefined;
      ipv4PrefixCount?: undefined;
    }
  | {
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
      ipv4PrefixCount: pulumi.Input<number>;
      privateIpAddresses?: undefined;
      secondaryPrivateIpAddressCount?: undefined;
      ipv4Prefixes?: undefined;
    };
