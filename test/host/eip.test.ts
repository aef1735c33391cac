import { eniId, worldWith } from "../support/eni-world";
import { Scenario } from "../support/scenario";

let scenario: Scenario;
afterEach(() => scenario.stop());

const args = (privateIpAddresses: string[], more = {}) => ({
  networkInterfaceId: eniId,
  privateIpAddresses,
  ...more,
});

/** A world in which 10.0.1.20, one of two secondary addresses, is reached from the internet. */
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

test("an update does not unassign an address that an EIP is bound to, nor anything else beside it", async () => {
  scenario = await Scenario.start(withEip());
  const saved = await scenario.create(args(["10.0.1.20", "10.0.1.21"]));
  await scenario.nextCommand();
  const { failures } = await scenario.provider.check(args([]), saved.outputs);
  expect(failures).toEqual([expect.stringMatching(refusal)]);
  await expect(scenario.provider.update(eniId, saved.outputs, args([]))).rejects.toThrow(refusal);
  expect(scenario.writes).toEqual([]);
});

test("neither does a delete", async () => {
  scenario = await Scenario.start(withEip());
  const saved = await scenario.create(args(["10.0.1.20", "10.0.1.21"]));
  const provider = await scenario.nextCommand();
  await expect(provider.delete(eniId, saved.outputs)).rejects.toThrow(refusal);
  expect(scenario.held()).toEqual(["10.0.1.20", "10.0.1.21"]);
});

test("other addresses go as ever", async () => {
  scenario = await Scenario.start(withEip());
  const saved = await scenario.create(args(["10.0.1.20", "10.0.1.21"]));
  await scenario.nextCommand();
  await scenario.up(saved, args(["10.0.1.20"]));
  expect(scenario.held()).toEqual(["10.0.1.20"]);
});

test("allowUnassignWithEip is an update without an API call, and lets the delete go on", async () => {
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
