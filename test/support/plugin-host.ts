import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogSeverity, type LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { EngineLog } from "../../provider/src/plugin/engine";
import { startPlugin, type RunningPlugin } from "../../provider/src/plugin/server";
import { parseDuration } from "../../provider/src/resource/hidden-inputs";
import { modeInputs } from "../../provider/src/resource/model";
import { EngineLiveness } from "../../provider/src/runtime/engine-liveness";
import {
  isSecret,
  ProviderHost,
  secretOf,
  type Diff,
  type HostOptions,
  type Properties,
  type PropertyChange,
} from "./provider-host";
import { failureOf } from "./provider-process";

const resourceType = "alicloud-secondary-ips:index:EniSecondaryIps";

/** The URN of a resource in these tests. */
export function urnOf(name: string): string {
  return `urn:pulumi:test::test::${resourceType}::${name}`;
}

/** Starts the plugin in this process, without an engine. */
export function startPluginHere(env: NodeJS.ProcessEnv): Promise<RunningPlugin> {
  return startPlugin({
    env,
    liveness: new EngineLiveness([]),
    engine: new EngineLog(),
    version: "0.0.0-test",
    readSchema: () => Promise.resolve("{}"),
    random: Math.random,
    userAgent: "test",
  });
}

/** What the resource class of the dynamic adaptor passes, and the engine passes to a plugin. */
interface Hidden {
  readonly name?: string;
  readonly resource?: string;
  readonly timeouts?: Readonly<Record<string, string | undefined>>;
  readonly secretInputs?: readonly string[];
}

/**
 * Runs the native plugin's sources in this process, and talks to it over gRPC as the engine does. Tests write resources as for
 * the dynamic adaptor. This class translates: the hidden key becomes the URN, the time-outs and the secrets of a request, and
 * the outputs that it returns also have the inputs in the state.
 */
export class PluginHost extends ProviderHost {
  override readonly acceptsSecrets = true;
  override readonly getsNames = true;
  private readonly lines: string[] = [];
  private abandonRequests: () => void = () => undefined;
  private readonly abandoned = new Promise<never>((_resolve, reject) => {
    this.abandonRequests = () => {
      reject(new Error("the host was killed"));
    };
  });

  private constructor(
    readonly plugin: RunningPlugin,
    readonly client: ResourceProviderClient,
    private readonly engine: grpc.Server,
    readonly engineAddress: string,
    private readonly onLine: (line: string) => void,
  ) {
    super();
    this.abandoned.catch(() => undefined);
  }

