import { createHash } from "node:crypto";

/** The kinds of resources whose ids the emulator makes up. */
export type IdPrefix = "eni" | "i" | "vpc" | "vsw" | "sg" | "sgr" | "eip";

/**
 * The n-th id that a world gives. They look as random as the cloud's, a prefix and twenty characters, and are the same
 * in every run: what a test prints today can be compared with what it printed yesterday.
 */
export function idNumber(n: number, prefix: IdPrefix): string {
  const digest = createHash("sha256").update(`${prefix} ${n}`).digest("hex");
  return `${prefix}-${BigInt(`0x${digest}`).toString(36).padStart(20, "0").slice(-20)}`;
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
