import { eniId, worldWith } from "../support/eni-world";
import { Scenario } from "../support/scenario";

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
