import type { CompleteStateDocument } from "alicloud-ecs-emulator";
import { startEmulator } from "alicloud-ecs-emulator";
import fc from "fast-check";
import { execFileSync } from "node:child_process";
import { mkdtemp, open, readFile, readdir, rm, stat, symlink, writeFile, truncate } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { AnswerBody } from "../../emulator/src/testing/signing-client";
import { SigningClient } from "../../emulator/src/testing/signing-client";
import { EmulatorProcess } from "../support/emulator-process";

const RegionId = "cn-hangzhou";
const seed = {
  vSwitches: [{ VSwitchId: "vsw-1", CidrBlock: "10.0.0.0/16" }],
  networkInterfaces: [{ NetworkInterfaceId: "eni-1" }],
};

let folder: string;
let file: string;
let seedFile: string;
let running: EmulatorProcess[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "emulator-data-"));
  file = path.join(folder, "world.json");
  seedFile = path.join(folder, "seed.json");
  await writeFile(seedFile, JSON.stringify(seed));
  running = [];
});
afterEach(async () => {
  for (const emulator of running) await emulator.end("SIGKILL");
  await rm(folder, { recursive: true });
});

function start(...args: string[]): EmulatorProcess {
  const emulator = new EmulatorProcess("--data", file, ...args);
  running.push(emulator);
  return emulator;
}

