import {
  attachedWorldWith,
  eniId,
  eniWith,
  otherEniId,
  region,
  twoEnis,
  world,
  worldWith,
} from "../support/eni-world";
import type { Properties } from "../support/provider-host";
import { Scenario } from "../support/scenario";
import { pluginOf, Requests, unknown } from "./requests";

let scenario: Scenario;
afterEach(() => scenario.stop());

const requests = () => new Requests(pluginOf(scenario));
const args = (more: Properties) => ({ networkInterfaceId: eniId, region, ...more });
const [a, b, c] = ["10.0.1.20", "10.0.1.21", "10.0.1.22"];

/** A preview of `pulumi up` for a new resource: check, then create. */
async function previewCreate(inputs: Properties): Promise<Properties> {
  expect((await requests().check(inputs)).failures).toEqual([]);
  return (await requests().create(inputs, { preview: true })).outputs;
}

/** A preview of `pulumi up` for a resource that was created with these inputs. */
async function previewUpdate(inputs: Properties, news: Properties): Promise<Properties> {
  const { outputs } = await requests().create(inputs);
  await scenario.nextCommand();
  const state = { inputs, outputs };
  expect((await requests().check(news, inputs)).failures).toEqual([]);
  expect(await requests().diff(state, news)).toMatchObject({ changes: true, replaces: [] });
  return (await requests().update(state, news, { preview: true })).outputs;
}

test("create of a list: every output is known, and the cloud is not changed", async () => {
  scenario = await Scenario.start(worldWith());
  const inputs = args({ privateIpAddresses: [b, a] });
  const previewed = await previewCreate(inputs);
  expect(scenario.writes).toEqual([]);
  const { __recorded, ...outputs } = (await requests().create(inputs)).outputs;
  expect(previewed).toEqual(outputs);
});

test("create: the id is that of the ENI, or none while that is not known", async () => {
  scenario = await Scenario.start(worldWith());
  const preview = (more: Properties) =>
    requests().create(args({ privateIpAddresses: [a], ...more }), { preview: true });
  expect((await preview({})).id).toBe(eniId);
  const { id, outputs } = await preview({ networkInterfaceId: unknown });
  expect(id).toBe("");
  expect(outputs).toMatchObject({
    networkInterfaceId: unknown,
    privateIpAddresses: [a],
    primaryIpAddress: unknown,
    vswitchId: unknown,
    unmanagedPrivateIpAddresses: unknown,
  });
});

test("create of a count: adopted addresses are known, picked ones are not", async () => {
  scenario = await Scenario.start(worldWith([a, b]));
  expect(await previewCreate(args({ secondaryPrivateIpAddressCount: 3 }))).toMatchObject({
    secondaryPrivateIpAddressCount: 3,
    privateIpAddresses: unknown,
    ipv4Prefixes: [],
    primaryIpAddress: "10.0.1.10",
  });
  expect(await previewCreate(args({ secondaryPrivateIpAddressCount: 2 }))).toMatchObject({
    privateIpAddresses: [a, b],
    unmanagedPrivateIpAddresses: [],
  });
});

test("create of an additive list: other resources may change the rest", async () => {
  scenario = await Scenario.start(worldWith([c]));
  expect(await previewCreate(args({ privateIpAddresses: [a], ownership: "additive" }))).toMatchObject({
    privateIpAddresses: [a],
    unmanagedPrivateIpAddresses: unknown,
  });
});

test.each<[string, Properties]>([
  ["a list", { privateIpAddresses: [a, unknown] }],
  ["a count", { secondaryPrivateIpAddressCount: unknown }],
])("create of %s that is not known yet: the addresses are not, prefixes are none", async (_what, target) => {
  scenario = await Scenario.start(worldWith());
  expect(await previewCreate(args(target))).toMatchObject({
    privateIpAddresses: unknown,
    ipv4Prefixes: [],
    primaryIpAddress: "10.0.1.10",
  });
});

