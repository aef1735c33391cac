import type { z } from "zod";

/** Where a value stands, as one would write it: `networkInterfaces[0].Status`. */
function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((written, key) => {
    if (typeof key === "number") return `${written}[${key}]`;
    return written === "" ? String(key) : `${written}.${String(key)}`;
  }, "");
}

/**
 * The findings of a schema, one line each: the path, what is allowed there, and the value seen.
 *
 * @param whole - what to call the document itself
 * @param value - the document
 */
export function describeIssues(error: z.ZodError, whole: string, value: unknown): string[] {
  return error.issues.map((issue) => {
    const where = pathText(issue.path) || whole;
    // The message names the keys themselves.
    if (issue.code === "unrecognized_keys") return `${where}: ${issue.message}`;
    const seen = valueAt(value, issue.path);
    return `${where}: ${issue.message}, ${seen === undefined ? "and is missing" : `not ${shown(seen)}`}`;
  });
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

const shownLength = 80;

/** A value in so few characters that the message stays readable. */
export function shown(value: unknown): string {
  let text: string;
  try {
    text = typeof value === "function" ? "a function" : JSON.stringify(value);
  } catch {
    text = typeof value;
  }
  return text.length > shownLength ? `${text.slice(0, shownLength)}…` : text;
}
