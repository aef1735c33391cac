import type { LoggedCall } from "./server/logged-call";

/** The longest text of parameters on one line; a call of the API can have 4 MiB. */
const longestParameters = 500;

/**
 * One call as a line for a terminal: `12:00:00.123 #7 AssignPrivateIpAddresses NetworkInterfaceId=eni-1 -> 403 InvalidIp.IpAssigned`.
 * A call that is not answered yet has no arrow. Line breaks and control characters are escaped: a client writes the texts.
 */
export function callLine({ seq, atMs, action, params, status, code }: LoggedCall): string {
  const time = new Date(atMs).toISOString().slice(11, 23);
  const all = Object.entries(params)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
  const shown = all.length > longestParameters ? `${all.slice(0, longestParameters)}…` : all;
  const answer = status === null ? undefined : ["->", String(status), code].filter(Boolean).join(" ");
  return escaped([time, `#${seq}`, action ?? "(no action)", shown, answer].filter(Boolean).join(" "));
}

function escaped(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).padStart(4, "0")}`;
  });
}
