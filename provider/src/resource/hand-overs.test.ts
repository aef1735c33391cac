import { inspectInputs } from "./inputs";
import { HandOvers } from "./hand-overs";
import { Ledger } from "./ledger";
import { parseState } from "./state";

const eni = "eni-a";
const [a, b] = ["10.0.1.20", "10.0.1.21"];

let ledger: Ledger;
let handOvers: HandOvers;
beforeEach(() => {
  ledger = new Ledger();
  handOvers = new HandOvers(ledger);
  ledger.claim(eni, "taker", [a]);
});

const desired = inspectInputs({
  networkInterfaceId: eni,
  privateIpAddresses: [a],
  region: "cn-hangzhou",
}).desired;
const checked = (identity: string, passed: boolean) => {
  handOvers.checked({ identity }, desired, passed);
};
const left = () => handOvers.leave(eni, [a], "giver");
const leaveAll = () => {
  handOvers.leaveAll(eni, [a]);
};

test.each<[string, () => void, string[]]>([
  ["no check yet: the giver keeps the address", () => undefined, [a]],
  [
    "checked: the taker will record it",
    () => {
      checked("taker", true);
    },
    [],
  ],
  [
    "refused in check: the giver keeps it",
    () => {
      checked("taker", false);
    },
    [a],
  ],
  [
    "failed, owns nothing: the giver keeps it",
    () => {
      handOvers.failed(eni, "taker");
    },
    [a],
  ],
  [
    "failed, owns it: the giver gives it up",
    () => {
      handOvers.failed(eni, "taker", [a]);
    },
    [],
  ],
  [
    "succeeded: the giver gives it up",
    () => {
      handOvers.succeeded({ identity: "taker" }, { ...parseState({ networkInterfaceId: eni }), owned: [a] });
    },
    [],
  ],
  [
    "refused in check, owned it before: the giver gives it up",
    () => {
      handOvers.owns(eni, "taker", [a]);
    },
    [],
  ],
])("leave: a taker that is %s", (_title, arrange, kept) => {
  arrange();
  expect(left()).toEqual(kept);
});

test("leave: the giver's own claim does not count", () => {
  ledger.claim(eni, "another", [a]);
  checked("taker", true);
  expect(handOvers.leave(eni, [a], "taker")).toEqual([a]);
});

test("leave: one of two takers has failed, the other one records the address", () => {
  ledger.claim(eni, "another", [a]);
  checked("taker", false);
  checked("another", true);
  expect(handOvers.leave(eni, [a], "giver")).toEqual([]);
  expect(handOvers.handedTo(eni, "another")).toEqual([a]);
  expect(handOvers.handedTo(eni, "taker")).toEqual([]);
});

test("leave: an address of which only the program tells, the later taker records it", () => {
  expect(handOvers.leave(eni, [b], "giver")).toEqual([]);
  expect(handOvers.handedTo(eni, "taker")).toEqual([]);
  ledger.claim(eni, "taker", [b]);
  expect(handOvers.handedTo(eni, "taker")).toEqual([b]);
  expect(handOvers.handedTo(eni, "another")).toEqual([]);
});

test("handedTo: what was left to the resource, on this ENI, also after its failure", () => {
  checked("taker", true);
  left();
  handOvers.failed(eni, "taker");
  expect(handOvers.handedTo(eni, "taker")).toEqual([a]);
  expect(handOvers.handedTo("eni-b", "taker")).toEqual([]);
});

describe("claims of the program for the resource no longer count", () => {
  const wantedOn = jest.fn<readonly string[], [string, readonly string[]]>(() => []);
  beforeEach(() => {
    ledger = new Ledger({ wantedOn, listedBeside: () => [] });
    handOvers = new HandOvers(ledger);
  });
  const asksExcept = () => {
    ledger.claimedOn(eni, "giver");
    return wantedOn.mock.lastCall?.[1];
  };

  test("after it has failed", () => {
    handOvers.failed(eni, "taker");
    expect(asksExcept()).toEqual(["giver", "taker"]);
  });

  test("after it has succeeded: it claims what its state owns", () => {
    handOvers.succeeded({ identity: "taker" }, { ...parseState({ networkInterfaceId: eni }), owned: [a] });
    expect(asksExcept()).toEqual(["giver", "taker"]);
    expect(ledger.claimedOn(eni)).toEqual([a]);
  });

  test("after check and diff have found it unchanged", () => {
    const now = { networkInterfaceId: eni, listed: [], keeps: [a], ownership: "exclusive" } as const;
    ledger.keep(eni, { identity: "taker" }, [a]);
    expect(asksExcept()).toEqual(["giver"]);
    ledger.check({ identity: "taker", before: undefined, now });
    ledger.keep(eni, { identity: "taker" }, [a]);
    expect(asksExcept()).toEqual(["giver", "taker"]);
  });
});

describe("leaveAll", () => {
  test("a taker that is not known to have failed: trusted", () => {
    expect(leaveAll).not.toThrow();
    checked("taker", true);
    expect(leaveAll).not.toThrow();
    handOvers.failed(eni, "taker", [a]);
    expect(leaveAll).not.toThrow();
  });

  test("a taker that has failed: an error with the address, the resource and what to do", () => {
    checked("taker", false);
    expect(leaveAll).toThrow(
      'cannot give up 10.0.1.20 on eni-a: no other state owns what this program lists elsewhere, because the resource "taker" ' +
        "has failed; correct that, or change what the program lists there, and run `pulumi up` again",
    );
  });

  test("a resource that failed without a readable list: it may want anything", () => {
    handOvers.checked({ identity: "another" }, { ...desired, target: undefined }, false);
    expect(() => {
      handOvers.leaveAll(eni, [b]);
    }).toThrow('the resource "another"');
  });

  test("an address that nothing claims: no error", () => {
    expect(() => {
      handOvers.leaveAll(eni, [b]);
    }).not.toThrow();
  });
});
