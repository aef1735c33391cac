import {
  addressRange,
  attachedWorldWith,
  eniId,
  otherEniId,
  primaryAddress,
  twoEnis,
  worldWith,
} from "../support/eni-world";
import { disturb } from "../support/faults";
import { Scenario, type Saved } from "../support/scenario";

// Two resources of one ENI record the same address, and one of them drops it. Because of the order, the name or a refresh, the
// provider learns of the other resource late.

let scenario: Scenario;
afterEach(() => scenario.stop());

const named = (name: string, more: Record<string, unknown>) => ({
  networkInterfaceId: eniId,
  region: "cn-hangzhou",
  __internal: { name },
  ...more,
});
const additive = (name: string, privateIpAddresses: string[], more = {}) =>
  named(name, { privateIpAddresses, ownership: "additive", ...more });
const count = (name: string, secondaryPrivateIpAddressCount: number, more = {}) =>
  named(name, { secondaryPrivateIpAddressCount, ...more });

/** A refresh in the process of the next operation, as `up --refresh` does: read, then diff with the old inputs. */
async function refreshInSameProcess({ id, outputs, inputs }: Saved): Promise<Saved> {
  const read = await scenario.provider.read(id, outputs);
  await scenario.provider.diff(id, read.outputs, inputs);
  return { id, outputs: read.outputs, inputs: read.inputs ?? inputs };
}

describe("additive resource, checked after another one unassigned a shared address:", () => {
  async function handOver(drop: (giving: Saved) => Promise<unknown>): Promise<Saved> {
    scenario = await Scenario.start(twoEnis());
    const giving = await scenario.create(additive("giving", addressRange(20, 2)));
    const taking = await scenario.create(additive("taking", ["10.0.1.21"]));
    await scenario.nextCommand();
    await drop(giving);
    const taken = await scenario.up(taking, additive("taking", ["10.0.1.21"]));
    expect(scenario.held()).toContain("10.0.1.21");
    return taken;
  }

  test("the address is assigned again, with a warning", async () => {
    const taken = await handOver((giving) => scenario.up(giving, additive("giving", ["10.0.1.20"])));
    expect(taken.outputs.privateIpAddresses).toEqual(["10.0.1.21"]);
    expect(scenario.held()).toEqual(addressRange(20, 2));
    expect(await scenario.provider.printed()).toContainEqual(
      expect.stringContaining(
        "warning: taking: another resource unassigned 10.0.1.21 from eni-edge before this one was checked",
      ),
    );
  });

  test("the address is assigned again if the other resource moves to another ENI", async () => {
    await handOver(async (giving) => {
      await scenario.provider.check(
        additive("giving", ["10.0.1.20"], { networkInterfaceId: otherEniId }),
        giving.inputs,
      );
      await scenario.provider.delete(giving.id, giving.outputs);
    });
    expect(scenario.held()).toEqual(["10.0.1.21"]);
  });

  test("no write if a third resource has assigned the address", async () => {
    scenario = await Scenario.start(worldWith());
    const giving = await scenario.create(additive("giving", addressRange(20, 2)));
    const taking = await scenario.create(additive("taking", ["10.0.1.21"]));
    await scenario.nextCommand();
    await scenario.up(giving, additive("giving", ["10.0.1.20"]));
    await scenario.create(additive("third", ["10.0.1.21"]));
    scenario.emulator.control.clearCalls();
    await scenario.up(taking, additive("taking", ["10.0.1.21"]));
    expect(scenario.actions.filter((action) => action !== "DescribeNetworkInterfaces")).toEqual([]);
  });
});

