import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import {
  actions,
  addressRange,
  eniId,
  environmentFor,
  secondaryAddresses,
  worldWith,
} from "../support/eni-world";
import { changeBetween, lowerBound } from "./lower-bound";
import { plainProvider } from "./program/plain-eni-secondary-ips";

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator({ seed: worldWith(["10.0.1.99"]) });
  Object.assign(process.env, environmentFor(emulator));
});
afterEach(() => emulator.close());

const inputs = (privateIpAddresses: string[]) => ({ networkInterfaceId: eniId, privateIpAddresses });
const fifteen = addressRange(20, 15);
const changed = [...addressRange(20, 3), ...addressRange(60, 7)];

/** The calls of one operation, compared with the fewest that it needs. */
async function callsAbove(
  before: string[],
  after: string[],
  operation: () => Promise<unknown>,
): Promise<number> {
  emulator.control.clearCalls();
  await operation();
  return actions(emulator).length - lowerBound([changeBetween(before, after)]);
}

test("plain provider: makes at most two calls more than the lower bound, for each operation on one ENI", async () => {
  const above = [
    await callsAbove([], fifteen, () => plainProvider.create(inputs(fifteen))),
    await callsAbove(fifteen, changed, () => plainProvider.update(eniId, inputs(fifteen), inputs(changed))),
    await callsAbove(changed, changed, () => plainProvider.diff(eniId, inputs(changed), inputs(changed))),
    await callsAbove(changed, changed, () => plainProvider.read(eniId, inputs(changed))),
    await callsAbove(changed, [], () => plainProvider.delete(eniId, inputs(changed))),
  ];
  expect(Math.max(...above)).toBeLessThanOrEqual(2);
});

test("plain provider: create, update and delete change its addresses and keep the others", async () => {
  const held = () => secondaryAddresses(emulator).sort();
  const created = await plainProvider.create(inputs(fifteen));
  expect(created).toEqual({ id: eniId, outs: inputs(fifteen) });
  expect(held()).toEqual([...fifteen, "10.0.1.99"].sort());
  expect(await plainProvider.update(eniId, created.outs, inputs(changed))).toEqual({ outs: inputs(changed) });
  expect(held()).toEqual([...changed, "10.0.1.99"].sort());
  expect((await plainProvider.read(eniId, inputs(changed))).props.privateIpAddresses.sort()).toEqual(held());
  await plainProvider.delete(eniId, inputs(changed));
  expect(held()).toEqual(["10.0.1.99"]);
});

test("plain provider: diff ignores the order, and another ENI replaces", async () => {
  const reversed = inputs([...fifteen].reverse());
  expect(await plainProvider.diff(eniId, inputs(fifteen), reversed)).toEqual({
    changes: false,
    replaces: [],
  });
  expect(await plainProvider.diff(eniId, inputs(fifteen), inputs(changed))).toMatchObject({ changes: true });
  const other = { ...inputs(fifteen), networkInterfaceId: "eni-other" };
  expect(await plainProvider.diff(eniId, inputs(fifteen), other)).toEqual({
    changes: true,
    replaces: ["networkInterfaceId"],
  });
});
