import { tellHistories } from "./tell-histories";

test("whatever happens, nothing foreign is touched, what is recorded is true, and the next up finishes: part 1 of 2", async () => {
  await tellHistories(0);
});
