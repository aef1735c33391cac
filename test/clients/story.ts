import { readFileSync } from "node:fs";
import path from "node:path";

/** What is expected of a value: itself, or one of the words that begin with `$`; see `judge.ts`. */
export type Expected = unknown;

/** One step of a story, as the table has it. */
export interface Step {
  readonly step: string;
  /** Steers the emulator. Placeholders are filled in as in a call. */
  readonly control?: { readonly method: string; readonly path: string; readonly body?: unknown };
  readonly api?: "ecs" | "vpc";
  readonly call?: string;
  /** Parameters under the API's names; the region is cn-hangzhou unless they say another, or `null`. */
  readonly with?: Readonly<Record<string, unknown>>;
  /** Another key than test and test. */
  readonly credentials?: Readonly<Record<string, string>>;
  /** What later steps find as `{name}`: a path into the answer. */
  readonly saves?: Readonly<Record<string, string>>;
  /** How often the step runs. `{n}` is the number of the run, from 1. */
  readonly times?: number;
  /** Not waited for. */
  readonly background?: boolean;
  /** A part of the answer. */
  readonly answers?: Expected;
  /** Status, code and message. */
  readonly fails?: readonly [status: number, code: string, message: Expected];
}

/** A story's steps as drivers tell them: repetitions, lists and the region written out. */
export function readStory(name: string): Step[] {
  return readStoryFile(path.join(__dirname, `${name}.json`));
}

/** The same for any file. */
export function readStoryFile(file: string): Step[] {
  const steps = JSON.parse(readFileSync(file, "utf8")) as Step[];
  return steps.flatMap(({ times = 1, ...step }) =>
    Array.from({ length: times }, (_, index) =>
      numbered(writtenOut(step), times > 1 ? index + 1 : undefined),
    ),
  );
}

function writtenOut(step: Step): Step {
  if (!step.call) return step;
  const given: Record<string, unknown> = {
    RegionId: "cn-hangzhou",
    ...(withLists(step.with ?? {}) as Record<string, unknown>),
  };
  return { ...step, with: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)) };
}

/** `{"$list": 3, "of": "10.0.1.{n}"}` is a list of three. */
function withLists(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withLists);
  if (typeof value !== "object" || value === null) return value;
  if ("$list" in value && "of" in value)
    return Array.from({ length: Number(value.$list) }, (_, index) => numbered(value.of, index + 1));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withLists(inner)]));
}

/** Puts a number in the place of `{n}`, and a sum in that of `{n+1}`. */
function numbered<Value>(value: Value, n: number | undefined): Value {
  if (n === undefined) return value;
  const text = JSON.stringify(value).replace(/\{n(?:\+(\d+))?\}/g, (_, more = "0") =>
    String(n + Number(more)),
  );
  return JSON.parse(text) as Value;
}
