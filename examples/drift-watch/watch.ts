/** Checks and repairs one stack with Pulumi's Automation API. */
import { LocalWorkspace, type EngineEvent, type PulumiCommand, type Stack } from "@pulumi/pulumi/automation";
import { existsSync } from "node:fs";
import path from "node:path";
import { driftOf, type Drift, type StackReport, type Status } from "./report";

/** A stack, and the folder of its project. */
export interface Target {
  readonly name: string;
  readonly folder: string;
  readonly stack: string;
}

export interface Options {
  readonly pulumi: PulumiCommand;
  readonly repair: boolean;
  readonly runProgram: boolean;
  /** Aborted: no further operation starts. */
  readonly stop: AbortSignal;
  /** Aborted: the operations that run end after their calls under way. */
  readonly interrupt: AbortSignal;
}

/** Finds drift without a change of the state. With `repair`, updates the resources that drifted, and no others. */
export async function watch(target: Target, options: Options): Promise<StackReport> {
  const drifts: Drift[] = [];
  const errors: string[] = [];
  const { repair, runProgram, stop, interrupt } = options;
  const common = { color: "never", userAgent: "drift-watch", signal: interrupt } as const;
  const onError = ({ diagnosticEvent }: EngineEvent) => {
    if (diagnosticEvent?.severity === "error" && diagnosticEvent.urn)
      errors.push(oneLine(diagnosticEvent.message.replace(/^Preview failed: /, "")));
  };
  const report = (status: Status, error?: string): StackReport => ({
    stack: target.name,
    status,
    drifts: drifts.sort((a, b) => (a.urn < b.urn ? -1 : 1)),
    ...(error !== undefined && { error }),
  });
  try {
    stop.throwIfAborted();
    const stack = await select(target, options.pulumi);
    stop.throwIfAborted();
    await stack.previewRefresh({
      ...common,
      runProgram,
      onEvent: (event) => {
        onError(event);
        const drift = event.resOutputsEvent && driftOf(event.resOutputsEvent.metadata);
        if (drift !== undefined) drifts.push(drift);
      },
    });
    // An update cannot repair an ENI that is gone.
    const repairable = drifts.filter(({ gone }) => gone !== true);
    if (!repair || repairable.length === 0) return report(drifts.length > 0 ? "drifted" : "unchanged");
    stop.throwIfAborted();
    await stack.up({ ...common, refresh: true, target: repairable.map(({ urn }) => urn), onEvent: onError });
    return report(repairable.length === drifts.length ? "repaired" : "drifted");
  } catch (error) {
    if (stop.aborted) return report("cancelled");
    return report("failed", [...new Set(errors)].join("; ") || reasonOf(error));
  }
}

/** `pulumi stack select` writes one file for each project, so one runs at a time. */
let selection: Promise<unknown> = Promise.resolve();
function select({ folder, stack }: Target, pulumiCommand: PulumiCommand): Promise<Stack> {
  if (!["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"].some((file) => existsSync(path.join(folder, file))))
    throw new Error(`${folder} has no Pulumi.yaml`);
  const selected = selection.then(() =>
    LocalWorkspace.selectStack({ stackName: stack, workDir: folder }, { pulumiCommand }),
  );
  selection = selected.catch(() => undefined);
  return selected;
}

/** What the CLI says, without the command line and the output that the Automation API adds. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes("pulumi ENOENT")) return "no `pulumi` on the PATH; install the Pulumi CLI";
  const said = /^\s*error: (.+)$/m.exec(message)?.[1];
  return oneLine(said ?? message);
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, " ");
}
