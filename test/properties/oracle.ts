import type { Cloud, Write } from "./cloud";
import { isNewer, type Ages } from "./ages";
import type { Answer, Saved } from "./engine";
import { enis, kindOf, pool, type Fault, type Kind } from "./history";
import { abandonedAddresses, wants } from "./owners";
import { deleteTimeoutMs, type Desired } from "./program";
import { addressesOf, listedIn, listIn, managedKind, numerically } from "./properties";

/** The provider's time-out for one call, less a margin for a busy machine. */
const minCallTimeoutMs = 750;
/** A margin for a busy machine, which still reveals a wait without end. */
const durationMarginMs = 20_000;
/** A request may be on its way when something becomes known; on a busy machine for this long. */
const inFlightMs = 200;
/** The default number of addresses in one request. */
const batchSize = 10;
/** How often one request may succeed. Stale reads cause fewer repetitions: more of them are a loop. */
const maxSuccesses = 10;
/** Messages that show a bug of the provider, for all answers of the API. */
const providerBug =
  /TypeError|ReferenceError|is not a function|undefined|cannot read|an operation succeeded/i;

/** The error of an operation that its time-out has ended. On a busy machine this happens without a fault. */
const timeIsUp = /no answer in time|gave up after|until the time-out|did not end within/;

/**
 * Judges one command by the emulator's world and call log, the state before, and the program. It does not use the
 * provider's plans. Each violation is a text.
 */
export class Oracle {
  readonly violations: string[] = [];
  private readonly stateBefore: readonly Saved[];
  private readonly acceptsWritesFromMs: ReadonlyMap<string, number>;
  private readonly eipBound: ReadonlyMap<string, readonly string[]>;
  /** When each resource's check was answered, or the program had told what the resource wants. */
  private readonly knownAtMs = new Map<string, number>();
  /** The last answer of each resource, except of deletes. */
  private readonly lastAnswer = new Map<string, Answer>();
  /** When the last operation of each resource began. */
  private readonly beganAtMs = new Map<string, number>();
  /** When each operation began. */
  private readonly beginningsMs: number[] = [];
  /** The records of successful creates and updates of this command, with their times. */
  private readonly recorded: { name: string; eni: string; addresses: readonly string[]; atMs: number }[] = [];
  private readonly heldBefore: ReadonlyMap<string, readonly string[]>;
  private readonly serviceManaged: readonly string[];

  constructor(
    private readonly cloud: Cloud,
    private readonly command: {
      readonly eniCount: number;
      /** Whether reads may lag behind writes. */
      readonly replicas: boolean;
      readonly state: ReadonlyMap<string, Saved>;
      /** The resources that the engine asks for. */
      readonly desired: readonly Desired[];
      /** The resources of the program that are outside `--target`. */
      readonly untargeted: readonly Desired[];
      /** The names of the resources in `--target`; `undefined` without it. */
      readonly targets: ReadonlySet<string> | undefined;
      readonly faults: readonly Fault[];
      readonly limited: boolean;
      readonly kills: boolean;
      readonly timeoutMs: number;
      readonly ages: Ages;
      /**
       * The additive resources that may leave addresses which they drop: docs/native-plugin.md, a rename with an alias in an `up`
       * that refreshes first.
       */
      readonly abandons: ReadonlySet<string>;
    },
  ) {
    this.heldBefore = new Map(enis.slice(0, command.eniCount).map(({ id }) => [id, cloud.held(id)]));
    this.serviceManaged = cloud.serviceManaged();
    this.stateBefore = [...command.state.values()];
    this.acceptsWritesFromMs = cloud.acceptsWritesFromMs(command.eniCount);
    this.eipBound = new Map(enis.slice(0, command.eniCount).map(({ id }) => [id, cloud.eipBound(id)]));
  }

  /** The provider knows what the resource lists: its check was answered, or the program has told it. */
  isKnown(name: string, atMs = Date.now()): void {
    if (!this.knownAtMs.has(name)) this.knownAtMs.set(name, atMs);
  }

  /** Whether the provider knew what the resource lists when it sent the call that arrived at `arrivedMs`. */
  private wasKnownBefore(name: string, arrivedMs: number): boolean {
    const knownMs = this.knownAtMs.get(name) ?? Infinity;
    const isOlderThanOperation = this.beginningsMs.some(
      (beganMs) => knownMs < beganMs && beganMs <= arrivedMs,
    );
    return isOlderThanOperation || knownMs + inFlightMs < arrivedMs;
  }

