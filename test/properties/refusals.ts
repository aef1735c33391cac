/** Why operations and checks end without success, by what the documentation promises the messages to say. */
const kinds = {
  "two on one ENI": /is already managed by the resource/,
  "unassignOnCreate is missing": /already holds \d+ (secondary address|prefix)/,
  "an EIP is bound": /an EIP is bound to .*, which would be unassigned/,
  "too many may not go": /cannot shrink by \d+:/,
  "held elsewhere": /did not become free in time/,
  "no room": /it can hold \d+ while it is|can hold no more addresses/,
  "managed by a service": /is managed by an Alibaba Cloud service/,
  "final status": /and its addresses can change only while it is/,
  "waited in vain": /was not over|did not end within|time-out/,
  "not permitted": /Forbidden\.RAM/,
} as const;

/** Which of them it is; what is none of them is named by the beginning of its message. */
export function refusalIn(message: string): string {
  const known = Object.entries(kinds).find(([, text]) => text.test(message));
  return known?.[0] ?? message.replaceAll(/\d+/g, "N").slice(0, 140);
}
