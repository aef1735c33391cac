import type { NetworkInterface } from "../ecs/port";
import { Contention } from "./contention";
import type { Holder } from "./holders";
import { Releases } from "./releases";

const [address, other] = ["10.0.1.20", "10.0.1.21"];
const holder: Holder = { id: "eni-holder", addresses: [address] };

let releases: Releases;
let contention: Contention;
let lookUps: number;
beforeEach(() => {
  releases = new Releases();
  contention = new Contention(releases);
  lookUps = 0;
});

/** The API has refused; a look-up finds these holders. */
async function refused(holders: readonly Holder[] | undefined, lookAgain = false): Promise<void> {
  const lookUp = () => {
    lookUps += 1;
    return Promise.resolve(holders);
  };
  await contention.note(lookUp, { lookAgain });
}

test("nothing is contended before the API has refused", () => {
  expect(contention.exists).toBe(false);
  expect(contention.holders).toBeUndefined();
  expect(contention.releaseExpected).toBe(false);
});

test("the holders are looked up once, and again where they may have changed", async () => {
  await refused([holder]);
  await refused([]);
  expect({ lookUps, holders: contention.holders }).toEqual({ lookUps: 1, holders: [holder] });
  await refused([], true);
  expect({ lookUps, holders: contention.holders }).toEqual({ lookUps: 2, holders: [] });
});

test("holders that could not be read are looked up at the next refusal", async () => {
  await refused(undefined);
  await refused([holder]);
  expect({ lookUps, holders: contention.holders }).toEqual({ lookUps: 2, holders: [holder] });
});

test("a release is expected while an operation under way has announced it", async () => {
  const operation = releases.begin("eni-holder");
  operation.willUnassign([address]);
  await refused([holder]);
  expect(contention.releaseExpected).toBe(true);
});

test("one more try is made after an announced release has come true: the refusal may be older than that", async () => {
  const operation = releases.begin("eni-holder");
  operation.willUnassign([address]);
  await refused([holder]);
  operation.end();
  await refused([holder]);
  expect(contention.releaseExpected).toBe(true);
  await refused([holder]);
  expect(contention.releaseExpected).toBe(false);
});

test("no release is expected where one of the addresses stays, or nobody is known to hold them", async () => {
  releases.begin("eni-holder").willUnassign([address]);
  await refused([{ ...holder, addresses: [address, other] }]);
  expect(contention.releaseExpected).toBe(false);
  await refused([], true);
  expect(contention.releaseExpected).toBe(false);
});

test("what the ENI has come to hold since is held elsewhere no more", async () => {
  const holding = (...secondaryIpAddresses: string[]) =>
    ({ secondaryIpAddresses, ipv4Prefixes: [] }) as Partial<NetworkInterface> as NetworkInterface;
  expect(contention.heldElsewhere(holding())).toEqual([]);
  await refused([{ ...holder, addresses: [address, other] }]);
  expect(contention.heldElsewhere(holding(address))).toEqual([other]);
});
