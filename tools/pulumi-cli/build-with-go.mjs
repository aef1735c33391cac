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
  if (names.includes("pulumi-language-nodejs")) await copyDynamicProviderScript({ binDir, cache, signal });
}

/** The script that starts a program's own copy of the dynamic provider host comes with the language host's module. */
async function copyDynamicProviderScript({ binDir, cache, signal }) {
  const env = goEnvironment(cache);
  const cwd = path.join(goModulesFolder, "pulumi-language-nodejs");
  const list = ["list", "-m", "-f", "{{.Dir}}", "github.com/pulumi/pulumi/sdk/v3"];
  const module = (await runCommand("go", list, { cwd, env, signal })).trim();
  const script = "pulumi-resource-pulumi-nodejs";
  await copyFile(path.join(module, "nodejs", "dist", script), path.join(binDir, script));
  await chmod(path.join(binDir, script), 0o755);
}
