import { heldBy, onlyKind, type Kind, type NetworkInterface } from "../ecs/port";
import type { Verdict } from "../ecs/verdict";
import type { Step } from "../plan/steps";
import { addressesOnlyIn, sortedAddresses } from "../shared/addresses";

/** How a call ended: what its answer names of the picked addresses, or the verdict on its error. @internal */
export type CallOutcome = { readonly named: readonly string[] } | { readonly verdict: Verdict };

/** A call that was sent. @internal */
export interface Call {
  readonly step: Step;
  /** What the ENI was known to hold before it. */
  readonly before: readonly string[];
  /** Absent for an unassign, which takes no ClientToken. */
  readonly token: string | undefined;
  readonly outcome: CallOutcome;
}

/**
 * Which calls an operation has made on its ENI, what the reads between them showed, and what follows from both: what the
 * ENI holds, what reads do not show yet, what the cloud has picked, which ClientToken a call uses. Pure: no clock, no I/O.
 * @internal
 */
export class CallJournal {
  private readonly calls: Call[] = [];
  private lastRead: NetworkInterface | undefined;
  /** Addresses of confirmed calls that no read has shown yet. */
  private readonly unsettled = new Map<string, Step["action"]>();
  /** How many the ENI holds at least after a confirmed pick whose answer named nothing. */
  private readonly atLeast = new Map<Kind, number>();
  /** The pick whose addresses only a read can tell. */
  private unnamedPick: Call | undefined;
  private readonly pickedByCloud = new Set<string>();
  /** What the ENI held before the first call. */
  heldBefore: readonly string[] = [];

  /** The ENI was read. */
  addRead(eni: NetworkInterface): void {
    this.lastRead = eni;
    if (!this.wrote) this.heldBefore = heldBy(eni);
    const held = new Set(heldBy(eni));
    for (const [address, action] of this.unsettled) {
      // A change that one read has shown is settled for good.
      if (held.has(address) === (action === "assign")) this.unsettled.delete(address);
    }
    this.attributeUnnamedPick(eni);
  }

  /** A call was sent and has ended. */
  addCall(call: Call): void {
    const { step, outcome, before } = call;
    this.calls.push(call);
    if (!("named" in outcome)) {
      if (step.pick !== undefined && outcome.verdict === "transient") this.unnamedPick = call;
      return;
    }
    const addresses = [...step.addresses, ...outcome.named];
    for (const address of addresses) this.unsettled.set(address, step.action);
    if (step.pick === undefined) return;
    const present = onlyKind(step.kind, before);
    for (const one of addressesOnlyIn(outcome.named, present)) this.pickedByCloud.add(one);
    this.unnamedPick = outcome.named.length > 0 ? undefined : call;
    if (outcome.named.length === 0) this.atLeast.set(step.kind, present.length + step.pick);
  }

  /** Stop waiting for reads to show confirmed calls. The next plan asks for the difference again. */
  abandonUnsettled(): void {
    this.unsettled.clear();
    this.atLeast.clear();
  }

  /** Whether a call was sent, whatever its outcome. */
  get wrote(): boolean {
    return this.calls.length > 0;
  }

  /**
   * The ENI as far as it is known: the last read, and the confirmed calls that no read has shown yet. A read may lag behind
   * them. `undefined` before the first read.
   */
  get known(): NetworkInterface | undefined {
    if (this.lastRead === undefined) return undefined;
    const changes = [...this.unsettled];
    const gone = changes.flatMap(([address, action]) => (action === "unassign" ? [address] : []));
    const come = changes.flatMap(([address, action]) => (action === "assign" ? [address] : []));
    const held = [...addressesOnlyIn(heldBy(this.lastRead), gone), ...come];
    return {
      ...this.lastRead,
      secondaryIpAddresses: onlyKind("address", held),
      ipv4Prefixes: onlyKind("prefix", held),
    };
  }

  /** What the ENI is known to hold. */
  get held(): readonly string[] {
    return this.known === undefined ? [] : heldBy(this.known);
  }

  /** What the cloud has picked for this operation, as far as its answers, or reads after a lost one, show it. */
  get picked(): readonly string[] {
    return [...this.pickedByCloud];
  }

  /** What confirmed calls have assigned, as far as their answers say. */
  get assigned(): readonly string[] {
    return this.calls.flatMap(({ step, outcome }) =>
      step.action === "assign" && "named" in outcome ? [...step.addresses, ...outcome.named] : [],
    );
  }

  /**
   * What failed assigns may have assigned: an answer was lost, or the API refused several addresses at once. Whether a refused
   * call is carried out in part is not documented.
   */
  get attempted(): readonly string[] {
    return this.calls.filter(mayHaveAssigned).flatMap(({ step }) => step.addresses);
  }

  /** What confirmed calls have changed and the last read does not show. */
  get notShown(): readonly string[] {
    const unnamed = [...this.atLeast].reduce(
      (sum, [kind, count]) => sum + Math.max(0, count - onlyKind(kind, this.held).length),
      0,
    );
    return [...this.unsettled.keys(), ...(unnamed > 0 ? [`${unnamed} that the cloud picked`] : [])];
  }

  /**
   * The ClientToken of an earlier call with the same content, if the call has to be the same request again.
   *
   * A token belongs to the content of one request. Only a repetition after an unknown outcome uses it again. A token
   * derived from names would replay an old success
   * (https://www.alibabacloud.com/help/en/ecs/developer-reference/how-to-ensure-idempotence).
   */
  tokenFor(step: Step): string | undefined {
    const content = contentOf(step, this.held);
    const earlier = this.calls.findLast((call) => contentOf(call.step, call.before) === content);
    return earlier === undefined || isSpent(earlier) ? undefined : earlier.token;
  }

  /**
   * A read shows what came by a pick that named nothing, if exactly the requested number is new. Fewer may still appear. If
   * more appeared than requested, attribute none.
   */
  private attributeUnnamedPick(eni: NetworkInterface): void {
    if (this.unnamedPick === undefined) return;
    const { step, before } = this.unnamedPick;
    const newcomers = addressesOnlyIn(heldBy(eni, step.kind), before);
    if (newcomers.length >= (step.pick ?? 0)) this.unnamedPick = undefined;
    if (newcomers.length === step.pick) for (const one of newcomers) this.pickedByCloud.add(one);
  }
}

function mayHaveAssigned({ step, outcome }: Call): boolean {
  if (step.action !== "assign" || "named" in outcome) return false;
  return outcome.verdict === "transient" || step.addresses.length > 1;
}

/** A pick that took effect is followed by one beside other addresses: its content differs. */
function contentOf({ action, kind, addresses, pick }: Step, before: readonly string[]): string {
  return [
    action,
    ...(pick === undefined ? addresses : [`pick ${pick} ${kind} beside`, ...sortedAddresses(before)]),
  ].join(",");
}

/** Whether the same request needs a new token to take effect. */
function isSpent({ step, before, outcome }: Call): boolean {
  // Only a request whose outcome is unknown, or that still runs, keeps its token.
  if ("verdict" in outcome) return !["transient", "conflict", "throttled"].includes(outcome.verdict);
  if (step.pick === undefined) return true;
  // A confirmed pick that no read shows keeps its token: a repeat then returns the same addresses. If the answer names
  // addresses that were there before, the cloud picked what had just left, and reads may never show a difference.
  return outcome.named.length > 0 && addressesOnlyIn(outcome.named, before).length === 0;
}
