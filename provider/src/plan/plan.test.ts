import type { NetworkInterface } from "../ecs/port";
import { networkInterface } from "../testing/network-interface";
import { observationOf } from "../testing/observation";
import { planChanges, type Goal, type Observation } from "./plan";

const eni = networkInterface({ status: "Available", instanceId: undefined });

/** Addresses 10.0.1.<host>. */
const at = (...hosts: number[]) => hosts.map((host) => `10.0.1.${host}`);
const range = (first: number, count: number) =>
  at(...Array.from({ length: count }, (_unused, i) => first + i));

/** The first prefixes behind 10.0.2.0. */
const prefixRange = (count: number) => Array.from({ length: count }, (_unused, i) => `10.0.2.${16 * i}/28`);

function plan(
  goal: Partial<Goal>,
  present: readonly string[] = [],
  { seen, ...observation }: Partial<Omit<Observation, "seen">> & { seen?: Partial<NetworkInterface> } = {},
) {
  return planChanges(
    { of: "address", wanted: [], owned: [], refuseOthers: false, allowUnassignWithEip: false, ...goal },
    observationOf({ ...eni, secondaryIpAddresses: present, ...seen }, observation),
  );
}

/** The refusals, each as `property: reason`. */
const refusals = (made: ReturnType<typeof plan>) =>
  made.refusals.map(({ property, reason }) => `${property}: ${reason}`);

test.each([
  { what: "an empty ENI", wanted: at(20, 21), owned: [], present: [], assign: at(20, 21), unassign: [] },
  { what: "what is there already", wanted: at(20), owned: at(20), present: at(20), assign: [], unassign: [] },
  {
    what: "what is there and not owned",
    wanted: at(20),
    owned: [],
    present: at(20),
    assign: [],
    unassign: [],
  },
  { what: "a change", wanted: at(21), owned: at(20), present: at(20), assign: at(21), unassign: at(20) },
  {
    what: "drift: one lost",
    wanted: at(20, 21),
    owned: at(20),
    present: at(20),
    assign: at(21),
    unassign: [],
  },
  {
    what: "owned, but gone already",
    wanted: [],
    owned: at(20, 21),
    present: at(21),
    assign: [],
    unassign: at(21),
  },
  { what: "the end", wanted: [], owned: at(20, 21), present: at(20, 21), assign: [], unassign: at(20, 21) },
  {
    what: "disorder",
    wanted: at(100, 20),
    owned: at(9, 30),
    present: at(30, 9),
    assign: at(20, 100),
    unassign: at(9, 30),
  },
])("$what: assigns $assign, unassigns $unassign", ({ wanted, owned, present, assign, unassign }) => {
  const made = plan({ wanted, owned }, present);
  expect(made).toMatchObject({ assign, unassign, left: [], unmanaged: [], refusals: [] });
  expect(made.steps.flatMap((step) => step.addresses)).toEqual([...assign, ...unassign]);
});

describe("what the resource does not own", () => {
  test("is reported, and stays", () => {
    expect(plan({ wanted: at(20), owned: at(20) }, at(20, 31, 30))).toMatchObject({
      unassign: [],
      unmanaged: at(30, 31),
      steps: [],
      refusals: [],
    });
  });

  test("stands in the way of a create, whose refusal prints it as the list that would allow it", () => {
    const made = plan({ wanted: at(20), refuseOthers: true }, at(31, 30));
    expect(made.steps).toEqual([]);
    expect(refusals(made)).toEqual([
      expect.stringMatching(
        /^unassignOnCreate: eni-x already holds 2 .*unassignOnCreate: \["10\.0\.1\.30","10\.0\.1\.31"\]/,
      ),
    ]);
  });

  test("may go at a create that lists it, and only that", () => {
    expect(plan({ wanted: at(20), owned: at(30), refuseOthers: true }, at(30))).toMatchObject({
      assign: at(20),
      unassign: at(30),
      refusals: [],
    });
    expect(plan({ wanted: at(20), owned: at(30), refuseOthers: true }, at(30, 31))).toMatchObject({
      unassign: at(30),
      unmanaged: at(31),
      steps: [],
      refusals: [{ property: "unassignOnCreate" }],
    });
  });

  test.each(["claimed", "inherited"])("is nobody's surprise when it is %s", (how) => {
    expect(plan({ wanted: at(20), refuseOthers: true }, at(30), { [how]: at(30) })).toMatchObject({
      unassign: [],
      unmanaged: [],
      refusals: [],
    });
  });
});

