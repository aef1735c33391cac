import type { Deadline } from "./deadline";

/**
 * Waits for the promise, but not longer than the deadline. What the promise stands for goes on: use it for reads,
 * or where an unknown outcome is dealt with.
 *
 * @internal
 */
export async function within<T>(deadline: Deadline, onTime: () => Error, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(onTime());
    }, deadline.leftMs());
  });
  // Whichever comes second must not count as unhandled.
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