  static async start({ config = {}, env = {}, onLine }: HostOptions = {}): Promise<PluginHost> {
    let host: PluginHost | undefined = undefined;
    const engine = new grpc.Server();
    const note = (request: LogRequest) => host?.note(request);
    engine.addService(EngineService, {
      log: (call: { request: LogRequest }, done: grpc.sendUnaryData<Empty>) => {
        note(call.request);
        done(null, new Empty());
      },
    });
    const enginePort = await new Promise<number>((resolve, reject) => {
      engine.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
        if (error) reject(error);
        else resolve(port);
      });
    });
    const plugin = await startPluginHere(env);
    const credentials = grpc.credentials.createInsecure();
    const client = new ResourceProviderClient(`127.0.0.1:${plugin.port}`, credentials);
    const engineAddress = `127.0.0.1:${enginePort}`;
    host = new PluginHost(plugin, client, engine, engineAddress, onLine ?? (() => undefined));
    await host.send("handshake", new messages.ProviderHandshakeRequest().setEngineAddress(engineAddress));
    await host.configure(config);
    return host;
  }

  override async configure(config: Properties): Promise<void> {
    const args = Struct.fromJavaScript(config as Parameters<typeof Struct.fromJavaScript>[0]);
    await this.send("configure", new messages.ConfigureRequest().setArgs(args));
  }

  override killEngine(): Promise<void> {
    this.engine.forceShutdown();
    return Promise.resolve();
  }

  /**
   * Fails the requests under way and drops their answers, as when a process is killed. The plugin continues to run: disconnect
   * it from the cloud first.
   */
  async abandon(): Promise<void> {
    this.abandonRequests();
    await this.killEngine();
  }

  override async stop(): Promise<void> {
    await this.plugin.service.idle();
    await this.plugin.stop();
    this.client.close();
    this.engine.forceShutdown();
  }

  override async printed(): Promise<readonly string[]> {
    await this.stop();
    return this.lines;
  }

  override async check(news: Properties, olds: Properties = {}) {
    const request = new messages.CheckRequest().setUrn(urnIn(news)).setNews(inputsOf(news));
    if (Object.keys(olds).length > 0) request.setOlds(inputsOf(olds));
    const answer = await this.send<messages.CheckResponse>("check", request);
    const { preview: _preview, ...hidden } = hiddenIn(news) as Properties;
    const inputs = answer.getInputs()?.toJavaScript() as Properties;
    const failures = answer
      .getFailuresList()
      .map((failure) => `${failure.getProperty()}: ${failure.getReason()}`);
    return { inputs: { ...inputs, __internal: hidden }, failures };
  }

  override async diff(
    id: string,
    olds: Properties,
    news: Properties,
    oldInputs = inputsIn(olds),
  ): Promise<Diff> {
    const request = diffRequest(id, olds, news, oldInputs);
    const answer = await this.send<messages.DiffResponse>("diff", request);
    const paths = new Map<string, PropertyChange>();
    answer.getDetaileddiffMap().forEach((one, path) => paths.set(path, propertyChange(one)));
    return {
      changes: answer.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME,
      replaces: answer.getReplacesList(),
      deleteBeforeReplace: answer.getDeletebeforereplace(),
      paths,
      stables: answer.getStablesList(),
    };
  }

  override async create(inputs: Properties, preview = false): Promise<{ id: string; outputs: Properties }> {
    const request = new messages.CreateRequest().setUrn(urnIn(inputs)).setProperties(inputsOf(inputs));
    request.setPreview(preview);
    const answer = await recording(
      inputs,
      this.send<messages.CreateResponse>("create", request.setTimeout(secondsOf(inputs, "create"))),
    );
    return { id: answer.getId(), outputs: outputsWith(inputs, answer.getProperties()) };
  }

  override async update(
    id: string,
    olds: Properties,
    news: Properties,
    oldInputs = inputsIn(olds),
    preview = false,
  ) {
    const request = new messages.UpdateRequest().setId(id).setUrn(urnIn(news)).setOlds(outputsOf(olds));
    request.setPreview(preview);
    request.setNews(inputsOf(news)).setOldInputs(inputsOf(oldInputs));
    // After a failed update, the engine keeps the old inputs.
    const asking = this.send<messages.UpdateResponse>(
      "update",
      request.setTimeout(secondsOf(news, "update")),
    );
    const answer = await recording({ ...oldInputs, __internal: hiddenIn(news) }, asking);
    return outputsWith(news, answer.getProperties());
  }

  override async read(id: string, state: Properties, inputs = inputsIn(state)) {
    const request = new messages.ReadRequest().setId(id).setUrn(urnIn(state)).setProperties(outputsOf(state));
    request.setInputs(inputsOf(inputs)).setTimeout(secondsOf(state, "update"));
    const answer = await this.send<messages.ReadResponse>("read", request);
    const __internal = hiddenIn(state);
    const read = answer.getInputs()?.toJavaScript() as Properties | undefined;
    return {
      id: answer.getId(),
      outputs: outputsWith({ ...(read ?? inputs), __internal }, answer.getProperties()),
      inputs: read && { ...read, __internal },
    };
  }

  override async delete(id: string, state: Properties, inputs = inputsIn(state)): Promise<void> {
    const request = new messages.DeleteRequest().setId(id).setUrn(urnIn(state));
    request.setProperties(outputsOf(state)).setOldInputs(inputsOf(inputs));
    await this.send<Empty>("delete", request.setTimeout(secondsOf(state, "delete")));
  }

  /** Sends any request of the protocol. */
  send<Answer>(method: Method, request: unknown): Promise<Answer> {
    return Promise.race([sendRequest<Answer>(this.client, method, request), this.abandoned]);
  }

  private note(request: LogRequest): void {
    const severity = request.getSeverity() === LogSeverity.WARNING ? "warning: " : "";
    const [, , , ...name] = request.getUrn().split("::");
    const prefix = name.length === 0 ? "" : `${name.join("::")}: `;
    const lines = `${severity}${prefix}${request.getMessage()}`.split("\n");
    this.lines.push(...lines);
    lines.forEach(this.onLine);
  }
}

/** A request that has one answer. */
export type Method = Exclude<keyof ResourceProviderClient, "list">;

