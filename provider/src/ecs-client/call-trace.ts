import { performance } from "node:perf_hooks";
import type { EcsError } from "../ecs/ecs-error";
import { traceCalls } from "../shared/trace";

/** A call under way. @internal */
export interface TracedCall {
  /** @param body - the API's answer */
  succeeded(body: unknown): void;
  failed(error: EcsError): void;
}

const untraced: TracedCall = { succeeded: () => undefined, failed: () => undefined };

/**
 * Says of each call of the API what was asked for, how it ended and how long it took. Of an answer only the RequestId is
 * shown, of an error only what is a code: a server's words may quote what was signed.
 *
 * @internal
 */
export class CallTrace {
  /** How often the same was asked for in vain since it last succeeded. */
  private readonly failures = new Map<string, number>();

  begin(action: string, query: Readonly<Record<string, unknown>>): TracedCall {
    if (!traceCalls.enabled) return untraced;
    const call = [action, ...describeQuery(query)].join(" ");
    const failures = this.failures.get(call) ?? 0;
    const startedMs = performance.now();
    const end = (outcome: string, requestId: unknown) => {
      const durationMs = Math.round(performance.now() - startedMs);
      const id = typeof requestId === "string" ? `, RequestId ${requestId}` : "";
      traceCalls("%s, attempt %d: %s, %d ms%s", call, failures + 1, outcome, durationMs, id);
    };
    return {
      succeeded: (body) => {
        this.failures.delete(call);
        end("ok", (body as { RequestId?: unknown } | null)?.RequestId);
      },
      failed: ({ code, httpStatus, requestId, verdict }) => {
        this.failures.set(call, failures + 1);
        const status = httpStatus === undefined ? "" : `, HTTP ${httpStatus}`;
        end(`${code}${status} (${verdict})`, requestId);
      },
    };
  }
}

/** The ENI or the number of ENIs, and what of addresses or prefixes; the rest of a query follows from the action. */
function describeQuery({
  NetworkInterfaceId,
  VpcId,
  InstanceId,
  PrivateIpAddress,
  Ipv4Prefix,
  SecondaryPrivateIpAddressCount,
  Ipv4PrefixCount,
}: Readonly<Record<string, unknown>>) {
  const ids = asTexts(NetworkInterfaceId);
  return [
    ids.length > 1 ? `${ids.length} ENIs` : ids[0],
    ...asTexts(VpcId),
    ...asTexts(InstanceId),
    [...asTexts(PrivateIpAddress), ...asTexts(Ipv4Prefix)].join(","),
    ...Object.entries({ SecondaryPrivateIpAddressCount, Ipv4PrefixCount }).map(([name, count]) =>
      typeof count === "number" ? `${name}=${count}` : undefined,
    ),
  ].filter((part) => part !== undefined && part !== "");
}

function asTexts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === "string");
}
