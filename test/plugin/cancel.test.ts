import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { eventually } from "../support/ecs-client";
import { addressRange, eniId, region, worldWith } from "../support/eni-world";
import { GateClock } from "../support/gate-clock";
import { RecordedFailure } from "../support/provider-host";
import { Scenario } from "../support/scenario";
import { pluginOf, Requests } from "./requests";

let scenario: Scenario;
afterEach(() => scenario.stop());

const requests = () => new Requests(pluginOf(scenario));
const cancel = () => pluginOf(scenario).send("cancel", new Empty());
const args = (privateIpAddresses: string[]) => ({ networkInterfaceId: eniId, region, privateIpAddresses });
const assign = "AssignPrivateIpAddresses";

/** Runs something while the first call of a create is under way. Resolves to the failure of the create. */
async function duringCall(interrupt: () => Promise<unknown>): Promise<unknown> {
  const clock = new GateClock();
  // At real pace: at a faster one the provider would soon give up the held call.
  scenario = await Scenario.start(worldWith(), { clock, env: { ALICLOUD_SECONDARY_IPS_PACE: "1" } });
  scenario.emulator.control.addFault({ action: assign, effect: { delayMs: 1 } });
  const creating = requests()
    .create(args(addressRange(20, 25)))
    .catch((error: unknown) => error);
  await eventually(() => clock.waiting > 0);
  await interrupt();
  clock.open();
  return creating;
}

test("Cancel during a call: the call ends, no other begins, the state has what was done", async () => {
  const failed = await duringCall(cancel);
  expect(failed).toBeInstanceOf(RecordedFailure);
  expect((failed as RecordedFailure).reasons).toEqual([
    "cancelled; nothing more is written. The state records the progress; run `pulumi up` again to continue",
  ]);
  expect((failed as RecordedFailure).properties.privateIpAddresses).toEqual(addressRange(20, 10));
  expect(scenario.writes).toEqual([assign]);
  expect(scenario.held()).toEqual(addressRange(20, 10));
  expect(await scenario.provider.printed()).toEqual([]);
});

test("after Cancel: an operation that begins fails without a call that writes", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.20"]));
  const inputs = args(["10.0.1.20"]);
  const { outputs } = await requests().create(inputs);
  await scenario.nextCommand();
  await cancel();
  await expect(requests().delete({ inputs, outputs })).rejects.toThrow("cancelled");
  await expect(requests().create(args(["10.0.1.20", "10.0.1.21"]))).rejects.toThrow("cancelled");
  expect(scenario.writes).toEqual([]);
});

test("a new Configure: the plugin works for the next engine", async () => {
  scenario = await Scenario.start(worldWith());
  await cancel();
  await scenario.provider.configure({});
  await requests().create(args(["10.0.1.20"]));
  expect(scenario.held()).toEqual(["10.0.1.20"]);
});

test("a new Configure during a call: the call ends, no other begins, and the plugin works for the next engine", async () => {
  const failed = await duringCall(() => scenario.provider.configure({}));
  expect((failed as RecordedFailure).reasons).toEqual([expect.stringMatching(/^cancelled; /)]);
  expect(scenario.writes).toEqual([assign]);
  await requests().create(args(addressRange(20, 11)));
  expect(scenario.held()).toEqual(addressRange(20, 11));
});

test("a second provider resource of one run: Configure is refused, of another run it is not", async () => {
  scenario = await Scenario.start(worldWith());
  const host = pluginOf(scenario);
  const configure = (provider: string) =>
    host.send("configure", new messages.ConfigureRequest().setUrn(provider).setArgs(new Struct()));
  await configure("urn:first");
  await configure("urn:first");
  await expect(configure("urn:second")).rejects.toThrow(
    "this process serves urn:first, and cannot serve urn:second of the same run; give the program one provider resource, " +
      "or run it without PULUMI_DEBUG_PROVIDERS",
  );
  await host.send("handshake", new messages.ProviderHandshakeRequest().setEngineAddress("127.0.0.1:9"));
  await configure("urn:second");
});

test("the engine is gone during a call: no other begins", async () => {
  const failed = await duringCall(() => scenario.provider.killEngine());
  expect(failed).toMatchObject({ message: expect.stringContaining("is gone") as unknown });
  expect(scenario.writes).toEqual([assign]);
});
