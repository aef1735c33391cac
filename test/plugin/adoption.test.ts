import * as messages from "@pulumi/pulumi/proto/provider_pb";
import type { Emulator } from "alicloud-ecs-emulator";
import { eniId, region, secondaryAddresses, setByHand, worldWith } from "../support/eni-world";
import { secretOf, type Properties } from "../support/provider-host";
import { PulumiProject, withProject } from "../support/pulumi-project";
import { Scenario } from "../support/scenario";
import { pluginOf, Requests, type State } from "./requests";

/* What a create says of addresses that are on the ENI already. */

let scenario: Scenario;

const requests = (name?: string) => new Requests(pluginOf(scenario), name);
const args = (more: Properties) => ({ networkInterfaceId: eniId, region, ...more });
const [a, b, c] = ["10.0.1.20", "10.0.1.21", "10.0.1.22"];
const remedyOfCreate =
  "Then cancel the run, and keep the name of the old resource, or give the new one the option `aliases`.";
const remedyOfUpdate =
  "Then cancel the run, give both resources one provider in one `pulumi up`, and list the addresses here in another.";
const warning = (what: string, remedy = remedyOfCreate) =>
  `warning: edge: ${eniId} already holds ${what}, which this resource adopts, and this process knows no resource that owned ` +
  `them. If this run deletes one that another provider manages, such as a dynamic EniSecondaryIps, that delete unassigns them ` +
  `at the end of the run. ${remedy} If the addresses are gone already, run \`pulumi up --refresh\``;

const openNative = (emulator: Emulator) => PulumiProject.create(emulator, {}, { adaptor: "native" });

/** Ends the scenario. */
async function warnings(): Promise<string[]> {
  const printed = await scenario.provider.printed();
  await scenario.stop();
  return printed.filter((line) => line.startsWith("warning: ") && line.includes("already holds"));
}

const secretList = args({ privateIpAddresses: secretOf([a, b]) });

test.each<[string, Properties, string]>([
  ["a list", args({ privateIpAddresses: [b, a, c] }), `${a} and 1 more`],
  ["an additive list", args({ privateIpAddresses: [b], ownership: "additive" }), b],
  ["a count", args({ secondaryPrivateIpAddressCount: 3 }), `${a} and 1 more`],
  ["a list that is a secret", secretList, "2 addresses"],
  ["a count that is a secret", args({ secondaryPrivateIpAddressCount: secretOf(2) }), "addresses"],
])("%s over addresses without a known owner: preview and create warn", async (_what, inputs, what) => {
  for (const preview of [true, false]) {
    scenario = await Scenario.start(worldWith([a, b]));
    expect((await requests().check(inputs)).failures).toEqual([]);
    await requests().create(inputs, { preview });
    expect(await warnings()).toEqual([warning(what)]);
  }
});

test.each<[string, Properties, string]>([
  ["an additive list that grows", args({ privateIpAddresses: [a, b, c], ownership: "additive" }), a],
  ["an exclusive list that grows", args({ privateIpAddresses: [a, b, c] }), a],
])("%s over an address without a known owner: preview and update warn", async (_what, program, what) => {
  for (const preview of [true, false]) {
    scenario = await Scenario.start(worldWith([a]));
    const before = {
      ...program,
      privateIpAddresses: [b],
      ...(program.ownership === undefined && { unassignOnCreate: [a] }),
    };
    const { outputs } = await requests().create(before);
    setByHand(scenario.emulator, [a, b]);
    await scenario.nextCommand();
    const saved = { inputs: before, outputs };
    await requests().check(program, before);
    await requests().diff(saved, program);
    await requests().update(saved, program, { preview });
    expect(await warnings()).toEqual([warning(what, remedyOfUpdate)]);
  }
});

test("an update over what another resource of the run no longer lists: no warning", async () => {
  scenario = await Scenario.start(worldWith());
  const additive = (...privateIpAddresses: string[]) => args({ privateIpAddresses, ownership: "additive" });
  const [first, second, both, none] = [additive(a), additive(b), additive(a, b), additive()];
  const states = {
    old: { inputs: first, outputs: (await requests("old").create(first)).outputs },
    edge: { inputs: second, outputs: (await requests().create(second)).outputs },
  };
  await scenario.nextCommand();
  await requests("old").check(none, first);
  await requests().check(both, second);
  await requests("old").diff(states.old, none);
  await requests().diff(states.edge, both);
  await requests().update(states.edge, both);
  expect(await warnings()).toEqual([]);
});

test("a list of which the ENI has nothing: no warning", async () => {
  for (const preview of [true, false]) {
    scenario = await Scenario.start(worldWith([a]));
    const inputs = args({ privateIpAddresses: [b], unassignOnCreate: [a] });
    await requests().check(inputs);
    await requests().create(inputs, { preview });
    expect(await warnings()).toEqual([]);
  }
});

test("a create that is refused: no warning", async () => {
  scenario = await Scenario.start(worldWith([a, b]));
  await expect(requests().create(args({ privateIpAddresses: [a] }))).rejects.toThrow("already holds");
  expect(await warnings()).toEqual([]);
});

