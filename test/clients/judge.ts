import type { Step } from "./story";

/** One line that a driver has printed. */
export interface Told {
  readonly step: string;
  readonly done?: boolean;
  readonly answer?: unknown;
  readonly error?: ToldError;
}

/** An error with whatever a client has of it. */
export interface ToldError {
  readonly code?: unknown;
  readonly status?: unknown;
  readonly message?: unknown;
  readonly requestId?: unknown;
  /** What the client advises. */
  readonly recommend?: unknown;
}

/** What the cloud has said, as a client hands it on. */
export interface Refusal {
  readonly status: number | undefined;
  readonly code: string;
  readonly message: string;
  readonly requestId: string;
}

/** What the judge has to know of a client. */
export interface Manners {
  /** Takes the cloud's words out of those that the client puts around them; throws where they are not as always. */
  readonly refusal: (error: ToldError, expected: Step["fails"]) => Refusal;
  /** Answers are texts only, and a list of one looks like what is in it. */
  readonly untyped?: boolean;
}

/** One entry of the emulator's log. */
export interface Logged {
  readonly action: string | null;
  readonly status: number | null;
  readonly code: string | null;
  readonly requestId: string;
}

/** What differs between a story and what a driver has told, the first things first. */
export function differences(
  steps: readonly Step[],
  told: readonly Told[],
  log: readonly Logged[],
  manners: Manners,
): string[] {
  const found: string[] = [];
  const saved: Record<string, string> = {};
  const logged = new Map(log.map((entry) => [entry.requestId, entry]));
  steps.forEach((step, index) => {
    const line = told[index];
    const report = (text: string) =>
      found.push(`${index + 1}, ${step.step} (${step.call ?? "control"}): ${text}`);
    if (line?.step !== step.step) {
      report("the driver has not told it");
      return;
    }
    if (step.control ?? step.background) return;
    if (line.error) judgeError(step, line.error, { saved, logged, manners, report });
    else judgeAnswer(step, line.answer, { saved, logged, manners, report });
  });
  if (told.length > steps.length) found.push(`${told.length - steps.length} lines too many`);
  return found;
}

interface Context {
  readonly saved: Record<string, string>;
  readonly logged: ReadonlyMap<string, Logged>;
  readonly manners: Manners;
  readonly report: (text: string) => void;
}

function judgeError(step: Step, error: ToldError, { saved, logged, manners, report }: Context): void {
  if (!step.fails) {
    report(`failed: ${JSON.stringify(error)}`);
    return;
  }
  const [status, code, message] = filledIn(step.fails, saved);
  let refusal: Refusal;
  try {
    refusal = manners.refusal(error, step.fails);
  } catch (thrown) {
    report(String(thrown));
    return;
  }
  // Where a client keeps the status to itself, the emulator's log says what it was.
  const entry = logged.get(refusal.requestId);
  const seen = { ...refusal, status: refusal.status ?? entry?.status };
  for (const difference of compare({ status, code, message }, seen, "error", false)) report(difference);
  if (entry?.code !== code || entry.status !== status || entry.action !== step.call)
    report(`the emulator's log has ${JSON.stringify(entry)} for its RequestId ${refusal.requestId}`);
}

function judgeAnswer(step: Step, answer: unknown, { saved, logged, manners, report }: Context): void {
  if (step.fails) {
    report(`did not fail: ${JSON.stringify(answer)}`);
    return;
  }
  const untyped = manners.untyped ?? false;
  for (const difference of compare(filledIn(step.answers ?? {}, saved), answer, "answer", untyped))
    report(difference);
  const requestId = (answer as { RequestId?: string }).RequestId ?? "";
  const entry = logged.get(requestId);
  if (entry?.status !== 200 || entry.action !== step.call)
    report(`the emulator's log has ${JSON.stringify(entry)} for its RequestId ${requestId}`);
  for (const [name, path] of Object.entries(step.saves ?? {})) {
    const value = lookUp(answer, path.split("."));
    if (typeof value === "string") saved[name] = value;
    else report(`the answer has no ${path}`);
  }
}

