import { Mutex, withTimeout } from "async-mutex";
import type { Deadline } from "../shared/deadline";
import { OperationError } from "./operation-error";

/**
 * Operations on one ENI follow one another, because the API answers Operation.Conflict when they overlap. Operations on
 * different ENIs run side by side.
 *
 * @internal
 */
export class EniLocks {
  private readonly mutexes = new Map<string, Mutex>();

  /**
   * @returns the function that unlocks the ENI
   * @throws OperationError when another operation holds the lock until the deadline
   */
  async acquire(networkInterfaceId: string, deadline: Deadline): Promise<() => void> {
    const mutex = this.mutexes.get(networkInterfaceId) ?? new Mutex();
    this.mutexes.set(networkInterfaceId, mutex);
    const busy = new OperationError(
      `another operation on ${networkInterfaceId} did not end within ${Math.round(deadline.totalMs / 1000)} s; ` +
        `raise customTimeouts, or use one resource for this ENI`,
    );
    return withTimeout(mutex, Math.max(1, deadline.leftMs()), busy).acquire();
  }
}
