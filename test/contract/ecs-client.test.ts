import { startEmulator, type Emulator, type FaultEffect } from "alicloud-ecs-emulator";
import type { ServerResponse } from "node:http";
import { Deadline } from "../../provider/src/shared/deadline";
import {
  ecsAt,
  eventually,
  failureOf,
  oneAddress,
  patient,
  ScriptedServer,
  writing,
} from "../support/ecs-client";
import { actions, addressRange, eniId, secondaryAddresses, world, worldWith } from "../support/eni-world";
import { conflict, disturb, failure, forever } from "../support/faults";

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator({ seed: worldWith([]) });
});
afterEach(() => emulator.close());

const [describeEnis, assign, unassign] = [
  "DescribeNetworkInterfaces",
  "AssignPrivateIpAddresses",
  "UnassignPrivateIpAddresses",
];

/** The parameters of the last call. */
const lastParams = () => emulator.control.calls().at(-1)?.params;

describe("describeNetworkInterfaces", () => {
  const manyEnis = (count: number) =>
    world(
      ...Array.from({ length: count }, (_unused, index) => ({
        NetworkInterfaceId: `eni-${String(index).padStart(3, "0")}`,
        PrivateIpAddress: `10.0.1.${index + 1}`,
      })),
    );

  test("one ENI, returns its fields", async () => {
    emulator.control.putState(worldWith(["10.0.1.100", "10.0.1.20"]));
    await expect(ecsAt(emulator.url).describeNetworkInterfaces({ ids: [eniId] }, patient())).resolves.toEqual(
      {
        networkInterfaces: [
          {
            id: eniId,
            status: "Available",
            type: "Secondary",
            instanceId: undefined,
            vpcId: "vpc-1",
            vSwitchId: "vsw-1",
            ownerId: "1000000000000000",
            listsAddresses: true,
            listsPrefixes: true,
            primaryIpAddress: "10.0.1.10",
            secondaryIpAddresses: ["10.0.1.20", "10.0.1.100"],
            eipBoundAddresses: [],
            ipv4Prefixes: [],
            serviceManaged: false,
            managingService: "",
          },
        ],
        nextToken: undefined,
      },
    );
  });

  test.each([
    { requested: 1, maxResults: "10" },
    { requested: 11, maxResults: "11" },
    { requested: 100, maxResults: "100" },
  ])(
    "$requested ids, returns all ENIs with one call although the default page has ten",
    async ({ requested, maxResults }) => {
      emulator.control.putState(manyEnis(120));
      const ids = Array.from(
        { length: requested },
        (_unused, index) => `eni-${String(index).padStart(3, "0")}`,
      );
      const { networkInterfaces } = await ecsAt(emulator.url).describeNetworkInterfaces({ ids }, patient());
      expect(networkInterfaces.map(({ id }) => id).sort()).toEqual(ids);
      expect(emulator.control.calls()).toHaveLength(1);
      expect(lastParams()).toMatchObject({ MaxResults: maxResults });
    },
  );

  test("several pages of a VPC, returns each ENI once", async () => {
    emulator.control.putState(manyEnis(25));
    const ecs = ecsAt(emulator.url);
    const found: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await ecs.describeNetworkInterfaces(
        { vpcId: "vpc-1", pageSize: 10, nextToken },
        patient(),
      );
      found.push(...page.networkInterfaces.map(({ id }) => id));
      ({ nextToken } = page);
    } while (nextToken !== undefined);
    expect(new Set(found).size).toBe(25);
    expect(found).toHaveLength(25);
    expect(actions(emulator)).toEqual([describeEnis, describeEnis, describeEnis]);
  });

  test("no VPC, reads the whole region", async () => {
    const query = { vpcId: undefined, pageSize: 500, nextToken: undefined };
    const { networkInterfaces } = await ecsAt(emulator.url).describeNetworkInterfaces(query, patient());
    expect(networkInterfaces).toHaveLength(1);
    expect(lastParams()).toEqual({ RegionId: "cn-hangzhou", MaxResults: "500" });
  });

  test("an unknown id, is missing in the answer without an error", async () => {
    const query = { ids: ["eni-none", eniId] };
    const { networkInterfaces } = await ecsAt(emulator.url).describeNetworkInterfaces(query, patient());
    expect(networkInterfaces.map(({ id }) => id)).toEqual([eniId]);
  });
});

describe("describeInstanceStatus", () => {
  test("returns the status, and undefined for an unknown instance", async () => {
    emulator.control.putState({ ...worldWith([]), instances: [{ InstanceId: "i-1", Status: "Stopped" }] });
    const ecs = ecsAt(emulator.url);
    await expect(ecs.describeInstanceStatus("i-1", patient())).resolves.toBe("Stopped");
    await expect(ecs.describeInstanceStatus("i-2", patient())).resolves.toBeUndefined();
  });
});

