import { EmulatorOnManualClock } from "../testing/emulator-on-manual-clock";
import type { LoggedCall } from "../server/logged-call";
import { defaultBehaviour } from "../world/behaviour";
import type { CompleteStateDocument } from "../world/state-document";

const emulator = new EmulatorOnManualClock();
const { clock } = emulator;

beforeAll(() => emulator.start());
afterAll(() => emulator.close());
beforeEach(async () => {
  await control("DELETE", "faults");
  await control("PUT", "behaviour", {
    batch: "atomic",
    maxAddressesPerCall: 10,
    transitionMs: 500,
    latencyMs: 0,
  });
  await control("PUT", "state", { networkInterfaces: [{ NetworkInterfaceId: "eni-1" }] });
  await control("DELETE", "calls");
});

async function control(method: string, path: string, body?: unknown) {
  const response = await fetch(`${emulator.url}/_emulator/${path}`, {
    method,
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === "" ? undefined : JSON.parse(text)) as unknown };
}

/** The world, as the control API tells it. */
async function state(): Promise<CompleteStateDocument> {
  return (await control("GET", "state")).body as CompleteStateDocument;
}

/** The log, as the control API tells it. */
async function calls(): Promise<LoggedCall[]> {
  return (await control("GET", "calls")).body as LoggedCall[];
}

/** What the control API says when it refuses. */
async function refusal(method: string, path: string, body?: unknown) {
  const refused = await control(method, path, body);
  return { status: refused.status, error: (refused.body as { error: unknown }).error };
}

async function expectRefusedState(method: "PUT" | "PATCH", document: unknown, message: RegExp) {
  const before = await state();
  const refused = await refusal(method, "state", document);
  expect(refused.status).toBe(400);
  expect(refused.error).toMatch(message);
  expect(await state()).toEqual(before);
}

const onEni = { RegionId: "cn-hangzhou", NetworkInterfaceId: "eni-1" };
const assign = (address = "10.0.0.50") =>
  emulator.call("AssignPrivateIpAddresses", { ...onEni, "PrivateIpAddress.1": address });
const describeEnis = () => emulator.call("DescribeNetworkInterfaces", { RegionId: "cn-hangzhou" });

