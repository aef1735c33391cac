import { createRequire } from "node:module";
import { rm } from "node:fs/promises";
import path from "node:path";
import { repositoryFolder } from "./paths.mjs";

/**
 * Loads a TypeScript module of the folder `test`, as one CommonJS file in `test/.work`, where its imports are found. Its `__dirname`
 * is that folder: as for a module in another folder of `test`, `..` is `test`.
 */
export async function loadTypeScript(name) {
  // Only now: a tool that begins on a bare clone installs esbuild first.
  const { build } = await import("esbuild");
  const bundle = path.join(repositoryFolder, "test", ".work", `${path.dirname(name)}-${process.pid}.cjs`);
  try {
    await build({
      entryPoints: [path.join(repositoryFolder, "test", name)],
      outfile: bundle,
      bundle: true,
      platform: "node",
      packages: "external",
      logLevel: "error",
    });
    return createRequire(import.meta.url)(bundle);
  } finally {
    await rm(bundle, { force: true });
  }
}