  /** Judges an answer. Call it at once: the record must match the ENI at this moment. */
  judge(answer: Answer): void {
    const { operation, outcome, name, message } = answer;
    if (outcome !== "killed" && providerBug.test(message)) this.violate(`${name}: ${operation}: ${message}`);
    if (operation === "check" && outcome === "done") this.isKnown(name, answer.atMs);
    if (operation !== "delete") this.lastAnswer.set(name, answer);
    if (operation !== "check") {
      this.beganAtMs.set(name, answer.atMs - answer.tookMs);
      this.beginningsMs.push(answer.atMs - answer.tookMs);
    }
    if (operation === "create" || operation === "update" || operation === "read") this.judgeRecord(answer);
    if (operation === "delete") this.judgeDelete(answer);
    const { after } = answer;
    if ((operation === "create" || operation === "update") && outcome === "done" && after !== undefined) {
      this.judgeShrinking(answer, after);
      this.judgeLeftovers(answer, addressesOf(after));
      this.recorded.push({ name, eni: after.id, addresses: addressesOf(after), atMs: answer.atMs });
    }
    this.judgeGrowth();
    this.judgeDuration(answer);
  }

  /**
   * Call it after a successful command. An address that the ENI held before, and that the state lists now, must still be on
   * the ENI: no other resource may have unassigned it. With `--target`, an update may come before the program has told what
   * a resource outside the target lists.
   */
  judgeEnd(state: ReadonlyMap<string, Saved>): void {
    if (this.command.kills) return;
    for (const saved of state.values()) {
      if (this.isDrifting(saved.id)) continue;
      if (!this.command.desired.some(({ name }) => name === saved.name)) continue;
      const held = this.cloud.held(saved.id);
      const lost = (this.heldBefore.get(saved.id) ?? []).filter(
        (one) => addressesOf(saved).includes(one) && !held.includes(one),
      );
      if (lost.length > 0)
        this.violate(
          `${saved.name} is recorded with ${lost.join(", ")}, which this command unassigned from ${saved.id}`,
        );
    }
  }

  /** Call it after every command. Some state must own what the states owned before, as far as the ENIs hold it. */
  judgeOwners(state: ReadonlyMap<string, Saved>): void {
    const { kills, faults, desired, untargeted } = this.command;
    if (kills || faults.some(({ effect }) => "staleReads" in effect)) return;
    const abandoned = abandonedAddresses({
      before: this.stateBefore.filter((saved) => !this.isDrifting(saved.id) && !this.mayAbandon(saved)),
      after: [...state.values()],
      held: (eni) => this.cloud.held(eni),
      untouched: (giver) => [...untargeted, ...desired.filter((one) => this.isUntouched(one, giver))],
    });
    for (const text of abandoned) this.violate(text);
  }

  private mayAbandon({ name, outputs }: Saved): boolean {
    return outputs.ownership === "additive" && this.command.abandons.has(name);
  }

  /** Whether the engine has begun no operation of the resource, and the giver could not know that its check fails. */
  private isUntouched({ name, eniId }: Desired, giver: Saved): boolean {
    const last = this.lastAnswer.get(name);
    if (last === undefined) return true;
    if (last.operation === "check")
      return last.outcome !== "refused" || last.atMs >= (this.beganAtMs.get(giver.name) ?? 0);
    return last.operation === "create" && last.inputs.networkInterfaceId !== eniId;
  }

  /** Judges the command's write calls. Call it after the command. */
  judgeCalls(): void {
    const writes = this.cloud.writes();
    const contentOfToken = new Map<string, string>();
    const successes = new Map<string, number>();
    writes.forEach((write, index) => {
      this.judgeWrite(write, writes.slice(0, index));
      this.judgeAnswer(write, writes.slice(0, index));
      this.judgeRetry(write, writes.slice(0, index));
      const token = write.call.params.ClientToken;
      if (token === undefined) return;
      const content = `${write.eni} ${write.pick} ${write.addresses.join()}`;
      const before = contentOfToken.get(token);
      if (before !== undefined && before !== content)
        this.violate(`one ClientToken was used for ${before} and for ${content}`);
      contentOfToken.set(token, content);
      if (write.call.status === 200) successes.set(token, (successes.get(token) ?? 0) + 1);
    });
    for (const [token, times] of successes)
      if (times > maxSuccesses)
        this.violate(`${contentOfToken.get(token) ?? ""} succeeded ${times} times with one ClientToken`);
  }

