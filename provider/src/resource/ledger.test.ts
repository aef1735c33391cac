import { Ledger, type CheckedResource } from "./ledger";
import type { Ownership } from "./model";

const [a, b, c] = ["10.0.1.20", "10.0.1.21", "10.0.1.22"] as const;

let ledger: Ledger;
beforeEach(() => (ledger = new Ledger()));

interface Check {
  readonly eni?: string;
  readonly listed?: readonly string[];
  /** What the resource may keep of what it listed before; without it, what it lists. */
  readonly keeps?: readonly string[];
  readonly ownership?: Ownership | undefined;
  /** What the inputs in the state list for the same ENI, or for another one. */
  readonly before?: readonly string[] | CheckedResource["before"];
  readonly formerIdentity?: string;
}

/** Checks a resource of the program: an additive one of `eni-a` that lists nothing, if nothing else is given. */
function check(identity: string, given: Check = {}): string | undefined {
  const { eni = "eni-a", listed = [], keeps = listed, before, formerIdentity } = given;
  const ownership = "ownership" in given ? given.ownership : "additive";
  return ledger.check({
    identity,
    formerIdentity,
    before: Array.isArray(before) ? { networkInterfaceId: eni, listed: before } : (before as undefined),
    now: { networkInterfaceId: eni, listed, keeps, ownership },
  });
}

describe("claims", () => {
  test("at the start: none", () => {
    expect(ledger.claimedOn("eni-a")).toEqual([]);
    expect(ledger.listedBeforeOn("eni-a")).toEqual([]);
  });

  test("several claims on an ENI: they add up, in numerical order, each once", () => {
    ledger.claim("eni-a", "edge", ["10.0.1.100", a]);
    ledger.claim("eni-a", "core", [a, "10.0.1.3"]);
    ledger.claim("eni-a", "edge", [b]);
    ledger.claim("eni-a", "third", []);
    expect(ledger.claimedOn("eni-a")).toEqual(["10.0.1.3", a, b, "10.0.1.100"]);
  });

  test("the resource that asks for its create or update: its own claims do not count", () => {
    check("edge", { listed: [a] });
    ledger.keep("eni-a", { identity: "edge" }, [b]);
    ledger.expect("eni-a", "edge", [b]);
    ledger.claim("eni-a", "core", [c]);
    expect(ledger.claimedOn("eni-a", "edge")).toEqual([c]);
    expect(ledger.claimedOn("eni-a", "core")).toEqual([a, b]);
    expect(ledger.claimedOn("eni-a")).toEqual([a, b, c]);
  });

  test("addresses that check found on the ENI of a count: claimed, unless a resource lists them on another ENI", () => {
    ledger.expect("eni-a", "count", [a, b]);
    expect(ledger.claimedOn("eni-a")).toEqual([a, b]);
    ledger.expect("eni-a", "count", [b, c]);
    expect(ledger.claimedOn("eni-a")).toEqual([b, c]);
    ledger.claim("eni-b", "edge", [b]);
    ledger.claim("eni-a", "core", [a]);
    expect(ledger.claimedOn("eni-a")).toEqual([a, c]);
  });

  test("another ENI: its claims are its own, so that an address may move from one to the other", () => {
    ledger.claim("eni-a", "edge", [a]);
    expect(ledger.claimedOn("eni-b")).toEqual([]);
  });

  test("names that every object has: ENIs and resources like any other", () => {
    expect(ledger.claimedOn("constructor")).toEqual([]);
    ledger.claim("__proto__", "__proto__", [a]);
    expect(ledger.claimedOn("__proto__")).toEqual([a]);
  });

  test("check: claims the addresses listed now, not those listed before", () => {
    check("edge", { listed: [a], before: [c, b] });
    check("core", { before: [a] });
    expect(ledger.claimedOn("eni-a")).toEqual([a]);
    expect(ledger.listedBeforeOn("eni-a")).toEqual([a, b, c]);
    expect(ledger.listedBeforeOn("eni-b")).toEqual([]);
  });

  test("check of a resource that moves: its old list belongs to the old ENI", () => {
    check("edge", { eni: "eni-b", listed: [a], before: { networkInterfaceId: "eni-a", listed: [a] } });
    expect([ledger.listedBeforeOn("eni-a"), ledger.listedBeforeOn("eni-b")]).toEqual([[a], []]);
    expect([ledger.claimedOn("eni-a"), ledger.claimedOn("eni-b")]).toEqual([[], [a]]);
  });

  test("check before the ENI is known: only the old list is recorded", () => {
    const before = { networkInterfaceId: "eni-a", listed: [a] };
    expect(ledger.check({ identity: "edge", before, now: undefined })).toBeUndefined();
    expect(ledger.claimedOn("eni-a")).toEqual([]);
    expect(ledger.listedBeforeOn("eni-a")).toEqual([a]);
    expect(ledger.isDropped("eni-a", a)).toBe(false);
  });
});

