/**
 * Runs tests on a bare clone: installs, builds, gets a Pulumi CLI, and runs suites one after another. Which suites, says the
 * table in `suites.mjs`.
 *
 * Tests with the real engine find its executables in PULUMI_TEST_BIN_DIR and a home with the plugins in
 * PULUMI_TEST_HOME; tests of clients in other languages find in TEST_CLIENTS what starts them. The last line is
 * `N passed, N failed`.
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { clearTimeout, setTimeout } from "node:timers";
import { buildPackages } from "./build.mjs";
import { describeLeftOut, ensureClients } from "./clients/index.mjs";
import { runEntryPoint } from "./entry-point.mjs";
import { UsageError } from "./errors.mjs";
import { ensureInstalled } from "./install.mjs";
import { describeLeftOutLanguages, ensureLanguages } from "./languages/index.mjs";
import { cacheFolder, repositoryFolder } from "./paths.mjs";
import { bundlePlugin } from "./plugin.mjs";
import { createProgress } from "./progress.mjs";
import { ensurePulumiCli, pulumiEnvironment } from "./pulumi-cli/index.mjs";
import { judge, planLine, suites, suitesOf, totalLine } from "./suites.mjs";

const commandLine = {
  usage: "npm test [-- [--all | --full | --suite NAME]... [-- ARGUMENTS FOR THE TEST RUNNER]]",
  options: {
    suite: { type: "string", multiple: true },
    all: { type: "boolean" },
    full: { type: "boolean" },
  },
  allowPositionals: true,
};

await runEntryPoint(async ({ signal, values, positionals: runnerArguments }) => {
  const chosen = chooseSuites(values);
  const progress = createProgress();
  progress.say(planLine(chosen));
  await ensureInstalled("all", { progress, signal });
  await buildPackages({ progress, signal });

  const folder = await mkdtemp(path.join(tmpdir(), "secondary-ips-test-"));
  try {
    const results = [];
    const leftOut = [];
    for (const suite of chosen) {
      const env = {
        ...suite.env,
        ...process.env,
        TEST_SUITE: suite.name,
        ...(await needed(suite, { folder, leftOut, progress, signal })),
      };
      progress.say(`\nsuite ${suite.name}`);
      const resultFile = path.join(folder, `${suite.name}.result`);
      const exitCode = await runSuite(suite, { runnerArguments, resultFile, env, progress, signal });
      results.push({ name: suite.name, ...judge(suite, { exitCode, resultFile }) });
    }
    progress.say("");
    for (const { name, problem, ...counts } of results) {
      progress.say(`${name}: ${totalLine([counts])}${problem ? ` (the suite ${problem})` : ""}`);
    }
    leftOut.forEach((line) => progress.say(line));
    process.stdout.write(`${totalLine(results)}\n`);
    return results.length > 0 && results.every(({ failed }) => failed === 0) ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, commandLine);

function chooseSuites(values) {
  if (values.suite === undefined) return suitesOf(values.full ? "full" : values.all ? "all" : "usual");
  const unknown = values.suite.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    const known = suites.map(({ name }) => name).join(", ");
    throw new UsageError(`there is no suite ${unknown.join(", ")}; there are ${known}`);
  }
  return suitesOf(values.full ? "full" : "all").filter(({ name }) => values.suite.includes(name));
}

/** The variables by which a suite's tests find what they need. */
async function needed({ needs }, { folder, leftOut, progress, signal }) {
  if (needs === "engine") return engineEnvironment({ folder, progress, signal });
  if (needs === "languages") return languagesEnvironment({ folder, leftOut, progress, signal });
  if (needs !== "clients") return {};
  const clients = await ensureClients({ progress, signal });
  const lines = describeLeftOut(clients);
  lines.forEach((line) => progress.say(line));
  leftOut.push(...lines);
  return { TEST_CLIENTS: JSON.stringify(clients) };
}

async function engineEnvironment({ folder, progress, signal }) {
  const cli = await ensurePulumiCli({ progress, signal });
  progress.say(`Pulumi CLI ${cli.version} in ${cli.binDir}`);
  await progress.step("bundling the native plugin", "a second", bundlePlugin);
  const { PULUMI_HOME } = pulumiEnvironment({ ...cli, folder });
  return {
    PULUMI_TEST_BIN_DIR: cli.binDir,
    PULUMI_TEST_HOME: PULUMI_HOME,
    // For the commands of a page, which have a HOME of their own: `npm run pulumi:path` would build everything again.
    PULUMI_ALICLOUD_CACHE_DIR: cacheFolder(),
  };
}

async function languagesEnvironment({ folder, leftOut, progress, signal }) {
  const cli = await ensurePulumiCli({ plugins: false, progress, signal });
  const { binDir, sdks, goProgram, languages } = await ensureLanguages({ cli, folder, progress, signal });
  const lines = describeLeftOutLanguages(languages);
  lines.forEach((line) => progress.say(line));
  leftOut.push(...lines);
  return {
    PULUMI_TEST_BIN_DIR: binDir,
    PULUMI_TEST_HOME: path.join(folder, "home"),
    TEST_SDKS: sdks,
    TEST_GO_PROGRAM: goProgram,
    TEST_LANGUAGES: JSON.stringify(languages),
  };
}

/** Resolves to the exit code, or to null for a suite that was ended by a signal or took too long. */
function runSuite(suite, { runnerArguments, resultFile, env, progress, signal }) {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const args = [...suite.command(suite, resultFile), ...runnerArguments];
    // Standard output is for the total alone; a group of its own, so that its workers end with it.
    const child = spawn(process.execPath, args, {
      cwd: repositoryFolder,
      env,
      stdio: ["ignore", 2, 2],
      detached: true,
    });
    const end = () => {
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch {
        // it ended by itself meanwhile
      }
    };
    const limit = setTimeout(() => {
      progress.say(`suite ${suite.name} took longer than ${suite.limitMinutes} minutes: ended`);
      end();
    }, suite.limitMinutes * 60_000);
    signal.addEventListener("abort", end);
    child.on("error", reject);
    child.on("exit", (code) => {
      clearTimeout(limit);
      signal.removeEventListener("abort", end);
      if (signal.aborted) reject(signal.reason);
      else resolve(code);
    });
  });
}