describe("state refuses", () => {
  test.each([
    ["a text that is not JSON", "{", /^the body is not JSON: /],
    ["a list", [], /^the document: /],
    ["an unknown list", { enis: [] }, /^the document: unknown key enis; allowed: vpcs, vSwitches/],
    [
      "an unknown status",
      { networkInterfaces: [{ NetworkInterfaceId: "eni-1", Status: "Gone" }] },
      /^networkInterfaces\[0\]\.Status: .*"Available"/,
    ],
    [
      "an unknown field",
      { networkInterfaces: [{ NetworkInterfaceId: "eni-1", Colour: "red" }] },
      /^networkInterfaces\[0\]: unknown key Colour; allowed: NetworkInterfaceId/,
    ],
    ["an ENI without an id", { networkInterfaces: [{}] }, /^networkInterfaces\[0\]\.NetworkInterfaceId: /],
    [
      "an ENI twice",
      { networkInterfaces: [{ NetworkInterfaceId: "eni-1" }, { NetworkInterfaceId: "eni-1" }] },
      /^networkInterfaces\[1\]: "eni-1" is listed twice/,
    ],
    [
      "an instance that is not listed",
      { networkInterfaces: [{ NetworkInterfaceId: "eni-1", InstanceId: "i-9" }] },
      /^networkInterfaces\[0\]\.InstanceId: "i-9" is not listed in instances/,
    ],
    [
      "a vSwitch that is not listed",
      { networkInterfaces: [{ NetworkInterfaceId: "eni-1", VSwitchId: "vsw-9" }] },
      /^networkInterfaces\[0\]\.VSwitchId: "vsw-9" is not listed in vSwitches/,
    ],
    [
      "a primary ENI without an instance",
      { networkInterfaces: [{ NetworkInterfaceId: "eni-1", Type: "Primary" }] },
      /^networkInterfaces\[0\]\.InstanceId: a primary ENI must name its instance/,
    ],
    [
      "an address outside the vSwitch",
      { networkInterfaces: [{ NetworkInterfaceId: "eni-1", PrivateIpAddress: "192.168.0.1" }] },
      /^eni-1: 192\.168\.0\.1 is outside 10\.0\.0\.0\/16 of vsw-default/,
    ],
    [
      "an address that two ENIs have",
      {
        networkInterfaces: [
          { NetworkInterfaceId: "eni-1", PrivateIpAddress: "10.0.0.9" },
          { NetworkInterfaceId: "eni-2", PrivateIpAddress: "10.0.0.9" },
        ],
      },
      /^eni-2: 10\.0\.0\.9 is held by eni-1 already/,
    ],
    [
      "an EIP on an address that is not there",
      {
        networkInterfaces: [{ NetworkInterfaceId: "eni-1" }],
        eips: [{ AllocationId: "eip-1", InstanceId: "eni-1", PrivateIpAddress: "10.0.0.99" }],
      },
      /^eips\[0\]\.PrivateIpAddress: 10\.0\.0\.99 is not an address of eni-1/,
    ],
    [
      "vSwitches that overlap",
      {
        vSwitches: [
          { VSwitchId: "vsw-1", CidrBlock: "10.0.0.0/16" },
          { VSwitchId: "vsw-2", CidrBlock: "10.0.1.0/24" },
        ],
      },
      /^vSwitches\[1\]\.CidrBlock: 10\.0\.1\.0\/24 overlaps 10\.0\.0\.0\/16 of vsw-1/,
    ],
  ])("%s, and leaves the world as it was", async (_, document, message) => {
    await expectRefusedState("PUT", document, message);
  });

  test.each([
    [
      "an object without its id",
      { networkInterfaces: [{ Status: "InUse" }] },
      /^networkInterfaces\[0\]\.NetworkInterfaceId: /,
    ],
    ["an unknown list", { enis: [] }, /unknown key enis/],
    [
      "a result that does not hold together",
      { networkInterfaces: [{ NetworkInterfaceId: "eni-1", InstanceId: "i-9" }] },
      /"i-9" is not listed/,
    ],
  ])("as a patch: %s", async (_, patch, message) => {
    await expectRefusedState("PATCH", patch, message);
  });
});

