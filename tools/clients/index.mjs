/**
 * Readies third-party clients of the cloud's API, in the versions that test/clients pins: Python's in a
 * virtual environment, Go's in a program that is compiled once. Both are entries of the cache folder.
 */
import { mkdir } from "node:fs/promises";
import { removeUnfinished } from "../cache/entries.mjs";
import { withLock } from "../cache/lock.mjs";
import { cacheFolder } from "../paths.mjs";
import { findGoClients, makeGoClients } from "./go.mjs";
import { findPythonClients, makePythonClients } from "./python.mjs";

const languages = [
  { name: "python", title: "Python", find: findPythonClients, make: makePythonClients },
  { name: "go", title: "Go", find: findGoClients, make: makeGoClients },
];

/**
 * Resolves to one entry a language: `{ command }`, what runs its driver; `{ leftOut }`, why this machine cannot have it;
 * or `{ failed }`, what went wrong although it could.
 *
 * @returns {Promise<Record<string, {command: string[]} | {leftOut: string} | {failed: string}>>}
 */
export async function ensureClients({ progress, signal, cache = cacheFolder() }) {
  await mkdir(cache, { recursive: true });
  const clients = {};
  for (const language of languages)
    clients[language.name] = await ensure(language, { cache, progress, signal });
  return clients;
}

async function ensure({ title, find, make }, { cache, progress, signal }) {
  try {
    const found = await find({ cache, signal });
    if (!found.missing) return found;
    return await withLock(
      cache,
      async () => {
        const madeMeanwhile = await find({ cache, signal });
        if (!madeMeanwhile.missing) return madeMeanwhile;
        await removeUnfinished(cache);
        await make({ ...madeMeanwhile.missing, cache, progress, signal });
        return find({ cache, signal });
      },
      { signal, onWait: () => progress.say(`waiting for another run that fills ${cache}`) },
    );
  } catch (error) {
    signal?.throwIfAborted();
    progress.say(`the clients in ${title} could not be made ready: ${error.message}`);
    return { failed: error.message };
  }
}

/** What a run has to say aloud about languages that it left out. */
export function describeLeftOut(clients, environment = process.env) {
  const consequence = environment.CI ? "fail, for CI is set" : "count as skipped, not as passed";
  return languages
    .filter(({ name }) => clients[name].leftOut)
    .map(
      ({ name, title }) =>
        `LEFT OUT: clients in ${title}, for ${clients[name].leftOut}. Their tests ${consequence}.`,
    );
}
