import { performance } from "node:perf_hooks";
import type { EcsError } from "../ecs/ecs-error";
import { traceCalls } from "../shared/trace";

/** A running call. @internal */
export interface TracedCall {
  succeeded(requestId: string | undefined): void;
  failed(error: EcsError): void;
}

const untraced: TracedCall = { succeeded: () => undefined, failed: () => undefined };

/**
 * Traces each API call with its parameters, outcome and duration. It shows only the RequestId of an answer, and only codes
 * of an error: a server's message may quote the signed string.
 * @internal
 */
export class CallTrace {
  /** Failures of each call since its last success. */
  private readonly failures = new Map<string, number>();

  begin(action: string, query: Readonly<Record<string, unknown>>): TracedCall {
    if (!traceCalls.enabled) return untraced;
    const call = [action, ...describeQuery(query)].join(" ");
    const failures = this.failures.get(call) ?? 0;
    const startedMs = performance.now();
    const end = (outcome: string, requestId: string | undefined) => {
      const durationMs = Math.round(performance.now() - startedMs);
      const id = requestId === undefined ? "" : `, RequestId ${requestId}`;
      traceCalls("%s, attempt %d: %s, %d ms%s", call, failures + 1, outcome, durationMs, id);
    };
    return {
      succeeded: (requestId) => {
        this.failures.delete(call);
        end("ok", requestId);
      },
      failed: ({ code, httpStatus, requestId, verdict }) => {
        this.failures.set(call, failures + 1);
        const status = httpStatus === undefined ? "" : `, HTTP ${httpStatus}`;
        end(`${code}${status} (${verdict})`, requestId);
      },
    };
  }
}

/** The ENI or the number of ENIs, and the addresses or prefixes. The action implies the rest of a query. */
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