/** Sends a request. Rejects with a {@link RecordedFailure} if the failure has a partial result. */
export function sendRequest<Answer>(
  client: ResourceProviderClient,
  method: Method,
  request: unknown,
): Promise<Answer> {
  type Send = (request: unknown, done: (error: grpc.ServiceError | null, answer: Answer) => void) => unknown;
  return new Promise((resolve, reject) => {
    (client[method] as unknown as Send).call(client, request, (error, answer) => {
      if (error === null) resolve(answer);
      else reject(failureOf(error));
    });
  });
}

function propertyChange(diff: messages.PropertyDiff): PropertyChange {
  const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE_REPLACE } = messages.PropertyDiff.Kind;
  const is = (...kinds: readonly number[]) => kinds.includes(diff.getKind());
  return {
    kind: is(ADD, ADD_REPLACE) ? "add" : is(DELETE, DELETE_REPLACE) ? "delete" : "update",
    replaces: is(ADD_REPLACE, DELETE_REPLACE, UPDATE_REPLACE),
    inInputs: diff.getInputdiff(),
  };
}

/** The request for a diff. */
export function diffRequest(
  id: string,
  olds: Properties,
  news: Properties,
  oldInputs: Properties,
): messages.DiffRequest {
  const request = new messages.DiffRequest().setId(id).setUrn(urnIn(news)).setOlds(outputsOf(olds));
  return request.setNews(inputsOf(news)).setOldInputs(inputsOf(oldInputs));
}

function hiddenIn({ __internal = {} }: Properties): Hidden {
  return __internal as Hidden;
}

function urnIn(properties: Properties): string {
  const { name = "EniSecondaryIps", resource = name } = hiddenIn(properties);
  return urnOf(resource);
}

function secondsOf(properties: Properties, operation: string): number {
  const text = hiddenIn(properties).timeouts?.[operation];
  return text === undefined ? 0 : (parseDuration(text) ?? 0) / 1_000;
}

/** What the engine sends as inputs: secrets are marked. */
export function inputsOf(properties: Properties): Struct {
  const { secretInputs = [] } = hiddenIn(properties);
  return structOf(
    Object.entries(properties).map(([name, value]) => [
      name,
      secretInputs.includes(name) && value !== undefined && !isSecret(value) ? secretOf(value) : value,
    ]),
  );
}

/** What the engine sends as outputs. */
function outputsOf(properties: Properties): Struct {
  return structOf(Object.entries(properties));
}

const ofTests = ["__internal", "__inputs", "__provider"];

function structOf(entries: readonly (readonly [string, unknown])[]): Struct {
  const sent = entries.filter(([name, value]) => !ofTests.includes(name) && value !== undefined);
  return Struct.fromJavaScript(Object.fromEntries(sent) as Parameters<typeof Struct.fromJavaScript>[0]);
}

/** The outputs in an answer, with the inputs that the engine records beside them. */
function outputsWith({ __internal, ...inputs }: Properties, answered: Struct | undefined): Properties {
  const outputs: Properties = answered?.toJavaScript() ?? {};
  const unclean = ofTests.filter((name) => name in outputs);
  if (unclean.length > 0) throw new Error(`the plugin's outputs have ${unclean.join(" and ")}`);
  return { ...outputs, __inputs: inputsOf({ ...inputs, __internal }).toJavaScript(), __internal };
}

/** The inputs in a state: those that the engine recorded, or of a state that a test has written by hand. */
function inputsIn(state: Properties): Properties {
  const __internal = hiddenIn(state);
  if (state.__inputs !== undefined) return { ...(state.__inputs as Properties), __internal };
  const modes = [...modeInputs].reverse().filter((name) => state[name] !== undefined);
  const { networkInterfaceId, ownership, allowUnassignWithEip, unassignOnCreate, region } = state;
  const [mode] = modes;
  const target = mode === undefined ? {} : { [mode]: state[mode] };
  return {
    networkInterfaceId,
    ...target,
    ownership,
    allowUnassignWithEip,
    unassignOnCreate,
    region,
    __internal,
  };
}

/** Adds to a partial result the inputs that the engine records with it. */
async function recording<T>(inputs: Properties, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const { properties } = error as { properties?: Properties };
    if (properties !== undefined) {
      Object.assign(properties, {
        __inputs: inputsOf(inputs).toJavaScript(),
        __internal: inputs.__internal,
      });
    }
    throw error;
  }
}