describe("state", () => {
  test("makes the VPC and the vSwitch that an ENI needs", async () => {
    const body = await state();
    expect(body.vpcs).toMatchObject([{ VpcId: "vpc-default", CidrBlock: "10.0.0.0/8" }]);
    expect(body.vSwitches).toMatchObject([{ VSwitchId: "vsw-default", CidrBlock: "10.0.0.0/16" }]);
    expect(body.networkInterfaces).toMatchObject([
      { NetworkInterfaceId: "eni-1", Status: "Available", Type: "Secondary", PrivateIpAddress: "10.0.0.1" },
    ]);
  });

  test("saved and loaded is the same world, running transitions included", async () => {
    await control("PUT", "state", {
      vpcs: [{ VpcId: "vpc-1" }],
      vSwitches: [{ VSwitchId: "vsw-1" }, { VSwitchId: "vsw-b", VpcId: "vpc-1", CidrBlock: "10.9.0.0/24" }],
      instances: [
        {
          InstanceId: "i-1",
          Status: "Pending",
          StatusTransition: { to: "Starting", afterMs: 1000, then: { to: "Running", afterMs: 2000 } },
        },
      ],
      networkInterfaces: [
        {
          NetworkInterfaceId: "eni-1",
          ServiceManaged: true,
          Tags: { Tag: [{ TagKey: "a", TagValue: "b" }] },
        },
        {
          NetworkInterfaceId: "eni-2",
          InstanceId: "i-1",
          Ipv4PrefixSets: { Ipv4PrefixSet: [{ Ipv4Prefix: "10.0.0.16/28" }] },
        },
      ],
      eips: [{ AllocationId: "eip-1", InstanceId: "eni-2" }],
    });
    clock.advance(400);
    const saved = await state();
    expect(saved.instances[0]?.StatusTransition).toMatchObject({ to: "Starting", afterMs: 600 });
    await control("PUT", "state", saved);
    expect((await control("GET", "state")).body).toEqual(saved);
    clock.advance(600);
    expect((await state()).instances[0]).toMatchObject({
      Status: "Starting",
      StatusTransition: { to: "Running", afterMs: 2000 },
    });
    clock.advance(2000);
    const body = await state();
    expect(body.instances[0]?.Status).toBe("Running");
    expect(body.instances[0]?.StatusTransition).toBeUndefined();
  });

  test("a status that is patched stays, and ends what was under way", async () => {
    await control("PATCH", "state", {
      networkInterfaces: [
        { NetworkInterfaceId: "eni-1", Status: "Attaching", StatusTransition: { to: "InUse", afterMs: 10 } },
      ],
    });
    await control("PATCH", "state", {
      networkInterfaces: [{ NetworkInterfaceId: "eni-1", Status: "Detaching" }],
    });
    clock.advance(60_000);
    expect((await state()).networkInterfaces[0]?.Status).toBe("Detaching");
  });

  test("a patch that lists secondary addresses only keeps the primary", async () => {
    await control("PATCH", "state", {
      networkInterfaces: [
        { NetworkInterfaceId: "eni-1", PrivateIpSets: { PrivateIpSet: [{ PrivateIpAddress: "10.0.0.77" }] } },
      ],
    });
    expect((await state()).networkInterfaces[0]?.PrivateIpSets.PrivateIpSet).toEqual([
      { PrivateIpAddress: "10.0.0.1", Primary: true },
      { PrivateIpAddress: "10.0.0.77", Primary: false },
    ]);
  });

  test("a state of 9 MB can be written back as it was read", async () => {
    const Description = "d".repeat(9_000_000);
    await control("PATCH", "state", { networkInterfaces: [{ NetworkInterfaceId: "eni-1", Description }] });
    const read = await state();
    expect(await control("PUT", "state", read)).toMatchObject({ status: 200 });
    expect((await state()).networkInterfaces[0]?.Description).toHaveLength(9_000_000);
  });

  test("a patch is answered with its objects alone", async () => {
    const patch = { networkInterfaces: [{ NetworkInterfaceId: "eni-1", Description: "edge" }] };
    const { body } = await control("PATCH", "state", patch);
    expect(Object.keys(body as object)).toEqual(["networkInterfaces"]);
    expect(body).toMatchObject({
      networkInterfaces: [{ Description: "edge", PrivateIpAddress: "10.0.0.1" }],
    });
  });

  test("an EIP shows on the address that it is bound to", async () => {
    await assign();
    await control("PATCH", "state", {
      eips: [
        { AllocationId: "eip-1", InstanceId: "eni-1", PrivateIpAddress: "10.0.0.50", IpAddress: "47.1.2.3" },
      ],
    });
    const { body } = await describeEnis();
    expect(body.NetworkInterfaceSets.NetworkInterfaceSet[0]?.PrivateIpSets.PrivateIpSet).toEqual([
      { PrivateIpAddress: "10.0.0.1", Primary: true, AssociatedPublicIp: {} },
      {
        PrivateIpAddress: "10.0.0.50",
        Primary: false,
        AssociatedPublicIp: { AllocationId: "eip-1", PublicIpAddress: "47.1.2.3" },
      },
    ]);
  });

  test("a call under way does not disturb the world that was put meanwhile", async () => {
    await control("PUT", "behaviour", { latencyMs: 100 });
    const late = assign();
    await emulator.untilACallWaits();
    await control("PUT", "state", { networkInterfaces: [{ NetworkInterfaceId: "eni-1" }] });
    const fresh = await state();
    clock.advance(100);
    expect((await late).status).toBe(200);
    expect(await state()).toEqual(fresh);
  });
});

