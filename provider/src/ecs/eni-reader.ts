import DataLoader from "dataloader";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { callTimedOut, EcsError } from "./ecs-error";
import { Deadline, within } from "../shared/deadline";
import { retryUntil, type Pacing } from "../shared/retry";
import { heldBy, type EcsPort, type Kind, type NetworkInterface } from "./port";
import { ReadCollector } from "./read-collector";
import { Sightings } from "./sightings";

/** Ids in one DescribeNetworkInterfaces (https://api.aliyun.com/document/Ecs/2014-05-26/DescribeNetworkInterfaces). */
const maxIdsPerCall = 100;
/** The largest page of the same call. */
const lookAheadPageSize = 500;
/** The most pages of one look-ahead. In a larger VPC, the rest is read by id. */
const lookAheadPages = 4;

/** The time limit of a look-ahead, which only saves calls. */
const lookAheadMs = 30_000;

/** An ENI, and the start of its read on the monotonic clock. @internal */
export interface Reading {
  readonly eni: NetworkInterface;
  readonly readAtMs: number;
}

/** Pages that confirm what earlier reads did not show, for all ENIs of a VPC that wait for them. */
interface ConfirmingRead {
  readonly startsAtMs: number;
  readonly done: Promise<void>;
}

interface ReadRequest {
  readonly id: string;
  readonly deadline: Deadline;
}

/** A look-ahead, and the deadline of the read that has started it. */
interface LookAhead {
  readonly startedMs: number;
  readonly done: Promise<void>;
  readonly deadline: Deadline;
}

/**
 * Reads ENIs for all operations of the process. Simultaneous reads share one call of up to 100 ids. A read that starts
 * after a write never joins an earlier call. Reads that accept cached ENIs look ahead from the second ENI on: one
 * series of large pages then reads all ENIs of the VPC.
 * @internal
 */
export class EniReader {
  private readonly snapshots = new Map<string, Reading>();
  private readonly forgottenAtMs = new Map<string, number>();
  private readonly asked = new Set<string>();
  private firstRead: { readonly done: Promise<Reading | undefined>; readonly deadline: Deadline } | undefined;
  private readonly lookAheads = new Map<string, LookAhead>();
  private hasSent = false;
  private readonly readByIdIn = new Map<string, number>();
  private readonly confirmingReads = new Map<string, ConfirmingRead>();
  private readonly sightingsOf = new Map<string, Sightings>();
  private readonly seenOwners = new Set<string>();
  private readonly seenVSwitches = new Set<string>();
  private readonly collector: ReadCollector;
  private readonly byId: DataLoader<ReadRequest, Reading | undefined>;

  constructor(
    private readonly ecs: EcsPort,
    private readonly pacing: Pick<Pacing, "collectMs" | "shareMs" | "confirmMs" | "settleMs">,
  ) {
    this.collector = new ReadCollector(pacing);
    this.byId = new DataLoader<ReadRequest, Reading | undefined>((requests) => this.readByIds(requests), {
      cache: false,
      maxBatchSize: maxIdsPerCall,
      batchScheduleFn: (send) => {
        this.collector.open(send);
      },
    });
  }

  /** What the reads of this process showed of the ENI. */
  sightings(id: string): Sightings {
    const sightings = this.sightingsOf.get(id) ?? new Sightings();
    this.sightingsOf.set(id, sightings);
    return sightings;
  }

  /** Whether this process has seen an ENI of this account in the region. */
  hasSeenOwner(account: string): boolean {
    return this.seenOwners.has(account);
  }

  /** Whether this process has seen an ENI in this vSwitch. */
  hasSeenVSwitch(vSwitchId: string): boolean {
    return this.seenVSwitches.has(vSwitchId);
  }

  /**
   * Reads the ENI with a call that starts now or later; `undefined` if the ENI does not exist. An answer that does not list
   * the ENI's addresses is repeated for a while.
   *
   * @param mayWait - whether it waits a moment for the reads of other operations that change ENIs
   */
  async fresh(id: string, deadline: Deadline, { mayWait = false } = {}): Promise<Reading | undefined> {
    const { confirmMs, settleMs } = this.pacing;
    const late = () => deadline.whyLate ?? callTimedOut(`read of ${id}`);
    return retryUntil(
      deadline.within(settleMs),
      (error) => (error instanceof EcsError && error.code === incompleteAnswer ? confirmMs : undefined),
      () => {
        if (!mayWait) this.collector.hurry();
        return within(deadline, late, this.byId.load({ id, deadline }));
      },
    );
  }

  /** See {@link ReadCollector.beginChange}. */
  beginChange(): () => void {
    return this.collector.beginChange();
  }

  /**
   * A reading that starts at this time or later. It waits until then. When this process has asked for several ENIs, one
   * series of large pages serves all ENIs of the VPC that wait.
   */
  async notBefore(id: string, startMs: number, deadline: Deadline): Promise<Reading | undefined> {
    const read = () => {
      const snapshot = this.snapshots.get(id);
      return snapshot !== undefined && snapshot.readAtMs >= startMs ? snapshot : undefined;
    };
    const before = read();
    if (before !== undefined) return before;
    const vpcId = this.remembered(id)?.eni.vpcId;
    const waiting =
      this.asked.size > 1 && vpcId !== undefined
        ? this.confirmingRead(vpcId, startMs, deadline)
        : sleepUntil(startMs);
    await within(deadline, () => deadline.whyLate ?? callTimedOut(`second read of ${id}`), waiting);
    return read() ?? this.fresh(id, deadline);
  }

