/**
 * Builds the native plugin: `npm run build:plugin` bundles it into plugin/plugin.js, and packs a release for each platform into
 * plugin/dist. All releases have the same content, because the plugin is a Node.js program.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { bundleInto } from "./bundle-sdk.mjs";
import { isEntryPoint, runEntryPoint } from "./entry-point.mjs";
import { installIfNone } from "./install.mjs";
import { repositoryFolder } from "./paths.mjs";
import { createProgress } from "./progress.mjs";
import { runCommand } from "./run-command.mjs";

export const pluginName = "pulumi-resource-alicloud-secondary-ips";

const pluginFolder = path.join(repositoryFolder, "plugin");
/** As Pulumi names them in the file of a release. */
const platforms = ["linux", "darwin", "windows"].flatMap((system) =>
  ["amd64", "arm64"].map((architecture) => `${system}-${architecture}`),
);
/** Not PulumiPlugin.yaml: with it, an installation would run npm. */
const released = [pluginName, `${pluginName}.cmd`, "start.js", "plugin.js", "schema.json", "NOTICE"];

export async function bundlePlugin() {
  await bundleInto({
    entryPoint: path.join(repositoryFolder, "provider", "src", "plugin.ts"),
    bundleFile: path.join(pluginFolder, "plugin.js"),
    noticeFile: path.join(pluginFolder, "NOTICE"),
    // Every `pulumi` command that needs the plugin reads the bundle.
    compact: true,
  });
}

/** Packs the releases, and resolves to their files. */
export async function packPlugin({ platforms: chosen = platforms, into, signal } = {}) {
  const folder = into ?? path.join(pluginFolder, "dist");
  const { version } = JSON.parse(
    readFileSync(path.join(repositoryFolder, "provider", "package.json"), "utf8"),
  );
  const content = mkdtempSync(path.join(tmpdir(), "plugin-"));
  try {
    for (const name of released) cpSync(path.join(pluginFolder, name), path.join(content, name));
    cpSync(path.join(repositoryFolder, "LICENSE"), path.join(content, "LICENSE"));
    mkdirSync(folder, { recursive: true });
    const files = chosen.map((platform) => path.join(folder, `${pluginName}-v${version}-${platform}.tar.gz`));
    for (const file of files)
      await runCommand("tar", ["-czf", file, "-C", content, "LICENSE", ...released], { signal });
    return files;
  } finally {
    rmSync(content, { recursive: true, force: true });
  }
}

if (isEntryPoint(import.meta.url)) {
  await runEntryPoint(
    async ({ signal }) => {
      const progress = createProgress();
      await installIfNone({ progress, signal });
      await progress.step("bundling the plugin", "a few seconds", bundlePlugin);
      await progress.step("packing its releases", "a few seconds", () => packPlugin({ signal }));
    },
    { usage: "npm run build:plugin" },
  );
}
