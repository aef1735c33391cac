import { EmulatorOnManualClock } from "../testing/emulator-on-manual-clock";

const emulator = new EmulatorOnManualClock();
const { clock } = emulator;
const region = { RegionId: "cn-hangzhou" };
const seed = {
  networkInterfaces: [
    { NetworkInterfaceId: "eni-1", PrivateIpAddress: "10.0.0.1" },
    { NetworkInterfaceId: "eni-2", PrivateIpAddress: "10.0.0.2" },
  ],
};

beforeAll(() => emulator.start());
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.control.clearFaults();
  emulator.control.setBehaviour({
    replicaLagMs: 0,
    replicaLagReads: 0,
    newEniHiddenMs: 0,
    newEniHiddenReads: 0,
  });
  emulator.control.putState(seed);
});

async function assign(octet: number, id = "eni-1"): Promise<number> {
  const params = { ...region, NetworkInterfaceId: id, "PrivateIpAddress.1": `10.0.0.${octet}` };
  return (await emulator.call("AssignPrivateIpAddresses", params)).status;
}

/** What a read of one ENI shows: the last octets of its addresses. */
async function read(id = "eni-1"): Promise<number[]> {
  const params = { ...region, "NetworkInterfaceId.1": id };
  const { body } = await emulator.call("DescribeNetworkInterfaces", params);
  return body.NetworkInterfaceSets.NetworkInterfaceSet.flatMap((eni) =>
    (eni.PrivateIpSets.PrivateIpSet as { PrivateIpAddress: string }[]).map((ip) =>
      Number(ip.PrivateIpAddress.split(".")[3]),
    ),
  );
}

async function readTimes(times: number, id?: string): Promise<number[][]> {
  const answers: number[][] = [];
  while (answers.length < times) answers.push(await read(id));
  return answers;
}

async function attribute(id = "eni-1"): Promise<number> {
  const params = { ...region, NetworkInterfaceId: id };
  return (await emulator.call("DescribeNetworkInterfaceAttribute", params)).status;
}

describe("a replica that lags", () => {
  test("by a time answers first after a write, and then in turns, until it has caught up", async () => {
    emulator.control.setBehaviour({ replicaLagMs: 1000 });
    await assign(50);
    expect(await readTimes(4)).toEqual([[1], [1, 50], [1], [1, 50]]);
    clock.advance(999);
    expect(await readTimes(2)).toEqual([[1], [1, 50]]);
    clock.advance(1);
    expect(await readTimes(3)).toEqual([
      [1, 50],
      [1, 50],
      [1, 50],
    ]);
  });

  test("by a time learns of each write after that time", async () => {
    emulator.control.setBehaviour({ replicaLagMs: 1000 });
    await assign(50);
    clock.advance(600);
    await assign(51);
    expect(await readTimes(2)).toEqual([[1], [1, 50, 51]]);
    clock.advance(400);
    expect(await readTimes(2)).toEqual([
      [1, 50],
      [1, 50, 51],
    ]);
  });

  test("by answers: that number of answers do not show the write", async () => {
    emulator.control.setBehaviour({ replicaLagReads: 2 });
    await assign(50);
    expect(await readTimes(5)).toEqual([[1], [1, 50], [1], [1, 50], [1, 50]]);
  });

  test("answers first after each write, also where the other one was next", async () => {
    emulator.control.setBehaviour({ replicaLagReads: 2 });
    await assign(50);
    expect(await read()).toEqual([1]);
    await assign(51);
    expect(await read()).toEqual([1]);
  });

  test("is counted by answers that differ: reads of another ENI use nothing up", async () => {
    emulator.control.setBehaviour({ replicaLagReads: 1 });
    await assign(50);
    expect(await readTimes(3, "eni-2")).toEqual([[2], [2], [2]]);
    expect(await readTimes(2)).toEqual([[1], [1, 50]]);
  });

  test("answers for both operations that read ENIs", async () => {
    emulator.control.setBehaviour({ replicaLagReads: 1 });
    const created = await emulator.call("CreateNetworkInterface", {
      ...region,
      VSwitchId: "vsw-default",
      SecurityGroupId: "sg-default",
    });
    expect(await attribute(created.body.NetworkInterfaceId)).toBe(404);
    expect(await attribute(created.body.NetworkInterfaceId)).toBe(200);
  });

  test("does not concern writes, the control API and its changes", async () => {
    emulator.control.setBehaviour({ replicaLagReads: 1 });
    await assign(50);
    expect(await assign(50)).toBe(403);
    expect(emulator.eni("eni-1")?.PrivateIpSets.PrivateIpSet).toHaveLength(2);
    emulator.control.patchState({ networkInterfaces: [{ NetworkInterfaceId: "eni-2", Description: "x" }] });
    expect(await read()).toEqual([1, 50]);
  });

  test("catches up when the behaviour has no lag any more", async () => {
    emulator.control.setBehaviour({ replicaLagMs: 1000 });
    await assign(50);
    emulator.control.setBehaviour({ replicaLagMs: 0 });
    expect(await read()).toEqual([1, 50]);
  });
});