  private judgeWrite(
    { call, operation, eni, addresses, pick, kinds }: Write,
    earlier: readonly Write[],
  ): void {
    const says = `${operation} of ${pick > 0 ? `any ${pick}` : addresses.join(", ")} on ${eni}`;
    const primaries: readonly string[] = enis.slice(0, this.command.eniCount).map(({ primary }) => primary);
    if (kinds.length > 1) this.violate(`${says}: addresses and prefixes in one request`);
    const size = addresses.length + pick;
    if (size === 0 || size > batchSize || (pick > 0 && addresses.length > 0))
      this.violate(`${says}: ${addresses.length} listed and ${pick} picked addresses in one request`);
    if (addresses.join() !== [...addresses].sort(numerically).join()) this.violate(`${says}: not sorted`);
    if (call.atMs < (this.acceptsWritesFromMs.get(eni) ?? 0))
      this.violate(`${says}: the status forbids writes`);
    if (this.serviceManaged.includes(eni)) this.violate(`${says}: a service manages the ENI`);
    const desired = this.command.desired.filter(({ eniId }) => eniId === eni);
    if (operation === "assign") {
      if (
        pick > 0 &&
        !desired.some((resource) => resource.count !== undefined && kinds.includes(resource.kind))
      )
        this.violate(`${says}: no resource has a count of this kind`);
      const undesired = addresses.filter(
        (one) => !desired.some((resource) => resource.addresses.includes(one)),
      );
      if (undesired.length > 0) this.violate(`${says}: no resource lists ${undesired.join(", ")}`);
      return;
    }
    for (const address of addresses) {
      if (primaries.includes(address)) this.violate(`${says}: ${address} is a primary address`);
      const owners = this.ownersOf(eni, address, earlier);
      if (owners.length === 0) this.violate(`${says}: no resource of this command owns ${address}`);
      const claims = [...this.command.desired, ...this.command.untargeted].filter(
        (resource) =>
          resource.eniId === eni &&
          resource.addresses.includes(address) &&
          this.wasKnownBefore(resource.name, call.atMs),
      );
      for (const { name } of claims)
        this.violate(`${says}: ${name} lists ${address}, which was known before`);
      if (this.eipBound.get(eni)?.includes(address) === true && !owners.some(({ allowsEip }) => allowsEip))
        this.violate(`${says}: an EIP is bound to ${address}`);
      const recorded = this.recorded.find(
        (one) => one.eni === eni && one.addresses.includes(address) && one.atMs < call.atMs,
      );
      if (recorded !== undefined) this.violate(`${says}: ${recorded.name} has recorded ${address} before`);
    }
  }

  /** The resources that may unassign an address from an ENI in this command. */
  private ownersOf(
    eni: string,
    address: string,
    earlier: readonly Write[],
  ): { name: string; allowsEip: boolean }[] {
    const byState = this.stateBefore
      .filter((saved) => saved.id === eni && addressesOf(saved).includes(address) && this.mayUnassign(saved))
      .map((saved) => {
        const now = this.command.desired.find(({ name, eniId }) => name === saved.name && eniId === eni);
        // The delete of a replaced resource uses the program's option.
        const allows =
          this.command.desired.find(({ name }) => name === saved.name)?.allowUnassignWithEip ??
          saved.outputs.allowUnassignWithEip === true;
        return { name: saved.name, allowsEip: allows && !(now !== undefined && isCountOf(now, address)) };
      });
    const byInputs = this.command.desired
      .filter((desired) => desired.eniId === eni && this.takenOver(desired).includes(address))
      .map((desired) => ({
        name: desired.name,
        allowsEip: desired.allowUnassignWithEip && !isCountOf(desired, address),
      }));
    // A count unassigns its newest addresses first. After a concurrent assign, these are the ones just picked.
    const byPick = this.command.desired
      .filter((desired) => desired.eniId === eni && isCountOf(desired, address))
      .filter(() => !pool.includes(address) && this.heldBefore.get(eni)?.includes(address) !== true)
      .filter(() => earlier.some((one) => one.eni === eni && one.pick > 0 && one.call.code === null))
      .map(({ name }) => ({ name, allowsEip: false }));
    return [...byState, ...byInputs, ...byPick];
  }

