import fc from "fast-check";
import { history } from "./history";
import { Histogram } from "./histogram";
import { Stage } from "./run-history";

/** What the configuration of a run sets, unless the environment does: see CONTRIBUTING. */
declare const propertiesDefaults: {
  readonly histories: number;
  readonly minutes: number;
  readonly seed?: number;
};

const histories = Number(process.env.PROPERTIES_HISTORIES ?? propertiesDefaults.histories);
const minutes = Number(process.env.PROPERTIES_MINUTES ?? propertiesDefaults.minutes);
const seed = Number(process.env.PROPERTIES_SEED ?? propertiesDefaults.seed ?? Date.now() % 1_000_000_000);
/** Histories that run side by side, because much of their time is waiting. */
const stages = Math.min(6, histories);

test("whatever happens, nothing foreign is touched, what is recorded is true, and the next up finishes", async () => {
  const histogram = new Histogram();
  const startedMs = performance.now();
  const told = Array.from({ length: stages }, async (_unused, index) => {
    const stage = await Stage.open();
    try {
      await fc.assert(
        fc.asyncProperty(history, async (one) => {
          // On a busy machine fewer histories are told, and the last line says how many. fast-check's own limit would
          // leave the last history running behind the test.
          if (performance.now() - startedMs < minutes * 60_000) await stage.run(one, histogram);
        }),
        { numRuns: Math.ceil(histories / stages), seed: seed + index },
      );
    } finally {
      await stage.close();
    }
  });
  try {
    const ended = await Promise.allSettled(told);
    const [failure] = ended.filter((one) => one.status === "rejected");
    if (failure !== undefined) throw failure.reason;
  } finally {
    const seconds = Math.round((performance.now() - startedMs) / 1_000);
    process.stdout.write(
      `${String(histogram)}\n${histogram.total("enis")} histories in ${seconds} s, PROPERTIES_SEED=${seed}\n`,
    );
  }
  // What was told has to have met what it is about.
  expect(histogram.of("ends", "converged")).toBeGreaterThanOrEqual(Math.min(histories, 20));
});
