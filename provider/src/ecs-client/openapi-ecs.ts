import OpenApi, { $OpenApiUtil, OpenApiUtil } from "@alicloud/openapi-core";
import { RuntimeOptions } from "@darabonba/typescript";
import { performance } from "node:perf_hooks";
import type { z } from "zod";
import { isIpv4Prefix } from "../shared/addresses";
import { callTimedOut, EcsError } from "../ecs/ecs-error";
import type {
  AddressChange,
  CallOptions,
  EcsPort,
  Kind,
  InstancePage,
  InstanceQuery,
  NetworkInterface,
  NetworkInterfacePage,
  NetworkInterfaceQuery,
  VSwitch,
  WriteOptions,
} from "../ecs/port";
import type { Deadline } from "../shared/deadline";
import type { Pacing } from "../shared/retry";
import { fullJitterMs, retryUntil } from "../shared/retry";
import { within } from "../shared/deadline";
import { describeWait, traceWaits } from "../shared/trace";
import { CallTrace } from "./call-trace";
import type { Credentials, UsableCredential } from "./credentials";
import type { Endpoint, Product } from "./endpoints";
import {
  assignedAddresses,
  assignedPrefixes,
  ignored,
  instancePage,
  instanceStatuses,
  instanceTypes,
  networkInterfacePage,
  vSwitches,
} from "./responses";
import { ThrottleGate } from "./throttle-gate";
import { translateError } from "./translate-error";

const versions: Readonly<Record<Product, string>> = { ecs: "2014-05-26", vpc: "2016-04-28" };

/** Parameters of https://api.aliyun.com/document/Ecs/2014-05-26/AssignPrivateIpAddresses and its counterpart. */
const listName: Readonly<Record<Kind, string>> = { address: "PrivateIpAddress", prefix: "Ipv4Prefix" };
const countName: Readonly<Record<Kind, string>> = {
  address: "SecondaryPrivateIpAddressCount",
  prefix: "Ipv4PrefixCount",
};

/** The largest page of DescribeVSwitches (https://api.aliyun.com/document/Vpc/2016-04-28/DescribeVSwitches). */
const vSwitchPageSize = 50;
/** Enough for 200 vSwitches in a VPC; what is not found merely goes unchecked before the API checks it. */
const vSwitchPages = 4;
/** How long the VPC API is tried before ECS is asked for the same. */
const vpcReadMs = 2_500;

/** @internal */
export interface OpenApiEcsOptions {
  readonly region: string;
  readonly endpoints: Readonly<Record<Product, Endpoint>>;
  readonly credentials: Credentials;
  readonly pacing: Pacing;
  readonly random: () => number;
  readonly userAgent: string;
}

interface Request<T> {
  readonly product: Product;
  readonly action: string;
  readonly query: Record<string, unknown>;
  readonly response: z.ZodType<T>;
}

/**
 * The ECS API over the official SDK's generic client: signing and HTTP are the SDK's, the requests, and what their
 * answers mean, are here. The SDK's own retries stay off: it cannot know which calls may be repeated.
 *
 * @internal
 */
export class OpenApiEcs implements EcsPort {
  readonly region: string;
  private readonly gate: ThrottleGate;
  private readonly trace = new CallTrace();
  private readonly clients = new Map<Product, OpenApi>();
  /** Whether an endpoint ever gave an answer: a connection that fails before that is likely a wrong address. */
  private readonly answered = new Set<Product>();
  private readonly unreachableSinceMs = new Map<Product, number>();
  /** Whether the VPC API has been waited for in vain: once is enough. */
  private vpcIsOutOfReach = false;

  constructor(private readonly options: OpenApiEcsOptions) {
    this.region = options.region;
    this.gate = new ThrottleGate(options.pacing, options.random);
  }

