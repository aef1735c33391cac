/**
 * Tells a story with a client in TypeScript: `node driver.js CLIENT URL STEPS.json`, where CLIENT is `full` (the typed
 * @alicloud/ecs20140526 and @alicloud/vpc20160428), `pop-core-get` or `pop-core-post`. Prints one line of JSON a step.
 */
import { readFileSync } from "node:fs";
import { fullClient } from "./full-client";
import { popCoreClient } from "./pop-core-client";
import type { Caller, Credentials, Outcome, Parameters } from "./outcome";

interface Step {
  readonly step: string;
  readonly control?: { readonly method: string; readonly path: string; readonly body?: unknown };
  readonly api?: "ecs" | "vpc";
  readonly call?: string;
  readonly with?: Parameters;
  readonly credentials?: Credentials;
  readonly saves?: Readonly<Record<string, string>>;
  readonly background?: boolean;
}

const [clientName = "", url = "", file = ""] = process.argv.slice(2);
const callers: Readonly<Record<string, Caller>> = {
  full: fullClient(new URL(url).host),
  "pop-core-get": popCoreClient(url, "GET"),
  "pop-core-post": popCoreClient(url, "POST"),
};
const saved: Record<string, string> = {};

/** What an earlier step has saved, in the place of `{its name}`. */
function filledIn<Value>(value: Value): Value {
  return JSON.parse(
    JSON.stringify(value).replace(/\{(\w+)\}/g, (whole, name: string) =>
      JSON.stringify(saved[name] ?? whole).slice(1, -1),
    ),
  ) as Value;
}

function lookUp(answer: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], answer);
}

async function control(request: NonNullable<Step["control"]>): Promise<void> {
  const response = await fetch(`${url}/_emulator/${request.path}`, {
    method: request.method,
    ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
  });
  if (!response.ok) throw new Error(`${request.method} ${request.path}: ${await response.text()}`);
}

async function arrivals(action: string): Promise<number> {
  const response = await fetch(`${url}/_emulator/calls`);
  return ((await response.json()) as { action: string }[]).filter((call) => call.action === action).length;
}

/** Starts a call that is not waited for, and comes back once it has arrived. */
async function inBackground(action: string, call: () => Promise<Outcome>): Promise<void> {
  const before = await arrivals(action);
  void call();
  while ((await arrivals(action)) === before);
}

async function tell(step: Step): Promise<object> {
  if (step.control) {
    await control(filledIn(step.control));
    return { done: true };
  }
  const { api = "ecs", call: action = "", credentials } = step;
  const parameters = filledIn(step.with ?? {});
  const caller = callers[clientName];
  if (!caller) throw new Error(`no client is called ${clientName}`);
  const key = { accessKeyId: "test", accessKeySecret: "test", ...credentials };
  const call = () => caller(api, action, parameters, key);
  if (step.background) {
    await inBackground(action, call);
    return { done: true };
  }
  const outcome = await call();
  if ("answer" in outcome)
    for (const [name, path] of Object.entries(step.saves ?? {}))
      saved[name] = String(lookUp(outcome.answer, path));
  return outcome;
}

async function main(): Promise<void> {
  for (const step of JSON.parse(readFileSync(file, "utf8")) as Step[])
    process.stdout.write(`${JSON.stringify({ step: step.step, ...(await tell(step)) })}\n`);
}

main().then(
  // Calls in the background are left alone.
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? "") : String(error)}\n`);
    process.exit(1);
  },
);
