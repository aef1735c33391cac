import { eniId, otherEniId, otherPrimaryAddress, privateIpSets, worldWith } from "../support/eni-world";
import type { Properties } from "../support/provider-host";
import { Scenario, type Saved } from "../support/scenario";

let scenario: Scenario;
afterEach(() => scenario.stop());

const args = (privateIpAddresses: string[], more = {}) => ({
  networkInterfaceId: eniId,
  privateIpAddresses,
  ...more,
});

/** A world with two secondary addresses. An EIP is bound to 10.0.1.20. */
const withEip = () => ({
  ...worldWith(["10.0.1.20", "10.0.1.21"]),
  eips: [
    {
      AllocationId: "eip-1",
      InstanceId: eniId,
      InstanceType: "NetworkInterface" as const,
      PrivateIpAddress: "10.0.1.20",
    },
  ],
});

const refusal =
  /allowUnassignWithEip: an EIP is bound to 10\.0\.1\.20, which would be unassigned; unbind it first/;

test("update: unassigning an address with an EIP is refused by check and update, without a write", async () => {
  scenario = await Scenario.start(withEip());
  const saved = await scenario.create(args(["10.0.1.20", "10.0.1.21"]));
  await scenario.nextCommand();
  const { failures } = await scenario.provider.check(args([]), saved.outputs);
  expect(failures).toEqual([expect.stringMatching(refusal)]);
  await expect(scenario.provider.update(eniId, saved.outputs, args([]))).rejects.toThrow(refusal);
  expect(scenario.writes).toEqual([]);
});

test("delete: an address with an EIP is refused, all addresses stay", async () => {
  scenario = await Scenario.start(withEip());
  const saved = await scenario.create(args(["10.0.1.20", "10.0.1.21"]));
  const provider = await scenario.nextCommand();
  await expect(provider.delete(eniId, saved.outputs)).rejects.toThrow(refusal);
  expect(scenario.held()).toEqual(["10.0.1.20", "10.0.1.21"]);
});

test("update: an address without an EIP is unassigned", async () => {
  scenario = await Scenario.start(withEip());
  const saved = await scenario.create(args(["10.0.1.20", "10.0.1.21"]));
  await scenario.nextCommand();
  await scenario.up(saved, args(["10.0.1.20"]));
  expect(scenario.held()).toEqual(["10.0.1.20"]);
});

test("allowUnassignWithEip: the update makes no write, the delete then unassigns all addresses", async () => {
  scenario = await Scenario.start(withEip());
  const saved = await scenario.create(args(["10.0.1.20", "10.0.1.21"]));
  await scenario.nextCommand();
  const allowed = await scenario.up(saved, args(["10.0.1.20", "10.0.1.21"], { allowUnassignWithEip: true }));
  expect(allowed.outputs).toMatchObject({ allowUnassignWithEip: true });
  expect(scenario.writes).toEqual([]);
  await scenario.nextCommand();
  await scenario.provider.delete(eniId, allowed.outputs);
  expect(scenario.held()).toEqual([]);
});