describe("an address that another resource claims", () => {
  test("is left, though it is owned and no longer wanted", () => {
    expect(plan({ owned: at(20, 21, 22) }, at(20, 21, 22), { claimed: at(21, 22, 40) })).toMatchObject({
      unassign: at(20),
      left: at(21, 22),
      unmanaged: [],
    });
  });

  test("is assigned all the same when it is wanted and missing", () => {
    expect(plan({ wanted: at(20) }, [], { claimed: at(20) })).toMatchObject({ assign: at(20), left: [] });
  });

  test("is not left where it is not", () => {
    expect(plan({ owned: at(20) }, [], { claimed: at(20) }).left).toEqual([]);
  });
});

test("inherited addresses protect nothing that the resource itself owns", () => {
  expect(plan({ owned: at(20) }, at(20), { inherited: at(20) }).unassign).toEqual(at(20));
});

describe("the primary address", () => {
  test("is refused as a wish", () => {
    const made = plan({ wanted: at(10, 20) });
    expect(made.steps).toEqual([]);
    expect(refusals(made)).toEqual([
      expect.stringContaining("privateIpAddresses: 10.0.1.10 is the primary address of eni-x"),
    ]);
  });

  test("is never unassigned, even if the state lists it and the read shows it among the secondary ones", () => {
    expect(plan({ owned: at(10, 20) }, at(10, 20)).unassign).toEqual(at(20));
  });
});

describe("addresses that the vSwitch cannot have", () => {
  const cidrBlock = "10.0.1.0/24";

  test("are refused one by one", () => {
    const made = plan({ wanted: [...at(0, 20, 254), "10.0.2.20"] }, [], { cidrBlock });
    expect(made.steps).toEqual([]);
    expect(refusals(made)).toEqual([
      expect.stringMatching(/^privateIpAddresses: 10\.0\.1\.0 is reserved/),
      expect.stringMatching(/^privateIpAddresses: 10\.0\.1\.254 is reserved/),
      expect.stringMatching(/^privateIpAddresses: 10\.0\.2\.20 is outside/),
    ]);
  });

  test("are no problem where they are there already, or are to go", () => {
    expect(plan({ wanted: at(254), owned: at(254, 255) }, at(254, 255), { cidrBlock }).refusals).toEqual([]);
  });

  test("pass where the block is not known", () => {
    expect(plan({ wanted: ["192.168.0.1"] }).refusals).toEqual([]);
  });
});

describe("an ENI of a cloud service", () => {
  const seen = { serviceManaged: true };

  test.each([
    ["to assign", { wanted: at(20) }, []],
    ["to unassign", { owned: at(20) }, at(20)],
  ])("is refused when there is something %s", (_what, goal, present) => {
    const made = plan(goal, present, { seen });
    expect(made.steps).toEqual([]);
    expect(refusals(made)).toEqual([expect.stringMatching(/^networkInterfaceId: eni-x is managed by/)]);
  });

  test.each([
    ["nothing changes", { wanted: at(20), owned: at(20) }, at(20), []],
    ["another resource wants the rest", { owned: at(20) }, at(20), at(20)],
  ])("passes when %s", (_what, goal, present, claimed) => {
    expect(plan(goal, present, { seen, claimed }).refusals).toEqual([]);
  });
});

