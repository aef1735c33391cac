import fc from "fast-check";

/** The two kinds that an ENI holds. A resource manages one of them. */
export type Kind = "address" | "prefix";

export function kindOf(text: string): Kind {
  return text.includes("/") ? "prefix" : "address";
}

/** Whether two addresses or prefixes share an address. */
export function overlap(one: string, other: string): boolean {
  if (one === other) return true;
  return kindOf(one) !== kindOf(other) && blockOf(one) === blockOf(other);
}

/** The /28 block around an address or a prefix. */
function blockOf(text: string): string {
  const [address = ""] = text.split("/");
  const [a, b, c, d] = address.split(".");
  return `${a}.${b}.${c}.${Math.floor(Number(d) / 16)}`;
}

/**
 * The addresses and prefixes that programs and drift list. There are few, so that resources and ENIs often list the same
 * ones. The cloud seldom picks one of them from its large block.
 */
export const pool = [
  ...Array.from({ length: 20 }, (_unused, index) => `10.0.8.${100 + index}`),
  ...Array.from({ length: 10 }, (_unused, index) => `10.0.9.${16 * index}/28`),
];
/**
 * The ENIs of a history: one with a large quota, one with a small quota, and the primary ENI of an instance. `capacity` is
 * the instance type's quota for secondary addresses and prefixes.
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

/** A resource of a program. */
export interface Declared {
  readonly name: string;
  readonly eni: number;
  readonly ownership: "exclusive" | "additive";
  readonly kind: Kind;
  /** The list of addresses or prefixes. Empty if there is a count. */
  readonly addresses: readonly string[];
  readonly count: number | undefined;
  readonly allowUnassignWithEip: boolean;
  /** Whether unassignOnCreate lists the ENI's other addresses, as the refusal says. */
  readonly takesOver: boolean;
  /** The option retainOnDelete. */
  readonly retained: boolean;
  /** Whether the program marks the list as secret. */
  readonly secret: boolean;
}

export type Program = readonly Declared[];

/** An API error of a fault. The emulator's state need not match it. */
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

/** A change of an ENI outside Pulumi. */
export interface Drift {
  readonly eni: number;
  readonly assign: readonly string[];
  readonly unassign: readonly string[];
  /** Positions of further addresses to unassign. They may be picked ones. */
  readonly unassignAt: readonly number[];
}

/** The order in which the engine's requests reach the provider. */
export type Order =
  /** All checks come first. Then all operations run in parallel. */
  | "together"
  /** A resource's operation begins right after its check, in parallel with the next check. */
  | "interleaved"
  /** One operation at a time, as with `--parallel 1`. */
  | "serial";

export interface UpStep {
  readonly type: "up";
  /** Absent: the program is unchanged. */
  readonly program: Program | undefined;
  readonly order: Order;
  /** As with `--refresh`: the same process first refreshes all resources. */
  readonly refreshes: boolean;
  /** As with `--continue-on-error`. */
  readonly continueOnError: boolean;
  /** As with `--target`: the names of resources. Absent: all resources. */
  readonly targets: readonly string[] | undefined;
  readonly faults: readonly Fault[];
  /** The rate limit: number of calls of each write action in a time window. */
  readonly limit: number | undefined;
  /** The provider is killed during this write call. */
  readonly killAtWrite: number | undefined;
}

/** The program does not run. */
export interface DestroyStep {
  readonly type: "destroy";
  readonly order: Order;
  readonly refreshes: boolean;
  readonly continueOnError: boolean;
  readonly targets: readonly string[] | undefined;
  readonly faults: readonly Fault[];
}

export type Step =
  | UpStep
  | DestroyStep
  | { readonly type: "refresh"; readonly faults: readonly Fault[] }
  | { readonly type: "drift"; readonly drift: Drift }
  | {
      readonly type: "status";
      readonly eni: number;
      readonly instance: boolean;
      readonly status: string;
      /** Absent: the status is final. */
      readonly then: string | undefined;
      readonly afterMs: number;
    }
  /** Binds or unbinds an EIP at the address in this position of the ENI. */
  | { readonly type: "eip"; readonly eni: number; readonly at: number; readonly bind: boolean }
  | { readonly type: "managed"; readonly eni: number; readonly managed: boolean }
  | {
      readonly type: "behaviour";
      readonly batch: "atomic" | "partial";
      readonly maxAddressesPerCall: number;
    }
  /** Something that is no ENI takes these addresses of the vSwitch, or gives them up. */
  | { readonly type: "occupied"; readonly addresses: readonly string[] };

