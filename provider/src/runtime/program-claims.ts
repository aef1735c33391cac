import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { kindOf } from "../ecs/port";
import type { ToldClaims } from "../resource/ledger";

/**
 * The file in which the program says what its resources want. Program and provider find it by the address of their engine,
 * which both know. It is private, and has hashes instead of ids, names and addresses: an address may be a secret, and a file
 * may end up in a backup. A reader of the file could still try all addresses of a network.
 *
 * @returns `undefined` where the folder cannot be made, or belongs to another user
 * @internal
 */
export function programClaimsFile(engineAddress: string, temporary = tmpdir()): string | undefined {
  try {
    const { uid, username } = userInfo();
    const folder = path.join(temporary, `alicloud-secondary-ips-${uid < 0 ? username : uid}`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    const isPrivate = process.platform === "win32" || (found.uid === uid && (found.mode & 0o077) === 0);
    if (!found.isDirectory() || !isPrivate) return undefined;
    return path.join(folder, claimHash(engineAddress, "engine"));
  } catch {
    return undefined;
  }
}

/** @internal */
export function claimHash(engineAddress: string, text: string): string {
  return createHash("sha256").update(`${engineAddress}\n${text}`).digest("hex");
}

/** What one resource of the program wants on one ENI, as a line of the file. @internal */
export interface ProgramClaim {
  readonly networkInterfaceId: string;
  readonly identity: string;
  readonly listed?: readonly string[];
  readonly counted?: { readonly kind: string; readonly count: number };
}

/**
 * Reads what the program has told of its resources. It can only ever keep an address: a resource of the program that the
 * engine does not send, or sends later, wants it.
 *
 * @param engineAddress - `undefined`: no engine, nothing is told
 * @internal
 */
export function claimsToldTo(engineAddress: string | undefined, temporary?: string): ToldClaims | undefined {
  const file = engineAddress === undefined ? undefined : programClaimsFile(engineAddress, temporary);
  if (engineAddress === undefined || file === undefined) return undefined;
  const told = new ToldLines(file);
  const hash = (text: string) => claimHash(engineAddress, text);
  const listedBeside = (networkInterfaceId: string, addresses: readonly string[]): readonly string[] => {
    const here = hash(networkInterfaceId);
    return addresses.filter((one) => [...told.enisListing(hash(one))].some((eni) => eni !== here));
  };
  const wantedOn = (
    networkInterfaceId: string,
    except: readonly string[],
    oldestFirst: readonly string[],
  ) => {
    const ignored = except.map(hash);
    const claims = told
      .claimsOn(hash(networkInterfaceId))
      .filter(({ identity }) => !ignored.includes(identity));
    if (claims.length === 0) return [];
    // Which addresses a count holds, the program does not know. What moves to another ENI is none of them.
    const moving = new Set(listedBeside(networkInterfaceId, oldestFirst));
    const countable = oldestFirst.filter((one) => !moving.has(one));
    return claims.flatMap(({ listed, counted }) => [
      ...oldestFirst.filter((address) => listed?.includes(hash(address)) === true),
      ...(counted === undefined
        ? []
        : countable.filter((one) => kindOf(one) === counted.kind).slice(0, counted.count)),
    ]);
  };
  return { wantedOn, listedBeside };
}

/** Removes the file when the command ends. @internal */
export function removeClaimsToldTo(engineAddress: string | undefined, temporary?: string): void {
  const file = engineAddress === undefined ? undefined : programClaimsFile(engineAddress, temporary);
  if (file !== undefined) rmSync(file, { force: true });
}

/** The lines of the file. Each is read once, because every operation asks for what a program of 1,000 resources has told. */
class ToldLines {
  private readonly byEni = new Map<string, ProgramClaim[]>();
  private readonly listing = new Map<string, Set<string>>();
  private readBytes = 0;

  constructor(private readonly file: string) {}

  claimsOn(eni: string): readonly ProgramClaim[] {
    this.readMore();
    return this.byEni.get(eni) ?? [];
  }

  /** The ENIs on which a resource lists the address. */
  enisListing(address: string): ReadonlySet<string> {
    this.readMore();
    return this.listing.get(address) ?? new Set();
  }

  private readMore(): void {
    let text: string;
    try {
      const { size } = statSync(this.file);
      if (size === this.readBytes) return;
      // A new program has begun the file again.
      if (size < this.readBytes) this.forget();
      text = readFileSync(this.file).subarray(this.readBytes).toString();
    } catch {
      return;
    }
    // The last line may be incomplete: the program is writing it, or was killed.
    const lines = text.slice(0, text.lastIndexOf("\n") + 1);
    this.readBytes += Buffer.byteLength(lines);
    for (const line of lines.split("\n")) this.add(line);
  }

  private forget(): void {
    this.byEni.clear();
    this.listing.clear();
    this.readBytes = 0;
  }

  private add(line: string): void {
    let claim: ProgramClaim;
    try {
      claim = JSON.parse(line) as ProgramClaim;
    } catch {
      return;
    }
    const { networkInterfaceId: eni, listed = [] } = claim;
    this.byEni.set(eni, [...(this.byEni.get(eni) ?? []), claim]);
    for (const one of listed) this.listing.set(one, (this.listing.get(one) ?? new Set()).add(eni));
  }
}
