import type { z } from "zod";
import { EcsError, isCallTimeout } from "../ecs/ecs-error";
import type {
  AddressChange,
  CallOptions,
  EcsPort,
  InstancePage,
  InstanceQuery,
  Kind,
  NetworkInterface,
  NetworkInterfacePage,
  NetworkInterfaceQuery,
  VSwitch,
  VSwitchQuery,
  WriteOptions,
} from "../ecs/port";
import { isIpv4Prefix } from "../shared/addresses";
import { fullJitterMs, retryUntil } from "../shared/retry";
import { describeWait, traceWaits } from "../shared/trace";
import { ApiClient, type ApiClientOptions } from "./api-client";
import type { Product } from "./endpoints";
import {
  assignedAddresses,
  assignedPrefixes,
  callerIdentity,
  instancePage,
  instanceStatuses,
  instanceTypes,
  networkInterfacePage,
  unassigned,
  vSwitches,
} from "./responses";

/** Parameters of https://api.aliyun.com/document/Ecs/2014-05-26/AssignPrivateIpAddresses and its counterpart. */
const listName: Readonly<Record<Kind, string>> = { address: "PrivateIpAddress", prefix: "Ipv4Prefix" };
const countName: Readonly<Record<Kind, string>> = {
  address: "SecondaryPrivateIpAddressCount",
  prefix: "Ipv4PrefixCount",
};

/** The largest page of DescribeVSwitches (https://api.aliyun.com/document/Vpc/2016-04-28/DescribeVSwitches). */
const vSwitchPageSize = 50;
/** 200 vSwitches in a VPC. The API checks the addresses of any further vSwitch. */
const vSwitchPages = 4;
/** How long to try the VPC API before ECS gets the same question. */
const vpcReadMs = 2_500;

/**
 * The ECS port over HTTP: which requests it makes, what their answers mean, and which of them are safe to repeat.
 * @internal
 */
export class OpenApiEcs implements EcsPort {
  readonly region: string;
  private readonly client: ApiClient;
  /** Set after the VPC API did not answer at all: one wait for it is enough. */
  private vpcIsOutOfReach = false;

  constructor(private readonly options: ApiClientOptions) {
    this.region = options.region;
    this.client = new ApiClient(options);
  }

  describeNetworkInterfaces(
    query: NetworkInterfaceQuery,
    options: CallOptions,
  ): Promise<NetworkInterfacePage> {
    return this.read("DescribeNetworkInterfaces", parametersOf(query), networkInterfacePage, options);
  }

  async findHolders(
    vpcId: string,
    addresses: readonly string[],
    options: CallOptions,
  ): Promise<readonly NetworkInterface[]> {
    if (addresses.some(isIpv4Prefix)) return this.firstPageOf(vpcId, options);
    const { networkInterfaces } = await this.describeNetworkInterfaces(
      { vpcId, holding: addresses },
      options,
    );
    const found = new Set(networkInterfaces.flatMap(({ secondaryIpAddresses }) => secondaryIpAddresses));
    const rest = addresses.find((address) => !found.has(address));
    if (rest === undefined) return networkInterfaces;
    const page = await this.read(
      "DescribeNetworkInterfaces",
      { VpcId: vpcId, MaxResults: 100, PrimaryIpAddress: rest },
      networkInterfacePage,
      options,
    );
    if (page.networkInterfaces.length > 0) return [...networkInterfaces, ...page.networkInterfaces];
    // A prefix of another ENI may contain it.
    return this.firstPageOf(vpcId, options);
  }

  /** No filter of the API matches prefixes, therefore the first 500 ENIs of the VPC. */
  private async firstPageOf(vpcId: string, options: CallOptions): Promise<readonly NetworkInterface[]> {
    const query = { vpcId, pageSize: 500, nextToken: undefined };
    return (await this.describeNetworkInterfaces(query, options)).networkInterfaces;
  }

  async describeInstanceStatus(instanceId: string, options: CallOptions): Promise<string | undefined> {
    const statuses = await this.read(
      "DescribeInstanceStatus",
      { InstanceId: [instanceId] },
      instanceStatuses,
      options,
    );
    return statuses.find((status) => status.InstanceId === instanceId)?.Status;
  }

  describeInstanceTypesOf(query: InstanceQuery, options: CallOptions): Promise<InstancePage> {
    return this.read(
      "DescribeInstances",
      {
        MaxResults: 100,
        // A JSON list in one text, unlike the lists of every other call.
        ...("ids" in query
          ? { InstanceIds: JSON.stringify(query.ids) }
          : { VpcId: query.vpcId, NextToken: query.nextToken }),
      },
      instancePage,
      options,
    );
  }

