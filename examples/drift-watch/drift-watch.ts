#!/usr/bin/env node
/** The command: reads the command line, shows progress, writes the report and ends with an exit code. */
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { setMaxListeners } from "node:events";
import { openSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { styleText } from "node:util";
import { version } from "./package.json";
import { exitCodeOf, formats, headline, render, type Format, type StackReport } from "./report";
import { reasonOf, watch, type Target } from "./watch";

interface Flags {
  readonly stacks?: Target[];
  readonly parallel: number;
  readonly format: Format;
  readonly output?: number;
  readonly repair?: true;
  readonly runProgram?: true;
}

const program = new Command("drift-watch")
  .description(
    "Reports which secondary addresses the ENIs of Pulumi stacks lost or gained, and repairs them.",
  )
  .argument("[stack...]", "DIR:STACK, where DIR is the folder of Pulumi.yaml", addTarget)
  .option("--stacks <file>", "JSON file with a list of stacks; DIR is relative to this file", readTargets)
  .option("--parallel <number>", "number of stacks to work on at the same time", parseCount, 4)
  .addOption(new Option("--format <format>", "form of the report").choices(formats).default("text"))
  .option("--output <file>", "file for the report (default: standard output)", (file) => openSync(file, "w"))
  .option("--repair", "update the resources that drifted, as pulumi up --refresh --target does")
  .option(
    "--run-program",
    "run the program before the refresh, so that new keys in the configuration are used",
  )
  .version(version)
  .addHelpText(
    "after",
    "\nExit codes: 0 no drift or all repaired, 1 drift, 2 wrong command line, 3 a stack failed,\n130 Ctrl-C, 143 SIGTERM",
  )
  .exitOverride();

function targetOf(name: string, base = "."): Target {
  const [, folder, stack] = /^(.+):([^:]+)$/.exec(name) ?? [];
  if (folder === undefined || stack === undefined)
    throw new InvalidArgumentError(`'${name}' must be DIR:STACK, such as network:prod.`);
  return { name, folder: path.resolve(base, folder), stack };
}

function addTarget(name: string, others?: Target[]): Target[] {
  return [...(others ?? []), targetOf(name)];
}

function readTargets(file: string): Target[] {
  let names: unknown;
  try {
    names = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new InvalidArgumentError(`It cannot be read: ${reasonOf(error)}`);
  }
  if (!Array.isArray(names)) throw new InvalidArgumentError('It must hold a list, such as ["network:prod"].');
  return names.map((name) => targetOf(String(name), path.dirname(file)));
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text))
    throw new InvalidArgumentError("It must be a whole number from 1 to 999.");
  return Number(text);
}

/** Runs `work` for all targets, `limit` at a time. The results have the order of the targets. */
async function inParallel<T>(
  targets: readonly Target[],
  limit: number,
  work: (target: Target) => Promise<T>,
) {
  const results: T[] = [];
  const queue = targets.entries();
  const worker = async () => {
    for (const [index, target] of queue) results[index] = await work(target);
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}

/** Progress on standard error: a line that ticks on a terminal, else one line for each finished stack. */
function startProgress(total: number) {
  const startMs = Date.now();
  const running = new Set<string>();
  let done = 0;
  const terminal = process.stderr.isTTY && process.env.TERM !== "dumb";
  const show = () => {
    const seconds = Math.round((Date.now() - startMs) / 1000);
    const line = `${done}/${total} stacks, ${seconds} s: ${[...running].join(", ")}`;
    process.stderr.write(`\r\u001b[K${line.slice(0, (process.stderr.columns || 80) - 1)}`);
  };
  const timer = terminal ? setInterval(show, 200) : undefined;
  return {
    async follow({ name }: Target, work: Promise<StackReport>): Promise<StackReport> {
      running.add(name);
      const report = await work;
      running.delete(name);
      done += 1;
      if (!terminal) process.stderr.write(`${done}/${total} ${headline(report)}\n`);
      return report;
    },
    end() {
      clearInterval(timer);
      if (terminal) process.stderr.write("\r\u001b[K");
    },
  };
}

async function run(targets: readonly Target[], flags: Flags): Promise<number> {
  const stop = new AbortController();
  const interrupt = new AbortController();
  setMaxListeners(0, interrupt.signal);
  let signalCode = 0;
  const end = (signal: "SIGINT" | "SIGTERM") => {
    signalCode = signal === "SIGINT" ? 130 : 143;
    process.stderr.write(`\n${signal} received; cancelling after the calls under way\n`);
    stop.abort();
    // A terminal sends Ctrl-C to the engines as well. A second one would end them in the middle of a call.
    if (signal === "SIGTERM") interrupt.abort();
  };
  process.on("SIGINT", end).on("SIGTERM", end);

  const { repair = false, runProgram = false, parallel, format, output = 1 } = flags;
  const pulumi = await PulumiCommand.get();
  const options = { pulumi, repair, runProgram, stop: stop.signal, interrupt: interrupt.signal };
  const progress = startProgress(targets.length);
  const reports = await inParallel(targets, parallel, (target) =>
    progress.follow(target, watch(target, options)),
  );
  progress.end();

  const coloured = output === 1 && process.stdout.isTTY && !process.env.NO_COLOR;
  writeFileSync(output, render(format, reports, coloured ? styleText : undefined));
  return signalCode || exitCodeOf(reports);
}

function readCommandLine(): Target[] {
  program.parse();
  const [named] = program.processedArgs as [Target[] | undefined];
  const targets = [...(named ?? []), ...(program.opts<Flags>().stacks ?? [])];
  if (targets.length === 0) throw new Error("no stack; name DIR:STACK, or a file with --stacks");
  return targets;
}

function fail(error: unknown, exitCode: number): number {
  if (!(error instanceof CommanderError)) process.stderr.write(`error: ${reasonOf(error)}\n`);
  return error instanceof CommanderError && error.exitCode === 0 ? 0 : exitCode;
}

async function main(): Promise<number> {
  let targets: Target[];
  try {
    targets = readCommandLine();
  } catch (error) {
    return fail(error, 2);
  }
  return run(targets, program.opts<Flags>()).catch((error: unknown) => fail(error, 3));
}

void main().then((code) => (process.exitCode = code));