describe("claims that the program tells", () => {
  const told = jest.fn<readonly string[], [string, readonly string[], readonly string[]]>(() => [b]);
  const listedBeside = jest.fn<readonly string[], [string, readonly string[]]>(() => []);
  beforeEach(() => (ledger = new Ledger({ wantedOn: told, listedBeside })));

  test("a claim among what the asking resource owns, but for the resource itself and for deleted ones", () => {
    expect(ledger.claimedOn("eni-a", "edge", [b, a])).toEqual([b]);
    expect(told).toHaveBeenLastCalledWith("eni-a", ["edge"], [b, a]);
    ledger.beginDelete("eni-a", "core");
    expect(ledger.claimedOn("eni-a", undefined, [b])).toEqual([b]);
    expect(told).toHaveBeenLastCalledWith("eni-a", ["core"], [b]);
    ledger.claimedOn("eni-b", undefined, [b]);
    expect(told).toHaveBeenLastCalledWith("eni-b", [], [b]);
  });

  test("a list on another ENI takes an address from what a count expects", () => {
    ledger.expect("eni-a", "count", [a, b]);
    expect(ledger.claimedOn("eni-a")).toEqual([a, b]);
    told.mockReturnValue([]);
    listedBeside.mockReturnValue([a]);
    expect(ledger.claimedOn("eni-a")).toEqual([b]);
    expect(ledger.listedBeside("eni-a", [a, b])).toEqual([a]);
  });
});

describe("addresses that an unchanged resource keeps", () => {
  test("keep: claimed until an operation of that resource begins", () => {
    ledger.keep("eni-a", { identity: "edge" }, [a]);
    ledger.keep("eni-a", { identity: "core" }, [a, b]);
    ledger.keep("eni-b", { identity: "edge" }, [c]);
    expect(ledger.claimedOn("eni-a")).toEqual([a, b]);
    ledger.beginUpdate("eni-a", "core");
    expect(ledger.claimedOn("eni-a")).toEqual([a]);
    ledger.beginDelete("eni-a", "edge");
    ledger.beginDelete("eni-a", "unknown");
    ledger.beginDelete("eni-c", "edge");
    ledger.beginUpdate("eni-c", "edge");
    expect(ledger.claimedOn("eni-a")).toEqual([]);
    expect(ledger.claimedOn("eni-b")).toEqual([c]);
  });

  test("a later keep: replaces the earlier one", () => {
    ledger.keep("eni-a", { identity: "edge" }, [a]);
    ledger.keep("eni-a", { identity: "edge" }, [b]);
    expect(ledger.claimedOn("eni-a")).toEqual([b]);
  });

  test("a resource with a former name: an operation under either name drops the kept addresses", () => {
    const renamed = { identity: "new name", formerIdentity: "old name" };
    ledger.keep("eni-a", renamed, [a]);
    ledger.beginUpdate("eni-a", "old name");
    expect(ledger.claimedOn("eni-a")).toEqual([]);
    ledger.keep("eni-a", renamed, [a]);
    ledger.beginUpdate("eni-a", "another name");
    expect(ledger.claimedOn("eni-a")).toEqual([a]);
    ledger.beginDelete("eni-a", "new name");
    expect(ledger.claimedOn("eni-a")).toEqual([]);
  });

  test("a keep under the new name: replaces the one under the old name, and under both", () => {
    ledger.keep("eni-a", { identity: "old name" }, [a]);
    ledger.keep("eni-a", { identity: "new name", formerIdentity: "old name" }, [b]);
    expect(ledger.claimedOn("eni-a")).toEqual([b]);
    ledger.keep("eni-a", { identity: "new name" }, [c]);
    expect(ledger.claimedOn("eni-a")).toEqual([c]);
    ledger.beginUpdate("eni-a", "old name");
    expect(ledger.claimedOn("eni-a")).toEqual([c]);
  });

  test("check: drops the kept addresses of the resource, under either name, on both ENIs", () => {
    ledger.keep("eni-a", { identity: "old name" }, [a]);
    ledger.keep("eni-a", { identity: "core" }, [b]);
    ledger.keep("eni-b", { identity: "new name" }, [c]);
    const before = { networkInterfaceId: "eni-a", listed: [a] };
    check("new name", { eni: "eni-b", formerIdentity: "old name", before });
    expect([ledger.claimedOn("eni-a"), ledger.claimedOn("eni-b")]).toEqual([[b], []]);
    ledger.keep("eni-a", { identity: "new name" }, [a]);
    check("new name", { formerIdentity: "old name", before });
    expect(ledger.claimedOn("eni-a")).toEqual([b]);
  });

  test("check of a resource that moves to an ENI where another one has its old name: that one keeps its addresses", () => {
    ledger.keep("eni-b", { identity: "old name" }, [a]);
    const before = { networkInterfaceId: "eni-a", listed: [b] };
    check("new name", { eni: "eni-b", formerIdentity: "old name", before });
    expect(ledger.claimedOn("eni-b")).toEqual([a]);
  });

  test("an exclusive resource: drops the kept addresses of the others, unless it is refused", () => {
    ledger.keep("eni-a", { identity: "old name" }, [a]);
    ledger.keep("eni-c", { identity: "old name" }, [c]);
    check("core");
    check("edge", { ownership: "exclusive" });
    expect(ledger.claimedOn("eni-a")).toEqual([a]);
    ledger.keep("eni-b", { identity: "old name" }, [b]);
    check("edge", { eni: "eni-b", ownership: "exclusive", listed: [c] });
    expect(ledger.claimedOn("eni-b")).toEqual([c]);
    expect(ledger.claimedOn("eni-c")).toEqual([c]);
  });

  test("an additive resource: the others keep their addresses", () => {
    ledger.keep("eni-a", { identity: "old name" }, [a]);
    check("edge");
    expect(ledger.claimedOn("eni-a")).toEqual([a]);
  });

  test("delete of a checked resource, as in a replacement: the claims of the new one stay", () => {
    check("edge", { listed: [b] });
    ledger.keep("eni-a", { identity: "edge" }, [a]);
    ledger.beginDelete("eni-a", "edge");
    expect(ledger.claimedOn("eni-a")).toEqual([a, b]);
  });

  test("delete of a resource that was checked for another ENI, or under another name: its kept addresses are dropped", () => {
    check("edge", { eni: "eni-b" });
    check("core");
    ledger.keep("eni-a", { identity: "edge" }, [a]);
    ledger.beginDelete("eni-a", "edge");
    expect(ledger.claimedOn("eni-a")).toEqual([]);
  });

  test("update of a resource: the addresses that it lists stay claimed", () => {
    check("edge", { listed: [a] });
    ledger.beginUpdate("eni-a", "edge");
    expect(ledger.claimedOn("eni-a")).toEqual([a]);
  });
});

