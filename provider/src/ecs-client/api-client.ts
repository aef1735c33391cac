import OpenApi, { $OpenApiUtil, OpenApiUtil } from "@alicloud/openapi-core";
import { RuntimeOptions } from "@darabonba/typescript";
import { performance } from "node:perf_hooks";
import type { z } from "zod";
import { callTimedOut, EcsError } from "../ecs/ecs-error";
import { within, type Deadline } from "../shared/deadline";
import type { Pacing } from "../shared/retry";
import { CallTrace } from "./call-trace";
import type { Credentials, UsableCredential } from "./credentials";
import type { Endpoint, Product } from "./endpoints";
import { ThrottleGate } from "./throttle-gate";
import { translateError } from "./translate-error";

const versions: Readonly<Record<Product, string>> = {
  ecs: "2014-05-26",
  vpc: "2016-04-28",
  sts: "2015-04-01",
};

/** @internal */
export interface ApiClientOptions {
  readonly region: string;
  readonly endpoints: Readonly<Record<Product, Endpoint>>;
  readonly credentials: Credentials;
  readonly pacing: Pacing;
  readonly random: () => number;
  readonly userAgent: string;
}

/** One API request, and the schema of its answer. @internal */
export interface ApiRequest<T> {
  readonly product: Product;
  readonly action: string;
  readonly query: Record<string, unknown>;
  readonly response: z.ZodType<T>;
}

/**
 * Sends single API requests with the official SDK's generic client, which signs them and speaks HTTP. The SDK's own retries
 * stay off, because the SDK does not know which calls are safe to repeat.
 * @internal
 */
export class ApiClient {
  private readonly gate: ThrottleGate;
  private readonly trace = new CallTrace();
  private readonly clients = new Map<Product, OpenApi>();
  /** Products whose endpoint has answered. A connection that fails before the first answer suggests a wrong address. */
  private readonly answered = new Set<Product>();
  private readonly unreachableSinceMs = new Map<Product, number>();

  constructor(private readonly options: ApiClientOptions) {
    this.gate = new ThrottleGate(options.pacing, options.random);
  }

  /** Whether the product's endpoint has ever answered. */
  hasAnswered(product: Product): boolean {
    return this.answered.has(product);
  }

  /**
   * Sends the request once.
   *
   * @throws EcsError, or what `beforeSending` throws
   */
  async send<T>(
    { product, action, query, response }: ApiRequest<T>,
    deadline: Deadline,
    beforeSending?: () => Promise<void>,
  ): Promise<T> {
    const usable = await within(deadline, () => callTimedOut("credentials"), this.options.credentials.find());
    await this.gate.pass(action, deadline);
    await beforeSending?.();
    // Without time for the answer, the request could take effect after the operation's last read.
    if (deadline.leftMs() === 0) throw callTimedOut(action);
    const traced = this.trace.begin(action, query);
    try {
      const body = await this.post(product, action, query, usable, deadline);
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

  private async post(
    product: Product,
    action: string,
    query: Record<string, unknown>,
    { credential }: UsableCredential,
    deadline: Deadline,
  ): Promise<unknown> {
    const client = this.clients.get(product) ?? this.connect(product, credential);
    this.clients.set(product, client);
    // The SDK's "connect" time-out is an idle time-out, and an earlier request may cancel its read time-out. Both get the
    // same generous value, and `within` sets the hard limit.
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
      new $OpenApiUtil.OpenApiRequest({
        query: OpenApiUtil.query({
          ...(product === "sts" ? {} : { RegionId: this.options.region }),
          ...query,
        }),
      }),
      new RuntimeOptions({ connectTimeout: timeoutMs, readTimeout: timeoutMs }),
    ) as Promise<{ readonly body: unknown }>;
    return (await within(limit, () => callTimedOut(action), answer)).body;
  }

  private connect(product: Product, credential: UsableCredential["credential"]): OpenApi {
    const { host, protocol } = this.options.endpoints[product];
    return new OpenApi(
      new $OpenApiUtil.Config({
        credential,
        regionId: this.options.region,
        endpoint: host,
        protocol,
        userAgent: this.options.userAgent,
        // As the official client of STS does.
        ...(product === "sts" ? { signatureAlgorithm: "v2" } : {}),
      }),
    );
  }

  /** The error with its final verdict, which depends on earlier calls, and without secrets in its words. */
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
