import fc from "fast-check";
import {
  enis,
  kindOf,
  pool,
  type Code,
  type Declared,
  type Drift,
  type Effect,
  type Fault,
  type History,
  type Kind,
  type Order,
  type Program,
  type Step,
  type UpStep,
} from "./history";

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
  /** The index before a rename with an alias. */
  readonly formerIndex?: number;
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
  | { readonly rename: { readonly from: number; readonly to: number } }
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
    {
      weight: 2,
      arbitrary: fc.record({ rename: fc.record({ from: resourceIndex, to: resourceIndex }) }),
    },
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
  if ("rename" in change) {
    const { from, to } = change.rename;
    const renamed = before.resources[from];
    if (renamed === undefined || before.resources[to] !== undefined) return after;
    const resources = Array.from({ length: resourceCount }, (_unused, at) =>
      at === to ? { ...renamed, formerIndex: from } : at === from ? undefined : before.resources.at(at),
    );
    return { ...after, resources, desiredBy: before.desiredBy.map((by) => (by === from ? to : by)) };
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
    const { eni, kind, count, allowUnassignWithEip, takesOver, retained, secret, formerIndex } = one;
    const ownership = exclusive[eni] === true ? "exclusive" : "additive";
    if (ownership === "exclusive" && taken.has(eni)) return [];
    taken.add(eni);
    const name = `r${index}`;
    const isRenamed = formerIndex !== undefined && resources[formerIndex] === undefined;
    const options = {
      name,
      alias: isRenamed ? `r${formerIndex}` : undefined,
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
    previews: sometimes(50),
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
