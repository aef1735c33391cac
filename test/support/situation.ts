import type { NetworkInterface } from "../../provider/src/ecs/port";
import { CallJournal } from "../../provider/src/resource/call-journal";
import { Ledger } from "../../provider/src/resource/ledger";
import { noLimits } from "../../provider/src/resource/limits";
import { modes } from "../../provider/src/resource/model";
import { noTrouble, type Situation, type View } from "../../provider/src/resource/situation";
import { nothingRefused } from "../../provider/src/resource/refused-items";
import { eniStatusRule } from "../../provider/src/resource/statuses";
import { pacingTimes } from "../../provider/src/shared/retry";
import { Sightings } from "../../provider/src/ecs/sightings";
import { networkInterface } from "./network-interface";

/** A test's part of a situation: the fields that differ from the defaults, and the last reading. */
export interface Given
  extends Partial<Omit<Situation, "view">>, Partial<Pick<View, "fresh" | "instanceStatus">> {
  /** The last reading. Without it, the ENI must be read. */
  readonly seen?: Partial<NetworkInterface>;
}

/** An operation that must assign 10.0.1.20 to `eni-x`, and has not read the ENI. */
export function situationOf({ seen, fresh = true, instanceStatus, ...more }: Given = {}): Situation {
  const { journal = new CallJournal() } = more;
  const eni = seen && networkInterface(seen);
  if (eni !== undefined) journal.addRead(eni);
  return {
    networkInterfaceId: "eni-x",
    region: "cn-hangzhou",
    goal: {
      mode: modes.privateIpAddresses,
      wanted: ["10.0.1.20"],
      owned: [],
      refuseOthers: false,
      allowUnassignWithEip: false,
    },
    recorded: [],
    claimed: [],
    statusRule: eniStatusRule,
    journal,
    ledger: new Ledger(),
    sightings: new Sightings(),
    view: eni && { eni, fresh, ...(instanceStatus === undefined ? {} : { instanceStatus }) },
    rest: [],
    begun: [],
    failure: undefined,
    holdersKnown: false,
    trouble: noTrouble,
    contention: undefined,
    limits: noLimits,
    refused: nothingRefused,
    facts: { cidrBlock: undefined, capacity: undefined, batchSize: 10 },
    pacing: pacingTimes(1),
    // The longest wait that full jitter allows.
    random: () => 1,
    nowMs: 1_000_000,
    lastProgressMs: 1_000_000,
    leftMs: 600_000,
    ...more,
  };
}
