import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import type { Contender } from "./contenders";
import { median } from "./results";
import type { Loading } from "./results";

const limitMs = 150;
const runs = 5;

/** A script's time to load a module. The host of dynamic providers has loaded Pulumi's SDK before. */
const afterPulumi = (name: string) =>
  `require("@pulumi/pulumi"); const begin = performance.now(); require("${name}"); console.log(performance.now() - begin);`;

const scripts: Readonly<Record<Contender, string>> = {
  dynamic: afterPulumi("pulumi-alicloud-secondary-ips/provider"),
  plain: afterPulumi("@alicloud/ecs20140526"),
  // It prints its port when it can answer.
  native: `
    const { log } = console;
    const begin = performance.now();
    console.log = () => { log(performance.now() - begin); process.exit(); };
    require("${path.resolve(__dirname, "../../plugin/plugin.js")}");`,
};

/** How long each provider's own code takes to load, as the median of five processes. */
export async function measureLoading(signal: AbortSignal): Promise<Loading[]> {
  const times: Record<string, number[]> = {};
  for (let run = 0; run < runs; run += 1)
    for (const [contender, script] of Object.entries(scripts))
      (times[contender] ??= []).push(await timeOf(script, signal));
  return Object.entries(times).map(([name, all]) => {
    const contender = name as Contender;
    const ms = Math.round(median(all));
    if (contender !== "dynamic") return { contender, ms };
    return {
      contender,
      ms,
      verdict: { figure: "loading", unit: "ms", value: ms, limit: limitMs, isHeld: ms < limitMs },
    };
  });
}

async function timeOf(script: string, signal: AbortSignal): Promise<number> {
  // In the folder of the tests, where the packages are found by name.
  const cwd = path.resolve(__dirname, "..");
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], { cwd, signal });
    return Number(stdout);
  } catch (error) {
    // Ctrl-C also reaches the process.
    signal.throwIfAborted();
    throw error;
  }
}
