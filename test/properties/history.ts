import fc from "fast-check";
import { addressRange } from "../support/eni-world";

/** The addresses that histories are about, few enough that resources and ENIs meet over them. */
export const pool = addressRange(20, 20);
/**
 * The ENIs of a history: one with room for every address, a crowded one, and the primary one of an instance. `capacity`
 * is what the instance's type leaves for secondary addresses.
 */
export const enis = [
  {
    id: "eni-a",
    primary: "10.0.1.11",
    instance: "i-a",
    type: "ecs.g6e.4xlarge",
    capacity: 29,
    isPrimary: false,
  },
  {
    id: "eni-b",
    primary: "10.0.1.12",
    instance: "i-b",
    type: "ecs.g6.xlarge",
    capacity: 9,
    isPrimary: false,
  },
  {
    id: "eni-c",
    primary: "10.0.1.13",
    instance: "i-c",
    type: "ecs.g6e.4xlarge",
    capacity: 29,
    isPrimary: true,
  },
] as const;

export type Eni = (typeof enis)[number];

/** A resource of a program, as a user would write it. */
export interface Declared {
  readonly name: string;
  readonly eni: number;
  readonly ownership: "exclusive" | "additive";
  readonly addresses: readonly string[];
  readonly allowUnassignWithEip: boolean;
  /** Whether it lists in unassignOnCreate what stands in its way, as the refusal tells users to. */
  readonly takesOver: boolean;
}

export type Program = readonly Declared[];

/** An error of the API that need not be true. */
interface Code {
  readonly status: number;
  readonly code: string;
}

export type Effect =
  | { readonly error: Code }
  | { readonly drop: "before" | "after" }
  | { readonly delayMs: number }
  | { readonly hang: true; readonly done: boolean }
  | { readonly staleReads: number }
  | { readonly drift: Drift };

export interface Fault {
  readonly action: string;
  readonly skip: number;
  readonly times: number;
  readonly effect: Effect;
}

/** What somebody does to an ENI by hand. */
export interface Drift {
  readonly eni: number;
  readonly assign: readonly string[];
  readonly unassign: readonly string[];
}

/** In which order the engine's requests reach the provider. */
export type Order =
  /** All checks come first, then everything happens side by side. */
  | "together"
  /** A resource's operation begins as soon as it was checked, and the next one is checked meanwhile. */
  | "interleaved"
  /** As with `--parallel 1`. */
  | "serial";

export interface UpStep {
  readonly kind: "up";
  /** Absent: the program is unchanged. */
  readonly program: Program | undefined;
  readonly order: Order;
  readonly faults: readonly Fault[];
  /** How many calls of one kind a limit lets through in a window. */
  readonly limit: number | undefined;
  /** The provider's process is killed while its n-th write is under way. */
  readonly killAtWrite: number | undefined;
}

export type Step =
  | UpStep
  | { readonly kind: "refresh"; readonly faults: readonly Fault[] }
  | { readonly kind: "drift"; readonly drift: Drift }
  | {
      readonly kind: "status";
      readonly eni: number;
      readonly instance: boolean;
      readonly status: string;
      /** Absent: it is final. */
      readonly then: string | undefined;
      readonly afterMs: number;
    }
  | { readonly kind: "eip"; readonly address: string; readonly bind: boolean }
  | {
      readonly kind: "behaviour";
      readonly batch: "atomic" | "partial";
      readonly maxAddressesPerCall: number;
    };

export interface History {
  readonly enis: number;
  readonly batch: "atomic" | "partial";
  /** Whether the account may not read instances: then the quota is unknown. */
  readonly quotaHidden: boolean;
  /** What the ENIs hold when nothing is in the state yet. */
  readonly foreign: readonly Drift[];
  readonly steps: readonly Step[];
}

const assign = "AssignPrivateIpAddresses";
const unassign = "UnassignPrivateIpAddresses";
const describe = "DescribeNetworkInterfaces";

