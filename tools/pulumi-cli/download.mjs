/**
 * The official downloads. Behind a firewall they must fail within seconds, whether it refuses connections or swallows
 * them, because there is another way. curl, because it knows proxies and the machine's certificates.
 */
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { clearInterval, setInterval } from "node:timers";
import { ToolError } from "../errors.mjs";
import { runCommand } from "../run-command.mjs";

const limits = [
  "--connect-timeout",
  "6",
  "--speed-limit",
  "2000",
  "--speed-time",
  "20",
  "--max-time",
  "1200",
];

/** Puts the released CLI, with everything that belongs to it, into `binDir`. */
export async function downloadCli({ version, binDir, step, signal }) {
  const file = `pulumi-v${version}-${process.platform}-${process.arch}.tar.gz`;
  const urls = [
    `https://github.com/pulumi/pulumi/releases/download/v${version}/${file}`,
    `https://get.pulumi.com/releases/sdk/${file}`,
  ];
  const unpacked = `${binDir}.unpacked`;
  await downloadAndUnpack({ urls, into: unpacked, step, signal });
  // Everything is in a folder `pulumi`, on some platforms in its `bin`.
  const top = path.join(unpacked, "pulumi");
  await rename((await readdir(top)).includes("bin") ? path.join(top, "bin") : top, binDir);
  await rm(unpacked, { recursive: true, force: true });
}

/** Puts the released random plugin into `folder`. */
export async function downloadRandomPlugin({ version, folder, step, signal }) {
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const file = `pulumi-resource-random-v${version}-${process.platform}-${architecture}.tar.gz`;
  const urls = [
    `https://github.com/pulumi/pulumi-random/releases/download/v${version}/${file}`,
    `https://get.pulumi.com/releases/plugins/${file}`,
  ];
  await downloadAndUnpack({ urls, into: folder, step, signal });
}

/** `protocols` is curl's list of those allowed, redirects included; only tests allow another one. */
export async function downloadAndUnpack({ urls, into, step, signal, protocols = "=https" }) {
  await mkdir(into, { recursive: true });
  const archive = `${into}.tar.gz`;
  const refusals = [];
  for (const url of urls) {
    const watch = setInterval(() => void reportSize(archive, step), 1000);
    try {
      await runCommand(
        "curl",
        [
          "--fail",
          "--location",
          "--silent",
          "--show-error",
          "--proto",
          protocols,
          ...limits,
          "--output",
          archive,
          url,
        ],
        { signal },
      );
      await runCommand("tar", ["-xzf", archive, "-C", into], { signal });
      await rm(archive, { force: true });
      return;
    } catch (error) {
      signal?.throwIfAborted();
      refusals.push(`${new URL(url).host}: ${error.lastLines?.at(-1) ?? error.message}`);
    } finally {
      clearInterval(watch);
    }
  }
  await rm(archive, { force: true });
  throw new ToolError(refusals.join("; "));
}

async function reportSize(file, step) {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  step?.update(`${Math.round(size / 1e6)} MB so far`);
}
