/**
 * Finds or makes a Pulumi CLI with everything that the programs of this repository need: the Node.js language host, the
 * host of dynamic providers, and the random plugin of @pulumi/random. In this order: one on PATH, one made before, the
 * official download, a build from Go modules.
 */
import { rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { makeEntry, removeUnfinished } from "../cache/entries.mjs";
import { withLock } from "../cache/lock.mjs";
import { ToolError } from "../errors.mjs";
import { askGoVersion, removeGoCaches } from "../go-toolchain.mjs";
import { cacheFolder } from "../paths.mjs";
import { createProgress } from "../progress.mjs";
import { oldestUsableCli, readVersions } from "../versions.mjs";
import { buildWithGo, goBuildKey } from "./build-with-go.mjs";
import { downloadCli, downloadRandomPlugin } from "./download.mjs";
import { askVersion, companions, findOnPath, isExecutable } from "./find.mjs";
import { linkOrCopy } from "./link.mjs";

export { defaultPassphrase, pulumiEnvironment } from "./environment.mjs";

const cliPrograms = ["pulumi", "pulumi-language-nodejs"];
const randomPlugin = "pulumi-resource-random";

/**
 * Resolves to `{ binDir, pulumiHome, version, how }`. `binDir` holds the executables; `pulumiHome` holds the plugins and
 * is shared by every clone, so link it into a home of your own with `pulumiEnvironment`; `how` is "path", "download" or
 * "go". With `plugins: false` there is no `pulumiHome`, and the first time is shorter. What takes time is said on standard
 * error, or line by line to `log`. Aborting `signal` leaves nothing half made.
 */
export async function ensurePulumiCli({
  plugins = true,
  log,
  signal,
  progress = createProgress({ log }),
} = {}) {
  if (process.platform === "win32") {
    throw new ToolError(
      "the tools of this repository do not run on Windows; its Linux subsystem (WSL) works",
    );
  }
  const versions = readVersions();
  const cache = cacheFolder();
  const places = await cachePlaces(cache, versions);
  const context = { versions, cache, places, progress, signal };

  const onPath = await findOnPath({ oldest: oldestUsableCli, signal });
  const installed = onPath.binDir ? { ...onPath, how: "path" } : undefined;
  const complete = (cli) => (plugins ? { ...cli, pulumiHome: places.home } : cli);
  const ready = () => {
    const cli = installed ?? madeBefore(context);
    return cli && (!plugins || hasPlugin(context)) ? complete(cli) : undefined;
  };
  return (
    ready() ??
    withLock(
      cache,
      async () => {
        const madeMeanwhile = ready();
        if (madeMeanwhile) return madeMeanwhile;
        await removeUnfinished(cache);
        const attempts = [`a pulumi on PATH: ${onPath.rejected}`];
        const cli = installed ?? madeBefore(context) ?? (await makeCli(context, attempts));
        const downloadsRefused = attempts.length > 1;
        if (plugins && !hasPlugin(context)) await makePlugin(context, { downloadsRefused });
        if (cli.how === "go" && hasPlugin(context)) offerPluginOnPath(context, cli);
        await removeGoCaches({ cache, progress });
        return complete(cli);
      },
      {
        signal,
        onWait: () => progress.say(`waiting for another run that fills ${cache}`),
      },
    )
  );
}

/** Where in the cache things are, once they are there. */
async function cachePlaces(cache, versions) {
  const platform = `${process.platform}-${process.arch}`;
  return {
    download: path.join(cache, `pulumi-${versions.cli}-${platform}-download`),
    go: path.join(cache, `pulumi-${versions.cli}-${platform}-go-${await goBuildKey(cliPrograms, versions)}`),
    home: path.join(
      cache,
      `home-random-${versions.random}-${platform}-${await goBuildKey([randomPlugin], versions)}`,
    ),
  };
}

function madeBefore({ places, versions }) {
  for (const how of ["download", "go"]) {
    const binDir = path.join(places[how], "bin");
    const complete = ["pulumi", ...companions].every((name) => isExecutable(path.join(binDir, name)));
    if (complete) return { binDir, version: versions.cli, how };
    // An incomplete entry would keep a complete one from being renamed into its place.
    rmSync(places[how], { recursive: true, force: true });
  }
  return undefined;
}

function pluginFile(home, { random }) {
  return path.join(home, "plugins", `resource-random-v${random}`, randomPlugin);
}

function hasPlugin({ places, versions }) {
  return isExecutable(pluginFile(places.home, versions));
}

async function makeCli(context, attempts) {
  const { places, versions, cache, progress, signal } = context;
  await mkdir(cache, { recursive: true });
  const refusal = await triedDownload(context, `Pulumi CLI ${versions.cli}`, "a minute", (step) =>
    makeEntry(places.download, async (folder) => {
      const binDir = path.join(folder, "bin");
      await downloadCli({ version: versions.cli, binDir, step, signal });
      await askVersion(path.join(binDir, "pulumi"), { signal });
    }),
  );
  if (!refusal) return madeBefore(context);
  attempts.push(`the official download of version ${versions.cli}: ${refusal}`);
  try {
    progress.say(
      `building with ${await askGoVersion({ cache, signal })} instead; later runs find what is built`,
    );
    await makeEntry(places.go, (folder) => buildInto(context, path.join(folder, "bin"), cliPrograms));
    return madeBefore(context);
  } catch (error) {
    signal?.throwIfAborted();
    attempts.push(`a build from Go modules: ${error.message}`);
  }
  throw new ToolError(
    [
      "no Pulumi CLI could be had. Tried:",
      ...attempts.map((attempt) => `  - ${attempt}`),
      `Any of these helps: install the Pulumi CLI ${oldestUsableCli} or newer (https://www.pulumi.com/docs/install/);`,
      ...adviceOnGoAndNetwork(versions),
    ].join("\n"),
  );
}

async function makePlugin(context, { downloadsRefused }) {
  const { places, versions, cache, signal } = context;
  rmSync(places.home, { recursive: true, force: true });
  await makeEntry(places.home, async (home) => {
    const folder = path.dirname(pluginFile(home, versions));
    // Where the CLI's download was refused a moment ago, the plugin's would be too.
    const refusal = downloadsRefused
      ? "refused like that of the CLI"
      : await triedDownload(context, `the random plugin ${versions.random}`, "seconds", (step) =>
          downloadRandomPlugin({ version: versions.random, folder, step, signal }),
        );
    if (!refusal) return;
    rmSync(folder, { recursive: true, force: true });
    try {
      await askGoVersion({ cache, signal });
      await buildInto(context, folder, [randomPlugin]);
    } catch (error) {
      signal?.throwIfAborted();
      throw new ToolError(
        [
          "the plugin of @pulumi/random could not be had. Tried:",
          `  - the official download of version ${versions.random}: ${refusal}`,
          `  - a build from Go modules: ${error.message}`,
          "Any of these helps:",
          ...adviceOnGoAndNetwork(versions),
        ].join("\n"),
      );
    }
  });
}

function adviceOnGoAndNetwork({ go }) {
  return [
    `install Go ${go} or newer (https://go.dev/dl/), which gets everything from a Go module proxy;`,
    "or run this again where github.com or get.pulumi.com can be reached.",
  ];
}

/** Runs a download as a step. Resolves to nothing, or to why there was nothing to download. */
async function triedDownload({ progress, signal }, what, expected, work) {
  try {
    await progress.step(`downloading ${what}`, `${expected}, or seconds if it is refused`, work);
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    progress.say(`  ${error.message}`);
    return error.message;
  }
}

/** Where downloads are refused, the engine cannot fetch the plugin for programs outside this repository either. */
function offerPluginOnPath({ places, versions }, { binDir }) {
  linkOrCopy(pluginFile(places.home, versions), path.join(binDir, randomPlugin));
}

/**
 * Builds programs of tools/go, each once, and resolves to their folders in the order of the names.
 * @param names - "generate-sdks", and language hosts that the official CLI has
 */
export async function ensureGoPrograms(names, { progress = createProgress(), signal } = {}) {
  const versions = readVersions();
  const cache = cacheFolder();
  const platform = `${process.platform}-${process.arch}`;
  const entries = await Promise.all(
    names.map(async (name) => ({
      name,
      folder: path.join(cache, `${name}-${platform}-${await goBuildKey([name], versions)}`),
    })),
  );
  const missing = () => entries.filter(({ name, folder }) => !isExecutable(path.join(folder, name)));
  const folders = entries.map(({ folder }) => folder);
  if (missing().length === 0) return folders;
  await mkdir(cache, { recursive: true });
  return withLock(
    cache,
    async () => {
      await removeUnfinished(cache);
      await askGoVersion({ cache, signal });
      for (const { name, folder } of missing()) {
        rmSync(folder, { recursive: true, force: true });
        await makeEntry(folder, (unfinished) =>
          buildInto({ versions, cache, progress, signal }, unfinished, [name]),
        );
      }
      await removeGoCaches({ cache, progress });
      return folders;
    },
    { signal, onWait: () => progress.say(`waiting for another run that fills ${cache}`) },
  );
}

function buildInto({ versions, cache, progress, signal }, binDir, names) {
  return buildWithGo({ names, versions, binDir, cache, progress, signal });
}
