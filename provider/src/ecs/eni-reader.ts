import DataLoader from "dataloader";
import { performance } from "node:perf_hooks";
import { callTimedOut, EcsError } from "./ecs-error";
import { addressesOnlyIn, overlap } from "../shared/addresses";
import { Deadline, within } from "../shared/deadline";
import { heldBy, type EcsPort, type NetworkInterface } from "./port";

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

interface ReadRequest {
  readonly id: string;
  readonly deadline: Deadline;
}

/** A look-ahead, and the deadline of the read that has started it. */
interface LookAhead {
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
  private readonly lookAheads = new Map<string | undefined, LookAhead>();
  private readonly readByIdIn = new Map<string, number>();
  private readonly byId: DataLoader<ReadRequest, Reading | undefined>;

  constructor(
    private readonly ecs: EcsPort,
    collectMs: number,
  ) {
    this.byId = new DataLoader((requests) => this.readByIds(requests), {
      cache: false,
      maxBatchSize: maxIdsPerCall,
      batchScheduleFn: (dispatch) => setTimeout(dispatch, collectMs),
    });
  }

  /** Reads the ENI with a call that starts now or later; `undefined` if the ENI does not exist. */
  async fresh(id: string, deadline: Deadline): Promise<Reading | undefined> {
    const late = () => deadline.lastFailure ?? callTimedOut(`read of ${id}`);
    return within(deadline, late, this.byId.load({ id, deadline }));
  }

  /** The cached ENI, if its read is at most `maxAgeMs` old; else a fresh read. */
  async recent(id: string, maxAgeMs: number, deadline: Deadline): Promise<Reading | undefined> {
    const snapshot = this.snapshots.get(id);
    if (snapshot !== undefined && performance.now() - snapshot.readAtMs <= maxAgeMs) return snapshot;
    return this.fresh(id, deadline);
  }

  /** The cached ENI of any age; else a read, which looks ahead from the second ENI on. */
  async known(id: string, deadline: Deadline): Promise<Reading | undefined> {
    const before = this.snapshots.get(id);
    if (before !== undefined) return before;
    this.asked.add(id);
    if (this.asked.size === 1) return this.fresh(id, deadline);

    if (this.lookAheads.size === 0) this.lookAheadIn(this.vpcOfFirstRead(), deadline);
    const underWay = [...this.lookAheads.values()];
    const late = () =>
      underWay.map((one) => one.deadline.lastFailure).find((failure) => failure !== undefined) ??
      callTimedOut("DescribeNetworkInterfaces");
    await within(deadline, late, Promise.all(underWay.map(({ done }) => done)));
    const found = this.snapshots.get(id);
    if (found !== undefined) return found;
    const reading = await this.fresh(id, deadline);
    if (reading !== undefined) this.noteReadById(reading.eni.vpcId, deadline);
    return reading;
  }

  private vpcOfFirstRead(): string | undefined {
    return [...this.snapshots.values()][0]?.eni.vpcId;
  }

  /** Starts a look-ahead in this VPC after its second read by id. */
  private noteReadById(vpcId: string, deadline: Deadline): void {
    const count = (this.readByIdIn.get(vpcId) ?? 0) + 1;
    this.readByIdIn.set(vpcId, count);
    if (count > 1 && !this.lookAheads.has(vpcId)) this.lookAheadIn(vpcId, deadline);
  }

  private lookAheadIn(vpcId: string | undefined, deadline: Deadline): void {
    const limited = deadline.within(lookAheadMs);
    this.lookAheads.set(vpcId, { done: this.readAhead(vpcId, limited), deadline: limited });
  }

  /** The cached ENI of any age; makes no call. */
  remembered(id: string): NetworkInterface | undefined {
    return this.snapshots.get(id)?.eni;
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
        for (const eni of found.networkInterfaces) this.remember({ eni, readAtMs });
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
    if (reading.readAtMs >= newerThanMs) this.snapshots.set(id, reading);
  }

  private async readByIds(
    requests: readonly ReadRequest[],
    // Each caller also enforces its own deadline.
    deadline = Deadline.latestOf(requests.map((request) => request.deadline)),
  ): Promise<(Reading | undefined)[]> {
    const ids = [...new Set(requests.map(({ id }) => id))].sort();
    const readAtMs = performance.now();
    const found = new Map<string, Reading>();
    try {
      const page = await this.ecs.describeNetworkInterfaces({ ids }, { deadline });
      for (const eni of page.networkInterfaces) found.set(eni.id, { eni, readAtMs });
    } catch (error) {
      // The API documents this code, but also answers an unknown id with an empty list.
      if (!(error instanceof EcsError) || error.verdict !== "not-found") throw error;
    }
    for (const reading of found.values()) this.remember(reading);
    const missing = requests.filter(({ id }) => !found.has(id));
    // A list may be cut short, so only an answer about a single id shows that an ENI does not exist.
    if (ids.length > 1) {
      for (const request of missing) {
        const [reading] = await this.readByIds([request], deadline);
        if (reading !== undefined) found.set(request.id, reading);
      }
    } else {
      for (const { id } of missing) this.forget(id);
    }
    return requests.map(({ id }) => found.get(id));
  }

  private async readAhead(vpcId: string | undefined, deadline: Deadline): Promise<void> {
    let nextToken: string | undefined;
    try {
      for (let page = 0; page < lookAheadPages; page += 1) {
        const readAtMs = performance.now();
        const answer = await this.ecs.describeNetworkInterfaces(
          { vpcId, pageSize: lookAheadPageSize, nextToken },
          { deadline },
        );
        for (const eni of answer.networkInterfaces) this.remember({ eni, readAtMs });
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

/** Another ENI, and which of the wanted addresses it holds. @internal */
export interface Holder {
  readonly id: string;
  readonly addresses: readonly string[];
}

/**
 * Which other ENIs of the VPC hold what is wanted and missing on this one; `undefined` where they cannot be read. The
 * search only improves a wait and its message.
 * @internal
 */
export async function findHolders(
  ecs: EcsPort,
  eni: NetworkInterface,
  wanted: readonly string[],
  deadline: Deadline,
): Promise<readonly Holder[] | undefined> {
  const missing = addressesOnlyIn(wanted, heldBy(eni));
  if (missing.length === 0) return [];
  try {
    const candidates = await ecs.findHolders(eni.vpcId, missing, { deadline });
    return candidates
      .filter(({ id }) => id !== eni.id)
      .map((holder) => {
        const theirs = [...heldBy(holder), holder.primaryIpAddress].filter((held) => held !== "");
        return {
          id: holder.id,
          addresses: missing.filter((one) => theirs.some((other) => overlap(one, other))),
        };
      })
      .filter(({ addresses }) => addresses.length > 0);
  } catch (error) {
    if (!(error instanceof EcsError)) throw error;
    return undefined;
  }
}

/** Each holder in words. @internal */
export function sentencesOf(holders: readonly Holder[]): string[] {
  return holders.map(({ id, addresses }) => `${addresses.join(", ")} is held by ${id}`);
}