  /** Whether this command updates or deletes the resource, and with retainOnDelete whether it updates it. */
  private mayUnassign({ name, id, retained }: Saved): boolean {
    if (this.command.targets?.has(name) === false) return false;
    return !retained || this.command.desired.some((one) => one.name === name && one.eniId === id);
  }

  /** The addresses that a resource may unassign because unassignOnCreate lists them. */
  private takenOver(desired: Desired): readonly string[] {
    if (desired.ownership === "additive") return [];
    const before = this.stateBefore.find(({ name }) => name === desired.name);
    const isPresent = before?.id === desired.eniId && !before.pendingReplacement;
    const takesOver = !isPresent || before.outputs.ownership === "additive";
    return takesOver ? desired.unassignOnCreate : [];
  }

  private judgeAnswer(write: Write, earlier: readonly Write[]): void {
    const { call, eni, operation, addresses } = write;
    const { faults, kills } = this.command;
    const { code } = call;
    if (code === null || faults.some(({ effect }) => "error" in effect && effect.error.code === code)) return;
    const abandoned = kills || faults.some(({ effect, times }) => isLongDelay(effect) || times > 100);
    if (code === "Operation.Conflict") {
      const previous = earlier.findLast((one) => one.eni === eni);
      if (!abandoned && previous !== undefined && call.atMs - previous.call.atMs < minCallTimeoutMs)
        this.violate(`two writes to ${eni} overlapped`);
    }
    // After a lost answer the provider reads the ENI, and must not repeat what the read shows.
    const mayReadStale =
      this.command.replicas ||
      faults.some(({ effect }) => "staleReads" in effect || "drift" in effect || "hang" in effect);
    if (code === "InvalidIp.IpAssigned" || code === "InvalidIp.IpUnassigned") {
      if (!abandoned && !mayReadStale && !this.command.limited)
        this.violate(`${operation} of ${addresses.join(", ")} on ${eni} was repeated without need: ${code}`);
    }
  }

  /** An operation must end within its time-out, plus a margin. */
  private judgeDuration({ name, operation, outcome, tookMs }: Answer): void {
    const limitMs = Math.max(this.command.timeoutMs, deleteTimeoutMs);
    if (outcome !== "killed" && tookMs > limitMs + durationMarginMs)
      this.violate(`${name}: ${operation} took ${tookMs} ms`);
  }

  /** A delete must unassign all recorded addresses. A failed delete must not change the state. */
  private judgeDelete(answer: Answer): void {
    const { name, outcome, before, after, message } = answer;
    if (outcome === "killed") return;
    // The new resource of a replacement may be on the same ENI again, after a run that failed.
    const successor = this.command.desired.find((one) => one.name === name && one.eniId === before?.id);
    if (outcome === "done") this.judgeLeftovers(answer, successor?.addresses ?? []);
    else if (after !== before)
      this.violate(`${name}: delete: ${outcome}, but the state has changed: ${message}`);
  }

  /** The ENI must not hold addresses that the state listed and the resource does not keep. */
  private judgeLeftovers({ name, operation, before }: Answer, kept: readonly string[]): void {
    if (before === undefined) return;
    const { id } = before;
    // The cloud may pick an address for a count right after its release.
    const picks = (kind: Kind) =>
      [...this.command.desired, ...this.command.untargeted].some(
        (one) => one.eniId === id && one.kind === kind && one.count !== undefined,
      );
    if (this.isDrifting(id)) return;
    const held = this.cloud.held(id);
    const left = addressesOf(before)
      .filter((one) => held.includes(one) && !kept.includes(one))
      .filter((one) => !picks(kindOf(one)) && !this.sharedWith({ name, eniId: id }, one));
    if (left.length > 0) this.violate(`${name}: ${operation}: ${left.join(", ")} are left on ${id}`);
  }

  /** A count must never assign more than its number, also after lost answers. */
  private judgeGrowth(): void {
    for (const { eniId, kind, count, name } of this.command.desired) {
      if (count === undefined || this.isDrifting(eniId)) continue;
      const held = this.cloud.held(eniId, kind).length;
      const before = (this.heldBefore.get(eniId) ?? []).filter((one) => kindOf(one) === kind).length;
      if (held > Math.max(before, count))
        this.violate(
          `${name} has the count ${count} (${kind}) on ${eniId}, which held ${before} and now holds ${held}`,
        );
    }
  }