  private confirmingRead(vpcId: string, startMs: number, deadline: Deadline): Promise<void> {
    const underWay = this.confirmingReads.get(vpcId);
    if (underWay !== undefined && underWay.startsAtMs >= startMs) return underWay.done;
    // Others that saw their ENI a little later join.
    const startsAtMs = Math.max(startMs, performance.now()) + this.pacing.confirmMs / 4;
    const done = sleepUntil(startsAtMs).then(() =>
      this.readAhead(vpcId, deadline.optional(lookAheadMs, 1 / 2)),
    );
    this.confirmingReads.set(vpcId, { startsAtMs, done });
    return done;
  }

  /** The cached ENI, if its read is at most `maxAgeMs` old; else a read, which looks ahead from the second ENI on. */
  async known(id: string, deadline: Deadline, maxAgeMs = Infinity): Promise<Reading | undefined> {
    const startedMs = performance.now();
    // A reading must not become too old while this waits for a slow look-ahead.
    const sinceMs = () => Math.min(startedMs, performance.now() - maxAgeMs);
    const cached = () => {
      const reading = this.snapshots.get(id);
      return reading !== undefined && reading.readAtMs >= sinceMs() ? reading : undefined;
    };
    this.asked.add(id);
    const before = cached();
    if (before !== undefined) return before;
    // Until the first call is sent, others join it.
    if (this.asked.size === 1 || (!this.hasSent && this.asked.size <= maxIdsPerCall)) {
      const done = this.fresh(id, deadline);
      this.firstRead = { done, deadline };
      return done;
    }

    const vpcId = this.remembered(id)?.eni.vpcId ?? (await this.vpcOfFirstRead(deadline));
    if (vpcId !== undefined && this.looksAhead(vpcId, sinceMs())) this.lookAheadIn(vpcId, deadline);
    const underWay = [...this.lookAheads.values()];
    await within(deadline, whyLate(underWay), Promise.all(underWay.map(({ done }) => done)));
    const found = cached();
    if (found !== undefined) return found;
    const reading = await this.fresh(id, deadline);
    if (reading !== undefined) this.noteReadById(reading.eni.vpcId, deadline);
    return reading;
  }

  /** `undefined` when the first read of the process has failed, or did not find its ENI. */
  private async vpcOfFirstRead(deadline: Deadline): Promise<string | undefined> {
    const [known] = this.snapshots.values();
    if (known !== undefined || this.firstRead === undefined) return known?.eni.vpcId;
    const { done } = this.firstRead;
    const first = done.catch(() => undefined);
    return (await within(deadline, whyLate([this.firstRead]), first))?.eni.vpcId;
  }

  /** Once, and again for readings that are too old. A few of these cost less by id than the pages of a large VPC. */
  private looksAhead(vpcId: string, sinceMs: number): boolean {
    const before = this.lookAheads.get(vpcId);
    if (before === undefined) return this.lookAheads.size === 0;
    return before.startedMs < sinceMs && this.asked.size > maxIdsPerCall;
  }

  /** Starts a look-ahead in this VPC after its second read by id. */
  private noteReadById(vpcId: string, deadline: Deadline): void {
    const count = (this.readByIdIn.get(vpcId) ?? 0) + 1;
    this.readByIdIn.set(vpcId, count);
    if (count > 1 && !this.lookAheads.has(vpcId)) this.lookAheadIn(vpcId, deadline);
  }

  private lookAheadIn(vpcId: string, deadline: Deadline): void {
    const limited = deadline.optional(lookAheadMs, 1 / 2);
    const startedMs = performance.now();
    this.lookAheads.set(vpcId, { startedMs, done: this.readAhead(vpcId, limited), deadline: limited });
  }

  /** The cached reading of any age; makes no call. */
  remembered(id: string): Reading | undefined {
    return this.snapshots.get(id);
  }

  /**
   * The other ENIs of the VPC that hold one of these addresses, among the ENIs in the cache. A single ENI costs one small
   * call for that; for several ENIs the look-ahead has already filled the cache.
   */
  async othersHolding(
    { id, vpcId }: NetworkInterface,
    addresses: readonly string[],
    deadline: Deadline,
  ): Promise<NetworkInterface[]> {
    if (this.lookAheads.size === 0) {
      try {
        const readAtMs = performance.now();
        const found = await this.ecs.describeNetworkInterfaces({ vpcId, holding: addresses }, { deadline });
        this.rememberAll(found.networkInterfaces, readAtMs);
      } catch (error) {
        // The result is only a warning. The operation itself finds the holder from the API's refusal.
        if (!(error instanceof EcsError)) throw error;
      }
    }
    const held = new Set(addresses);
    return [...this.snapshots.values()]
      .map(({ eni }) => eni)
      .filter((eni) => eni.id !== id && eni.vpcId === vpcId)
      .filter((eni) => [eni.primaryIpAddress, ...eni.secondaryIpAddresses].some((one) => held.has(one)));
  }

