import { accessSync, constants, realpathSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { runCommand } from "../run-command.mjs";
import { compareVersions } from "../versions.mjs";

/** What a TypeScript program with dynamic providers needs beside the CLI itself. */
export const companions = ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];

/**
 * Looks for an installed CLI that is new enough and complete. Returns `{ binDir, version }`, or `{ rejected }` with the
 * reason why what was found will not do.
 */
export async function findOnPath({ oldest, env = process.env, signal }) {
  const rejected = [];
  for (const folder of new Set((env.PATH ?? "").split(path.delimiter))) {
    const pulumi = path.join(folder, "pulumi");
    if (!path.isAbsolute(folder) || !isExecutable(pulumi)) continue;
    // The engine looks for its companions beside the real file, wherever a link to it may be.
    const binDir = path.dirname(realpathSync(pulumi));
    const missing = companions.filter((name) => !isExecutable(path.join(binDir, name)));
    if (missing.length > 0) {
      rejected.push(`${pulumi} has no ${missing.join(" and no ")} beside it`);
      continue;
    }
    const version = await askVersion(path.join(binDir, "pulumi"), { env, signal }).catch((error) => {
      signal?.throwIfAborted();
      rejected.push(`${pulumi} does not tell its version (${error.message.split("\n")[0]})`);
    });
    if (version === undefined) continue;
    if (compareVersions(version, oldest) >= 0) return { binDir, version };
    rejected.push(`${pulumi} is version ${version}, older than ${oldest}`);
  }
  return { rejected: rejected.join("; ") || "none found" };
}

/** `pulumi version`, asked with a home of its own, because the person's may not be touched. */
export async function askVersion(pulumi, { env = process.env, signal } = {}) {
  const home = await mkdtemp(path.join(tmpdir(), "pulumi-version-"));
  try {
    const output = await runCommand(pulumi, ["version"], {
      env: { ...env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" },
      timeoutMs: 10_000,
      signal,
    });
    const version = output.trim().replace(/^v/, "");
    compareVersions(version, version); // throws for what is not a version
    return version;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