  /** A count must unassign its newest addresses first. */
  private judgeShrinking({ name, before }: Answer, after: Saved): void {
    const desired = this.command.desired.find((one) => one.name === name);
    if (desired?.count === undefined || before?.id !== after.id || this.isDrifting(after.id)) return;
    if (this.command.replicas || this.command.faults.some(({ effect }) => "staleReads" in effect)) return;
    const held = this.cloud.held(after.id);
    const heldBefore = this.heldBefore.get(after.id) ?? [];
    const known = this.command.ages.of(name).filter(({ address }) => kindOf(address) === desired.kind);
    const unassigned = known.filter(({ address }) => heldBefore.includes(address) && !held.includes(address));
    const kept = known.filter(
      ({ address }) =>
        held.includes(address) &&
        !this.sharedWith(desired, address) &&
        this.eipBound.get(after.id)?.includes(address) !== true,
    );
    for (const one of unassigned) {
      const newer = kept.find((other) => isNewer(other, one));
      if (newer !== undefined)
        this.violate(`${name}: ${one.address} was unassigned, although ${newer.address} is newer`);
    }
  }

  private isDrifting(eni: string): boolean {
    return this.command.faults.some(({ effect }) => "drift" in effect && enis[effect.drift.eni]?.id === eni);
  }

  /**
   * A pick with an unknown outcome must be repeated with its token: with stale reads, another token would assign twice. If
   * it may have succeeded, a read may have shown this. Then the next pick is a new one, and {@link judgeGrowth} judges it.
   */
  private judgeRetry({ call, eni, pick, kinds }: Write, earlier: readonly Write[]): void {
    const before = earlier.findLast((one) => one.eni === eni);
    if (before === undefined || before.pick === 0 || this.isDrifting(eni)) return;
    if (before.pick !== pick || before.kinds.join() !== kinds.join()) return;
    if (this.command.faults.some(({ effect }) => mayHideSuccess(effect))) return;
    const { status, code, params } = before.call;
    const outcomeUnknown = status === null || code === "InternalError" || code === "ServiceUnavailable";
    if (outcomeUnknown && params.ClientToken !== call.params.ClientToken)
      this.violate(`the pick of ${pick} on ${eni} was repeated with another ClientToken`);
  }

  /** What the states of all resources owned on the ENI before this command. */
  private ownedBefore(eniId: string): string[] {
    return this.stateBefore.filter(({ id }) => id === eniId).flatMap((saved) => addressesOf(saved));
  }

  /** What this command has unassigned from the ENI. */
  private unassignedFrom(eniId: string): string[] {
    return this.cloud
      .writes()
      .filter(({ eni, operation, call }) => eni === eniId && operation === "unassign" && call.status === 200)
      .flatMap(({ addresses }) => addresses);
  }

