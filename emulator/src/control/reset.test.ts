import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startEmulator } from "../emulator";
import type { Emulator, EmulatorOptions } from "../emulator";
import { SigningClient } from "../testing/signing-client";
import { ManualClock } from "../world/clock";

const onEni = { RegionId: "cn-hangzhou", NetworkInterfaceId: "eni-1" };
// A creation time that is not given is that of the start, or of the reset.
const seed = { networkInterfaces: [{ NetworkInterfaceId: "eni-1", CreationTime: "2026-01-01T00:00:00Z" }] };

/** It stands still: the creation times of before and after a reset are equal. */
const clock = new ManualClock();
let folder: string;
let emulator: Emulator | undefined;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "reset-"));
});
afterEach(async () => {
  await emulator?.close();
  await rm(folder, { recursive: true });
});

async function start(options: EmulatorOptions = { seed }) {
  emulator = await startEmulator({ ...options, clock });
  const client = new SigningClient(emulator.url, () => clock.now());
  return { control: emulator.control, client, url: emulator.url };
}

const held = ({ control }: Pick<Emulator, "control">) =>
  control
    .state()
    .networkInterfaces.flatMap((eni) => eni.PrivateIpSets.PrivateIpSet.map((ip) => ip.PrivateIpAddress));

test("POST reset: restores the seed, the behaviour and the limits of the start, without calls and faults", async () => {
  const started = await start({ seed, behaviour: { batch: "partial" } });
  const { control, client, url } = started;
  const before = control.state();
  await client.call("AssignPrivateIpAddresses", { ...onEni, SecondaryPrivateIpAddressCount: 2 });
  control.patchState({ instances: [{ InstanceId: "i-1" }] });
  control.setBehaviour({ batch: "atomic", latencyMs: 3_600_000 });
  control.addFault({ action: "*", effect: { drop: "before" } });
  control.setLimits({ DescribeNetworkInterfaces: { perMinute: 0 } });

  const response = await fetch(`${url}/_emulator/reset`, { method: "POST" });
  expect({ status: response.status, body: await response.text() }).toEqual({ status: 204, body: "" });

  expect(control.state()).toEqual(before);
  expect(control.behaviour()).toMatchObject({ batch: "partial", latencyMs: 0 });
  expect([control.calls(), control.faults(), control.limits()]).toEqual([[], [], {}]);
  expect((await client.call("DescribeNetworkInterfaces", onEni)).status).toBe(200);
});

test("reset: a ClientToken of before is unknown", async () => {
  const started = await start();
  const call = { ...onEni, SecondaryPrivateIpAddressCount: 1, ClientToken: "once" };
  await started.client.call("AssignPrivateIpAddresses", call);
  started.control.reset();
  expect(held(started)).toHaveLength(1);
  await started.client.call("AssignPrivateIpAddresses", call);
  expect(held(started)).toHaveLength(2);
});

test("reset: stale reads are over", async () => {
  const { control, client } = await start();
  control.addFault({ action: "AssignPrivateIpAddresses", effect: { staleReads: 9 } });
  await client.call("AssignPrivateIpAddresses", { ...onEni, SecondaryPrivateIpAddressCount: 2 });
  control.reset();
  await client.call("AssignPrivateIpAddresses", { ...onEni, SecondaryPrivateIpAddressCount: 1 });
  const { body } = await client.call("DescribeNetworkInterfaces", onEni);
  const [eni] = body.NetworkInterfaceSets.NetworkInterfaceSet;
  expect(eni?.PrivateIpSets.PrivateIpSet).toHaveLength(2);
});

test("reset: a seed that the program changed after the start has no effect", async () => {
  const own = { networkInterfaces: [{ NetworkInterfaceId: "eni-1" }] };
  const { control } = await start({ seed: own });
  own.networkInterfaces.push({ NetworkInterfaceId: "eni-2" });
  control.reset();
  expect(control.state().networkInterfaces.map((eni) => eni.NetworkInterfaceId)).toEqual(["eni-1"]);
});

test("reset: with a data file, restores the world of the start and keeps it in the file", async () => {
  const options = { seed, dataFile: path.join(folder, "world") };
  const first = await start(options);
  await first.client.call("AssignPrivateIpAddresses", { ...onEni, SecondaryPrivateIpAddressCount: 1 });
  await emulator?.close();

  const second = await start(options);
  const before = second.control.state();
  await second.client.call("AssignPrivateIpAddresses", { ...onEni, SecondaryPrivateIpAddressCount: 3 });
  expect(held(second)).toHaveLength(5);
  expect((await fetch(`${second.url}/_emulator/reset`, { method: "POST" })).status).toBe(204);
  expect(second.control.state()).toEqual(before);
  await emulator?.close();

  const third = await start(options);
  expect(held(third)).toHaveLength(2);
});
