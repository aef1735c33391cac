import { runHistories } from "./run-histories";

test("random histories, part 2 of 2: the oracle finds no violation, and the last up converges", async () => {
  await runHistories(1);
});