describe("the capacity", () => {
  test.each([
    { what: "just fits", wanted: range(20, 49), present: [], prefixes: 0, fits: true },
    { what: "is one too many", wanted: range(20, 50), present: [], prefixes: 0, fits: false },
    { what: "just fits beside prefixes", wanted: range(20, 47), present: [], prefixes: 2, fits: true },
    { what: "is one too many beside prefixes", wanted: range(20, 48), present: [], prefixes: 2, fits: false },
    {
      what: "just fits beside others' addresses",
      wanted: range(20, 46),
      present: at(200, 201, 202),
      prefixes: 0,
      fits: true,
    },
    {
      what: "is one too many beside others' addresses",
      wanted: range(20, 47),
      present: at(200, 201, 202),
      prefixes: 0,
      fits: false,
    },
  ])("$wanted.length addresses: $what", ({ wanted, present, prefixes, fits }) => {
    const made = plan({ wanted }, present, { capacity: 49, seen: { ipv4Prefixes: prefixRange(prefixes) } });
    expect(made.refusals).toHaveLength(fits ? 0 : 1);
    expect(made.steps).toHaveLength(fits ? 5 : 0);
  });

  test("is named by the refusal, with what it would take and the status", () => {
    expect(refusals(plan({ wanted: range(20, 50) }, [], { capacity: 49 }))).toEqual([
      "privateIpAddresses: eni-x would hold 50 secondary addresses and prefixes, but it can hold 49 while it is " +
        "Available; want fewer, or spread them over more ENIs",
    ]);
  });

  test("is kept on the way: as much goes first as the next call needs", () => {
    const made = plan({ wanted: range(60, 30), owned: range(20, 30) }, range(20, 30), { capacity: 30 });
    expect(made.steps.map(({ action }) => action)).toEqual([
      "unassign",
      "assign",
      "unassign",
      "assign",
      "unassign",
      "assign",
    ]);
  });

  test("is no reason to touch an ENI that holds more than it can, as long as nothing comes", () => {
    expect(
      plan({ wanted: range(20, 50), owned: range(20, 50) }, range(20, 50), { capacity: 49 }),
    ).toMatchObject({
      steps: [],
      refusals: [],
    });
    expect(plan({ owned: range(20, 5) }, range(20, 55), { capacity: 49 })).toMatchObject({
      unassign: range(20, 5),
      refusals: [],
    });
  });
});

test("every reason is said at once, and nothing is done", () => {
  const made = plan({ wanted: [...range(10, 50), "10.0.2.1"], refuseOthers: true }, at(200), {
    capacity: 49,
    cidrBlock: "10.0.1.0/24",
    seen: { serviceManaged: true },
  });
  expect(made.refusals.map(({ property }) => property)).toEqual([
    "privateIpAddresses", // the primary
    "privateIpAddresses", // outside the block
    "unassignOnCreate",
    "networkInterfaceId",
    "privateIpAddresses", // the capacity
  ]);
  expect(made.steps).toEqual([]);
});

describe("an address that an EIP is bound to", () => {
  const seen = { eipBoundAddresses: at(20) };

  test("is not unassigned, and the refusal names it and the ways out", () => {
    const made = plan({ owned: at(20, 21) }, at(20, 21), { seen });
    expect(refusals(made)).toEqual([
      "allowUnassignWithEip: an EIP is bound to 10.0.1.20, which would be unassigned; unbind it first, keep the address, " +
        "or set allowUnassignWithEip: true",
    ]);
    expect(made.steps).toEqual([]);
  });

  test("goes where that is allowed", () => {
    const made = plan({ owned: at(20, 21), allowUnassignWithEip: true }, at(20, 21), { seen });
    expect(made).toMatchObject({ refusals: [], unassign: at(20, 21) });
  });

  test("is in nobody's way while it stays", () => {
    expect(plan({ wanted: at(20), owned: at(20, 21) }, at(20, 21), { seen })).toMatchObject({
      refusals: [],
      unassign: at(21),
    });
  });
});