export interface History {
  readonly enis: number;
  readonly batch: "atomic" | "partial";
  /** How many answers to reads do not show a write yet. */
  readonly replicaLagReads: number;
  /** How long a freed address stays busy. */
  readonly releaseMs: number;
  /** What the cloud's picks depend on. */
  readonly pickSeed: number;
  /** Whether the account may not read instances. Then the quota is unknown. */
  readonly quotaHidden: boolean;
  /** The addresses of the ENIs before the first command. */
  readonly initial: readonly Drift[];
  readonly steps: readonly Step[];
}

const assign = "AssignPrivateIpAddresses";
const unassign = "UnassignPrivateIpAddresses";
const describe = "DescribeNetworkInterfaces";

const sometimes = (weight: number, outOf = 100): fc.Arbitrary<boolean> =>
  fc.integer({ min: 0, max: outOf - 1 }).map((n) => n >= outOf - weight);

const someOfPool = fc.subarray(pool, { maxLength: 4 });

const drift = (count: number): fc.Arbitrary<Drift> =>
  fc.record({
    eni: fc.nat(count - 1),
    assign: someOfPool,
    unassign: fc.subarray(pool, { maxLength: 8 }),
    unassignAt: fc.array(fc.nat(9), { maxLength: 2 }),
  });

/** A program before it becomes a list of resources: which of four resources lists which addresses. */
interface Draft {
  readonly resources: readonly (Resource | undefined)[];
  /** By ENI: whether its resource is exclusive. Then there is only one. */
  readonly exclusive: readonly boolean[];
  /** By address: the resource that lists it. Mostly there is one, so that most programs are possible. */
  readonly desiredBy: readonly number[];
  /** Sometimes a second resource lists the address. */
  readonly clash: { readonly address: string; readonly resource: number } | undefined;
}

interface Resource {
  readonly eni: number;
  readonly kind: Kind;
  readonly count: number | undefined;
  readonly allowUnassignWithEip: boolean;
  readonly takesOver: boolean;
  readonly retained: boolean;
  readonly secret: boolean;
}

/** A change of a program. */
type Edit =
  | { readonly desiredBy: readonly { readonly at: number; readonly resource: number }[] }
  | { readonly index: number; readonly resource: Resource | undefined }
  | { readonly index: number; readonly count: number | undefined }
  | { readonly index: number; readonly kind: Kind }
  | { readonly index: number; readonly allowUnassignWithEip: boolean }
  | { readonly index: number; readonly retained: boolean }
  | { readonly index: number; readonly secret: boolean }
  /** Each ENI and its list get the resource of the next number, as when an ENI is inserted at the front of the program. */
  | { readonly shift: number }
  | { readonly eni: number; readonly exclusive: boolean };

const resourceCount = 4;
const resourceIndex = fc.nat(resourceCount - 1);
/** Mostly small, sometimes more than one call or the small quota allows. */
const addressCount = fc.oneof(
  { weight: 4, arbitrary: fc.nat(8) },
  { weight: 2, arbitrary: fc.nat(1) },
  { weight: 1, arbitrary: fc.integer({ min: 9, max: 14 }) },
);
/** Prefixes with a probability of `weight` percent, else addresses. */
const kindWith = (weight: number): fc.Arbitrary<Kind> =>
  sometimes(weight).map((prefixes) => (prefixes ? "prefix" : "address"));
const maybeCount = fc.option(addressCount, { freq: 2, nil: undefined });

const resource = (count: number): fc.Arbitrary<Resource> =>
  fc.record({
    eni: fc.nat(count - 1),
    kind: kindWith(25),
    count: fc.option(addressCount, { freq: 2, nil: undefined }),
    allowUnassignWithEip: sometimes(25),
    takesOver: sometimes(70),
    retained: sometimes(6),
    secret: sometimes(20),
  });

/** The resource of each address: random, or one for nearly all of them, which then needs several calls. */
const resourceOfAddress: fc.Arbitrary<readonly number[]> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.array(fc.integer({ min: -1, max: 3 }), { minLength: pool.length, maxLength: pool.length }),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(resourceIndex, fc.array(sometimes(80), { minLength: pool.length, maxLength: pool.length }))
      .map(([index, desired]) => desired.map((one) => (one ? index : -1))),
  },
);