describe("calls", () => {
  test("has every call with its parameters and its outcome, and is empty when cleared", async () => {
    const assigned = await assign();
    await assign();
    const logged = await calls();
    expect(logged).toMatchObject([
      {
        action: "AssignPrivateIpAddresses",
        params: { ...onEni, "PrivateIpAddress.1": "10.0.0.50" },
        atMs: clock.now(),
        status: 200,
        code: null,
        requestId: assigned.body.RequestId,
      },
      { status: 403, code: "InvalidIp.IpAssigned" },
    ]);
    expect(logged[1]?.seq).toBe((logged[0]?.seq ?? 0) + 1);
    expect((await control("DELETE", "calls")).status).toBe(204);
    expect(await calls()).toEqual([]);
  });

  test("of a call with a wrong signature the log has the beginning of its parameters alone", async () => {
    const Name = "n".repeat(5000);
    await emulator.call("DescribeNetworkInterfaces", { Name }, { parts: { AccessKeyId: "other" } });
    expect((await calls())[0]?.params.Name).toBe(`${"n".repeat(100)}… (5000 characters)`);
    await emulator.call("DescribeNetworkInterfaces", { Name });
    expect((await calls())[1]?.params.Name).toBe(`${"n".repeat(4096)}… (5000 characters)`);
    const response = await fetch(`${emulator.url}/_emulator/calls`);
    expect(response.headers.get("x-dropped-calls")).toBe("0");
  });

  test("has a call that still runs, without an outcome", async () => {
    await control("PUT", "behaviour", { latencyMs: 100 });
    const running = describeEnis();
    await emulator.untilACallWaits();
    expect(await calls()).toMatchObject([{ status: null, code: null }]);
    clock.advance(100);
    await running;
    expect(await calls()).toMatchObject([{ status: 200 }]);
  });
});