test("while another ENI holds what is wanted, all unassigning comes first: it may be waiting for one of these", () => {
  const made = plan({ wanted: range(60, 3), owned: range(20, 12) }, range(20, 12), { contended: true });
  expect(made.steps.map(({ action, addresses }) => `${action} ${addresses.length}`)).toEqual([
    "unassign 10",
    "unassign 2",
    "assign 3",
  ]);
});

describe("prefixes", () => {
  const both = { seen: { ipv4Prefixes: ["10.0.1.32/28", "10.0.1.48/28"] } };
  const ofPrefixes = (goal: Partial<Goal>) => ({ of: "prefix" as const, ...goal });

  test("are compared with the prefixes of the ENI alone", () => {
    const made = plan(
      ofPrefixes({ wanted: ["10.0.1.32/28", "10.0.1.64/28"], owned: ["10.0.1.32/28", "10.0.1.48/28"] }),
      at(20),
      both,
    );
    expect(made).toMatchObject({
      of: "prefix",
      assign: ["10.0.1.64/28"],
      unassign: ["10.0.1.48/28"],
      unmanaged: [],
      refusals: [],
    });
  });

  test("are nothing to a resource that manages addresses, nor addresses to one that manages prefixes", () => {
    expect(plan({ wanted: at(20), refuseOthers: true }, at(20), both)).toMatchObject({
      unmanaged: [],
      steps: [],
      refusals: [],
    });
    const wanted = both.seen.ipv4Prefixes;
    expect(plan(ofPrefixes({ wanted, refuseOthers: true }), at(20), both)).toMatchObject({
      unmanaged: [],
      steps: [],
      refusals: [],
    });
  });

  test("that stand in the way of a create are named as the list that would let them go", () => {
    const made = plan(ofPrefixes({ wanted: ["10.0.1.32/28"], refuseOthers: true }), at(20), both);
    expect(refusals(made)).toEqual([expect.stringContaining('unassignOnCreate: ["10.0.1.48/28"]')]);
    expect(refusals(made)[0]).toContain("1 prefixes that ipv4Prefixes does not list");
  });

  test("take the place of the addresses that the resource had, which go in a call of their own", () => {
    const made = plan(ofPrefixes({ wanted: ["10.0.1.64/28"], owned: at(20, 21) }), at(20, 21));
    expect(made.steps).toEqual([
      { action: "assign", kind: "prefix", addresses: ["10.0.1.64/28"] },
      { action: "unassign", kind: "address", addresses: at(20, 21) },
    ]);
  });

  test("come after the addresses that they contain have gone", () => {
    const made = plan(ofPrefixes({ wanted: ["10.0.1.16/28"], owned: at(20, 40) }), at(20, 40));
    expect(made.steps.map(({ action, kind }) => `${action} ${kind}`)).toEqual([
      "unassign address",
      "assign prefix",
    ]);
    const back = plan({ wanted: at(50), owned: ["10.0.1.48/28"] }, [], both);
    expect(back.steps.map(({ action, kind }) => `${action} ${kind}`)).toEqual([
      "unassign prefix",
      "assign address",
    ]);
  });

  test.each<[string, Partial<Goal>, string]>([
    [
      "an address that stays",
      ofPrefixes({ wanted: ["10.0.1.16/28"] }),
      "ipv4Prefixes: 10.0.1.16/28 shares addresses with 10.0.1.20, which eni-x holds and this resource may not " +
        "unassign; use another one, or let go of 10.0.1.20 first",
    ],
    [
      "a prefix that stays",
      { wanted: at(50) },
      "privateIpAddresses: 10.0.1.50 shares addresses with 10.0.1.48/28, which eni-x holds and this resource may not " +
        "unassign; use another one, or let go of 10.0.1.48/28 first",
    ],
    [
      "the primary address",
      ofPrefixes({ wanted: ["10.0.1.0/28"] }),
      "ipv4Prefixes: 10.0.1.0/28 contains 10.0.1.10, the primary address of eni-x; use another prefix",
    ],
  ])("are refused where they overlap %s", (_what, goal, refusal) => {
    const made = plan(goal, at(20), both);
    expect(refusals(made)).toEqual([refusal]);
    expect(made.steps).toEqual([]);
  });

  test("must lie in the vSwitch's block; whether they may hold its reserved addresses is the API's to say", () => {
    const made = plan(ofPrefixes({ wanted: ["10.0.1.240/28", "10.0.2.0/28"] }), [], {
      cidrBlock: "10.0.1.0/24",
    });
    expect(refusals(made)).toEqual([
      "ipv4Prefixes: 10.0.2.0/28 is outside the vSwitch's CIDR block 10.0.1.0/24",
    ]);
  });

  test("are counted beside addresses where the ENI's capacity is concerned", () => {
    const made = plan(ofPrefixes({ wanted: prefixRange(3) }), range(20, 4), { capacity: 6 });
    expect(refusals(made)).toEqual([
      "ipv4Prefixes: eni-x would hold 7 secondary addresses and prefixes, but it can hold 6 while it is Available; " +
        "want fewer, or spread them over more ENIs",
    ]);
  });

  test("are picked by the cloud up to a count, and dropped the newest first", () => {
    expect(plan(ofPrefixes({ count: { of: 3, oldestFirst: [] } }), at(20), both)).toMatchObject({
      pick: 1,
      steps: [{ action: "assign", kind: "prefix", addresses: [], pick: 1 }],
    });
    const owned = both.seen.ipv4Prefixes;
    const oldestFirst = [...owned].reverse();
    expect(plan(ofPrefixes({ count: { of: 1, oldestFirst }, owned }), at(20), both)).toMatchObject({
      unassign: ["10.0.1.32/28"],
    });
  });

  test("that are too many and may not go are named by what they are", () => {
    const count = { of: 1, oldestFirst: [] };
    expect(refusals(plan(ofPrefixes({ count, refuseOthers: true }), [], both))).toEqual([
      expect.stringContaining("eni-x already holds 2 prefixes, and ipv4PrefixCount is 1."),
    ]);
    expect(refusals(plan(ofPrefixes({ count }), [], both))).toEqual([
      expect.stringContaining("ipv4PrefixCount: eni-x holds 2 prefixes, and 1 of them would have to go"),
    ]);
  });
});