  private judgeRecord(answer: Answer): void {
    const { name, operation, outcome, after, message, tookMs } = answer;
    const { faults, kills, limited, timeoutMs } = this.command;
    if (outcome === "killed" || kills) return;
    const mayReadStale = faults.some(
      ({ action, effect, times }) =>
        "staleReads" in effect ||
        "drift" in effect ||
        "hang" in effect ||
        isLongDelay(effect) ||
        (action === "DescribeNetworkInterfaces" && times > 100),
    );
    // Without time for the last read, the provider records earlier readings. A fifth of the time is kept for it. A call that the
    // end of the time cut off is not named when there was a refusal before it.
    const lacksTime = limited || tookMs > timeoutMs * 0.75 || timeIsUp.test(message);
    if (mayReadStale || (outcome !== "done" && lacksTime)) return;
    const desired = this.command.desired.find((one) => one.name === name);
    const says = `${name}: ${operation}: ${outcome}`;
    if (outcome === "failed") {
      if (operation === "create" && desired !== undefined) {
        const assigned = this.cloud
          .writes()
          .filter(
            (write) =>
              write.eni === desired.eniId && write.operation === "assign" && write.call.code === null,
          )
          .filter((write) => write.call.status === 200)
          .flatMap((write) => write.addresses)
          .filter((address) => desired.addresses.includes(address) && !this.sharedWith(desired, address));
        const picked = this.cloud
          .writes()
          .some(({ eni, pick, call }) => eni === desired.eniId && pick > 0 && call.status === 200);
        if (picked && this.cloud.held(desired.eniId, desired.kind).length > 0)
          this.violate(`${says}: the cloud has picked addresses, but nothing is recorded`);
        const left = assigned.filter((address) => this.cloud.held(desired.eniId).includes(address));
        if (left.length > 0)
          this.violate(`${says}: ${left.join(", ")} was assigned, but nothing is recorded`);
      }
      if (operation === "update")
        this.violate(`${says}: the ENI could be read, but nothing is recorded: ${message}`);
      return;
    }
    if (after === undefined) {
      this.violate(`${says}: nothing is recorded`);
      return;
    }
    const held = this.cloud.held(after.id);
    // The last read may come from a replica that does not show the last unassign yet.
    const unassigned = this.command.replicas ? this.unassignedFrom(after.id) : [];
    const recorded = addressesOf(after).filter((one) => held.includes(one) || !unassigned.includes(one));
    const expected = this.expectedRecords(answer, desired, held);
    const isExpected = expected.some((one) =>
      [
        ...recorded.filter((address) => !one.includes(address)),
        ...one.filter((address) => !recorded.includes(address)),
        // Another operation may change the ENI between the read and the answer.
      ].every((address) => this.sharedWith(desired, address)),
    );
    if (!isExpected)
      this.violate(
        `${says}: recorded is [${recorded.join(", ")}], expected ` +
          `${expected.map((one) => `[${one.join(", ")}]`).join(" or ")}; ${after.id} holds [${held.join(", ")}]`,
      );
    if (outcome === "done" && operation !== "read" && desired !== undefined)
      this.judgeKept(says, desired, recorded);
    if (outcome === "done" && operation !== "read" && desired?.count !== undefined) {
      if (recorded.length !== desired.count)
        this.violate(`${says}: ${recorded.length} are recorded, but the count is ${desired.count}`);
    }
    // An update of options alone does not read the ENI.
    const changesOnlyOptions = desired !== undefined && keepsRecorded(desired, answer.before);
    const isAlone = !this.cloud.writes().some(({ eni }) => eni === after.id);
    if (operation === "update" && (isAlone || changesOnlyOptions)) return;
    const unmanaged = listIn(after.outputs, "unmanagedPrivateIpAddresses");
    const managed = managedKind(after);
    const others = held.filter((address) => kindOf(address) === managed && !recorded.includes(address));
    // A create does not report addresses that old resources list, because their deletes follow. Check knows only their inputs.
    const listedByOld = this.stateBefore.flatMap((saved) =>
      operation === "create" && saved.id === after.id ? listedIn(saved.inputs) : [],
    );
    const misreported = [
      ...unmanaged.filter((address) => !others.includes(address)),
      ...others.filter((address) => !unmanaged.includes(address) && !listedByOld.includes(address)),
    ].filter((address) => !this.sharedWith(desired ?? { name, eniId: after.id }, address));
    if (misreported.length > 0)
      this.violate(`${says}: unmanaged are [${others.join(", ")}], reported are [${unmanaged.join(", ")}]`);
  }

  /** After a success, the state has the list, and otherwise only what another resource has failed to take over. */
  private judgeKept(
    says: string,
    { name, count, addresses, eniId }: Desired,
    recorded: readonly string[],
  ): void {
    if (count !== undefined) return;
    const missing = addresses.filter((one) => !recorded.includes(one));
    const failed = this.command.desired.filter((other) => {
      const last = this.lastAnswer.get(other.name);
      return other.name !== name && last !== undefined && last.outcome !== "done";
    });
    const kept = recorded.filter(
      (one) => !addresses.includes(one) && !failed.some((other) => wants(other, eniId, one)),
    );
    if (missing.length > 0 || kept.length > 0)
      this.violate(
        `${says}: not recorded [${missing.join(", ")}], recorded without need [${kept.join(", ")}]`,
      );
  }

  /** The allowed records. There are two if the log does not show which resource wrote to the ENI. */
  private expectedRecords(answer: Answer, desired: Desired | undefined, held: readonly string[]): string[][] {
    const { operation, outcome, before } = answer;
    const usual = this.expectedRecord(answer, desired, held);
    // A create that made no call records only what other resources have left to it.
    if (operation === "create" && outcome === "recorded" && desired !== undefined)
      return [usual, usual.filter((one) => this.ownedBefore(desired.eniId).includes(one))];
    if (operation !== "update" || outcome !== "recorded" || before === undefined) return [usual];
    // An update that made no write has adopted nothing.
    const still = held.filter((one) => addressesOf(before).includes(one));
    if (!this.cloud.writes().some(({ eni }) => eni === before.id)) return [still];
    const onEni = this.command.desired.filter(({ eniId }) => eniId === before.id);
    const isAlone =
      onEni.length === 1 &&
      !this.stateBefore.some(({ id, name }) => id === before.id && name !== before.name);
    return isAlone ? [usual] : [usual, still];
  }

