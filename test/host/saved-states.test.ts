import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { eniId, region, worldWith } from "../support/eni-world";
import type { Properties } from "../support/provider-host";
import { Scenario, type Saved } from "../support/scenario";

/*
 * Outputs as earlier forms of the state have them, one file a form, never changed afterwards. All of them bear schema
 * version 1, the only one that there has been; what differs is which keys were there yet.
 */
const folder = path.join(__dirname, "saved-states");
const forms = readdirSync(folder);
const addresses = ["10.0.1.20", "10.0.1.21"];

let scenario: Scenario;
let saved: Saved;

describe.each(forms)("a state of the form %s", (form) => {
  beforeEach(async () => {
    scenario = await Scenario.start(worldWith(addresses));
    const outputs = JSON.parse(readFileSync(path.join(folder, form), "utf8")) as Properties;
    const { secondaryPrivateIpAddressCount: count, __internal } = outputs;
    const target =
      count === undefined ? { privateIpAddresses: addresses } : { secondaryPrivateIpAddressCount: count };
    saved = { id: eniId, outputs, inputs: { networkInterfaceId: eniId, ...target, region, __internal } };
  });
  afterEach(() => scenario.stop());

  const sameArgs = () =>
    "secondaryPrivateIpAddressCount" in saved.outputs
      ? { networkInterfaceId: eniId, secondaryPrivateIpAddressCount: 2, region }
      : { networkInterfaceId: eniId, privateIpAddresses: addresses, region };

  test("is refreshed to what is there, and needs no write", async () => {
    const refreshed = await scenario.refresh(saved);
    expect(refreshed?.outputs).toMatchObject({ privateIpAddresses: addresses, networkInterfaceId: eniId });
    await scenario.up(refreshed ?? saved, { ...sameArgs(), __internal: saved.outputs.__internal });
    expect(scenario.writes).toEqual([]);
  });

  test("is updated as it is", async () => {
    const { outputs } = await scenario.up(saved, {
      networkInterfaceId: eniId,
      privateIpAddresses: ["10.0.1.21"],
      region,
    });
    expect(outputs.privateIpAddresses).toEqual(["10.0.1.21"]);
    expect(scenario.held()).toEqual(["10.0.1.21"]);
  });

  test("is deleted as it is", async () => {
    await scenario.provider.delete(saved.id, saved.outputs);
    expect(scenario.held()).toEqual([]);
  });
});

test("there are files to read", () => {
  expect(forms.length).toBeGreaterThanOrEqual(3);
});
