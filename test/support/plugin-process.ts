import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { sendRequest, type Method } from "./plugin-host";
import { pluginExecutable } from "./pulumi-project";

const inputs = { pipe: "< <(cat)", none: "< /dev/null" };
type Input = keyof typeof inputs;

/** The executable of the native plugin, as the engine starts it. Only tests of the process itself use this. */
export class PluginProcess {
  private constructor(
    private readonly port: number,
    private readonly client: ResourceProviderClient,
    /** The exit code; `null` if a signal has ended the process. */
    readonly exitCode: Promise<number | null>,
    readonly signal: (signal: NodeJS.Signals) => void,
    /** Ends the standard input, as the end of the engine does. */
    readonly endInput: () => void,
  ) {}

  /**
   * @param input - `pipe` as an engine starts an executable, `none` as it starts a folder with PulumiPlugin.yaml
   * @param engineAddress - `undefined` as a developer starts it, for PULUMI_DEBUG_PROVIDERS
   */
  static async start({
    env,
    engineAddress,
    input,
  }: {
    env: NodeJS.ProcessEnv;
    engineAddress: string | undefined;
    input: Input;
  }): Promise<PluginProcess> {
    const args = engineAddress === undefined ? [] : [engineAddress];
    // The shell makes the standard input what it is under an engine. Node.js would make it a socket.
    const script = `exec "$0" "$@" ${inputs[input]}`;
    const child = spawn("bash", ["-c", script, pluginExecutable, ...args], {
      env: { PATH: process.env.PATH, HOME: "/nonexistent", ...env },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const exitCode = once(child, "exit").then(([code]) => code as number | null);
    const [port] = (await Promise.race([
      once(createInterface({ input: child.stdout }), "line"),
      exitCode.then((code) => {
        throw new Error(`the plugin ended with ${code} before it printed its port: see its standard error`);
      }),
    ])) as [string];
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    const plugin = new PluginProcess(
      Number(port),
      client,
      exitCode,
      (signal) => child.kill(signal),
      () => child.stdin.end(),
    );
    await plugin.send("configure", new messages.ConfigureRequest());
    return plugin;
  }

  /** Sends any request of the protocol. */
  send<Answer>(method: Method, request: unknown): Promise<Answer> {
    return sendRequest<Answer>(this.client, method, request);
  }

  /** Opens a connection without a request. */
  async connect(): Promise<Socket> {
    const socket = createConnection(this.port, "127.0.0.1");
    await once(socket, "connect");
    return socket;
  }

  /** Whether the port refuses new connections. */
  async refusesConnections(): Promise<boolean> {
    try {
      (await this.connect()).destroy();
      return false;
    } catch {
      return true;
    }
  }

  /** Kills the process, if it still runs. */
  async stop(): Promise<void> {
    this.client.close();
    this.signal("SIGKILL");
    await this.exitCode;
  }
}
