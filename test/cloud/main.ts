import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { actions } from "../../emulator/src/actions/registry";
import { startEmulator } from "../../emulator/src/emulator";
import { readStoryFile } from "../clients/story";
import { callerOf, succeed } from "./caller";
import type { Caller } from "./caller";
import { chooseSteps } from "./chosen-steps";
import type { Choice } from "./chosen-steps";
import { differencesOf, pageOf } from "./differences";
import { findLeftOver, removeLeftOver } from "./left-over";
import { readSettings } from "./settings";
import type { Settings } from "./settings";
import { tell } from "./tell";
import type { Telling } from "./tell";

export { SettingsError } from "./settings";

export interface Run {
  readonly command: "compare" | "list" | "clean";
  /** Where the table is written. */
  readonly file: string;
  /** The file of the story. */
  readonly story: string;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** A run, to its exit code. */
export async function runCloudTest(run: Run): Promise<number> {
  const { command, env, say } = run;
  const settings = await readSettings(env);
  const { endpoints, region, key } = settings;
  const caller = callerOf(endpoints, region, key);
  await checkAccount(caller, settings);
  say(`account ${settings.account}, region ${region}, ${endpoints.ecs.host}`);
  if (command === "compare") return compareWithCloud(run, settings, caller);

  const found = await findLeftOver({ caller, region, wait: uninterrupted });
  for (const { type, id, isOurs } of found) say(`${type} ${id}${isOurs ? "" : " (without the tag: stays)"}`);
  if (command === "list") {
    say(`${found.length} resources; npm run test:cloud -- --clean removes those with the tag`);
    return 0;
  }
  return removeAll(run, settings, caller);
}

/** A key of another account than the one that is named may not be used. */
async function checkAccount(caller: Caller, { account }: Settings): Promise<void> {
  const { AccountId } = await succeed(caller("sts", "GetCallerIdentity", {}), "GetCallerIdentity");
  if (AccountId !== account)
    throw new Error(
      `the key is of account ${String(AccountId)}, and CLOUD_TEST_ACCOUNT is ${account}: nothing was done`,
    );
}

async function compareWithCloud(run: Run, settings: Settings, caller: Caller): Promise<number> {
  const { file, story, say, signal } = run;
  const { region, account, key } = settings;
  const choice = chooseSteps(readStoryFile(story), settings, randomBytes(4).toString("hex"));
  say(`${choice.told.length} steps, ${choice.leftOut.length} left out`);
  let cloud: Telling | undefined;
  try {
    cloud = await tell(choice.told, {
      caller,
      accessKeyId: key.accessKeyId,
      wait: async (ms) => {
        await sleep(ms, undefined, { signal }).catch(() => undefined);
        signal.throwIfAborted();
      },
      onAnswer: (step, { status }) => {
        say(`  ${step.step}: ${step.call ?? ""} ${status}`);
      },
    });
  } finally {
    // Also after Ctrl-C or a lost connection. The story has removed everything if it came to its end.
    if ((await removeAll(run, settings, caller)) !== 0) process.exitCode = 1;
  }
  say("the same to an emulator");
  const emulator = await tellEmulator(choice, settings, cloud);
  const masks = [
    [account, "(account)"],
    [key.accessKeyId, "(access key)"],
  ] as const;
  const differences = differencesOf(choice.told, emulator, cloud, masks);
  await writeFile(
    file,
    pageOf({ ...{ region, differences, actions }, told: choice.told.length, leftOut: choice.leftOut }),
  );
  say(`${differences.length} differences: ${file}`);
  return 0;
}

/** The same steps, told to an emulator with its defaults: time does not pass in it. */
async function tellEmulator(
  { told }: Choice,
  { account, region, key }: Settings,
  picksOf: Telling,
): Promise<Telling> {
  const emulator = await startEmulator({
    seed: { accountId: account },
    credentials: key,
    behaviour: { transitionMs: 0 },
  });
  try {
    const endpoint = { host: new URL(emulator.url).host, protocol: "http" } as const;
    const caller = callerOf({ ecs: endpoint, vpc: endpoint, sts: endpoint }, region, key);
    return await tell(told, { caller, accessKeyId: key.accessKeyId, wait: () => Promise.resolve(), picksOf });
  } finally {
    await emulator.close();
  }
}

async function removeAll({ say }: Run, { region }: Settings, caller: Caller): Promise<number> {
  const cloud = { caller, region, wait: uninterrupted };
  const found = await findLeftOver(cloud);
  const problems = await removeLeftOver(cloud, found);
  const left = await findLeftOver(cloud);
  if (found.length > 0) say(`removed ${found.length - left.length} of ${found.length} resources`);
  problems.forEach(say);
  if (left.length === 0) return 0;
  say(`${left.length} resources are left: npm run test:cloud -- --list shows them, -- --clean tries again`);
  return 1;
}

/** A second Ctrl-C ends the process. */
const uninterrupted = async (ms: number): Promise<void> => {
  await sleep(ms);
};
