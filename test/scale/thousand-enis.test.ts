import { readdirSync } from "node:fs";
import path from "node:path";
import type { Verdict } from "../bench/bounds";
import { contenders } from "../bench/contenders";
import { rowOf } from "../bench/results";
import { BenchStack } from "../bench/stack";
import { planSteps, works } from "../bench/works";
import { repository } from "../support/documentation";
import { pulumiEnvironment } from "../support/pulumi-project";
import { runCommand } from "../support/run-command";

/*
 * The benchmark's commands for 1,000 ENIs with the real engine: number of calls, and failed calls. Time and memory depend on the
 * machine: the benchmark judges them.
 */

const work = works.find(({ enis }) => enis === 1_000);
if (work === undefined) throw new Error("the benchmark has no work with 1,000 ENIs");
const steps = planSteps(work);

/** Builds the native plugin, and installs it into the home of the tests. */
async function installPlugin(folder: string): Promise<void> {
  const env = { ...process.env, ...pulumiEnvironment(folder) };
  const succeed = async (command: string, args: string[]) => {
    const { exitCode, output } = await runCommand(command, args, { cwd: repository, env });
    if (exitCode !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${exitCode}:\n${output}`);
  };
  await succeed(process.execPath, [path.join("tools", "plugin.mjs")]);
  const dist = path.join(repository, "plugin", "dist");
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const release = readdirSync(dist).find((file) =>
    file.endsWith(`-${process.platform}-${architecture}.tar.gz`),
  );
  const [, version] = /-v(\d+\.\d+\.\d+)-/.exec(release ?? "") ?? [];
  if (release === undefined || version === undefined) throw new Error(`there is no release in ${dist}`);
  const install = ["plugin", "install", "resource", "alicloud-secondary-ips", version];
  await succeed("pulumi", [...install, "--file", path.join(dist, release)]);
}

test.each(["dynamic", "native"] as const)(
  "%s: 1,000 ENIs keep the bounds of calls, and no call fails",
  async (contender) => {
    const { isProvider } = contenders[contender];
    const stack = await BenchStack.open(work);
    const judged: (Verdict & { readonly step: string })[] = [];
    try {
      if (contender === "native") await installPlugin(stack.folder);
      await stack.reset();
      for (const step of steps) {
        const run = await stack.run(step, { contender, lists: step.lists, emptyMs: 0, isProvider });
        if ("failure" in run) throw new Error(`${step.name} failed:\n${run.failure}`);
        const { verdicts = [] } = rowOf(work, step, { contender, engineMs: undefined }, [run]);
        judged.push(...verdicts.map((verdict) => ({ step: step.name, ...verdict })));
      }
    } finally {
      await stack.close();
    }
    const ofCalls = judged.filter(({ figure }) => /calls$/.test(figure));
    // The failed calls of three commands, and the calls of the refresh.
    expect(ofCalls).toHaveLength(4);
    expect(ofCalls.filter(({ isHeld }) => !isHeld)).toEqual([]);
  },
);
