import { EcsError, isCallTimeout } from "../ecs/ecs-error";
import { sentenceOf, type Holder } from "../ecs/holders";
import type { ModeInput } from "../plan/plan";
import type { Refusal } from "../plan/refusals";
import { addressesInBoth, sortedAddresses } from "../shared/addresses";
import type { Deadline } from "../shared/deadline";

/** An operation that cannot succeed: the message is for the user, and says what to do. @internal */
export class OperationError extends Error {
  override readonly name: string = "OperationError";
}

/** There is no such ENI. For a delete or a read this is an answer, not a failure. @internal */
export class EniNotFoundError extends OperationError {
  override readonly name = "EniNotFoundError";

  constructor(networkInterfaceId: string, region: string) {
    super(
      `ENI ${networkInterfaceId} does not exist in region ${region}; check the id, the region and the account of ` +
        `the credentials, and run \`pulumi refresh\` if the ENI was deleted on purpose`,
    );
  }
}

/** Something that may be so new that the API does not show it yet. @internal */
export class NotVisibleError extends OperationError {
  override readonly name: string = "NotVisibleError";
}

/** An ENI that the API does not show, and that the state does not know. @internal */
export class EniNotVisibleError extends NotVisibleError {
  override readonly name = "EniNotVisibleError";

  /** @param account - the account of the credentials, if it is known */
  constructor(
    readonly networkInterfaceId: string,
    readonly region: string,
    account?: string,
  ) {
    const toAccount = account === undefined ? "" : `, or is not visible to account ${account}`;
    super(
      `ENI ${networkInterfaceId} does not exist in region ${region}${toAccount}; check the id, the region and the account of ` +
        `the credentials`,
    );
  }
}

/** A plan that must not begin. The ENI stays as it is. @internal */
export class PlanRefusedError extends OperationError {
  override readonly name = "PlanRefusedError";
  /** Whether the refusal names a refresh as its remedy. */
  readonly refreshHelps: boolean;

  /** @param waited - whether the operation has waited for other resources of the program */
  constructor(refusals: readonly Refusal[], { waited = false } = {}) {
    const reasons = refusals.map(({ property, reason }) => `${property}: ${reason}`);
    super([...reasons, ...(waited ? [waitedInVain] : [])].join("; "));
    this.refreshHelps = refusals.some(({ refreshHelps = false }) => refreshHelps);
  }
}

const waitedInVain =
  "no other resource of this program released what blocks this one in time; if one is to do that, do not use " +
  "`--parallel 1`, or let this resource depend on it with `dependsOn`";

/** A delete that must not happen: no other state would own these addresses. @internal */
export class OrphanedError extends OperationError {
  override readonly name = "OrphanedError";

  /** @param orphans - each with the resources that claim it and have failed */
  constructor(
    networkInterfaceId: string,
    orphans: readonly { readonly address: string; readonly failed: readonly string[] }[],
  ) {
    const addresses = orphans.map(({ address }) => address).join(", ");
    const names = [...new Set(orphans.flatMap(({ failed }) => failed))].map((name) => `"${name}"`);
    const failed =
      names.length === 1 ? `the resource ${names.join()} has` : `the resources ${names.join(", ")} have`;
    super(
      `cannot give up ${addresses} on ${networkInterfaceId}: no other state owns what this program lists elsewhere, because ` +
        `${failed} failed; correct that, or change what the program lists there, and run \`pulumi up\` again`,
    );
  }
}

/** A reason to wait, such as a passing status. @internal */
export class NotReadyYet extends Error {
  override readonly name = "NotReadyYet";
}

/** Addresses or prefixes that the API has refused, each with its last refusal; the rest is done. @internal */
export class ItemsRefusedError extends Error {
  override readonly name = "ItemsRefusedError";

  constructor(
    readonly refusals: ReadonlyMap<string, EcsError>,
    holders: readonly Holder[] | undefined,
  ) {
    super(explainItems(refusals, holders).join("; "));
  }
}

/** Nothing more may be written, whatever the operation. @internal */
export class StoppedError extends OperationError {
  override readonly name: string = "StoppedError";
}

/** The user has cancelled the command. The engine waits for the record of what is done. @internal */
export class CancelledError extends StoppedError {
  override readonly name = "CancelledError";