  async describeEniAddressQuota(instanceType: string, options: CallOptions): Promise<number | undefined> {
    const types = await this.read(
      "DescribeInstanceTypes",
      { InstanceTypes: [instanceType] },
      instanceTypes,
      options,
    );
    const found = types.find(({ InstanceTypeId }) => InstanceTypeId === instanceType);
    return found?.EniPrivateIpAddressQuantity;
  }

  async describeVSwitches(query: VSwitchQuery, options: CallOptions): Promise<readonly VSwitch[]> {
    // RAM may refuse the VPC API and allow the older call of ECS, which returns the same.
    if (this.vpcIsOutOfReach) return this.readVSwitches("ecs", query, options);
    try {
      return await this.readVSwitches("vpc", query, {
        deadline: options.deadline.optional(vpcReadMs, 1 / 2),
      });
    } catch (error) {
      this.vpcIsOutOfReach = error instanceof EcsError && !this.client.hasAnswered("vpc");
      return this.readVSwitches("ecs", query, options);
    }
  }

  async callerAccount(options: CallOptions): Promise<string> {
    return (await this.read("GetCallerIdentity", {}, callerIdentity, options, "sts")).AccountId;
  }

  private async readVSwitches(
    product: Product,
    query: VSwitchQuery,
    options: CallOptions,
  ): Promise<VSwitch[]> {
    const selected = "id" in query ? { VSwitchId: query.id } : { VpcId: query.vpcId };
    const found: VSwitch[] = [];
    for (let page = 1; page <= vSwitchPages; page += 1) {
      const answer = await this.read(
        "DescribeVSwitches",
        { ...selected, PageSize: vSwitchPageSize, PageNumber: page },
        vSwitches,
        options,
        product,
      );
      found.push(...answer);
      if (answer.length < vSwitchPageSize) break;
    }
    return found;
  }

  assignPrivateIpAddresses(
    networkInterfaceId: string,
    { kind, addresses, pick }: AddressChange,
    clientToken: string,
    options: WriteOptions,
  ): Promise<readonly string[]> {
    return this.client.send(
      {
        product: "ecs",
        action: "AssignPrivateIpAddresses",
        query: {
          NetworkInterfaceId: networkInterfaceId,
          ...(pick === undefined ? { [listName[kind]]: addresses } : { [countName[kind]]: pick }),
          ClientToken: clientToken,
        },
        response: kind === "address" ? assignedAddresses : assignedPrefixes,
      },
      options.deadline,
      options.beforeSending,
    );
  }

  async unassignPrivateIpAddresses(
    networkInterfaceId: string,
    { kind, addresses }: AddressChange,
    options: WriteOptions,
  ): Promise<void> {
    await this.client.send(
      {
        product: "ecs",
        action: "UnassignPrivateIpAddresses",
        query: { NetworkInterfaceId: networkInterfaceId, [listName[kind]]: addresses },
        response: unassigned,
      },
      options.deadline,
      options.beforeSending,
    );
  }

  /** Repeats the call until the deadline: a read changes nothing. */
  private async read<T>(
    action: string,
    query: Record<string, unknown>,
    response: z.ZodType<T>,
    { deadline }: CallOptions,
    product: Product = "ecs",
  ): Promise<T> {
    const { pacing, random } = this.options;
    return retryUntil(
      deadline,
      (error, attempt) => {
        if (!(error instanceof EcsError)) return undefined;
        if (error.verdict === "throttled") return 0; // the throttle gate waits
        if (error.verdict !== "transient" && error.verdict !== "conflict") return undefined;
        const delayMs = fullJitterMs(attempt, pacing.backoffBaseMs, pacing.backoffCapMs, random);
        traceWaits("%s: %s", action, describeWait(error, delayMs));
        return delayMs;
      },
      () => this.client.send({ product, action, query, response }, deadline),
      // A call that the end of the time cut off says less than the failure before it.
      (before, last) => (isCallTimeout(last) ? before : last),
    );
  }
}

function parametersOf(query: NetworkInterfaceQuery): Record<string, unknown> {
  // Without MaxResults the API returns at most ten ENIs, also for more ids.
  if ("ids" in query) return { NetworkInterfaceId: query.ids, MaxResults: Math.max(10, query.ids.length) };
  if ("holding" in query) {
    // The filter PrivateIpAddress.N matches secondary addresses only, and takes 100 of them.
    return { VpcId: query.vpcId, PrivateIpAddress: query.holding.slice(0, 100), MaxResults: 100 };
  }
  return { VpcId: query.vpcId, MaxResults: query.pageSize, NextToken: query.nextToken };
}