describe("replacement by another ENI", () => {
  const replaced = /as things are, `pulumi up` would refuse to replace it/;
  const moved = (more = {}) => args(["10.0.1.20"], { networkInterfaceId: otherEniId, ...more });
  /** {@link withEip}, and the new ENI. */
  const withTwoEnis = () => {
    const { networkInterfaces = [], ...rest } = withEip();
    const other = {
      ...networkInterfaces[0],
      NetworkInterfaceId: otherEniId,
      PrivateIpAddress: otherPrimaryAddress,
      PrivateIpSets: privateIpSets([], otherPrimaryAddress),
    };
    return { ...rest, networkInterfaces: [...networkInterfaces, other] };
  };
  const internal = (more = {}) => ({ __internal: { name: "edge", resource: "edge", ...more } });

  /** The engine's calls before the delete of a replacement. */
  async function replaceBy(news: Properties, { outputs, inputs }: Saved): Promise<void> {
    const provider = await scenario.nextCommand();
    const checked = await provider.check(news, inputs);
    expect(checked.failures).toEqual([]);
    await provider.diff(eniId, outputs, checked.inputs);
    await provider.check(news);
  }

  test("an EIP is bound, delete is refused until the program permits it", async () => {
    scenario = await Scenario.start(withTwoEnis());
    const saved = await scenario.create(args(["10.0.1.20", "10.0.1.21"], internal()));
    await replaceBy(moved(internal()), saved);
    await expect(scenario.provider.delete(eniId, saved.outputs)).rejects.toThrow(refusal);
    expect((await scenario.provider.printed()).join("\n")).toMatch(replaced);
    const permitted = moved({ allowUnassignWithEip: true, ...internal() });
    await replaceBy(permitted, saved);
    await scenario.provider.delete(eniId, saved.outputs);
    expect(scenario.held()).toEqual([]);
    expect((await scenario.provider.printed()).join("\n")).not.toMatch(replaced);
  });

  test("the program no longer permits it, delete is refused", async () => {
    scenario = await Scenario.start(withTwoEnis());
    const permitted = args(["10.0.1.20", "10.0.1.21"], { allowUnassignWithEip: true, ...internal() });
    const saved = await scenario.create(permitted);
    await replaceBy(moved(internal()), saved);
    await expect(scenario.provider.delete(eniId, saved.outputs)).rejects.toThrow(refusal);
  });

  test("renamed by an alias, delete uses the program's options", async () => {
    scenario = await Scenario.start(withTwoEnis());
    const saved = await scenario.create(args(["10.0.1.20", "10.0.1.21"], internal()));
    const renamed = internal({ name: "renamed", resource: "renamed" });
    await replaceBy(moved({ allowUnassignWithEip: true, ...renamed }), saved);
    await scenario.provider.delete(eniId, saved.outputs);
    expect(scenario.held()).toEqual([]);
  });

  test("the delete fails, the next run's delete uses the options of that run", async () => {
    scenario = await Scenario.start(withTwoEnis());
    const saved = await scenario.create(args(["10.0.1.20", "10.0.1.21"], internal()));
    const news = args(["10.0.1.30"], { networkInterfaceId: otherEniId, ...internal() });
    await replaceBy(news, saved);
    const replacement = await scenario.provider.create((await scenario.provider.check(news)).inputs);
    await expect(scenario.provider.delete(eniId, saved.outputs)).rejects.toThrow(refusal);
    const provider = await scenario.nextCommand();
    await provider.check({ ...news, allowUnassignWithEip: true }, replacement.outputs);
    await provider.delete(eniId, saved.outputs);
    expect(scenario.held()).toEqual([]);
  });

  test("--replace, delete uses the program's options", async () => {
    const additive = { ownership: "additive", ...internal() };
    scenario = await Scenario.start(withTwoEnis());
    const saved = await scenario.create(args(["10.0.1.20", "10.0.1.21"], additive));
    const provider = await scenario.nextCommand();
    // The engine passes no old inputs then, and asks for no diff.
    await scenario.create(args(["10.0.1.21"], { allowUnassignWithEip: true, ...additive }));
    await provider.delete(eniId, saved.outputs);
    expect(scenario.held()).toEqual(["10.0.1.21"]);
  });

  test("a deleted resource whose name a new one bears, delete uses the recorded options", async () => {
    scenario = await Scenario.start(withTwoEnis());
    const saved = await scenario.create(args(["10.0.1.20", "10.0.1.21"], internal()));
    const provider = await scenario.nextCommand();
    await provider.check(moved({ allowUnassignWithEip: true, ...internal(), privateIpAddresses: [] }));
    await expect(provider.delete(eniId, saved.outputs)).rejects.toThrow(refusal);
  });
});