describe("read", () => {
  const read = (options = patient()) =>
    ecsAt(emulator.url).describeNetworkInterfaces({ ids: [eniId] }, options);

  test.each<[string, FaultEffect]>([
    ["throttling", failure(400, "Throttling.User")],
    ["throttling with another code", failure(400, "Throttling")],
    ["a service that is not available", failure(503, "ServiceUnavailable")],
    ["an internal error", failure(500, "InternalError")],
    ["an unknown 5xx", failure(504, "NeverSeenBefore")],
    ["a conflict", failure(409, "OperationConflict")],
    ["a connection lost before the call took effect", { drop: "before" }],
    ["a connection lost after the call took effect", { drop: "after" }],
  ])("%s, is repeated until it succeeds", async (_what, effect) => {
    disturb(emulator, describeEnis, effect, { times: 3 });
    await expect(read()).resolves.toMatchObject({ networkInterfaces: [{ id: eniId }] });
    expect(actions(emulator)).toHaveLength(4);
  });

  test.each<[string, FaultEffect, string]>([
    ["a 503", failure(503, "ServiceUnavailable"), "ServiceUnavailable"],
    ["throttling", failure(400, "Throttling.User"), "Throttling.User"],
  ])("%s until the deadline, fails with this error", async (_what, effect, code) => {
    disturb(emulator, describeEnis, effect, { times: forever });
    // The wait after the third attempt exceeds the remaining time, so no call is under way at the deadline.
    const pacing = { backoffBaseMs: 150, backoffCapMs: 600, throttleBaseMs: 150, throttleCapMs: 600 };
    const ecs = ecsAt(emulator.url, { pacing, random: () => 1 });
    const call = ecs.describeNetworkInterfaces({ ids: [eniId] }, { deadline: Deadline.after(1_000) });
    expect(await failureOf(call)).toMatchObject({ code });
    expect(actions(emulator).length).toBeGreaterThan(1);
  });

  test.each(["Forbidden.RAM", "InvalidEniId.NotFound", "MissingParameter", "InvalidParameter"])(
    "error %s, is not repeated",
    async (code) => {
      disturb(emulator, describeEnis, failure(403, code), { times: forever });
      expect(await failureOf(read())).toMatchObject({ code, httpStatus: 403, action: describeEnis });
      expect(actions(emulator)).toHaveLength(1);
    },
  );

  test("no answer within callMs, is repeated", async () => {
    disturb(emulator, describeEnis, { delayMs: 600_000 });
    const ecs = ecsAt(emulator.url, { pacing: { callMs: 200 } });
    await expect(ecs.describeNetworkInterfaces({ ids: [eniId] }, patient())).resolves.toMatchObject({
      networkInterfaces: [{ id: eniId }],
    });
    expect(actions(emulator).length).toBeGreaterThan(1);
  });

  test("deadline has passed, fails without a request", async () => {
    expect(await failureOf(read({ deadline: Deadline.after(0) }))).toMatchObject({ code: "CallTimeout" });
    expect(actions(emulator)).toEqual([]);
  });
});