  constructor() {
    super("cancelled; nothing more is written");
  }
}

/** The engine that started this process is gone. The next run must find the ENI unchanged from now on. @internal */
export class EngineGoneError extends StoppedError {
  override readonly name = "EngineGoneError";

  constructor() {
    super("the Pulumi engine that asked for this operation is gone; nothing more is written");
  }
}

/** Whether the API has refused to assign because an address is taken, here or elsewhere. @internal */
export function isTaken(error: unknown): boolean {
  return (
    error instanceof EcsError && error.verdict === "stale" && error.action === "AssignPrivateIpAddresses"
  );
}

/** The refusals of the API that the error consists of. @internal */
export function refusalsIn(error: unknown): readonly EcsError[] {
  if (error instanceof ItemsRefusedError) return [...error.refusals.values()];
  return error instanceof EcsError ? [error] : [];
}

/** Whether another ENI may hold what the API refused to assign. @internal */
export function mayBeHeld(error: unknown): boolean {
  return refusalsIn(error).some(isTaken);
}

/** A difficulty that is waited for, in one line. Attempts differ in their RequestId only, so it has none. @internal */
export function describeDifficulty(
  error: unknown,
  networkInterfaceId: string,
  holders: readonly Holder[],
): string {
  if (error instanceof ItemsRefusedError) return `${networkInterfaceId}: ${error.message}`;
  if (isTaken(error) && holders.length > 0)
    return `${networkInterfaceId}: ${holders.map(sentenceOf).join("; ")}`;
  return error instanceof EcsError
    ? `${networkInterfaceId}: ${error.action}: ${error.code}: ${error.reason.replace(/[.\s]+$/, "")}`
    : (error as Error).message;
}

/** What the message depends on besides the error. @internal */
export interface FailureCircumstances {
  readonly networkInterfaceId: string;
  readonly region: string;
  readonly deadline: Deadline;
  /** The input that lists the wanted addresses. */
  readonly input: ModeInput;
  /** Wanted addresses outside the vSwitch, with the reason, where the API refused one. */
  readonly unusable: readonly string[];
  /** Which other ENIs hold wanted addresses, where the API refused one for that; `undefined` where they cannot be read. */
  readonly holders: readonly Holder[] | undefined;
  /** Whether the operation has waited for other resources of the program to make room. */
  readonly waitedForRoom: boolean;
  /** The time that an optional read took in vain, which a call without an answer then lacked. */
  readonly lost?: { readonly ms: number; readonly why: Error } | undefined;
}

const waitForRelease =
  "the address did not become free in time. If it was moved by hand, run `pulumi up --refresh`, which moves it back " +
  "from an ENI that this program manages exclusively, or unassign it there. If another resource of this program " +
  "is to release it, let this one depend on it with `dependsOn`, or do not use `--parallel 1`, or use " +
  "`--continue-on-error` and run `pulumi up` again; if that resource is being deleted, give it an empty list for " +
  "one `pulumi up` first";

/** What is wrong with each address or prefix, those of one reason together. */
function explainItems(
  refusals: ReadonlyMap<string, EcsError>,
  holders: readonly Holder[] | undefined,
): string[] {
  const held = (holders ?? []).flatMap(({ addresses }) => addresses);
  const taken = [...refusals].filter(([, error]) => error.verdict === "stale");
  const inUse = taken.filter(([, { action }]) => action === "AssignPrivateIpAddresses").map(([one]) => one);
  const free = inUse.filter((one) => !held.includes(one));
  const shown = taken.filter(([one]) => !inUse.includes(one)).map(([one]) => one);
  return [
    ...(holders ?? [])
      .map(({ id, addresses }) => ({ id, addresses: addressesInBoth(addresses, inUse) }))
      .filter(({ addresses }) => addresses.length > 0)
      .map(sentenceOf),
    ...sentence(
      free,
      holders === undefined ? "in use; which ENI holds it cannot be read" : "in use, but no ENI holds it",
    ),
    ...sentence(shown, "unassigned by the API's answer, but reads still show it"),
    ...[...refusals]
      .filter(([, error]) => error.verdict !== "stale")
      .map(([one, error]) => `${one}: ${error.message}`),
  ];
}

