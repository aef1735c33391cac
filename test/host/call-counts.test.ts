import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { Semaphore } from "async-mutex";
import { callsAtMost, judge } from "../bench/bounds";
import { countsOf } from "../bench/stack";
import { latencyMs, parallel, planSteps, worldOf, works } from "../bench/works";
import type { PlannedStep } from "../bench/works";
import { EngineModel, type Saved } from "../properties/engine";
import { environmentFor } from "../support/eni-world";
import { InProcessHost } from "../support/in-process-host";
import { PluginHost } from "../support/plugin-host";
import { strictestLimits } from "../support/strictest-limits";

const isPlugin = process.env.TEST_SUITE === "plugin";
const small = works.filter(({ enis, limit }) => enis <= 100 && limit === undefined);

/**
 * The commands that exceed the bound of the benchmark, and the most calls that they make. Every change is verified by a read, and at
 * most the operations that run at the same time share one: 13 reads for 100 operations. The first read is by id, because the VPC is
 * not known, and the first ENI of a preview is asked for other holders before there is a second one.
 */
const knownExcess: Readonly<Record<string, number>> = {
  "100 ENIs: preview": 4,
  "100 ENIs: create, 10 addresses each": 115,
  "100 ENIs: one changed, −1 +1": 5,
  "100 ENIs: destroy": 115,
};

/** The figures that this test does not measure. */
const nothing = { failedCalls: 0, wallMs: 0, aboveEmptyMs: 0, stateBytes: 0, besidesAddressesBytes: 0 };

/** Runs a command on a new host, as many operations at a time as in the benchmark. */
async function run({ command, lists }: PlannedStep, emulator: Emulator, state: Map<string, Saved>) {
  // With longer waits, operations share reads on a busy machine too.
  const env = { ...environmentFor(emulator), ALICLOUD_SECONDARY_IPS_PACE: "5" };
  const host = await (isPlugin ? PluginHost : InProcessHost).start({ env });
  const failures: string[] = [];
  const engine = new EngineModel(
    host,
    state,
    ({ name, outcome, message }) => {
      if (outcome !== "done") failures.push(`${name}: ${message}`);
    },
    () => false,
    {},
    new Semaphore(parallel),
  );
  const flags = { order: "together", continueOnError: false, targets: undefined } as const;
  const program = Object.entries(lists).map(([name, privateIpAddresses]) => ({
    name,
    inputs: {
      networkInterfaceId: name,
      privateIpAddresses,
      __internal: { name, preview: command === "preview" },
    },
    retained: false,
  }));
  emulator.control.clearCalls();
  try {
    if (command === "preview") for (const { inputs } of program) await host.check(inputs);
    else if (command === "up") await engine.up(program, flags);
    else if (command === "refresh") await engine.refresh();
    else await engine.destroy(flags);
  } finally {
    await host.stop();
  }
  return { failures, calls: countsOf(emulator.control.calls()) };
}

describe.each(small)("$name", (work) => {
  const steps = planSteps(work);
  const state = new Map<string, Saved>();
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator({
      seed: worldOf(work.enis),
      behaviour: { ...strictestLimits, latencyMs },
    });
  });
  afterAll(() => emulator.close());

  // Each command continues with the state of the one before.
  for (const step of steps) {
    const { name, command, bounds } = step;
    if (isPlugin && command === "preview") continue;
    const most = knownExcess[`${work.name}: ${name}`];
    const ofCalls =
      most === undefined ? bounds.filter(({ figure }) => figure === "calls") : [callsAtMost(() => most)];
    test(`${name}: makes no more calls than ${most ?? "the bound"}`, async () => {
      const { failures, calls } = await run(step, emulator, state);
      expect(failures).toEqual([]);
      const verdicts = judge(ofCalls, { ...nothing, calls }, step);
      expect(verdicts.filter(({ isHeld }) => !isHeld)).toEqual([]);
    });
  }
});
