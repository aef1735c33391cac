import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { Semaphore } from "async-mutex";
import { judge } from "../bench/bounds";
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

/** The commands that exceed their bound today. Remove a command from this list when it holds its bound. */
const tooMany = [
  "100 ENIs: preview",
  "100 ENIs: create, 10 addresses each",
  "100 ENIs: one changed, −1 +1",
  "100 ENIs: destroy",
];

/** The figures that this test does not measure. */
const nothing = { failedCalls: 0, wallMs: 0, aboveEmptyMs: 0, stateBytes: 0, besidesAddressesBytes: 0 };

/** Runs a command on a new host, as many operations at a time as in the benchmark. */
async function run({ command, lists }: PlannedStep, emulator: Emulator, state: Map<string, Saved>) {
  const env = environmentFor(emulator);
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
    const isJudged = !tooMany.includes(`${work.name}: ${name}`);
    test(`${name}: ${isJudged ? "makes no more calls than the bound" : "succeeds"}`, async () => {
      const { failures, calls } = await run(step, emulator, state);
      expect(failures).toEqual([]);
      const figures = { ...nothing, calls };
      const ofCalls = bounds.filter(({ figure }) => figure === "calls" && isJudged);
      expect(judge(ofCalls, figures, step).filter(({ isHeld }) => !isHeld)).toEqual([]);
    });
  }
});
