import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { eniId, region, worldWith } from "../support/eni-world";
import type { Properties } from "../support/provider-host";
import { Scenario, type Saved } from "../support/scenario";

/*
 * Outputs of earlier forms of the state, one file for each form. The files never change. The forms of schema version 1 differ
 * in their keys. Schema version 2 has one file for each mode and records the mode.
 */
const folder = path.join(__dirname, "saved-states");
const forms = readdirSync(folder);
const addresses = ["10.0.1.20", "10.0.1.21"];
const prefixes = ["10.0.1.32/28", "10.0.1.48/28"];

let scenario: Scenario;
let saved: Saved;

/** The input of the recorded mode. */
function declaredIn(outputs: Properties): Properties {
  const { mode } = outputs.__internal as { mode?: string };
  const counts = ["secondaryPrivateIpAddressCount", "ipv4PrefixCount"];
  const name = mode ?? counts.find((count) => count in outputs) ?? "privateIpAddresses";
  return { [name]: outputs[name] };
}

function omitVersion({ schemaVersion: _version, ...hidden }: Properties): Properties {
  return hidden;
}

/** The addresses and prefixes that the ENI holds. */
function held(): string[] {
  const [eni] = scenario.emulator.control.state().networkInterfaces;
  const heldPrefixes = eni?.Ipv4PrefixSets.Ipv4PrefixSet.map(({ Ipv4Prefix }) => Ipv4Prefix) ?? [];
  return [...scenario.held(), ...heldPrefixes].sort();
}

describe.each(forms)("state of the form %s:", (form) => {
  const outputs = JSON.parse(readFileSync(path.join(folder, form), "utf8")) as Properties;
  const declared = declaredIn(outputs);
  const list = form.includes("prefix") ? "ipv4Prefixes" : "privateIpAddresses";
  const owned = list === "ipv4Prefixes" ? prefixes : addresses;
  const args = (declaration: Properties) => ({ networkInterfaceId: eniId, ...declaration, region });

  beforeEach(async () => {
    const Ipv4PrefixSets = {
      Ipv4PrefixSet: list === "ipv4Prefixes" ? prefixes.map((Ipv4Prefix) => ({ Ipv4Prefix })) : [],
    };
    const secondary = list === "privateIpAddresses" ? addresses : [];
    scenario = await Scenario.start(worldWith(secondary, { Ipv4PrefixSets }));
    saved = { id: eniId, outputs, inputs: { ...args(declared), __internal: outputs.__internal } };
  });
  afterEach(() => scenario.stop());

  test("refresh returns the ENI's addresses or prefixes, up makes no write", async () => {
    const refreshed = await scenario.refresh(saved);
    if (refreshed === undefined) throw new Error("the resource is gone");
    expect(refreshed.outputs).toMatchObject({ [list]: owned, networkInterfaceId: eniId });
    expect(refreshed.inputs).toMatchObject(args(declared));
    await scenario.up(refreshed, { ...args(declared), __internal: outputs.__internal });
    expect(scenario.writes).toEqual([]);
  });

  test("update unassigns the removed one", async () => {
    const wanted = owned.slice(1);
    const updated = await scenario.up(saved, args({ [list]: wanted }));
    expect(updated.outputs[list]).toEqual(wanted);
    expect(held()).toEqual(wanted);
  });

  if (form.includes("count"))
    test("shrinking unassigns the newest by the recorded order", async () => {
      const [count = ""] = Object.keys(declared);
      await scenario.up(saved, args({ [count]: 1 }));
      // In these files the higher one is the older one.
      expect(held()).toEqual(owned.slice(1));
    });

  test("delete unassigns all", async () => {
    await scenario.provider.delete(saved.id, saved.outputs);
    expect(held()).toEqual([]);
  });
});

describe("state of a newer release:", () => {
  const name = "with-mode.json";
  const args = { networkInterfaceId: eniId, privateIpAddresses: addresses, region };
  const stateOf = (schemaVersion: unknown): Saved => {
    const outputs = JSON.parse(readFileSync(path.join(folder, name), "utf8")) as Properties;
    const hidden = { ...(outputs.__internal as Properties), later: { key: true } };
    const __internal = schemaVersion === undefined ? omitVersion(hidden) : { ...hidden, schemaVersion };
    return { id: eniId, outputs: { ...outputs, __internal }, inputs: { ...args, __internal } };
  };
  const wanted = { ...args, privateIpAddresses: ["10.0.1.20"] };
  const requests: [string, (saved: Saved) => Promise<unknown>][] = [
    ["check", ({ inputs }) => scenario.provider.check(wanted, inputs)],
    ["diff", ({ id, outputs }) => scenario.provider.diff(id, outputs, wanted)],
    ["update", ({ id, outputs }) => scenario.provider.update(id, outputs, wanted)],
    ["read", ({ id, outputs }) => scenario.provider.read(id, outputs)],
    ["delete", ({ id, outputs }) => scenario.provider.delete(id, outputs)],
  ];

  beforeEach(async () => {
    scenario = await Scenario.start(worldWith(addresses));
  });
  afterEach(() => scenario.stop());

  test.each(requests)(
    "%s, it is refused without a call, and both versions are named",
    async (_name, request) => {
      await expect(request(stateOf(3))).rejects.toThrow(
        /^the state has schema version 3, which a newer release .*; this release reads versions up to 2 and .*: upgrade pulumi-al/,
      );
      expect(scenario.actions).toEqual([]);
      // The remedy: a release that reads the form. Here, the form that this release reads.
      await request(stateOf(2));
    },
  );

  test.each([2.5, 1e9, "3", "later", { major: 3 }, true])("version %j, it is refused", async (version) => {
    await expect(scenario.refresh(stateOf(version))).rejects.toThrow(
      `the state has schema version ${JSON.stringify(version)}, which a newer release`,
    );
  });

  test.each([undefined, null, 0, -1, 0.5])("version %j, it is read as an earlier one", async (version) => {
    const refreshed = await scenario.refresh(stateOf(version));
    expect(refreshed?.outputs).toMatchObject({
      privateIpAddresses: addresses,
      __internal: { schemaVersion: 2 },
    });
  });

  test("a program of a newer release beside this provider, check refuses it", async () => {
    const news = { ...args, __internal: { schemaVersion: 3, name: "edge" } };
    await expect(scenario.provider.check(news)).rejects.toThrow("has schema version 3");
    await expect(scenario.provider.create(news)).rejects.toThrow("has schema version 3");
    expect(scenario.actions).toEqual([]);
  });
});

test("saved states: there is a file for each form", () => {
  expect(forms.length).toBeGreaterThanOrEqual(7);
});
