import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { Deadline } from "../../provider/src/shared/deadline";
import { EniReader } from "../../provider/src/ecs/eni-reader";
import { QuotaReader } from "../../provider/src/ecs/optional-facts";
import { ecsAt, eventually } from "../support/ecs-client";
import { actions, addressRange, privateIpSets, region } from "../support/eni-world";

let emulator: Emulator;
let reader: EniReader;
beforeEach(async () => {
  emulator = await startEmulator({ seed: world(120) });
  reader = newReader();
});
afterEach(() => emulator.close());

/** A reader without remembered readings. Reads in one turn of the event loop share a call. */
const newReader = () =>
  new EniReader(ecsAt(emulator.url), { collectMs: 0, shareMs: 0, confirmMs, settleMs: 1_000 });
const confirmMs = 100;
const patient = () => Deadline.after(20_000);
const describeEnis = "DescribeNetworkInterfaces";

/** eni-000, eni-001, … */
const idOf = (number: number) => `eni-${String(number).padStart(3, "0")}`;
const ids = (count: number) => Array.from({ length: count }, (_unused, number) => idOf(number));

/** A world with `count` ENIs in vpc-1, and eni-far in vpc-2. */
function world(count: number) {
  const enis = ids(count).map((id, number) => ({
    NetworkInterfaceId: id,
    VSwitchId: "vsw-1",
    PrivateIpAddress: `10.0.${Math.floor(number / 200)}.${(number % 200) + 1}`,
  }));
  return {
    vpcs: ["vpc-1", "vpc-2"].map((VpcId) => ({ VpcId, RegionId: region, CidrBlock: "10.0.0.0/16" })),
    vSwitches: ["1", "2"].map((number) => ({
      VSwitchId: `vsw-${number}`,
      VpcId: `vpc-${number}`,
      RegionId: region,
      CidrBlock: "10.0.0.0/16",
    })),
    networkInterfaces: [
      ...enis,
      { NetworkInterfaceId: "eni-far", VSwitchId: "vsw-2", PrivateIpAddress: "10.0.9.9" },
    ],
  };
}

/** Each call: the number of ids, or a page of a VPC. */
function requests(): string[] {
  return emulator.control.calls().map(({ params }) => {
    const byId = Object.keys(params).filter((name) => name.startsWith("NetworkInterfaceId.")).length;
    return byId > 0 ? `${byId} by id` : `page of ${params.VpcId ?? "the region"}`;
  });
}

function disturb(
  effect: Parameters<Emulator["control"]["addFault"]>[0]["effect"],
  { skip = 0, times = 1 } = {},
): void {
  emulator.control.addFault({ action: describeEnis, effect, skip, times });
}

/** Changes the addresses of eni-000 outside the reader. */
function setAddresses(...secondary: string[]): void {
  const PrivateIpSets = privateIpSets(secondary, "10.0.0.1");
  emulator.control.patchState({ networkInterfaces: [{ NetworkInterfaceId: idOf(0), PrivateIpSets }] });
}

const heldBy = async (reading: Promise<{ eni: { secondaryIpAddresses: readonly string[] } } | undefined>) =>
  (await reading)?.eni.secondaryIpAddresses;