test.each<[string, (program: Properties, saved: State) => Promise<unknown>]>([
  [
    "another resource that no longer lists them",
    (program, saved) =>
      requests("old").check({ ...program, privateIpAddresses: [], ownership: "additive" }, saved.inputs),
  ],
  [
    "another resource that a refresh has read",
    async (_program, saved) => {
      const { inputs = {}, outputs } = await requests("old").read(eniId, saved);
      await requests("old").diff({ inputs, outputs }, saved.inputs);
    },
  ],
  ["the resource that it replaces", (program, saved) => requests().diff(saved, program)],
])("addresses of %s: no warning", async (_what, find) => {
  scenario = await Scenario.start(worldWith());
  const program = args({ privateIpAddresses: [a, b], ownership: "additive" });
  const { outputs } = await requests("old").create(program);
  await scenario.nextCommand();
  await find(program, { inputs: program, outputs });
  await requests().check(program);
  await requests().create(program, { preview: true });
  await requests().create(program);
  expect(await warnings()).toEqual([]);
});

describe("a replacement on the same ENI", () => {
  const inputs = args({ privateIpAddresses: [a, b] });
  const news = args({ privateIpAddresses: [a, b, c] });
  const expected =
    `warning: edge: ${eniId} already holds ${a} and 1 more, which this replacement adopts, and another provider or version ` +
    `wrote the state of the old resource. If this run changes the provider too, the delete of the old resource unassigns ` +
    `them. Then cancel the run. Change the provider in one \`pulumi up\`, run \`pulumi refresh\`, and replace the resource in ` +
    `another. If the addresses are gone already, run \`pulumi up --refresh\``;
  const configure = (name: string) => {
    const urn = `urn:pulumi:test::test::pulumi:providers:alicloud-secondary-ips::${name}`;
    return pluginOf(scenario).send("configure", new messages.ConfigureRequest().setUrn(urn));
  };

  async function replace(state: State, preview: boolean): Promise<void> {
    await requests().check(news, inputs);
    await requests().diff(state, news);
    await requests().check(news);
    await requests().create(news, { preview });
  }

  async function created(): Promise<State> {
    scenario = await Scenario.start(worldWith());
    await configure("default_0_1_0");
    const { outputs } = await requests().create(inputs);
    await scenario.nextCommand();
    return { inputs, outputs };
  }

  test.each([true, false])("by another version of the plugin: it warns (preview: %s)", async (preview) => {
    const state = await created();
    await configure("default_0_2_0");
    await replace(state, preview);
    expect(await warnings()).toEqual([expected]);
  });

  test("of the state of a dynamic resource: it warns", async () => {
    const { outputs } = await created();
    const { __recorded, ...visible } = outputs;
    await replace({ inputs, outputs: { ...visible, __internal: __recorded } }, false);
    expect(await warnings()).toEqual([expected]);
  });

  test.each([
    ["the same version", "default_0_1_0", false],
    ["another version after a refresh", "default_0_2_0", true],
  ])("by %s: no warning", async (_what, provider, refreshes) => {
    const state = await created();
    await configure(provider);
    const { outputs } = refreshes ? await requests().read(eniId, state) : state;
    await scenario.nextCommand();
    await configure(provider);
    await replace({ inputs, outputs }, false);
    expect(await warnings()).toEqual([]);
  });
});

test("a replacement and another provider in one up: it warns, the addresses go, and both remedies keep or restore them", async () => {
  await withProject(worldWith(), openNative, async (project, emulator) => {
    const up = async (provider: string, list: string[], ...options: string[]) => {
      project.declare({
        name: "edge",
        provider: { name: provider, args: { region } },
        args: { networkInterfaceId: eniId, privateIpAddresses: list },
        opts: { replaceOnChanges: ["privateIpAddresses"] },
      });
      return (await project.succeeds("up", "--yes", "--skip-preview", ...options)).output;
    };
    const warns = "another provider or version wrote the state";
    await up("first", [a]);
    expect(await up("second", [a, b])).toContain(warns);
    expect(secondaryAddresses(emulator)).toEqual([b]);
    await up("second", [a, b], "--refresh");
    expect(secondaryAddresses(emulator).sort()).toEqual([a, b]);

    await up("third", [a, b]);
    await project.succeeds("refresh", "--yes", "--skip-preview");
    expect(await up("third", [a, b, c])).not.toContain(warns);
    expect(secondaryAddresses(emulator).sort()).toEqual([a, b, c]);
  });
});

test("an update adopts what another provider deletes: it warns, the addresses go, and both remedies keep or restore them", async () => {
  await withProject(worldWith(), openNative, async (project, emulator) => {
    const up = async (
      lists: Record<string, readonly [provider: string, list: string[]]>,
      ...options: string[]
    ) => {
      project.declare(
        ...Object.entries(lists).map(([name, [provider, privateIpAddresses]]) => ({
          name,
          provider: { name: provider, args: { region } },
          args: { networkInterfaceId: eniId, privateIpAddresses, ownership: "additive" },
        })),
      );
      return (await project.succeeds("up", "--yes", "--skip-preview", ...options)).output;
    };
    await up({ old: ["first", [a]], edge: ["second", [b]] });
    expect(await up({ edge: ["second", [a, b]] })).toContain(remedyOfUpdate);
    expect(secondaryAddresses(emulator)).toEqual([b]);
    await up({ edge: ["second", [a, b]] }, "--refresh");
    expect(secondaryAddresses(emulator).sort()).toEqual([a, b]);

    await up({ old: ["first", [c]], edge: ["second", [a, b]] });
    await up({ old: ["second", [c]], edge: ["second", [a, b]] });
    await up({ edge: ["second", [a, b, c]] });
    expect(secondaryAddresses(emulator).sort()).toEqual([a, b, c]);
  });
});
