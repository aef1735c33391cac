import type { Verdict } from "../bench/bounds";
import { contenders } from "../bench/contenders";
import { rowOf } from "../bench/results";
import { BenchStack } from "../bench/stack";
import { planSteps, works } from "../bench/works";

/*
 * The benchmark's commands for 1,000 ENIs with the real engine: number of calls, and failed calls. Time and memory depend on the
 * machine: the benchmark judges them.
 */

const work = works.find(({ enis }) => enis === 1_000);
if (work === undefined) throw new Error("the benchmark has no work with 1,000 ENIs");
const steps = planSteps(work);

test.each(["dynamic", "native"] as const)(
  "%s: 1,000 ENIs keep the bounds of calls, and no call fails",
  async (contender) => {
    const { isProvider } = contenders[contender];
    const stack = await BenchStack.open(work);
    const judged: (Verdict & { readonly step: string })[] = [];
    try {
      await stack.reset();
      for (const step of steps) {
        const run = await stack.run(step, { contender, lists: step.lists, emptyMs: 0, isProvider });
        if ("failure" in run) throw new Error(`${step.name} failed:\n${run.failure}`);
        await stack.verify(step.held);
        const { verdicts = [] } = rowOf(work, step, { contender, engineMs: undefined }, [run]);
        judged.push(...verdicts.map((verdict) => ({ step: step.name, ...verdict })));
      }
    } finally {
      await stack.close();
    }
    const ofCalls = judged.filter(({ figure }) => /calls$/.test(figure));
    // The failed calls of three commands, and the calls of the refresh.
    expect(ofCalls).toHaveLength(4);
    expect(ofCalls.filter(({ isHeld }) => !isHeld)).toEqual([]);
  },
);
