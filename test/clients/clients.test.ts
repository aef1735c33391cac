import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ManualClock, startEmulator } from "alicloud-ecs-emulator";
import type { EmulatorOptions } from "alicloud-ecs-emulator";
import { runCommand } from "../support/run-command";
import { availability, clients, compileDriver, compiledFolder } from "./clients";
import type { Client } from "./clients";
import { differences, lost } from "./judge";
import type { Told } from "./judge";
import { readStory } from "./story";

/** Each story, and the emulator that it is told to. */
const stories: readonly (readonly [title: string, name: string, options: EmulatorOptions])[] = [
  ["the story", "story", {}],
  ["two calls at a time", "two-at-a-time", {}],
  ["a temporary key", "temporary-key", { credentials: { securityToken: "CAIS+/= &%" } }],
  ["a clock that is off", "wrong-clock", { clock: new ManualClock(Date.now() + 3_600_000) }],
  // The calls of aliyun/terraform-provider-alicloud, from its sources.
  ["the calls of Terraform's provider", "terraform", {}],
];

/** The story of Terraform's provider is for the vendor's present client: the others have no objects in requests. */
const toldBy = (client: Client) =>
  stories.filter(([, name]) => name !== "terraform" || client.name === "full");

/** These stories delete what they made. */
const complete: readonly string[] = ["story", "terraform"];

/** Where a change is judged nothing may be left out. */
const required = Boolean(process.env.CI);

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "clients-"));
  compileDriver();
});
afterAll(async () => {
  for (const made of [folder, compiledFolder]) await rm(made, { recursive: true, force: true });
});

async function tell(client: Client, command: readonly string[], name: string, options: EmulatorOptions) {
  const steps = readStory(name);
  const file = path.join(folder, `${client.name}-${name}.json`);
  await writeFile(file, JSON.stringify(steps));
  const emulator = await startEmulator(options);
  try {
    const [program = "", ...args] = command;
    const { exitCode, stdout, stderr } = await runCommand(
      program,
      [...args, client.name, emulator.url, file],
      {
        cwd: folder,
        env: { ...process.env, NO_PROXY: "127.0.0.1", no_proxy: "127.0.0.1" },
        limitMs: 150_000,
      },
    );
    const told = stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Told);
    const found = differences(steps, told, emulator.control.calls(), client);
    return { ended: exitCode === 0 ? "well" : stderr, steps, told, found, state: emulator.control.state() };
  } finally {
    await emulator.close();
  }
}

/** The answers of a story as they come, read by a client without types. */
let answersAsTheyCome: Promise<readonly Told[]> | undefined;

async function tellUntyped(): Promise<readonly Told[]> {
  const untyped = clients.find(({ name }) => name === "pop-core-post");
  const available = availability("typescript");
  if (!untyped || !("command" in available)) throw new Error("there is no client without types");
  return (await tell(untyped, available.command, "story", {})).told;
}

describe.each(clients.map((client) => [client.title, client] as const))("%s", (_, client) => {
  const available = availability(client.language);
  const leftOut = "leftOut" in available && !required;

  (leftOut ? test.skip : test).each(toldBy(client))("%s", async (_title, name, options) => {
    if ("leftOut" in available) throw new Error(`left out, which CI does not allow: ${available.leftOut}`);
    if ("failed" in available) throw new Error(`could not be made ready: ${available.failed}`);
    const { ended, steps, told, found, state } = await tell(client, available.command, name, options);
    expect({ ended, found: found.slice(0, 20) }).toEqual({ ended: "well", found: [] });
    if (!complete.includes(name)) return;
    // Everything is deleted at the end, by the client itself.
    const { vpcs, vSwitches, instances, networkInterfaces, securityGroups } = state;
    expect([vpcs, vSwitches, instances, networkInterfaces, securityGroups]).toEqual([[], [], [], [], []]);
    if (!client.typed || name !== "story") return;
    answersAsTheyCome ??= tellUntyped();
    const raw = await answersAsTheyCome;
    const differing = steps.flatMap((step, index) =>
      lost(raw[index]?.answer ?? {}, told[index]?.answer, step.call ?? ""),
    );
    expect([...new Set(differing)]).toEqual([]);
  });
});
