import type { Cloud, Write } from "./cloud";
import type { Answer, Saved } from "./engine";
import { enis, holdingOf, pool, type Declared, type Fault, type Holding } from "./history";

/** A program's resource with what it passes for unassignOnCreate. */
export interface Wanted extends Declared {
  readonly eniId: string;
  readonly unassignOnCreate: readonly string[];
}

/** How long the provider waits for the answer to one call, less a margin for a busy machine. */
const surelyWaitsMs = 750;
/** The time-out of every delete. */
export const deleteTimeoutMs = 10_000;
/** What a busy machine may add to it: enough to tell a wait without end from a slow one. */
const busyMachineMs = 20_000;
/** How many addresses fit into one request by default. */
const batchSize = 10;
/** How often one request may succeed: more often than reads lag behind means that it is repeated without end. */
const repetitions = 10;
/** What would be a mistake of ours, whatever the API answers. */
const internalMistake =
  /TypeError|ReferenceError|is not a function|undefined|cannot read|an operation succeeded/i;

/**
 * Judges one command by the emulator's world and its log of calls, and by what the state held and the program asked for.
 * It knows nothing of the provider's plans. Every violation is a text; there should be none.
 */
export class Oracle {
  readonly violations: string[] = [];
  private readonly stateBefore: readonly Saved[];
  private readonly closedUntilMs: ReadonlyMap<string, number>;
  private readonly eipBound: ReadonlyMap<string, readonly string[]>;
  /** When each resource's check has answered. */
  private readonly checkedAtMs = new Map<string, number>();
  /** What creates and updates of this command have recorded, and when. */
  private readonly reached: { name: string; eni: string; addresses: readonly string[]; atMs: number }[] = [];
  private readonly heldBefore: ReadonlyMap<string, readonly string[]>;
  private readonly managed: readonly string[];

  constructor(
    private readonly cloud: Cloud,
    private readonly command: {
      readonly eniCount: number;
      readonly state: ReadonlyMap<string, Saved>;
      readonly wanted: readonly Wanted[];
      readonly faults: readonly Fault[];
      readonly limited: boolean;
      readonly kills: boolean;
      readonly timeoutMs: number;
      readonly ages: Ages;
    },
  ) {
    this.heldBefore = new Map(enis.slice(0, command.eniCount).map(({ id }) => [id, cloud.held(id)]));
    this.managed = cloud.managed();
    this.stateBefore = [...command.state.values()];
    this.closedUntilMs = cloud.closedUntilMs(command.eniCount);
    this.eipBound = new Map(enis.slice(0, command.eniCount).map(({ id }) => [id, cloud.eipBound(id)]));
  }

  /** To be called at the moment of the answer: what is recorded has to be true then. */
  hear(answer: Answer): void {
    const { operation, outcome, name, message } = answer;
    if (outcome !== "killed" && internalMistake.test(message))
      this.violate(`${name}: ${operation}: ${message}`);
    if (operation === "check" && outcome === "done" && !this.checkedAtMs.has(name))
      this.checkedAtMs.set(name, answer.atMs);
    if (operation === "create" || operation === "update" || operation === "read") this.judgeRecord(answer);
    if (operation === "delete") this.judgeDelete(answer);
    const { after } = answer;
    if ((operation === "create" || operation === "update") && outcome === "done" && after !== undefined) {
      this.judgeShrinking(answer, after);
      this.judgeLeft(answer, addressesOf(after));
      this.reached.push({ name, eni: after.id, addresses: addressesOf(after), atMs: answer.atMs });
    }
    this.judgeGrowth();
    this.judgeDuration(answer);
  }

  /**
   * To be called when a command has succeeded: what the ENI held when it began, and the state says that it holds, no
   * resource has taken from another one.
   */
  judgeEnd(state: ReadonlyMap<string, Saved>): void {
    if (this.command.kills) return;
    for (const saved of state.values()) {
      if (this.isDrifting(saved.id)) continue;
      const held = this.cloud.held(saved.id);
      const lost = (this.heldBefore.get(saved.id) ?? []).filter(
        (one) => addressesOf(saved).includes(one) && !held.includes(one),
      );
      if (lost.length > 0)
        this.violate(
          `${saved.name} is recorded with ${lost.join(", ")}, which ${saved.id} has lost in this command`,
        );
    }
  }

