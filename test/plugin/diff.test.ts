import { eniId, otherEniId, region, worldWith } from "../support/eni-world";
import type { Properties } from "../support/provider-host";
import { Scenario } from "../support/scenario";
import { pluginOf, Requests, unknown } from "./requests";

let scenario: Scenario;
afterEach(() => scenario.stop());

const args = (privateIpAddresses: unknown, more: Properties = {}) => ({
  networkInterfaceId: eniId,
  region,
  privateIpAddresses,
  ...more,
});
const [a, b, c, d] = ["10.0.1.20", "10.0.1.21", "10.0.1.22", "10.0.1.23"];

/** The diff of a resource that was created with these inputs. */
async function diff(inputs: Properties, news: Properties) {
  scenario = await Scenario.start(worldWith());
  const requests = new Requests(pluginOf(scenario));
  const { outputs } = await requests.create(inputs);
  return requests.diff({ inputs, outputs }, news);
}

test("each added and each removed address has a path, both at one index are an update", async () => {
  expect(await diff(args([b, a, c]), args([b, d, c, "10.0.1.24"]))).toEqual({
    changes: true,
    replaces: [],
    deleteBeforeReplace: false,
    stables: ["networkInterfaceId", "region", "primaryIpAddress", "vswitchId"],
    diffs: ["privateIpAddresses"],
    paths: { "privateIpAddresses[1]": "UPDATE", "privateIpAddresses[3]": "ADD" },
  });
});

test("the same list in another order: no change and no path", async () => {
  expect(await diff(args([a, b]), args([b, a]))).toMatchObject({ changes: false, paths: {} });
});

test("another ENI: the paths are marked as replacing", async () => {
  const news = args([a], { networkInterfaceId: otherEniId });
  expect(await diff(args([a]), news)).toEqual({
    changes: true,
    replaces: ["networkInterfaceId"],
    deleteBeforeReplace: true,
    stables: [],
    diffs: ["networkInterfaceId"],
    paths: { networkInterfaceId: "UPDATE_REPLACE" },
  });
});

test("an ENI and a list that are not known yet", async () => {
  const news = args([a, unknown], { networkInterfaceId: unknown });
  expect((await diff(args([a]), news)).paths).toEqual({
    networkInterfaceId: "UPDATE_REPLACE",
    "privateIpAddresses[1]": "ADD",
  });
});

test("an option alone: an update with its path", async () => {
  expect(await diff(args([a]), args([a], { allowUnassignWithEip: true }))).toMatchObject({
    changes: true,
    paths: { allowUnassignWithEip: "ADD" },
  });
});

test("only what is secret changes: an update with a path", async () => {
  const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: [a] };
  expect(await diff(args([a]), args(secret))).toMatchObject({
    changes: true,
    paths: { privateIpAddresses: "UPDATE" },
  });
});
