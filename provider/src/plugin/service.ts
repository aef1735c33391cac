import * as grpc from "@grpc/grpc-js";
import { PluginInfo, type PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { hiddenKey } from "../resource/hidden-inputs";
import { unknownValue } from "../resource/inputs";
import type { ModeInput } from "../resource/model";
import { CancelledError } from "../resource/operation-error";
import { settings } from "../runtime/configuration";
import type { EngineLiveness } from "../runtime/engine-liveness";
import { PartialResult, ResourceAdaptor, UserFailure } from "../runtime/resource-adaptor";
import type { ProcessSurroundings } from "../runtime/runtime";
import { markSecrets } from "../runtime/secret-outputs";
import {
  changedSettings,
  configProblems,
  configReader,
  refreshesBeforeUpdate,
  secretSettings,
  withoutValue,
} from "./configuration";
import { detailedDiff, stableOutputs, unseenChange, type PropertyChange } from "./detailed-diff";
import type { EngineLog } from "./engine";
import { failureOf, partialFailure, type Failure } from "./failures";
import { assertEniId, parseImportId } from "./import-id";
import {
  describe,
  identityIn,
  inputsWithHidden,
  modeOf,
  recordedIdentity,
  recordedInputs,
  recordedOutputs,
  stateWithHidden,
  type RequestFacts,
} from "./state";
import { plainProperties, structOf, wireValues, type PlainProperties } from "./wire";

type Properties = Record<string, unknown>;

/** What the process has to provide. @internal */
export interface PluginSurroundings extends Omit<ProcessSurroundings, "announce" | "namespace"> {
  readonly liveness: EngineLiveness;
  readonly engine: EngineLog;
  readonly version: string;
  readonly readSchema: () => Promise<string>;
}

/** What one Configure has set up. */
interface Session {
  readonly adaptor: ResourceAdaptor;
  readonly refreshBeforeUpdate: boolean;
  /** The URNs of the resources that requests have named, by their identities. */
  readonly urns: Map<string, string>;
  /** The URN of the provider resource, where the engine gives it. */
  readonly provider: string | undefined;
  /** The address of the engine. */
  readonly engine: string | undefined;
  isCancelled: boolean;
}

/**
 * The gRPC service that Pulumi's engine calls. It translates requests and answers, and decides nothing about addresses.
 *
 * The protocol: https://github.com/pulumi/pulumi/blob/master/proto/pulumi/provider.proto
 * @internal
 */
export class PluginService {
  private session: Session | undefined;
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(private readonly surroundings: PluginSurroundings) {}

  /** Ends the calls under way at their next write. Calls that begin later change nothing. */
  cancel(): void {
    if (this.session !== undefined) this.session.isCancelled = true;
  }

  /** Waits for the calls under way. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.underWay);
  }

  /** Hides the secrets of the program in a text. */
  mask(text: string): string {
    return this.session?.adaptor.secrets.mask(text) ?? text;
  }

  /** The handlers of all requests. */
  get handlers(): IResourceProviderServer {
    const { version, readSchema } = this.surroundings;
    return {
      handshake: this.answer((request: messages.ProviderHandshakeRequest) => {
        this.attach(request.getEngineAddress());
        const response = new messages.ProviderHandshakeResponse();
        return response.setAcceptSecrets(true).setAcceptResources(true).setAcceptOutputs(false);
      }),
      attach: this.answer((request: PluginAttach) => {
        this.attach(request.getAddress());
        return new Empty();
      }),
      getPluginInfo: this.answer<Empty, PluginInfo>(() => new PluginInfo().setVersion(version)),
      getSchema: this.answer(async (request: messages.GetSchemaRequest) => {
        if (request.getVersion() !== 0)
          throw new UserFailure(`there is no schema of version ${request.getVersion()}; use version 0`);
        return new messages.GetSchemaResponse().setSchema(await readSchema());
      }),
      checkConfig: this.answer((request: messages.CheckRequest) => checkConfig(request)),
      diffConfig: this.answer((request: messages.DiffRequest) => diffConfig(request)),
      configure: this.answer((request: messages.ConfigureRequest) => this.configure(request)),
      check: this.answer((request: messages.CheckRequest) => this.check(request)),
      diff: this.answer((request: messages.DiffRequest) => this.diff(request)),
      create: this.answer((request: messages.CreateRequest) => this.create(request)),
      update: this.answer((request: messages.UpdateRequest) => this.update(request)),
      read: this.answer((request: messages.ReadRequest) => this.read(request)),
      delete: this.answer((request: messages.DeleteRequest) => this.delete(request)),
      // The engine sends it at the end of every command too, so it says nothing.
      cancel: this.answer<Empty, Empty>(() => {
        this.cancel();
        return new Empty();
      }),
      invoke: unimplemented("Invoke"),
      call: unimplemented("Call"),
      construct: unimplemented("Construct"),
      parameterize: unimplemented("Parameterize"),
      getMapping: unimplemented("GetMapping"),
      getMappings: unimplemented("GetMappings"),
      list: (call) => {
        call.destroy(Object.assign(new Error("List is not implemented"), unimplementedStatus("List")));
      },
    };
  }

  private attach(address: string): void {
    if (address === "") return;
    this.surroundings.liveness.attach(address);
    this.surroundings.engine.attach(address);
  }

  /** Each run of the engine configures the provider once, and begins without the memory of another run. It ends that run. */
  private configure(request: messages.ConfigureRequest): messages.ConfigureResponse {
    const { values } = plainProperties(wireValues(request.getArgs()));
    const { liveness, engine, ...surroundings } = this.surroundings;
    const provider = request.getUrn() || undefined;
    this.assertOneProvider(provider);
    this.cancel();
    const urns = new Map<string, string>();
    const adaptor = new ResourceAdaptor({
      ...surroundings,
      namespace: settings.namespace,
      warnsOfAdoption: true,
      announce: (message) => {
        engine.log("info", message);
      },
      assertAlive: async () => {
        if (session.isCancelled) throw new CancelledError();
        await liveness.assertAlive();
      },
      tell: ({ severity, identity, text }) => {
        engine.log(severity, text, urns.get(identity));
      },
    });
    adaptor.configure(configReader(values));
    const refreshBeforeUpdate = refreshesBeforeUpdate(values);
    const { address } = liveness;
    const session = { adaptor, refreshBeforeUpdate, urns, provider, engine: address, isCancelled: false };
    this.session = session;
    const response = new messages.ConfigureResponse();
    return response.setSupportspreview(true).setAcceptsecrets(true).setAcceptresources(true);
  }

  /**
   * The engine starts a process for each provider resource. Where it attaches to this one instead, requests do not say to which
   * provider they belong: the second one would change ENIs of the first one's account.
   */
  private assertOneProvider(provider: string | undefined): void {
    const before = this.session;
    if (before === undefined || before.engine === undefined || before.isCancelled) return;
    if (before.engine !== this.surroundings.liveness.address) return;
    if (provider === undefined || before.provider === undefined || provider === before.provider) return;
    throw new UserFailure(
      `this process serves ${before.provider}, and cannot serve ${provider} of the same run; give the program one provider ` +
        `resource, or run it without PULUMI_DEBUG_PROVIDERS`,
    );
  }

  /** The name of the provider resource. That of a default provider has the version of the plugin. */
  private get provider(): string | undefined {
    const urn = this.session?.provider;
    return urn === undefined ? undefined : identityIn(urn);
  }

  /** The session of a request about this resource. */
  private sessionFor(urn: string): Session {
    if (this.session === undefined) throw new UserFailure("the provider is not configured");
    this.session.urns.set(identityIn(urn), urn);
    return this.session;
  }

  private async check(request: messages.CheckRequest): Promise<messages.CheckResponse> {
    const facts = { urn: request.getUrn() };
    const wire = wireValues(request.getNews());
    const olds = plainProperties(wireValues(request.getOlds()));
    const state = Object.keys(olds.values).length === 0 ? {} : stateWithHidden(olds, olds, facts);
    const news = inputsWithHidden(plainProperties(wire), facts);
    const { inputs, failures } = await this.sessionFor(facts.urn).adaptor.check(state, news);
    const region = inputs.region === undefined ? {} : { region: wire.region ?? inputs.region };
    return checkResponse({ ...recordedInputs(wire), ...region }, failures);
  }

  private async diff(request: messages.DiffRequest): Promise<messages.DiffResponse> {
    const facts = { urn: request.getUrn(), provider: this.provider };
    const oldInputs = plainProperties(wireValues(request.getOldInputs()));
    const oldOutputs = plainProperties(wireValues(request.getOlds()));
    const state = stateWithHidden(oldOutputs, oldInputs, facts, recordedIdentity(oldOutputs));
    const { mode: oldMode, imported = false } = state[hiddenKey] as { mode?: ModeInput; imported?: boolean };
    const given = plainProperties(wireValues(request.getNews()));
    const newInputs = imported ? onImportedEni(given, oldOutputs) : given;
    const { changes, replaces, deleteBeforeReplace } = await this.sessionFor(facts.urn).adaptor.diff(
      state,
      inputsWithHidden(newInputs, facts),
    );
    const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
    const response = new messages.DiffResponse().setChanges(changes ? DIFF_SOME : DIFF_NONE);
    response.setStablesList([...stableOutputs(replaces)]);
    if (!changes) return response;
    const seen = detailedDiff({
      oldInputs: oldInputs.values,
      oldOutputs: oldOutputs.values,
      newInputs: newInputs.values,
      oldMode,
      // An additive resource leaves the other addresses of an import.
      leavesOthers: imported && newInputs.values.ownership === "additive",
      replaces,
    });
    const paths = seen.size > 0 ? seen : unseenChange(newInputs.values);
    for (const [path, change] of paths) response.getDetaileddiffMap().set(path, propertyDiff(change));
    response.setDiffsList([...new Set([...paths.keys()].map((path) => path.replace(/\[.*/, "")))]);
    return response
      .setHasdetaileddiff(paths.size > 0)
      .setReplacesList([...replaces])
      .setDeletebeforereplace(deleteBeforeReplace);
  }

  private async create(request: messages.CreateRequest): Promise<messages.CreateResponse> {
    const facts = factsOf(request);
    const news = inputsWithHidden(plainProperties(wireValues(request.getProperties())), facts);
    const { adaptor, refreshBeforeUpdate } = this.sessionFor(facts.urn);
    if (request.getPreview()) {
      const { id = "", outputs } = await adaptor.preview(undefined, news);
      return new messages.CreateResponse().setId(id).setProperties(structOf(outputs));
    }
    const { id, outputs } = await this.recordPartially(() => adaptor.create(news));
    return new messages.CreateResponse()
      .setId(id)
      .setProperties(structOf(recordedOutputs(outputs, this.provider)))
      .setRefreshBeforeUpdate(refreshBeforeUpdate);
  }

  private async update(request: messages.UpdateRequest): Promise<messages.UpdateResponse> {
    const facts = factsOf(request);
    const oldInputs = plainProperties(wireValues(request.getOldInputs()));
    const olds = plainProperties(wireValues(request.getOlds()));
    const state = stateWithHidden(olds, oldInputs, facts, recordedIdentity(olds));
    const news = inputsWithHidden(plainProperties(wireValues(request.getNews())), facts);
    const { adaptor, refreshBeforeUpdate } = this.sessionFor(facts.urn);
    if (request.getPreview()) {
      const { outputs } = await adaptor.preview(state, news);
      return new messages.UpdateResponse().setProperties(structOf(outputs));
    }
    const outputs = await this.recordPartially(() => adaptor.update(state, news));
    return new messages.UpdateResponse()
      .setProperties(structOf(recordedOutputs(outputs, this.provider)))
      .setRefreshBeforeUpdate(refreshBeforeUpdate);
  }

  private async delete(request: messages.DeleteRequest): Promise<Empty> {
    const facts = factsOf(request);
    const oldInputs = plainProperties(wireValues(request.getOldInputs()));
    const state = stateWithHidden(plainProperties(wireValues(request.getProperties())), oldInputs, facts);
    await this.sessionFor(facts.urn).adaptor.delete(request.getId(), state);
    return new Empty();
  }

  /** For a refresh, for `get`, and for an import, which has no inputs. */
  private async read(request: messages.ReadRequest): Promise<messages.ReadResponse> {
    const facts = factsOf(request);
    const wireInputs = request.hasInputs() ? wireValues(request.getInputs()) : undefined;
    const inputs = wireInputs && plainProperties(wireInputs);
    const state = stateWithHidden(plainProperties(wireValues(request.getProperties())), inputs, facts);
    const imported = wireInputs === undefined ? parseImportId(request.getId()) : undefined;
    if (imported === undefined) assertEniId(request.getId());
    // Inputs without outputs were written by hand: as for an import, nothing says what the resource owns. `get` has no mode.
    const isUnrecorded =
      Object.keys(request.getProperties()?.toJavaScript() ?? {}).length === 0 &&
      modeOf(inputs?.values ?? {}) !== undefined;
    if (imported !== undefined || isUnrecorded)
      state[hiddenKey] = {
        ...(state[hiddenKey] as Properties),
        imported: true,
        ...(imported && { mode: imported.mode }),
      };
    const { adaptor, refreshBeforeUpdate } = this.sessionFor(facts.urn);
    const id = imported?.networkInterfaceId ?? request.getId();
    const found = await adaptor.read(id, state);
    const response = new messages.ReadResponse();
    if (found === undefined) return response;
    const outputs = plainProperties(found.outputs).values;
    const kept = wireInputs && inputs && describe(inputs.values, outputs) ? wireInputs : found.inputs;
    // A refresh does not end an import: the program has not said yet what it owns.
    const isImport = (state[hiddenKey] as Properties).imported === true;
    response.setId(id).setProperties(structOf(recordedOutputs(found.outputs, this.provider)));
    if (kept !== undefined) response.setInputs(structOf(recordedInputs(kept, isImport)));
    return response.setRefreshBeforeUpdate(refreshBeforeUpdate);
  }

  /** Turns a partial result into the failure that the engine records. */
  private async recordPartially<T>(operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      if (!(error instanceof PartialResult)) throw error;
      const { id, outputs, inputs } = error.resource;
      const recorded = new messages.ErrorResourceInitFailed()
        .setId(id)
        .setProperties(structOf(recordedOutputs(outputs, this.provider, true)))
        .setInputs(structOf(recordedInputs(inputs)))
        .setReasonsList([error.message])
        .setRefreshBeforeUpdate(this.session?.refreshBeforeUpdate ?? false);
      throw new RecordedFailure(partialFailure(error.message, recorded));
    }
  }

  /** A handler that answers with the result of this function. */
  private answer<Request, Response>(
    respond: (request: Request) => Response | Promise<Response>,
  ): grpc.handleUnaryCall<Request, Response> {
    return ({ request }, callback) => {
      const answering = (async () => respond(request))()
        .then(
          (response) => ({ failure: undefined, response }),
          (error: unknown) => ({ failure: this.failureOf(error), response: undefined }),
        )
        .then(async ({ failure, response }) => {
          await this.surroundings.engine.flush();
          if (failure === undefined) callback(null, response);
          else callback(failure);
        });
      this.underWay.add(answering);
      void answering.finally(() => this.underWay.delete(answering));
    };
  }

  private failureOf(error: unknown): Failure {
    if (error instanceof RecordedFailure) return error.failure;
    if (error instanceof UserFailure) return failureOf(error.message);
    // A defect: its stack is what a report needs.
    return failureOf(this.mask(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  }
}

/** Carries a failure with a partial result to the handler. */
class RecordedFailure extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

/** While the program does not know its ENI yet, an import assumes that it is the one of its id. The update compares again. */
function onImportedEni(inputs: PlainProperties, { values }: PlainProperties): PlainProperties {
  if (inputs.values.networkInterfaceId !== unknownValue) return inputs;
  return { ...inputs, values: { ...inputs.values, networkInterfaceId: values.networkInterfaceId } };
}

function factsOf(request: { getUrn(): string; getTimeout(): number }): RequestFacts {
  return { urn: request.getUrn(), timeoutSeconds: request.getTimeout() };
}

function checkConfig(request: messages.CheckRequest): messages.CheckResponse {
  const wire = wireValues(request.getNews());
  const { values, secretNames } = plainProperties(wire);
  const given = secretSettings.filter((name) => values[name] !== undefined);
  const secret: readonly string[] = [...secretNames, ...secretSettings];
  // The engine prints the value of the property in plain text, also of a secret one.
  const problems = configProblems(values).map(({ property, reason }) =>
    secret.includes(property)
      ? { property: "", reason: `${property}: ${withoutValue(reason, values[property])}` }
      : { property, reason },
  );
  return checkResponse({ ...wire, ...markSecrets(plainOf(values, given), given) }, problems);
}

function plainOf(values: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(names.map((name) => [name, values[name]]));
}

function diffConfig(request: messages.DiffRequest): messages.DiffResponse {
  const olds = plainProperties(wireValues(request.getOldInputs() ?? request.getOlds()));
  const news = plainProperties(wireValues(request.getNews()));
  const changed = changedSettings(olds.values, news.values);
  const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
  return new messages.DiffResponse()
    .setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList(changed);
}

function checkResponse(
  inputs: Properties,
  failures: readonly { readonly property: string; readonly reason: string }[],
): messages.CheckResponse {
  const list = failures.map(({ property, reason }) =>
    new messages.CheckFailure().setProperty(property).setReason(reason),
  );
  return new messages.CheckResponse().setInputs(structOf(inputs)).setFailuresList(list);
}

function propertyDiff({ kind, replaces, fromInputs }: PropertyChange): messages.PropertyDiff {
  const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = messages.PropertyDiff.Kind;
  const kinds = {
    add: [ADD, ADD_REPLACE],
    delete: [DELETE, DELETE_REPLACE],
    update: [UPDATE, UPDATE_REPLACE],
  } as const;
  return new messages.PropertyDiff().setKind(kinds[kind][replaces ? 1 : 0]).setInputdiff(fromInputs);
}

function unimplementedStatus(name: string): Failure {
  return failureOf(`${name} is not implemented: the package has resources only`, grpc.status.UNIMPLEMENTED);
}

function unimplemented<Request, Response>(name: string): grpc.handleUnaryCall<Request, Response> {
  return (_call, callback) => {
    callback(unimplementedStatus(name));
  };
}
