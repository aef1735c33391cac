import createDebug from "debug";

/*
 * What the provider does, for whoever looks closer: `DEBUG=alicloud-secondary-ips:*` switches it on, as the package `debug`
 * has it. Lines go to the process's standard error, which the engine shows as diagnostics. They name actions, ids,
 * addresses, codes and times, and nothing else: no message of a server, no header, no key.
 */

/** Each call of the API. @internal */
export const traceCalls = createDebug("alicloud-secondary-ips:calls");
/** Each wait before a call or a round is repeated. @internal */
export const traceWaits = createDebug("alicloud-secondary-ips:waits");
/** Each comparison of an ENI with what is wanted. @internal */
export const traceRounds = createDebug("alicloud-secondary-ips:rounds");

/** What a failure is followed by: another attempt after a delay, or none. @internal */
export function describeWait(error: unknown, delayMs: number | undefined): string {
  const { code, name } = error as { readonly code?: string; readonly name?: string };
  const next = delayMs === undefined ? "gives up" : `again in ${Math.round(delayMs)} ms`;
  return `${code ?? name ?? "error"}; ${next}`;
}

/** The HTTP client of the SDK prints headers with it: signatures, and the security token as it is. */
const excluded = "-httpx:*";

const namespaces = process.env.DEBUG;
if (namespaces) {
  // For a copy of `debug` that is loaded later, and for this one.
  process.env.DEBUG = `${namespaces},${excluded}`;
  createDebug.enable(process.env.DEBUG);
}
