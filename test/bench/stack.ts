import type { StateDocument } from "alicloud-ecs-emulator";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { EmulatorProcess } from "../support/emulator-process";
import { descendantsOf, endAtOnce, endProcesses } from "../support/process-tree";
import { PulumiProject } from "../support/pulumi-project";
import type { ResourceInState } from "../support/pulumi-project";
import { batchSize } from "./lower-bound";
import { watchUsage } from "./process-usage";
import type { Measured } from "./results";
import { latencyMs, parallel, worldOf } from "./works";
import type { Lists, Step, Work } from "./works";

interface LoggedCall {
  readonly action: string | null;
  readonly code: string | null;
}

interface Resource extends ResourceInState {
  readonly custom: boolean;
}

/** The emulator in a process of its own, and a project whose stack begins empty in each run. */
export class BenchStack {
  private constructor(
    private readonly emulator: EmulatorProcess,
    private readonly url: string,
    private readonly project: PulumiProject,
    private readonly empty: () => void,
    private readonly work: Pick<Work, "enis" | "limit">,
  ) {}

  static async open(work: Pick<Work, "enis" | "limit">): Promise<BenchStack> {
    const emulator = new EmulatorProcess("--latency-ms", String(latencyMs));
    const { url } = await emulator.listening();
    const pace = { ALICLOUD_SECONDARY_IPS_PACE: String(work.limit?.factor ?? 1) };
    try {
      // The project has the plugin for every contender, so that the engine reads the same files for all.
      const project = await PulumiProject.create({ url }, pace, {
        program: "bench/program",
        adaptor: "native",
      });
      return new BenchStack(emulator, url, project, project.saveStack(), work);
    } catch (error) {
      await emulator.end("SIGTERM");
      throw error;
    }
  }

  /** Puts the world and the stack into the state in which a run begins. */
  async reset(): Promise<void> {
    const { enis, limit } = this.work;
    await this.control("PUT", "state", worldOf(enis));
    await this.control("PUT", "behaviour", { maxAddressesPerCall: batchSize });
    if (limit !== undefined) {
      const { assignsAMinute: perMinute, factor } = limit;
      const windowMs = 60_000 * factor;
      await this.control("PUT", "limits", { AssignPrivateIpAddresses: { perMinute, windowMs } });
    }
    this.empty();
  }

  /**
   * Runs a command and measures it.
   *
   * @param contender - the name that the program has for it
   * @param isProvider - says which process is the provider, by its command line
   */
  async run(
    { command }: Pick<Step, "command">,
    {
      contender,
      lists,
      emptyMs,
      isProvider = () => false,
      signal,
    }: {
      readonly contender: string;
      readonly lists: Lists;
      readonly emptyMs: number;
      readonly isProvider?: (commandLine: string) => boolean;
      readonly signal?: AbortSignal;
    },
  ): Promise<Measured> {
    signal?.throwIfAborted();
    writeFileSync(path.join(this.project.folder, "resources.json"), JSON.stringify({ contender, lists }));
    await this.control("DELETE", "calls");
    const flags = command === "preview" ? [] : ["--yes", "--skip-preview"];
    const begin = performance.now();
    const running = this.project.startWithin(1_800_000, command, ...flags, "--parallel", String(parallel));
    const usage = watchUsage(running.pid, isProvider);
    const kill = () => {
      const descendants = descendantsOf(running.pid);
      endAtOnce(-running.pid);
      endProcesses(descendants);
    };
    signal?.addEventListener("abort", kill);
    const { exitCode, output } = await running.ended;
    const wallMs = performance.now() - begin;
    const used = usage();
    signal?.removeEventListener("abort", kill);
    signal?.throwIfAborted();
    if (exitCode !== 0) return { failure: output };
    const calls = (await this.control("GET", "calls")) as readonly LoggedCall[];
    const text = readFileSync(this.project.stateFile(), "utf8");
    return {
      calls: countsOf(calls),
      failedCalls: calls.filter(({ code }) => code !== null).length,
      ...{ wallMs, aboveEmptyMs: wallMs - emptyMs, ...used },
      stateBytes: Buffer.byteLength(text),
      besidesAddressesBytes: besidesAddressesBytes(text),
    };
  }

  /** Throws if an ENI does not hold exactly these secondary addresses: the figures of wrong work mean nothing. */
  async verify(held: Lists): Promise<void> {
    const { networkInterfaces = [] } = (await this.control("GET", "state")) as StateDocument;
    for (const { NetworkInterfaceId: id = "", PrivateIpSets } of networkInterfaces) {
      const sets = PrivateIpSets?.PrivateIpSet ?? [];
      const holds = sets.filter(({ Primary }) => Primary !== true).map((set) => set.PrivateIpAddress);
      const expected = held[id] ?? [];
      if ([...holds].sort().join() !== [...expected].sort().join())
        throw new Error(`${id} holds ${holds.join(", ")}, and the program lists ${expected.join(", ")}`);
    }
  }

  async close(): Promise<void> {
    await this.emulator.end("SIGTERM");
    this.project.remove();
  }

  private async control(method: string, what: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${this.url}/_emulator/${what}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${what}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? undefined : answer.json();
  }
}

/** Number of calls by action. */
export function countsOf(calls: readonly Pick<LoggedCall, "action">[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { action } of calls) counts[action ?? "none"] = (counts[action ?? "none"] ?? 0) + 1;
  return counts;
}

/** The inputs and outputs of the largest resource in a stack's file, its lists of addresses and the provider text left out. */
export function besidesAddressesBytes(stateFile: string): number {
  const { checkpoint } = JSON.parse(stateFile) as {
    checkpoint: { latest?: { resources?: readonly Resource[] } };
  };
  const sizes = (checkpoint.latest?.resources ?? [])
    .filter(({ custom, type }) => custom && !type.startsWith("pulumi:providers:"))
    .map(({ inputs, outputs }) =>
      [inputs, outputs]
        .map(({ privateIpAddresses: _addresses, __provider: _text, ...others }) =>
          Buffer.byteLength(JSON.stringify(others)),
        )
        .reduce((sum, bytes) => sum + bytes, 0),
    );
  return Math.max(0, ...sizes);
}
