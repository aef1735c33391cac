import { eniId, privateIpSets, world } from "../support/eni-world";
import { Scenario } from "../support/scenario";

let scenario: Scenario;
afterEach(() => scenario.stop());

const other = "eni-other";
const otherPrimary = "10.0.1.11";

const twoEnis = (mine: string[], theirs: string[]) =>
  world(
    { PrivateIpSets: privateIpSets(mine) },
    {
      NetworkInterfaceId: other,
      PrivateIpAddress: otherPrimary,
      PrivateIpSets: privateIpSets(theirs, otherPrimary),
    },
  );

const args = (networkInterfaceId: string, privateIpAddresses: string[], more = {}) => ({
  networkInterfaceId,
  privateIpAddresses,
  region: "cn-hangzhou",
  ...more,
});

const update = (id: string, before: string[], after: string[], more = {}) =>
  scenario.provider.update(id, args(id, before), args(id, after, more));

test("an address moves between two ENIs while both are updated, whichever begins", async () => {
  scenario = await Scenario.start(twoEnis(["10.0.1.20", "10.0.1.21"], ["10.0.1.30"]));
  await Promise.all([
    update(other, ["10.0.1.30"], ["10.0.1.20", "10.0.1.30"]),
    update(eniId, ["10.0.1.20", "10.0.1.21"], ["10.0.1.21"]),
  ]);
  expect(scenario.held()).toEqual(["10.0.1.21"]);
  expect(scenario.held(other)).toEqual(["10.0.1.20", "10.0.1.30"]);
});

test("a resource that waits for an address gets it when its holder lets go later", async () => {
  scenario = await Scenario.start(twoEnis(["10.0.1.20"], []));
  const taking = update(other, [], ["10.0.1.20"]);
  while (scenario.writes.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  await update(eniId, ["10.0.1.20"], []);
  expect(await taking).toMatchObject({ privateIpAddresses: ["10.0.1.20"] });
  expect(scenario.held(other)).toEqual(["10.0.1.20"]);
});

test("two ENIs swap their addresses: each lets go of its own before it waits", async () => {
  scenario = await Scenario.start(twoEnis(["10.0.1.20"], ["10.0.1.30"]));
  await Promise.all([
    update(eniId, ["10.0.1.20"], ["10.0.1.30"]),
    update(other, ["10.0.1.30"], ["10.0.1.20"]),
  ]);
  expect(scenario.held()).toEqual(["10.0.1.30"]);
  expect(scenario.held(other)).toEqual(["10.0.1.20"]);
});

test("an operation that waits for an address keeps no other operation from its ENI", async () => {
  scenario = await Scenario.start(twoEnis(["10.0.1.20"], []));
  const additive = { ownership: "additive" };
  const taking = update(other, [], ["10.0.1.20"], additive);
  while (scenario.writes.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  await update(other, [], ["10.0.1.40"], additive);
  expect(scenario.held(other)).toEqual(["10.0.1.40"]);
  await update(eniId, ["10.0.1.20"], []);
  await taking;
  expect(scenario.held(other)).toEqual(["10.0.1.20", "10.0.1.40"]);
});

describe("an address that does not become free", () => {
  test.each([
    ["a secondary", "10.0.1.20"],
    ["the primary", "10.0.1.10"],
  ])(
    "as %s address of another ENI ends in an error that names it, and both ENIs are whole",
    async (_what, address) => {
      scenario = await Scenario.start(twoEnis(["10.0.1.20"], ["10.0.1.30"]), {
        env: { ALICLOUD_SECONDARY_IPS_PACE: "0.01" },
      });
      const partial = await scenario.recordedBy(update(other, ["10.0.1.30"], [address, "10.0.1.31"]));
      expect(partial.reasons[0]).toContain(
        `${address} is held by ${eniId}; the address did not become free in time`,
      );
      expect(partial.reasons[0]).toContain("`dependsOn`");
      expect(scenario.held()).toEqual(["10.0.1.20"]);
      expect(partial.outputs.privateIpAddresses).toEqual(scenario.held(other));
    },
  );
});
