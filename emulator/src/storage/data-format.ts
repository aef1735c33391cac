import { createHash } from "node:crypto";
import { z } from "zod";
import { idOfObject } from "../world/state-patch";
import type { ListName } from "../world/state-document";
import type { FollowUp } from "../world/transitions";
import type { SavedWorld, WorldChange } from "../world/world";
import { DataFileError } from "./data-file-error";

const format = "alicloud-ecs-emulator data";

/** Version 1 had the first two lines alone. */
const version = 2;

const headerSchema = z.object({
  format: z.literal(format),
  version: z.int().min(1),
  sha256: z.string(),
});

const tokensSchema = z.array(
  z.strictObject({
    key: z.string(),
    parameters: z.string(),
    atMs: z.number().optional(),
    answer: z.record(z.string(), z.unknown()).nullable(),
  }),
);

const worldSchema = z.strictObject({
  savedAtMs: z.number(),
  tokens: tokensSchema,
  // Its own schema is that of every document; it is applied when the world is made.
  document: z.record(z.string(), z.unknown()),
});

const changeSchema = z.strictObject({
  atMs: z.number(),
  idsGiven: z.int().min(0),
  changed: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
  removed: z.record(z.string(), z.array(z.string())),
  tokens: tokensSchema,
});

/** The first two lines of a data file: what it is, with a checksum, and the world, in the form of a seed. */
export function writeSavedWorld(saved: SavedWorld): string {
  const body = JSON.stringify(saved);
  return `${JSON.stringify({ format, version, sha256: checksum(body) })}\n${body}\n`;
}

/** A further line of a data file: what has changed since the line before, with a checksum. */
export function writeChange(change: WorldChange): string {
  const text = JSON.stringify(change);
  return `${beforeChecksum}${checksum(text)}${beforeChange}${text}}\n`;
}

const beforeChecksum = '{"sha256":"';
const beforeChange = '","change":';
const changeStart = beforeChecksum.length + 64 + beforeChange.length;

/**
 * Reads what {@link writeSavedWorld} and {@link writeChange} wrote, and refuses everything else. A last line that is torn is a
 * change that was not acknowledged: it is left out.
 */
export function readSavedWorld(content: string, file: string): SavedWorld {
  const [headerLine = "", body = "", ...changeLines] = content.split("\n");
  const header = headerSchema.safeParse(parseJson(headerLine));
  if (!header.success)
    throw new DataFileError(
      `${file} is not a data file of this emulator, and is left as it is: name a file that does not exist yet; ` +
        "a JSON document with a world goes to --seed",
    );
  if (header.data.version > version)
    throw new DataFileError(
      `${file} was written by a later version of the emulator (format ${header.data.version}, this one reads up to ${version}): ` +
        "start that version, or name another file",
    );
  const damaged = new DataFileError(
    `${file} is damaged (its content does not fit its checksum), and is left as it is: put a copy of it in its place, ` +
      "or delete it for a new world",
  );
  const world = checksum(body) === header.data.sha256 ? worldSchema.safeParse(parseJson(body)) : undefined;
  if (!world?.success) throw damaged;
  // Behind the last line break: nothing, or a line that was not written to its end.
  changeLines.pop();
  const changes = changeLines.map(readChange);
  if (changes.slice(0, -1).includes(undefined)) throw damaged;
  return withChanges(
    world.data,
    changes.filter((change) => change !== undefined),
  );
}

function readChange(line: string): WorldChange | undefined {
  const text = line.slice(changeStart, -1);
  if (line !== `${beforeChecksum}${checksum(text)}${beforeChange}${text}}`) return undefined;
  return changeSchema.safeParse(parseJson(text)).data;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** The world after these changes, as it was when the last one was taken. */
function withChanges(saved: SavedWorld, changes: readonly WorldChange[]): SavedWorld {
  const last = changes.at(-1);
  if (!last) return saved;
  const lists = new Map<string, Map<string, JsonObject>>();
  const listOf = (name: string) => {
    const present = lists.get(name) ?? new Map<string, JsonObject>();
    lists.set(name, present);
    return present;
  };
  const put = (name: string, object: object, atMs: number) => {
    const id = idOfObject(name as ListName, object);
    listOf(name).set(id, countedFrom(object as JsonObject, last.atMs - atMs));
  };
  const { document } = saved;
  for (const [name, objects] of Object.entries(document))
    if (Array.isArray(objects)) for (const object of objects) put(name, object, saved.savedAtMs);
  for (const { atMs, changed, removed } of changes) {
    for (const [name, ids] of Object.entries(removed)) for (const id of ids) listOf(name).delete(id);
    for (const [name, objects] of Object.entries(changed))
      for (const object of objects) put(name, object, atMs);
  }
  const objects = Object.fromEntries([...lists].map(([name, list]) => [name, [...list.values()]]));
  return {
    savedAtMs: last.atMs,
    tokens: [
      ...saved.tokens.map((token) => ({ atMs: saved.savedAtMs, ...token })),
      ...changes.flatMap(({ tokens }) => tokens),
    ],
    document: { ...document, ...objects, ...(last.idsGiven > 0 && { idsGiven: last.idsGiven }) },
  };
}

/** The object with its transition counted from a moment that is so much later. */
function countedFrom(object: JsonObject, laterMs: number): JsonObject {
  const transition = object.StatusTransition as FollowUp | undefined;
  if (!transition) return object;
  return {
    ...object,
    StatusTransition: { ...transition, afterMs: Math.max(0, transition.afterMs - laterMs) },
  };
}

function checksum(body: string): string {
  return createHash("sha256").update(body).digest("hex");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
