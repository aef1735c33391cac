import { EcsError } from "../ecs/ecs-error";
import { verdictOf } from "../ecs/verdict";
import { orderSteps, type Step } from "../plan/steps";
import { addressesOnlyIn } from "../shared/addresses";
import {
  afterWait,
  isAboutItems,
  noteRefusal,
  nothingRefused,
  setAside,
  type RefusedItems,
  type RefusedRequest,
} from "./refused-items";

const at = (...hosts: number[]) => hosts.map((host) => `10.0.1.${host}`);
const request = (...addresses: string[]): Step => ({ action: "assign", kind: "address", addresses });
const errorOf = (code: string, httpStatus = 400) =>
  new EcsError({
    action: "AssignPrivateIpAddresses",
    code,
    httpStatus,
    requestId: undefined,
    verdict: verdictOf(code, httpStatus),
    reason: "any",
  });
const duplicated = errorOf("InvalidPrivateIpAddress.Duplicated");
const outside = errorOf("InvalidVSwitchId.IpInvalid", 403);
const releaseMs = 1_000;

const refusal = (step: Step, more: Partial<RefusedRequest> = {}): RefusedRequest => ({
  step,
  error: duplicated,
  heldElsewhere: [],
  nowMs: 0,
  releaseMs,
  releaseExpected: false,
  ...more,
});

test.each([
  ["InvalidIp.IpAssigned", true],
  ["InvalidIp.IpUnassigned", true],
  ["InvalidIp.IpRepeated", true],
  ["InvalidPrivateIpAddress.Duplicated", true],
  ["InvalidPrivateIpAddress", true],
  ["InvalidVSwitchId.IpInvalid", true],
  ["InvalidParameter", true],
  ["InvalidVSwitchId.IpNotEnough", false],
  ["InvalidVSwitchId.NotFound", false],
  ["Forbidden.RAM", false],
  ["MissingParameter", false],
  ["InvalidOperation.Ipv4CountExceeded", false],
  ["Operation.Conflict", false],
])("%s: is about a single address is %s", (code, is) => {
  expect(isAboutItems(errorOf(code, 403), request(...at(20, 21)))).toBe(is);
});

test("a request in which the cloud picks: is about no address", () => {
  expect(isAboutItems(duplicated, { ...request(), pick: 3 })).toBe(false);
});