function lookUp(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  // A list of one that looks like what is in it.
  if (key === "0" && !Array.isArray(value)) return lookUp(value, rest);
  if (typeof value !== "object" || value === null) return undefined;
  return lookUp((value as Record<string, unknown>)[key], rest);
}

function filledIn<Value>(value: Value, saved: Readonly<Record<string, string>>): Value {
  const text = JSON.stringify(value).replace(/\{(\w+)\}/g, (whole, name: string) => saved[name] ?? whole);
  return JSON.parse(text) as Value;
}

/**
 * Compares with what is expected: of an object the fields that it names, of a list all elements in their order.
 * `{"$begins": text}` and `{"$like": expression}` expect a text, `{"$length": n}` and `{"$includes": […]}` a list.
 */
export function compare(expected: unknown, seen: unknown, at: string, untyped: boolean): string[] {
  const differs = [`${at} is ${JSON.stringify(seen)}, not ${JSON.stringify(expected)}`];
  if (Array.isArray(expected)) {
    const list = listOf(seen, untyped);
    if (list?.length !== expected.length) return differs;
    return expected.flatMap((item, index) => compare(item, list[index], `${at}.${index}`, untyped));
  }
  if (typeof expected !== "object" || expected === null) {
    const wanted = untyped ? String(expected) : expected;
    return seen === wanted ? [] : differs;
  }
  if ("$begins" in expected)
    return typeof seen === "string" && seen.startsWith(String(expected.$begins)) ? [] : differs;
  if ("$like" in expected)
    return typeof seen === "string" && new RegExp(String(expected.$like)).test(seen) ? [] : differs;
  if ("$length" in expected) return listOf(seen, untyped)?.length === expected.$length ? [] : differs;
  if ("$includes" in expected) {
    const list = listOf(seen, untyped) ?? [];
    const isThere = (item: unknown) => list.some((other) => compare(item, other, at, untyped).length === 0);
    return (expected.$includes as unknown[]).every(isThere) ? [] : differs;
  }
  const fields = Object.entries(expected);
  // An empty tag: an object without fields, as far as XML goes.
  const object = untyped && seen === "" ? {} : seen;
  if (typeof object !== "object" || object === null || Array.isArray(object)) return differs;
  return fields.flatMap(([key, value]) =>
    compare(value, (object as Record<string, unknown>)[key], `${at}.${key}`, untyped),
  );
}

function listOf(value: unknown, untyped: boolean): unknown[] | undefined {
  if (Array.isArray(value)) return value as unknown[];
  if (!untyped) return undefined;
  return value === undefined || value === "" ? [] : [value];
}

/**
 * What a typed client has made of an answer otherwise than it came: a field that it does not know is one that the API does not
 * have. Request ids and times are each run's own; all else is the same in every run.
 */
export function lost(raw: unknown, typed: unknown, at: string): string[] {
  if (Array.isArray(raw)) {
    const list: unknown[] = Array.isArray(typed) ? typed : [];
    if (list.length !== raw.length) return [`${at} has ${list.length} elements, not ${raw.length}`];
    return raw.flatMap((item, index) => lost(item, list[index], `${at}[]`));
  }
  if (typeof raw !== "object" || raw === null)
    // pop-core makes texts of long numbers.
    return String(raw) === String(typed)
      ? []
      : [`${at} is ${JSON.stringify(typed)}, not ${JSON.stringify(raw)}`];
  return Object.entries(raw).flatMap(([key, value]) => {
    const field = (typed as Record<string, unknown> | undefined)?.[key];
    if (field === undefined) return [`${at}.${key} is lost`];
    return ["RequestId", "CreationTime", "StartTime"].includes(key) ? [] : lost(value, field, `${at}.${key}`);
  });
}
