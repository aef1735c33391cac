/**
 * Readies what programs of the native plugin need in languages other than TypeScript: the language hosts of Pulumi that the
 * repository's own CLI has not, and the SDKs.
 */
import { copyFile, cp, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { contentKey, makeEntry } from "../cache/entries.mjs";
import { withLock } from "../cache/lock.mjs";
import { askGoVersion, compileGo, removeGoCaches } from "../go-toolchain.mjs";
import { cacheFolder, repositoryFolder } from "../paths.mjs";
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
 * @returns `{ binDir, sdks, goProgram, languages }`; `languages` has the reason for each that this machine cannot run
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
  const goProgram = go === undefined ? await ensureGoProgram({ sdks, progress, signal }) : undefined;
  const binDir = await collect([cli.binDir, ...folders.slice(1)], path.join(folder, "bin"));
  return { binDir, sdks, goProgram, languages: leftOut };
}

/** Compiles the example in Go with its test, which runs it through the Automation API. Resolves to the program of the test. */
async function ensureGoProgram({ sdks, progress, signal }) {
  const cache = cacheFolder();
  const example = path.join(repositoryFolder, "examples", "native", "go", "main.go");
  const test = path.join(repositoryFolder, "test", "languages", "go");
  const files = [example, ...["program_test.go", "go.mod", "go.sum"].map((name) => path.join(test, name))];
  const schema = path.join(repositoryFolder, "plugin", "schema.json");
  const key = await contentKey([schema, ...files], process.platform, process.arch);
  const entry = path.join(cache, `native-go-${key}`);
  const program = path.join(entry, "program.test");
  if (isExecutable(program)) return program;
  await withLock(
    cache,
    () =>
      progress.step("building the example in Go", "1 to 4 minutes the first time", async (step) => {
        if (isExecutable(program)) return;
        const folder = await mkdtemp(path.join(tmpdir(), "native-go-"));
        try {
          for (const file of files) await copyFile(file, path.join(folder, path.basename(file)));
          await cp(path.join(sdks, "go"), path.join(folder, "sdk"), { recursive: true });
          await makeEntry(entry, (unfinished) =>
            compileGo({
              ...{ folder, target: ".", tests: true, cache, step, signal },
              binary: path.join(unfinished, path.basename(program)),
            }),
          );
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
        await removeGoCaches({ cache, progress });
      }),
    { signal, onWait: () => progress.say(`waiting for another run that fills ${cache}`) },
  );
  return program;
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
