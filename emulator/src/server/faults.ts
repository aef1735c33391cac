import { z } from "zod";
import type { RawParameters } from "../wire/parameters";
import { describeIssues, shown } from "../documents/issues";
import { assertSameType } from "../documents/same-type";
import { strictObject } from "../documents/strict-object";
import { leaveOut, leftOutParts, readsOfEnis, shownEnis } from "./leave-out-fault";
import type { LeftOutPart } from "./leave-out-fault";
import { unknownAction } from "./unknown-action";

const once = z.int().min(1).max(1_000_000);

const effectSchema = z.union([
  strictObject({
    error: strictObject({
      status: z.int().min(400).max(599),
      code: z.string().min(1),
      message: z.string(),
    }),
  }),
  strictObject({ delayMs: z.int().min(0).max(3_600_000) }),
  strictObject({ drop: z.enum(["before", "after"]) }),
  strictObject({ staleReads: once }),
  strictObject({ hang: z.literal(true), done: z.boolean().optional() }),
  strictObject({ patch: z.record(z.string(), z.unknown()) }),
  strictObject({ leaveOut: z.enum(leftOutParts) }),
  strictObject({
    answer: strictObject({
      status: z.int().min(200).max(599),
      contentType: z
        .string()
        .regex(/^[\x20-\x7e]+$/)
        .optional(),
      body: z.string(),
      cut: z.boolean().optional(),
    }),
    done: z.boolean().optional(),
  }),
]);

const ruleSchema = strictObject({
  action: z.string().min(1),
  match: strictObject({ networkInterfaceId: z.string().min(1).optional() }).optional(),
  skip: z.int().min(0).optional(),
  times: once.optional(),
  effect: effectSchema,
});

/**
 * What happens to a call: an error is answered, the call takes longer, the connection is closed (`before` anything is
 * done, or `after` it was done), a number of reads after it show the world before it, it is never answered (and not carried
 * out unless `done` is true), the world changes just before the call is carried out, the answer leaves out an ENI or
 * a part of it, or another answer is sent in the place of its own (and the call not carried out unless `done` is true).
 *
 * @public
 */
export type FaultEffect =
  | { error: { status: number; code: string; message: string } }
  | { delayMs: number }
  | { drop: "before" | "after" }
  | { staleReads: number }
  | { hang: true; done?: boolean | undefined }
  | { patch: Record<string, unknown> }
  | { leaveOut: LeftOutPart }
  | {
      answer: {
        status: number;
        contentType?: string | undefined;
        body: string;
        cut?: boolean | undefined;
      };
      done?: boolean | undefined;
    };

/**
 * A rule that disturbs calls. `action` is an operation or `*`; `match` narrows it to calls that name an ENI; the first
 * `skip` calls that match go by, and the next `times` (1 if absent) get the effect. A rule that leaves something out counts
 * answers that show the ENI of `match`, or any ENI, in the place of calls.
 *
 * @public
 */
export type FaultRule = {
  action: string;
  match?: { networkInterfaceId?: string | undefined } | undefined;
  skip?: number | undefined;
  times?: number | undefined;
  effect: FaultEffect;
};

assertSameType<FaultRule, z.infer<typeof ruleSchema>>(true);

/**
 * A rule that was refused; the message names the path and what is allowed.
 *
 * @public
 */
export class FaultRuleError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "FaultRuleError";
  }
}

const effectHint =
  'effect: must be one of {"error":{status,code,message}}, {"delayMs":n}, {"drop":"before"|"after"}, ' +
  '{"staleReads":n}, {"hang":true,"done":true|false}, {"patch":{…}}, ' +
  '{"answer":{status,contentType,body,cut},"done":true|false}, {"leaveOut":PART}, PART one of ' +
  leftOutParts.join(", ");

/** Checks a rule's form and that its action exists: a rule that can never match is a mistake in a test. */
export function parseFaultRule(value: unknown, actionNames: ReadonlySet<string>): FaultRule {
  const parsed = ruleSchema.safeParse(value);
  if (!parsed.success) {
    const effectIsWrong = parsed.error.issues.some((issue) => issue.path[0] === "effect");
    throw new FaultRuleError(
      effectIsWrong
        ? `${effectHint}, not ${shown((value as { effect?: unknown }).effect ?? null)}`
        : describeIssues(parsed.error, "the rule", value).join("; "),
    );
  }
  const { action } = parsed.data;
  if (action !== "*" && !actionNames.has(action))
    throw new FaultRuleError(`action: ${unknownAction(action, ["*", ...actionNames])}`);
  if ("leaveOut" in parsed.data.effect && action !== "*" && !readsOfEnis.includes(action))
    throw new FaultRuleError(
      `action: must be *, ${readsOfEnis.join(" or ")} for {"leaveOut":…}, not ${shown(action)}`,
    );
  return parsed.data;
}

interface LiveRule {
  readonly rule: FaultRule;
  skip: number;
  times: number;
}

/** The rules in force, in the order in which they were given. */
export class Faults {
  #rules: LiveRule[] = [];

  add(rule: FaultRule): void {
    this.#rules.push({ rule, skip: rule.skip ?? 0, times: rule.times ?? 1 });
  }

  clear(): void {
    this.#rules = [];
  }

  /** A copy of the rules that are still to have an effect, with what is left of `skip` and `times`. */
  list(): FaultRule[] {
    return this.#rules.map(({ rule, skip, times }) => structuredClone({ ...rule, skip, times }));
  }

  /**
   * The effect on this call. Rules are asked in order: one that still skips counts the call and lets the next one
   * decide; the first that does not skip is used, and those behind it do not see the call.
   */
  take(action: string, params: RawParameters): FaultEffect | undefined {
    for (const live of this.#rules)
      if (!("leaveOut" in live.rule.effect) && matches(live.rule, action, params) && this.#use(live))
        return live.rule.effect;
    return undefined;
  }

  /** The answer without what rules leave out of it; each rule counts the answers that concern it, for itself. */
  withGaps(action: string, answer: object): object {
    const shown = shownEnis(answer);
    return this.#rules.reduce((left, live) => {
      const { rule } = live;
      if (!("leaveOut" in rule.effect) || (rule.action !== "*" && rule.action !== action)) return left;
      const eniId = rule.match?.networkInterfaceId;
      const concerned = eniId === undefined ? shown : shown.filter((id) => id === eniId);
      if (concerned.length === 0 || !this.#use(live)) return left;
      return leaveOut(left, rule.effect.leaveOut, concerned);
    }, answer);
  }

  /** Counts down, and says whether the rule has its effect. */
  #use(live: LiveRule): boolean {
    if (live.skip > 0) {
      live.skip--;
      return false;
    }
    live.times--;
    if (live.times === 0) this.#rules = this.#rules.filter((other) => other !== live);
    return true;
  }
}

function matches(rule: FaultRule, action: string, params: RawParameters): boolean {
  if (rule.action !== "*" && rule.action !== action) return false;
  const eniId = rule.match?.networkInterfaceId;
  if (eniId === undefined) return true;
  return namedEnis(params).includes(eniId);
}

/** The ENIs that a call names, singly or in a list. */
export function namedEnis(params: RawParameters): string[] {
  const named = Object.entries(params).filter(([name]) => /^NetworkInterfaceId(?:\.\d+)?$/.test(name));
  return named.map(([, eniId]) => eniId).filter((eniId) => eniId !== "");
}
