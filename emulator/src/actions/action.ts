import type { Parameters, RawParameters } from "../wire/parameters";
import type { Behaviour } from "../world/behaviour";
import type { World } from "../world/world";
import type { Conformance } from "./conformance";

/** The products that share the endpoint, by the version of their API. */
export const apiVersions = { ecs: "2014-05-26", vpc: "2016-04-28", sts: "2015-04-01" } as const;

export type Product = keyof typeof apiVersions;

/** A call whose parameters are in order. */
export interface PreparedCall {
  /** The ENI that the call writes to: no second write to it may run meanwhile. */
  readonly writesTo?: string;
  /** Carries the call out and gives its answer, without the RequestId. */
  perform(world: World): object;
}

/** One operation of the API. */
export interface Action {
  readonly name: string;
  readonly product: Product;
  /** The status of MissingParameter where it is not 400. */
  readonly missingStatus?: 403;
  /** Whether the operation takes a ClientToken; those that do not ignore it. */
  readonly takesClientToken?: true;
  /** What becomes of each parameter that the documentation has: docs/emulator.md lists it. */
  readonly parameters: readonly Conformance[];
  /** How the operation as a whole differs from its documentation. */
  readonly differs?: readonly string[];
  /** Checks the parameters alone: a wrong parameter is refused before anything is looked up. */
  prepare(parameters: Parameters, behaviour: Behaviour): PreparedCall;
}

/**
 * Parameters that do not belong to what is asked: two calls that differ in them only are the same call. What tells who
 * asks, and how, never comes here: `readRequest` keeps it.
 */
const incidental = new Set([
  "ClientToken",
  "OwnerId",
  "OwnerAccount",
  "ResourceOwnerId",
  "ResourceOwnerAccount",
]);

/** The content of a call, for telling whether a ClientToken comes with the same one again. */
export function contentOf(raw: RawParameters): string {
  const entries = Object.entries(raw).filter(([name]) => !incidental.has(name));
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
