/**
 * Installs the workspace's packages, unless what is installed already matches package-lock.json.
 *
 * `demo` leaves out the development dependencies, which are what only the tests and checks need; `all` serves the demo too.
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { isEntryPoint, runEntryPoint } from "./entry-point.mjs";
import { UsageError } from "./errors.mjs";
import { repositoryFolder } from "./paths.mjs";
import { createProgress } from "./progress.mjs";
import { runCommand } from "./run-command.mjs";

const scopes = {
  // Said explicitly, because NODE_ENV=production reaches this npm through the environment.
  all: { argument: "--include=dev", expected: "about half a minute" },
  demo: { argument: "--omit=dev", expected: "about 15 s" },
};

const commandLine = {
  usage: `node tools/install.mjs [${Object.keys(scopes).join("|")}]`,
  allowPositionals: true,
};

const lockFile = path.join(repositoryFolder, "package-lock.json");
/** npm's own record of what is in node_modules, written when an install has succeeded. */
const installedFile = path.join(repositoryFolder, "node_modules", ".package-lock.json");

export async function ensureInstalled(scope, { progress = createProgress(), signal } = {}) {
  const installed = readIfThere(installedFile);
  if (installed && isInstalled(scope, JSON.parse(readFileSync(lockFile, "utf8")), JSON.parse(installed)))
    return;

  const [command, ...npm] = npmCommand();
  const title = scope === "demo" ? "installing the npm packages of the demo" : "installing the npm packages";
  await progress.step(title, scopes[scope].expected, () =>
    runCommand(
      command,
      // The level is said explicitly, because that of `npm run --silent` reaches this npm through the environment.
      [...npm, "ci", "--loglevel=error", "--no-audit", "--no-fund", scopes[scope].argument],
      { cwd: repositoryFolder, signal },
    ),
  );
}

/** Installs what the demo needs on a bare clone. An outdated install is left alone: other programs may be using it. */
export async function installIfNone({ progress, signal }) {
  if (!existsSync(path.join(repositoryFolder, "node_modules")))
    await ensureInstalled("demo", { progress, signal });
}

/** Whether what the lock file names for a scope is installed in that version; packages for other platforms need not be. */
export function isInstalled(scope, lock, installed) {
  const leftOut = scope === "demo" ? ["optional", "dev", "devOptional"] : ["optional"];
  return Object.entries(lock.packages)
    .filter(([location, entry]) => location.includes("node_modules/") && !leftOut.some((kind) => entry[kind]))
    .every(([location, entry]) => {
      const found = installed.packages[location];
      return found && found.version === entry.version && found.integrity === entry.integrity;
    });
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

if (isEntryPoint(import.meta.url)) {
  await runEntryPoint(({ signal, positionals: [scope = "all", ...more] }) => {
    if (!Object.hasOwn(scopes, scope) || more.length > 0)
      throw new UsageError(
        `cannot install ${[scope, ...more].join(" ")}; allowed is one of ${Object.keys(scopes).join(", ")}`,
      );
    return ensureInstalled(scope, { signal });
  }, commandLine);
}
