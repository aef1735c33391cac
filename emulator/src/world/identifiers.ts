import { randomBytes } from "node:crypto";

/** Ids are as long as the cloud's: a prefix and twenty characters. */
export function newId(prefix: "eni" | "i" | "vpc" | "vsw" | "eip"): string {
  return `${prefix}-${BigInt(`0x${randomBytes(13).toString("hex")}`)
    .toString(36)
    .padStart(20, "0")
    .slice(-20)}`;
}

/** Locally administered, and derived from the id: a seed gives the same one every time. */
export function macAddress(eniId: string): string {
  let hash = 0;
  for (const character of eniId) hash = (hash * 31 + character.charCodeAt(0)) >>> 0;
  const octets = [24, 16, 8, 0].map((shift) => ((hash >>> shift) & 255).toString(16).padStart(2, "0"));
  return ["02", "16", ...octets].join(":");
}

/** A time as the API writes it: without milliseconds. */
export function apiTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
