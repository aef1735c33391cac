import type { EniReader } from "../ecs/eni-reader";
import type { QuotaReader, VSwitchReader } from "../ecs/optional-facts";
import type { EcsPort } from "../ecs/port";
import type { Pacing } from "../shared/retry";
import type { BatchSize } from "./batch-size";
import type { Identified } from "./ledger";

/** What an adaptor knows of one call of the engine. @internal */
export interface Context extends Identified {
  /** The resource's name, for messages. */
  readonly name: string;
  /** Whether the program runs for a preview. */
  readonly preview: boolean;
  readonly timeoutMs: number;
  /** The inputs whose values must not appear in a message. */
  readonly secretInputs: readonly string[];
  /** @throws EngineGoneError when the engine is gone and cannot record the outcome */
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
