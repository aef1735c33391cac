/**
 * Addresses of one request that fit every generation of the API's documentation: 10 until 2021, later 50 and 32
 * (https://api.aliyun.com/document/Ecs/2014-05-26/AssignPrivateIpAddresses, PrivateIpAddress.N).
 *
 * @internal
 */
export const defaultBatchSize = 10;

/**
 * How many addresses go into one request. An operation that finds its requests refused makes them smaller; the size that
 * then works is remembered for the run.
 *
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
