import { homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const repositoryFolder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

/** Where everything that is made once lives: outside the clone, so that clones share it, and free to be deleted. */
export function cacheFolder(environment = process.env) {
  if (environment.PULUMI_ALICLOUD_CACHE_DIR) return path.resolve(environment.PULUMI_ALICLOUD_CACHE_DIR);
  // The specification of XDG_CACHE_HOME says to ignore relative paths.
  const xdg = environment.XDG_CACHE_HOME ?? "";
  const base = path.isAbsolute(xdg) ? xdg : path.join(environment.HOME || homedir(), ".cache");
  return path.join(base, "pulumi-alicloud-secondary-ips");
}
