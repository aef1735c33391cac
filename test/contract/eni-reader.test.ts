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

/** A reader that knows nothing yet. Reads of one moment are those of one turn of the event loop. */
const newReader = () => new EniReader(ecsAt(emulator.url), 0);
const patient = () => Deadline.after(20_000);
const describeEnis = "DescribeNetworkInterfaces";

/** eni-000, eni-001, … */
const idOf = (number: number) => `eni-${String(number).padStart(3, "0")}`;
const ids = (count: number) => Array.from({ length: count }, (_unused, number) => idOf(number));

/** So many ENIs in vpc-1, and eni-far in vpc-2. */
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

/** What each call asked for: a number of ids, or a page of a VPC. */
function asked(): string[] {
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

/** Somebody else changes what eni-000 holds. */
function hold(...secondary: string[]): void {
  const PrivateIpSets = privateIpSets(secondary, "10.0.0.1");
  emulator.control.patchState({ networkInterfaces: [{ NetworkInterfaceId: idOf(0), PrivateIpSets }] });
}

const heldBy = async (reading: Promise<{ eni: { secondaryIpAddresses: readonly string[] } } | undefined>) =>
  (await reading)?.eni.secondaryIpAddresses;

describe("fresh", () => {
  test("reads one ENI with one call by id", async () => {
    await expect(reader.fresh(idOf(0), patient())).resolves.toMatchObject({ eni: { id: idOf(0) } });
    expect(asked()).toEqual(["1 by id"]);
  });

  test("reads of the same moment share one call, and the same ENI is asked for once", async () => {
    const wanted = [idOf(3), idOf(1), idOf(3), idOf(2), idOf(1)];
    const readings = await Promise.all(wanted.map((id) => reader.fresh(id, patient())));
    expect(readings.map((reading) => reading?.eni.id)).toEqual(wanted);
    expect(asked()).toEqual(["3 by id"]);
  });

  test("120 ENIs take two calls", async () => {
    const readings = await Promise.all(ids(120).map((id) => reader.fresh(id, patient())));
    expect(readings.map((reading) => reading?.eni.id)).toEqual(ids(120));
    expect(asked()).toEqual(["100 by id", "20 by id"]);
  });

  test("is never answered from memory", async () => {
    await reader.fresh(idOf(0), patient());
    hold("10.0.0.200");
    expect(await heldBy(reader.fresh(idOf(0), patient()))).toEqual(["10.0.0.200"]);
    expect(asked()).toEqual(["1 by id", "1 by id"]);
  });

  test("does not join a call that is under way: what it started before may have changed since", async () => {
    disturb({ delayMs: 300 });
    const early = reader.fresh(idOf(0), patient());
    await eventually(() => actions(emulator).length === 1);
    hold("10.0.0.200");
    const late = reader.fresh(idOf(0), patient());
    expect(await heldBy(late)).toEqual(["10.0.0.200"]);
    await early;
    expect(asked()).toEqual(["1 by id", "1 by id"]);
  });

  test("of an ENI that is not there is nothing, beside others that are", async () => {
    const readings = await Promise.all([idOf(0), "eni-none"].map((id) => reader.fresh(id, patient())));
    expect(readings.map((reading) => reading?.eni.id)).toEqual([idOf(0), undefined]);
    // That an answer about several does not bring it proves nothing yet.
    expect(asked()).toEqual(["2 by id", "1 by id"]);
  });

  test("of an ENI whose absence is an error of the API is nothing as well", async () => {
    disturb({
      error: { status: 404, code: "InvalidEniId.NotFound", message: "The specified EniId is not found." },
    });
    await expect(reader.fresh("eni-none", patient())).resolves.toBeUndefined();
  });

  test("where the API does not say which of several ids it misses, each is asked for alone", async () => {
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
    expect(asked()).toEqual(["3 by id", "1 by id", "1 by id", "1 by id"]);
  });

  test("a refusal reaches all who asked, and nobody takes it for an ENI that is gone", async () => {
    disturb({ error: { status: 403, code: "Forbidden.RAM", message: "No." } });
    const readings = [idOf(0), idOf(1)].map((id) => reader.fresh(id, patient()));
    for (const reading of await Promise.allSettled(readings)) {
      expect(reading).toMatchObject({ status: "rejected", reason: { code: "Forbidden.RAM" } });
    }
  });

  test("who has little time gives up, and those who share the call do not", async () => {
    disturb({ delayMs: 500 });
    const hasty = reader.fresh(idOf(0), Deadline.after(50));
    const patientOne = reader.fresh(idOf(1), patient());
    await expect(hasty).rejects.toMatchObject({ code: "CallTimeout", verdict: "transient" });
    await expect(patientOne).resolves.toMatchObject({ eni: { id: idOf(1) } });
    expect(asked()).toEqual(["2 by id"]);
  });
});

describe("recent", () => {
  const anyAge = 600_000;

  test("is answered from memory, as long as that is young enough and not forgotten", async () => {
    const first = await reader.recent(idOf(0), anyAge, patient());
    hold("10.0.0.200");
    await expect(reader.recent(idOf(0), anyAge, patient())).resolves.toBe(first);
    expect(asked()).toEqual(["1 by id"]);
    expect(await heldBy(reader.recent(idOf(0), 0, patient()))).toEqual(["10.0.0.200"]);
    reader.forget(idOf(0));
    await reader.recent(idOf(0), anyAge, patient());
    expect(asked()).toHaveLength(3);
  });

  test("after forget, a read that was under way is not remembered", async () => {
    disturb({ delayMs: 300 });
    const early = reader.fresh(idOf(0), patient());
    await eventually(() => actions(emulator).length === 1);
    reader.forget(idOf(0));
    await early;
    expect(reader.remembered(idOf(0))).toBeUndefined();
    hold("10.0.0.200");
    expect(await heldBy(reader.recent(idOf(0), anyAge, patient()))).toEqual(["10.0.0.200"]);
  });

  test("a slow read that began earlier does not hide a later one", async () => {
    // The slow answer is from after its delay: a marker tells which reading is remembered.
    disturb({ delayMs: 300 });
    const early = reader.fresh(idOf(0), patient());
    await eventually(() => actions(emulator).length === 1);
    const late = await reader.fresh(idOf(0), patient());
    await early;
    await expect(reader.recent(idOf(0), anyAge, patient())).resolves.toBe(late);
  });

  test("an ENI that a read finds gone is not remembered", async () => {
    await reader.fresh(idOf(0), patient());
    const { networkInterfaces, ...rest } = emulator.control.state();
    emulator.control.putState({ ...rest, networkInterfaces: networkInterfaces.slice(1) });
    await expect(reader.fresh(idOf(0), patient())).resolves.toBeUndefined();
    expect(reader.remembered(idOf(0))).toBeUndefined();
    await expect(reader.recent(idOf(0), anyAge, patient())).resolves.toBeUndefined();
  });
});

describe("known", () => {
  const known = (id: string) => reader.known(id, patient());

  test("one ENI alone costs one read by id, however often it is asked for", async () => {
    await known(idOf(0));
    await known(idOf(0));
    expect(asked()).toEqual(["1 by id"]);
  });

  test("the second ENI makes it look ahead in the VPC, and all others cost nothing more", async () => {
    for (const id of ids(120)) await expect(known(id)).resolves.toMatchObject({ eni: { id } });
    expect(asked()).toEqual(["1 by id", "page of vpc-1"]);
  });

  test("an ENI of another VPC is found by id", async () => {
    for (const id of [idOf(0), idOf(1), "eni-far"])
      await expect(known(id)).resolves.toMatchObject({ eni: { id } });
    expect(asked()).toEqual(["1 by id", "page of vpc-1", "1 by id"]);
  });

  test("a second VPC is looked ahead in as well, once two of its ENIs were read by id", async () => {
    const far = Array.from({ length: 20 }, (_unused, index) => `eni-far-${index}`);
    emulator.control.patchState({
      networkInterfaces: far.map((id) => ({ NetworkInterfaceId: id, VSwitchId: "vsw-2" })),
    });
    for (const id of [idOf(0), ...far]) await expect(known(id)).resolves.toMatchObject({ eni: { id } });
    expect(asked()).toEqual(["1 by id", "page of vpc-1", "1 by id", "1 by id", "page of vpc-2"]);
  });

  test("many that ask at once cost a page of the region, and a read of what it did not bring", async () => {
    const wanted = [...ids(120), "eni-far", "eni-none"];
    const found = await Promise.all(wanted.map(known));
    expect(found.map((reading) => reading?.eni.id)).toEqual([...wanted.slice(0, -1), undefined]);
    // The first one does not wait for the page.
    expect(asked().sort()).toEqual(["1 by id", "1 by id", "page of the region"]);
  });

  test("who may not list the VPC reads by id, many ENIs at once", async () => {
    await known(idOf(0));
    disturb({ error: { status: 403, code: "Forbidden.RAM", message: "No." } });
    const found = await Promise.all(ids(120).map(known));
    expect(found.map((reading) => reading?.eni.id)).toEqual(ids(120));
    expect(asked()).toEqual(["1 by id", "page of vpc-1", "100 by id", "19 by id"]);
  });

  test("an ENI that does not exist is nothing, and is asked for again", async () => {
    await expect(known("eni-none")).resolves.toBeUndefined();
    await expect(known("eni-none")).resolves.toBeUndefined();
    expect(asked()).toEqual(["1 by id", "1 by id"]);
  });

  test("after forget it is read again, even if the look ahead was under way", async () => {
    await known(idOf(1));
    disturb({ delayMs: 300 });
    const looking = known(idOf(2));
    await eventually(() => actions(emulator).length === 2);
    hold("10.0.0.200");
    reader.forget(idOf(0));
    const seen = known(idOf(0));
    await looking;
    expect((await seen)?.eni.secondaryIpAddresses).toEqual(["10.0.0.200"]);
    expect(asked()).toEqual(["1 by id", "page of vpc-1", "1 by id"]);
  });

  test("a large VPC is looked ahead in pages of 500, at most four, and the rest read by id", async () => {
    emulator.control.putState(world(2_100));
    await known(idOf(0));
    const found = await Promise.all(ids(2_100).map(known));
    expect(found.filter((eni) => eni === undefined)).toEqual([]);
    expect(asked()).toEqual(["1 by id", ...Array<string>(4).fill("page of vpc-1"), "100 by id"]);
  });

  test("a full last page with no token is the last one", async () => {
    emulator.control.putState(world(500));
    await known(idOf(0));
    await known(idOf(499));
    expect(asked()).toEqual(["1 by id", "page of vpc-1"]);
  });

  test.each([
    [120, ["page of vpc-1"]],
    [500, ["page of vpc-1", "page of vpc-1"]],
  ])("of %i ENIs, a last page that has a token ends it all the same", async (count, pages) => {
    emulator.control.putState(world(count));
    emulator.control.setBehaviour({ lastPageNextToken: "given" });
    for (const id of [idOf(0), idOf(count - 1), idOf(1)])
      await expect(known(id)).resolves.toMatchObject({ eni: { id } });
    expect(asked()).toEqual(["1 by id", ...pages]);
  });
});

test("reading the instance types of a VPC ends with a last page that has a token", async () => {
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
    // Those of the VPC, and the empty page behind them.
    "DescribeInstances",
    "DescribeInstances",
  ]);
});

test("what a look ahead has read is remembered, and calls nothing", async () => {
  await reader.known(idOf(0), patient());
  await reader.known(idOf(1), patient());
  emulator.control.clearCalls();
  expect(reader.remembered(idOf(77))?.id).toBe(idOf(77));
  expect(reader.remembered("eni-far")).toBeUndefined();
  expect(actions(emulator)).toEqual([]);
});

test("an ENI's addresses are read whole, beyond any page", async () => {
  hold(...addressRange(1, 49));
  expect(await heldBy(reader.fresh(idOf(0), patient()))).toEqual(addressRange(1, 49));
});
