import { nearest } from "../documents/strict-object";

/** What to say of the name of an operation that there is not. */
export function unknownAction(name: string, allowed: readonly string[]): string {
  const near = nearest(name, allowed);
  const hint = near === undefined ? "" : ` (did you mean ${near}?)`;
  return `"${name}" is not an operation${hint}; allowed: ${allowed.join(", ")}`;
}
