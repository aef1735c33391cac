/**
 * Builds the CLI, its language host and the random plugin from their published Go modules: for networks that let package
 * registries through and nothing else. The go.mod files say which versions; their go.sum files say that it is those.
 */
import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { ToolError } from "../errors.mjs";
import { runCommand } from "../run-command.mjs";
import { goModulesFolder } from "../versions.mjs";
import { contentKey } from "./cache.mjs";

const setCliVersion = "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v";

const programs = {
  pulumi: {
    title: "the Pulumi CLI",
    expected: "2 to 6 minutes the first time",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    linkerFlags: ({ cli }) => setCliVersion + cli,
  },
  "pulumi-language-nodejs": {
    title: "its Node.js language host",
    expected: "less than a minute",
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    linkerFlags: () => "",
  },
  "pulumi-resource-random": {
    title: "the random plugin",
    expected: "1 to 3 minutes the first time",
    package: ".",
    linkerFlags: ({ random }) => `-X main.version=${random}`,
  },
};

/** Names what a build of these programs depends on. */
export function goBuildKey(names, versions) {
  const sources = names.flatMap((name) =>
    ["go.mod", "go.sum"].map((file) => path.join(goModulesFolder, name, file)),
  );
  const ours = names.includes("pulumi-resource-random")
    ? [path.join(goModulesFolder, "pulumi-resource-random", "main.go")]
    : [];
  return contentKey([...sources, ...ours], versions, process.platform, process.arch);
}

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

export async function buildWithGo({ names, versions, binDir, cache, progress, signal }) {
  const env = goEnvironment(cache);
  await mkdir(env.GOTMPDIR, { recursive: true });
  await mkdir(binDir, { recursive: true });
  for (const name of names) {
    const { title, expected, package: target, linkerFlags } = programs[name];
    await progress.step(`building ${title} from its Go modules`, expected, (step) =>
      runCommand(
        "go",
        [
          "build",
          "-v",
          "-trimpath",
          "-ldflags",
          `-s -w ${linkerFlags(versions)}`,
          "-o",
          path.join(binDir, name),
          target,
        ],
        { cwd: path.join(goModulesFolder, name), env, signal, onLine: describeGoLine(step) },
      ),
    );
  }
  if (names.includes("pulumi-language-nodejs")) await copyDynamicProviderScript({ binDir, env, signal });
}

/** The script that starts a program's own copy of the dynamic provider host comes with the language host's module. */
async function copyDynamicProviderScript({ binDir, env, signal }) {
  const cwd = path.join(goModulesFolder, "pulumi-language-nodejs");
  const list = ["list", "-m", "-f", "{{.Dir}}", "github.com/pulumi/pulumi/sdk/v3"];
  const module = (await runCommand("go", list, { cwd, env, signal })).trim();
  const script = "pulumi-resource-pulumi-nodejs";
  await copyFile(path.join(module, "nodejs", "dist", script), path.join(binDir, script));
  await chmod(path.join(binDir, script), 0o755);
}

/** Gives back the space of the modules and of what was compiled. A build that failed keeps them: its next try is shorter. */
export async function removeGoCaches({ cache, progress }) {
  if (!existsSync(goFolder(cache))) return;
  await progress.step("removing Go's own caches, some 4 GB", "a few seconds", () =>
    rm(goFolder(cache), { recursive: true, force: true }),
  );
}

const goFolder = (cache) => path.join(cache, "go");

/** Go as the person configured it, but with every file it writes inside the cache folder. */
function goEnvironment(cache) {
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
