import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import * as status from "@pulumi/pulumi/proto/status_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";

/** The provider as every state file has it, from the first release on. */
export const providerText =
  'exports.handler=()=>require(process.env.ALICLOUD_SECONDARY_IPS_PROVIDER||"pulumi-alicloud-secondary-ips/provider")';

export type Properties = Record<string, unknown>;

/** A failure of create or update that the engine would record. */
export class RecordedFailure extends Error {
  constructor(
    readonly id: string,
    readonly properties: Properties,
    readonly reasons: readonly string[],
  ) {
    super(reasons.join("; "));
  }
}

/** How to start the process that runs the provider. */
export interface HostOptions {
  /** Stack configuration, such as `alicloud:region`. */
  readonly config?: Properties;
  /** The process's whole environment, besides PATH. */
  readonly env?: NodeJS.ProcessEnv;
  /** What the engine puts before its address, such as `--logtostderr`. */
  readonly engineFlags?: readonly string[];
}

/** Stands in for the engine's own port, which the provider asks whether the engine is alive. */
class EnginePort {
  private constructor(private readonly server: Server) {}

  static async open(): Promise<EnginePort> {
    const server = createServer((socket) => socket.destroy());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new EnginePort(server);
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    this.server.close();
    await once(this.server, "close");
  }
}

/**
 * The provider in the process that the engine would start, spoken to over gRPC as the engine would.
 */
export class ProviderHost {
  private readonly lines: string[] = [];
  private readonly closed: Promise<unknown>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly client: ResourceProviderClient,
    private readonly engine: EnginePort,
  ) {
    this.closed = once(child, "close");
  }

  static async start({ config = {}, env = {}, engineFlags = [] }: HostOptions = {}): Promise<ProviderHost> {
    const engine = await EnginePort.open();
    const script = require.resolve("@pulumi/pulumi/cmd/dynamic-provider");
    const child = spawn(process.execPath, [script, ...engineFlags, engine.address], {
      cwd: __dirname,
      env: { PATH: process.env.PATH, HOME: "/nonexistent", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const lines = createInterface({ input: child.stdout });
    const [port] = (await once(lines, "line")) as [string];
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    const host = new ProviderHost(child, client, engine);
    lines.on("line", (line) => host.lines.push(line));
    createInterface({ input: child.stderr }).on("line", (line) => host.lines.push(line));
    const request = new messages.ConfigureRequest();
    request.setArgs(Struct.fromJavaScript(config as never));
    await host.call<messages.ConfigureResponse>((done) => client.configure(request, done));
    return host;
  }

  /** The engine dies: its port refuses connections, and nobody will record what the provider does. */
  async killEngine(): Promise<void> {
    await this.engine.close();
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.engine.close();
    this.child.kill("SIGKILL");
    await this.closed;
  }

  /**
   * What the process printed, line by line: what a user would see as diagnostics. Ends the process: an answer over gRPC
   * may overtake what was printed before it.
   */
  async printed(): Promise<readonly string[]> {
    await this.stop();
    return this.lines;
  }

  async check(news: Properties, olds: Properties = {}): Promise<{ inputs: Properties; failures: string[] }> {
    const request = new messages.CheckRequest();
    request.setOlds(struct(olds));
    request.setNews(struct(withProvider(news)));
    const answer = await this.call<messages.CheckResponse>((done) => this.client.check(request, done));
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
    const answer = await this.call<messages.DiffResponse>((done) => this.client.diff(request, done));
    return {
      changes: answer.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME,
      replaces: answer.getReplacesList(),
      deleteBeforeReplace: answer.getDeletebeforereplace(),
    };
  }

  async create(inputs: Properties): Promise<{ id: string; outputs: Properties }> {
    const request = new messages.CreateRequest();
    request.setProperties(struct(withProvider(inputs)));
    const answer = await this.call<messages.CreateResponse>((done) => this.client.create(request, done));
    return { id: answer.getId(), outputs: answer.getProperties()?.toJavaScript() as Properties };
  }

  async update(id: string, olds: Properties, news: Properties): Promise<Properties> {
    const request = new messages.UpdateRequest();
    request.setId(id);
    request.setOlds(struct(withProvider(olds)));
    request.setNews(struct(withProvider(news)));
    const answer = await this.call<messages.UpdateResponse>((done) => this.client.update(request, done));
    return answer.getProperties()?.toJavaScript() as Properties;
  }

  async read(
    id: string,
    state: Properties,
  ): Promise<{ id: string; outputs: Properties; inputs: Properties }> {
    const request = new messages.ReadRequest();
    request.setId(id);
    request.setProperties(struct(withProvider(state)));
    const answer = await this.call<messages.ReadResponse>((done) => this.client.read(request, done));
    return {
      id: answer.getId(),
      outputs: answer.getProperties()?.toJavaScript() as Properties,
      inputs: answer.getInputs()?.toJavaScript() ?? {},
    };
  }

  async delete(id: string, state: Properties): Promise<void> {
    const request = new messages.DeleteRequest();
    request.setId(id);
    request.setProperties(struct(withProvider(state)));
    await this.call((done) => this.client.delete(request, done));
  }

  private call<T>(
    invoke: (done: (error: grpc.ServiceError | null, answer: T) => void) => unknown,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      invoke((error, answer) => {
        if (error === null) resolve(answer);
        else reject(recordedFailure(error) ?? new Error(error.details));
      });
    });
  }
}

function struct(properties: Properties): Struct {
  return Struct.fromJavaScript(properties as never);
}

function withProvider(properties: Properties): Properties {
  return { __provider: providerText, ...properties };
}

/** The partial result that a failed create or update hands to the engine, if it does. */
function recordedFailure(error: grpc.ServiceError): RecordedFailure | undefined {
  const [packed] = error.metadata.get("grpc-status-details-bin");
  if (packed === undefined) return undefined;
  const [detail] = status.Status.deserializeBinary(packed as Buffer).getDetailsList();
  const failed = detail?.unpack(
    (bytes) => messages.ErrorResourceInitFailed.deserializeBinary(bytes),
    "pulumirpc.ErrorResourceInitFailed",
  );
  if (failed === null || failed === undefined) return undefined;
  return new RecordedFailure(
    failed.getId(),
    failed.getProperties()?.toJavaScript() as Properties,
    failed.getReasonsList(),
  );
}
