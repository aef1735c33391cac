import { isIPv4 } from "node:net";
import type { IncomingHttpHeaders } from "node:http";

/** The parts of a request that say where it comes from and which server it means. */
export interface RequestSource {
  /** The value of `Host`, or the authority of an absolute target, which replaces it (RFC 9112, section 3.2.2). */
  readonly authority: string | undefined;
  readonly headers: Pick<IncomingHttpHeaders, "origin" | "sec-fetch-site">;
  /** The address at which the connection arrived. */
  readonly localAddress: string | undefined;
  /** A file of the page, opened in a tab by a link: it changes nothing and shows nothing to the other page. */
  readonly opensPage: boolean;
}

/** An authority as a client writes it: a name or an address, and perhaps a port. */
const authorityForm = /^(\[[0-9a-f:.]+\]|[^:[\]@/?#\s]+)(?::\d{1,5})?$/;

/**
 * Says why a request is refused, or undefined. A web page can send requests to this machine, also by a name of its own that
 * its DNS server points here (DNS rebinding). Browsers name the page in `Origin` and `Sec-Fetch-Site`
 * (https://www.w3.org/TR/fetch-metadata/), and the name that was resolved in `Host`. Programs send neither of the first two.
 *
 * The port is not compared: a relay, a tunnel or a container's port mapping in front of the emulator has another one.
 *
 * @param host - the address or name that the emulator was told to listen on
 * @param allowedHosts - further names of the emulator, such as that of its container
 */
export function reasonToRefuse(
  source: RequestSource,
  host: string,
  allowedHosts: readonly string[] = [],
): string | undefined {
  const { authority, headers, opensPage } = source;
  const local = hostForm(source.localAddress?.replace(/^::ffff:/, "") ?? host);
  const named = [host, ...allowedHosts].map(hostForm);
  const allowed = [...new Set(["localhost", "127.0.0.1", "[::1]", ...named, local])];
  const ofHere = allowed.filter((name) => name !== "0.0.0.0" && name !== "[::]");
  // HTTP/1.0 has no Host, and no browser sends it.
  if (authority !== undefined) {
    const [, name] = authorityForm.exec(authority.toLowerCase()) ?? [];
    if (name === undefined || !(ofHere.includes(name) || isLoopback(name)))
      return `the Host "${authority}" is not one of this emulator; allowed: ${ofHere.join(", ")}, with any port; call it by one of them, or name this one in --allowed-hosts`;
  }
  const { origin, "sec-fetch-site": site } = headers;
  if (origin !== undefined && origin !== `http://${authority}`)
    return `the Origin "${origin}" is another web page; allowed: no Origin, or that of the emulator's own page, http://${authority}`;
  if (site !== undefined && site !== "same-origin" && site !== "none" && !opensPage)
    return `the request comes from another web page (Sec-Fetch-Site "${site}"); allowed: programs, and the emulator's own page`;
  return undefined;
}

/** All of 127.0.0.0/8 is this machine. */
function isLoopback(name: string): boolean {
  return isIPv4(name) && name.startsWith("127.");
}

function hostForm(host: string): string {
  return host.includes(":") ? `[${host.toLowerCase()}]` : host.toLowerCase();
}
