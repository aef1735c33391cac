import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";

/** An object that refuses keys it does not know, and says which one was probably meant and which ones there are. */
export function strictObject<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const allowed = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? unknownKeys(issue.keys, allowed) : undefined),
  });
}

/** What to say of keys that are not among the allowed ones. */
export function unknownKeys(keys: readonly string[], allowed: readonly string[]): string {
  const named = keys.map((key) => {
    const near = nearest(key, allowed);
    return near === undefined ? key : `${key} (did you mean ${near}?)`;
  });
  return `unknown key ${named.join(", ")}; allowed: ${allowed.join(", ")}`;
}

/** The allowed name that a misspelt one is close to: a third of its letters may be wrong. */
export function nearest(name: string, allowed: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  if (allowed.length === 0) return undefined;
  const found = closest(
    plain(name),
    allowed.map((one) => plain(one)),
  );
  if (distance(plain(name), found) > Math.max(1, Math.floor(name.length / 3))) return undefined;
  return allowed.find((one) => plain(one) === found);
}