describe("fresh", () => {
  test("one ENI, is read with one call by id", async () => {
    await expect(reader.fresh(idOf(0), patient())).resolves.toMatchObject({ eni: { id: idOf(0) } });
    expect(requests()).toEqual(["1 by id"]);
  });

  test("concurrent reads, share one call that lists each ENI once", async () => {
    const wanted = [idOf(3), idOf(1), idOf(3), idOf(2), idOf(1)];
    const readings = await Promise.all(wanted.map((id) => reader.fresh(id, patient())));
    expect(readings.map((reading) => reading?.eni.id)).toEqual(wanted);
    expect(requests()).toEqual(["3 by id"]);
  });

  test("120 ENIs, are read with two calls", async () => {
    const readings = await Promise.all(ids(120).map((id) => reader.fresh(id, patient())));
    expect(readings.map((reading) => reading?.eni.id)).toEqual(ids(120));
    expect(requests()).toEqual(["100 by id", "20 by id"]);
  });

  test("an ENI was read before, is read again", async () => {
    await reader.fresh(idOf(0), patient());
    setAddresses("10.0.0.200");
    expect(await heldBy(reader.fresh(idOf(0), patient()))).toEqual(["10.0.0.200"]);
    expect(requests()).toEqual(["1 by id", "1 by id"]);
  });

  test("a call is under way, starts a new one because the ENI may have changed since", async () => {
    disturb({ delayMs: 300 });
    const early = reader.fresh(idOf(0), patient());
    await eventually(() => actions(emulator).length === 1);
    setAddresses("10.0.0.200");
    const late = reader.fresh(idOf(0), patient());
    expect(await heldBy(late)).toEqual(["10.0.0.200"]);
    await early;
    expect(requests()).toEqual(["1 by id", "1 by id"]);
  });

  test("one of several ENIs is missing, returns undefined after a second read by id", async () => {
    const readings = await Promise.all([idOf(0), "eni-none"].map((id) => reader.fresh(id, patient())));
    expect(readings.map((reading) => reading?.eni.id)).toEqual([idOf(0), undefined]);
    // Its absence in an answer for several ENIs is not enough evidence.
    expect(requests()).toEqual(["2 by id", "1 by id"]);
  });

  test("the API reports a missing ENI as an error, returns undefined", async () => {
    disturb({
      error: { status: 404, code: "InvalidEniId.NotFound", message: "The specified EniId is not found." },
    });
    await expect(reader.fresh("eni-none", patient())).resolves.toBeUndefined();
  });

  test("the API's error does not name the missing id, each ENI is read alone", async () => {
    const notFound = {
      status: 404,
      code: "InvalidEniId.NotFound",
      message: "The specified EniId is not found.",
    };
    disturb({ error: notFound });
    disturb({ error: notFound }, { skip: 1 });
    const wanted = [idOf(0), "eni-none", idOf(2)];
    const readings = await Promise.all(wanted.map((id) => reader.fresh(id, patient())));
    expect(readings.map((reading) => reading?.eni.id)).toEqual([idOf(0), undefined, idOf(2)]);
    expect(requests()).toEqual(["3 by id", "1 by id", "1 by id", "1 by id"]);
  });

  test("the shared call is forbidden, all reads fail and no ENI is reported as gone", async () => {
    disturb({ error: { status: 403, code: "Forbidden.RAM", message: "No." } });
    const readings = [idOf(0), idOf(1)].map((id) => reader.fresh(id, patient()));
    for (const reading of await Promise.allSettled(readings)) {
      expect(reading).toMatchObject({ status: "rejected", reason: { code: "Forbidden.RAM" } });
    }
  });

  test("one deadline passes during a shared call, only this read fails", async () => {
    disturb({ delayMs: 500 });
    const withShortDeadline = reader.fresh(idOf(0), Deadline.after(50));
    const withLongDeadline = reader.fresh(idOf(1), patient());
    await expect(withShortDeadline).rejects.toMatchObject({ code: "CallTimeout", verdict: "transient" });
    await expect(withLongDeadline).resolves.toMatchObject({ eni: { id: idOf(1) } });
    expect(requests()).toEqual(["2 by id"]);
  });
});

describe("an answer that does not list the addresses of an ENI", () => {
  const only = { match: { networkInterfaceId: idOf(0) } };
  const incomplete = (times: number) => {
    emulator.control.addFault({
      action: describeEnis,
      effect: { leaveOut: "PrivateIpSets" },
      times,
      ...only,
    });
  };

  test("a read by id, is repeated until the answer lists them", async () => {
    setAddresses("10.0.0.200");
    incomplete(2);
    expect(await heldBy(reader.fresh(idOf(0), patient()))).toEqual(["10.0.0.200"]);
    expect(requests()).toEqual(["1 by id", "1 by id", "1 by id"]);
  });

  test("it stays so, only this read fails", async () => {
    incomplete(1_000_000);
    const [first, second] = [idOf(0), idOf(1)].map((id) => reader.fresh(id, patient()));
    await expect(first).rejects.toMatchObject({ code: "IncompleteAnswer", verdict: "final" });
    await expect(second).resolves.toMatchObject({ eni: { id: idOf(1) } });
    expect(reader.remembered(idOf(0))).toBeUndefined();
  });

  test("a page, the ENI is read by id", async () => {
    await reader.known(idOf(1), patient());
    incomplete(1);
    await reader.known(idOf(2), patient());
    await expect(reader.known(idOf(0), patient())).resolves.toMatchObject({ eni: { id: idOf(0) } });
    expect(requests()).toEqual(["1 by id", "page of vpc-1", "1 by id"]);
  });
});