  /** To be called when the command has ended. */
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
        this.violate(`a ClientToken was used for ${before} and for ${content}`);
      contentOfToken.set(token, content);
      if (write.call.status === 200) successes.set(token, (successes.get(token) ?? 0) + 1);
    });
    for (const [token, times] of successes)
      if (times > repetitions)
        this.violate(`${contentOfToken.get(token) ?? ""} has succeeded ${times} times with one ClientToken`);
  }

  private judgeWrite({ call, kind, eni, addresses, pick, of }: Write, earlier: readonly Write[]): void {
    const says = `${kind} of ${pick > 0 ? `any ${pick}` : addresses.join(", ")} on ${eni}`;
    const primaries: readonly string[] = enis.slice(0, this.command.eniCount).map(({ primary }) => primary);
    if (of.length > 1) this.violate(`${says}: addresses and prefixes in one request`);
    const size = addresses.length + pick;
    if (size === 0 || size > batchSize || (pick > 0 && addresses.length > 0))
      this.violate(`${says}: ${addresses.length} addresses and ${pick} others in one request`);
    if (addresses.join() !== [...addresses].sort(numerically).join()) this.violate(`${says}: not sorted`);
    if (call.atMs < (this.closedUntilMs.get(eni) ?? 0)) this.violate(`${says}: its status forbids writes`);
    if (this.managed.includes(eni)) this.violate(`${says}: a service manages it`);
    const wanted = this.command.wanted.filter(({ eniId }) => eniId === eni);
    if (kind === "assign") {
      if (pick > 0 && !wanted.some((resource) => resource.count !== undefined && of.includes(resource.of)))
        this.violate(`${says}: nobody asks for a number of these`);
      const nobodys = addresses.filter((one) => !wanted.some((resource) => resource.addresses.includes(one)));
      if (nobodys.length > 0) this.violate(`${says}: nobody wants ${nobodys.join(", ")}`);
      return;
    }
    for (const address of addresses) {
      if (primaries.includes(address)) this.violate(`${says}: ${address} is a primary address`);
      const owners = this.ownersOf(eni, address, earlier);
      if (owners.length === 0) this.violate(`${says}: nobody in this command owns ${address}`);
      const claims = wanted.filter(
        (resource) =>
          resource.addresses.includes(address) &&
          (this.checkedAtMs.get(resource.name) ?? Infinity) < call.atMs,
      );
      for (const { name } of claims)
        this.violate(`${says}: ${name} wants ${address}, and was checked before`);
      if (this.eipBound.get(eni)?.includes(address) === true && !owners.some(({ eipMayGo }) => eipMayGo))
        this.violate(`${says}: an EIP is bound to ${address}`);
      const reached = this.reached.find(
        (one) => one.eni === eni && one.addresses.includes(address) && one.atMs < call.atMs,
      );
      if (reached !== undefined) this.violate(`${says}: ${reached.name} had just recorded ${address}`);
    }
  }

  /** Who may unassign an address from an ENI in this command. */
  private ownersOf(
    eni: string,
    address: string,
    earlier: readonly Write[],
  ): { name: string; eipMayGo: boolean }[] {
    const byState = this.stateBefore
      .filter((saved) => saved.id === eni && addressesOf(saved).includes(address))
      .map((saved) => {
        const now = this.command.wanted.find(({ name, eniId }) => name === saved.name && eniId === eni);
        const eipMayGo =
          now === undefined
            ? saved.outputs.allowUnassignWithEip === true
            : now.allowUnassignWithEip && !choosesAmong(now, address);
        return { name: saved.name, eipMayGo };
      });
    const byInputs = this.command.wanted
      .filter((wanted) => wanted.eniId === eni && this.takenOver(wanted).includes(address))
      .map((wanted) => ({
        name: wanted.name,
        eipMayGo: wanted.allowUnassignWithEip && !choosesAmong(wanted, address),
      }));
    // What the cloud has just picked for a count goes first when somebody else has assigned one meanwhile.
    const byPick = this.command.wanted
      .filter((wanted) => wanted.eniId === eni && choosesAmong(wanted, address))
      .filter(() => !pool.includes(address) && this.heldBefore.get(eni)?.includes(address) !== true)
      .filter(() => earlier.some((one) => one.eni === eni && one.pick > 0 && one.call.code === null))
      .map(({ name }) => ({ name, eipMayGo: false }));
    return [...byState, ...byInputs, ...byPick];
  }

  /** What a resource may unassign because its inputs list it, beside what the state holds. */
  private takenOver(wanted: Wanted): readonly string[] {
    if (wanted.ownership === "additive") return [];
    const before = this.stateBefore.find(({ name }) => name === wanted.name);
    const takesOver = before?.id !== wanted.eniId || before.outputs.ownership === "additive";
    return takesOver ? wanted.unassignOnCreate : [];
  }

  private judgeAnswer(write: Write, earlier: readonly Write[]): void {
    const { call, eni, kind, addresses } = write;
    const { faults, kills } = this.command;
    const { code } = call;
    if (code === null || faults.some(({ effect }) => "error" in effect && effect.error.code === code)) return;
    const abandoned = kills || faults.some(({ effect, times }) => isLongDelay(effect) || times > 100);
    if (code === "Operation.Conflict") {
      const previous = earlier.findLast((one) => one.eni === eni);
      if (!abandoned && previous !== undefined && call.atMs - previous.call.atMs < surelyWaitsMs)
        this.violate(`two writes to ${eni} have overlapped`);
    }
    // After a lost answer the ENI is read: what a read shows to be done is not asked for again.
    const readsDeceive = faults.some(
      ({ effect }) => "staleReads" in effect || "drift" in effect || "hang" in effect,
    );
    if (code === "InvalidIp.IpAssigned" || code === "InvalidIp.IpUnassigned") {
      if (!abandoned && !readsDeceive && !this.command.limited)
        this.violate(`${kind} of ${addresses.join(", ")} on ${eni} was asked for without need: ${code}`);
    }
  }

  /** Every wait has an end: with what a busy machine adds, an operation ends in the time that it has. */
  private judgeDuration({ name, operation, outcome, tookMs }: Answer): void {
    const limitMs = Math.max(this.command.timeoutMs, deleteTimeoutMs);
    if (outcome !== "killed" && tookMs > limitMs + busyMachineMs)
      this.violate(`${name}: ${operation} took ${tookMs} ms`);
  }

  /** After a delete nothing is left of what the state listed; after one that failed, the state is as before. */
  private judgeDelete(answer: Answer): void {
    const { name, outcome, before, after, message } = answer;
    if (outcome === "killed") return;
    if (outcome === "done") this.judgeLeft(answer, []);
    else if (after !== before)
      this.violate(`${name}: delete: ${outcome}, and the state has changed: ${message}`);
  }

  /** Of what the state listed and a resource does not keep, nothing is left on the ENI. */
  private judgeLeft({ name, operation, before }: Answer, kept: readonly string[]): void {
    if (before === undefined) return;
    const { id } = before;
    // The cloud may pick for a count what has just become free.
    const picks = (of: Holding) =>
      this.command.wanted.some((one) => one.eniId === id && one.of === of && one.count !== undefined);
    if (this.isDrifting(id)) return;
    const held = this.cloud.held(id);
    const left = addressesOf(before)
      .filter((one) => held.includes(one) && !kept.includes(one))
      .filter((one) => !picks(holdingOf(one)) && !this.sharedWith({ name, eniId: id }, one));
    if (left.length > 0) this.violate(`${name}: ${operation}: ${left.join(", ")} are left on ${id}`);
  }

  /** Never more than a count asks for, however many answers were lost. */
  private judgeGrowth(): void {
    for (const { eniId, of, count, name } of this.command.wanted) {
      if (count === undefined || this.isDrifting(eniId)) continue;
      const held = this.cloud.held(eniId, of).length;
      const before = (this.heldBefore.get(eniId) ?? []).filter((one) => holdingOf(one) === of).length;
      if (held > Math.max(before, count))
        this.violate(
          `${name} wants ${count} (${of}) on ${eniId}, which held ${before} and now holds ${held}`,
        );
    }
  }

  /** Of the addresses that a count had before, the newest go first. */
  private judgeShrinking({ name, before }: Answer, after: Saved): void {
    const wanted = this.command.wanted.find((one) => one.name === name);
    if (wanted?.count === undefined || before?.id !== after.id || this.isDrifting(after.id)) return;
    if (this.command.faults.some(({ effect }) => "staleReads" in effect)) return;
    const held = this.cloud.held(after.id);
    const heldBefore = this.heldBefore.get(after.id) ?? [];
    const known = this.command.ages.of(name).filter(({ address }) => holdingOf(address) === wanted.of);
    const gone = known.filter(({ address }) => heldBefore.includes(address) && !held.includes(address));
    const kept = known.filter(
      ({ address }) =>
        held.includes(address) &&
        !this.sharedWith(wanted, address) &&
        this.eipBound.get(after.id)?.includes(address) !== true,
    );
    for (const one of gone) {
      const newer = kept.find((other) => isNewer(other, one));
      if (newer !== undefined)
        this.violate(`${name}: ${one.address} went, although ${newer.address} is newer`);
    }
  }

  private isDrifting(eni: string): boolean {
    return this.command.faults.some(({ effect }) => "drift" in effect && enis[effect.drift.eni]?.id === eni);
  }

  /**
   * A pick whose outcome nobody knows is repeated with its token, or reads that lag would make it come twice. One that
   * was done all the same may have been seen: then the next one is another one, and how much came is judged.
   */
  private judgeRetry({ call, eni, pick, of }: Write, earlier: readonly Write[]): void {
    const before = earlier.findLast((one) => one.eni === eni);
    if (before === undefined || before.pick === 0 || this.isDrifting(eni)) return;
    if (before.pick !== pick || before.of.join() !== of.join()) return;
    if (this.command.faults.some(({ effect }) => mayHideSuccess(effect))) return;
    const { status, code, params } = before.call;
    const outcomeUnknown = status === null || code === "InternalError" || code === "ServiceUnavailable";
    if (outcomeUnknown && params.ClientToken !== call.params.ClientToken)
      this.violate(`any ${pick} on ${eni} were asked for again with another ClientToken`);
  }

  private judgeRecord(answer: Answer): void {
    const { name, operation, outcome, after, message, tookMs } = answer;
    const { faults, kills, limited, timeoutMs } = this.command;
    if (outcome === "killed" || kills) return;
    const deceived = faults.some(
      ({ action, effect, times }) =>
        "staleReads" in effect ||
        "drift" in effect ||
        "hang" in effect ||
        isLongDelay(effect) ||
        (action === "DescribeNetworkInterfaces" && times > 100),
    );
    // Without time for the last look, what is known has to do.
    if (deceived || (outcome !== "done" && (limited || tookMs > timeoutMs - 150))) return;
    const wanted = this.command.wanted.find((one) => one.name === name);
    const says = `${name}: ${operation}: ${outcome}`;
    if (outcome === "failed") {
      if (operation === "create" && wanted !== undefined) {
        const mine = this.cloud
          .writes()
          .filter(
            (write) => write.eni === wanted.eniId && write.kind === "assign" && write.call.code === null,
          )
          .filter((write) => write.call.status === 200)
          .flatMap((write) => write.addresses)
          .filter((address) => wanted.addresses.includes(address) && !this.sharedWith(wanted, address));
        const picked = this.cloud
          .writes()
          .some(({ eni, pick, call }) => eni === wanted.eniId && pick > 0 && call.status === 200);
        if (picked && this.cloud.held(wanted.eniId, wanted.of).length > 0)
          this.violate(`${says}: the cloud has picked some, and nothing is recorded`);
        const left = mine.filter((address) => this.cloud.held(wanted.eniId).includes(address));
        if (left.length > 0)
          this.violate(`${says}: ${left.join(", ")} was assigned, and nothing is recorded`);
      }
      // A machine too busy to answer in time is no fault of the provider's.
      if (operation === "update" && !/no answer in time/.test(message))
        this.violate(`${says}: the ENI could be read, and nothing is recorded: ${message}`);
      return;
    }
    if (after === undefined) {
      this.violate(`${says}: nothing is recorded`);
      return;
    }
    const held = this.cloud.held(after.id);
    const recorded = addressesOf(after);
    const expected = this.expectedRecords(answer, wanted, held);
    const isExpected = expected.some((one) =>
      [
        ...recorded.filter((address) => !one.includes(address)),
        ...one.filter((address) => !recorded.includes(address)),
        // Another operation on the ENI may come between the read and the answer.
      ].every((address) => this.sharedWith(wanted, address)),
    );
    if (!isExpected)
      this.violate(
        `${says}: recorded is [${recorded.join(", ")}], expected ` +
          `${expected.map((one) => `[${one.join(", ")}]`).join(" or ")}; ${after.id} holds [${held.join(", ")}]`,
      );
    if (outcome === "done" && operation !== "read" && wanted?.count !== undefined) {
      if (recorded.length !== wanted.count)
        this.violate(`${says}: ${recorded.length} are recorded, and ${wanted.count} are wanted`);
    }
    // An update of options alone does not look at the ENI, whatever others do to it meanwhile.
    const isOfOptions = wanted !== undefined && keepsWhatIsRecorded(wanted, answer.before);
    const isAlone = !this.cloud.writes().some(({ eni }) => eni === after.id);
    if (operation === "update" && (isAlone || isOfOptions)) return;
    const unmanaged = listIn(after.outputs, "unmanagedPrivateIpAddresses");
    const managed = holdingIn(after);
    const others = held.filter((address) => holdingOf(address) === managed && !recorded.includes(address));
    // A create expects old resources to let go of what they list: by their inputs, for check is told no more of them.
    const expectedToGo = this.stateBefore.flatMap((saved) =>
      operation === "create" && saved.id === after.id ? listedIn(saved.inputs) : [],
    );
    const misreported = [
      ...unmanaged.filter((address) => !others.includes(address)),
      ...others.filter((address) => !unmanaged.includes(address) && !expectedToGo.includes(address)),
    ].filter((address) => !this.sharedWith(wanted ?? { name, eniId: after.id }, address));
    if (misreported.length > 0)
      this.violate(`${says}: unmanaged are [${others.join(", ")}], and reported [${unmanaged.join(", ")}]`);
  }

  /** What may be recorded: more than one only where nobody can tell whose the writes to an ENI were. */
  private expectedRecords(answer: Answer, wanted: Wanted | undefined, held: readonly string[]): string[][] {
    const { operation, outcome, before } = answer;
    const usual = this.expectedRecord(answer, wanted, held);
    if (operation !== "update" || outcome !== "recorded" || before === undefined) return [usual];
    // What has not begun has adopted nothing.
    const still = held.filter((one) => addressesOf(before).includes(one));
    if (!this.cloud.writes().some(({ eni }) => eni === before.id)) return [still];
    const onEni = this.command.wanted.filter(({ eniId }) => eniId === before.id);
    const isAlone =
      onEni.length === 1 &&
      !this.stateBefore.some(({ id, name }) => id === before.id && name !== before.name);
    return isAlone ? [usual] : [usual, still];
  }

  private expectedRecord(
    { operation, outcome, before, inputs }: Answer,
    wanted: Wanted | undefined,
    held: readonly string[],
  ): string[] {
    const ownedBefore = before === undefined ? [] : addressesOf(before);
    if (operation === "read") {
      const all = before?.outputs.ownership === "exclusive" ? holdingIn(before) : undefined;
      return held.filter((one) => holdingOf(one) === all || ownedBefore.includes(one));
    }
    const counted = wanted?.count === undefined ? [] : held.filter((one) => holdingOf(one) === wanted.of);
    if (outcome === "done") {
      if (wanted?.count === undefined) return listedIn(inputs);
      return isOfOptionsAlone(wanted, before) ? ownedBefore : counted;
    }
    // A takeover that failed has taken over nothing, and a count that takes over has what the cloud picked for it.
    const takesOver =
      operation === "update"
        ? before?.outputs.ownership === "additive" && wanted?.ownership === "exclusive"
        : wanted !== undefined && this.isTakingOver(wanted, held);
    const heldBefore = this.heldBefore.get(wanted?.eniId ?? "") ?? [];
    const adopted = counted.filter((one) => !takesOver || !heldBefore.includes(one));
    const own = [
      ...listedIn(inputs),
      ...(wanted === undefined || takesOver ? [] : this.takenOver(wanted)),
      ...(operation === "update" ? ownedBefore : []),
      // As long as there are not too many, all that is there is the count's.
      ...(counted.length <= (wanted?.count ?? 0) ? adopted : []),
    ];
    return held.filter((address) => own.includes(address));
  }

  /** Whether the ENI still holds what was there before and is to go. */
  private isTakingOver(wanted: Wanted, held: readonly string[]): boolean {
    return this.takenOver(wanted).some((one) => held.includes(one) && !wanted.addresses.includes(one));
  }

  /** Whether another resource of the command has to do with an address on the same ENI. */
  private sharedWith(wanted: Pick<Wanted, "name" | "eniId"> | undefined, address: string): boolean {
    if (wanted === undefined) return false;
    const { name, eniId } = wanted;
    return (
      this.command.wanted.some(
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

/** When an address of a resource became known: the later, the higher. */
interface Aged {
  readonly address: string;
  readonly rank: number;
  /** Whether the highest of this rank counts as the newest. */
  readonly ordered: boolean;
}

/**
 * In which order the addresses of each resource became known, by what was recorded: the known ones first, newcomers
 * after them. What a list holds is older than what comes later, and has no order in itself.
 */
export class Ages {
  private readonly known = new Map<string, readonly Aged[]>();

  of(name: string): readonly Aged[] {
    return this.known.get(name) ?? [];
  }

  hear({ name, operation, outcome, before, after }: Answer): void {
    if (operation === "check" || (outcome !== "done" && outcome !== "recorded")) return;
    if (after === undefined || after.id !== before?.id) this.known.delete(name);
    if (after === undefined) return;
    const recorded = addressesOf(after);
    const { secondaryPrivateIpAddressCount, ipv4PrefixCount } = after.outputs;
    const counts = (secondaryPrivateIpAddressCount ?? ipv4PrefixCount) !== undefined;
    if (!counts && operation !== "read") {
      this.known.set(name, aged(recorded, 0, false));
      return;
    }
    const known = this.of(name).filter(({ address }) => recorded.includes(address));
    const newcomers = recorded.filter((address) => !known.some((one) => one.address === address));
    const rank = 1 + Math.max(0, ...known.map((one) => one.rank));
    this.known.set(name, [...known, ...aged(newcomers, rank, true)]);
  }
}

function aged(addresses: readonly string[], rank: number, ordered: boolean): Aged[] {
  return addresses.map((address) => ({ address, rank, ordered }));
}

function isNewer(one: Aged, other: Aged): boolean {
  if (one.rank !== other.rank) return one.rank > other.rank;
  return one.ordered && numerically(one.address, other.address) > 0;
}

/** What is recorded as a resource's own: addresses, prefixes, or what a change from one to the other has left. */
export function addressesOf(saved: Saved): string[] {
  return listedIn(saved.outputs);
}

/** Whether an update has nothing to do on the ENI, by what the state says of it. */
function keepsWhatIsRecorded(wanted: Wanted, before: Saved | undefined): boolean {
  if (before?.id !== wanted.eniId) return false;
  if (wanted.count !== undefined) return isOfOptionsAlone(wanted, before);
  const takesOver = before.outputs.ownership === "additive" && wanted.ownership === "exclusive";
  return !takesOver && addressesOf(before).join() === wanted.addresses.join();
}

/** Whether an update leaves the count as the state has it: then nothing looks at the ENI, as with a list. */
function isOfOptionsAlone(wanted: Wanted, before: Saved | undefined): boolean {
  if (before?.id !== wanted.eniId) return false;
  const { secondaryPrivateIpAddressCount, ipv4PrefixCount } = before.outputs;
  const countBefore = wanted.of === "address" ? secondaryPrivateIpAddressCount : ipv4PrefixCount;
  const owned = addressesOf(before);
  const isRest = owned.some((one) => holdingOf(one) !== wanted.of);
  return countBefore !== undefined && owned.length === wanted.count && !isRest;
}

/** Whether a count has the address among those to choose from: then one with an EIP never goes. */
function choosesAmong({ of, count }: Wanted, address: string): boolean {
  return count !== undefined && holdingOf(address) === of;
}

/** Which of the two a resource manages by its state. */
export function holdingIn({ outputs }: Saved): Holding {
  const { mode } = outputs.__internal as { mode: string };
  return mode.startsWith("ipv4") ? "prefix" : "address";
}

function listedIn(properties: Readonly<Record<string, unknown>>): string[] {
  return [...listIn(properties, "privateIpAddresses"), ...listIn(properties, "ipv4Prefixes")];
}

function listIn(properties: Readonly<Record<string, unknown>>, key: string): string[] {
  const list = properties[key];
  return Array.isArray(list) ? (list as string[]) : [];
}

/** Whether a call may be done that was never answered. */
function mayHideSuccess(effect: Fault["effect"]): boolean {
  return (
    isLongDelay(effect) || ("drop" in effect && effect.drop === "after") || ("hang" in effect && effect.done)
  );
}

function isLongDelay(effect: Fault["effect"]): boolean {
  return "delayMs" in effect && effect.delayMs > surelyWaitsMs;
}

function numerically(a: string, b: string): number {
  return numberOf(a) - numberOf(b);
}

function numberOf(text: string): number {
  return text.split(/[./]/, 4).reduce((number, part) => number * 256 + Number(part), 0);
}
