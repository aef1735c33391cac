import createDebug from "debug";
import { format } from "node:util";

/*
 * Debug output for contributors and support: `DEBUG=alicloud-secondary-ips:*` enables it, by the rules of the package
 * `debug`. It goes to standard error, which the engine shows as diagnostics. Lines contain actions, ids, addresses, codes
 * and times only. They contain no server message, no header and no key, and no address that the program marks as secret.
 */

/** Each call of the API. @internal */
export const traceCalls = createDebug("alicloud-secondary-ips:calls");
/** Each wait before a repeated call or round. @internal */
export const traceWaits = createDebug("alicloud-secondary-ips:waits");
/** Each comparison of an ENI with its goal. @internal */
export const traceRounds = createDebug("alicloud-secondary-ips:rounds");

/** The part of a trace line that says what follows an error: another attempt after a delay, or none. @internal */
export function describeWait(error: unknown, delayMs: number | undefined): string {
  const { code, name } = error as { readonly code?: string; readonly name?: string };
  const next = delayMs === undefined ? "gives up" : `again in ${Math.round(delayMs)} ms`;
  return `${code ?? name ?? "error"}; ${next}`;
}

/** The SDK's HTTP client logs its headers here: signatures, and the security token in clear text. */
const excluded = "-httpx:*";

/**
 * Excludes the SDK's HTTP client from the debug output that the variable DEBUG enables. It works for loggers that exist
 * already, and for copies of `debug` that are loaded later. The SDK may have a copy of its own, which reads DEBUG when it
 * is loaded: therefore the entry points call this before they import the SDK.
 * @internal
 */
export function keepSecretsOutOfDebugLogs(env: NodeJS.ProcessEnv): void {
  if (!env.DEBUG || env.DEBUG.endsWith(excluded)) return;
  env.DEBUG = `${env.DEBUG},${excluded}`;
  createDebug.enable(env.DEBUG);
}

/**
 * Passes all lines through this function.
 * @internal
 */
export function maskTrace(mask: (text: string) => string): void {
  createDebug.log = (...values: unknown[]) => {
    process.stderr.write(`${mask(format(...values))}\n`);
  };
}