describe("an ENI of which the API does not say which address is the primary one", () => {
  const seen = { primaryIpAddress: "" };

  test("keeps all that it holds: one of them could be it", () => {
    expect(refusals(plan({ owned: at(20) }, at(20), { seen }))).toEqual([
      "networkInterfaceId: the API does not say which address of eni-x is the primary one; nothing is unassigned before it does",
    ]);
  });

  test("may be given more", () => {
    expect(plan({ wanted: at(20) }, [], { seen })).toMatchObject({ refusals: [], assign: at(20) });
    expect(plan({ of: "prefix", wanted: ["10.0.1.0/28"] }, [], { seen })).toMatchObject({ refusals: [] });
  });
});

describe("a count", () => {
  const count = (of: number) => ({ count: { of, oldestFirst: [] } });

  test("is refused where so many cannot fit, under its own name, and not where they just do", () => {
    expect(refusals(plan(count(6), at(20, 21), { capacity: 5 }))).toEqual([
      "secondaryPrivateIpAddressCount: eni-x would hold 6 secondary addresses and prefixes, but it can hold 5 while it is " +
        "Available; want fewer, or spread them over more ENIs",
    ]);
    expect(plan(count(5), at(20, 21), { capacity: 5 })).toMatchObject({ refusals: [], pick: 3 });
  });

  test("is not picked on an ENI that a service manages", () => {
    const seen = { serviceManaged: true };
    expect(refusals(plan(count(2), [], { seen }))).toEqual([
      expect.stringContaining("networkInterfaceId: eni-x"),
    ]);
    expect(plan(count(0), [], { seen })).toMatchObject({ refusals: [], steps: [] });
  });

  test("never drops the primary address, whatever the state says", () => {
    const seen = { secondaryIpAddresses: at(10, 20) };
    expect(plan({ ...count(0), owned: at(10, 20) }, at(10, 20), { seen }).unassign).toEqual(at(20));
  });

  test("that would take too much away says what may be done", () => {
    expect(refusals(plan({ ...count(1), refuseOthers: true }, at(20, 21)))).toEqual([
      "unassignOnCreate: eni-x already holds 2 secondary addresses, and secondaryPrivateIpAddressCount is 1. They may belong " +
        "to something else, or be left over from a create that was killed. Want more, or allow some to be unassigned, such as " +
        'unassignOnCreate: ["10.0.1.21"]',
    ]);
    expect(refusals(plan(count(1), at(20, 21)))).toEqual([
      "secondaryPrivateIpAddressCount: eni-x holds 2 secondary addresses, and 1 of them would have to go that may not: an EIP " +
        "is bound to them, or they are not this resource's own (`pulumi refresh` makes them so)",
    ]);
  });

  describe("a count that is to take over fewer than are there", () => {
    const takingOver = (of: number, eipBoundAddresses: string[]) =>
      refusals(plan({ ...count(of), refuseOthers: true }, at(20, 21, 22), { seen: { eipBoundAddresses } }));

    test("is told of those that could go, and not of one that an EIP is bound to", () => {
      expect(takingOver(1, at(22))).toEqual([
        expect.stringContaining('unassignOnCreate: ["10.0.1.20","10.0.1.21"]'),
      ]);
    });

    test("is refused for good where EIPs are bound to more than it wants", () => {
      expect(takingOver(0, at(22))).toEqual([
        "secondaryPrivateIpAddressCount: eni-x already holds 3 secondary addresses, and secondaryPrivateIpAddressCount is 0; an " +
          "EIP is bound to 10.0.1.22, which a count never unassigns. Want at least 1, or unbind it first",
      ]);
    });
  });
});

