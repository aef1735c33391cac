/** The target of a request: its path and query, and the server that an absolute one names. */
export interface RequestTarget {
  readonly authority: string | undefined;
  readonly url: URL;
}

/**
 * Reads a target in the origin form (`/?Action=…`) or the absolute form (`http://host/?Action=…`), which a server has to
 * accept as well (RFC 9112, section 3.2.2). Resolved against a base, a path that begins with two slashes would be a host.
 */
export function readTarget(target: string): RequestTarget {
  const [, authority, rest = target] = /^https?:\/\/([^/?#]*)(.*)$/is.exec(target) ?? [];
  const path = rest.startsWith("/") ? rest : `/${rest}`;
  return { authority, url: new URL(`http://emulator.invalid${path}`) };
}
