/**
 * Puts the official SDK into the compiled provider, and writes NOTICE with the licences of what it has put there. The SDK's
 * packages do not declare all that they require, have an install script, and bring 30 others. With the SDK in one file,
 * users install none of them.
 *
 * Without this step the compiled provider requires the packages of the SDK, which are development dependencies: `tsc -b` is
 * enough for tests.
 */
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { ToolError } from "./errors.mjs";
import { repositoryFolder } from "./paths.mjs";

const name = path.join("ecs-client", "alicloud-sdk");

export async function bundleSdk() {
  const provider = path.join(repositoryFolder, "provider");
  await bundleInto({
    entryPoint: path.join(provider, "src", `${name}.ts`),
    bundleFile: path.join(provider, "dist", `${name}.js`),
    noticeFile: path.join(provider, "NOTICE"),
  });
}

/**
 * Writes a module with all that it requires into one file, and a NOTICE with the licences of the packages in it.
 * @param options - further options of esbuild
 */
export async function bundleInto({ entryPoint, bundleFile, noticeFile, compact = false, options = {} }) {
  // Not before: it needs to be installed.
  const { build } = await import("esbuild");
  const { outputFiles, metafile } = await build({
    absWorkingDir: repositoryFolder,
    entryPoints: [entryPoint],
    outfile: bundleFile,
    bundle: true,
    minifyWhitespace: compact,
    platform: "node",
    target: "node20",
    format: "cjs",
    legalComments: "inline",
    // Optional native modules of `ws`, which only the SDK's own HTTP client uses.
    define: { "process.env.WS_NO_BUFFER_UTIL": '"1"', "process.env.WS_NO_UTF_8_VALIDATE": '"1"' },
    ...options,
    metafile: true,
    write: false,
  });
  const [{ text: bundle }] = outputFiles;
  replace(bundleFile, bundle);
  const [{ inputs }] = Object.values(metafile.outputs);
  const packages = packagesOf(Object.keys(inputs)).map(readPackage);
  replace(noticeFile, noticeOf(packages, path.relative(path.dirname(noticeFile), bundleFile)));
}

/** Writes a whole file at once: a test may read it at the same time. */
function replace(file, text) {
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, text);
  renameSync(unfinished, file);
}

/** The folders of the packages that these files belong to. */
export function packagesOf(files) {
  const folders = files.map((file) => /^.*\bnode_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))];
}

function readPackage(folder) {
  const location = path.join(repositoryFolder, folder);
  const read = (file) => readFileSync(path.join(location, file), "utf8");
  const { name, version, license } = JSON.parse(read("package.json"));
  const find = (pattern) => readdirSync(location).find((file) => pattern.test(file));
  const [licenceFile, readme] = [find(/^licen[cs]e(\.(md|txt))?$/i), find(/^readme(\.md)?$/i)];
  const text = licenceFile ? read(licenceFile) : readme && licenceSection(read(readme));
  return { name, version, licence: license, text };
}

/** The section on the licence, which some packages have in the README alone. */
export function licenceSection(readme) {
  const heading = /^(?:#+ *(?:the )?licen[cs]e\b.*|licen[cs]e\n-+)\n/im.exec(readme);
  if (!heading) return undefined;
  const after = readme.slice(heading.index + heading[0].length);
  const next = after.search(/^(?:#+ |\[[^\]]+\]: )/m);
  return next < 0 ? after : after.slice(0, next);
}

/** The identifiers of SPDX for what package.json files say. */
const licences = new Map([
  ["MIT", "MIT"],
  ["ISC", "ISC"],
  ["Apache-2.0", "Apache-2.0"],
  ["Apache License 2.0", "Apache-2.0"],
  ["BlueOak-1.0.0", "BlueOak-1.0.0"],
  ["BSD-3-Clause", "BSD-3-Clause"],
  ["(BSD-3-Clause AND Apache-2.0)", "BSD-3-Clause AND Apache-2.0"],
]);

/** The text of the NOTICE of a bundle: the same for the same packages, in any order. */
export function noticeOf(packages, bundle) {
  const entries = packages.map(({ name, version, licence, text }) => {
    const known = licences.get(licence);
    if (!known)
      throw new ToolError(
        `${name} ${version} would be bundled, and its licence is ${JSON.stringify(licence)}; allowed are ` +
          `${[...licences.keys()].join(", ")}: check the licence, and add it to tools/bundle-sdk.mjs`,
      );
    const missing =
      known === "Apache-2.0"
        ? "The package has no text of its licence: see the file LICENSE, which is the same licence."
        : "The package has no text of its licence.";
    return `${name} ${version} (${known})\n\n${text?.replaceAll("\r\n", "\n").trim() || missing}\n`;
  });
  const intro = `The file ${bundle} contains the packages below. The licence of all other files is in LICENSE.\n`;
  return [intro, ...[...new Set(entries)].sort()].join(`\n${"-".repeat(80)}\n\n`);
}