test("update of a list: every output is known", async () => {
  scenario = await Scenario.start(worldWith());
  const news = args({ privateIpAddresses: [c, b] });
  expect(await previewUpdate(args({ privateIpAddresses: [a, b] }), news)).toMatchObject({
    privateIpAddresses: [b, c],
    primaryIpAddress: "10.0.1.10",
    vswitchId: "vsw-1",
    unmanagedPrivateIpAddresses: [],
  });
});

test("update to a lower count: the addresses that stay are known", async () => {
  scenario = await Scenario.start(worldWith([a, b, c]));
  const counted = (count: number) => args({ secondaryPrivateIpAddressCount: count });
  const { privateIpAddresses } = await previewUpdate(counted(3), counted(2));
  const { outputs } = await requests().create(counted(3));
  const state = { inputs: counted(3), outputs };
  expect((await requests().update(state, counted(2))).outputs).toMatchObject({ privateIpAddresses });
});

test("an address that another ENI holds: one warning under the resource", async () => {
  scenario = await Scenario.start(twoEnis([], [a]));
  await previewCreate(args({ privateIpAddresses: [a, b] }));
  expect((await scenario.provider.printed()).filter((line) => line.startsWith("warning:"))).toEqual([
    `warning: edge: ${a} is held by ${otherEniId}, which has to release it in the same \`pulumi up\`, or before`,
  ]);
});

test("check outside a preview: no read of other ENIs and of the vSwitch, and no warning", async () => {
  scenario = await Scenario.start(twoEnis([], [a]));
  await requests().check(args({ privateIpAddresses: [a] }));
  expect(scenario.actions).toEqual(["DescribeNetworkInterfaces"]);
  expect(await scenario.provider.printed()).toEqual([`edge: ${eniId}: assign ${a}, 1 call, peak 1 of 49`]);
});

test("create and update that will be refused: an error that says why", async () => {
  scenario = await Scenario.start(worldWith([a]));
  const create = requests().create(args({ privateIpAddresses: ["10.9.9.9"] }), { preview: true });
  await expect(create).rejects.toThrow(
    /^privateIpAddresses: 10\.9\.9\.9 is outside the vSwitch's CIDR block/,
  );
  const inputs = args({ privateIpAddresses: [a] });
  const { outputs } = await requests().create(inputs);
  const state = { inputs, outputs };
  const news = args({ privateIpAddresses: ["10.0.1.10"] });
  await expect(requests().update(state, news, { preview: true })).rejects.toThrow(
    /^privateIpAddresses: 10\.0\.1\.10 is the primary address/,
  );
});

test("an update over the quota of the instance's type: a warning, because other resources may make room", async () => {
  scenario = await Scenario.start(attachedWorldWith());
  const inputs = args({ privateIpAddresses: [a] });
  const many = Array.from({ length: 25 }, (_unused, index) => `10.0.1.${100 + index}`);
  await previewUpdate(inputs, args({ privateIpAddresses: many }));
  expect((await scenario.provider.printed()).filter((line) => line.startsWith("warning:"))).toEqual([
    expect.stringMatching(/^warning: edge: as things are, `pulumi up` would refuse this: .*25/),
  ]);
});

test("two ENIs in one preview: the second one's address comes from the first, no warning", async () => {
  scenario = await Scenario.start(world({}, eniWith(otherEniId, "10.0.1.11", [a])));
  await previewCreate(
    args({ networkInterfaceId: otherEniId, privateIpAddresses: [], unassignOnCreate: [a] }),
  );
  await previewCreate(args({ privateIpAddresses: [b] }));
  expect((await scenario.provider.printed()).filter((line) => line.startsWith("warning:"))).toEqual([]);
});

test("update to an address that another ENI holds: one warning under the resource", async () => {
  scenario = await Scenario.start(twoEnis([], [a]));
  await previewUpdate(args({ privateIpAddresses: [b] }), args({ privateIpAddresses: [a, b] }));
  expect((await scenario.provider.printed()).filter((line) => line.startsWith("warning:"))).toEqual([
    `warning: edge: ${a} is held by ${otherEniId}, which has to release it in the same \`pulumi up\`, or before`,
  ]);
});
