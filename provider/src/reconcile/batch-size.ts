/**
 * Addresses of one request that fit every generation of the API's documentation: 10 until 2021, later 50 and 32
 * (https://api.aliyun.com/document/Ecs/2014-05-26/AssignPrivateIpAddresses, PrivateIpAddress.N).
 *
 * @internal
 */
export const defaultBatchSize = 10;

/**
 * How many addresses go into one request: a size that the server refuses is halved, and stays so for the run.
 *
 * @internal
 */
export class BatchSize {
  constructor(private size: number = defaultBatchSize) {}

  get current(): number {
    return this.size;
  }

  /**
   * A request with so many addresses was refused as malformed.
   *
   * @returns whether fewer addresses are worth a try
   */
  refused(addresses: number): boolean {
    if (addresses <= 1) return false;
    this.size = Math.min(this.size, Math.floor(addresses / 2));
    return true;
  }
}
