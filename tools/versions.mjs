/**
 * Which versions the tools find or make. Each is written down once: the CLI's in the go.mod it can be built from, the
 * random plugin's in package-lock.json, because the engine wants the plugin of exactly that npm package's version.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { repositoryFolder } from "./paths.mjs";

/** The first release whose `pulumi import --file` takes full inputs and outputs. */
export const oldestUsableCli = "3.254.0";

export const goModulesFolder = path.join(repositoryFolder, "tools", "go");

export function readVersions() {
  return {
    cli: requiredModuleVersion("pulumi", "github.com/pulumi/pulumi/pkg/v3"),
    random: lockedPackageVersion("@pulumi/random"),
    go: goModule("pulumi").match(/^go (\S+)$/m)[1],
  };
}

export function requiredModuleVersion(folder, module, text = goModule(folder)) {
  const line = text.split("\n").find((candidate) =>
    candidate
      .replace(/^require/, "")
      .trim()
      .startsWith(`${module} v`),
  );
  if (!line) throw new Error(`tools/go/${folder}/go.mod does not require ${module}`);
  return line.match(/ v(\S+)/)[1];
}

function goModule(folder) {
  return readFileSync(path.join(goModulesFolder, folder, "go.mod"), "utf8");
}

function lockedPackageVersion(name) {
  const lock = JSON.parse(readFileSync(path.join(repositoryFolder, "package-lock.json"), "utf8"));
  const found = lock.packages[`node_modules/${name}`];
  if (!found) throw new Error(`package-lock.json has no ${name}`);
  return found.version;
}

/** Negative when a is older than b. A pre-release is older than its release; two pre-releases count as equal. */
export function compareVersions(a, b) {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  for (let part = 0; part < left.length; part++) {
    if (left[part] !== right[part]) return left[part] - right[part];
  }
  return 0;
}

function parseVersion(text) {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(-)?/.exec(text.trim());
  if (!match) throw new Error(`not a version: ${JSON.stringify(text)}`);
  const [, major, minor, patch, preRelease] = match;
  return [Number(major), Number(minor), Number(patch), preRelease ? 0 : 1];
}
