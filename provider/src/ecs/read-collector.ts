import type { Pacing } from "../shared/retry";

/**
 * Decides when the reads that are asked for at about the same moment are sent, in one call.
 *
 * A read that verifies a change waits while other operations change ENIs, because they ask for the same read soon. Any other
 * read is sent at once, with all that wait.
 * @internal
 */
export class ReadCollector {
  private changes = 0;
  private send: (() => void) | undefined;
  private mayWait = true;
  private timer: NodeJS.Timeout | undefined;
  private latest: NodeJS.Timeout | undefined;

  constructor(private readonly pacing: Pick<Pacing, "collectMs" | "shareMs">) {}

  /**
   * An operation changes its ENI.
   *
   * @returns the function to call when it has asked for the read that verifies the change, or needs none
   */
  beginChange(): () => void {
    this.changes += 1;
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      this.changes -= 1;
      if (this.changes === 0) this.sendSoon();
    };
  }

  /** Opens the next call. It takes further reads until `send` is called. A call that is still open is full. */
  open(send: () => void): void {
    const { mayWait } = this;
    this.sendNow();
    this.mayWait = mayWait;
    this.send = send;
    this.latest = setTimeout(() => {
      this.sendNow();
    }, this.pacing.shareMs);
    if (this.changes === 0 || !this.mayWait) this.sendSoon();
  }

  /** A read is asked for that does not wait. */
  hurry(): void {
    this.mayWait = false;
    this.sendSoon();
  }

  private sendSoon(): void {
    if (this.send === undefined || this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.changes === 0 || !this.mayWait) this.sendNow();
    }, this.pacing.collectMs);
  }

  private sendNow(): void {
    const { send } = this;
    clearTimeout(this.timer);
    clearTimeout(this.latest);
    this.send = this.timer = this.latest = undefined;
    this.mayWait = true;
    send?.();
  }
}