describe("faults", () => {
  const error = (code: string) => ({ error: { status: 403, code, message: "no" } });

  test.each([
    ["no stale reads", { action: "*", effect: { staleReads: 0 } }, /^effect: .*\{"staleReads":n\}/],
    ["to hang or not", { action: "*", effect: { hang: false } }, /^effect: .*\{"hang":true,/],
    ["another word for done", { action: "*", effect: { hang: true, done: "after" } }, /^effect: /],
    ["done without a hang", { action: "*", effect: { done: true } }, /^effect: /],
    [
      "two effects at once",
      { action: "*", effect: { delayMs: 1, drop: "after" } },
      /^effect: must be one of/,
    ],
    ["no effect", { action: "*" }, /^effect: must be one of/],
    [
      "an unknown action",
      { action: "AssignIps", effect: { delayMs: 1 } },
      /^action: "AssignIps" is not an operation/,
    ],
    ["an unknown match", { action: "*", match: { eni: "eni-1" }, effect: { delayMs: 1 } }, /^match: /],
    ["no times", { action: "*", times: 0, effect: { delayMs: 1 } }, /^times: /],
  ])("refuse %s", async (_, rule, message) => {
    const refused = await refusal("POST", "faults", rule);
    expect(refused.status).toBe(400);
    expect(refused.error).toMatch(message);
  });

  test("skip, then act as often as told, then end", async () => {
    await control("POST", "faults", {
      action: "DescribeNetworkInterfaces",
      skip: 1,
      times: 2,
      effect: error("Throttling"),
    });
    const statuses = [];
    for (let call = 0; call < 4; call++) statuses.push((await describeEnis()).status);
    expect(statuses).toEqual([200, 403, 403, 200]);
  });

  test("the first rule that matches is used, the next one keeps waiting", async () => {
    await control("POST", "faults", { action: "AssignPrivateIpAddresses", effect: error("First") });
    await control("POST", "faults", { action: "*", effect: error("Second") });
    expect((await assign()).body.Code).toBe("First");
    expect((await assign()).body.Code).toBe("Second");
    expect((await assign()).status).toBe(200);
  });

  test("match only the calls that name the ENI, singly or in a list", async () => {
    await control("POST", "faults", {
      action: "*",
      match: { networkInterfaceId: "eni-1" },
      times: 2,
      effect: error("Mine"),
    });
    expect((await describeEnis()).status).toBe(200);
    expect((await assign()).body.Code).toBe("Mine");
    const listed = await emulator.call("DescribeNetworkInterfaces", {
      RegionId: "cn-hangzhou",
      "NetworkInterfaceId.1": "eni-0",
      "NetworkInterfaceId.2": "eni-1",
    });
    expect(listed.body.Code).toBe("Mine");
  });

  test("an error comes without the effect of the call", async () => {
    await control("POST", "faults", {
      action: "AssignPrivateIpAddresses",
      effect: error("Operation.Conflict"),
    });
    expect((await assign()).status).toBe(403);
    expect((await assign()).status).toBe(200);
  });

  test("drop before: nothing is done, and nothing is answered", async () => {
    await control("POST", "faults", { action: "AssignPrivateIpAddresses", effect: { drop: "before" } });
    await expect(assign()).rejects.toThrow();
    expect(await calls()).toMatchObject([{ status: null, code: null }]);
    expect((await assign()).status).toBe(200);
  });

  test("drop after: it is done, and nothing is answered", async () => {
    await control("POST", "faults", { action: "AssignPrivateIpAddresses", effect: { drop: "after" } });
    await expect(assign()).rejects.toThrow();
    expect(await calls()).toMatchObject([{ status: null, code: null }]);
    expect((await assign()).body.Code).toBe("InvalidIp.IpAssigned");
  });

  test("drop after: an error is as lost as a success", async () => {
    await control("POST", "faults", { action: "AssignPrivateIpAddresses", effect: { drop: "after" } });
    await expect(assign("10.0.0.1")).rejects.toThrow();
    expect(await calls()).toMatchObject([{ status: null, code: null }]);
  });

  test("a delay holds the ENI for as long", async () => {
    await control("POST", "faults", { action: "AssignPrivateIpAddresses", effect: { delayMs: 5000 } });
    const slow = assign("10.0.0.51");
    await emulator.untilACallWaits();
    expect((await assign()).body.Code).toBe("Operation.Conflict");
    clock.advance(5000);
    expect((await slow).status).toBe(200);
    expect((await assign()).status).toBe(200);
  });

  test("a patch changes the world at that call", async () => {
    await control("POST", "faults", {
      action: "AssignPrivateIpAddresses",
      effect: { patch: { networkInterfaces: [{ NetworkInterfaceId: "eni-1", Status: "Detaching" }] } },
    });
    expect((await assign()).body.Code).toBe("InvalidOperation.InvalidEniState");
  });

  test.each([
    ["POST", "faults", '{"action":"*","effect":{"patch":{"vpcs":[DEEP]}}}'],
    ["PATCH", "state", '{"vpcs":[{"VpcId":[DEEP]}]}'],
    ["PUT", "limits", '{"\\"]":{"windowMs":{"a":[DEEP]}}}'],
  ])("%s %s with %s, nested 100,000 levels deep, is refused", async (method, path, text) => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    expect(await control(method, path, text.replace("DEEP", deep))).toMatchObject({
      status: 400,
      body: { error: "the body: is nested 100004 levels deep; allowed are 100" },
    });
  });

  test("a patch that does not fit is an error of the call that says so", async () => {
    await control("POST", "faults", { action: "*", effect: { patch: { networkInterfaces: [{}] } } });
    const answer = await describeEnis();
    expect(answer).toMatchObject({ status: 500, body: { Code: "InternalError" } });
    expect(answer.body.Message).toContain("networkInterfaces[0].NetworkInterfaceId");
  });

  test("are listed with what is left of them, and end when deleted", async () => {
    await control("POST", "faults", { action: "*", skip: 1, times: 3, effect: { delayMs: 0 } });
    await describeEnis();
    await describeEnis();
    expect((await control("GET", "faults")).body).toEqual([
      { action: "*", skip: 0, times: 2, effect: { delayMs: 0 } },
    ]);
    expect((await control("DELETE", "faults")).status).toBe(204);
    expect((await control("GET", "faults")).body).toEqual([]);
  });
});

