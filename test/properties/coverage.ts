import type { Histogram } from "./histogram";
import { faultNames } from "./random-history";
import type { AdaptorName } from "./run";

const prefixModes = ["exclusive prefix list", "additive prefix list", "prefix count"];

/** Events that some hundreds of histories must contain. Without them, the histories do not test these cases. */
const required: Readonly<Record<string, readonly string[]>> = {
  enis: ["1", "2", "3"],
  quotas: ["readable", "hidden"],
  batches: ["atomic", "partial"],
  orders: ["together", "interleaved", "serial"],
  steps: [
    ...["up", "up --refresh", "up --target", "up --continue-on-error", "refresh"],
    ...["destroy", "destroy --target"],
    ...["drift", "status", "eip", "managed", "behaviour", "occupied"],
  ],
  replicas: ["1", "2"],
  "freed addresses": ["free", "busy"],
  modes: ["exclusive list", "additive list", "count", ...prefixModes],
  changes: [
    "another ENI",
    "additive list→exclusive list",
    "exclusive list→additive list",
    "exclusive list→count",
    "additive list→count",
    "count→exclusive list",
    "count→additive list",
    "exclusive list→exclusive prefix list",
    "exclusive prefix list→exclusive list",
    "exclusive prefix list→prefix count",
    "prefix count→exclusive prefix list",
    "count→prefix count",
    "prefix count→count",
  ],
  statuses: [
    "Attaching→InUse",
    "Detaching→InUse",
    "Deleting→stays",
    "instance Starting→Running",
    "instance Stopping→Stopped",
  ],
  faults: faultNames,
  "answers to writes": [
    "done",
    "lost",
    "Throttling.User",
    "Operation.Conflict",
    "LastTokenProcessing",
    "IdempotentFailed",
    "InvalidParameter",
    "InvalidIp.IpAssigned",
    "InvalidIp.IpUnassigned",
    "InvalidPrivateIpAddress.Duplicated",
    "InvalidOperation.Ipv4CountExceeded",
    "InvalidEniId.NotFound",
    "Forbidden.RAM",
    "InternalError",
    "ServiceUnavailable",
  ],
  outcomes: ["create recorded", "update recorded", "check refused", "delete failed"],
  refusals: [
    "unassignOnCreate is missing",
    "an EIP is bound",
    "another ENI holds it",
    "something else holds it",
    "no room",
    "managed by a service",
    "final status",
    "time-out",
    "not permitted",
  ],
  ends: ["converged", "contradictory", "crowded"],
};

/** Events that the histories of a plugin must contain too. */
const requiredOfPlugin = { previews: ["done"] };

/** The required events that the histories with an adaptor did not contain. */
export function missingIn(histogram: Histogram, adaptor: AdaptorName): string[] {
  const all = { ...required, ...(adaptor === "plugin" && requiredOfPlugin) };
  return Object.entries(all).flatMap(([category, events]) =>
    events.filter((event) => histogram.of(category, event) === 0).map((event) => `${category}: ${event}`),
  );
}