describe("noteRefusal", () => {
  test("several: two halves, each a request of its own", () => {
    expect(noteRefusal(nothingRefused, refusal(request(...at(20, 21, 22))))).toEqual({
      ...nothingRefused,
      apart: [at(20, 21), at(22)],
    });
  });

  test("a half: two halves of it", () => {
    const before = { ...nothingRefused, apart: [at(20, 21), at(22, 23)] };
    expect(noteRefusal(before, refusal(request(...at(20, 21)))).apart).toEqual([at(22, 23), at(20), at(21)]);
  });

  test("one alone: is noted and set aside; time may help", () => {
    const after = noteRefusal(
      { ...nothingRefused, apart: [at(20)] },
      refusal(request(...at(20)), { nowMs: 5 }),
    );
    expect(after.items.get("10.0.1.20")).toEqual({
      error: duplicated,
      sinceMs: 5,
      held: false,
      givenUp: false,
    });
    expect(after).toMatchObject({ tried: at(20), apart: [] });
    expect(setAside(after)).toEqual(at(20));
  });

  test.each([outside, errorOf("InvalidParameter")])(
    "one alone, %s: is given up, as time does not help",
    (error) => {
      const after = noteRefusal(nothingRefused, refusal(request(...at(20)), { error }));
      expect(after.items.get("10.0.1.20")?.givenUp).toBe(true);
      expect(setAside(afterWait(after))).toEqual(at(20));
    },
  );

  test("some that another ENI holds: these are noted, the rest is requested again", () => {
    const after = noteRefusal(nothingRefused, refusal(request(...at(20, 21, 22)), { heldElsewhere: at(21) }));
    expect([...after.items]).toEqual([
      ["10.0.1.21", { error: duplicated, sinceMs: 0, held: true, givenUp: false }],
    ]);
    expect(after.apart).toEqual([]);
  });

  describe("after a wait", () => {
    /** Two that nothing holds and one that another ENI holds, refused at time 0 and requested again. */
    const waited = afterWait(
      [
        refusal(request(...at(20))),
        refusal(request(...at(21))),
        refusal(request(...at(30)), { heldElsewhere: at(30) }),
      ].reduce<RefusedItems>(noteRefusal, nothingRefused),
    );

    test("all are requested again, those that other ENIs hold apart", () => {
      expect(waited).toMatchObject({ tried: [], apart: [at(30), at(20, 21)] });
      expect(setAside(waited)).toEqual([]);
    });

    test("refused together before the time is over: wait again, since the first refusal", () => {
      const after = noteRefusal(waited, refusal(request(...at(20, 21)), { nowMs: releaseMs - 1 }));
      expect(setAside(after)).toEqual(at(20, 21));
      expect(after.items.get("10.0.1.20")).toMatchObject({ sinceMs: 0, givenUp: false });
    });

    test("refused together when the time is over: are searched once more", () => {
      const after = noteRefusal(waited, refusal(request(...at(20, 21)), { nowMs: releaseMs }));
      expect(after).toMatchObject({ tried: [], apart: [at(30), at(20), at(21)] });
      const alone = noteRefusal(after, refusal(request(...at(20)), { nowMs: releaseMs }));
      expect(alone.items.get("10.0.1.20")?.givenUp).toBe(true);
    });

    test("another ENI has released one when the time is over: it is requested once more", () => {
      const released = noteRefusal(waited, refusal(request(...at(30)), { nowMs: releaseMs }));
      expect(released.items.get("10.0.1.30")).toMatchObject({ held: false, givenUp: false });
      const again = noteRefusal(afterWait(released), refusal(request(...at(30)), { nowMs: releaseMs }));
      expect(again.items.get("10.0.1.30")?.givenUp).toBe(true);
    });

    test.each([
      ["the release is not expected", false, true],
      ["the release is expected", true, false],
    ])(
      "another ENI still holds one when the time is over, %s: given up is %s",
      (_what, releaseExpected, givenUp) => {
        const more = { nowMs: releaseMs, heldElsewhere: at(30), releaseExpected };
        const after = noteRefusal(waited, refusal(request(...at(30)), more));
        expect(after.items.get("10.0.1.30")?.givenUp).toBe(givenUp);
      },
    );
  });
});

/** The requests that an atomic API needs to take all but these, and what was found to be bad. */
function search(wanted: readonly string[], bad: readonly string[], batchSize: number) {
  let refused = nothingRefused;
  let missing = wanted;
  let requests = 0;
  for (;;) {
    const left = addressesOnlyIn(missing, setAside(refused));
    const [step] = orderSteps(left, [], { batchSize, apart: refused.apart, free: Infinity });
    if (step === undefined) return { requests, found: setAside(refused) };
    requests += 1;
    if (step.addresses.some((one) => bad.includes(one))) refused = noteRefusal(refused, refusal(step));
    else missing = addressesOnlyIn(missing, step.addresses);
  }
}

test.each([
  { wanted: 1, batchSize: 10, bad: [0] },
  { wanted: 10, batchSize: 10, bad: [0] },
  { wanted: 10, batchSize: 10, bad: [9] },
  { wanted: 10, batchSize: 10, bad: [0, 9] },
  { wanted: 10, batchSize: 10, bad: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] },
  { wanted: 40, batchSize: 10, bad: [3, 4, 21, 39] },
  { wanted: 100, batchSize: 50, bad: [7] },
  { wanted: 100, batchSize: 50, bad: [7, 50, 99] },
])("search of $bad among $wanted in requests of $batchSize: finds them with few requests", (row) => {
  const { batchSize } = row;
  const wanted = at(...Array.from({ length: row.wanted }, (_unused, index) => index + 20));
  const bad = row.bad.map((index) => wanted[index] ?? "");
  const { requests, found } = search(wanted, bad, batchSize);
  expect([...found].sort()).toEqual([...bad].sort());
  const size = Math.min(batchSize, wanted.length);
  const bound = Math.ceil(wanted.length / batchSize) + 2 * bad.length * Math.ceil(Math.log2(size));
  expect(requests).toBeLessThanOrEqual(bound);
});
