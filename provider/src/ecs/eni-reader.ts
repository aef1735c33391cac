import DataLoader from "dataloader";
import { performance } from "node:perf_hooks";
import { callTimedOut, EcsError } from "./ecs-error";
import type { EcsPort, NetworkInterface } from "./port";
import type { Deadline } from "../shared/deadline";
import { within } from "../shared/deadline";

/** Ids in one DescribeNetworkInterfaces (https://api.aliyun.com/document/Ecs/2014-05-26/DescribeNetworkInterfaces). */
const maxIdsPerCall = 100;
/** The largest page of the same call. */
const lookAheadPageSize = 500;
/** A look ahead is worth at most this many pages; in a larger VPC the rest is read by id. */
const lookAheadPages = 4;

/** How long a look ahead may take; it only saves calls. */
const lookAheadMs = 30_000;

/** An ENI, and when the read that found it began, on the monotonic clock. @internal */
export interface Reading {
  readonly eni: NetworkInterface;
  readonly readAtMs: number;
}

interface ReadRequest {
  readonly id: string;
  readonly deadline: Deadline;
}

/**
 * Reads ENIs for all operations of the process. Reads of the same moment share one call, up to 100 ids; a read that
 * starts after a write never joins a call that was under way before it. As soon as a second ENI is asked for, the
 * reads that may be answered from memory look ahead: the ENIs of the VPC, in large pages, are read once for all.
 *
 * @internal
 */
export class EniReader {
  private readonly snapshots = new Map<string, Reading>();
  private readonly forgottenAtMs = new Map<string, number>();
  private readonly asked = new Set<string>();
  private readonly lookAheads = new Map<string | undefined, Promise<void>>();
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

  /** The ENI as a call that starts now, or later, sees it; `undefined` when there is none. */
  async fresh(id: string, deadline: Deadline): Promise<Reading | undefined> {
    return within(deadline, () => callTimedOut(`read of ${id}`), this.byId.load({ id, deadline }));
  }

  /** The ENI as this process read it, not longer ago than `maxAgeMs`; else as a read finds it now. */
  async recent(id: string, maxAgeMs: number, deadline: Deadline): Promise<Reading | undefined> {
    const snapshot = this.snapshots.get(id);
    if (snapshot !== undefined && performance.now() - snapshot.readAtMs <= maxAgeMs) return snapshot;
    return this.fresh(id, deadline);
  }

  /** The ENI as any read of this process found it; looks ahead when several ENIs are asked for. */
  async known(id: string, deadline: Deadline): Promise<Reading | undefined> {
    const before = this.snapshots.get(id);
    if (before !== undefined) return before;
    this.asked.add(id);
    if (this.asked.size === 1) return this.fresh(id, deadline);

    if (this.lookAheads.size === 0) this.lookAheadIn(this.vpcOfFirstRead(), deadline);
    const underWay = Promise.all(this.lookAheads.values());
    await within(deadline, () => callTimedOut("DescribeNetworkInterfaces"), underWay);
    const found = this.snapshots.get(id);
    if (found !== undefined) return found;
    const reading = await this.fresh(id, deadline);
    if (reading !== undefined) this.noteReadById(reading.eni.vpcId, deadline);
    return reading;
  }

  private vpcOfFirstRead(): string | undefined {
    return [...this.snapshots.values()][0]?.eni.vpcId;
  }

  /** Several ENIs in a VPC that was not looked at: the next one need not be read by its id. */
  private noteReadById(vpcId: string, deadline: Deadline): void {
    const count = (this.readByIdIn.get(vpcId) ?? 0) + 1;
    this.readByIdIn.set(vpcId, count);
    if (count > 1 && !this.lookAheads.has(vpcId)) this.lookAheadIn(vpcId, deadline);
  }

  private lookAheadIn(vpcId: string | undefined, deadline: Deadline): void {
    this.lookAheads.set(vpcId, this.readAhead(vpcId, deadline.within(lookAheadMs)));
  }

  /** The ENI as this process read it last, if it did; calls nothing. */
  remembered(id: string): NetworkInterface | undefined {
    return this.snapshots.get(id)?.eni;
  }

  /**
   * The other ENIs of the VPC that hold one of these addresses, as far as this process has read them. Who asks for one
   * ENI alone asks for the others with one small call; where several are asked for, the look ahead has found them.
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
        // Nothing depends on it: the operation finds them, should it meet them.
        if (!(error instanceof EcsError)) throw error;
      }
    }
    const held = new Set(addresses);
    return [...this.snapshots.values()]
      .map(({ eni }) => eni)
      .filter((eni) => eni.id !== id && eni.vpcId === vpcId)
      .filter((eni) => [eni.primaryIpAddress, ...eni.secondaryIpAddresses].some((one) => held.has(one)));
  }

  /** What was read of this ENI is no longer so. */
  forget(id: string): void {
    this.snapshots.delete(id);
    this.forgottenAtMs.set(id, performance.now());
  }

  private remember(reading: Reading): void {
    const { id } = reading.eni;
    // A slow read that began earlier must not hide a later one, nor what happened before `forget`.
    const newerThanMs = Math.max(this.snapshots.get(id)?.readAtMs ?? 0, this.forgottenAtMs.get(id) ?? 0);
    if (reading.readAtMs >= newerThanMs) this.snapshots.set(id, reading);
  }

  private async readByIds(requests: readonly ReadRequest[]): Promise<(Reading | undefined)[]> {
    const ids = [...new Set(requests.map(({ id }) => id))].sort();
    // The most patient of those who ask decides: the others have their own deadlines around their operations.
    const { deadline } = requests.reduce((a, b) => (a.deadline.leftMs() >= b.deadline.leftMs() ? a : b));
    const readAtMs = performance.now();
    const found = new Map<string, Reading>();
    try {
      const page = await this.ecs.describeNetworkInterfaces({ ids }, { deadline });
      for (const eni of page.networkInterfaces) found.set(eni.id, { eni, readAtMs });
    } catch (error) {
      // The API's table lists this code, but an unknown id is also answered with an empty list.
      if (!(error instanceof EcsError) || error.verdict !== "not-found") throw error;
    }
    for (const reading of found.values()) this.remember(reading);
    const missing = requests.filter(({ id }) => !found.has(id));
    // That an ENI does not exist is believed of an answer about this one alone, never of a list that may be cut short.
    if (ids.length > 1) {
      for (const request of missing) {
        const [reading] = await this.readByIds([request]);
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
        // The API may send a token with the last page; a page that is not full is the last one.
        if (nextToken === undefined || answer.networkInterfaces.length < lookAheadPageSize) return;
      }
    } catch (error) {
      // A look ahead only saves calls: who may not list a whole VPC still may read its own ENIs by id.
      if (!(error instanceof EcsError)) throw error;
    }
  }
}
