/**
 * Builds the CLI, its language host and the random plugin from their published Go modules: for networks that let package
 * registries through and nothing else. The go.mod files say which versions; their go.sum files say that it is those.
 */
import { chmod, copyFile } from "node:fs/promises";
import path from "node:path";
import { contentKey } from "../cache/entries.mjs";
import { compileGo, goEnvironment } from "../go-toolchain.mjs";
import { runCommand } from "../run-command.mjs";
import { goModulesFolder } from "../versions.mjs";

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
  "pulumi-language-yaml": {
    title: "the YAML language host of Pulumi",
    expected: "1 to 4 minutes the first time",
    package: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
    linkerFlags: () => "",
  },
  "pulumi-language-python": {
    title: "the Python language host of Pulumi",
    expected: "1 to 3 minutes the first time",
    package: "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python",
    linkerFlags: () => "",
  },
  "generate-sdks": {
    title: "the generator of SDKs",
    expected: "1 to 3 minutes the first time",
    package: ".",
    linkerFlags: () => "",
  },
};

/** Names what a build of these programs depends on. */
export function goBuildKey(names, versions) {
  const sources = names.flatMap((name) =>
    ["go.mod", "go.sum"].map((file) => path.join(goModulesFolder, name, file)),
  );
  const ours = names
    .filter((name) => programs[name].package === ".")
    .map((name) => path.join(goModulesFolder, name, "main.go"));
  return contentKey([...sources, ...ours], versions, process.platform, process.arch);
}

export async function buildWithGo({ names, versions, binDir, cache, progress, signal }) {
  for (const name of names) {
    const { title, expected, package: target, linkerFlags } = programs[name];
    await progress.step(`building ${title} from its Go modules`, expected, (step) =>
      compileGo({
        folder: path.join(goModulesFolder, name),
        target,
        binary: path.join(binDir, name),
        linkerFlags: linkerFlags(versions),
        ...{ cache, step, signal },
      }),
    );
  }
  for (const name of names.filter((one) => scripts[one])) {
    await copyScript({ name, script: scripts[name], binDir, cache, signal });
  }
}

/**
 * Scripts that come with the module of a language host: what starts a program's own copy of the dynamic provider host, and what
 * starts a program in Python.
 */
const scripts = {
  "pulumi-language-nodejs": path.join("nodejs", "dist", "pulumi-resource-pulumi-nodejs"),
  "pulumi-language-python": path.join("python", "cmd", "pulumi-language-python-exec"),
};

async function copyScript({ name, script, binDir, cache, signal }) {
  const env = goEnvironment(cache);
  const cwd = path.join(goModulesFolder, name);
  const list = ["list", "-m", "-f", "{{.Dir}}", "github.com/pulumi/pulumi/sdk/v3"];
  const module = (await runCommand("go", list, { cwd, env, signal })).trim();
  const target = path.join(binDir, path.basename(script));
  await copyFile(path.join(module, script), target);
  await chmod(target, 0o755);
}