describe("the check of the taker is not over when the operation of the giver ends:", () => {
  /** Checks the taker, whose check passes or fails, while the giver runs. */
  async function whileTaking<T>(give: (giving: Saved) => Promise<T>, taken: string[]) {
    scenario = await Scenario.start(attachedWorldWith());
    const giving = await scenario.create(additive("giving", addressRange(20, 2)));
    await scenario.nextCommand();
    const { inputs } = await scenario.provider.check(additive("giving", ["10.0.1.20"]), giving.inputs);
    disturb(scenario.emulator, "DescribeInstances", { delayMs: 500 });
    const gives = give({ ...giving, inputs });
    const { failures } = await scenario.provider.check(additive("taking", taken));
    const given = await gives;
    expect(scenario.held()).toContain("10.0.1.21");
    return { failures, given };
  }
  const update = ({ id, outputs, inputs }: Saved) => scenario.provider.update(id, outputs, inputs);

  test("the taker takes the address, and the giver gives it up", async () => {
    const { failures, given } = await whileTaking(update, ["10.0.1.21", "10.0.1.22"]);
    expect(failures).toEqual([]);
    expect(given.privateIpAddresses).toEqual(["10.0.1.20"]);
  });

  test("the check fails, and the giver keeps the address in the state", async () => {
    const { failures, given } = await whileTaking(update, ["10.0.1.21", primaryAddress]);
    expect(failures).toHaveLength(1);
    expect(given.privateIpAddresses).toEqual(["10.0.1.20", "10.0.1.21"]);
  });

  test("the check fails, and a delete of the giver is refused", async () => {
    const refused = ({ id, outputs }: Saved) =>
      scenario.provider.delete(id, outputs).catch((error: unknown) => error);
    const { given } = await whileTaking(refused, ["10.0.1.21", primaryAddress]);
    expect(String(given)).toContain("10.0.1.21");
  });
});

test("late delete: after --replace, the count of the same name keeps its addresses", async () => {
  scenario = await Scenario.start(worldWith());
  const old = await scenario.create(count("edge", 3));
  const before = scenario.held();
  const replacement = await scenario.create(count("edge", 3));
  // The delete of the old resource did not run. The next command runs it.
  await scenario.nextCommand();
  await scenario.up(replacement, count("edge", 3));
  await scenario.provider.delete(old.id, old.outputs);
  expect(scenario.held()).toEqual(before);
  expect(scenario.writes).toEqual([]);
});

describe("rename by alias, without an update:", () => {
  /** The state after an `up` that renamed without an update. */
  async function renamed(args: (name: string) => Record<string, unknown>): Promise<Saved> {
    scenario = await Scenario.start(worldWith());
    const saved = await scenario.create(args("old"));
    await scenario.nextCommand();
    const after = await scenario.up(saved, args("new"));
    expect(after.outputs).toEqual(saved.outputs);
    await scenario.nextCommand();
    return after;
  }

  test.each([
    ["a list", (name: string) => named(name, { privateIpAddresses: addressRange(20, 3) })],
    ["a count", (name: string) => count(name, 3)],
  ])("destroy --refresh unassigns all addresses of %s", async (_of, args) => {
    const { id, outputs } = await refreshInSameProcess(await renamed(args));
    await scenario.provider.delete(id, outputs);
    expect(scenario.held()).toEqual([]);
  });

  test("up --refresh with a third name unassigns the removed address", async () => {
    const saved = await refreshInSameProcess(await renamed((name) => additive(name, addressRange(20, 2))));
    await scenario.up(saved, additive("newest", ["10.0.1.20"]));
    expect(scenario.held()).toEqual(["10.0.1.20"]);
  });
});

test("up --refresh: a count that is renamed by alias shrinks", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(count("old", 5));
  await scenario.nextCommand();
  const shrunk = await scenario.up(await refreshInSameProcess(saved), count("new", 3));
  expect(shrunk.outputs.privateIpAddresses).toHaveLength(3);
  expect(scenario.held()).toHaveLength(3);
});

test("up --refresh: a count that is renamed without alias shrinks with unassignOnCreate", async () => {
  scenario = await Scenario.start(worldWith());
  const old = await scenario.create(count("old", 5));
  const [, , , ...tooMany] = old.outputs.privateIpAddresses as string[];
  await scenario.nextCommand();
  const { id, outputs } = await refreshInSameProcess(old);
  await scenario.create(count("new", 3, { unassignOnCreate: tooMany }));
  await scenario.provider.delete(id, outputs);
  expect(scenario.held()).toHaveLength(3);
  expect(scenario.held()).not.toEqual(expect.arrayContaining(tooMany));
});