describe("fresh while operations change ENIs", () => {
  const shareMs = 60_000;
  const verify = (id: string) => reader.fresh(id, patient(), { mayWait: true });
  beforeEach(() => {
    reader = new EniReader(ecsAt(emulator.url), { collectMs: 0, shareMs, confirmMs, settleMs: 1_000 });
  });

  test("reads after changes wait for the last one, and share a call", async () => {
    const changes = ids(3).map(() => reader.beginChange());
    const readings = ids(3).map((id, number) => {
      const reading = verify(id);
      changes[number]?.();
      return reading;
    });
    await Promise.all(readings);
    expect(requests()).toEqual(["3 by id"]);
  });

  test("an operation that ends without a read, does not hold the others up", async () => {
    const end = reader.beginChange();
    const reading = verify(idOf(0));
    end();
    end();
    await expect(reading).resolves.toMatchObject({ eni: { id: idOf(0) } });
  });

  test("any other read is sent at once, with those that wait", async () => {
    reader.beginChange();
    await Promise.all([verify(idOf(0)), reader.fresh(idOf(1), patient())]);
    expect(requests()).toEqual(["2 by id"]);
    const waiting = verify(idOf(2));
    await reader.fresh(idOf(3), patient());
    await waiting;
    expect(requests()).toEqual(["2 by id", "2 by id"]);
  });

  test("a change that does not end, is waited for no longer than shareMs", async () => {
    const soon = { collectMs: 0, shareMs: 20, confirmMs, settleMs: 1_000 };
    reader = new EniReader(ecsAt(emulator.url), soon);
    reader.beginChange();
    await expect(verify(idOf(0))).resolves.toMatchObject({ eni: { id: idOf(0) } });
  });

  test("more than 100 reads, a full call is sent although changes go on", async () => {
    const end = reader.beginChange();
    const readings = ids(120).map(verify);
    await Promise.all(readings.slice(0, 100));
    expect(requests()).toEqual(["100 by id"]);
    end();
    await Promise.all(readings);
    expect(requests()).toEqual(["100 by id", "20 by id"]);
  });
});

describe("notBefore", () => {
  const soon = () => performance.now() + confirmMs;

  test("one ENI, is read by id after the pause", async () => {
    await reader.known(idOf(0), patient());
    const startMs = soon();
    const reading = await reader.notBefore(idOf(0), startMs, patient());
    expect(reading?.readAtMs).toBeGreaterThanOrEqual(startMs);
    expect(requests()).toEqual(["1 by id", "1 by id"]);
  });

  test("a reading that started late enough, is returned without a call", async () => {
    const startMs = performance.now();
    const first = await reader.known(idOf(0), patient());
    await expect(reader.notBefore(idOf(0), startMs, patient())).resolves.toBe(first);
    expect(requests()).toEqual(["1 by id"]);
  });

  test("several ENIs with pauses that end at different times, share a page", async () => {
    for (const id of ids(3)) await reader.known(id, patient());
    emulator.control.clearCalls();
    const startMs = soon();
    const readings = await Promise.all(
      ids(3).map((id, number) => reader.notBefore(id, startMs + (number * confirmMs) / 10, patient())),
    );
    expect(readings.map((reading) => reading?.eni.id)).toEqual(ids(3));
    expect(requests()).toEqual(["page of vpc-1"]);
  });

  test("an ENI that changed since the page, is read by id", async () => {
    for (const id of ids(2)) await reader.known(id, patient());
    emulator.control.clearCalls();
    reader.forget(idOf(0));
    await expect(reader.notBefore(idOf(0), performance.now(), patient())).resolves.toMatchObject({
      eni: { id: idOf(0) },
    });
    expect(requests()).toEqual(["1 by id"]);
  });

  test("the pause ends after the deadline, fails as a call without an answer in time", async () => {
    const startMs = performance.now() + 60_000;
    await expect(reader.notBefore(idOf(0), startMs, Deadline.after(50))).rejects.toMatchObject({
      code: "CallTimeout",
    });
    expect(requests()).toEqual([]);
  });
});