const draft = (count: number): fc.Arbitrary<Draft> =>
  fc.record({
    resources: fc.array(fc.option(resource(count), { freq: 4, nil: undefined }), {
      minLength: 1,
      maxLength: 4,
      size: "max",
    }),
    exclusive: fc.array(sometimes(65), { minLength: count, maxLength: count }),
    desiredBy: resourceOfAddress,
    clash: sometimes(8).chain((clashes) =>
      clashes
        ? fc.record({ address: fc.constantFrom(...pool), resource: resourceIndex })
        : fc.constant(undefined),
    ),
  });

const edit = (count: number): fc.Arbitrary<Edit> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .array(fc.record({ at: fc.nat(pool.length - 1), resource: fc.integer({ min: -1, max: 3 }) }), {
          minLength: 1,
          maxLength: 6,
        })
        .map((desiredBy) => ({ desiredBy })),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        index: resourceIndex,
        resource: fc.option(resource(count), { freq: 3, nil: undefined }),
      }),
    },
    { weight: 4, arbitrary: fc.record({ index: resourceIndex, count: maybeCount }) },
    { weight: 2, arbitrary: fc.record({ index: resourceIndex, kind: kindWith(50) }) },
    { weight: 1, arbitrary: fc.record({ index: resourceIndex, allowUnassignWithEip: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ index: resourceIndex, retained: sometimes(30) }) },
    { weight: 1, arbitrary: fc.record({ index: resourceIndex, secret: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ eni: fc.nat(count - 1), exclusive: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ shift: fc.integer({ min: 1, max: 3 }) }) },
  );

function edited(before: Draft, change: Edit): Draft {
  const after: Draft = { ...before, clash: undefined };
  if ("desiredBy" in change) {
    const desiredBy = [...before.desiredBy];
    for (const { at, resource: by } of change.desiredBy) desiredBy[at] = by;
    return { ...after, desiredBy };
  }
  if ("exclusive" in change) {
    return { ...after, exclusive: before.exclusive.with(change.eni, change.exclusive) };
  }
  if ("shift" in change) {
    const resources = Array.from({ length: resourceCount }, (_unused, index) =>
      before.resources.at((index + resourceCount - change.shift) % resourceCount),
    );
    const desiredBy = before.desiredBy.map((by) => (by < 0 ? by : (by + change.shift) % resourceCount));
    return { ...after, resources, desiredBy };
  }
  const { index } = change;
  const resources = Array.from({ length: Math.max(before.resources.length, index + 1) }, (_unused, at) =>
    before.resources.at(at),
  );
  const was = resources[index];
  if ("resource" in change) resources[index] = change.resource;
  else if (was !== undefined) resources[index] = { ...was, ...change };
  return { ...after, resources };
}

function programOf({ resources, exclusive, desiredBy, clash }: Draft): Program {
  const taken = new Set<number>();
  return resources.flatMap((one, index): Declared[] => {
    if (one === undefined) return [];
    const { eni, kind, count, allowUnassignWithEip, takesOver, retained, secret } = one;
    const ownership = exclusive[eni] === true ? "exclusive" : "additive";
    if (ownership === "exclusive" && taken.has(eni)) return [];
    taken.add(eni);
    const name = `r${index}`;
    const options = {
      name,
      eni,
      ownership,
      kind,
      allowUnassignWithEip,
      takesOver,
      retained,
      secret,
    } as const;
    if (count !== undefined && ownership === "exclusive") return [{ ...options, addresses: [], count }];
    const addresses = pool.filter(
      (address, at) =>
        kindOf(address) === kind &&
        ((desiredBy[at] ?? -1) === index || (clash?.resource === index && clash.address === address)),
    );
    return [{ ...options, addresses, count: undefined }];
  });
}

const temporaryErrors: readonly Code[] = [
  { status: 403, code: "Operation.Conflict" },
  { status: 400, code: "Throttling.User" },
  { status: 503, code: "ServiceUnavailable" },
  { status: 500, code: "InternalError" },
  { status: 404, code: "InvalidEniId.NotFound" },
];
const assignErrors: readonly Code[] = [
  ...temporaryErrors,
  { status: 400, code: "InvalidIp.IpAssigned" },
  { status: 400, code: "IdempotentFailed" },
  { status: 400, code: "InvalidPrivateIpAddress.Duplicated" },
  { status: 403, code: "InvalidOperation.Ipv4CountExceeded" },
  { status: 403, code: "Forbidden.RAM" },
];
const unassignErrors: readonly Code[] = [
  ...temporaryErrors,
  { status: 400, code: "InvalidIp.IpUnassigned" },
  { status: 403, code: "Forbidden.RAM" },
];
const readErrors: readonly Code[] = temporaryErrors.filter(({ status }) => status !== 404 && status !== 403);

