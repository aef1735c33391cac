import { mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { linkOrCopy } from "./link.mjs";

/** Encrypts secrets in the state of throw-away stacks; for a stack that is kept, set PULUMI_CONFIG_PASSPHRASE. */
export const defaultPassphrase = "not-a-secret";

/**
 * The environment for a `pulumi` that leaves the person's own Pulumi alone: home, state and temporary files are in
 * `folder`, under `home`, `state` and `tmp`, each of which can be given instead. The plugins of `pulumiHome` are there.
 * PULUMI_* variables of `base` are dropped, so that no access token and no stack of the user gets into a test.
 */
export function pulumiEnvironment({
  binDir,
  pulumiHome,
  folder,
  home = path.join(folder, "home"),
  state = path.join(folder, "state"),
  tmp = path.join(folder, "tmp"),
  passphrase = defaultPassphrase,
  base = process.env,
}) {
  for (const needed of [home, state, tmp]) mkdirSync(needed, { recursive: true });
  if (pulumiHome && pulumiHome !== home) linkPlugins(pulumiHome, home);
  const kept = Object.entries(base).filter(([name]) => !name.startsWith("PULUMI_"));
  return {
    ...Object.fromEntries(kept),
    PATH: [binDir, base.PATH].filter(Boolean).join(path.delimiter),
    TMPDIR: tmp,
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // A plugin that is on PATH by chance would be used, with a warning, instead of the one in PULUMI_HOME.
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
  };
}

/** The engine passes over links to folders, so the files inside are linked, one by one. */
function linkPlugins(from, to) {
  const plugins = path.join(from, "plugins");
  for (const entry of readdirSync(plugins, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    linkOrCopy(file, path.join(to, path.relative(from, file)));
  }
}