describe("missing ENIs", () => {
  const missing = ["eni-none", "eni-never"];
  const readAll = () => Promise.all([idOf(0), ...missing].map((id) => reader.fresh(id, patient())));

  test("are read alone once, a later list confirms it", async () => {
    await readAll();
    const sinceMs = reader.sightings("eni-none").missingSinceMs ?? NaN;
    expect(reader.sightings("eni-none").confirmsMissing(confirmMs)).toBe(false);
    const again = missing.map((id) => reader.notBefore(id, sinceMs + confirmMs, patient()));
    expect(await Promise.all(again)).toEqual([undefined, undefined]);
    expect(reader.sightings("eni-none").confirmsMissing(confirmMs)).toBe(true);
    expect(requests()).toEqual(["3 by id", "1 by id", "1 by id", "2 by id"]);
  });

  test.each<[string, () => void]>([
    [
      "an error that does not name them",
      () => {
        disturb({ error: { status: 404, code: "InvalidEniId.NotFound", message: "Not found." } });
      },
    ],
    [
      "a list with a token of a next page",
      () => {
        emulator.control.setBehaviour({ lastPageNextToken: "given" });
      },
    ],
  ])("%s, are read alone again", async (_what, begin) => {
    await readAll();
    emulator.control.clearCalls();
    begin();
    await readAll();
    expect(requests().slice(0, 3)).toEqual(["3 by id", "1 by id", "1 by id"]);
  });

  test("a page that lacks them, shows nothing", async () => {
    await reader.known(idOf(0), patient());
    await reader.known(idOf(1), patient());
    expect(reader.sightings("eni-far").missingSinceMs).toBeUndefined();
  });
});

describe("remembered", () => {
  test("forget during a read, its reading is not remembered", async () => {
    disturb({ delayMs: 300 });
    const early = reader.fresh(idOf(0), patient());
    await eventually(() => actions(emulator).length === 1);
    reader.forget(idOf(0));
    await early;
    expect(reader.remembered(idOf(0))).toBeUndefined();
    setAddresses("10.0.0.200");
    expect(await heldBy(reader.known(idOf(0), patient()))).toEqual(["10.0.0.200"]);
  });

  test("an earlier read ends after a later one, the later reading is remembered", async () => {
    // The emulator reads the state after the delay, so both answers are equal. The object identity tells them apart.
    disturb({ delayMs: 300 });
    const early = reader.fresh(idOf(0), patient());
    await eventually(() => actions(emulator).length === 1);
    const late = await reader.fresh(idOf(0), patient());
    await early;
    await expect(reader.known(idOf(0), patient())).resolves.toBe(late);
  });

  test("a read finds the ENI gone, it is no longer remembered", async () => {
    await reader.fresh(idOf(0), patient());
    const { networkInterfaces, ...rest } = emulator.control.state();
    emulator.control.putState({ ...rest, networkInterfaces: networkInterfaces.slice(1) });
    await expect(reader.fresh(idOf(0), patient())).resolves.toBeUndefined();
    expect(reader.remembered(idOf(0))).toBeUndefined();
    await expect(reader.known(idOf(0), patient())).resolves.toBeUndefined();
  });
});

