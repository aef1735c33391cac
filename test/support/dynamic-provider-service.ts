import type * as dynamic from "@pulumi/pulumi/dynamic";
import { Config } from "@pulumi/pulumi/cmd/dynamic-provider/config";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { createRequire } from "node:module";
import { compileFunction } from "node:vm";
import { providerText, type Protocol } from "./dynamic-host";
import { signatureKey, type Properties } from "./provider-host";

const providerKey = "__provider";
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** The failure of a request: the text of the gRPC status, and the partial result if there is one. */
export class RequestFailure extends Error {
  constructor(
    message: string,
    readonly partialResult?: messages.ErrorResourceInitFailed,
  ) {
    super(message);
  }
}

/**
 * A copy of the code between gRPC and a provider in `cmd/dynamic-provider` of the Pulumi SDK:
 * https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/dynamic-provider/index.ts. It is copied because importing
 * that module starts a server. `test/host/in-process.test.ts` compares both.
 */
export class DynamicProviderService {
  private readonly providers = new Map<string, dynamic.ResourceProvider>();
  private config: Properties | undefined;

  /**
   * @param ownProvider - creates the provider that the provider text of this package loads
   * @param print - receives the text that the process would print
   */
  constructor(
    private readonly ownProvider: () => dynamic.ResourceProvider,
    private readonly print: (text: string) => void,
  ) {}

  readonly methods: {
    [M in keyof Protocol]: (request: Protocol[M]["request"]) => Promise<Protocol[M]["answer"]>;
  } = {
    configure: (request) => {
      const { [providerKey]: _provider, ...args } = valuesOf(request.getArgs());
      this.config = Object.fromEntries(
        Object.entries(args).map(([key, value]) => [key, withoutSecret(value)]),
      );
      return Promise.resolve(new messages.ConfigureResponse());
    },
    check: (request) =>
      this.answerOrPrint(async () => {
        const olds = valuesOf(request.getOlds());
        const news = valuesOf(request.getNews());
        const provider = await this.providerOf(news[providerKey] === unknownValue ? olds : news);
        const result = provider.check ? await provider.check(olds, news) : {};
        const inputs = (result.inputs as Properties | undefined) ?? news;
        const { failures = [] } = result;
        inputs[providerKey] = news[providerKey];
        const answer = new messages.CheckResponse();
        answer.setInputs(struct(inputs));
        answer.setFailuresList(
          failures.map(({ property, reason }) => {
            const failure = new messages.CheckFailure();
            failure.setProperty(property);
            failure.setReason(reason);
            return failure;
          }),
        );
        return answer;
      }),
    diff: (request) =>
      this.answerOrPrint(async () => {
        const olds = valuesOf(request.getOlds());
        const news = valuesOf(request.getNews());
        const provider = await this.providerOf(news[providerKey] === unknownValue ? olds : news);
        const answer = new messages.DiffResponse();
        if (provider.diff === undefined) return answer;
        const result = await provider.diff(request.getId(), olds, news);
        const { DIFF_SOME, DIFF_NONE, DIFF_UNKNOWN } = messages.DiffResponse.DiffChanges;
        if (result.changes === true) answer.setChanges(DIFF_SOME);
        else answer.setChanges(result.changes === false ? DIFF_NONE : DIFF_UNKNOWN);
        answer.setReplacesList(result.replaces ?? []);
        answer.setDeletebeforereplace(result.deleteBeforeReplace ?? false);
        return answer;
      }),
    create: (request) =>
      answerOrPartialResult(async () => {
        const properties = valuesOf(request.getProperties());
        const provider = await this.providerOf(properties);
        const result = await provider.create(properties);
        const answer = new messages.CreateResponse();
        answer.setProperties(struct(withProviderOf(properties, result.outs as Result)));
        answer.setId(result.id);
        return answer;
      }),
    update: (request) =>
      answerOrPartialResult(async () => {
        const olds = valuesOf(request.getOlds());
        const news = valuesOf(request.getNews());
        const provider = await this.providerOf(news);
        const result = (await provider.update?.(request.getId(), olds, news)) ?? {};
        const answer = new messages.UpdateResponse();
        answer.setProperties(struct(withProviderOf(news, result.outs as Result)));
        return answer;
      }),
    read: (request) =>
      this.answerOrPrint(async () => {
        const properties = valuesOf(request.getProperties());
        const provider = await this.providerOf(properties);
        const answer = new messages.ReadResponse();
        if (provider.read === undefined) {
          answer.setId(request.getId());
          answer.setProperties(request.getProperties());
          return answer;
        }
        const result = await provider.read(request.getId(), properties);
        if (result.id !== undefined) answer.setId(result.id);
        answer.setProperties(struct(withProviderOf(properties, result.props as Result)));
        if (result.inputs) answer.setInputs(struct(withProviderOf(properties, result.inputs as Result)));
        return answer;
      }),
    delete: (request) =>
      this.answerOrPrint(async () => {
        const properties = valuesOf(request.getProperties());
        const provider = await this.providerOf(properties);
        await provider.delete?.(request.getId(), properties);
        return new Empty();
      }),
  };

  private async providerOf({ [providerKey]: text }: Properties): Promise<dynamic.ResourceProvider> {
    const known = this.providers.get(String(text));
    if (known !== undefined) return known;
    const provider = text === providerText ? this.ownProvider() : evaluate(text);
    // As in the SDK, before configure ends: a concurrent request gets a provider that is not configured yet.
    this.providers.set(String(text), provider);
    await provider.configure?.({ config: new Config(this.config as Properties, "") });
    return provider;
  }

  /** Failures of these methods are printed with their stack. They have no partial result. */
  private async answerOrPrint<T>(answer: () => Promise<T>): Promise<T> {
    try {
      return await answer();
    } catch (error) {
      const { stack, message } = error as Error;
      this.print(`${String(error)}: ${String(stack)}`);
      throw new RequestFailure(message);
    }
  }
}

async function answerOrPartialResult<T>(answer: () => Promise<T>): Promise<T> {
  try {
    return await answer();
  } catch (error) {
    const { message, id, properties = {}, reasons = [] } = error as Error & Partial<PartialResult>;
    if (!id) throw new RequestFailure(message);
    const failed = new messages.ErrorResourceInitFailed();
    failed.setId(id);
    failed.setProperties(struct(properties));
    failed.setReasonsList([...reasons]);
    throw new RequestFailure(message, failed);
  }
}

interface PartialResult {
  readonly id: string;
  readonly properties: Properties;
  readonly reasons: readonly string[];
}

/** Loads any provider text, as the package `require-from-string` does. */
function evaluate(text: unknown): dynamic.ResourceProvider {
  if (typeof text !== "string") throw new Error(`code must be a string, not ${typeof text}`);
  const exports: { handler?: () => dynamic.ResourceProvider } = {};
  const load = compileFunction(text, ["exports", "require"]) as (...values: unknown[]) => void;
  load(exports, createRequire(__filename));
  return (exports.handler as () => dynamic.ResourceProvider)();
}

function valuesOf(values: Struct | undefined): Properties {
  return (values as Struct).toJavaScript();
}

function struct(properties: Properties): Struct {
  return Struct.fromJavaScript(properties as never);
}

type Result = Properties | undefined;

function withProviderOf(properties: Properties, result: Result): Properties {
  return Object.assign(result ?? {}, { [providerKey]: properties[providerKey] });
}

function withoutSecret(value: unknown): unknown {
  const object = value as { readonly [signatureKey]?: unknown; readonly value?: unknown } | null;
  return object?.[signatureKey] === secretSignature ? object.value : value;
}
