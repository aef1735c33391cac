/** What was measured in one command: the median of all runs. */
export interface Figures {
  /** Number of calls by action. */
  readonly calls: Readonly<Record<string, number>>;
  /** Number of calls that the API refused. */
  readonly failedCalls: number;
  readonly wallMs: number;
  /** The wall time without that of `pulumi up` of an empty stack. */
  readonly aboveEmptyMs: number;
  /** CPU time and the most memory of the provider's process. Absent where the system does not tell it. */
  readonly cpuMs?: number;
  readonly memoryMiB?: number;
  /** The size of the whole state after the command. */
  readonly stateBytes: number;
  /** The largest resource of the state, its addresses and the provider text left out. */
  readonly besidesAddressesBytes: number;
}

/** What a bound is compared with. */
interface Context {
  readonly lowerBound: number;
  /** The engine's own time for the same command with as many resources of @pulumi/random, above an empty stack. */
  readonly engineMs?: number | undefined;
}

/** A bound of one figure. */
export interface Bound {
  readonly figure: string;
  readonly unit: string;
  readonly value: (figures: Figures) => number | undefined;
  readonly limit: (figures: Figures, context: Context) => number | undefined;
}

/** A bound and what was measured. */
export interface Verdict {
  readonly figure: string;
  readonly unit: string;
  readonly value: number;
  readonly limit: number;
  readonly isHeld: boolean;
}

export const callCount = ({ calls }: Pick<Figures, "calls">) =>
  Object.values(calls).reduce((sum, count) => sum + count, 0);

export function callsAtMost(limit: (lowerBound: number) => number): Bound {
  return {
    ...{ figure: "calls", unit: "", value: callCount },
    limit: (_figures, { lowerBound }) => Math.floor(limit(lowerBound)),
  };
}

export function memoryUnder(limitMiB: number): Bound {
  return { figure: "memory", unit: "MiB", value: ({ memoryMiB }) => memoryMiB, limit: () => limitMiB };
}

export const noFailedCall: Bound = {
  ...{ figure: "failed calls", unit: "" },
  value: ({ failedCalls }) => failedCalls,
  limit: () => 0,
};

export function timeAtMost(limitMs: number): Bound {
  return {
    ...{ figure: "time", unit: "ms", value: ({ aboveEmptyMs }) => aboveEmptyMs },
    limit: () => Math.round(limitMs),
  };
}

/** At most a multiple of what cannot be avoided: the calls' own time, or the engine's work for the number of resources. */
export function timeOfEngineOrCalls({
  factor,
  parallel,
  latencyMs,
}: Readonly<Record<"factor" | "parallel" | "latencyMs", number>>): Bound {
  return {
    ...timeAtMost(0),
    limit: (figures, { engineMs }) =>
      engineMs === undefined
        ? undefined
        : Math.round(factor * Math.max((callCount(figures) / parallel) * latencyMs, engineMs)),
  };
}

/** What the state holds for a resource beside its addresses. */
export const smallState: Bound = {
  ...{ figure: "state", unit: "bytes" },
  value: ({ besidesAddressesBytes }) => besidesAddressesBytes,
  limit: () => 999,
};

/** Compares figures with bounds. Leaves out a bound whose figure was not measured. */
export function judge(bounds: readonly Bound[], figures: Figures, context: Context): Verdict[] {
  return bounds.flatMap(({ figure, unit, value, limit }) => {
    const [measured, allowed] = [value(figures), limit(figures, context)];
    if (measured === undefined || allowed === undefined) return [];
    return [{ figure, unit, value: measured, limit: allowed, isHeld: measured <= allowed }];
  });
}
