import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import { pulumiEnvironment } from "./environment.mjs";

test("gives a program folders of its own, the shared plugins, and none of the user's settings", () => {
  const root = mkdtempSync(path.join(tmpdir(), "environment-"));
  try {
    const pulumiHome = path.join(root, "shared");
    const plugin = path.join("plugins", "resource-random-v1.0.0", "pulumi-resource-random");
    mkdirSync(path.join(pulumiHome, path.dirname(plugin)), { recursive: true });
    writeFileSync(path.join(pulumiHome, plugin), "the plugin");
    const folder = path.join(root, "own");
    const base = { PATH: "/usr/bin", LANG: "C", PULUMI_ACCESS_TOKEN: "secret" };

    const made = () => pulumiEnvironment({ binDir: "/made", pulumiHome, folder, base });
    const environment = made();
    assert.equal(environment.PATH, "/made:/usr/bin");
    assert.equal(environment.LANG, "C");
    assert.equal(environment.PULUMI_ACCESS_TOKEN, undefined);
    assert.equal(environment.PULUMI_BACKEND_URL, `file://${folder}/state`);
    assert.equal(readFileSync(path.join(environment.PULUMI_HOME, plugin), "utf8"), "the plugin");
    assert.deepEqual(made(), environment);
  } finally {
    rmSync(root, { recursive: true });
  }
});
