/**
 * The process of the native plugin. Pulumi's engine starts it with its own address as the last argument, and reads the port of
 * the gRPC service from the first line that it prints.
 *
 * @packageDocumentation
 */
import { fstatSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { EngineLiveness } from "./runtime/engine-liveness";
import { keepSecretsOutOfDebugLogs, maskTrace } from "./shared/trace";

keepSecretsOutOfDebugLogs(process.env);

// These modules load the SDK. Some compilers move an import declaration above the call; a require stays below it.
/* eslint-disable @typescript-eslint/no-require-imports */
import engine = require("./plugin/engine");
import server = require("./plugin/server");
import runtime = require("./runtime/runtime");
/* eslint-enable */

/** How often the process looks for its engine. */
const watchMs = 2_000;

const liveness = new EngineLiveness(process.argv.slice(2));
const log = new engine.EngineLog();
if (liveness.address !== undefined) log.attach(liveness.address);

/** Beside the bundle, or in the repository. */
async function readSchema(): Promise<string> {
  const beside = path.join(__dirname, "schema.json");
  const inRepository = path.join(__dirname, "..", "..", "plugin", "schema.json");
  return readFile(beside, "utf8").catch(() => readFile(inRepository, "utf8"));
}

function isPipe(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFIFO();
  } catch {
    return false;
  }
}

async function main(): Promise<void> {
  const plugin = await server.startPlugin({
    env: process.env,
    liveness,
    engine: log,
    version: runtime.packageVersion,
    readSchema,
    random: Math.random,
    userAgent: `pulumi-resource-alicloud-secondary-ips/${runtime.packageVersion}`,
  });
  maskTrace((text) => plugin.service.mask(text));
  console.log(plugin.port);

  let isEnding = false;
  const end = () => {
    if (isEnding) return;
    isEnding = true;
    void plugin.stop().then(() => process.exit());
  };
  // The engine ends the process with SIGINT, or SIGBREAK on Windows. A call under way is recorded before.
  for (const signal of ["SIGINT", "SIGTERM", ...(process.platform === "win32" ? ["SIGBREAK"] : [])])
    process.on(signal, end);
  // Without an address nothing has started this process for an engine: PULUMI_DEBUG_PROVIDERS names its port.
  if (liveness.address === undefined) return;
  setInterval(() => {
    liveness.assertAlive().catch(end);
  }, watchMs).unref();
  // Started by way of PulumiPlugin.yaml, it has no pipe, and its input is at its end from the start.
  if (!isPipe(0)) return;
  process.stdin.on("end", end).on("error", end).resume();
}

void main();
