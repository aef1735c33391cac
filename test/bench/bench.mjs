/**
 * `npm run bench`: measures the API calls and the time of the resource. The emulator runs in its own process and takes 50 ms
 * for each call.
 *
 * Each scenario also runs in the plain way, with the same client: read each ENI, assign and unassign one address in each
 * call, read each ENI again. Times depend on the machine: compare the ratio of the two, which come from one run.
 *
 * Prints a table, and writes it to bench-results.json.
 */
import Table from "cli-table3";
import { spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";
import { runEntryPoint } from "../../tools/entry-point.mjs";

const require = createRequire(import.meta.url);
const repository = path.resolve(import.meta.dirname, "../..");
const provider = (file) => require(path.join(repository, "provider/dist", file));
const { EniSecondaryIpsProvider } = provider("dynamic/dynamic-provider.js");
const { OpenApiEcs } = provider("ecs-client/openapi-ecs.js");
const { Credentials } = provider("ecs-client/credentials.js");
const { parseEndpoint } = provider("ecs-client/endpoints.js");
const { Deadline } = provider("shared/deadline.js");
const { pacingTimes } = provider("shared/retry.js");

const emulatorScript = path.join(repository, "emulator/bin/alicloud-ecs-emulator.js");
const latencyMs = 50;
/** Number of concurrent resource operations, as in the engine on two cores. */
const parallel = 8;
const region = "cn-hangzhou";

const range = (first, count, of) => Array.from({ length: count }, (_unused, index) => of(first + index));
/** An address of the n-th ENI, in the /24 of its vSwitch. */
const address = (eni, host) => `10.${1 + Math.floor(eni / 200)}.${eni % 200}.${host}`;
const one = (eni, host) => ({ kind: "address", addresses: [address(eni, host)] });

async function startEmulator() {
  const child = spawn(process.execPath, [emulatorScript, "--latency-ms", String(latencyMs)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const { url } = JSON.parse(line);
  const control = async (method, what, body) => {
    const init = { method, headers: { "content-type": "application/json" } };
    const answer = await fetch(`${url}/_emulator/${what}`, { ...init, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${what}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? undefined : answer.json();
  };
  return { url, control, stop: () => child.kill() };
}

/** A world with `enis` ENIs, each in its own vSwitch, with the addresses of these hosts. */
function world(enis, hosts) {
  const block = (eni) => address(eni, 0) + "/24";
  return {
    vpcs: [{ VpcId: "vpc-1", RegionId: region, CidrBlock: "10.0.0.0/8" }],
    vSwitches: range(0, enis, (eni) => ({
      VSwitchId: `vsw-${eni}`,
      VpcId: "vpc-1",
      RegionId: region,
      CidrBlock: block(eni),
    })),
    networkInterfaces: range(0, enis, (eni) => ({
      NetworkInterfaceId: `eni-${eni}`,
      VSwitchId: `vsw-${eni}`,
      PrivateIpAddress: address(eni, 10),
      PrivateIpSets: {
        PrivateIpSet: [
          { PrivateIpAddress: address(eni, 10), Primary: true },
          ...hosts.map((host) => ({ PrivateIpAddress: address(eni, host), Primary: false })),
        ],
      },
    })),
  };
}

const props = (eni, hosts) => ({
  networkInterfaceId: `eni-${eni}`,
  privateIpAddresses: hosts.map((host) => address(eni, host)),
  region,
  __internal: { name: `r${eni}` },
});

/** Runs the work of each ENI, `parallel` at once. */
async function forEach(enis, work) {
  const waiting = range(0, enis, (eni) => eni);
  await Promise.all(
    range(0, parallel, async () => {
      for (let eni = waiting.shift(); eni !== undefined; eni = waiting.shift()) await work(eni);
    }),
  );
}

const env = (url) => ({
  ECS_ENDPOINT: url,
  ALICLOUD_REGION: region,
  ALICLOUD_ACCESS_KEY: "test",
  ALICLOUD_SECRET_KEY: "test",
});

/** A provider without remembered readings, as in a new process. */
function newProvider(url) {
  return new EniSecondaryIpsProvider({
    env: env(url),
    liveness: { assertAlive: () => Promise.resolve() },
    announce: () => undefined,
    random: Math.random,
    userAgent: "bench",
  });
}

function plainClient(url) {
  const endpoint = parseEndpoint(url, "bench");
  const keys = { kind: "static", accessKeyId: "test", accessKeySecret: "test", securityToken: undefined };
  const ecs = new OpenApiEcs({
    region,
    endpoints: { ecs: endpoint, vpc: endpoint },
    credentials: new Credentials(keys),
    pacing: pacingTimes(1),
    random: Math.random,
    userAgent: "bench",
  });
  const deadline = Deadline.after(600_000);
  const write = { deadline, beforeSending: () => Promise.resolve() };
  return {
    read: (eni) => ecs.describeNetworkInterfaces({ ids: [`eni-${eni}`] }, { deadline }),
    assign: (eni, host) => ecs.assignPrivateIpAddresses(`eni-${eni}`, one(eni, host), randomUUID(), write),
    unassign: (eni, host) => ecs.unassignPrivateIpAddresses(`eni-${eni}`, one(eni, host), write),
  };
}

/** The plain way: one read, one call for each address, one read. */
async function updatePlainly(client, eni, before, after) {
  await client.read(eni);
  for (const host of after) if (!before.includes(host)) await client.assign(eni, host);
  for (const host of before) if (!after.includes(host)) await client.unassign(eni, host);
  await client.read(eni);
}

async function up(one, enis, before, after) {
  // The engine checks and diffs one resource after another, and creates and updates them in parallel.
  for (let eni = 0; eni < enis; eni += 1)
    await one.check(before ? props(eni, before) : {}, props(eni, after));
  await forEach(enis, async (eni) => {
    if (!before) return one.create(props(eni, after));
    const diff = await one.diff(`eni-${eni}`, props(eni, before), props(eni, after));
    return diff.changes ? one.update(`eni-${eni}`, props(eni, before), props(eni, after)) : undefined;
  });
}

const hosts = (first, count) => range(first, count, (host) => host);
const scenarios = [
  { name: "create: 1 ENI, 15 addresses", enis: 1, before: undefined, after: hosts(20, 15) },
  {
    name: "update: 1 ENI, -12 +7",
    enis: 1,
    before: hosts(20, 15),
    after: [...hosts(32, 3), ...hosts(60, 7)],
  },
  { name: "update: 20 ENIs, -5 +5 each", enis: 20, before: hosts(20, 10), after: hosts(25, 10) },
  { name: "no change: 1 ENI", enis: 1, before: hosts(20, 10), after: hosts(20, 10) },
  { name: "no change: 200 ENIs", enis: 200, before: hosts(20, 3), after: hosts(20, 3) },
  { name: "refresh: 20 ENIs", enis: 20, before: hosts(20, 10), refresh: true },
  { name: "refresh: 1,000 ENIs", enis: 1000, before: hosts(20, 3), refresh: true },
];

async function measure(emulator, work) {
  await emulator.control("DELETE", "calls");
  const startedMs = performance.now();
  await work();
  const ms = performance.now() - startedMs;
  const calls = await emulator.control("GET", "calls");
  return { calls: calls.length, ms: Math.round(ms) };
}

async function run(emulator, { name, enis, before, after, refresh }) {
  const seed = world(enis, before ?? []);
  await emulator.control("PUT", "state", seed);
  const one = newProvider(emulator.url);
  const ours = await measure(emulator, () =>
    refresh
      ? forEach(enis, (eni) => one.read(`eni-${eni}`, props(eni, before)))
      : up(one, enis, before, after),
  );
  await emulator.control("PUT", "state", seed);
  const client = plainClient(emulator.url);
  const plain = await measure(emulator, () =>
    forEach(enis, (eni) => (refresh ? client.read(eni) : updatePlainly(client, eni, before ?? [], after))),
  );
  return { name, ours, plain, ratio: Number((plain.ms / ours.ms).toFixed(1)) };
}

/** The time to load the provider's code in each `pulumi up`, compared with the host's own code. */
function loadingTime() {
  const code = (file) =>
    `const t = performance.now(); require(${JSON.stringify(file)}); console.log(performance.now() - t)`;
  const loadOnce = (file) =>
    Number(spawnSync(process.execPath, ["-e", code(file)], { cwd: repository }).stdout);
  const median = (file) => range(0, 5, () => loadOnce(file)).sort((a, b) => a - b)[2];
  const ours = median(path.join(repository, "provider/dist/provider.js"));
  const host = median("@pulumi/pulumi");
  return {
    providerMs: Math.round(ours),
    pulumiMs: Math.round(host),
    ratio: Number((ours / host).toFixed(2)),
  };
}

/** The time until a started emulator listens, compared with a bare start of node. */
async function startingTime() {
  const timeOf = async (args, isUp) => {
    const startedMs = performance.now();
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(child, "exit");
    await isUp(child, ended);
    const tookMs = performance.now() - startedMs;
    child.kill();
    await ended;
    return tookMs;
  };
  const times = { emulator: [], node: [] };
  // Alternately, so that the machine's load affects both.
  for (let turn = 0; turn < 10; turn++) {
    times.node.push(await timeOf(["-e", "0"], (_child, ended) => ended));
    times.emulator.push(await timeOf([emulatorScript], (child) => once(child.stdout, "data")));
  }
  const best = (list) => Math.min(...list);
  const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
  return {
    bestMs: Math.round(best(times.emulator)),
    medianMs: Math.round(median(times.emulator)),
    nodeBestMs: Math.round(best(times.node)),
    nodeMedianMs: Math.round(median(times.node)),
    ratio: Number((median(times.emulator) / median(times.node)).toFixed(1)),
  };
}

async function measureAll() {
  const emulator = await startEmulator();
  try {
    const results = [];
    for (const scenario of scenarios) {
      process.stderr.write(`${scenario.name} ...\n`);
      results.push(await run(emulator, scenario));
    }
    const loading = loadingTime();
    const starting = await startingTime();
    const table = new Table({
      head: ["scenario", "calls", "time", "plain way: calls", "time", "times as fast"],
      colAligns: ["left", "right", "right", "right", "right", "right"],
      style: { head: [], border: [] },
    });
    for (const { name, ours, plain, ratio } of results) {
      table.push([name, ours.calls, `${ours.ms} ms`, plain.calls, `${plain.ms} ms`, ratio]);
    }
    process.stdout.write(
      `each call takes ${latencyMs} ms, ${parallel} resources at once\n${table.toString()}\n`,
    );
    process.stdout.write(
      `loading the provider takes ${loading.providerMs} ms, ${loading.ratio} of loading @pulumi/pulumi (${loading.pulumiMs} ms)\n`,
    );
    process.stdout.write(
      `the emulator listens after ${starting.medianMs} ms (best of 10: ${starting.bestMs} ms), ${starting.ratio} times a bare start of node ` +
        `(${starting.nodeMedianMs} ms)\n`,
    );
    const file = path.join(repository, "bench-results.json");
    writeFileSync(
      file,
      `${JSON.stringify({ latencyMs, parallel, results, loading, starting }, undefined, 2)}\n`,
    );
    process.stdout.write(`written to ${path.relative(process.cwd(), file)}\n`);
  } finally {
    emulator.stop();
  }
}

await runEntryPoint(measureAll, { usage: "npm run bench" });