describe("resources that share an ENI", () => {
  test("one exclusive resource: no conflict, however often it is checked", () => {
    expect(check("edge", { ownership: "exclusive" })).toBeUndefined();
    expect(check("edge", { ownership: "exclusive" })).toBeUndefined();
  });

  test.each([
    ["exclusive", "exclusive"],
    ["exclusive", "additive"],
    ["additive", "exclusive"],
  ] as const)("%s and %s: each is told of the other", (edge, core) => {
    check("edge", { ownership: edge });
    expect(check("core", { ownership: core })).toBe("edge");
    expect(check("edge", { ownership: edge })).toBe("core");
  });

  test("different ENIs: no conflict", () => {
    check("edge", { ownership: "exclusive" });
    expect(check("core", { eni: "eni-b", ownership: "exclusive" })).toBeUndefined();
  });

  test("additive resources: no conflict, and an exclusive one is told of the first of them", () => {
    check("edge");
    expect(check("core")).toBeUndefined();
    expect(check("third", { ownership: "exclusive" })).toBe("edge");
  });

  test("resources that were not checked, or whose ownership is not known: no conflict", () => {
    ledger.claim("eni-a", "old name", [a]);
    ledger.keep("eni-a", { identity: "older name" }, [b]);
    check("edge", { ownership: undefined });
    expect(check("core", { ownership: "exclusive" })).toBeUndefined();
    expect(check("edge", { ownership: undefined })).toBeUndefined();
  });

  test("a resource that leaves the ENI: no conflict with the next one", () => {
    check("edge", { eni: "eni-b", before: { networkInterfaceId: "eni-a", listed: [a] } });
    expect(check("core", { ownership: "exclusive" })).toBeUndefined();
  });
});

test("unassigned addresses: lost from their ENI until they are assigned again", () => {
  expect(ledger.lostFrom("eni-a")).toEqual([]);
  ledger.unassign("eni-a", ["10.0.1.100", b]);
  ledger.unassign("eni-a", [b, a]);
  expect(ledger.lostFrom("eni-a")).toEqual([a, b, "10.0.1.100"]);
  expect(ledger.lostFrom("eni-b")).toEqual([]);
  ledger.assign("eni-a", [a, "10.0.1.99"]);
  ledger.assign("eni-b", [b]);
  ledger.claim("eni-a", "edge", [c]);
  expect(ledger.lostFrom("eni-a")).toEqual([b, "10.0.1.100"]);
  expect(ledger.lostFrom("eni-b")).toEqual([]);
});
