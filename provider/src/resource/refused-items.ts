import type { EcsError } from "../ecs/ecs-error";
import type { Step } from "../plan/steps";
import { addressesInBoth, addressesOnlyIn } from "../shared/addresses";

/*
 * The API refuses a request as a whole and may not say which address is the reason. So a refused request is cut into halves,
 * and each half becomes a request of its own, until every bad address or prefix was refused alone. For b bad ones among the n
 * of one request, that costs at most 2·b·⌈log2 n⌉ requests more, besides one repetition of the first refused request.
 *
 * Bad ones that may become free are then requested together, once after each wait, and searched again when the time for that
 * is over. Pure: no clock, no I/O.
 */

/** An address or a prefix that the API has refused. @internal */
export interface RefusedItem {
  /** The last refusal. */
  readonly error: EcsError;
  /** The time of the first one. */
  readonly sinceMs: number;
  /** Whether another ENI holds it. */
  readonly held: boolean;
  /** Whether it is not requested any more: it was refused alone, and time does not help or is over. */
  readonly givenUp: boolean;
}

/** What refusals say about single addresses and prefixes. @internal */
export interface RefusedItems {
  readonly items: ReadonlyMap<string, RefusedItem>;
  /** Those that were refused since the last wait. */
  readonly tried: readonly string[];
  /** Each of these is a request of its own. */
  readonly apart: readonly (readonly string[])[];
}

/** @internal */
export const nothingRefused: RefusedItems = { items: new Map(), tried: [], apart: [] };

/** A request that the API has refused. @internal */
export interface RefusedRequest {
  readonly step: Step;
  readonly error: EcsError;
  /** What other ENIs are known to hold. */
  readonly heldElsewhere: readonly string[];
  readonly nowMs: number;
  /** How long to wait for an address that may become free. */
  readonly releaseMs: number;
  /** Whether the other ENIs are expected to release theirs, however long it takes. */
  readonly releaseExpected: boolean;
}

/** Codes of a bad address or prefix, besides those that say that the plan is out of date. */
const badItem = /^Invalid(?:Ip|PrivateIpAddress|Ipv4Prefix)(?:\.|$)|^InvalidVSwitchId\.IpInvalid$/;

/** Whether a single address or prefix of the request may be the reason. @internal */
export function isAboutItems({ code, verdict }: EcsError, { addresses }: Step): boolean {
  if (addresses.length === 0) return false;
  return verdict === "stale" || verdict === "invalid-parameter" || badItem.test(code);
}

/** Whether a refused address or prefix has had the time to become free. @internal */
export function isDue(
  { items }: RefusedItems,
  one: string,
  { nowMs, releaseMs }: Pick<RefusedRequest, "nowMs" | "releaseMs">,
): boolean {
  const item = items.get(one);
  return item !== undefined && nowMs - item.sinceMs >= releaseMs;
}

/** Adds a refusal: cuts the request into halves, or notes what was refused. @internal */
export function noteRefusal(before: RefusedItems, request: RefusedRequest): RefusedItems {
  const { addresses } = request.step;
  const held = addressesInBoth(addresses, request.heldElsewhere);
  if (held.length > 0) return withRefused(before, held, request, true);
  const known = addresses.every((one) => before.items.has(one));
  const waits = known && !addresses.some((one) => isDue(before, one, request));
  if (addresses.length === 1 || waits) return withRefused(before, addresses, request, false);
  const middle = Math.ceil(addresses.length / 2);
  return {
    ...before,
    apart: [...remaining(before.apart, addresses), addresses.slice(0, middle), addresses.slice(middle)],
  };
}

function withRefused(
  before: RefusedItems,
  refused: readonly string[],
  request: RefusedRequest,
  held: boolean,
): RefusedItems {
  const { error, nowMs, releaseExpected } = request;
  const items = new Map(before.items);
  for (const one of refused) {
    const earlier = before.items.get(one);
    const sinceMs = earlier?.sinceMs ?? nowMs;
    // What another ENI has released since the last refusal is requested once more.
    const mayBeFree = held ? releaseExpected : earlier?.held === true;
    const isOver = isDue(before, one, request) && !mayBeFree;
    const alone = held || refused.length === 1;
    items.set(one, { error, sinceMs, held, givenUp: alone && (error.verdict !== "stale" || isOver) });
  }
  return { items, tried: [...before.tried, ...refused], apart: remaining(before.apart, refused) };
}

function remaining(apart: RefusedItems["apart"], gone: readonly string[]): readonly (readonly string[])[] {
  return apart.map((one) => addressesOnlyIn(one, gone)).filter((one) => one.length > 0);
}

/** After a wait: requests the addresses that may be free by now, apart from everything else. @internal */
export function afterWait({ items }: RefusedItems): RefusedItems {
  const again = [...items].filter(([, { givenUp }]) => !givenUp);
  const apart = [true, false].map((held) =>
    again.filter(([, item]) => item.held === held).map(([one]) => one),
  );
  return { items, tried: [], apart: apart.filter((one) => one.length > 0) };
}

/** What is not requested before the next wait. @internal */
export function setAside({ items, tried }: RefusedItems): readonly string[] {
  return [...tried, ...[...items].filter(([, { givenUp }]) => givenUp).map(([one]) => one)];
}