test("each refusal ends with what to do", () => {
  const made = plan({ wanted: at(10, 30), refuseOthers: true, owned: at(20, 21) }, at(20, 21, 40, 41), {
    seen: { serviceManaged: true, eipBoundAddresses: at(20, 21) },
  });
  expect(refusals(made)).toEqual([
    "privateIpAddresses: 10.0.1.10 is the primary address of eni-x, which comes and goes with the ENI; list secondary addresses only",
    "unassignOnCreate: eni-x already holds 2 secondary addresses that privateIpAddresses does not list. They may belong to " +
      "something else, or be left over from a create that was killed. Add to privateIpAddresses what is to stay, and allow the " +
      'rest to be unassigned with unassignOnCreate: ["10.0.1.40","10.0.1.41"]. If another resource of this program, or this ' +
      "one before a rename or --replace, is about to release them, run `pulumi up` for that alone first, or use the option " +
      "`aliases`",
    expect.stringMatching(/^networkInterfaceId: eni-x is managed by .*; use an ENI of your own$/),
    "allowUnassignWithEip: an EIP is bound to 10.0.1.20, 10.0.1.21, which would be unassigned; unbind it first, keep the " +
      "address, or set allowUnassignWithEip: true",
  ]);
});

test.each([
  ["", "eni-x is managed by an Alibaba Cloud service, which alone"],
  ["Created by NLB", 'eni-x is managed by an Alibaba Cloud service: "Created by NLB", which alone'],
])("an ENI that a service manages is refused with what is known of it: %p", (managingService, expected) => {
  const seen = { serviceManaged: true, managingService };
  expect(refusals(plan({ wanted: at(20) }, [], { seen }))).toEqual([expect.stringContaining(expected)]);
});
