/**
 * `npm run soak`: sends 1,000,000 calls to an emulator, and compares the memory it needs then with that at 100,000 calls. Not in
 * CI: it takes some minutes. Ends with 1 if the heap has grown by more than a tenth.
 *
 * The calls are of every kind that the emulator remembers something of: reads, writes with ClientTokens, new and deleted ENIs,
 * refused calls, calls with a wrong signature and long bodies, faults, and patches of the state. The heap is measured in the
 * emulator's process after a forced collection.
 */
import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createRequire } from "node:module";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { ApiClient } from "./api-client.mjs";

const require = createRequire(import.meta.url);
const { startEmulator } = require("../../emulator/dist/index.js");

const all = 1_000_000;
const first = 100_000;
const allowedGrowth = 1.1;
const parallel = 16;

/** The child: an emulator that tells its heap when it is asked. */
async function serve() {
  const enis = Array.from({ length: 200 }, (_, index) => ({ NetworkInterfaceId: `eni-${index}` }));
  const emulator = await startEmulator({ seed: { networkInterfaces: enis }, behaviour: { transitionMs: 0 } });
  process.on("message", () => {
    globalThis.gc();
    globalThis.gc();
    process.send({ heapBytes: process.memoryUsage().heapUsed });
  });
  process.on("disconnect", () => void emulator.close());
  process.send({ url: emulator.url });
}

async function drive() {
  const child = fork(fileURLToPath(import.meta.url), [], { execArgv: ["--expose-gc"] });
  const [{ url }] = await once(child, "message");
  const heap = async () => {
    child.send("heap");
    const [{ heapBytes }] = await once(child, "message");
    return heapBytes;
  };
  const client = new ApiClient(url, { connections: parallel });
  let sent = 0;
  let before = 0;
  const started = Date.now();
  const work = async (worker) => {
    while (sent < goal) await oneCall(client, worker, sent++);
  };
  let goal = 0;
  for (const next of [first, ...Array.from({ length: 9 }, (_, index) => first * (index + 2))]) {
    goal = next;
    await Promise.all(Array.from({ length: parallel }, (_, worker) => work(worker)));
    const heapBytes = await heap();
    if (next === first) before = heapBytes;
    const seconds = (Date.now() - started) / 1000;
    const growth = heapBytes / before;
    process.stdout.write(
      `${next} of ${all} calls, ${seconds.toFixed(0)} s: heap ${(heapBytes / 1e6).toFixed(1)} MB, ${growth.toFixed(2)} times that at ${first}\n`,
    );
    if (next === all && growth > allowedGrowth) {
      process.stdout.write(`the heap may grow to ${allowedGrowth} times\n`);
      process.exitCode = 1;
    }
  }
  client.close();
  child.disconnect();
}

/** The n-th call. A worker has its own ENIs, so that no two calls write to one at the same time. */
async function oneCall(client, worker, n) {
  const NetworkInterfaceId = `eni-${worker + parallel * (Math.floor(n / 12) % 12)}`;
  const ClientToken = randomUUID();
  switch (n % 12) {
    case 0: {
      const { text } = await client.call("CreateNetworkInterface", {
        VSwitchId: "vsw-default",
        SecurityGroupId: "sg-default",
        Description: "soak",
        ClientToken,
      });
      return client.call("DeleteNetworkInterface", {
        NetworkInterfaceId: JSON.parse(text).NetworkInterfaceId,
      });
    }
    case 1:
    case 2: {
      const { text } = await client.call("AssignPrivateIpAddresses", {
        NetworkInterfaceId,
        SecondaryPrivateIpAddressCount: 2,
        ClientToken,
      });
      const assigned = JSON.parse(text).AssignedPrivateIpAddressesSet.PrivateIpSet.PrivateIpAddress;
      return client.call("UnassignPrivateIpAddresses", {
        NetworkInterfaceId,
        "PrivateIpAddress.1": assigned[0],
        "PrivateIpAddress.2": assigned[1],
      });
    }
    case 3:
      return client.call("DescribeNoSuchThings", { Value: "v".repeat(200) });
    case 4:
      return client.send("POST", "/", "x".repeat(20_000));
    case 5:
      return client.call("DescribeNetworkInterfaces", { MaxResults: 10, NetworkInterfaceName: randomUUID() });
    case 6:
      if (n % 600 !== 6) return client.call("DescribeVSwitches", {});
      return client.send(
        "PATCH",
        "/_emulator/state",
        JSON.stringify({ networkInterfaces: [{ NetworkInterfaceId, Description: randomUUID() }] }),
      );
    case 7:
      if (n % 600 !== 7)
        return client.call("ModifyNetworkInterfaceAttribute", {
          NetworkInterfaceId,
          Description: ClientToken,
        });
      return client.send(
        "POST",
        "/_emulator/faults",
        JSON.stringify({ action: "DescribeNetworkInterfaces", effect: { delayMs: 0 } }),
      );
    default:
      return client.call("DescribeNetworkInterfaces", { "NetworkInterfaceId.1": NetworkInterfaceId });
  }
}

await (process.send ? serve() : drive());
