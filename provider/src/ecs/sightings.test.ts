import { networkInterface } from "../../../test/support/network-interface";
import { EcsError } from "./ecs-error";
import type { Kind } from "./port";
import { Sightings } from "./sightings";

const [a, b] = ["10.0.1.20", "10.0.1.48/28"] as const;
const confirmMs = 2_000;

/** Reads, each with what it shows, and confirmed changes: `assign`, `unassign`; `none`: the ENI is not found. */
type Event = readonly [
  atMs: number,
  what:
    readonly string[] | "assign a" | "unassign a" | "unassign b" | "none" | "exists" | "no prefixes listed",
];

function sightingsOf(events: readonly Event[]): Sightings {
  const sightings = new Sightings();
  for (const [atMs, what] of events) {
    if (what === "assign a") sightings.addChange("assign", [a], atMs);
    else if (what === "unassign a") sightings.addChange("unassign", [a], atMs);
    else if (what === "unassign b") sightings.addChange("unassign", [b], atMs);
    else if (what === "none") sightings.addMissing(atMs);
    else if (what === "exists") sightings.addExistence();
    else if (what === "no prefixes listed") sightings.addRead([], atMs, ["address"]);
    else sightings.addRead(what, atMs);
  }
  return sightings;
}

describe("the absence of an address", () => {
  test.each<[string, readonly Event[], boolean]>([
    ["no read", [], false],
    ["one read", [[0, []]], false],
    [
      "two reads without a pause",
      [
        [0, []],
        [1_999, []],
      ],
      false,
    ],
    [
      "two reads with a pause",
      [
        [0, []],
        [2_000, []],
      ],
      true,
    ],
    [
      "three reads in the time of a pause",
      [
        [0, []],
        [1_000, []],
        [2_000, []],
      ],
      true,
    ],
    [
      "the last read shows it",
      [
        [0, []],
        [2_000, [a]],
      ],
      false,
    ],
    [
      "two reads after one that shows it",
      [
        [0, [a]],
        [1_000, []],
        [3_000, []],
      ],
      true,
    ],
    [
      "one read after one that shows it",
      [
        [0, []],
        [2_000, [a]],
        [4_000, []],
      ],
      false,
    ],
    [
      "reads of two replicas in turn",
      [
        [0, []],
        [2_000, [a]],
        [4_000, []],
        [6_000, [a]],
        [8_000, []],
      ],
      false,
    ],
    [
      "a confirmed unassign",
      [
        [0, [a]],
        [1, "unassign a"],
      ],
      true,
    ],
    [
      "a confirmed unassign and one read",
      [
        [0, [a]],
        [1, "unassign a"],
        [2, []],
      ],
      true,
    ],
    [
      "a confirmed unassign, and the read after it still shows it",
      [
        [0, [a]],
        [1, "unassign a"],
        [2, [a]],
      ],
      false,
    ],
    [
      "a confirmed unassign, and only its first read shows it",
      [
        [0, [a]],
        [1, "unassign a"],
        [2, [a]],
        [3, []],
      ],
      true,
    ],
    [
      "a confirmed unassign that a read has shown, and another client assigned it again",
      [
        [0, [a]],
        [1, "unassign a"],
        [2, []],
        [3, [a]],
        [4, []],
      ],
      false,
    ],
    [
      "two reads before a confirmed assign",
      [
        [0, []],
        [2_000, []],
        [2_001, "assign a"],
      ],
      false,
    ],
    [
      "one read after a confirmed assign",
      [
        [0, []],
        [2_000, "assign a"],
        [4_000, []],
      ],
      false,
    ],
    [
      "two reads after a confirmed assign",
      [
        [0, "assign a"],
        [1, []],
        [2_001, []],
      ],
      true,
    ],
    [
      "an assign after an unassign",
      [
        [0, "unassign a"],
        [1, "assign a"],
        [2, []],
      ],
      false,
    ],
  ])("%s: confirmed or not", (_what, events, confirmed) => {
    expect(sightingsOf(events).perhapsHeld([a], confirmMs)).toEqual(confirmed ? [] : [a]);
  });

  test("several addresses: each by itself, addresses and prefixes", () => {
    const sightings = sightingsOf([
      [0, [b]],
      [2_000, []],
      [4_000, [a]],
    ]);
    expect(sightings.perhapsHeld([a, b], confirmMs)).toEqual([a]);
  });

  test.each<[string, readonly Event[], boolean]>([
    [
      "two reads that do not list prefixes",
      [
        [0, "no prefixes listed"],
        [2_000, "no prefixes listed"],
      ],
      false,
    ],
    [
      "one read that lists them, and one that does not",
      [
        [0, []],
        [2_000, "no prefixes listed"],
      ],
      false,
    ],
    [
      "two reads that list them, and one between them that does not",
      [
        [0, []],
        [1_000, "no prefixes listed"],
        [2_000, []],
      ],
      true,
    ],
    [
      "a confirmed unassign, and a read that does not list them",
      [
        [0, [b]],
        [1, "unassign b"],
        [2, "no prefixes listed"],
      ],
      true,
    ],
  ])("%s: of a prefix, confirmed or not", (_what, events, confirmed) => {
    const sightings = sightingsOf(events);
    expect(sightings.perhapsHeld([a, b], confirmMs).includes(b)).toBe(!confirmed);
    expect(sightings.wasShown).toBe(true);
  });

  test("a read that can confirm it, after one that does not list prefixes: starts a pause after that", () => {
    const sightings = sightingsOf([[500, "no prefixes listed"]]);
    expect(sightings.confirmableAtMs([b], confirmMs)).toBe(2_500);
  });

  test("a read that can confirm it: starts a pause after the first read that did not show the last of them", () => {
    const sightings = sightingsOf([
      [0, [b]],
      [500, []],
    ]);
    expect(sightings.confirmableAtMs([a], confirmMs)).toBe(2_000);
    expect(sightings.confirmableAtMs([a, b], confirmMs)).toBe(2_500);
  });
});