  /** Drops the cached ENI after a change. */
  forget(id: string): void {
    this.snapshots.delete(id);
    this.forgottenAtMs.set(id, performance.now());
  }

  private remember(reading: Reading): void {
    const { id } = reading.eni;
    // A slow read must not replace a later one, and must not undo `forget`.
    const newerThanMs = Math.max(this.snapshots.get(id)?.readAtMs ?? 0, this.forgottenAtMs.get(id) ?? 0);
    if (reading.readAtMs < newerThanMs) return;
    this.snapshots.set(id, reading);
    const listed: readonly Kind[] = reading.eni.listsPrefixes ? ["address", "prefix"] : ["address"];
    this.sightings(id).addRead(heldBy(reading.eni), reading.readAtMs, listed);
  }

  /** Remembers the ENIs of an answer, and returns their readings, except those whose addresses the answer does not list. */
  private rememberAll(enis: readonly NetworkInterface[], readAtMs: number): Reading[] {
    for (const { ownerId, vSwitchId } of enis) {
      this.seenOwners.add(ownerId);
      this.seenVSwitches.add(vSwitchId);
    }
    const readings = enis.filter((eni) => eni.listsAddresses).map((eni) => ({ eni, readAtMs }));
    for (const reading of readings) this.remember(reading);
    return readings;
  }

  private async readByIds(
    requests: readonly ReadRequest[],
    // Each caller also enforces its own deadline.
    deadline = Deadline.latestOf(requests.map((request) => request.deadline)),
  ): Promise<(Reading | EcsError | undefined)[]> {
    this.hasSent = true;
    const ids = [...new Set(requests.map(({ id }) => id))].sort();
    const readAtMs = performance.now();
    const found = new Map<string, Reading | EcsError | undefined>();
    let isWhole = false;
    try {
      const page = await this.ecs.describeNetworkInterfaces({ ids }, { deadline });
      for (const reading of this.rememberAll(page.networkInterfaces, readAtMs))
        found.set(reading.eni.id, reading);
      for (const { id } of page.networkInterfaces) {
        this.sightings(id).addExistence();
        if (!found.has(id)) found.set(id, withoutAddresses(id));
      }
      isWhole = page.nextToken === undefined;
    } catch (error) {
      // The API documents this code, but also answers an unknown id with an empty list.
      if (!(error instanceof EcsError) || error.verdict !== "not-found") throw error;
    }
    for (const request of requests) {
      const { id } = request;
      if (found.has(id)) continue;
      const sightings = this.sightings(id);
      // A list may be cut short, and an error does not say which ENI it means. So only an answer about a single id shows
      // first that an ENI does not exist. A later list may confirm it.
      if (ids.length > 1 && !(isWhole && sightings.missingSinceMs !== undefined)) {
        const [alone] = await this.readByIds([request], deadline);
        found.set(id, alone);
        if (alone !== undefined || !isWhole) continue;
      }
      found.set(id, undefined);
      this.forget(id);
      sightings.addMissing(readAtMs);
    }
    return requests.map(({ id }) => found.get(id));
  }

  private async readAhead(vpcId: string, deadline: Deadline): Promise<void> {
    let nextToken: string | undefined;
    try {
      for (let page = 0; page < lookAheadPages; page += 1) {
        const readAtMs = performance.now();
        const answer = await this.ecs.describeNetworkInterfaces(
          { vpcId, pageSize: lookAheadPageSize, nextToken },
          { deadline },
        );
        this.rememberAll(answer.networkInterfaces, readAtMs);
        nextToken = answer.nextToken;
        // The API may return a token with the last page. A page that is not full is the last one.
        if (nextToken === undefined || answer.networkInterfaces.length < lookAheadPageSize) return;
      }
    } catch (error) {
      // A look-ahead only saves calls. RAM may refuse the list and allow reads by id.
      if (!(error instanceof EcsError)) throw error;
    }
  }
}

/** Why the reads that others began are late. */
function whyLate(underWay: readonly { readonly deadline: Deadline }[]): () => Error {
  return () =>
    underWay.map(({ deadline }) => deadline.whyLate).find((failure) => failure !== undefined) ??
    callTimedOut("DescribeNetworkInterfaces");
}

const incompleteAnswer = "IncompleteAnswer";

function withoutAddresses(id: string): EcsError {
  return new EcsError({
    action: "DescribeNetworkInterfaces",
    code: incompleteAnswer,
    httpStatus: undefined,
    requestId: undefined,
    verdict: "final",
    reason:
      `the answer does not list all addresses of ${id}, or does not name its primary one; nothing is changed or recorded ` +
      `without them: try again later`,
  });
}

async function sleepUntil(timeMs: number): Promise<void> {
  // A timer may end up to a millisecond early.
  for (let leftMs = timeMs - performance.now(); leftMs > 0; leftMs = timeMs - performance.now())
    await sleep(Math.ceil(leftMs), undefined, { ref: false });
}
