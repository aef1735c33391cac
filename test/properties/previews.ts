import { isDeepStrictEqual } from "node:util";
import { withoutSecrets } from "../support/provider-host";
import type { Answer } from "./engine";

/** How the engine writes a value that a preview does not know. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What a preview has found. */
export interface Preview {
  readonly succeeded: boolean;
  readonly answers: readonly Answer[];
  readonly violations: readonly string[];
}

/**
 * Judges a preview by the command that follows it without a fault: it refuses only what fails, and the outputs that it knows are
 * those of the operation.
 */
export function judgePreview(preview: Preview, answers: readonly Answer[], succeeded: boolean): string[] {
  const refused = preview.answers.find(({ outcome }) => outcome !== "done");
  if (refused !== undefined && succeeded)
    return [`${refused.name}: the preview of ${refused.operation} refuses what succeeds: ${refused.message}`];
  return preview.answers.flatMap(({ name, operation, answered: [previewed] }) => {
    if (previewed === undefined || (operation !== "create" && operation !== "update")) return [];
    const [outputs] =
      answers.find((one) => one.name === name && one.operation === operation && one.outcome === "done")
        ?.answered ?? [];
    if (outputs === undefined) return [];
    return Object.entries(previewed).flatMap(([key, value]) => {
      const isKnown = !JSON.stringify(value).includes(unknown);
      if (
        key.startsWith("__") ||
        !isKnown ||
        isDeepStrictEqual(withoutSecrets(value), withoutSecrets(outputs[key]))
      )
        return [];
      return [
        `${name}: the preview of ${operation} shows ${key} ${JSON.stringify(value)}, but it becomes ${JSON.stringify(outputs[key])}`,
      ];
    });
  });
}
