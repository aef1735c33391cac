import { z } from "zod";
import { describeIssues } from "../documents/issues";
import { assertSameType } from "../documents/same-type";
import { strictObject } from "../documents/strict-object";
import { BehaviourError } from "./behaviour";
import type { BehaviourChange } from "./behaviour";

const milliseconds = z.int().min(0).max(3_600_000);
const answers = z.int().min(0).max(1_000_000);

/** Any of the behaviour's keys, and no others. */
export const behaviourChangeSchema = strictObject({
  batch: z.enum(["atomic", "partial"]).optional(),
  maxAddressesPerCall: z.int().min(1).max(100).optional(),
  failedClientTokens: z.enum(["reusable", "burnt"]).optional(),
  clientTokenMs: z.int().min(1).max(1_000_000_000).optional(),
  lastPageNextToken: z.enum(["empty", "given"]).optional(),
  pick: z.enum(["lowest", "scattered"]).optional(),
  pickSeed: z.int().min(0).max(1_000_000_000).optional(),
  releaseMs: milliseconds.optional(),
  duplicatedAddress: z.enum(["unnamed", "named"]).optional(),
  replicaLagMs: milliseconds.optional(),
  replicaLagReads: answers.optional(),
  newEniHiddenMs: milliseconds.optional(),
  newEniHiddenReads: answers.optional(),
  transitionMs: milliseconds.optional(),
  latencyMs: milliseconds.optional(),
});

assertSameType<BehaviourChange, z.infer<typeof behaviourChangeSchema>>(true);

/** Checks the form of a change: a key that is misspelt or out of bounds is a mistake in a test. */
export function parseBehaviourChange(value: unknown): BehaviourChange {
  const parsed = behaviourChangeSchema.safeParse(value);
  if (!parsed.success)
    throw new BehaviourError(describeIssues(parsed.error, "the behaviour", value).join("; "));
  return parsed.data;
}