describe("known", () => {
  const known = (id: string) => reader.known(id, patient());

  test("a remembered reading, is returned unless it is too old or forgotten", async () => {
    const first = await known(idOf(0));
    setAddresses("10.0.0.200");
    await expect(known(idOf(0))).resolves.toBe(first);
    expect(requests()).toEqual(["1 by id"]);
    expect(await heldBy(reader.known(idOf(0), patient(), 0))).toEqual(["10.0.0.200"]);
    reader.forget(idOf(0));
    await known(idOf(0));
    expect(requests()).toHaveLength(3);
  });

  test("one ENI several times, is read once by id", async () => {
    await known(idOf(0));
    await known(idOf(0));
    expect(requests()).toEqual(["1 by id"]);
  });

  test("a second ENI, reads a page of the VPC that serves all others", async () => {
    for (const id of ids(120)) await expect(known(id)).resolves.toMatchObject({ eni: { id } });
    expect(requests()).toEqual(["1 by id", "page of vpc-1"]);
  });

  test("an ENI of another VPC, is read by id", async () => {
    for (const id of [idOf(0), idOf(1), "eni-far"])
      await expect(known(id)).resolves.toMatchObject({ eni: { id } });
    expect(requests()).toEqual(["1 by id", "page of vpc-1", "1 by id"]);
  });

  test("a second VPC, reads a page of it after two of its ENIs were read by id", async () => {
    const far = Array.from({ length: 20 }, (_unused, index) => `eni-far-${index}`);
    emulator.control.patchState({
      networkInterfaces: far.map((id) => ({ NetworkInterfaceId: id, VSwitchId: "vsw-2" })),
    });
    for (const id of [idOf(0), ...far]) await expect(known(id)).resolves.toMatchObject({ eni: { id } });
    expect(requests()).toEqual(["1 by id", "page of vpc-1", "1 by id", "1 by id", "page of vpc-2"]);
  });

  test("many concurrent reads, share the first call, then read a page of its VPC and other ENIs by id", async () => {
    const wanted = [...ids(120), "eni-far", "eni-none"];
    const found = await Promise.all(wanted.map(known));
    expect(found.map((reading) => reading?.eni.id)).toEqual([...wanted.slice(0, -1), undefined]);
    expect(requests()).toEqual(["100 by id", "page of vpc-1", "2 by id", "1 by id"]);
  });

  test("the first read finds no ENI, the others are read by id in large calls", async () => {
    await known("eni-none");
    const found = await Promise.all(ids(120).map(known));
    expect(found.map((reading) => reading?.eni.id)).toEqual(ids(120));
    expect(requests().slice(0, 3)).toEqual(["1 by id", "100 by id", "20 by id"]);
  });

  test.each([
    [101, ["page of vpc-1"]],
    [100, ["1 by id"]],
  ])("an old reading in a process that reads %i ENIs, is renewed by a %j", async (count, renewal) => {
    for (const id of ids(count)) await known(id);
    emulator.control.clearCalls();
    setAddresses("10.0.0.200");
    expect(await heldBy(reader.known(idOf(0), patient(), 0))).toEqual(["10.0.0.200"]);
    expect(requests()).toEqual(renewal);
  });

  test("the page of the VPC is forbidden, reads many ENIs by id in one call", async () => {
    await known(idOf(0));
    disturb({ error: { status: 403, code: "Forbidden.RAM", message: "No." } });
    const found = await Promise.all(ids(120).map(known));
    expect(found.map((reading) => reading?.eni.id)).toEqual(ids(120));
    expect(requests()).toEqual(["1 by id", "page of vpc-1", "100 by id", "19 by id"]);
  });

  test("an unknown ENI, returns undefined and reads it again next time", async () => {
    await expect(known("eni-none")).resolves.toBeUndefined();
    await expect(known("eni-none")).resolves.toBeUndefined();
    expect(requests()).toEqual(["1 by id", "1 by id"]);
  });

  test("forget while the page is read, the ENI is read again", async () => {
    await known(idOf(1));
    disturb({ delayMs: 300 });
    const readsPage = known(idOf(2));
    await eventually(() => actions(emulator).length === 2);
    setAddresses("10.0.0.200");
    reader.forget(idOf(0));
    const readsAgain = known(idOf(0));
    await readsPage;
    expect((await readsAgain)?.eni.secondaryIpAddresses).toEqual(["10.0.0.200"]);
    expect(requests()).toEqual(["1 by id", "page of vpc-1", "1 by id"]);
  });

  test("a reading that becomes too old while the page is read, is renewed", async () => {
    await known(idOf(1));
    disturb({ delayMs: 300 });
    const readsPage = known(idOf(2));
    await eventually(() => actions(emulator).length === 2);
    await reader.known(idOf(0), patient(), 100);
    await readsPage;
    expect(requests()).toEqual(["1 by id", "page of vpc-1", "1 by id"]);
  });

  test("a large VPC, reads at most four pages of 500 and the rest by id", async () => {
    emulator.control.putState(world(2_100));
    await known(idOf(0));
    const found = await Promise.all(ids(2_100).map(known));
    expect(found.filter((eni) => eni === undefined)).toEqual([]);
    expect(requests()).toEqual(["1 by id", ...Array<string>(4).fill("page of vpc-1"), "100 by id"]);
  });

  test("a full page without a token, is the last one", async () => {
    emulator.control.putState(world(500));
    await known(idOf(0));
    await known(idOf(499));
    expect(requests()).toEqual(["1 by id", "page of vpc-1"]);
  });

  test.each([
    [120, ["page of vpc-1"]],
    [500, ["page of vpc-1", "page of vpc-1"]],
  ])("VPC with %i ENIs and a token on the last page, reads no page without end", async (count, pages) => {
    emulator.control.putState(world(count));
    emulator.control.setBehaviour({ lastPageNextToken: "given" });
    for (const id of [idOf(0), idOf(count - 1), idOf(1)])
      await expect(known(id)).resolves.toMatchObject({ eni: { id } });
    expect(requests()).toEqual(["1 by id", ...pages]);
  });
});

