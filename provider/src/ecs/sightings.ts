import { sortedAddresses } from "../shared/addresses";
import { EcsError } from "./ecs-error";
import { kindOf, onlyKind, type AddressChange, type Kind, type NetworkInterface } from "./port";

/**
 * What the reads of this process showed of one ENI. Pure: every time comes from the caller.
 *
 * A read may lag behind the ENI, so one read that does not show an address does not mean that it is gone. Its absence is
 * confirmed by a second read after a pause, if no read between them shows it, or by the API's answer to an unassign. The
 * same holds for the ENI itself.
 * @internal
 */
export class Sightings {
  /** The starts of the reads that listed what the ENI holds of each kind. */
  private readonly readsAtMs: Readonly<Record<Kind, number[]>> = { address: [], prefix: [] };
  /** The start of the last read that did not list the prefixes. */
  private unlistedAtMs = 0;
  /** When each address was last shown by a read, or assigned, or perhaps assigned. */
  private readonly shownAtMs = new Map<string, number>();
  /** When the API confirmed an unassign, and whether a read has shown it since. */
  private readonly unassigned = new Map<string, { readonly atMs: number; readonly settled: boolean }>();
  private missing: { readonly sinceMs: number; readonly lastMs: number } | undefined;

  /**
   * A read showed the ENI with these addresses and prefixes.
   *
   * @param listed - the kinds that it listed
   */
  addRead(held: Iterable<string>, readAtMs: number, listed: readonly Kind[] = ["address", "prefix"]): void {
    this.addExistence();
    for (const kind of listed) this.readsAtMs[kind].push(readAtMs);
    if (!listed.includes("prefix")) this.unlistedAtMs = readAtMs;
    const shown = new Set(held);
    for (const address of shown) this.shownAtMs.set(address, readAtMs);
    for (const [address, { atMs, settled }] of this.unassigned) {
      if (!shown.has(address) && !listed.includes(kindOf(address))) continue;
      if (!shown.has(address)) this.unassigned.set(address, { atMs, settled: true });
      else if (settled) this.unassigned.delete(address); // another client has assigned it again
    }
  }

  /** A read showed that the ENI exists, and not what it holds. */
  addExistence(): void {
    this.missing = undefined;
  }

  /** A read by id did not find the ENI. */
  addMissing(readAtMs: number): void {
    const { sinceMs = readAtMs, lastMs = readAtMs } = this.missing ?? {};
    this.missing = { sinceMs: Math.min(sinceMs, readAtMs), lastMs: Math.max(lastMs, readAtMs) };
  }

  /** The API has confirmed a change of these addresses. */
  addChange(action: "assign" | "unassign", addresses: readonly string[], atMs: number): void {
    for (const address of addresses) {
      if (action === "unassign") this.unassigned.set(address, { atMs, settled: false });
    }
    if (action === "assign") this.addAttempt(addresses, atMs);
  }

  /**
   * An assign of these addresses was sent and has failed. It may have taken effect, also in part or later: only reads that begin
   * after it can show that an address is absent.
   */
  addAttempt(addresses: readonly string[], atMs: number): void {
    for (const address of addresses) {
      this.unassigned.delete(address);
      this.shownAtMs.set(address, atMs);
    }
  }

  /**
   * The API has refused a call. A read that lists no prefixes does not show a prefix, and if the API also says that it is not
   * assigned, no read can prove more.
   */
  addRefusal(
    error: unknown,
    { kind, addresses }: Pick<AddressChange, "kind" | "addresses">,
    eni: NetworkInterface | undefined,
    atMs: number,
  ): void {
    const isNotAssigned = error instanceof EcsError && error.code === "InvalidIp.IpUnassigned";
    if (isNotAssigned && kind === "prefix" && addresses.length === 1 && eni?.listsPrefixes === false)
      this.addChange("unassign", addresses, atMs);
  }

  /** Those of these addresses that the last read shows, or whose absence is not confirmed. */
  perhapsHeld(addresses: Iterable<string>, confirmMs: number): string[] {
    return sortedAddresses([...addresses].filter((address) => !this.confirmsAbsence(address, confirmMs)));
  }

  /**
   * The ENI, with those of its owned prefixes that an answer without the list of prefixes may hide. An unassign, or the next
   * answer with the list, shows whether the ENI holds them.
   */
  withHidden(eni: NetworkInterface, owned: Iterable<string>, confirmMs: number): NetworkInterface {
    if (eni.listsPrefixes) return eni;
    const hidden = this.perhapsHeld(onlyKind("prefix", owned), confirmMs);
    return { ...eni, ipv4Prefixes: sortedAddresses([...eni.ipv4Prefixes, ...hidden]) };
  }

  /** When a read can start that confirms the absence of all of these addresses. */
  confirmableAtMs(addresses: readonly string[], confirmMs: number): number {
    const unknownSinceMs = (address: string) => (kindOf(address) === "prefix" ? this.unlistedAtMs : 0);
    return Math.max(
      ...addresses.map((address) => (this.absentSinceMs(address) ?? unknownSinceMs(address)) + confirmMs),
    );
  }

  /** Whether a read showed the ENI. */
  get wasShown(): boolean {
    return this.readsAtMs.address.length > 0;
  }

  /** Since when reads do not find the ENI; `undefined` if the last one found it. */
  get missingSinceMs(): number | undefined {
    return this.missing?.sinceMs;
  }

  /** Whether two reads with a pause between them did not find the ENI. */
  confirmsMissing(confirmMs: number): boolean {
    return this.missing !== undefined && this.missing.lastMs - this.missing.sinceMs >= confirmMs;
  }

  private confirmsAbsence(address: string, confirmMs: number): boolean {
    const lastReadMs = this.readsAtMs[kindOf(address)].at(-1) ?? -Infinity;
    const change = this.unassigned.get(address);
    if (change !== undefined && (change.settled || change.atMs > lastReadMs)) return true;
    const sinceMs = this.absentSinceMs(address);
    return sinceMs !== undefined && lastReadMs - sinceMs >= confirmMs;
  }

  /** The first read since the address was last shown. */
  private absentSinceMs(address: string): number | undefined {
    const shownAtMs = this.shownAtMs.get(address) ?? -Infinity;
    return this.readsAtMs[kindOf(address)].find((readAtMs) => readAtMs > shownAtMs);
  }
}
