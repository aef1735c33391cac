import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { PluginHost, urnOf } from "../support/plugin-host";
import type { Properties } from "../support/provider-host";
import type { Scenario } from "../support/scenario";

/** How the engine writes a value that is not known yet. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The host of a scenario in the suite `plugin`. */
export function pluginOf({ provider }: Scenario): PluginHost {
  if (provider instanceof PluginHost) return provider;
  throw new Error("run this test in the suite `plugin`");
}

export function struct(properties: Properties): Struct {
  return Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]);
}

export function values(properties: Struct | undefined): Properties {
  return properties?.toJavaScript() ?? {};
}

/** A resource in the engine's state. */
export interface State {
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** The requests of the engine, with values as it writes them. */
export class Requests {
  private readonly urn: string;

  constructor(
    private readonly host: Pick<PluginHost, "send">,
    name = "edge",
  ) {
    this.urn = urnOf(name);
  }

  async check(news: Properties, olds: Properties = {}) {
    const request = new messages.CheckRequest().setUrn(this.urn).setNews(struct(news)).setOlds(struct(olds));
    const answer = await this.host.send<messages.CheckResponse>("check", request);
    const failures = answer.getFailuresList().map((one) => `${one.getProperty()}: ${one.getReason()}`);
    return { inputs: values(answer.getInputs()), failures };
  }

  async diff({ inputs, outputs }: State, news: Properties) {
    const request = new messages.DiffRequest().setUrn(this.urn).setId("eni-edge");
    request.setOldInputs(struct(inputs)).setOlds(struct(outputs)).setNews(struct(news));
    const answer = await this.host.send<messages.DiffResponse>("diff", request);
    const kinds = Object.entries(messages.PropertyDiff.Kind);
    const paths = [...answer.getDetaileddiffMap().toArray()].map(([path, kind]) => [path, kind] as const);
    return {
      changes: answer.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME,
      replaces: answer.getReplacesList(),
      deleteBeforeReplace: answer.getDeletebeforereplace(),
      stables: answer.getStablesList(),
      diffs: answer.getDiffsList(),
      paths: Object.fromEntries(
        paths.map(([path]) => {
          const one = answer.getDetaileddiffMap().get(path);
          const [kind] = kinds.find(([, value]) => value === one?.getKind()) ?? [];
          return [path, kind];
        }),
      ),
    };
  }

  /** The outputs of a preview, or of the operation itself. */
  async create(inputs: Properties, { preview = false, timeoutSeconds = 0 } = {}) {
    const request = new messages.CreateRequest().setUrn(this.urn).setProperties(struct(inputs));
    const answer = await this.host.send<messages.CreateResponse>(
      "create",
      request.setPreview(preview).setTimeout(timeoutSeconds),
    );
    const refreshBeforeUpdate = answer.getRefreshBeforeUpdate();
    return { id: answer.getId(), outputs: values(answer.getProperties()), refreshBeforeUpdate };
  }

  async update({ inputs, outputs }: State, news: Properties, { preview = false } = {}) {
    const request = new messages.UpdateRequest().setUrn(this.urn).setId("eni-edge").setPreview(preview);
    request.setOldInputs(struct(inputs)).setOlds(struct(outputs)).setNews(struct(news));
    const answer = await this.host.send<messages.UpdateResponse>("update", request);
    return { outputs: values(answer.getProperties()), refreshBeforeUpdate: answer.getRefreshBeforeUpdate() };
  }

  /** A refresh of a state; without one an import, and with inputs only, `get`. */
  async read(id: string, state: Partial<State> = {}) {
    const request = new messages.ReadRequest().setUrn(this.urn).setId(id);
    request.setProperties(struct(state.outputs ?? state.inputs ?? {}));
    if (state.inputs !== undefined) request.setInputs(struct(state.inputs));
    const answer = await this.host.send<messages.ReadResponse>("read", request);
    return {
      id: answer.getId(),
      outputs: values(answer.getProperties()),
      inputs: answer.hasInputs() ? values(answer.getInputs()) : undefined,
      refreshBeforeUpdate: answer.getRefreshBeforeUpdate(),
    };
  }

  async delete({ inputs, outputs }: State, { timeoutSeconds = 0 } = {}): Promise<void> {
    const request = new messages.DeleteRequest()
      .setUrn(this.urn)
      .setId("eni-edge")
      .setTimeout(timeoutSeconds);
    await this.host.send("delete", request.setOldInputs(struct(inputs)).setProperties(struct(outputs)));
  }

  async checkConfig(news: Properties) {
    const answer = await this.host.send<messages.CheckResponse>(
      "checkConfig",
      new messages.CheckRequest().setNews(struct(news)),
    );
    const failures = answer.getFailuresList().map((one) => `${one.getProperty()}: ${one.getReason()}`);
    return { inputs: values(answer.getInputs()), failures };
  }

  async diffConfig(olds: Properties, news: Properties) {
    const request = new messages.DiffRequest().setOldInputs(struct(olds)).setNews(struct(news));
    const answer = await this.host.send<messages.DiffResponse>("diffConfig", request);
    return { diffs: answer.getDiffsList(), replaces: answer.getReplacesList() };
  }
}