describe("a new ENI is hidden", () => {
  const byCall = async () => {
    const params = { ...region, VSwitchId: "vsw-default", SecurityGroupId: "sg-default" };
    const eni = { ...params, PrimaryIpAddress: "10.0.0.3" };
    return (await emulator.call("CreateNetworkInterface", eni)).body.NetworkInterfaceId;
  };
  const eni3 = { NetworkInterfaceId: "eni-3", PrivateIpAddress: "10.0.0.3" };
  const byPatch = () => {
    emulator.control.patchState({ networkInterfaces: [eni3] });
    return Promise.resolve("eni-3");
  };
  const byDocument = () => {
    emulator.control.putState({ networkInterfaces: [...seed.networkInterfaces, eni3] });
    return Promise.resolve("eni-3");
  };

  describe.each([
    ["made by a call", byCall],
    ["patched in", byPatch],
    ["in another document", byDocument],
  ])("that was %s", (_, make) => {
    test("for a number of answers", async () => {
      emulator.control.setBehaviour({ newEniHiddenReads: 3 });
      const id = await make();
      expect(await readTimes(2, id)).toEqual([[], []]);
      expect(await attribute(id)).toBe(404);
      expect(await read(id)).toEqual([3]);
    });

    test("for a time", async () => {
      emulator.control.setBehaviour({ newEniHiddenMs: 1000 });
      const id = await make();
      clock.advance(999);
      expect(await read(id)).toEqual([]);
      clock.advance(1);
      expect(await read(id)).toEqual([3]);
    });

    test("while the others are shown, and writes find it", async () => {
      emulator.control.setBehaviour({ newEniHiddenReads: 1 });
      const id = await make();
      expect(await read("eni-1")).toEqual([1]);
      expect(await assign(50, id)).toBe(200);
      expect(await readTimes(2, id)).toEqual([[], [3, 50]]);
    });
  });

  test("but neither one that was changed nor those that the emulator starts with", async () => {
    emulator.control.setBehaviour({ newEniHiddenReads: 1 });
    emulator.control.patchState({ networkInterfaces: [{ NetworkInterfaceId: "eni-1", Description: "x" }] });
    emulator.control.putState(seed);
    expect(await read()).toEqual([1]);
    const other = new EmulatorOnManualClock({ seed, behaviour: { newEniHiddenReads: 1 } });
    await other.start();
    try {
      const { body } = await other.call("DescribeNetworkInterfaces", region);
      expect(body.TotalCount).toBe(2);
    } finally {
      await other.close();
    }
  });

  test("until the behaviour says otherwise", async () => {
    emulator.control.setBehaviour({ newEniHiddenReads: 5 });
    await byPatch();
    emulator.control.setBehaviour({ newEniHiddenReads: 0 });
    expect(await read("eni-3")).toEqual([3]);
  });
});

test.each([
  { replicaLagMs: -1 },
  { replicaLagReads: "1" },
  { newEniHiddenMs: 0.5 },
  { newEniHiddenReads: true },
])("the behaviour %j is refused", (behaviour) => {
  expect(() => {
    emulator.control.setBehaviour(behaviour as never);
  }).toThrow(new RegExp(`^${Object.keys(behaviour).join("")}: `));
});
