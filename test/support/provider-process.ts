import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import * as status from "@pulumi/pulumi/proto/status_pb";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { EnginePort } from "./engine-port";
import { DynamicHost, type Protocol } from "./dynamic-host";
import { RecordedFailure, type HostOptions } from "./provider-host";

/**
 * Runs the provider in the process that the engine starts, and talks to it over gRPC as the engine does. A start takes
 * half a second, so only tests of the process itself use this. All others use {@link InProcessHost}.
 */
export class ProviderProcess extends DynamicHost {
  private readonly lines: string[] = [];
  private readonly closed: Promise<unknown>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly client: ResourceProviderClient,
    private readonly engine: EnginePort,
  ) {
    super();
    this.closed = once(child, "close");
  }

  static async start({ config = {}, ...options }: HostOptions = {}): Promise<ProviderProcess> {
    const host = await ProviderProcess.startUnconfigured(options);
    await host.configure(config);
    return host;
  }

  /** A process before the engine's first request. */
  static async startUnconfigured({
    env = {},
    engineFlags = [],
  }: Omit<HostOptions, "config"> = {}): Promise<ProviderProcess> {
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
    const host = new ProviderProcess(child, client, engine);
    lines.on("line", (line) => host.lines.push(line));
    createInterface({ input: child.stderr }).on("line", (line) => host.lines.push(line));
    return host;
  }

  override async killEngine(): Promise<void> {
    await this.engine.close();
  }

  /** Kills the process. A second call does nothing. */
  override async stop(): Promise<void> {
    this.client.close();
    await this.engine.close();
    this.child.kill("SIGKILL");
    await this.closed;
  }

  /** A gRPC answer may arrive before earlier output. The lines are complete only after the process has ended. */
  override async printed(): Promise<readonly string[]> {
    await this.stop();
    return this.lines;
  }

  protected override ask<M extends keyof Protocol>(
    method: M,
    request: Protocol[M]["request"],
  ): Promise<Protocol[M]["answer"]> {
    type Send = (
      request: Protocol[M]["request"],
      done: (error: grpc.ServiceError | null, answer: Protocol[M]["answer"]) => void,
    ) => unknown;
    return new Promise((resolve, reject) => {
      (this.client[method] as Send).call(this.client, request, (error, answer) => {
        if (error === null) resolve(answer);
        else reject(failureOf(error));
      });
    });
  }
}

/** The failure of a request over gRPC. */
export function failureOf(error: grpc.ServiceError): Error {
  return recordedFailure(error) ?? new Error(error.details);
}

/** The partial result in the error of a create or update, if there is one. */
function recordedFailure(error: grpc.ServiceError): RecordedFailure | undefined {
  const [packed] = error.metadata.get("grpc-status-details-bin");
  if (packed === undefined) return undefined;
  const [detail] = status.Status.deserializeBinary(packed as Buffer).getDetailsList();
  const failed = detail?.unpack(
    (bytes) => messages.ErrorResourceInitFailed.deserializeBinary(bytes),
    "pulumirpc.ErrorResourceInitFailed",
  );
  return failed ? RecordedFailure.from(failed) : undefined;
}
