import { E_TIMEOUT, Mutex, withTimeout } from "async-mutex";
import type { EniReader } from "../ecs/eni-reader";
import type { AccountReader, QuotaReader, VSwitchReader } from "../ecs/optional-facts";
import type { EcsPort } from "../ecs/port";
import type { Deadline } from "../shared/deadline";
import type { Pacing } from "../shared/retry";
import type { Identified } from "./ledger";
import { OperationError } from "./operation-error";
import type { SecretValues } from "./secret-values";

/** What an adaptor knows of one call of the engine. @internal */
export interface Context extends Identified {
  /** The resource's name, for messages. */
  readonly name: string;
  /** Whether the program runs for a preview. */
  readonly preview: boolean;
  readonly timeoutMs: number;
  /** The values that must not appear in a message. The adaptor masks what {@link say} and errors contain of them. */
  readonly secrets: Pick<SecretValues, "has">;
  /** @throws StoppedError when nothing more may be written */
  assertAlive(): Promise<void>;
  /** Tells the user something about the resource. */
  say(severity: "info" | "warning", text: string): void;
}

/** What all operations on one region share. @internal */
export interface Region {
  readonly name: string;
  readonly ecs: EcsPort;
  readonly reader: EniReader;
  readonly vSwitches: VSwitchReader;
  readonly quotas: QuotaReader;
  readonly account: AccountReader;
  /** Whether an ENI that is not found counts as deleted, without evidence that account and region are right. */
  readonly missingEniIsGone: boolean;
  readonly batchSize: BatchSize;
  readonly pacing: Pacing;
  readonly random: () => number;
}

/** The regions that the configuration gives access to. @internal */
export interface Regions {
  /** The message that says how to name a region. */
  readonly missingRegion: string;
  /** The region of a resource that names none; `undefined` when the configuration names none either. */
  defaultRegion(): string | undefined;
  /** @throws OperationError when the configuration is wrong */
  region(name: string | undefined): Region;
}

/**
 * Addresses of one request that fit every generation of the API's documentation: 10 until 2021, later 50 and 32
 * (https://api.aliyun.com/document/Ecs/2014-05-26/AssignPrivateIpAddresses, PrivateIpAddress.N).
 * @internal
 */
export const defaultBatchSize = 10;

/**
 * How many addresses go into one request. An operation that finds its requests refused makes them smaller; the size that
 * then works is remembered for the run.
 * @internal
 */
export class BatchSize {
  constructor(private size: number = defaultBatchSize) {}

  get current(): number {
    return this.size;
  }

  /** Requests of this size are taken, larger ones were refused. */
  learn(size: number): void {
    this.size = Math.min(this.size, size);
  }
}

/**
 * Operations on one ENI follow one another, because the API answers Operation.Conflict when they overlap. Operations on
 * different ENIs run side by side.
 * @internal
 */
export class EniLocks {
  private readonly mutexes = new Map<string, Mutex>();
  /** The deadlines of the operations that hold the locks. */
  private readonly holders = new Map<string, Deadline>();

  /**
   * @returns the function that unlocks the ENI
   * @throws OperationError when another operation holds the lock until the deadline
   */
  async acquire(networkInterfaceId: string, deadline: Deadline): Promise<() => void> {
    const mutex = this.mutexes.get(networkInterfaceId) ?? new Mutex();
    this.mutexes.set(networkInterfaceId, mutex);
    try {
      const unlock = await withTimeout(mutex, Math.max(1, deadline.leftMs())).acquire();
      this.holders.set(networkInterfaceId, deadline);
      return unlock;
    } catch (error) {
      if (error !== E_TIMEOUT) throw error;
      const failure = this.holders.get(networkInterfaceId)?.lastFailure;
      throw new OperationError(
        `another operation on ${networkInterfaceId} did not end within ${Math.round(deadline.totalMs / 1000)} s` +
          `${failure === undefined ? "" : `, because of ${failure.message}`}; ` +
          `raise customTimeouts, or use one resource for this ENI`,
      );
    }
  }
}
