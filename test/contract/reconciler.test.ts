import { startEmulator, type Emulator, type FaultEffect } from "alicloud-ecs-emulator";
import { BatchSize } from "../../provider/src/resource/batch-size";
import { Claims } from "../../provider/src/resource/claims";
import { EniLocks } from "../../provider/src/resource/eni-locks";
import { EniReader } from "../../provider/src/ecs/eni-reader";
import { QuotaReader } from "../../provider/src/ecs/optional-facts";
import { Reconciler } from "../../provider/src/resource/reconciler";
import { Releases } from "../../provider/src/resource/releases";
import { Unassigned } from "../../provider/src/resource/unassigned";
import { VSwitchReader } from "../../provider/src/ecs/optional-facts";
import { Deadline } from "../../provider/src/shared/deadline";
import { pacingTimes } from "../../provider/src/shared/retry";
import { ecsAt } from "../support/ecs-client";
import { addressRange, eniId, secondaryAddresses, worldWith } from "../support/eni-world";
import { forever } from "../support/faults";

let emulator: Emulator;
const owned = addressRange(20, 3);

beforeEach(async () => {
  emulator = await startEmulator({ seed: worldWith(owned) });
});
afterEach(() => emulator.close());

/** @param releaseMs - for how long a refusal is tried again that reads contradict */
function reconcilerThatTriesFor(releaseMs: number): Reconciler {
  const ecs = ecsAt(emulator.url);
  return new Reconciler({
    ecs,
    reader: new EniReader(ecs, 0),
    claims: new Claims(),
    releases: new Releases(),
    unassigned: new Unassigned(),
    vSwitches: new VSwitchReader(ecs, () => undefined),
    quotas: new QuotaReader(ecs, () => undefined),
    batchSize: new BatchSize(),
    liveness: { assertAlive: () => Promise.resolve() },
    pacing: { ...pacingTimes(0.001), releaseMs },
    random: Math.random,
    announce: () => undefined,
    locks: new EniLocks(),
  });
}

const patient = () => Deadline.after(20_000);
const unassign = "UnassignPrivateIpAddresses";
const notFound: FaultEffect = {
  error: { status: 404, code: "InvalidEniId.NotFound", message: "The specified EniId is not found." },
};
const unavailable: FaultEffect = { error: { status: 503, code: "ServiceUnavailable", message: "Later." } };

/** One rule for each of the next calls, in this order. */
function disturbInTurn(...effects: FaultEffect[]): void {
  for (const effect of effects) emulator.control.addFault({ action: unassign, effect });
}

describe("InvalidEniId.NotFound for a write, while reads show the ENI", () => {
  test.each<[string, FaultEffect[]]>([
    ["twice in a row", [notFound, notFound]],
    ["after another failure", [unavailable, notFound]],
  ])("%s: a delete goes on until the addresses are gone", async (_what, effects) => {
    disturbInTurn(...effects);
    await reconcilerThatTriesFor(10_000).delete(eniId, owned, false, patient());
    expect(secondaryAddresses(emulator)).toEqual([]);
  });

  test("every time: a delete fails, because the addresses are still there", async () => {
    emulator.control.addFault({ action: unassign, effect: notFound, times: forever });
    const reconciler = reconcilerThatTriesFor(50);
    await expect(reconciler.delete(eniId, owned, false, patient())).rejects.toThrow(
      /InvalidEniId\.NotFound.*reads in region cn-hangzhou show eni-edge all the same/,
    );
    expect(secondaryAddresses(emulator)).toEqual(owned);
  });
});
