import { eniId, region, worldWith } from "../support/eni-world";
import { failure, forever } from "../support/faults";
import type { Properties } from "../support/provider-host";
import { Scenario } from "../support/scenario";
import { pluginOf, Requests } from "./requests";

/* The tests of secrets for both adaptors are in test/host. Here, secrets travel in the form of the engine. */

let scenario: Scenario;
afterEach(() => scenario.stop());

const requests = () => new Requests(pluginOf(scenario));
const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});
const args = (more: Properties) => ({ networkInterfaceId: eniId, region, ...more });
const [a, b] = ["10.0.1.20", "10.0.1.21"];

test("a list with one secret entry: check returns it as it was, the whole output is secret", async () => {
  scenario = await Scenario.start(worldWith());
  const inputs = args({ privateIpAddresses: [b, secret(a)] });
  expect((await requests().check(inputs)).inputs).toEqual(inputs);
  const { outputs } = await requests().create(inputs);
  expect(outputs.privateIpAddresses).toEqual(secret([a, b]));
  const printed = (await scenario.provider.printed()).join("\n");
  expect(printed).toContain("assign 2 addresses, 1 call");
  expect(printed).not.toContain(a);
});

test("a preview: known secret outputs are secret", async () => {
  scenario = await Scenario.start(worldWith([b]));
  const inputs = args({ privateIpAddresses: secret([a]), unassignOnCreate: secret([b]) });
  const { outputs } = await requests().create(inputs, { preview: true });
  expect(outputs).toMatchObject({ privateIpAddresses: secret([a]), unassignOnCreate: secret([b]) });
});

test("a state with a secret list: diff and refresh keep it secret", async () => {
  scenario = await Scenario.start(worldWith());
  const inputs = args({ privateIpAddresses: secret([b, a]) });
  const { outputs } = await requests().create(inputs);
  await scenario.nextCommand();
  expect(await requests().diff({ inputs, outputs }, inputs)).toMatchObject({ changes: false });
  const same = await requests().read(eniId, { inputs, outputs });
  expect(same).toMatchObject({ inputs, outputs });
  scenario.emulator.control.patchState(worldWith([a]));
  await scenario.nextCommand();
  const drifted = await requests().read(eniId, { inputs, outputs });
  expect(drifted.inputs?.privateIpAddresses).toEqual(secret([a]));
});

test("an error of the API that quotes a secret address: the failure does not contain it", async () => {
  scenario = await Scenario.start(worldWith());
  const quoting = failure(403, "Forbidden.RAM", `${a} may not be assigned`);
  scenario.emulator.control.addFault({
    action: "AssignPrivateIpAddresses",
    times: forever,
    effect: quoting,
  });
  const create = requests().create(args({ privateIpAddresses: secret([a]) }));
  await expect(create).rejects.toThrow(/1 secret address may not be assigned/);
});
