import * as messages from "@pulumi/pulumi/proto/provider_pb";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { ProviderHost, withoutSecrets, type Properties } from "./provider-host";

/** The provider text in every state file, since the first release. */
export const providerText =
  'exports.handler=()=>{let f=process.env.ALICLOUD_SECONDARY_IPS_PROVIDER||"",n="pulumi-alicloud-secondary-ips",d=process.cwd(),m="add it to the package.json of the program in "+d;if(!require("fs").existsSync(f))try{f=require.resolve(n+"/provider",{paths:[d,require.main.filename]})}catch{throw{toString:()=>n,stack:m="not installed: "+m,message:n+" is "+m}}return require(f)}';

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

/** Sends the requests of the engine to the host of dynamic providers. */
export abstract class DynamicHost extends ProviderHost {
  override readonly acceptsSecrets = false;
  override readonly getsNames = false;

  /** Sends one request. Rejects with a {@link RecordedFailure} if the failure has a partial result. */
  protected abstract ask<M extends keyof Protocol>(
    method: M,
    request: Protocol[M]["request"],
  ): Promise<Protocol[M]["answer"]>;

  override async configure(config: Properties): Promise<void> {
    const request = new messages.ConfigureRequest();
    request.setArgs(struct(config));
    await this.ask("configure", request);
  }

  override async check(
    news: Properties,
    olds: Properties = {},
  ): Promise<{ inputs: Properties; failures: string[] }> {
    const request = new messages.CheckRequest();
    request.setOlds(struct(olds));
    request.setNews(struct(withProvider(news)));
    const answer = await this.ask("check", request);
    const failures = answer
      .getFailuresList()
      .map((failure) => `${failure.getProperty()}: ${failure.getReason()}`);
    return { inputs: answer.getInputs()?.toJavaScript() as Properties, failures };
  }

  override async diff(id: string, olds: Properties, news: Properties) {
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

  override async create(inputs: Properties): Promise<{ id: string; outputs: Properties }> {
    const request = new messages.CreateRequest();
    request.setProperties(struct(withProvider(inputs)));
    const answer = await this.ask("create", request);
    return { id: answer.getId(), outputs: answer.getProperties()?.toJavaScript() as Properties };
  }

  override async update(id: string, olds: Properties, news: Properties): Promise<Properties> {
    const request = new messages.UpdateRequest();
    request.setId(id);
    request.setOlds(struct(withProvider(olds)));
    request.setNews(struct(withProvider(news)));
    const answer = await this.ask("update", request);
    return answer.getProperties()?.toJavaScript() as Properties;
  }

  override async read(
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

  override async delete(id: string, state: Properties): Promise<void> {
    const request = new messages.DeleteRequest();
    request.setId(id);
    request.setProperties(struct(withProvider(state)));
    await this.ask("delete", request);
  }
}

function struct(properties: Properties): Struct {
  return Struct.fromJavaScript(withoutSecrets(properties) as never);
}

function withProvider(properties: Properties): Properties {
  return { __provider: providerText, ...properties };
}
