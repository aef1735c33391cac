import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { eventually } from "../support/ecs-client";
import {
  addressRange,
  eniId,
  environmentFor,
  region,
  secondaryAddresses,
  worldWith,
  writes,
} from "../support/eni-world";
import { EnginePort } from "../support/engine-port";
import { GateClock } from "../support/gate-clock";
import { PluginProcess } from "../support/plugin-process";
import { RecordedFailure } from "../support/provider-host";
import { Requests } from "./requests";

const assign = "AssignPrivateIpAddresses";
const read = "DescribeNetworkInterfaces";
/** Three calls. */
const all = addressRange(20, 25);
const args = (privateIpAddresses: string[]) => ({ networkInterfaceId: eniId, region, privateIpAddresses });

let clock: GateClock;
let emulator: Emulator;
let engine: EnginePort;
let plugin: PluginProcess;

beforeEach(async () => {
  clock = new GateClock();
  emulator = await startEmulator({ clock, seed: worldWith() });
  engine = await EnginePort.open();
});
afterEach(async () => {
  clock.open();
  await plugin.stop();
  await engine.close();
  await emulator.close();
});

async function start(
  options: { input?: "pipe" | "none"; engineAddress?: string | undefined } = {},
): Promise<void> {
  plugin = await PluginProcess.start({
    env: environmentFor(emulator),
    engineAddress: engine.address,
    input: "pipe",
    ...options,
  });
}

const create = (addresses: string[]) => new Requests(plugin).create(args(addresses));
const held = () => secondaryAddresses(emulator);

/** Does something while the second call of an action is under way in a create. Resolves to the outcome of the create. */
async function duringSecond(action: string, interrupt: () => Promise<void>): Promise<unknown> {
  emulator.control.addFault({ action, skip: 1, effect: { delayMs: 1 } });
  const outcome = create(all).catch((error: unknown) => error);
  await eventually(() => clock.waiting > 0);
  await interrupt();
  clock.open();
  return outcome;
}

describe.each([
  [
    "standard input ends",
    () => {
      plugin.endInput();
    },
  ],
  [
    "SIGINT",
    () => {
      plugin.signal("SIGINT");
    },
  ],
  [
    "SIGTERM",
    () => {
      plugin.signal("SIGTERM");
    },
  ],
])("%s", (_what, end) => {
  /** A plugin that ends accepts no connection. */
  const endPlugin = async () => {
    end();
    while (!(await plugin.refusesConnections()));
  };

  test("during a call: it ends, no other begins, the answer has the progress, and the process exits", async () => {
    await start();
    const failed = await duringSecond(assign, endPlugin);
    expect(failed).toBeInstanceOf(RecordedFailure);
    expect((failed as RecordedFailure).properties.privateIpAddresses).toEqual(all.slice(0, 20));
    expect(await plugin.exitCode).toBe(0);
    expect(writes(emulator)).toEqual([assign, assign]);
    expect(held()).toEqual(all.slice(0, 20));
  });

  test("after the last write: the success is answered, and the process exits", async () => {
    await start();
    expect(await duringSecond(read, endPlugin)).toMatchObject({ outputs: { privateIpAddresses: all } });
    expect(await plugin.exitCode).toBe(0);
  });
});

test("the engine's address refuses connections: no call begins, and the process exits", async () => {
  await start();
  const failed = await duringSecond(assign, () => engine.close());
  expect(failed).toMatchObject({ message: expect.stringContaining("is gone") as unknown });
  expect(await plugin.exitCode).toBe(0);
  expect(writes(emulator)).toEqual([assign, assign]);
});

test("standard input is at its end from the start: the plugin serves until a signal", async () => {
  await start({ input: "none" });
  await create(all);
  expect(held()).toEqual(all);
  plugin.signal("SIGINT");
  expect(await plugin.exitCode).toBe(0);
});

test("SIGINT while a connection stays open: the process exits", async () => {
  await start();
  const connection = await plugin.connect();
  plugin.signal("SIGINT");
  expect(await plugin.exitCode).toBe(0);
  connection.destroy();
});

test("without an engine's address: the plugin serves after the end of its standard input", async () => {
  await start({ engineAddress: undefined });
  plugin.endInput();
  await create(all);
  expect(held()).toEqual(all);
});