const error = (codes: readonly Code[]): fc.Arbitrary<Effect> =>
  fc.constantFrom(...codes).map((code) => ({ error: code }));
const drop: fc.Arbitrary<Effect> = fc.constantFrom("before", "after").map((when) => ({ drop: when }));

export function nameOfFault({ action, effect }: Pick<Fault, "action" | "effect">): string {
  const what =
    "error" in effect
      ? effect.error.code
      : "drop" in effect
        ? `drop ${effect.drop}`
        : "hang" in effect
          ? `hang ${effect.done ? "done" : "not done"}`
          : Object.keys(effect).join();
  return `${action.replace(/(PrivateIpAddresses|NetworkInterfaces)$/, "")}: ${what}`;
}

/** The names of all faults that histories may contain. */
export const faultNames: readonly string[] = [
  ...namesFor(assign, assignErrors, writeEffects()),
  ...namesFor(unassign, unassignErrors, writeEffects()),
  ...namesFor(describe, readErrors, readEffects()),
  "limits",
  "killed",
];

function readEffects(): Effect[] {
  const nothing = { eni: 0, assign: [], unassign: [], unassignAt: [] };
  return [{ drop: "before" }, { drop: "after" }, { delayMs: 0 }, { drift: nothing }];
}

function writeEffects(): Effect[] {
  return [...readEffects(), { hang: true, done: true }, { hang: true, done: false }, { staleReads: 0 }];
}

function namesFor(action: string, codes: readonly Code[], others: readonly Effect[]): string[] {
  const effects = [...codes.map((code) => ({ error: code })), ...others];
  return effects.map((effect) => nameOfFault({ action, effect }));
}

function fault(count: number): fc.Arbitrary<Fault> {
  const writeEffect = (codes: readonly Code[]) =>
    fc.oneof(
      { weight: 6, arbitrary: error(codes) },
      { weight: 4, arbitrary: drop },
      // The longest delay exceeds the provider's time-out for one call.
      { weight: 2, arbitrary: fc.constantFrom(15, 90, 1_350).map((delayMs) => ({ delayMs })) },
      { weight: 1, arbitrary: fc.boolean().map((done) => ({ hang: true as const, done })) },
      { weight: 3, arbitrary: fc.integer({ min: 1, max: 4 }).map((staleReads) => ({ staleReads })) },
      { weight: 2, arbitrary: drift(count).map((one) => ({ drift: one })) },
    );
  const readEffect = fc.oneof(
    { weight: 4, arbitrary: error(readErrors) },
    { weight: 2, arbitrary: drop },
    { weight: 1, arbitrary: fc.constantFrom(15, 90, 1_350).map((delayMs) => ({ delayMs })) },
    { weight: 1, arbitrary: drift(count).map((one) => ({ drift: one })) },
  );
  const rule = (action: string, effect: fc.Arbitrary<Effect>): fc.Arbitrary<Fault> =>
    fc.record({
      action: fc.constant(action),
      skip: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(2)),
      // Sometimes the fault lasts until the operation fails.
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

/** A step that holds a change of the previous program instead of the program. */
type DraftStep = Exclude<Step, UpStep> | (Omit<UpStep, "program"> & { readonly change: Change });
/** Absent: the program is unchanged. */
type Change = { readonly draft: Draft } | { readonly edits: readonly Edit[] } | undefined;

/** Replaces the change of each step by its program. */
function withPrograms(first: Draft, steps: readonly DraftStep[]): Step[] {
  let current = first;
  let isFirst = true;
  return steps.map((one): Step => {
    if (one.type !== "up") return one;
    const { change: changed, ...rest } = one;
    if (isFirst) {
      isFirst = false;
      return { ...rest, program: programOf(first) };
    }
    if (changed === undefined) return { ...rest, program: undefined };
    current = "draft" in changed ? changed.draft : changed.edits.reduce(edited, current);
    return { ...rest, program: programOf(current) };
  });
}

function change(count: number): fc.Arbitrary<Change> {
  const edits: fc.Arbitrary<Change> = fc
    .array(edit(count), { minLength: 1, maxLength: 3 })
    .map((some) => ({ edits: some }));
  const newDraft: fc.Arbitrary<Change> = draft(count).map((one) => ({ draft: one }));
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant(undefined) },
    { weight: 4, arbitrary: edits },
    { weight: 1, arbitrary: newDraft },
  );
}

