import { invalidParameter } from "../api-errors";
import type { Parameters } from "../wire/parameters";

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
 */
export function pageRequest(
  parameters: Parameters,
  limits: { readonly min: number; readonly max: number },
): PageRequest {
  const token = parameters.text("NextToken");
  const asked = parameters.integer("MaxResults", -1_000_000, 1_000_000);
  const byNumber = numberedPage(parameters, 100);
  if (token === undefined && asked === undefined && parameters.text("PageNumber") !== undefined)
    return byNumber;
  const pageSize = parameters.integer("PageSize", 1, 100) ?? limits.min;
  const size =
    token === undefined && asked === undefined
      ? pageSize
      : Math.min(limits.max, Math.max(limits.min, asked ?? limits.min));
  const after = token === undefined ? undefined : readToken(token);
  return (sorted, idOf) => {
    const rest = after === undefined ? sorted : sorted.filter((item) => idOf(item) > after);
    const items = rest.slice(0, size);
    const last = items.at(-1);
    const NextToken = last !== undefined && rest.length > size ? writeToken(idOf(last)) : "";
    return { items, fields: { TotalCount: sorted.length, PageNumber: 1, PageSize: size, NextToken } };
  };
}

/** Pages by PageNumber and PageSize only. */
export function numberedPage(parameters: Parameters, maxPageSize: number): PageRequest {
  const PageNumber = parameters.integer("PageNumber", 1, 1_000_000) ?? 1;
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
