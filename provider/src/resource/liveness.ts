/**
 * Tells whether whoever asked for an operation is still there to record its outcome.
 *
 * @internal
 */
export interface Liveness {
  /** @throws EngineGoneError when nobody is */
  assertAlive(): Promise<void>;
}
