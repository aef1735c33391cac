/** The documented reasons of failed checks and operations, with the text of their messages. */
const reasons = {
  "two on one ENI": /is already managed by the resource/,
  "unassignOnCreate is missing": /already holds \d+ (secondary address|prefix)/,
  "an EIP is bound": /an EIP is bound to .*, which would be unassigned/,
  "cannot shrink": /cannot shrink by \d+:/,
  "another ENI holds it": /did not become free in time|would fail: .*(?:is|are) held by/,
  "something else holds it": /in use, but no ENI holds it/,
  "no room": /it can hold \d+ while it is|can hold no more addresses|the API has refused \d+ while it is/,
  "managed by a service": /is managed by an Alibaba Cloud service/,
  "final status": /and its addresses can change only while it is/,
  "time-out": /was not over|did not end within|time-out/,
  "not permitted": /Forbidden\.RAM/,
} as const;

type Reason = keyof typeof reasons;

/** Whether the message gives this documented reason. */
export const isRefusal = (reason: Reason, message: string): boolean => reasons[reason].test(message);

/** The reason in a message, or the beginning of a message without a documented reason. */
export function refusalIn(message: string): string {
  const known = Object.entries(reasons).find(([, text]) => text.test(message));
  return known?.[0] ?? message.replaceAll(/\d+/g, "N").slice(0, 140);
}