describe("owned prefixes that an answer may hide", () => {
  const c = "10.0.1.64/28";

  test.each([
    ["does not list prefixes", networkInterface({ listsPrefixes: false }), [b, c]],
    ["lists one of them", networkInterface({ listsPrefixes: false, ipv4Prefixes: [c] }), [b, c]],
    ["lists all prefixes", networkInterface({ ipv4Prefixes: [c] }), [c]],
  ])("an answer that %s: they count as held or not", (_what, eni, held) => {
    expect(new Sightings().withHidden(eni, [a, b, c], confirmMs)).toEqual({ ...eni, ipv4Prefixes: held });
  });

  test.each<[string, string, Kind, string[], boolean, boolean]>([
    ["a refused unassign of one", "InvalidIp.IpUnassigned", "prefix", [b], false, true],
    ["another refusal", "Operation.Conflict", "prefix", [b], false, false],
    ["a refusal of two", "InvalidIp.IpUnassigned", "prefix", [b, c], false, false],
    ["a refusal after an answer that lists prefixes", "InvalidIp.IpUnassigned", "prefix", [b], true, false],
    ["a refusal of an address", "InvalidIp.IpUnassigned", "address", [a], false, false],
  ])("%s: proves that they are gone or not", (_what, code, kind, addresses, listsPrefixes, proves) => {
    const action = "UnassignPrivateIpAddresses";
    const details = {
      action,
      code,
      httpStatus: 403,
      requestId: "R-1",
      verdict: "stale",
      reason: "no",
    } as const;
    const sightings = new Sightings();
    sightings.addRefusal(new EcsError(details), { kind, addresses }, networkInterface({ listsPrefixes }), 5);
    expect(sightings.perhapsHeld(addresses, confirmMs)).toEqual(proves ? [] : addresses);
  });
});

describe("the absence of the ENI", () => {
  test.each<[string, readonly Event[], number | undefined, boolean]>([
    ["no read", [], undefined, false],
    ["one read", [[5, "none"]], 5, false],
    [
      "two reads without a pause",
      [
        [5, "none"],
        [2_004, "none"],
      ],
      5,
      false,
    ],
    [
      "two reads with a pause",
      [
        [5, "none"],
        [2_005, "none"],
      ],
      5,
      true,
    ],
    [
      "a read between them that shows it",
      [
        [5, "none"],
        [1_000, [a]],
        [2_005, "none"],
      ],
      2_005,
      false,
    ],
    [
      "an answer between them without its addresses",
      [
        [5, "none"],
        [1_000, "exists"],
        [2_005, "none"],
      ],
      2_005,
      false,
    ],
    [
      "reads that ended in another order",
      [
        [2_005, "none"],
        [5, "none"],
      ],
      5,
      true,
    ],
  ])("%s: since when, and confirmed or not", (_what, events, sinceMs, confirmed) => {
    const sightings = sightingsOf(events);
    expect(sightings.missingSinceMs).toBe(sinceMs);
    expect(sightings.confirmsMissing(confirmMs)).toBe(confirmed);
  });

  test("says nothing about its addresses", () => {
    const sightings = sightingsOf([
      [0, [a]],
      [1, "none"],
      [4_000, "none"],
    ]);
    expect(sightings.perhapsHeld([a], confirmMs)).toEqual([a]);
  });
});
