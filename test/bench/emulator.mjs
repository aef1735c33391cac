/**
 * `npm run bench:emulator`: how long the emulator takes, as multiples of what a bare `node:http` server takes in the same run on the
 * same machine, with the same client. Prints the table of emulator/README.md.
 *
 * Each figure is the median of rounds in which the two take turns, so that other work on the machine concerns both.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { createInterface } from "node:readline";
import { ApiClient } from "./api-client.mjs";

const emulatorScript = path.resolve(import.meta.dirname, "../../emulator/bin/alicloud-ecs-emulator.js");
/** It prints its address, as the emulator does, and answers each request with a short JSON text. */
const bareScript = `
  const server = require("node:http").createServer((request, response) => {
    request.on("data", () => undefined).on("end", () => {
      response.writeHead(200, { "content-type": "application/json", "content-length": 2 }).end("{}");
    });
  });
  server.listen(0, "127.0.0.1", () => {
    console.log(JSON.stringify({ url: "http://127.0.0.1:" + server.address().port, pid: process.pid }));
  });`;

const sizes = [1, 1000, 10_000];
const startRounds = 15;
const rounds = 15;
const callsInRound = 40;
/** Until then the compiler is at work, and the collector on the garbage of loading: the first thousand calls take twice as long. */
const warmUpMs = 4_000;

async function start(args) {
  const begin = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const ms = performance.now() - begin;
  const stop = async () => {
    child.kill("SIGKILL");
    await once(child, "close");
  };
  return { url: JSON.parse(line).url, ms, stop };
}

/** Fails for an answer that is no success, which would take another time. */
async function ok(answering) {
  const { status, text } = await answering;
  if (status !== 200) throw new Error(`${status} ${text.slice(0, 300)}`);
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function startRatio() {
  const times = { bare: [], emulator: [] };
  for (let round = 0; round < startRounds; round++)
    for (const [name, args] of [
      ["bare", ["-e", bareScript]],
      ["emulator", [emulatorScript]],
    ]) {
      const { ms, stop } = await start(args);
      times[name].push(ms);
      await stop();
    }
  return { ratio: median(times.emulator) / median(times.bare), bareMs: median(times.bare) };
}

const measures = {
  "Describe by id": (client) => client.call("DescribeNetworkInterfaces", { "NetworkInterfaceId.1": "eni-0" }),
  "a page of 500": (client) => client.call("DescribeNetworkInterfaces", { MaxResults: 500 }),
  Assign: (client) => client.call("AssignPrivateIpAddresses", assigned),
};
const assigned = { NetworkInterfaceId: "eni-0", "PrivateIpAddress.1": "10.0.250.1" };
const unassign = (client) => client.call("UnassignPrivateIpAddresses", assigned);

/** The time of the calls of a round; what is undone after a call does not count. */
async function timeOf(client, call, undo) {
  let ms = 0;
  for (let index = 0; index < callsInRound; index++) {
    const begin = performance.now();
    await ok(call(client));
    ms += performance.now() - begin;
    if (undo !== undefined) await ok(undo(client));
  }
  return ms / callsInRound;
}

async function callRatios(bare, enis, dataFile) {
  const emulator = await start([emulatorScript, ...(dataFile === undefined ? [] : ["--data", dataFile])]);
  // Both servers get the same signed requests, each on one connection.
  const clientOf = ({ url }) => new ApiClient(url, { connections: 1 });
  const clients = { bare: clientOf(bare), emulator: clientOf(emulator) };
  const networkInterfaces = Array.from({ length: enis }, (_unused, index) => ({
    NetworkInterfaceId: `eni-${index}`,
  }));
  await ok(clients.emulator.send("PUT", "/_emulator/state", JSON.stringify({ networkInterfaces })));
  const ratios = {};
  for (const [name, call] of Object.entries(measures)) {
    if (dataFile !== undefined && name !== "Assign") continue;
    const undo = name === "Assign" ? unassign : undefined;
    const times = { bare: [], emulator: [] };
    for (const client of Object.values(clients))
      for (const begin = performance.now(); performance.now() - begin < warmUpMs;)
        await timeOf(client, call, undo);
    for (let round = 0; round < rounds; round++)
      for (const server of ["bare", "emulator"])
        times[server].push(await timeOf(clients[server], call, undo));
    ratios[dataFile === undefined ? name : `${name} with --data`] =
      median(times.emulator) / median(times.bare);
  }
  await emulator.stop();
  return ratios;
}

const folder = await mkdtemp(path.join(tmpdir(), "bench-emulator-"));
try {
  process.stderr.write("start\n");
  const { ratio, bareMs } = await startRatio();
  const bare = await start(["-e", bareScript]);
  const bySize = [];
  for (const enis of sizes) {
    process.stderr.write(`${enis} ENIs\n`);
    const memory = await callRatios(bare, enis);
    bySize.push({ ...memory, ...(await callRatios(bare, enis, path.join(folder, `${enis}.json`))) });
  }
  await bare.stop();
  const row = (cells) => `| ${cells.join(" | ")} |`;
  const columns = sizes.map((enis) => `${enis.toLocaleString("en")} ${enis === 1 ? "ENI" : "ENIs"}`);
  const lines = [
    row(["times a bare `node:http` server", ...columns]),
    row(["---", ...columns.map(() => "---")]),
    row(["start without a seed", ratio.toFixed(1), "", ""]),
    ...Object.keys(bySize[0]).map((name) => row([name, ...bySize.map((ratios) => ratios[name].toFixed(1))])),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  process.stderr.write(`a bare server started in ${bareMs.toFixed(0)} ms; Node.js ${process.version}\n`);
} finally {
  await rm(folder, { recursive: true });
}
