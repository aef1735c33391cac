import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { contentKey, makeEntry } from "../cache/entries.mjs";
import { repositoryFolder } from "../paths.mjs";
import { runCommand } from "../run-command.mjs";

const folder = path.join(repositoryFolder, "test", "clients", "python");
const requirements = path.join(folder, "requirements.txt");
/** What the pinned packages ask for. */
const oldest = [3, 11];

/** Says what an interpreter is, and fails where a virtual environment could not be made. */
const question = "import ensurepip, sys, venv; print(*sys.version_info[:3], sep='.'); print(sys.base_prefix)";

/** `{ command }` if all is there, `{ leftOut }` if it cannot be had, and else `{ missing }` with what `make` needs. */
export async function findPythonClients({ cache, signal, interpreter = "python3" }) {
  const asked = await runCommand(interpreter, ["-c", question], { signal, timeoutMs: 60_000 }).catch(
    (error) => {
      signal?.throwIfAborted();
      if (error.outcome?.includes("ENOENT")) return { why: `there is no ${interpreter} on PATH` };
      return {
        why: `${interpreter} cannot make virtual environments (${error.lastLines?.at(-1) ?? error.message})`,
      };
    },
  );
  if (asked.why) return { leftOut: asked.why };
  const [version, prefix] = asked.trim().split("\n");
  const [major, minor] = version.split(".").map(Number);
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1]))
    return { leftOut: `${interpreter} is ${version}, and the clients need ${oldest.join(".")} or newer` };
  const key = await contentKey([requirements], version, prefix, process.platform, process.arch);
  const entry = path.join(cache, `clients-python-${key}`);
  const python = path.join(entry, "bin", "python");
  // A link, whose end is gone when that Python was removed.
  if (!existsSync(python)) return { missing: { entry, interpreter } };
  return { command: [python] };
}

export async function makePythonClients({ entry, interpreter, progress, signal }) {
  await rm(entry, { recursive: true, force: true });
  await progress.step("installing the Python clients", "about a minute the first time", (step) =>
    makeEntry(entry, async (unfinished) => {
      await runCommand(interpreter, ["-m", "venv", unfinished], { signal });
      // Through the module, because a script of a virtual environment knows the folder's name, which is to change.
      const pip = [
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
        "--no-input",
        // Its cache is outside the cache folder, and the environment is made once.
        "--no-cache-dir",
        "--progress-bar",
        "off",
      ];
      let packages = 0;
      await runCommand(path.join(unfinished, "bin", "python"), [...pip, "-r", requirements], {
        signal,
        onLine: (line) => {
          if (!line.startsWith("Collecting ")) return false;
          step.update(`${++packages} packages collected`);
          return true;
        },
      });
    }),
  );
}
