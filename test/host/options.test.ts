import { eniId, otherEniId, twoEnis } from "../support/eni-world";
import type { Properties } from "../support/provider-host";
import { Scenario, type Saved } from "../support/scenario";

let scenario: Scenario;
afterEach(() => scenario.stop());

const addresses = ["10.0.1.20", "10.0.1.21"];
const args = (options: Properties, more: Properties = {}) => ({
  networkInterfaceId: eniId,
  privateIpAddresses: addresses,
  region: "cn-hangzhou",
  ...more,
  __internal: { name: "edge", resource: "edge", preview: true, ...options },
});
const moved = (options: Properties, privateIpAddresses = addresses) =>
  args(options, { networkInterfaceId: otherEniId, privateIpAddresses });

/** A preview of this change: the problems of check, and what the preview has said. */
async function previewOf({ outputs, inputs }: Saved, news: Properties): Promise<string> {
  const provider = await scenario.nextCommand();
  const checked = await provider.check(news, inputs);
  await provider.diff(eniId, outputs, checked.inputs);
  expect(scenario.writes).toEqual([]);
  return [...checked.failures, ...(await provider.printed())].join("\n");
}

const retained =
  "privateIpAddresses: eni-edge keeps 10.0.1.20, 10.0.1.21 in this replacement, because the state has retainOnDelete: true; " +
  "remove retainOnDelete and run `pulumi up` with networkInterfaceId eni-edge first, or unassign them by hand";
const notReleased =
  "privateIpAddresses: eni-edge keeps 10.0.1.20, 10.0.1.21 until eni-other has them, because deleteBeforeReplace is false; " +
  "remove deleteBeforeReplace, or set it to true";

test("retainOnDelete, the old ENI keeps its addresses, the preview says so", async () => {
  scenario = await Scenario.start(twoEnis());
  const saved = await scenario.create(args({ retainOnDelete: true }));
  const said = await previewOf(saved, moved({ retainOnDelete: true }, ["10.0.1.30"]));
  expect(said).toContain("eni-edge: keep 10.0.1.20 and 1 more, because the state has retainOnDelete: true");
  expect(said).not.toContain("unassign");
});

test.each<[string, Properties, Properties, string]>([
  ["retainOnDelete", { retainOnDelete: true }, { retainOnDelete: true }, retained],
  ["retainOnDelete, removed in the same run", { retainOnDelete: true }, {}, retained],
  [
    "retainOnDelete and deleteBeforeReplace",
    { retainOnDelete: true },
    { deleteBeforeReplace: true },
    retained,
  ],
  ["deleteBeforeReplace: false", {}, { deleteBeforeReplace: false }, notReleased],
])(
  "check: %s, the new ENI wants an address of the old one, is refused",
  async (_what, before, now, problem) => {
    scenario = await Scenario.start(twoEnis());
    const saved = await scenario.create(args(before));
    expect(await previewOf(saved, moved(now))).toContain(problem);
  },
);

test("check: a count of the state with retainOnDelete, the new ENI wants an address of the old one, is refused", async () => {
  scenario = await Scenario.start(twoEnis(addresses));
  const { privateIpAddresses: _list, ...others } = args({ retainOnDelete: true });
  const saved = await scenario.create({ ...others, secondaryPrivateIpAddressCount: 2 });
  expect(await previewOf(saved, moved({ retainOnDelete: true }))).toContain(retained);
});

test.each<[string, Properties]>([
  ["retainOnDelete", { retainOnDelete: true }],
  ["deleteBeforeReplace: false", { deleteBeforeReplace: false }],
])("check: %s, the old ENI has lost the address, is accepted", async (_what, options) => {
  scenario = await Scenario.start(twoEnis());
  const saved = await scenario.create(args(options));
  scenario.emulator.control.putState(twoEnis());
  expect(await previewOf(saved, moved(options))).not.toContain("privateIpAddresses:");
});

test("deleteBeforeReplace: true, the addresses move, nothing is refused", async () => {
  scenario = await Scenario.start(twoEnis());
  const saved = await scenario.create(args({}));
  const said = await previewOf(saved, moved({ deleteBeforeReplace: true }));
  expect(said).toContain("eni-edge: unassign 10.0.1.20 and 1 more");
  expect(said).not.toContain("warning");
});

test("retainOnDelete is new in this run, a warning says that it has no effect yet", async () => {
  scenario = await Scenario.start(twoEnis());
  const saved = await scenario.create(args({}));
  const said = await previewOf(saved, moved({ retainOnDelete: true }, ["10.0.1.30"]));
  expect(said).toContain("eni-edge: unassign 10.0.1.20 and 1 more");
  expect(said).toContain(
    "warning: edge: retainOnDelete is not in the state yet, so eni-edge does not keep its addresses; " +
      "to keep them, run `pulumi up` with networkInterfaceId eni-edge first",
  );
});

test("retainOnDelete, another resource does not wait for an address that the old ENI keeps", async () => {
  scenario = await Scenario.start(twoEnis());
  const additive = { ownership: "additive" };
  const saved = await scenario.create(args({ retainOnDelete: true }, additive));
  const provider = await scenario.nextCommand();
  await provider.check({ ...moved({ retainOnDelete: true }, ["10.0.1.30"]), ...additive }, saved.inputs);
  const taker = args(
    {},
    { networkInterfaceId: otherEniId, ownership: "additive", privateIpAddresses: ["10.0.1.20"] },
  );
  await provider.check({ ...taker, __internal: { name: "taker", resource: "taker", preview: true } });
  expect((await provider.printed()).join("\n")).toContain(
    "10.0.1.20 is held by eni-edge, which has to release it",
  );
});

test.each(["retainOnDelete", "deleteBeforeReplace"])("%s alone makes no difference", async (option) => {
  scenario = await Scenario.start(twoEnis());
  const saved = await scenario.create(args({}));
  const provider = await scenario.nextCommand();
  const { inputs } = await provider.check(args({ [option]: true }), saved.inputs);
  expect(await provider.diff(eniId, saved.outputs, inputs)).toMatchObject({ changes: false });
});