  private expectedRecord(
    { operation, outcome, before, inputs }: Answer,
    desired: Desired | undefined,
    held: readonly string[],
  ): string[] {
    const ownedBefore = before === undefined ? [] : addressesOf(before);
    if (operation === "read") {
      const all = before?.outputs.ownership === "exclusive" ? managedKind(before) : undefined;
      return held.filter((one) => kindOf(one) === all || ownedBefore.includes(one));
    }
    const counted = desired?.count === undefined ? [] : held.filter((one) => kindOf(one) === desired.kind);
    if (outcome === "done") {
      if (desired?.count === undefined) return listedIn(inputs);
      return keepsCount(desired, before) ? ownedBefore : counted;
    }
    // A failed takeover adopts nothing. A count in a takeover adopts only the addresses that the cloud picked for it.
    const takesOver =
      operation === "update"
        ? before?.outputs.ownership === "additive" && desired?.ownership === "exclusive"
        : desired !== undefined && this.isTakingOver(desired, held);
    const heldBefore = this.heldBefore.get(desired?.eniId ?? "") ?? [];
    const adopted = counted.filter((one) => !takesOver || !heldBefore.includes(one));
    const own = [
      ...listedIn(inputs),
      ...(desired === undefined || takesOver ? [] : this.takenOver(desired)),
      ...(operation === "update" ? ownedBefore : []),
      // A count owns all addresses of its kind as long as they do not exceed it.
      ...(counted.length <= (desired?.count ?? 0) ? adopted : []),
    ];
    return held.filter((address) => own.includes(address));
  }

  /** Whether the ENI still holds addresses that the takeover must unassign. */
  private isTakingOver(desired: Desired, held: readonly string[]): boolean {
    return this.takenOver(desired).some((one) => held.includes(one) && !desired.addresses.includes(one));
  }

  /** Whether another resource of the command lists, takes over or has recorded an address on the same ENI. */
  private sharedWith(desired: Pick<Desired, "name" | "eniId"> | undefined, address: string): boolean {
    if (desired === undefined) return false;
    const { name, eniId } = desired;
    return (
      [...this.command.desired, ...this.command.untargeted].some(
        (other) =>
          other.name !== name &&
          other.eniId === eniId &&
          (other.addresses.includes(address) || this.takenOver(other).includes(address)),
      ) ||
      this.stateBefore.some(
        (other) => other.name !== name && other.id === eniId && addressesOf(other).includes(address),
      )
    );
  }

  private violate(text: string): void {
    this.violations.push(text);
  }
}

/** Whether an update needs no change of the ENI, by the state. */
function keepsRecorded(desired: Desired, before: Saved | undefined): boolean {
  if (before?.id !== desired.eniId) return false;
  if (desired.count !== undefined) return keepsCount(desired, before);
  const takesOver = before.outputs.ownership === "additive" && desired.ownership === "exclusive";
  return !takesOver && addressesOf(before).join() === desired.addresses.join();
}

/** Whether an update keeps the count of the state. Then it does not read the ENI. */
function keepsCount(desired: Desired, before: Saved | undefined): boolean {
  if (before?.id !== desired.eniId) return false;
  const { secondaryPrivateIpAddressCount, ipv4PrefixCount } = before.outputs;
  const countBefore = desired.kind === "address" ? secondaryPrivateIpAddressCount : ipv4PrefixCount;
  const owned = addressesOf(before);
  const ownsOtherKind = owned.some((one) => kindOf(one) !== desired.kind);
  return countBefore !== undefined && owned.length === desired.count && !ownsOtherKind;
}

/** Whether a resource is a count of the address's kind. A count never unassigns an address with an EIP. */
function isCountOf({ kind, count }: Desired, address: string): boolean {
  return count !== undefined && kindOf(address) === kind;
}

/** Whether a call without an answer may have succeeded. */
function mayHideSuccess(effect: Fault["effect"]): boolean {
  return (
    isLongDelay(effect) || ("drop" in effect && effect.drop === "after") || ("hang" in effect && effect.done)
  );
}

function isLongDelay(effect: Fault["effect"]): boolean {
  return "delayMs" in effect && effect.delayMs > minCallTimeoutMs;
}
