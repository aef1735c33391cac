import { type Deadline } from "../shared/deadline";
import { isIpv4Prefix, sortedAddresses } from "../shared/addresses";

/** An ENI, with the fields of `DescribeNetworkInterfaces` that the provider uses. @internal */
export interface NetworkInterface {
  readonly id: string;
  /** `Available`, `InUse`, or a status in which the API refuses writes. */
  readonly status: string;
  /** `Primary`, `Secondary`, or a type of trunk interface. */
  readonly type: string;
  /** The instance that the ENI is attached to, if any. */
  readonly instanceId: string | undefined;
  readonly vpcId: string;
  readonly vSwitchId: string;
  /** The account that the ENI belongs to; empty when the API does not return it. */
  readonly ownerId: string;
  /**
   * Whether the answer lists the ENI's addresses: the list then contains the primary one, and each entry has an address.
   * Otherwise the answer does not show which secondary addresses the ENI holds.
   */
  readonly listsAddresses: boolean;
  /** Whether the answer lists the ENI's prefixes. Otherwise it does not show which ones the ENI holds. */
  readonly listsPrefixes: boolean;
  /** The address that the ENI keeps for its whole life. The provider never assigns or unassigns it. */
  readonly primaryIpAddress: string;
  /** Secondary private IPv4 addresses, in numerical order. */
  readonly secondaryIpAddresses: readonly string[];
  /** The secondary addresses with an EIP. Traffic from the internet depends on them. */
  readonly eipBoundAddresses: readonly string[];
  /** The /28 IPv4 prefixes of the ENI, in numerical order. Each counts as one address in the ENI's quota. */
  readonly ipv4Prefixes: readonly string[];
  /** Whether a cloud service manages the ENI, instead of the account. */
  readonly serviceManaged: boolean;
  /** The name of that service; empty when the API does not return it. */
  readonly managingService: string;
}

/**
 * A secondary address, or a /28 prefix of sixteen addresses. The same calls assign and unassign both, but one call must not
 * mix them: ECS refuses that (https://github.com/AliyunContainerService/terway, pkg/aliyun/client/options.go).
 * @internal
 */
export type Kind = "address" | "prefix";

/** The addresses or prefixes that one call assigns or unassigns. @internal */
export interface AddressChange {
  readonly kind: Kind;
  /** Addresses or prefixes of this kind, in numerical order. */
  readonly addresses: readonly string[];
  /** Only when assigning, instead of `addresses`: how many the cloud picks. */
  readonly pick?: number;
}

/** A page of ENIs, and the token of the next page. @internal */
export interface NetworkInterfacePage {
  readonly networkInterfaces: readonly NetworkInterface[];
  readonly nextToken: string | undefined;
}

/**
 * Selects ENIs: by id, or the ENIs of a VPC that hold one of these secondary addresses, or a page of the ENIs of a VPC
 * or of the region.
 * @internal
 */
export type NetworkInterfaceQuery =
  | { readonly ids: readonly string[] }
  | { readonly vpcId: string; readonly holding: readonly string[] }
  | {
      readonly vpcId: string | undefined;
      readonly pageSize: number;
      readonly nextToken: string | undefined;
    };

/** A vSwitch and its IPv4 block. @internal */
export interface VSwitch {
  readonly id: string;
  readonly cidrBlock: string;
  /** The account that the vSwitch belongs to; empty when the API does not return it. Accounts can share a vSwitch. */
  readonly ownerId: string;
}

/** Selects the vSwitches of a VPC, or one vSwitch by id. @internal */
export type VSwitchQuery = { readonly vpcId: string } | { readonly id: string };

/** Selects instances: at most 100 by id, or a page of the instances of a VPC. @internal */
export type InstanceQuery =
  { readonly ids: readonly string[] } | { readonly vpcId: string; readonly nextToken: string | undefined };

/** A page of instances with their types, and the token of the next page. @internal */
export interface InstancePage {
  readonly instances: readonly { readonly id: string; readonly type: string }[];
  readonly nextToken: string | undefined;
}

/** The options of every call. @internal */
export interface CallOptions {
  readonly deadline: Deadline;
}

/** The options of a call that changes an ENI. @internal */
export interface WriteOptions extends CallOptions {
  /** Runs directly before the request, after any wait. If it rejects, nothing is sent. */
  readonly beforeSending: () => Promise<void>;
}

/**
 * The ECS API of one region and one account. Every method rejects with an {@link EcsError}, or with the error of
 * `beforeSending`. The client repeats reads until the deadline. It sends a write once, and the caller decides about a
 * failure.
 * @internal
 */
export interface EcsPort {
  readonly region: string;

  /** Takes at most 100 ids: https://api.aliyun.com/document/Ecs/2014-05-26/DescribeNetworkInterfaces */
  describeNetworkInterfaces(
    query: NetworkInterfaceQuery,
    options: CallOptions,
  ): Promise<NetworkInterfacePage>;

  /**
   * The ENIs of the VPC that hold one of these addresses, as secondary or primary address. For prefixes, it returns a page
   * of the VPC's ENIs, and the caller compares them.
   */
  findHolders(
    vpcId: string,
    addresses: readonly string[],
    options: CallOptions,
  ): Promise<readonly NetworkInterface[]>;

  /** The status of one instance; `undefined` if the instance does not exist. */
  describeInstanceStatus(instanceId: string, options: CallOptions): Promise<string | undefined>;

  /** The types of instances. */
  describeInstanceTypesOf(query: InstanceQuery, options: CallOptions): Promise<InstancePage>;

  /**
   * How many private IPv4 addresses an instance of this type allows on one ENI, including the primary address; `undefined`
   * if the type does not exist.
   */
  describeEniAddressQuota(instanceType: string, options: CallOptions): Promise<number | undefined>;

  /** The id of the account that the credentials belong to. It needs no permission. */
  callerAccount(options: CallOptions): Promise<string>;

  /** The vSwitches that the query selects; none if they do not exist. */
  describeVSwitches(query: VSwitchQuery, options: CallOptions): Promise<readonly VSwitch[]>;

  /**
   * Assigns addresses or prefixes to the ENI.
   *
   * @returns the assigned addresses or prefixes of this kind; empty if the answer does not contain them
   */
  assignPrivateIpAddresses(
    networkInterfaceId: string,
    change: AddressChange,
    clientToken: string,
    options: WriteOptions,
  ): Promise<readonly string[]>;

  /** Unassigns addresses or prefixes from the ENI. */
  unassignPrivateIpAddresses(
    networkInterfaceId: string,
    change: AddressChange,
    options: WriteOptions,
  ): Promise<void>;
}

/** The kind of an address or a prefix. @internal */
export function kindOf(text: string): Kind {
  return isIpv4Prefix(text) ? "prefix" : "address";
}

/** The addresses and prefixes of this kind, in numerical order. @internal */
export function onlyKind(kind: Kind, mixed: Iterable<string>): string[] {
  return sortedAddresses([...mixed].filter((one) => kindOf(one) === kind));
}

/** The secondary addresses and prefixes of the ENI, or only those of one kind. @internal */
export function heldBy(eni: NetworkInterface, kind?: Kind): readonly string[] {
  if (kind === "address") return eni.secondaryIpAddresses;
  if (kind === "prefix") return eni.ipv4Prefixes;
  return [...eni.secondaryIpAddresses, ...eni.ipv4Prefixes];
}