async function startWithClient(...args: string[]) {
  const emulator = start(...args);
  const { url } = await emulator.listening();
  const client = new SigningClient(url);
  const control = async (method: string, what: string, body?: object) => {
    const answer = await fetch(`${url}/_emulator/${what}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return (answer.status === 204 ? undefined : await answer.json()) as CompleteStateDocument;
  };
  return { emulator, client, control };
}

/** The one line of a start that was refused. */
async function refusal(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await start(...args).ended;
  expect({ code, stdout, lines: stderr.trimEnd().split("\n").length }).toEqual({
    code: 1,
    stdout: "",
    lines: 1,
  });
  return stderr;
}

/* What a history consists of: one worker's calls, each of which is answered or not. */

type Parameters = Readonly<Record<string, string | number>>;

interface Asked {
  readonly action: string;
  readonly params: Parameters;
  /** Absent where the emulator was killed before it answered. */
  answer?: AnswerBody;
}

/** A client that gives ENIs addresses and takes them away; it alone writes to its ENIs. */
class Worker {
  readonly asked: Asked[] = [];
  /** The ENIs and what they have to hold, by what was answered. */
  readonly #owned = new Map<string, Set<string>>();
  readonly #choose: (max: number) => number;
  readonly #name: string;

  constructor(name: string, choose: (max: number) => number) {
    this.#name = name;
    this.#choose = choose;
  }

  #next(): Asked {
    const ClientToken = `${this.#name}-${this.asked.length}`;
    const enis = [...this.#owned.keys()];
    const eni = enis[this.#choose(enis.length)];
    const kind = this.#choose(10);
    if (eni === undefined || kind === 0)
      return {
        action: "CreateNetworkInterface",
        params: {
          RegionId,
          ClientToken,
          VSwitchId: "vsw-1",
          SecurityGroupId: "sg-default",
          SecondaryPrivateIpAddressCount: 2,
        },
      };
    if (kind === 1)
      return { action: "DeleteNetworkInterface", params: { RegionId, NetworkInterfaceId: eni } };
    const held = [...(this.#owned.get(eni) ?? [])];
    if (kind < 5 && held.length > 1)
      return {
        action: "UnassignPrivateIpAddresses",
        params: {
          RegionId,
          NetworkInterfaceId: eni,
          ...numbered(held.slice(0, 1 + this.#choose(held.length))),
        },
      };
    return {
      action: "AssignPrivateIpAddresses",
      params: {
        RegionId,
        ClientToken,
        NetworkInterfaceId: eni,
        SecondaryPrivateIpAddressCount: 1 + this.#choose(3),
      },
    };
  }

  /** Calls until the emulator does not answer any more. */
  async work(client: SigningClient, onAnswer: () => void): Promise<void> {
    for (;;) {
      const asked = this.#next();
      this.asked.push(asked);
      try {
        const { status, body } = await client.call(asked.action, asked.params);
        expect({ status, body }).toMatchObject({ status: 200 });
        asked.answer = body;
      } catch (error) {
        // The errors of fetch come from outside of the test's realm: they are instances of nothing here.
        if (["TypeError", "SyntaxError"].includes((error as Error).name)) return;
        throw error;
      }
      this.#apply(asked);
      onAnswer();
    }
  }

  #apply({ action, params, answer }: Asked): void {
    const eni = String(params.NetworkInterfaceId);
    switch (action) {
      case "CreateNetworkInterface":
        if (answer) this.#owned.set(answer.NetworkInterfaceId, new Set(secondaryOf(answer)));
        break;
      case "DeleteNetworkInterface":
        this.#owned.delete(eni);
        break;
      case "AssignPrivateIpAddresses":
        for (const address of answer?.AssignedPrivateIpAddressesSet.PrivateIpSet.PrivateIpAddress ?? [])
          this.#owned.get(eni)?.add(address);
        break;
      default:
        for (const address of addressesIn(params)) this.#owned.get(eni)?.delete(address);
    }
  }

  /** The call that the kill left without an answer is done, or not done, but not in part; then it is done, once. */
  async finish(client: SigningClient, before: CompleteStateDocument): Promise<void> {
    const last = this.asked.at(-1);
    if (!last || last.answer) return;
    if (last.action === "UnassignPrivateIpAddresses") {
      const held = heldBy(before, String(last.params.NetworkInterfaceId));
      const left = addressesIn(last.params).filter((address) => held?.includes(address));
      expect([0, addressesIn(last.params).length]).toContain(left.length);
    }
    const { status, body } = await client.call(last.action, last.params);
    const doneBefore = ["InvalidIp.IpUnassigned", "InvalidEniId.NotFound"].includes(body.Code);
    // A token makes a repetition safe; the others say that there is nothing left to do.
    if ("ClientToken" in last.params || !doneBefore) expect({ status, body }).toMatchObject({ status: 200 });
    last.answer = body;
    this.#apply(last);
  }

  expectIn(state: CompleteStateDocument): void {
    for (const [eni, addresses] of this.#owned)
      expect([eni, heldBy(state, eni)]).toEqual([eni, [...addresses].sort()]);
  }

  /** Repeats what was answered, and expects the same answer. */
  async repeatAll(client: SigningClient): Promise<void> {
    for (const { action, params, answer } of this.asked.filter((one) => "ClientToken" in one.params)) {
      const { body } = await client.call(action, params);
      expect({ ...body, RequestId: "" }).toEqual({ ...answer, RequestId: "" });
    }
  }

  get enis(): string[] {
    return [...this.#owned.keys()];
  }

  /** Every id that was ever given to it. */
  get created(): string[] {
    return this.asked.flatMap(({ action, answer }) =>
      action === "CreateNetworkInterface" && answer ? [answer.NetworkInterfaceId] : [],
    );
  }
}

function numbered(addresses: readonly string[]): Parameters {
  return Object.fromEntries(
    addresses.slice(0, 10).map((address, index) => [`PrivateIpAddress.${index + 1}`, address]),
  );
}

function addressesIn(params: Parameters): string[] {
  return Object.entries(params).flatMap(([name, value]) =>
    name.startsWith("PrivateIpAddress.") ? [String(value)] : [],
  );
}

function secondaryOf(answer: AnswerBody): string[] {
  const { PrivateIpSets } = answer as unknown as CompleteStateDocument["networkInterfaces"][number];
  return PrivateIpSets.PrivateIpSet.filter((ip) => ip.Primary !== true).map((ip) => ip.PrivateIpAddress);
}

function heldBy(state: CompleteStateDocument, id: string): string[] | undefined {
  const eni = state.networkInterfaces.find((one) => one.NetworkInterfaceId === id);
  return eni?.PrivateIpSets.PrivateIpSet.filter((ip) => ip.Primary !== true)
    .map((ip) => ip.PrivateIpAddress)
    .sort();
}

test.each([1, 2, 3])(
  "has everything that it acknowledged, whenever it is killed (history %i)",
  async (history) => {
    const numbers = fc.sample(fc.nat({ max: 1_000_000 }), { seed: history, numRuns: 2000 });
    let used = 0;
    const choose = (max: number) => (max === 0 ? 0 : (numbers[used++ % numbers.length] ?? 0) % max);
    const workers = ["a", "b", "c"].map((name) => new Worker(name, choose));

    for (let kill = 0; kill < 6; kill++) {
      const { emulator, client, control } = await startWithClient("--seed", seedFile);
      await control("PUT", "behaviour", { transitionMs: 0 });
      const before = await control("GET", "state");
      for (const worker of workers) await worker.finish(client, before);
      const state = await control("GET", "state");
      for (const worker of workers) worker.expectIn(state);
      expect(state.networkInterfaces.map((eni) => eni.NetworkInterfaceId).sort()).toEqual(
        ["eni-1", ...workers.flatMap((worker) => worker.enis)].sort(),
      );
      for (const worker of workers) await worker.repeatAll(client);
      expect(await control("GET", "state")).toEqual(state);

      const answersBeforeTheKill = choose(12);
      const hesitationMs = choose(6);
      let answers = 0;
      const working: Promise<void>[] = [];
      const enough = new Promise<void>((resolve) => {
        if (answersBeforeTheKill === 0) resolve();
        const onAnswer = () => {
          if (++answers >= answersBeforeTheKill) resolve();
        };
        for (const worker of workers) working.push(worker.work(client, onAnswer));
      });
      await enough;
      if (hesitationMs > 0) await delay(hesitationMs);
      await emulator.end("SIGKILL");
      await Promise.all(working);
    }

    const created = workers.flatMap((worker) => worker.created);
    expect(created.length).toBeGreaterThan(3);
    expect(new Set(created).size).toBe(created.length);
  },
);

test("goes on with what was to follow by itself", async () => {
  const first = await startWithClient("--seed", seedFile);
  await first.control("PUT", "behaviour", { transitionMs: 3_600_000 });
  const { body } = await first.client.call("RunInstances", {
    RegionId,
    ImageId: "any",
    InstanceType: "ecs.g6.large",
    SecurityGroupId: "sg-default",
    VSwitchId: "vsw-1",
  });
  await first.emulator.end("SIGKILL");
  const { control } = await startWithClient();
  const [instance] = (await control("GET", "state")).instances;
  expect(instance).toMatchObject({
    InstanceId: body.InstanceIdSets.InstanceIdSet[0],
    Status: "Pending",
    StatusTransition: { to: "Starting", then: { to: "Running", afterMs: 3_600_000 } },
  });
  expect(instance?.StatusTransition?.afterMs).toBeLessThan(3_600_000);
});

test("has what control calls changed, and what a signal leaves it no time to answer", async () => {
  const first = await startWithClient();
  await first.control("PUT", "state", seed);
  await first.control("PATCH", "state", {
    networkInterfaces: [{ NetworkInterfaceId: "eni-1", Description: "edge" }],
  });
  await first.emulator.end("SIGKILL");
  const second = await startWithClient();
  expect((await second.control("GET", "state")).networkInterfaces[0]?.Description).toBe("edge");
  expect(await second.emulator.end("SIGTERM")).toMatchObject({ code: 0, stderr: "" });
  expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

test("uses the seed for a new file alone, and says so", async () => {
  await (await startWithClient("--seed", seedFile)).emulator.end("SIGKILL");
  const again = start("--seed", path.join(folder, "gone.json"));
  const { url } = await again.listening();
  const state = (await (await fetch(`${url}/_emulator/state`)).json()) as CompleteStateDocument;
  expect(state.networkInterfaces).toMatchObject([{ NetworkInterfaceId: "eni-1" }]);
  const { stderr } = await again.end("SIGTERM");
  expect(stderr).toMatch(
    /^alicloud-ecs-emulator: the seed .*gone\.json is not used: .*world\.json has a world already\n$/,
  );
});

test("refuses a file that another emulator uses, under any name, and takes it when that one is killed", async () => {
  const first = start();
  await first.listening();
  const link = path.join(folder, "link.json");
  await symlink(file, link);
  expect(await refusal()).toMatch(/world\.json is in use by another emulator/);
  file = link;
  expect(await refusal()).toMatch(/is in use by another emulator/);
  await expect(startEmulator({ dataFile: link })).rejects.toThrow("is in use by another emulator");
  await first.end("SIGKILL");
  await start().listening();
});

test("leaves the file to the next one in the same process, also after a start that failed", async () => {
  const first = await startEmulator({ dataFile: file, seed });
  first.control.patchState({ networkInterfaces: [{ NetworkInterfaceId: "eni-1", Description: "edge" }] });
  await expect(startEmulator({ dataFile: file })).rejects.toThrow("is in use by another emulator");
  await first.close();
  const taken = await startEmulator();
  await expect(startEmulator({ dataFile: file, port: taken.port })).rejects.toThrow("EADDRINUSE");
  await taken.close();
  const second = await startEmulator({ dataFile: file });
  expect(second.control.state().networkInterfaces[0]?.Description).toBe("edge");
  await second.close();
});

test("refuses a damaged or foreign file, and leaves it as it is", async () => {
  await (await startWithClient("--seed", seedFile)).emulator.end("SIGTERM");
  const good = await readFile(file, "utf8");
  const cases: [string, RegExp][] = [
    [good.slice(0, -20), /is damaged .* or delete it for a new world/],
    [good.replace("10.0", "11.0"), /is damaged/],
    [good.replace('"version":2', '"version":3'), /was written by a later version .*format 3/],
    [JSON.stringify(seed), /is not a data file of this emulator.* --seed/],
    ["", /is not a data file of this emulator/],
    ["{}\n{}\n", /is not a data file of this emulator/],
  ];
  for (const [content, message] of cases) {
    await writeFile(file, content);
    expect(await refusal()).toMatch(message);
    expect(await refusal()).toContain(file);
    expect(await readFile(file, "utf8")).toBe(content);
  }
  // The draft of a killed emulator is not used.
  await writeFile(file, good);
  await writeFile(`${file}.tmp`, good.slice(0, 50));
  await (await startWithClient()).emulator.end("SIGTERM");
});

test("says what is wrong with a place where no file can be", async () => {
  file = path.join(folder, "missing", "world.json");
  expect(await refusal()).toMatch(/cannot make the data file .*missing.* its folder is missing/);
  file = folder;
  expect(await refusal()).toMatch(/cannot read the data file .*EISDIR/);
});

test("a full disk: a change is refused and undone, reads show only what the file has, and it works again with room", async () => {
  const { client, control, emulator } = await startWithClient("--seed", seedFile);
  const params = { RegionId, NetworkInterfaceId: "eni-1", SecondaryPrivateIpAddressCount: 1 };
  expect((await client.call("AssignPrivateIpAddresses", params)).status).toBe(200);
  const before = await control("GET", "state");

  // A write behind the first 100 bytes ends with EFBIG, as it ends with ENOSPC on a full disk.
  limitFileSize(emulator, "100");
  const token = { ...params, ClientToken: "t" };
  const { status, body } = await client.call("AssignPrivateIpAddresses", token);
  expect({ status, code: body.Code }).toEqual({ status: 500, code: "InternalError" });
  expect(body.Message).toMatch(/cannot write .*world\.json/);
  const patch = { networkInterfaces: [{ NetworkInterfaceId: "eni-1", Description: "edge" }] };
  await expect(control("PATCH", "state", patch)).rejects.toThrow(/cannot write .*world\.json/);
  await expect(control("PUT", "state", seed)).rejects.toThrow(/cannot write .*world\.json/);
  await expect(control("POST", "reset")).rejects.toThrow(/cannot write .*world\.json/);
  expect(await control("GET", "state")).toEqual(before);
  expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);

  limitFileSize(emulator, "unlimited");
  expect((await client.call("AssignPrivateIpAddresses", token)).status).toBe(200);
  const after = await control("GET", "state");
  expect(heldBy(after, "eni-1")).toHaveLength(2);
  await emulator.end("SIGKILL");
  const again = await startWithClient();
  expect(heldBy(await again.control("GET", "state"), "eni-1")).toEqual(heldBy(after, "eni-1"));
});

/** Bounds the size of the files that the emulator writes, with prlimit of util-linux. */
function limitFileSize({ pid }: EmulatorProcess, bytes: string): void {
  execFileSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:`]);
}

test.each([
  ["was removed", () => rm(file)],
  ["was replaced", () => rm(file).then(() => writeFile(file, "another file"))],
  ["was emptied", () => truncate(file)],
])("a file that %s while the emulator runs is written again with the next change", async (_, disturb) => {
  const { client, control, emulator } = await startWithClient("--seed", seedFile);
  const params = { RegionId, NetworkInterfaceId: "eni-1", SecondaryPrivateIpAddressCount: 1 };
  await client.call("AssignPrivateIpAddresses", params);
  await disturb();
  expect((await client.call("AssignPrivateIpAddresses", params)).status).toBe(200);
  const before = heldBy(await control("GET", "state"), "eni-1");
  await emulator.end("SIGKILL");
  const again = await startWithClient();
  expect(heldBy(await again.control("GET", "state"), "eni-1")).toEqual(before);
});

test("a change that could not be synchronised is not in the file", async () => {
  const emulator = await startEmulator({ dataFile: file, seed });
  try {
    const handle = await open(file);
    const handles = Object.getPrototypeOf(handle) as FileHandle;
    await handle.close();
    const synchronise = jest.spyOn(handles, "datasync").mockRejectedValueOnce(new Error("EIO: i/o error"));
    const before = await readFile(file);
    const client = new SigningClient(emulator.url);
    const params = { RegionId, NetworkInterfaceId: "eni-1", SecondaryPrivateIpAddressCount: 1 };
    expect((await client.call("AssignPrivateIpAddresses", params)).body.Code).toBe("InternalError");
    expect(synchronise).toHaveBeenCalledTimes(1);
    expect(await readFile(file)).toEqual(before);
    expect((await client.call("AssignPrivateIpAddresses", params)).status).toBe(200);
  } finally {
    await emulator.close();
  }
});

test("a link in the place of the draft is not followed", async () => {
  const elsewhere = path.join(folder, "elsewhere.txt");
  await writeFile(elsewhere, "untouched");
  await symlink(elsewhere, `${file}.tmp`);
  const { control } = await startWithClient("--seed", seedFile);
  expect((await control("GET", "state")).networkInterfaces).toHaveLength(1);
  expect(await readFile(elsewhere, "utf8")).toBe("untouched");
});

test("a file that was cut anywhere behind the world has every change before the cut", async () => {
  const { client, control, emulator } = await startWithClient("--seed", seedFile);
  const worldBytes = (await stat(file)).size;
  const states: [bytes: number, held: readonly string[] | undefined][] = [];
  for (let call = 0; call < 4; call++) {
    const state = await control("GET", "state");
    states.push([(await stat(file)).size, heldBy(state, "eni-1")]);
    const params = { RegionId, NetworkInterfaceId: "eni-1", SecondaryPrivateIpAddressCount: 1 };
    expect((await client.call("AssignPrivateIpAddresses", params)).status).toBe(200);
  }
  await emulator.end("SIGKILL");
  const whole = await readFile(file);
  const cuts = [...states.map(([bytes]) => bytes), whole.length - 1].flatMap((bytes) => [
    bytes,
    bytes + 1,
    bytes + 100,
  ]);
  for (const cut of cuts.filter((bytes) => bytes < whole.length)) {
    await writeFile(file, whole.subarray(0, cut));
    const read = await startEmulator({ dataFile: file });
    const expected = states.filter(([bytes]) => bytes <= cut).at(-1)?.[1];
    expect([cut, heldBy(read.control.state(), "eni-1")]).toEqual([cut, expected]);
    await read.close();
  }
  expect(cuts.filter((cut) => cut >= worldBytes).length).toBeGreaterThan(10);
});

test("a file with a damaged change before the last one is refused", async () => {
  const { client, emulator } = await startWithClient("--seed", seedFile);
  const params = { RegionId, NetworkInterfaceId: "eni-1", SecondaryPrivateIpAddressCount: 1 };
  for (let call = 0; call < 2; call++) await client.call("AssignPrivateIpAddresses", params);
  await emulator.end("SIGKILL");
  const [header, world, first, second] = (await readFile(file, "utf8")).split("\n");
  await writeFile(file, [header, world, first?.replace("eni-1", "eni-2"), second, ""].join("\n"));
  expect(await refusal()).toMatch(/is damaged/);
});

test("a file of the first format, a world without changes, is read", async () => {
  await (await startWithClient("--seed", seedFile)).emulator.end("SIGTERM");
  const [header = "", world] = (await readFile(file, "utf8")).split("\n");
  await writeFile(file, `${header.replace('"version":2', '"version":1')}\n${world ?? ""}\n`);
  const { control } = await startWithClient();
  expect((await control("GET", "state")).networkInterfaces).toMatchObject([{ NetworkInterfaceId: "eni-1" }]);
});

test("a change costs as many bytes in a world of 2,000 ENIs as in one of 1", async () => {
  const written: number[] = [];
  for (const enis of [1, 2000]) {
    file = path.join(folder, `world-${enis}.json`);
    const { client, control } = await startWithClient("--seed", seedFile);
    const networkInterfaces = Array.from({ length: enis }, (_, index) => ({
      NetworkInterfaceId: `eni-${index + 1}`,
    }));
    await control("PUT", "state", { ...seed, networkInterfaces });
    const { size } = await stat(file);
    const params = { RegionId, NetworkInterfaceId: "eni-1", "PrivateIpAddress.1": "10.0.200.1" };
    await client.call("AssignPrivateIpAddresses", params);
    written.push((await stat(file)).size - size);
  }
  expect(written[1]).toBe(written[0]);
});