test("QuotaReader: the last page of instances has a token, ends with the empty page", async () => {
  const instances = ["i-1", "i-2"].map((InstanceId) => ({
    InstanceId,
    VpcAttributes: { VpcId: "vpc-1", VSwitchId: "vsw-1" },
  }));
  emulator.control.putState({ ...world(0), instances });
  emulator.control.setBehaviour({ lastPageNextToken: "given" });
  const ecs = ecsAt(emulator.url);
  const quotas = new QuotaReader(ecs, () => undefined);
  const { networkInterfaces } = await ecs.describeNetworkInterfaces(
    { ids: ["eni-1-primary", "eni-2-primary"] },
    { deadline: patient() },
  );
  emulator.control.clearCalls();
  for (const eni of networkInterfaces) await quotas.learn(eni, patient());
  expect(networkInterfaces.map((eni) => quotas.remembered(eni))).toEqual([29, 29]);
  expect(actions(emulator)).toEqual([
    "DescribeInstances",
    "DescribeInstanceTypes",
    // The VPC's instances, and the empty page after them.
    "DescribeInstances",
    "DescribeInstances",
  ]);
});

test("remembered: an ENI of a page that was read, returns it without a call", async () => {
  await reader.known(idOf(0), patient());
  await reader.known(idOf(1), patient());
  emulator.control.clearCalls();
  expect(reader.remembered(idOf(77))?.eni.id).toBe(idOf(77));
  expect(reader.remembered("eni-far")).toBeUndefined();
  expect(actions(emulator)).toEqual([]);
});

test("fresh: 49 addresses on one ENI, returns all", async () => {
  setAddresses(...addressRange(1, 49));
  expect(await heldBy(reader.fresh(idOf(0), patient()))).toEqual(addressRange(1, 49));
});

describe("reads are throttled until the deadline,", () => {
  beforeEach(() => {
    disturb({ error: { status: 400, code: "Throttling.User", message: "Too many." } }, { times: 1_000 });
  });
  const refusal = { code: "Throttling.User", verdict: "throttled" };
  const soon = () => Deadline.after(300);

  test("a single read ends with the last refusal", async () => {
    await expect(reader.fresh(idOf(0), soon())).rejects.toMatchObject(refusal);
  });

  test("a read that shares the call of a longer deadline ends with the last refusal", async () => {
    const longer = reader.fresh(idOf(1), Deadline.after(1_000));
    await expect(reader.fresh(idOf(0), soon())).rejects.toMatchObject(refusal);
    await expect(longer).rejects.toMatchObject(refusal);
  });

  test("a read that waits for the look-ahead of another one ends with the last refusal", async () => {
    const first = reader.known(idOf(0), Deadline.after(1_000));
    const second = reader.known(idOf(1), Deadline.after(1_000));
    await expect(reader.known(idOf(2), soon())).rejects.toMatchObject(refusal);
    await expect(Promise.all([first, second])).rejects.toMatchObject(refusal);
    await expect(second).rejects.toMatchObject(refusal);
  });
});

test("fresh: no answer until the deadline, ends with a time-out", async () => {
  disturb({ hang: true }, { times: 1_000 });
  await expect(reader.fresh(idOf(0), Deadline.after(200))).rejects.toMatchObject({ code: "CallTimeout" });
});
