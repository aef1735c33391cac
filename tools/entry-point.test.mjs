import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const entryPoint = new URL("entry-point.mjs", import.meta.url).href;

/** A tool that works for a minute, and for `cleanUpMs` more when it is interrupted. */
async function startTool({ cleanUpMs }) {
  const program = `
    import { runEntryPoint } from ${JSON.stringify(entryPoint)};
    import { setTimeout as sleep } from "node:timers/promises";
    await runEntryPoint(async ({ signal }) => {
      process.stdout.write("works");
      await sleep(60_000, undefined, { signal }).catch(() => process.stdout.write(", was interrupted"));
      await sleep(${cleanUpMs});
      process.stdout.write(", cleaned up, ");
      signal.throwIfAborted();
    });`;
  const tool = spawn(process.execPath, ["--input-type=module", "--eval", program]);
  const ended = once(tool, "close");
  let output = "";
  tool.stdout.on("data", (chunk) => (output += chunk));
  tool.stderr.on("data", (chunk) => (output += chunk));
  await once(tool.stdout, "data");
  return {
    interrupt: () => tool.kill("SIGINT"),
    /** Resolves once the tool has noticed that it was interrupted. */
    noticed: async () => {
      while (!output.includes("was interrupted")) await once(tool.stdout, "data");
    },
    outcome: async () => {
      const [exitCode, signal] = await ended;
      return { exitCode, signal, output };
    },
  };
}

test("cleans up after one Ctrl-C, though it comes from the terminal and from npm", async () => {
  const tool = await startTool({ cleanUpMs: 200 });
  tool.interrupt();
  await tool.noticed();
  tool.interrupt();
  assert.deepEqual(await tool.outcome(), {
    exitCode: 130,
    signal: null,
    output: "works, was interrupted, cleaned up, interrupted by SIGINT\n",
  });
});

test("ends at once after a second Ctrl-C", async () => {
  const tool = await startTool({ cleanUpMs: 60_000 });
  tool.interrupt();
  await tool.noticed();
  // A signal within one second counts as the same Ctrl-C.
  await sleep(1_100);
  tool.interrupt();
  assert.deepEqual(await tool.outcome(), {
    exitCode: null,
    signal: "SIGINT",
    output: "works, was interrupted",
  });
});

function run(tool, ...args) {
  const script = path.join(path.dirname(fileURLToPath(import.meta.url)), tool);
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

for (const [args, problem] of [
  [["test.mjs", "--al"], "unknown option '--al'\nUsage: npm test [-- [--all"],
  [["test.mjs", "--suite"], "option '--suite <value>' argument missing\nUsage: npm test"],
  [["test.mjs", "--suite", "hots"], "there is no suite hots; there are tools, unit,"],
  [["install.mjs", "some"], "cannot install some; allowed is one of all, demo"],
  [["demo.mjs", "--fast"], "unknown option '--fast'\nUsage: npm run demo\n"],
  [["build.mjs", "provider"], "unexpected argument 'provider'"],
  [
    ["../test/bench/bench.mjs", "--docs", "--quick"],
    "--docs needs all works: leave out --quick and --only\nUsage: ",
  ],
])
  test(`${args.join(" ")}: says what is allowed, and exits with 2`, () => {
    const { status, stdout, stderr } = run(...args);
    assert.deepEqual({ status, stdout }, { status: 2, stdout: "" });
    assert.equal(stderr.slice(0, problem.length), problem);
    assert.doesNotMatch(stderr, /^ +at /m);
  });

for (const [tool, usage] of [
  ["build.mjs", "npm run build"],
  ["conformance.mjs", "npm run conformance"],
  ["language/check.mjs", "node tools/language/check.mjs"],
  ["pictures.mjs", "node tools/pictures.mjs"],
  ["reference.mjs", "node tools/reference.mjs"],
  ["schema.mjs", "node tools/schema.mjs"],
  [
    "../test/bench/bench.mjs",
    "npm run bench [-- [--quick] [--only PART OF A NAME]... [--runs N] | --docs [--runs N]]",
  ],
])
  test(`${tool} --help: shows how it is called, and does nothing else`, () => {
    assert.deepEqual(run(tool, "--help"), { status: 0, stdout: `Usage: ${usage}\n`, stderr: "" });
  });
