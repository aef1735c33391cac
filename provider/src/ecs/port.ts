import { type Deadline } from "../shared/deadline";
import { isIpv4Prefix, sortedAddresses } from "../shared/addresses";

/**
 * What the provider knows of an ENI: the fields of `DescribeNetworkInterfaces` that matter to it.
 *
 * @internal
 */
export interface NetworkInterface {
  readonly id: string;
  /** `Available`, `InUse`, or a state in which the API refuses writes. */
  readonly status: string;
  /** `Primary`, `Secondary`, or a kind of trunk interface. */
  readonly type: string;
  /** The instance that the ENI is attached to, if any. */
  readonly instanceId: string | undefined;
  readonly vpcId: string;
  readonly vSwitchId: string;
  /** The address that comes and goes with the ENI: never assigned, never unassigned. */
  readonly primaryIpAddress: string;
  /** Secondary private IPv4 addresses, in numerical order. */
  readonly secondaryIpAddresses: readonly string[];
  /** Those of them that an EIP is bound to: traffic from the internet depends on them. */
  readonly eipBoundAddresses: readonly string[];
  /** The /28 IPv4 prefixes that it holds, in numerical order: each takes one place of the ENI's quota. */
  readonly ipv4Prefixes: readonly string[];
  /** Whether a cloud service, not the account, manages the ENI. */
  readonly serviceManaged: boolean;
  /** What the API says of that service, which is its name; empty where it says nothing. */
  readonly managingService: string;
}

/**
 * What takes a place of an ENI's quota, besides the primary address: a secondary address, or a /28 prefix, which brings
 * sixteen. They are assigned and unassigned by the same calls, but never both kinds in one: Terway found that ECS refuses
 * it (https://github.com/AliyunContainerService/terway, pkg/aliyun/client/options.go).
 *
 * @internal
 */
export type Kind = "address" | "prefix";

/** What one call assigns or unassigns. @internal */
export interface AddressChange {
  readonly kind: Kind;
  /** Addresses or prefixes, as `kind` says, in numerical order. */
  readonly addresses: readonly string[];
  /** Instead of `addresses`, when assigning: how many the cloud is to pick. */
  readonly pick?: number;
}

/** A page of ENIs, and the token that asks for the next one. @internal */
export interface NetworkInterfacePage {
  readonly networkInterfaces: readonly NetworkInterface[];
  readonly nextToken: string | undefined;
}

/**
 * Which ENIs to describe: by id, those of a VPC that hold one of these secondary addresses, or a page of those of a VPC
 * or of the region.
 *
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
}

/** Which instances to describe: by id, at most 100, or a page of those of a VPC. @internal */
export type InstanceQuery =
  { readonly ids: readonly string[] } | { readonly vpcId: string; readonly nextToken: string | undefined };

/** A page of instances with their types, and the token that asks for the next one. @internal */
export interface InstancePage {
  readonly instances: readonly { readonly id: string; readonly type: string }[];
  readonly nextToken: string | undefined;
}

/** What each call may cost in time. @internal */
export interface CallOptions {
  readonly deadline: Deadline;
}

/** What a call that changes something is given. @internal */
export interface WriteOptions extends CallOptions {
  /** Runs at the last moment before the request leaves, after any wait; when it rejects, nothing is sent. */
  readonly beforeSending: () => Promise<void>;
}

/**
 * The ECS API of one region and one account, as the provider needs it. Every method rejects with an
 * {@link EcsError}, and with nothing else but what `beforeSending` throws. Reads are repeated below this port until
 * the deadline; a write is sent once, and whoever asked for it decides what its failure means.
 *
 * @internal
 */
export interface EcsPort {
  readonly region: string;

  /** At most 100 ids a call: https://api.aliyun.com/document/Ecs/2014-05-26/DescribeNetworkInterfaces */
  describeNetworkInterfaces(
    query: NetworkInterfaceQuery,
    options: CallOptions,
  ): Promise<NetworkInterfacePage>;

  /**
   * The ENIs of the VPC that hold one of these addresses, as a secondary or as the primary one. Asked for prefixes, some
   * ENIs of the VPC, which may hold them or not.
   */
  findHolders(
    vpcId: string,
    addresses: readonly string[],
    options: CallOptions,
  ): Promise<readonly NetworkInterface[]>;

  /** The status of one instance; `undefined` when there is no such instance. */
  describeInstanceStatus(instanceId: string, options: CallOptions): Promise<string | undefined>;

  /** The types of instances. */
  describeInstanceTypesOf(query: InstanceQuery, options: CallOptions): Promise<InstancePage>;

  /**
   * How many private IPv4 addresses an instance of this type allows on one ENI, the primary one included; `undefined`
   * when there is no such type.
   */
  describeEniAddressQuota(instanceType: string, options: CallOptions): Promise<number | undefined>;

  /** The vSwitches of a VPC. */
  describeVSwitches(vpcId: string, options: CallOptions): Promise<readonly VSwitch[]>;

  /**
   * Assigns addresses or prefixes to the ENI.
   *
   * @returns what was assigned, of the kind that was asked for, if the answer names it
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

/** Which of the two an address or a prefix is. @internal */
export function kindOf(text: string): Kind {
  return isIpv4Prefix(text) ? "prefix" : "address";
}

/** Those of the addresses and prefixes that are of this kind, in numerical order. @internal */
export function onlyKind(kind: Kind, mixed: Iterable<string>): string[] {
  return sortedAddresses([...mixed].filter((one) => kindOf(one) === kind));
}

/** What the ENI holds of one kind, or of both, besides its primary address. @internal */
export function heldBy(eni: NetworkInterface, kind?: Kind): readonly string[] {
  if (kind === "address") return eni.secondaryIpAddresses;
  if (kind === "prefix") return eni.ipv4Prefixes;
  return [...eni.secondaryIpAddresses, ...eni.ipv4Prefixes];
}
