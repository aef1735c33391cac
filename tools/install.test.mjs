import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import path from "node:path";
import test from "node:test";
import { isInstalled } from "./install.mjs";
import { repositoryFolder } from "./paths.mjs";

const lock = {
  packages: {
    "": { name: "root" },
    provider: { name: "provider" },
    "node_modules/provider": { resolved: "provider", link: true },
    "node_modules/typescript": { version: "6.0.3", integrity: "sha512-ts" },
    "node_modules/jest": { version: "30.5.2", integrity: "sha512-jest", dev: true },
    "node_modules/fsevents": { version: "2.0.0", integrity: "sha512-fs", optional: true },
  },
};

function installed(changes = {}) {
  const onThisPlatform = Object.entries(lock.packages).filter(
    ([location]) => !location.endsWith("/fsevents"),
  );
  return { packages: { ...Object.fromEntries(onThisPlatform), ...changes } };
}

const withoutJest = { "node_modules/jest": undefined };

test("takes an install without the packages of other platforms for whole", () => {
  assert.equal(isInstalled("all", lock, installed()), true);
  assert.equal(isInstalled("demo", lock, installed()), true);
});

test("notices a package of another version, other bytes, or none", () => {
  const typescript = "node_modules/typescript";
  for (const changes of [
    { [typescript]: { version: "5.9.0", integrity: "sha512-ts" } },
    { [typescript]: { version: "6.0.3", integrity: "sha512-no" } },
    { [typescript]: undefined },
    { "node_modules/provider": undefined },
  ]) {
    assert.equal(isInstalled("all", lock, installed(changes)), false);
    assert.equal(isInstalled("demo", lock, installed({ ...changes, ...withoutJest })), false);
  }
});

test("needs the development dependencies for the tests, and not for the demo", () => {
  assert.equal(isInstalled("all", lock, installed(withoutJest)), false);
  assert.equal(isInstalled("demo", lock, installed(withoutJest)), true);
});

const read = (file) => readFileSync(path.join(repositoryFolder, file), "utf8");
const locked = JSON.parse(read("package-lock.json")).packages;
const isLeftOut = (name) => locked[`node_modules/${name}`].dev === true;

/** The packages that a tool imports, through its own modules. */
function packagesBehind(file, seen = new Set()) {
  if (seen.has(file)) return [];
  seen.add(file);
  const imports = read(file).matchAll(/(?:^(?:import\b|\}).* from |\bimport\()"([^"]+)"/gm);
  const specifiers = [...imports].map(([, name]) => name);
  return specifiers.flatMap((name) => {
    if (name.startsWith(".")) return packagesBehind(path.join(path.dirname(file), name), seen);
    return name.startsWith("node:") || builtinModules.includes(name) ? [] : [name];
  });
}

test("npm install --omit=dev: brings what building, demo and quick start need", () => {
  const tools = ["build", "demo", "pulumi"].flatMap((name) => packagesBehind(`tools/${name}.mjs`));
  const { devDependencies } = JSON.parse(read("provider/package.json"));
  const needed = [...tools, ...Object.keys(devDependencies), "typescript"];
  for (const known of ["esbuild", "listr2", "proper-lockfile", "@alicloud/openapi-core"])
    assert.ok(needed.includes(known), known);
  assert.deepEqual(needed.filter(isLeftOut), []);
});

test("npm install --omit=dev: leaves out every package that the tests alone need", () => {
  const { devDependencies } = JSON.parse(read("test/package.json"));
  assert.deepEqual(
    Object.keys(devDependencies).filter((name) => !isLeftOut(name)),
    [],
  );
});
