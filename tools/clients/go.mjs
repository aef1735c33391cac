import { readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { contentKey, makeEntry } from "../cache/entries.mjs";
import { askGoVersion, compileGo, removeGoCaches } from "../go-toolchain.mjs";
import { repositoryFolder } from "../paths.mjs";
import { isExecutable } from "../pulumi-cli/find.mjs";

const folder = path.join(repositoryFolder, "test", "clients", "go");

/** `{ command }` if it is there, `{ leftOut }` if it cannot be had, and else `{ missing }` with what `make` needs. */
export async function findGoClients({ cache, signal }) {
  const sources = readdirSync(folder)
    .filter((name) => name.endsWith(".go") || name === "go.mod" || name === "go.sum")
    .sort()
    .map((name) => path.join(folder, name));
  const entry = path.join(cache, `clients-go-${await contentKey(sources, process.platform, process.arch)}`);
  const binary = path.join(entry, "driver");
  // What is built runs where there is no Go any more, too.
  if (isExecutable(binary)) return { command: [binary] };
  try {
    await askGoVersion({ cache, signal });
  } catch (error) {
    signal?.throwIfAborted();
    return { leftOut: error.message };
  }
  return { missing: { entry, binary } };
}

export async function makeGoClients({ entry, binary, cache, progress, signal }) {
  await rm(entry, { recursive: true, force: true });
  const title = "building the Go client from its Go modules";
  await progress.step(title, "1 to 5 minutes the first time", (step) =>
    makeEntry(entry, (unfinished) =>
      compileGo({
        folder,
        target: ".",
        binary: path.join(unfinished, path.basename(binary)),
        ...{ cache, step, signal },
      }),
    ),
  );
  await removeGoCaches({ cache, progress });
}
