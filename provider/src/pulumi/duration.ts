const unitMs: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };
const part = /(\d+(?:\.\d+)?)(h|ms|m|s)/g;

/**
 * Reads a duration as Pulumi's option `customTimeouts` has it: Go's notation, such as `30s`, `5m` or `1h30m`
 * (https://www.pulumi.com/docs/iac/concepts/options/customtimeouts/).
 *
 * @returns milliseconds; `undefined` for anything else
 * @internal
 */
export function parseDuration(text: string): number | undefined {
  if (text === "" || text.replaceAll(part, "") !== "") return undefined;
  let ms = 0;
  for (const [, amount, unit] of text.matchAll(part)) ms += Number(amount) * (unitMs[unit ?? ""] ?? 0);
  return ms;
}
