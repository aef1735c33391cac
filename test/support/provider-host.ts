import * as messages from "@pulumi/pulumi/proto/provider_pb";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** The provider text in every state file, since the first release. */
export const providerText =
  'exports.handler=()=>{let f=process.env.ALICLOUD_SECONDARY_IPS_PROVIDER||"",n="pulumi-alicloud-secondary-ips",d=process.cwd(),m="add it to the package.json of the program in "+d;if(!require("fs").existsSync(f))try{f=require.resolve(n+"/provider",{paths:[d,require.main.filename]})}catch{throw{toString:()=>n,stack:m="not installed: "+m,message:n+" is "+m}}return require(f)}';

export type Properties = Record<string, unknown>;

/** The key that tells a secret from other objects. */
export const signatureKey = "4dabf18193072939515e22adb298388d";

const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** A secret value, as the program and the engine have it. */
export function secretOf(value: unknown): Properties {
  return { [signatureKey]: secretSignature, value };
}

export function isSecret(value: unknown): value is { readonly value: unknown } {
  return typeof value === "object" && value !== null && signatureKey in value;
}

/** A failure of create or update with a partial result, which the engine records. */
export class RecordedFailure extends Error {
  constructor(
    readonly id: string,
    readonly properties: Properties,
    readonly reasons: readonly string[],
  ) {
    super(reasons.join("; "));
  }

  static from(message: messages.ErrorResourceInitFailed): RecordedFailure {
    const properties = message.getProperties()?.toJavaScript() as Properties;
    return new RecordedFailure(message.getId(), properties, message.getReasonsList());
  }
}

/** Options of a host. */
export interface HostOptions {
  /** Stack configuration, such as `alicloud:region`. */
  readonly config?: Properties;
  /** The environment of the provider. A process also gets PATH, and nothing else. */
  readonly env?: NodeJS.ProcessEnv;
  /** The arguments that the engine passes before its address, such as `--logtostderr`. */
  readonly engineFlags?: readonly string[];
}

/** The engine's requests and their answers. */
export interface Protocol {
  configure: { request: messages.ConfigureRequest; answer: messages.ConfigureResponse };
  check: { request: messages.CheckRequest; answer: messages.CheckResponse };
  diff: { request: messages.DiffRequest; answer: messages.DiffResponse };
  create: { request: messages.CreateRequest; answer: messages.CreateResponse };
  update: { request: messages.UpdateRequest; answer: messages.UpdateResponse };
  read: { request: messages.ReadRequest; answer: messages.ReadResponse };
  delete: { request: messages.DeleteRequest; answer: Empty };
}

/** Runs the provider for one command of the engine. */
export abstract class ProviderHost {
  /** Simulates the end of the engine: its port refuses connections, and answers are not recorded. */
  abstract killEngine(): Promise<void>;
  /** Ends the command. */
  abstract stop(): Promise<void>;
  /** Ends the command. Returns the lines that the host printed, which a user sees as diagnostics. */
  abstract printed(): Promise<readonly string[]>;
  /** Sends one request. Rejects with a {@link RecordedFailure} if the failure has a partial result. */
  protected abstract ask<M extends keyof Protocol>(
    method: M,
    request: Protocol[M]["request"],
  ): Promise<Protocol[M]["answer"]>;

  async configure(config: Properties): Promise<void> {
    const request = new messages.ConfigureRequest();
    request.setArgs(struct(config));
    await this.ask("configure", request);
  }

  async check(news: Properties, olds: Properties = {}): Promise<{ inputs: Properties; failures: string[] }> {
    const request = new messages.CheckRequest();
    request.setOlds(struct(olds));
    request.setNews(struct(withProvider(news)));
    const answer = await this.ask("check", request);
    const failures = answer
      .getFailuresList()
      .map((failure) => `${failure.getProperty()}: ${failure.getReason()}`);
    return { inputs: answer.getInputs()?.toJavaScript() as Properties, failures };
  }

  async diff(id: string, olds: Properties, news: Properties) {
    const request = new messages.DiffRequest();
    request.setId(id);
    request.setOlds(struct(withProvider(olds)));
    request.setNews(struct(withProvider(news)));
    const answer = await this.ask("diff", request);
    return {
      changes: answer.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME,
      replaces: answer.getReplacesList(),
      deleteBeforeReplace: answer.getDeletebeforereplace(),
    };
  }

  async create(inputs: Properties): Promise<{ id: string; outputs: Properties }> {
    const request = new messages.CreateRequest();
    request.setProperties(struct(withProvider(inputs)));
    const answer = await this.ask("create", request);
    return { id: answer.getId(), outputs: answer.getProperties()?.toJavaScript() as Properties };
  }

  async update(id: string, olds: Properties, news: Properties): Promise<Properties> {
    const request = new messages.UpdateRequest();
    request.setId(id);
    request.setOlds(struct(withProvider(olds)));
    request.setNews(struct(withProvider(news)));
    const answer = await this.ask("update", request);
    return answer.getProperties()?.toJavaScript() as Properties;
  }

  /** Without `inputs` in the answer, the engine keeps those of the state. */
  async read(
    id: string,
    state: Properties,
  ): Promise<{ id: string; outputs: Properties; inputs: Properties | undefined }> {
    const request = new messages.ReadRequest();
    request.setId(id);
    request.setProperties(struct(withProvider(state)));
    const answer = await this.ask("read", request);
    return {
      id: answer.getId(),
      outputs: answer.getProperties()?.toJavaScript() as Properties,
      inputs: answer.getInputs()?.toJavaScript(),
    };
  }

  async delete(id: string, state: Properties): Promise<void> {
    const request = new messages.DeleteRequest();
    request.setId(id);
    request.setProperties(struct(withProvider(state)));
    await this.ask("delete", request);
  }
}

function struct(properties: Properties): Struct {
  return Struct.fromJavaScript(withoutSecrets(properties) as never);
}

/** The values of secrets: the engine passes plain values to a host that does not accept secrets. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  if (isSecret(value)) return withoutSecrets(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutSecrets(one)]));
}

function withProvider(properties: Properties): Properties {
  return { __provider: providerText, ...properties };
}
