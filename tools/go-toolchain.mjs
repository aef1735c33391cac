/**
 * Go, as the tools use it: from PATH, with every file that it writes inside the cache folder. The caller holds the
 * lock of that folder.
 */
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { ToolError } from "./errors.mjs";
import { runCommand } from "./run-command.mjs";

/** Throws an error that says why, when there is no Go. An older Go fetches the version it needs by itself. */
export async function askGoVersion({ cache, signal }) {
  try {
    return (
      await runCommand("go", ["env", "GOVERSION"], { env: goEnvironment(cache), signal, timeoutMs: 30_000 })
    ).trim();
  } catch (error) {
    signal?.throwIfAborted();
    throw new ToolError(error.outcome?.includes("ENOENT") ? "there is no `go` on PATH" : error.message);
  }
}

/** Compiles a program of the module in `folder`, or its tests as a program. `step` is told how far it is. */
export async function compileGo({
  folder,
  target,
  binary,
  linkerFlags = "",
  tests = false,
  cache,
  step,
  signal,
}) {
  const env = goEnvironment(cache);
  await mkdir(env.GOTMPDIR, { recursive: true });
  await mkdir(path.dirname(binary), { recursive: true });
  const command = tests ? ["test", "-c", "-vet=off"] : ["build", "-v"];
  const flags = ["-trimpath", "-ldflags", `-s -w ${linkerFlags}`.trim()];
  await runCommand("go", [...command, ...flags, "-o", binary, target], {
    ...{ cwd: folder, env, signal },
    onLine: describeGoLine(step),
  });
}

/** Gives back the space of the modules and of what was compiled. A build that failed keeps them: its next try is shorter. */
export async function removeGoCaches({ cache, progress }) {
  if (!existsSync(goFolder(cache))) return;
  await progress.step("removing Go's own caches", "up to 4 GB, a few seconds", () =>
    rm(goFolder(cache), { recursive: true, force: true }),
  );
}

const goFolder = (cache) => path.join(cache, "go");

/** Go as the person configured it, but with every file it writes inside the cache folder. */
export function goEnvironment(cache) {
  const folder = goFolder(cache);
  const env = {
    ...process.env,
    GOPATH: path.join(folder, "path"),
    GOMODCACHE: path.join(folder, "modules"),
    GOCACHE: path.join(folder, "build"),
    GOTMPDIR: path.join(folder, "tmp"),
    // Module files are written read-only otherwise, and then `rm -r` fails on the cache folder.
    GOFLAGS: "-mod=readonly -modcacherw -buildvcs=false",
    GOWORK: "off",
    GO111MODULE: "on",
    CGO_ENABLED: "0",
  };
  for (const name of ["GOOS", "GOARCH", "GOROOT_FINAL", "GOEXPERIMENT", "GOBIN"]) delete env[name];
  if (process.platform === "linux") {
    // Go counts its own use in the folder for configuration; the person's settings, which are there too, still hold.
    const configuration = process.env.XDG_CONFIG_HOME || path.join(process.env.HOME || homedir(), ".config");
    env.GOENV ??= path.join(configuration, "go", "env");
    env.XDG_CONFIG_HOME = path.join(folder, "config");
  }
  return env;
}

/** `go build -v` names each module that it downloads and each package that it compiles. */
function describeGoLine(step) {
  let modules = 0;
  let packages = 0;
  return (line) => {
    if (line.startsWith("go: downloading ")) step.update(`${++modules} modules downloaded`);
    else if (/^[\w.-]+(\/[\w.~@-]+)*$/.test(line)) step.update(`${++packages} packages compiled`);
    else return false;
    return true;
  };
}