/** `10.0.1.20 is …`, or `10.0.1.20, 10.0.1.21 are …`. */
function sentence(addresses: readonly string[], what: string): string[] {
  const [first, ...more] = sortedAddresses(addresses);
  if (first === undefined) return [];
  if (more.length === 0) return [`${first} is ${what}`];
  return [`${[first, ...more].join(", ")} are ${what.replace(/ it\b/g, " them")}`];
}

/** What to do about them. */
function remediesFor(
  { refusals }: ItemsRefusedError,
  { input, holders, networkInterfaceId }: FailureCircumstances,
): string[] {
  const held = (holders ?? []).flatMap(({ addresses }) => addresses);
  const stale = [...refusals].filter(([, { verdict }]) => verdict === "stale");
  const taken = stale.filter(([, { action }]) => action === "AssignPrivateIpAddresses");
  const isHeld = taken.some(([one]) => held.includes(one)) || (taken.length > 0 && holders === undefined);
  const isUsed = taken.some(([one]) => !held.includes(one));
  const change = `remove it from ${input}, choose another address`;
  const [[, error] = []] = stale;
  return [
    ...(isUsed
      ? [
          `something else in the vSwitch (such as RDS or SLB) may use it; ${change}, or release it there, and run ` +
            "`pulumi up` again",
        ]
      : []),
    ...(isHeld ? [waitForRelease] : []),
    ...(stale.length > taken.length
      ? [`something else may be changing ${networkInterfaceId} at the same time`]
      : []),
    ...(stale.length < refusals.size ? [`${change}, and run \`pulumi up\` again`] : []),
    ...(error === undefined ? [] : [error.message]),
  ];
}

/** The error that an operation ends with, as a message for the user. @internal */
export function explainFailure(error: unknown, circumstances: FailureCircumstances): OperationError {
  const { networkInterfaceId, region, deadline, unusable, holders, waitedForRoom, lost } = circumstances;
  if (error instanceof OperationError) return error;
  if (error instanceof ItemsRefusedError) {
    return new OperationError(
      [...unusable, ...explainItems(error.refusals, holders), ...remediesFor(error, circumstances)].join(
        "; ",
      ),
    );
  }
  const seconds = Math.round(deadline.totalMs / 100) / 10;
  if (error instanceof NotReadyYet) {
    return new OperationError(
      `${error.message}; gave up after ${seconds} s. Run \`pulumi up\` again, or raise customTimeouts`,
    );
  }
  if (!(error instanceof EcsError)) throw error;
  switch (error.verdict) {
    case "not-found":
      // Reads still show the ENI, or the error would be an EniNotFoundError. So it must not count as gone.
      return new OperationError(
        `${error.message}; reads in region ${region} show ${networkInterfaceId} all the same; run \`pulumi up\` again`,
      );
    case "throttled":
    case "transient":
    case "conflict":
    case "state":
      return new OperationError(
        `${error.message}; it kept failing until the time-out of ${seconds} s` +
          (lost !== undefined && isCallTimeout(error)
            ? `, of which ${lost.ms} ms went to ${lost.why.message}`
            : "") +
          ". Run `pulumi up` again, or raise customTimeouts",
      );
    case "stale":
      if (error.action !== "AssignPrivateIpAddresses") {
        return new OperationError(
          `${error.message}; reads show the addresses all the same. Something else may be changing ` +
            `${networkInterfaceId} at the same time; stop that, and run \`pulumi up\` again`,
        );
      }
      return new OperationError(
        [error.message, ...(holders ?? []).map(sentenceOf), waitForRelease].join("; "),
      );
    case "token-burnt":
      return new OperationError(`${error.message}; new tokens did not help, run \`pulumi up\` again`);
    case "quota":
      return new OperationError(
        [
          error.message,
          `${networkInterfaceId} can hold no more addresses, which its instance's type decides while it is attached: want ` +
            `fewer, or spread them over more ENIs`,
          ...(waitedForRoom ? [waitedInVain] : []),
        ].join("; "),
      );
    case "invalid-parameter":
    case "final":
      return new OperationError([...unusable, error.message].join("; "));
  }
}
