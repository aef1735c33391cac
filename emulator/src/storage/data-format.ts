import { createHash } from "node:crypto";
import { z } from "zod";
import type { SavedWorld } from "../world/world";
import { DataFileError } from "./data-file-error";

const format = "alicloud-ecs-emulator data";
const version = 1;

const headerSchema = z.object({
  format: z.literal(format),
  version: z.int().min(1),
  sha256: z.string(),
});

const bodySchema = z.strictObject({
  savedAtMs: z.number(),
  tokens: z.array(
    z.strictObject({
      key: z.string(),
      parameters: z.string(),
      answer: z.record(z.string(), z.unknown()).nullable(),
    }),
  ),
  // Its own schema is that of every document; it is applied when the world is made.
  document: z.record(z.string(), z.unknown()),
});

/** Two lines of JSON: what it is, with a checksum, and the world, in the form of a seed. */
export function writeSavedWorld(saved: SavedWorld): string {
  const body = JSON.stringify(saved);
  return `${JSON.stringify({ format, version, sha256: checksum(body) })}\n${body}\n`;
}

/** Reads what {@link writeSavedWorld} wrote, and refuses everything else. */
export function readSavedWorld(text: string, file: string): SavedWorld {
  const end = text.indexOf("\n");
  const header = headerSchema.safeParse(parseJson(text.slice(0, Math.max(0, end))));
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
  const body = text.slice(end + 1).replace(/\n$/, "");
  const parsed = checksum(body) === header.data.sha256 ? bodySchema.safeParse(parseJson(body)) : undefined;
  if (!parsed?.success)
    throw new DataFileError(
      `${file} is damaged (its content does not fit its checksum), and is left as it is: put a copy of it in its place, ` +
        "or delete it for a new world",
    );
  return parsed.data;
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