describe.each([assign, unassign])("%s", (action) => {
  /** Assigns or unassigns 10.0.1.20. */
  function write(
    ecs = ecsAt(emulator.url),
    options: ReturnType<typeof writing> = writing(),
  ): Promise<unknown> {
    return action === assign
      ? ecs.assignPrivateIpAddresses(eniId, oneAddress, "token-1", options)
      : ecs.unassignPrivateIpAddresses(eniId, oneAddress, options);
  }
  const before = action === assign ? [] : ["10.0.1.20"];
  const after = action === assign ? ["10.0.1.20"] : [];
  const writesSent = () => actions(emulator).filter((sent) => sent === action).length;
  beforeEach(() => {
    emulator.control.putState(worldWith(before));
  });

  test("success, is sent once and changes the ENI", async () => {
    await write();
    expect(secondaryAddresses(emulator)).toEqual(after);
    expect(writesSent()).toBe(1);
  });

  test.each<[string, FaultEffect, object]>([
    ["throttling", failure(400, "Throttling.User"), { verdict: "throttled" }],
    ["a 503", failure(503, "ServiceUnavailable"), { verdict: "transient" }],
    ["an internal error", failure(500, "InternalError"), { verdict: "transient" }],
    ["a conflict", failure(403, "Operation.Conflict"), { verdict: "conflict" }],
    ["a wrong ENI status", failure(400, "InvalidOperation.InvalidEniState"), { verdict: "state" }],
    ["an exceeded quota", failure(403, "InvalidOperation.Ipv4CountExceeded"), { verdict: "quota" }],
    ["a refusal", failure(403, "Forbidden.RAM"), { verdict: "final" }],
    [
      "a connection lost before the call took effect",
      { drop: "before" },
      { verdict: "transient", code: "ECONNRESET" },
    ],
    [
      "a connection lost after the call took effect",
      { drop: "after" },
      { verdict: "transient", code: "ECONNRESET" },
    ],
  ])("%s, is sent once and returns the verdict to its caller", async (_what, effect, expected) => {
    disturb(emulator, action, effect, { times: forever });
    expect(await failureOf(write())).toMatchObject({ action, ...expected });
    expect(writesSent()).toBe(1);
  });

  test("API error, the message has the API's text and RequestId", async () => {
    disturb(emulator, action, conflict);
    const { message } = await failureOf(write());
    const requestId = emulator.control.calls()[0]?.requestId;
    expect(message).toBe(
      `${action}: Operation.Conflict, HTTP 403: ecs task is conflicted (RequestId ${requestId})`,
    );
  });

  test("no answer within callMs, is sent once and its outcome is unknown", async () => {
    disturb(emulator, action, { delayMs: 1_000 });
    const ecs = ecsAt(emulator.url, { pacing: { callMs: 200 } });
    expect(await failureOf(write(ecs))).toMatchObject({ code: "CallTimeout", verdict: "transient" });
    await eventually(() => secondaryAddresses(emulator).join() === after.join());
    expect(writesSent()).toBe(1);
  });

  describe("beforeSending", () => {
    test("runs once, before the request", async () => {
      const sentBefore: number[] = [];
      const beforeSending = () => Promise.resolve(void sentBefore.push(writesSent()));
      await write(undefined, { ...patient(), beforeSending });
      expect(sentBefore).toEqual([0]);
    });

    test("rejects, the caller gets its error and nothing is sent", async () => {
      const gone = new Error("the engine is gone");
      const beforeSending = () => Promise.reject(gone);
      await expect(write(undefined, { ...patient(), beforeSending })).rejects.toBe(gone);
      expect(actions(emulator)).toEqual([]);
    });

    test("throttled until the deadline, does not run because it runs after the wait", async () => {
      disturb(emulator, action, failure(400, "Throttling.User"));
      const longWait = { throttleBaseMs: 600_000, throttleCapMs: 600_000 };
      const ecs = ecsAt(emulator.url, { pacing: longWait, random: () => 1 });
      await failureOf(write(ecs));
      const beforeSending = jest.fn(() => Promise.resolve());
      const refused = await failureOf(write(ecs, { deadline: Deadline.after(50), beforeSending }));
      expect(refused).toMatchObject({ code: "Throttling.User", verdict: "throttled" });
      expect(beforeSending).not.toHaveBeenCalled();
      expect(writesSent()).toBe(1);
    });
  });
});

describe("assignPrivateIpAddresses", () => {
  test("repeated with the same addresses and token, sends the same request", async () => {
    const ecs = ecsAt(emulator.url);
    const addresses = addressRange(20, 10);
    await ecs.assignPrivateIpAddresses(eniId, { kind: "address", addresses }, "token-1", writing());
    await ecs.assignPrivateIpAddresses(eniId, { kind: "address", addresses }, "token-1", writing());
    const [first, second] = emulator.control.calls().map(({ params }) => params);
    expect(second).toEqual(first);
    expect(first).toMatchObject({
      RegionId: "cn-hangzhou",
      NetworkInterfaceId: eniId,
      "PrivateIpAddress.1": "10.0.1.20",
      "PrivateIpAddress.10": "10.0.1.29",
      ClientToken: "token-1",
    });
    expect(secondaryAddresses(emulator)).toEqual(addresses);
  });
});