  describeNetworkInterfaces(
    query: NetworkInterfaceQuery,
    options: CallOptions,
  ): Promise<NetworkInterfacePage> {
    return this.read(
      {
        product: "ecs",
        action: "DescribeNetworkInterfaces",
        query: parametersOf(query),
        response: networkInterfacePage,
      },
      options,
    );
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
      {
        product: "ecs",
        action: "DescribeNetworkInterfaces",
        query: { VpcId: vpcId, MaxResults: 100, PrimaryIpAddress: rest },
        response: networkInterfacePage,
      },
      options,
    );
    if (page.networkInterfaces.length > 0) return [...networkInterfaces, ...page.networkInterfaces];
    // It may lie within another ENI's prefix.
    return this.firstPageOf(vpcId, options);
  }

  /** No filter knows prefixes: so many ENIs of the VPC have to do. */
  private async firstPageOf(vpcId: string, options: CallOptions): Promise<readonly NetworkInterface[]> {
    const query = { vpcId, pageSize: 500, nextToken: undefined };
    return (await this.describeNetworkInterfaces(query, options)).networkInterfaces;
  }

  async describeInstanceStatus(instanceId: string, options: CallOptions): Promise<string | undefined> {
    const statuses = await this.read(
      {
        product: "ecs",
        action: "DescribeInstanceStatus",
        query: { InstanceId: [instanceId] },
        response: instanceStatuses,
      },
      options,
    );
    return statuses.find((status) => status.InstanceId === instanceId)?.Status;
  }

  describeInstanceTypesOf(query: InstanceQuery, options: CallOptions): Promise<InstancePage> {
    return this.read(
      {
        product: "ecs",
        action: "DescribeInstances",
        query: {
          MaxResults: 100,
          // One text that holds a JSON list, unlike the lists of every other call.
          ...("ids" in query
            ? { InstanceIds: JSON.stringify(query.ids) }
            : { VpcId: query.vpcId, NextToken: query.nextToken }),
        },
        response: instancePage,
      },
      options,
    );
  }

  async describeEniAddressQuota(instanceType: string, options: CallOptions): Promise<number | undefined> {
    const types = await this.read(
      {
        product: "ecs",
        action: "DescribeInstanceTypes",
        query: { InstanceTypes: [instanceType] },
        response: instanceTypes,
      },
      options,
    );
    const found = types.find(({ InstanceTypeId }) => InstanceTypeId === instanceType);
    return found?.EniPrivateIpAddressQuantity;
  }

  async describeVSwitches(vpcId: string, options: CallOptions): Promise<readonly VSwitch[]> {
    // Who may not use the VPC API may still use the older call of ECS, which tells the same.
    if (this.vpcIsOutOfReach) return this.readVSwitches("ecs", vpcId, options);
    try {
      return await this.readVSwitches("vpc", vpcId, { deadline: options.deadline.within(vpcReadMs) });
    } catch (error) {
      this.vpcIsOutOfReach = error instanceof EcsError && !this.answered.has("vpc");
      return this.readVSwitches("ecs", vpcId, options);
    }
  }

  private async readVSwitches(product: Product, vpcId: string, options: CallOptions): Promise<VSwitch[]> {
    const found: VSwitch[] = [];
    for (let page = 1; page <= vSwitchPages; page += 1) {
      const answer = await this.read(
        {
          product,
          action: "DescribeVSwitches",
          query: { VpcId: vpcId, PageSize: vSwitchPageSize, PageNumber: page },
          response: vSwitches,
        },
        options,
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
    return this.send(
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
    await this.send(
      {
        product: "ecs",
        action: "UnassignPrivateIpAddresses",
        query: { NetworkInterfaceId: networkInterfaceId, [listName[kind]]: addresses },
        response: ignored,
      },
      options.deadline,
      options.beforeSending,
    );
  }

  /** A call that changes nothing may be repeated after any failure that can pass. */
  private async read<T>(request: Request<T>, { deadline }: CallOptions): Promise<T> {
    const { pacing, random } = this.options;
    return retryUntil(
      deadline,
      (error, attempt) => {
        if (!(error instanceof EcsError)) return undefined;
        if (error.verdict === "throttled") return 0; // the gate makes it wait
        if (error.verdict !== "transient" && error.verdict !== "conflict") return undefined;
        const delayMs = fullJitterMs(attempt, pacing.backoffBaseMs, pacing.backoffCapMs, random);
        traceWaits("%s: %s", request.action, describeWait(error, delayMs));
        return delayMs;
      },
      () => this.send(request, deadline),
    );
  }

  private async send<T>(
    { product, action, query, response }: Request<T>,
    deadline: Deadline,
    beforeSending?: () => Promise<void>,
  ): Promise<T> {
    const usable = await within(deadline, () => callTimedOut("credentials"), this.options.credentials.find());
    await this.gate.pass(action, deadline);
    await beforeSending?.();
    // A request that leaves with no time to wait for its answer would be executed behind the last look.
    if (deadline.leftMs() === 0) throw callTimedOut(action);
    const traced = this.trace.begin(action, query);
    try {
      const body = await this.request(product, action, query, usable, deadline);
      traced.succeeded(body);
      this.answered.add(product);
      this.gate.open(action);
      const parsed = response.safeParse(body);
      if (!parsed.success) throw new TypeError(parsed.error.message);
      return parsed.data;
    } catch (thrown) {
      const error = this.judge(product, action, translateError(action, thrown), usable);
      traced.failed(error);
      throw error;
    }
  }

  private async request(
    product: Product,
    action: string,
    query: Record<string, unknown>,
    { credential }: UsableCredential,
    deadline: Deadline,
  ): Promise<unknown> {
    const client = this.clients.get(product) ?? this.connect(product, credential);
    this.clients.set(product, client);
    // The SDK's "connect" time-out is an idle time-out, and its read time-out may be cancelled by an earlier request's:
    // both get the same generous value, and the hard limit is ours.
    const limit = deadline.within(this.options.pacing.callMs);
    const timeoutMs = Math.ceil(limit.leftMs()) + 1_000;
    const answer = client.callApi(
      new $OpenApiUtil.Params({
        action,
        version: versions[product],
        protocol: this.options.endpoints[product].protocol,
        pathname: "/",
        method: "POST",
        authType: "AK",
        style: "RPC",
        reqBodyType: "formData",
        bodyType: "json",
      }),
      new $OpenApiUtil.OpenApiRequest({ query: OpenApiUtil.query({ RegionId: this.region, ...query }) }),
      new RuntimeOptions({ connectTimeout: timeoutMs, readTimeout: timeoutMs }),
    ) as Promise<{ readonly body: unknown }>;
    return (await within(limit, () => callTimedOut(action), answer)).body;
  }

  private connect(product: Product, credential: UsableCredential["credential"]): OpenApi {
    const { host, protocol } = this.options.endpoints[product];
    return new OpenApi(
      new $OpenApiUtil.Config({
        credential,
        regionId: this.region,
        endpoint: host,
        protocol,
        userAgent: this.options.userAgent,
      }),
    );
  }

  /** Gives the error its final verdict in the light of the calls before, and takes secrets out of its words. */
  private judge(product: Product, action: string, error: EcsError, { secrets }: UsableCredential): EcsError {
    if (error.httpStatus !== undefined || error.code === "UnreadableAnswer") this.answered.add(product);
    const { host, protocol } = this.options.endpoints[product];
    let { reason, verdict } = error;
    if (!this.answered.has(product)) {
      const sinceMs = this.unreachableSinceMs.get(product) ?? performance.now();
      this.unreachableSinceMs.set(product, sinceMs);
      reason = `${reason} at ${protocol}://${host}`;
      if (performance.now() - sinceMs >= this.options.pacing.unreachableMs) {
        verdict = "final";
        reason +=
          "; it has never answered: check the region, the network, and ECS_ENDPOINT or alicloud:endpoints";
      }
    }
    for (const secret of secrets) reason = reason.replaceAll(secret, "[secret]");
    const { code, httpStatus, requestId } = error;
    const judged = new EcsError({ action, code, httpStatus, requestId, reason, verdict }, error.cause);
    if (verdict === "throttled") this.gate.close(action, judged);
    else if (httpStatus !== undefined) this.gate.open(action);
    return judged;
  }
}

function parametersOf(query: NetworkInterfaceQuery): Record<string, unknown> {
  // Without MaxResults the API answers ten, however many are asked for.
  if ("ids" in query) return { NetworkInterfaceId: query.ids, MaxResults: Math.max(10, query.ids.length) };
  if ("holding" in query) {
    // The filter PrivateIpAddress.N knows secondary addresses only, and takes 100 of them.
    return { VpcId: query.vpcId, PrivateIpAddress: query.holding.slice(0, 100), MaxResults: 100 };
  }
  return { VpcId: query.vpcId, MaxResults: query.pageSize, NextToken: query.nextToken };
}
