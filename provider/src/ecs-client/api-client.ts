import { performance } from "node:perf_hooks";
import type { z } from "zod";
import { callTimedOut, EcsError } from "../ecs/ecs-error";
import { within, type Deadline } from "../shared/deadline";
import type { Pacing } from "../shared/retry";
import { CallTrace } from "./call-trace";
import type { Credentials } from "./credentials";
import type { Endpoint, Product } from "./endpoints";
import { exchange, type Answer } from "./http-exchange";
import { explainRefusal, isExpiredKey } from "./key-refusals";
import { describeProxy, TunnelAgent } from "./proxies";
import { readAnswer } from "./read-answer";
import { signRequest, type Keys } from "./signed-request";
import { ThrottleGate } from "./throttle-gate";
import { isAnswerOfApi, judgeFailure, translateError, type EndpointHistory } from "./translate-error";

/** @internal */
export interface ApiClientOptions {
  readonly region: string;
  readonly endpoints: Readonly<Record<Product, Endpoint>>;
  readonly credentials: Credentials;
  readonly pacing: Pacing;
  readonly random: () => number;
  readonly userAgent: string;
  /** The namespace of the stack's settings, for messages. */
  readonly namespace?: string | undefined;
}

/** One API request, and the schema of its documented answer. @internal */
export interface ApiRequest<T> {
  readonly product: Product;
  readonly action: string;
  readonly query: Record<string, unknown>;
  readonly response: z.ZodType<T>;
}

/**
 * Sends single API requests. The SDK signs them. Its own way over HTTP is not used: it ignores proxies, and loses the status
 * and the headers of an answer that is not the API's.
 * @internal
 */
export class ApiClient {
  private readonly gate: ThrottleGate;
  private readonly trace = new CallTrace();
  private readonly tunnels = new Map<Product, TunnelAgent>();
  /** Products whose endpoint has given an answer of the API. A failure before the first one suggests a wrong address. */
  private readonly answered = new Set<Product>();
  private readonly failingSinceMs = new Map<Product, number>();

  constructor(private readonly options: ApiClientOptions) {
    this.gate = new ThrottleGate(options.pacing, options.random);
  }

  /** Whether the product's endpoint has ever given an answer of the API. */
  hasAnswered(product: Product): boolean {
    return this.answered.has(product);
  }

  /**
   * Sends the request once; a second time only after the API has refused the keys as expired, and with new ones.
   *
   * @param beforeSending - only of a request that changes something
   * @throws EcsError, or what `beforeSending` throws
   */
  async send<T>(request: ApiRequest<T>, deadline: Deadline, beforeSending?: () => Promise<void>): Promise<T> {
    const { credentials } = this.options;
    const keys = await credentials.obtain(deadline);
    try {
      return await this.sendOnce(request, keys, deadline, beforeSending);
    } catch (error) {
      const renewed = isExpiredKey(error) ? await credentials.renew(keys, deadline) : undefined;
      if (renewed === undefined) throw error;
      return this.sendOnce(request, renewed, deadline, beforeSending);
    }
  }

  private async sendOnce<T>(
    { product, action, query, response }: ApiRequest<T>,
    keys: Keys,
    deadline: Deadline,
    beforeSending: (() => Promise<void>) | undefined,
  ): Promise<T> {
    await this.gate.pass(action, deadline);
    await beforeSending?.();
    // Without time for the answer, the request could take effect after the operation's last read.
    if (deadline.leftMs() === 0) throw this.unanswered(product, action, "not sent: no time was left");
    const traced = this.trace.begin(action, query);
    let answer: Answer | undefined;
    try {
      answer = await this.post(product, action, query, keys, deadline);
      const read = readAnswer(action, answer, response);
      traced.succeeded(read.requestId);
      this.answered.add(product);
      this.gate.open(action);
      return read.content;
    } catch (thrown) {
      const error = this.judge(product, translateError(action, thrown), answer, beforeSending !== undefined);
      traced.failed(error);
      throw error;
    }
  }

  private async post(
    product: Product,
    action: string,
    query: Record<string, unknown>,
    keys: Keys,
    deadline: Deadline,
  ): Promise<Answer> {
    const { endpoints, region, userAgent, pacing } = this.options;
    const endpoint = endpoints[product];
    const signed = signRequest(
      {
        product,
        action,
        query: product === "sts" ? query : { RegionId: region, ...query },
        host: endpoint.host,
        userAgent,
      },
      keys,
    );
    const cancel = new AbortController();
    const attempts = deadline.beginAttempts(this.unanswered(product, action));
    const answer = exchange({ endpoint, agent: this.agentFor(product), ...signed }, cancel.signal);
    try {
      return await within(deadline.within(pacing.callMs), () => callTimedOut(action), answer);
    } catch (error) {
      cancel.abort();
      throw error;
    } finally {
      attempts.end();
    }
  }

  private agentFor(product: Product): TunnelAgent | undefined {
    const { proxy } = this.options.endpoints[product];
    if (proxy === undefined) return undefined;
    const tunnel = this.tunnels.get(product) ?? new TunnelAgent(proxy);
    this.tunnels.set(product, tunnel);
    return tunnel;
  }

  /** The error with its final verdict, which depends on earlier calls, and without secrets in its words. */
  private judge(product: Product, error: EcsError, answer: Answer | undefined, writes: boolean): EcsError {
    const { credentials } = this.options;
    if (isAnswerOfApi(error)) this.answered.add(product);
    this.failingSinceMs.set(product, this.failingSinceMs.get(product) ?? performance.now());
    const judged = judgeFailure(error, this.historyOf(product, writes));
    const { action, code, httpStatus, requestId, verdict } = judged;
    const told = explainRefusal(judged, answer?.headers.date, credentials.describeOrigin());
    const reason = credentials.mask(told);
    const clean = new EcsError({ action, code, httpStatus, requestId, reason, verdict }, error.cause);
    if (verdict === "throttled") this.gate.close(error.action ?? "", clean);
    else if (isAnswerOfApi(error)) this.gate.open(error.action ?? "");
    return clean;
  }

  private historyOf(product: Product, writes: boolean): EndpointHistory {
    const { endpoints, pacing, namespace = "alicloud" } = this.options;
    const { protocol, host, proxy } = endpoints[product];
    return {
      url: `${protocol}://${host}`,
      settings: `${product.toUpperCase()}_ENDPOINT or ${namespace}:endpoints`,
      proxy: proxy && describeProxy(proxy),
      answered: this.answered.has(product),
      failingMs: performance.now() - (this.failingSinceMs.get(product) ?? performance.now()),
      writes,
      pacing,
    };
  }

  /** The failure of a call that has no answer when its time is over. */
  private unanswered(product: Product, action: string, reason?: string): EcsError {
    return judgeFailure(callTimedOut(action, reason), this.historyOf(product, true));
  }
}
