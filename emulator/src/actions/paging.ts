import { invalidParameter } from "../api-errors";
import type { Parameters } from "../wire/parameters";
import type { Behaviour } from "../world/behaviour";
import { documented } from "./conformance";

/** One page of a listing, with the fields that the answer carries about it. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly fields: { TotalCount: number; PageNumber: number; PageSize: number; NextToken?: string };
}

/** A request for a page, either by token or by number. */
export type PageRequest = <Item>(sorted: readonly Item[], idOf: (item: Item) => string) => Page<Item>;

/**
 * Pages by NextToken and MaxResults, or by PageNumber and PageSize where neither of the two is given.
 *
 * @param limits - `MaxResults` is moved into these bounds; the default is the lower one
 * @param maxPageSize - the bound of `PageSize`, beyond which it is refused
 */
export function pageRequest(
  parameters: Parameters,
  behaviour: Behaviour,
  limits: { readonly min: number; readonly max: number },
  maxPageSize = 100,
): PageRequest {
  const byToken = tokenPage(parameters, behaviour, { ...limits, otherwise: limits.min });
  const byNumber = numberedPage(parameters, maxPageSize);
  if (parameters.text("NextToken") !== undefined || parameters.text("MaxResults") !== undefined)
    return byToken;
  if (parameters.text("PageNumber") !== undefined) return byNumber;
  // The first page has a token in either way of paging: the cloud's own sample has one with TotalCount 1.
  const size = parameters.integer("PageSize", 1, maxPageSize);
  return size === undefined ? byToken : tokenSlice(undefined, behaviour, size);
}

/** Pages by NextToken and MaxResults only. */
export function tokenPage(
  parameters: Parameters,
  behaviour: Behaviour,
  limits: { readonly min: number; readonly max: number; readonly otherwise: number },
): PageRequest {
  const asked = parameters.integer("MaxResults", -999_999_999, 999_999_999);
  const size = Math.min(limits.max, Math.max(limits.min, asked ?? limits.otherwise));
  return tokenSlice(parameters.text("NextToken"), behaviour, size);
}

/** The next `size` items behind the one that a token names. */
export function tokenSlice(token: string | undefined, behaviour: Behaviour, size: number): PageRequest {
  const after = token === undefined ? undefined : readToken(token);
  return (sorted, idOf) => {
    const rest = after === undefined ? sorted : sorted.filter((item) => idOf(item) > after);
    const items = rest.slice(0, size);
    const last = items.at(-1);
    const goesOn = rest.length > size || behaviour.lastPageNextToken === "given";
    const NextToken = last !== undefined && goesOn ? writeToken(idOf(last)) : "";
    return { items, fields: { TotalCount: sorted.length, PageNumber: 1, PageSize: size, NextToken } };
  };
}

/** What every call that lists by pages reads. */
export const bothWaysOfPaging = documented("NextToken", "MaxResults", "PageNumber", "PageSize");

/** Pages by PageNumber and PageSize only. */
export function numberedPage(parameters: Parameters, maxPageSize: number): PageRequest {
  const PageNumber = parameters.integer("PageNumber", 1, 999_999_999) ?? 1;
  const PageSize = parameters.integer("PageSize", 1, maxPageSize) ?? 10;
  return (sorted) => ({
    items: sorted.slice((PageNumber - 1) * PageSize, PageNumber * PageSize),
    fields: { TotalCount: sorted.length, PageNumber, PageSize },
  });
}

/** In the order of their ids, so that a token means the same after something was added or removed. */
export function sortedById<Item>(items: Iterable<Item>, idOf: (item: Item) => string): Item[] {
  return [...items].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
}

function writeToken(lastId: string): string {
  return Buffer.from(JSON.stringify({ after: lastId })).toString("base64url");
}

function readToken(token: string): string {
  try {
    const read: unknown = JSON.parse(Buffer.from(token, "base64url").toString());
    if (typeof read === "object" && read !== null && "after" in read && typeof read.after === "string")
      return read.after;
  } catch {
    // Falls through: whatever it is, it is not one of ours.
  }
  throw invalidParameter("NextToken", "it is not one that an earlier page gave");
}