describe("throttling", () => {
  const throttled = failure(400, "Throttling.User");

  test("one call is throttled, the others of its action wait too", async () => {
    disturb(emulator, assign, throttled);
    // Longer than this test.
    const longWait = { throttleBaseMs: 600_000, throttleCapMs: 600_000 };
    const ecs = ecsAt(emulator.url, { pacing: longWait, random: () => 1 });
    const write = (deadline: Deadline) =>
      failureOf(ecs.assignPrivateIpAddresses(eniId, oneAddress, "token-1", { ...writing(), deadline }));
    await write(Deadline.after(20_000));
    const others = await Promise.all(Array.from({ length: 5 }, () => write(Deadline.after(50))));
    expect(others.map(({ code }) => code)).toEqual(Array(5).fill("Throttling.User"));
    expect(actions(emulator)).toEqual([assign]);
  });

  test("one action is throttled, another one does not wait", async () => {
    disturb(emulator, assign, throttled);
    const ecs = ecsAt(emulator.url, {
      pacing: { throttleBaseMs: 600_000, throttleCapMs: 600_000 },
      random: () => 1,
    });
    await failureOf(ecs.assignPrivateIpAddresses(eniId, oneAddress, "token-1", writing()));
    await expect(ecs.describeNetworkInterfaces({ ids: [eniId] }, patient())).resolves.toMatchObject({
      networkInterfaces: [{ id: eniId }],
    });
  });

  test("any other answer, resets the wait to its base", async () => {
    const ecs = ecsAt(emulator.url, {
      pacing: { throttleBaseMs: 1, throttleCapMs: 600_000 },
      random: () => 1,
    });
    const codes: string[] = [];
    // If each wait were doubled, the last ones would be longer than the test's time-out.
    for (let turn = 0; turn < 20; turn += 1) {
      disturb(emulator, assign, throttled);
      disturb(emulator, assign, failure(403, "Forbidden.RAM"));
      for (let call = 0; call < 2; call += 1) {
        const write = ecs.assignPrivateIpAddresses(eniId, oneAddress, "token-1", writing());
        codes.push((await failureOf(write)).code);
      }
    }
    expect(new Set(codes.filter((_code, index) => index % 2 === 1))).toEqual(new Set(["Forbidden.RAM"]));
  });

  test("many concurrent reads, all succeed after it", async () => {
    disturb(emulator, describeEnis, throttled, { times: 12 });
    const ecs = ecsAt(emulator.url);
    const reads = Array.from({ length: 6 }, () => ecs.describeNetworkInterfaces({ ids: [eniId] }, patient()));
    await expect(Promise.all(reads)).resolves.toHaveLength(6);
    expect(actions(emulator)).toHaveLength(18);
  });
});

describe("describeVSwitches", () => {
  const expected = [{ id: "vsw-1", cidrBlock: "10.0.1.0/24", ownerId: "1000000000000000" }];
  const answeredStatuses = () => emulator.control.calls().map(({ status }) => status);

  test("VPC answers, ECS is not called", async () => {
    await expect(ecsAt(emulator.url).describeVSwitches({ vpcId: "vpc-1" }, patient())).resolves.toEqual(
      expected,
    );
    expect(actions(emulator)).toEqual(["DescribeVSwitches"]);
    expect(lastParams()).toMatchObject({ VpcId: "vpc-1" });
  });

  test("one vSwitch by id, returns it or nothing", async () => {
    const ecs = ecsAt(emulator.url);
    await expect(ecs.describeVSwitches({ id: "vsw-1" }, patient())).resolves.toEqual(expected);
    expect(lastParams()).toMatchObject({ VSwitchId: "vsw-1" });
    await expect(ecs.describeVSwitches({ id: "vsw-none" }, patient())).resolves.toEqual([]);
  });

  test("VPC refuses, ECS is called", async () => {
    disturb(emulator, "DescribeVSwitches", failure(403, "Forbidden.RAM"));
    // The answer of ECS does not name the owner.
    await expect(ecsAt(emulator.url).describeVSwitches({ vpcId: "vpc-1" }, patient())).resolves.toEqual([
      { ...expected[0], ownerId: "" },
    ]);
    expect(answeredStatuses()).toEqual([403, 200]);
  });

  test("VPC and ECS refuse, fails with the error of ECS", async () => {
    disturb(emulator, "DescribeVSwitches", failure(403, "Forbidden.RAM"), { times: 2 });
    expect(
      await failureOf(ecsAt(emulator.url).describeVSwitches({ vpcId: "vpc-1" }, patient())),
    ).toMatchObject({
      code: "Forbidden.RAM",
    });
    expect(answeredStatuses()).toEqual([403, 403]);
  });
});

describe("callerAccount", () => {
  const accountOf = (answers: (response: ServerResponse, nth: number) => void) => {
    return ScriptedServer.start((response, _request, nth) => {
      answers(response, nth);
    });
  };

  test("returns the account of the keys, and repeats the call after a failure of the server", async () => {
    const sts = await accountOf((response, nth) => {
      response.writeHead(nth === 1 ? 503 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(nth === 1 ? { Code: "ServiceUnavailable" } : { AccountId: "1234567890" }));
    });
    try {
      await expect(ecsAt(sts.url).callerAccount(patient())).resolves.toBe("1234567890");
      expect(sts.asked).toEqual(["GetCallerIdentity", "GetCallerIdentity"]);
    } finally {
      await sts.stop();
    }
  });

  test("an answer without an account, is no account", async () => {
    const sts = await accountOf((response) => {
      response.writeHead(200, { "content-type": "application/json" }).end('{"RequestId":"R-1"}');
    });
    try {
      const call = ecsAt(sts.url).callerAccount({ deadline: Deadline.after(200) });
      expect(await failureOf(call)).toMatchObject({ action: "GetCallerIdentity" });
    } finally {
      await sts.stop();
    }
  });
});
