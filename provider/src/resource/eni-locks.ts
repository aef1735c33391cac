import { Mutex, withTimeout } from "async-mutex";
import { OperationError } from "./operation-error";
import type { Deadline } from "../shared/deadline";

/**
 * Lets the operations on one ENI follow one another, because the API answers Operation.Conflict when they overlap.
 * Operations on different ENIs do not wait for each other.
 *
 * @internal
 */
export class EniLocks {
  private readonly mutexes = new Map<string, Mutex>();

  /** Runs `operation` when no other one runs on the ENI, or fails when that does not come true in time. */
  async run<T>(networkInterfaceId: string, deadline: Deadline, operation: () => Promise<T>): Promise<T> {
    const mutex = this.mutexes.get(networkInterfaceId) ?? new Mutex();
    this.mutexes.set(networkInterfaceId, mutex);
    const busy = new OperationError(
      `another operation on ${networkInterfaceId} did not end within ${Math.round(deadline.totalMs / 1000)} s; ` +
        `raise customTimeouts, or use one resource for this ENI`,
    );
    return withTimeout(mutex, Math.max(1, deadline.leftMs()), busy).runExclusive(operation);
  }
}
