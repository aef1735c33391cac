import { invalidParameter } from "../api-errors";
import type { Parameters } from "../wire/parameters";

/** One text that holds a JSON array, unlike every other list of the API: `["i-1","i-2"]`. */
export function jsonList(parameters: Parameters, name: string): Set<string> | undefined {
  const text = parameters.text(name);
  if (text === undefined) return undefined;
  const items = parse(text);
  if (!items || items.length > 100)
    throw invalidParameter(name, 'it must be a JSON array of at most 100 texts, such as ["i-1","i-2"]');
  return new Set(items);
}

function parse(text: string): string[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    if (!Array.isArray(parsed)) return undefined;
    const items = parsed.filter((item): item is string => typeof item === "string");
    return items.length === parsed.length ? items : undefined;
  } catch {
    return undefined;
  }
}