describe("behaviour", () => {
  test.each([
    [{ batch: "some" }, /^batch: /],
    [{ latencyMs: -1 }, /^latencyMs: /],
    [{ maxAddressesPerCall: 0 }, /^maxAddressesPerCall: /],
    [{ speed: 1 }, /speed/],
  ])("refuses %j", async (change, message) => {
    const refused = await refusal("PUT", "behaviour", change);
    expect(refused.status).toBe(400);
    expect(refused.error).toMatch(message);
  });

  test("changes the keys that are given", async () => {
    const { body } = await control("PUT", "behaviour", { maxAddressesPerCall: 1 });
    expect(body).toEqual({ ...defaultBehaviour, maxAddressesPerCall: 1 });
    expect((await control("GET", "behaviour")).body).toEqual(body);
  });
});

test.each([
  ["GET", "nothing", 404],
  ["GET", "__proto__", 404],
  ["POST", "state", 405],
  ["POST", "limits", 405],
])("%s %s is refused with %i", async (method, path, status) => {
  const refused = await refusal(method, path, method === "GET" ? undefined : {});
  expect(refused.status).toBe(status);
  expect(refused.error).toEqual(expect.any(String));
});

describe("limits", () => {
  afterEach(() => control("DELETE", "limits"));

  test.each([
    ["a text that is not JSON", "{", /^the body is not JSON: /],
    ["a list", [], /^the limits: /],
    [
      "an unknown action",
      { AssignIps: { perMinute: 1 } },
      /^"AssignIps" is not an operation; allowed: AllocateEipAddress, Assign/,
    ],
    ["all actions at once", { "*": { perMinute: 1 } }, /^"\*" is not an operation/],
    ["a number", { RunInstances: 5 }, /^RunInstances: must be \{"perMinute":n,"windowMs":n\}/],
    ["a window without a limit", { RunInstances: { windowMs: 1000 } }, /^RunInstances: must be /],
    ["less than nothing", { RunInstances: { perMinute: -1 } }, /^RunInstances: must be /],
    ["no window", { RunInstances: { perMinute: 1, windowMs: 0 } }, /^RunInstances: must be /],
    ["an unknown key", { RunInstances: { perMinute: 1, perHour: 2 } }, /^RunInstances: must be /],
  ])("refuse %s, and leave what is in force", async (_, limits, message) => {
    await control("PUT", "limits", { DescribeVSwitches: { perMinute: 7 } });
    const refused = await refusal("PUT", "limits", limits);
    expect(refused.status).toBe(400);
    expect(refused.error).toMatch(message);
    expect((await control("GET", "limits")).body).toEqual({
      DescribeVSwitches: { perMinute: 7, windowMs: 60_000 },
    });
  });

  test("replace each other, and are told with what was left out", async () => {
    await control("PUT", "limits", { RunInstances: { perMinute: 1 } });
    const { body } = await control("PUT", "limits", {
      DescribeNetworkInterfaces: { perMinute: 1, windowMs: 1000 },
      RunInstances: null,
      StopInstance: {},
    });
    expect(body).toEqual({ DescribeNetworkInterfaces: { perMinute: 1, windowMs: 1000 } });
    expect((await control("GET", "limits")).body).toEqual(body);
  });

  test("end when deleted", async () => {
    await control("PUT", "limits", { DescribeNetworkInterfaces: { perMinute: 0 } });
    expect((await describeEnis()).body.Code).toBe("Throttling.User");
    expect((await control("DELETE", "limits")).status).toBe(204);
    expect((await describeEnis()).status).toBe(200);
    expect((await control("GET", "limits")).body).toEqual({});
  });
});

test("health is there as soon as the emulator listens", async () => {
  expect(await control("GET", "health")).toEqual({ status: 200, body: { status: "ok" } });
});
