/**
 * Readies what programs of the native plugin need in languages other than TypeScript: the language hosts of Pulumi that the
 * repository's own CLI has not, and the SDKs.
 */
import { mkdir, readdir } from "node:fs/promises";
import path from "node:path";
import { askGoVersion } from "../go-toolchain.mjs";
import { cacheFolder } from "../paths.mjs";
import { bundlePlugin, packPlugin } from "../plugin.mjs";
import { isExecutable } from "../pulumi-cli/find.mjs";
import { ensureGoPrograms } from "../pulumi-cli/index.mjs";
import { linkOrCopy } from "../pulumi-cli/link.mjs";
import { runCommand } from "../run-command.mjs";
import { writeSdks } from "../sdks.mjs";

/** Says what an interpreter is, and fails where a virtual environment could not be made. */
const question = "import ensurepip, sys, venv; print(*sys.version_info[:3], sep='.')";
const oldestPython = 11;

const languages = [
  { name: "yaml", title: "YAML" },
  { name: "python", title: "Python" },
  { name: "go", title: "Go" },
];

/**
 * Builds the plugin, its releases and its SDKs, and makes a folder of executables with the CLI and all language hosts.
 *
 * @param folder - where the SDKs and the executables go
 * @returns `{ binDir, sdks, languages }`; a language has `leftOut`, the reason why this machine cannot run it, or nothing
 */
export async function ensureLanguages({ cli, folder, progress, signal }) {
  await progress.step("building the native plugin", "a few seconds", async () => {
    await bundlePlugin();
    await packPlugin({ signal });
  });
  const [go, python] = [await whyNoGo(signal), await whyNoPython(signal)];
  const isThere = (name) => isExecutable(path.join(cli.binDir, `pulumi-language-${name}`));
  const leftOut = {
    yaml: isThere("yaml") ? undefined : go,
    python: python ?? (isThere("python") ? undefined : go),
    // Its language host is in no Go module: the test runs the program through the Automation API, which needs none.
    go,
  };
  const sdks = path.join(folder, "sdks");
  const built = ["yaml", "python"].filter((name) => !isThere(name) && leftOut[name] === undefined);
  const programs =
    go === undefined ? ["generate-sdks", ...built.map((name) => `pulumi-language-${name}`)] : [];
  const folders = await ensureGoPrograms(programs, { progress, signal });
  if (go === undefined) await writeSdks({ folder: sdks, progress, signal });
  const binDir = await collect([cli.binDir, ...folders.slice(1)], path.join(folder, "bin"));
  return { binDir, sdks, languages: leftOut };
}

/** The engine looks for language hosts beside its own executable. */
async function collect(folders, binDir) {
  await mkdir(binDir, { recursive: true });
  for (const folder of folders)
    for (const name of await readdir(folder)) linkOrCopy(path.join(folder, name), path.join(binDir, name));
  return binDir;
}

async function whyNoGo(signal) {
  return askGoVersion({ cache: cacheFolder(), signal }).then(
    () => undefined,
    (error) => error.message,
  );
}

async function whyNoPython(signal) {
  try {
    const version = (await runCommand("python3", ["-c", question], { signal, timeoutMs: 60_000 })).trim();
    const [major, minor] = version.split(".").map(Number);
    if (major > 3 || (major === 3 && minor >= oldestPython)) return undefined;
    return `python3 is ${version}, and the test needs 3.${oldestPython} or newer`;
  } catch (error) {
    signal?.throwIfAborted();
    if (error.outcome?.includes("ENOENT")) return "there is no python3 on PATH";
    return `python3 cannot make virtual environments (${error.lastLines?.at(-1) ?? error.message})`;
  }
}

/** What a run has to say aloud about languages that it left out. */
export function describeLeftOutLanguages(found, environment = process.env) {
  const consequence = environment.CI ? "fail, for CI is set" : "count as skipped, not as passed";
  return languages
    .filter(({ name }) => found[name] !== undefined)
    .map(
      ({ name, title }) =>
        `LEFT OUT: Pulumi programs in ${title}, for ${found[name]}. Their tests ${consequence}.`,
    );
}