const sometimes = (weight: number, outOf = 100): fc.Arbitrary<boolean> =>
  fc.integer({ min: 0, max: outOf - 1 }).map((n) => n >= outOf - weight);

const someAddresses = fc.subarray(pool, { maxLength: 4 });

const drift = (count: number): fc.Arbitrary<Drift> =>
  fc.record({ eni: fc.nat(count - 1), assign: someAddresses, unassign: fc.subarray(pool, { maxLength: 8 }) });

/** Who of four resources wants an address: mostly one of them, so that most programs can come true. */
function program(count: number): fc.Arbitrary<Program> {
  return fc
    .record({
      resources: fc.array(
        fc.option(
          fc.record({
            eni: fc.nat(count - 1),
            allowUnassignWithEip: sometimes(25),
            takesOver: sometimes(70),
          }),
          { freq: 4, nil: undefined },
        ),
        { minLength: 1, maxLength: 4, size: "max" },
      ),
      exclusive: fc.array(sometimes(60), { minLength: count, maxLength: count }),
      wantedBy: fc.array(fc.integer({ min: -1, max: 3 }), { minLength: pool.length, maxLength: pool.length }),
      // Now and then two of them want the same one.
      clash: sometimes(15).chain((clashes) =>
        clashes
          ? fc.record({ address: fc.constantFrom(...pool), resource: fc.nat(3) })
          : fc.constant(undefined),
      ),
    })
    .map(({ resources, exclusive, wantedBy, clash }) => {
      const taken = new Set<number>();
      return resources.flatMap((resource, index): Declared[] => {
        if (resource === undefined) return [];
        const { eni, allowUnassignWithEip, takesOver } = resource;
        const ownership = exclusive[eni] === true ? "exclusive" : "additive";
        if (ownership === "exclusive" && taken.has(eni)) return [];
        taken.add(eni);
        const addresses = pool.filter(
          (address, at) =>
            (wantedBy[at] ?? -1) === index || (clash?.resource === index && clash.address === address),
        );
        return [{ name: `r${index}`, eni, ownership, addresses, allowUnassignWithEip, takesOver }];
      });
    });
}

const passing: readonly Code[] = [
  { status: 403, code: "Operation.Conflict" },
  { status: 400, code: "Throttling.User" },
  { status: 503, code: "ServiceUnavailable" },
  { status: 500, code: "InternalError" },
  { status: 404, code: "InvalidEniId.NotFound" },
];
const assignErrors: readonly Code[] = [
  ...passing,
  { status: 400, code: "InvalidIp.IpAssigned" },
  { status: 400, code: "IdempotentFailed" },
  { status: 400, code: "InvalidPrivateIpAddress.Duplicated" },
  { status: 403, code: "InvalidOperation.Ipv4CountExceeded" },
  { status: 403, code: "Forbidden.RAM" },
];
const unassignErrors: readonly Code[] = [
  ...passing,
  { status: 400, code: "InvalidIp.IpUnassigned" },
  { status: 403, code: "Forbidden.RAM" },
];
const readErrors: readonly Code[] = passing.filter(({ status }) => status !== 404 && status !== 403);

const error = (codes: readonly Code[]): fc.Arbitrary<Effect> =>
  fc.constantFrom(...codes).map((code) => ({ error: code }));
const drop: fc.Arbitrary<Effect> = fc.constantFrom("before", "after").map((when) => ({ drop: when }));

