import type { Kind } from "../ecs/port";
import { networkInterface } from "../testing/network-interface";
import { LostPicks } from "./lost-picks";

const holding = (...secondaryIpAddresses: string[]) => networkInterface({ secondaryIpAddresses });

/** A request of which no answer came. */
function lost(of: Kind, count: number, before: string[] = []): LostPicks {
  const picks = new LostPicks();
  picks.send(of, count, before);
  picks.failed(true);
  return picks;
}

test("what is new after a lost answer came by the request, and is said once", () => {
  const picks = lost("address", 2, ["10.0.1.20"]);
  expect(picks.foundIn(holding("10.0.1.20"))).toEqual([]);
  const shown = holding("10.0.1.20", "10.0.1.30", "10.0.1.31");
  expect(picks.foundIn(shown)).toEqual(["10.0.1.30", "10.0.1.31"]);
  expect(picks.foundIn(shown)).toEqual([]);
});

test("fewer may be somebody else's, and the rest may come later", () => {
  const picks = lost("address", 2);
  expect(picks.foundIn(holding("10.0.1.30"))).toEqual([]);
  expect(picks.foundIn(holding("10.0.1.30", "10.0.1.31"))).toEqual(["10.0.1.30", "10.0.1.31"]);
});

test("of more than were asked for nobody can tell whose is whose, now or later", () => {
  const picks = lost("address", 1);
  expect(picks.foundIn(holding("10.0.1.30", "10.0.1.99"))).toEqual([]);
  expect(picks.foundIn(holding("10.0.1.30"))).toEqual([]);
});

test("prefixes do not come by a request to pick addresses", () => {
  const picks = lost("address", 1);
  expect(picks.foundIn(networkInterface({ ipv4Prefixes: ["10.0.1.32/28"] }))).toEqual([]);
});

test("what an answer names need not be found, what one does not name has to be", () => {
  const picks = lost("address", 1);
  picks.send("address", 1, []);
  picks.answered(["10.0.1.30"]);
  expect(picks.foundIn(holding("10.0.1.30"))).toEqual([]);
  picks.send("address", 1, ["10.0.1.30"]);
  picks.answered([]);
  expect(picks.foundIn(holding("10.0.1.30", "10.0.1.31"))).toEqual(["10.0.1.31"]);
});

test("a request that was refused brings nothing, and one that lists what it wants says nothing of an earlier pick", () => {
  const refused = new LostPicks();
  refused.send("address", 1, []);
  refused.failed(false);
  expect(refused.foundIn(holding("10.0.1.99"))).toEqual([]);
  const picks = lost("address", 1);
  picks.answered(["10.0.1.20"]);
  picks.failed(true);
  expect(picks.foundIn(holding("10.0.1.30"))).toEqual(["10.0.1.30"]);
});
