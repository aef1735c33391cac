/**
 * Installs the workspace's packages, unless what is installed already matches package-lock.json.
 *
 * `demo` leaves out the workspace of the tests with its heavy development dependencies; `all` serves the demo too.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { runEntryPoint } from "./entry-point.mjs";
import { UsageError } from "./errors.mjs";
import { repositoryFolder } from "./paths.mjs";
import { createProgress } from "./progress.mjs";
import { runCommand } from "./run-command.mjs";

const demoWorkspaces = ["provider", "emulator", "examples/quickstart"];

const scopes = {
  all: { arguments: [], expected: "about half a minute" },
  demo: {
    arguments: [...demoWorkspaces.flatMap((folder) => ["--workspace", folder]), "--include-workspace-root"],
    expected: "about 20 s",
  },
};

const commandLine = {
  usage: `node tools/install.mjs [${Object.keys(scopes).join("|")}]`,
  allowPositionals: true,
};

const lockFile = path.join(repositoryFolder, "package-lock.json");
/** npm's own record of what is in node_modules, written when an install has succeeded. */
const installedFile = path.join(repositoryFolder, "node_modules", ".package-lock.json");
/** Our record of a partial install; `npm ci` removes it with the rest of node_modules. */
const stampFile = path.join(repositoryFolder, "node_modules", ".installed-for-demo");

export async function ensureInstalled(scope, { progress = createProgress(), signal } = {}) {
  const lock = readFileSync(lockFile, "utf8");
  const installed = readIfThere(installedFile);
  if (installed && isWholeInstall(JSON.parse(lock), JSON.parse(installed))) return;
  if (installed && scope === "demo" && readIfThere(stampFile) === stamp(lock)) return;

  const [command, ...npm] = npmCommand();
  const title = scope === "demo" ? "installing the npm packages of the demo" : "installing the npm packages";
  await progress.step(title, scopes[scope].expected, () =>
    runCommand(
      command,
      // Said explicitly, because `npm run --silent` and NODE_ENV=production reach this npm through the environment.
      [
        ...npm,
        "ci",
        "--loglevel=error",
        "--include=dev",
        "--no-audit",
        "--no-fund",
        ...scopes[scope].arguments,
      ],
      { cwd: repositoryFolder, signal },
    ),
  );
  if (scope === "demo") writeFileSync(stampFile, stamp(lock));
}

/** Installs what the demo needs on a bare clone. An outdated install is left alone: other programs may be using it. */
export async function installIfNone({ progress, signal }) {
  if (!existsSync(path.join(repositoryFolder, "node_modules")))
    await ensureInstalled("demo", { progress, signal });
}

/** Whether all that the lock file names is installed in that version; packages for other platforms need not be. */
export function isWholeInstall(lock, installed) {
  return Object.entries(lock.packages)
    .filter(([location, entry]) => location.includes("node_modules/") && !entry.optional)
    .every(([location, entry]) => {
      const found = installed.packages[location];
      return found && found.version === entry.version && found.integrity === entry.integrity;
    });
}

function stamp(lock) {
  return createHash("sha256").update(lock).digest("hex");
}

function readIfThere(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** The npm that runs this script, if one does: it may be another one than that on PATH. */
function npmCommand() {
  const { npm_execpath: npm } = process.env;
  return npm?.endsWith("npm-cli.js") ? [process.execPath, npm] : ["npm"];
}

if (import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  await runEntryPoint(({ signal, positionals: [scope = "all", ...more] }) => {
    if (!Object.hasOwn(scopes, scope) || more.length > 0)
      throw new UsageError(
        `cannot install ${[scope, ...more].join(" ")}; allowed is one of ${Object.keys(scopes).join(", ")}`,
      );
    return ensureInstalled(scope, { signal });
  }, commandLine);
}