function fault(count: number): fc.Arbitrary<Fault> {
  const writeEffect = (codes: readonly Code[]) =>
    fc.oneof(
      { weight: 6, arbitrary: error(codes) },
      { weight: 4, arbitrary: drop },
      // Longer than the provider waits for one call, or not.
      { weight: 2, arbitrary: fc.constantFrom(5, 30, 450).map((delayMs) => ({ delayMs })) },
      { weight: 1, arbitrary: fc.boolean().map((done) => ({ hang: true as const, done })) },
      { weight: 3, arbitrary: fc.integer({ min: 1, max: 4 }).map((staleReads) => ({ staleReads })) },
      { weight: 2, arbitrary: drift(count).map((one) => ({ drift: one })) },
    );
  const readEffect = fc.oneof(
    { weight: 4, arbitrary: error(readErrors) },
    { weight: 2, arbitrary: drop },
    { weight: 1, arbitrary: fc.constantFrom(5, 30, 450).map((delayMs) => ({ delayMs })) },
    { weight: 1, arbitrary: drift(count).map((one) => ({ drift: one })) },
  );
  const rule = (action: string, effect: fc.Arbitrary<Effect>): fc.Arbitrary<Fault> =>
    fc.record({
      action: fc.constant(action),
      skip: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(2)),
      // Now and then it lasts until the operation gives up.
      times: fc.oneof({ weight: 30, arbitrary: fc.integer({ min: 1, max: 3 }) }, fc.constant(1_000)),
      effect,
    });
  return fc
    .oneof(
      { weight: 4, arbitrary: rule(assign, writeEffect(assignErrors)) },
      { weight: 4, arbitrary: rule(unassign, writeEffect(unassignErrors)) },
      { weight: 2, arbitrary: rule(describe, readEffect) },
    )
    .map((one) => ("error" in one.effect || one.times === 1 ? one : { ...one, times: 1 }));
}

function step(count: number): fc.Arbitrary<Step> {
  const faults = fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 2, arbitrary: fc.array(fault(count), { minLength: 1, maxLength: 2 }) },
  );
  const up: fc.Arbitrary<Step> = fc.record({
    kind: fc.constant("up" as const),
    program: fc.option(program(count), { freq: 5, nil: undefined }),
    order: fc.constantFrom<Order[]>("together", "together", "interleaved", "serial"),
    faults,
    limit: sometimes(8).chain((limited) =>
      limited ? fc.integer({ min: 1, max: 3 }) : fc.constant(undefined),
    ),
    killAtWrite: sometimes(3).chain((kills) =>
      kills ? fc.integer({ min: 1, max: 3 }) : fc.constant(undefined),
    ),
  });
  const status: fc.Arbitrary<Step> = fc
    .record({
      eni: fc.nat(count - 1),
      instance: fc.boolean(),
      kept: sometimes(20),
      passing: fc.constantFrom("Attaching", "Detaching"),
      instancePassing: fc.constantFrom("Starting", "Stopping"),
      afterMs: fc.constantFrom(10, 60, 200),
    })
    .map(({ eni, instance: ofInstance, kept, passing: eniPassing, instancePassing, afterMs }) => {
      const instance = ofInstance && enis[eni]?.isPrimary === true;
      const final = instance ? "Stopped" : "Deleting";
      const [from, to] = instance
        ? [instancePassing, instancePassing === "Starting" ? "Running" : "Stopped"]
        : [eniPassing, "InUse"];
      if (kept && final === "Deleting")
        return { kind: "status", eni, instance, status: final, then: undefined, afterMs: 0 };
      return { kind: "status", eni, instance, status: from, then: to, afterMs };
    });
  return fc.oneof(
    { weight: 12, arbitrary: up },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("refresh" as const),
        faults: fc.oneof(fc.constant([]), faults),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("drift" as const), drift: drift(count) }) },
    { weight: 2, arbitrary: status },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("eip" as const),
        address: fc.constantFrom(...pool),
        bind: sometimes(70),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("behaviour" as const),
        batch: fc.constantFrom("atomic" as const, "partial" as const),
        maxAddressesPerCall: fc.integer({ min: 3, max: 10 }),
      }),
    },
  );
}

/** A random history of at least eight steps. */
export const history: fc.Arbitrary<History> = fc.integer({ min: 1, max: enis.length }).chain((count) =>
  fc.record({
    enis: fc.constant(count),
    batch: fc.constantFrom("atomic" as const, "partial" as const),
    quotaHidden: sometimes(40),
    foreign: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(drift(count), { maxLength: 2 })),
    steps: fc.array(step(count), { minLength: 8, maxLength: 10 }),
  }),
);
