import type { IncomingHttpHeaders } from "node:http";

/**
 * The web page that sent a request, if it is a page of somebody else's: browsers let any page send requests to this machine,
 * and name it in `Origin` (https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Origin). Programs send none.
 */
export function foreignPage({ origin, host }: IncomingHttpHeaders): string | undefined {
  return origin === undefined || origin === `http://${host}` ? undefined : origin;
}
