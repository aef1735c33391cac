import { startEmulator, type Emulator, type FaultEffect } from "alicloud-ecs-emulator";
import { EniReader } from "../../provider/src/ecs/eni-reader";
import { AccountReader, QuotaReader, VSwitchReader } from "../../provider/src/ecs/optional-facts";
import { BatchSize } from "../../provider/src/resource/context";
import { SecretValues } from "../../provider/src/resource/secret-values";
import { ResourceService, type Context, type Region } from "../../provider/src/resource/service";
import { parseState } from "../../provider/src/resource/state";
import { pacingTimes } from "../../provider/src/shared/retry";
import { ecsAt } from "../support/ecs-client";
import { addressRange, eniId, region, secondaryAddresses, worldWith } from "../support/eni-world";
import { forever } from "../support/faults";

let emulator: Emulator;
const owned = addressRange(20, 3);

beforeEach(async () => {
  emulator = await startEmulator({ seed: worldWith(owned) });
});
afterEach(() => emulator.close());

const context: Context = {
  identity: "edge",
  name: "edge",
  preview: false,
  timeoutMs: 20_000,
  secrets: new SecretValues(),
  assertAlive: () => Promise.resolve(),
  say: () => undefined,
};

/**
 * Deletes the resource that owns the ENI's addresses.
 *
 * @param releaseMs - how long InvalidEniId.NotFound is retried while reads show the ENI
 */
async function deleteWith(releaseMs: number): Promise<void> {
  const ecs = ecsAt(emulator.url);
  const pacing = { ...pacingTimes(0.001), releaseMs };
  const only: Region = {
    name: region,
    ecs,
    reader: new EniReader(ecs, pacing),
    vSwitches: new VSwitchReader(ecs, () => undefined),
    quotas: new QuotaReader(ecs, () => undefined),
    account: new AccountReader(ecs, pacing.evidenceMs),
    missingEniIsGone: false,
    batchSize: new BatchSize(),
    pacing,
    random: Math.random,
  };
  const service = new ResourceService({
    missingRegion: "no region is given",
    defaultRegion: () => region,
    region: () => only,
  });
  await service.delete(context, eniId, parseState({ networkInterfaceId: eniId, privateIpAddresses: owned }));
}

const unassign = "UnassignPrivateIpAddresses";
const notFound: FaultEffect = {
  error: { status: 404, code: "InvalidEniId.NotFound", message: "The specified EniId is not found." },
};
const unavailable: FaultEffect = { error: { status: 503, code: "ServiceUnavailable", message: "Later." } };

/** Adds one fault for each of the next calls, in this order. */
function disturbInTurn(...effects: FaultEffect[]): void {
  for (const effect of effects) emulator.control.addFault({ action: unassign, effect });
}

describe("delete, InvalidEniId.NotFound for a write while reads show the ENI", () => {
  test.each<[string, FaultEffect[]]>([
    ["twice in a row", [notFound, notFound]],
    ["after another failure", [unavailable, notFound]],
  ])("%s, retries until the addresses are unassigned", async (_when, effects) => {
    disturbInTurn(...effects);
    await deleteWith(10_000);
    expect(secondaryAddresses(emulator)).toEqual([]);
  });

  test("always, fails because the addresses are still assigned", async () => {
    emulator.control.addFault({ action: unassign, effect: notFound, times: forever });
    await expect(deleteWith(50)).rejects.toThrow(
      /InvalidEniId\.NotFound.*reads in region cn-hangzhou show eni-edge all the same/,
    );
    expect(secondaryAddresses(emulator)).toEqual(owned);
  });
});