function step(count: number): fc.Arbitrary<DraftStep> {
  const faults = fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 2, arbitrary: fc.array(fault(count), { minLength: 1, maxLength: 2 }) },
  );
  const order = fc.constantFrom<Order[]>("together", "together", "interleaved", "serial");
  const targetsWith = (weight: number) =>
    sometimes(weight).chain((targeted) =>
      targeted
        ? fc.subarray(["r0", "r1", "r2", "r3"], { minLength: 1, maxLength: 3 })
        : fc.constant(undefined),
    );
  const up: fc.Arbitrary<DraftStep> = fc.record({
    type: fc.constant("up" as const),
    change: change(count),
    order,
    refreshes: sometimes(15),
    continueOnError: sometimes(25),
    targets: targetsWith(15),
    faults,
    limit: sometimes(8).chain((limited) =>
      limited ? fc.integer({ min: 1, max: 3 }) : fc.constant(undefined),
    ),
    killAtWrite: sometimes(3).chain((kills) =>
      kills ? fc.integer({ min: 1, max: 3 }) : fc.constant(undefined),
    ),
  });
  const status: fc.Arbitrary<DraftStep> = fc
    .record({
      eni: fc.nat(count - 1),
      instance: fc.boolean(),
      isFinal: sometimes(20),
      passing: fc.constantFrom("Attaching", "Detaching"),
      instancePassing: fc.constantFrom("Starting", "Stopping"),
      afterMs: fc.constantFrom(30, 180, 600),
    })
    .map(({ eni, instance: ofInstance, isFinal, passing: eniPassing, instancePassing, afterMs }) => {
      const instance = ofInstance && enis[eni]?.isPrimary === true;
      const final = instance ? "Stopped" : "Deleting";
      const [from, to] = instance
        ? [instancePassing, instancePassing === "Starting" ? "Running" : "Stopped"]
        : [eniPassing, "InUse"];
      if (isFinal && final === "Deleting")
        return { type: "status", eni, instance, status: final, then: undefined, afterMs: 0 };
      return { type: "status", eni, instance, status: from, then: to, afterMs };
    });
  const destroy: fc.Arbitrary<DraftStep> = fc.record({
    type: fc.constant("destroy" as const),
    order,
    refreshes: sometimes(30),
    continueOnError: sometimes(25),
    targets: targetsWith(60),
    faults,
  });
  return fc.oneof(
    { weight: 12, arbitrary: up },
    { weight: 1, arbitrary: destroy },
    {
      weight: 3,
      arbitrary: fc.record({
        type: fc.constant("refresh" as const),
        faults: fc.oneof(fc.constant([]), faults),
      }),
    },
    { weight: 3, arbitrary: fc.record({ type: fc.constant("drift" as const), drift: drift(count) }) },
    { weight: 2, arbitrary: status },
    {
      weight: 2,
      arbitrary: fc.record({
        type: fc.constant("eip" as const),
        eni: fc.nat(count - 1),
        at: fc.nat(9),
        bind: sometimes(80),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constant("managed" as const),
        eni: fc.nat(count - 1),
        managed: sometimes(40),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constant("behaviour" as const),
        batch: fc.constantFrom("atomic" as const, "partial" as const),
        maxAddressesPerCall: fc.integer({ min: 3, max: 10 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constant("occupied" as const),
        addresses: fc.subarray(pool.slice(0, 20), { maxLength: 2 }),
      }),
    },
  );
}

/** A random history of at least eight steps. Its first command creates resources. */
export const history: fc.Arbitrary<History> = fc.integer({ min: 1, max: enis.length }).chain((count) =>
  fc
    .record({
      enis: fc.constant(count),
      batch: fc.constantFrom("atomic" as const, "partial" as const),
      replicaLagReads: sometimes(30).map(Number),
      releaseMs: sometimes(30).map((busy) => (busy ? 40 : 0)),
      pickSeed: fc.nat(1_000),
      quotaHidden: sometimes(40),
      initial: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(drift(count), { maxLength: 2 })),
      first: draft(count),
      steps: fc.array(step(count), { minLength: 8, maxLength: 10 }),
    })
    .map(({ first, steps, ...rest }) => ({ ...rest, steps: withPrograms(first, steps) })),
);
