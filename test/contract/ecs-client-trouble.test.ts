import { startEmulator } from "alicloud-ecs-emulator";
import type { ServerResponse } from "node:http";
import { networkInterfaces } from "node:os";
import type { EcsError } from "../../provider/src/ecs/ecs-error";
import { Deadline } from "../../provider/src/shared/deadline";
import {
  closedUrl,
  ecsAt,
  emptyPage,
  failureOf,
  oneAddress,
  patient,
  ScriptedServer,
  staticKeys,
  writing,
  type EcsOptions,
} from "../support/ecs-client";
import { eniId, worldWith } from "../support/eni-world";

let server: ScriptedServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

function send(
  response: ServerResponse,
  status: number,
  body: string,
  type = "application/json;charset=utf-8",
) {
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) }).end(body);
}

/** The error of a write, which is sent once. */
async function failureOfWrite(url: string, options?: EcsOptions): Promise<EcsError> {
  return failureOf(ecsAt(url, options).unassignPrivateIpAddresses(eniId, oneAddress, writing()));
}

const read = (url: string, options?: EcsOptions) =>
  ecsAt(url, options).describeNetworkInterfaces({ ids: [eniId] }, patient());

describe("unreadable answer", () => {
  const html = "<html><body>Bad Gateway</body></html>";

  test.each([
    ["HTML with status 200", 200, html, "UnreadableAnswer"],
    ["HTML with status 502", 502, html, "UnreadableAnswer"],
    ["HTML with status 403", 403, html, "UnreadableAnswer"],
    ["an empty body with status 200", 200, "", "UnreadableAnswer"],
    ["an empty body with status 500", 500, "", "UnreadableAnswer"],
    ["truncated JSON", 200, '{"NetworkInterfaceSets": {"Netw', "UnreadableAnswer"],
  ])("%s, a write is not repeated and its outcome is unknown", async (_what, status, body, code) => {
    server = await ScriptedServer.start((response) => {
      send(response, status, body);
    });
    expect(await failureOfWrite(server.url)).toMatchObject({ code, verdict: "transient" });
    expect(server.asked).toEqual(["UnassignPrivateIpAddresses"]);
  });

  test.each([
    ["HTML", 502, html],
    ["an empty body", 200, ""],
    ["null", 200, "null"],
    ["a JSON list", 200, "[]"],
    ["a JSON text", 200, '"text"'],
    ["a list where the API has an object", 200, '{"NetworkInterfaceSets":[]}'],
    ["an ENI without an id", 200, '{"NetworkInterfaceSets":{"NetworkInterfaceSet":[{"Status":"InUse"}]}}'],
  ])("%s, a read is repeated and the ENI is not reported as gone", async (_what, status, body) => {
    server = await ScriptedServer.start((response, _request, nth) => {
      if (nth < 3) send(response, status, body);
      else send(response, 200, emptyPage);
    });
    await expect(read(server.url)).resolves.toEqual({ networkInterfaces: [], nextToken: undefined });
    expect(server.asked).toHaveLength(3);
  });

  test("an error without a code, its verdict follows the HTTP status", async () => {
    server = await ScriptedServer.start((response) => {
      send(response, 500, "{}");
    });
    expect(await failureOfWrite(server.url)).toMatchObject({ httpStatus: 500, verdict: "transient" });
    await server.stop();
    server = await ScriptedServer.start((response) => {
      send(response, 400, "{}");
    });
    expect(await failureOfWrite(server.url)).toMatchObject({ httpStatus: 400, verdict: "final" });
  });

  test("status 200 with a RequestId, the write succeeds", async () => {
    server = await ScriptedServer.start((response) => {
      send(response, 200, '{"RequestId":"R-1","Unexpected":[]}');
    });
    await expect(
      ecsAt(server.url).unassignPrivateIpAddresses(eniId, oneAddress, writing()),
    ).resolves.toBeUndefined();
  });

  test.each([
    ["{}", "UnexpectedAnswer", "transient"],
    ["null", "UnreadableAnswer", "transient"],
    ['{"RequestId":"R-1","Code":"Forbidden.RAM"}', "Forbidden.RAM", "final"],
    ['{"RequestId":"R-1","Code":"Throttling.User"}', "Throttling.User", "throttled"],
    ['{"RequestId":"R-1","Success":false,"ErrorCode":"Forbidden.RAM"}', "Forbidden.RAM", "final"],
    ['{"RequestId":"R-1","Error":{"Code":"Operation.Conflict"}}', "Operation.Conflict", "conflict"],
    ["<?xml version='1.0'?><Error><Code>Forbidden.RAM</Code></Error>", "Forbidden.RAM", "final"],
    ['{"RequestId":"R-1","AssignedPrivateIpAddressesSet":[]}', "UnexpectedAnswer", "transient"],
  ])("status 200 with %s, the write is not confirmed", async (body, code, verdict) => {
    server = await ScriptedServer.start((response) => {
      send(response, 200, body);
    });
    const assign = ecsAt(server.url).assignPrivateIpAddresses(eniId, oneAddress, "token", writing());
    expect(await failureOf(assign)).toMatchObject({ code, httpStatus: 200, verdict });
  });

  test("a page of another server, a read ends early and names the endpoint, the status and what to check", async () => {
    server = await ScriptedServer.start((response) => {
      send(response, 200, "<html>Log in</html>", "text/html");
    });
    const failure = await failureOf(read(server.url, { pacing: { unreadableMs: 50 } }));
    expect(failure).toMatchObject({ code: "UnreadableAnswer", verdict: "final" });
    expect(failure.message).toBe(
      `DescribeNetworkInterfaces: UnreadableAnswer, HTTP 200: the answer is an HTML page instead of the API's JSON at ` +
        `${server.url}; check ECS_ENDPOINT or alicloud:endpoints, and whether a proxy, a login page or a gateway answers ` +
        `instead`,
    );
  });

  test("an error in XML without the type of XML, a write fails for good", async () => {
    server = await ScriptedServer.start((response) => {
      send(
        response,
        403,
        "<Error><Code>Forbidden.RAM</Code><Message>No.</Message></Error>",
        "application/xml",
      );
    });
    expect(await failureOfWrite(server.url)).toMatchObject({ code: "Forbidden.RAM", verdict: "final" });
  });

  test("HTML with status 429, a write is throttled", async () => {
    server = await ScriptedServer.start((response) => {
      send(response, 429, "<html>Slow down</html>", "text/html");
    });
    expect(await failureOfWrite(server.url)).toMatchObject({ httpStatus: 429, verdict: "throttled" });
  });

  test("a redirect, the error names its place", async () => {
    server = await ScriptedServer.start((response) => {
      response.writeHead(302, { location: "https://login.example.com/in?quoted" }).end();
    });
    const failure = await failureOf(read(server.url, { pacing: { unreadableMs: 50 } }));
    expect(failure.message).toContain(
      `HTTP 302: the answer is empty instead of the API's JSON (a redirect to https://login.example.com/in) at ` +
        `${server.url}; check ECS_ENDPOINT`,
    );
  });

  test("a bad answer after a good one, a read is repeated", async () => {
    server = await ScriptedServer.start((response, _request, nth) => {
      if (nth === 2) send(response, 200, "<html>Bad Gateway</html>", "text/html");
      else send(response, 200, emptyPage);
    });
    const ecs = ecsAt(server.url, { pacing: { unreadableMs: 0, unreachableMs: 0 } });
    for (let nth = 1; nth <= 2; nth += 1) await ecs.describeNetworkInterfaces({ ids: [eniId] }, patient());
    expect(server.asked).toHaveLength(3);
  });
});

describe("unreachable endpoint", () => {
  test("read, fails for good after unreachableMs and says what to check", async () => {
    const url = await closedUrl();
    const failure = await failureOf(read(url, { pacing: { unreachableMs: 100 } }));
    expect(failure).toMatchObject({ code: "ECONNREFUSED", verdict: "final" });
    expect(failure.message).toContain(` at ${url}; it has never answered: check the region, the network`);
  });

  test("first write, the error is transient", async () => {
    const url = await closedUrl();
    const failure = await failureOfWrite(url);
    expect(failure).toMatchObject({ code: "ECONNREFUSED", verdict: "transient" });
    expect(failure.message).toContain(` at ${url}`);
    expect(failure.message).not.toContain("never answered");
  });

  test("an earlier call succeeded, the error stays transient", async () => {
    server = await ScriptedServer.start((response) => {
      send(response, 200, emptyPage);
    });
    const ecs = ecsAt(server.url, { pacing: { unreachableMs: 0 } });
    await ecs.describeNetworkInterfaces({ ids: [eniId] }, patient());
    await server.stop();
    const failure = await failureOf(ecs.unassignPrivateIpAddresses(eniId, oneAddress, writing()));
    expect(failure).toMatchObject({ verdict: "transient" });
    expect(failure.message).not.toContain("never answered");
  });

  test("an earlier call got an API error, the error stays transient", async () => {
    server = await ScriptedServer.start((response, _request, nth) => {
      if (nth === 1) send(response, 403, '{"Code":"Forbidden.RAM","Message":"No."}');
      else response.destroy();
    });
    const ecs = ecsAt(server.url, { pacing: { unreachableMs: 0 } });
    await failureOf(ecs.describeNetworkInterfaces({ ids: [eniId] }, patient()));
    const failure = await failureOf(
      ecs.describeNetworkInterfaces({ ids: [eniId] }, { deadline: Deadline.after(200) }),
    );
    expect(failure.verdict).toBe("transient");
    expect(failure.message).not.toContain("never answered");
  });

  test("VPC endpoint, vSwitches are read from ECS", async () => {
    const emulator = await startEmulator({ seed: worldWith([]) });
    try {
      const ecs = ecsAt(emulator.url, { vpcUrl: await closedUrl(), pacing: { unreachableMs: 0 } });
      await expect(ecs.describeVSwitches({ vpcId: "vpc-1" }, patient())).resolves.toEqual([
        { id: "vsw-1", cidrBlock: "10.0.1.0/24", ownerId: "" },
      ]);
    } finally {
      await emulator.close();
    }
  });
});

describe("secret", () => {
  const source = {
    ...staticKeys,
    accessKeySecret: "very+secret/key=",
    securityToken: "CAIS$&token.with[signs]",
  } as const;

  test("the server repeats it, the message shows [secret] instead", async () => {
    const echoed = `Signed with ${source.accessKeySecret}, ${source.securityToken}, and ${source.accessKeySecret}.`;
    server = await ScriptedServer.start((response) => {
      send(
        response,
        400,
        JSON.stringify({ Code: "SignatureDoesNotMatch", Message: echoed, RequestId: "R-1" }),
      );
    });
    const { message, reason } = await failureOfWrite(server.url, { source });
    expect(message).toBe(
      "UnassignPrivateIpAddresses: SignatureDoesNotMatch, HTTP 400: " +
        "Signed with [secret], [secret], and [secret]; correct or renew them: the keys come from the test (RequestId R-1)",
    );
    expect(reason).not.toContain(source.accessKeySecret);
  });

  test("the connection fails, the message does not contain it", async () => {
    const { message } = await failureOfWrite(await closedUrl(), { source });
    expect(message).not.toMatch(/very|CAIS|Signature/);
  });
});

describe("credentials", () => {
  const variables = {
    ALIBABA_CLOUD_CLI_PROFILE_DISABLED: "true",
    ALIBABA_CLOUD_CREDENTIALS_FILE: "/nonexistent",
    ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
  };
  const before = { ...process.env };
  afterEach(() => {
    for (const name of Object.keys(process.env))
      if (!(name in before)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, before);
  });

  /** Serves temporary keys to the official chain. The first `failures` requests fail. */
  async function serveKeys(failures: number): Promise<ScriptedServer> {
    const expiration = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+Z$/, "Z");
    const keys = {
      AccessKeyId: "test",
      AccessKeySecret: "test",
      SecurityToken: "sts-1",
      Expiration: expiration,
    };
    const keyServer = await ScriptedServer.start((response, _request, nth) => {
      if (nth <= failures) send(response, 500, "not yet");
      else send(response, 200, JSON.stringify(keys));
    });
    for (const name of Object.keys(process.env)) {
      if (/^(ALIBABA_?CLOUD|ALICLOUD)_/.test(name)) Reflect.deleteProperty(process.env, name);
    }
    Object.assign(process.env, variables, { ALIBABA_CLOUD_CREDENTIALS_URI: keyServer.url });
    return keyServer;
  }

  test("concurrent calls, the chain is asked once", async () => {
    server = await serveKeys(0);
    const emulator = await startEmulator({ seed: worldWith([]), credentials: { securityToken: "sts-1" } });
    try {
      const ecs = ecsAt(emulator.url, { source: { kind: "chain" } });
      const reads = Array.from({ length: 5 }, () =>
        ecs.describeNetworkInterfaces({ ids: [eniId] }, patient()),
      );
      await expect(Promise.all(reads)).resolves.toHaveLength(5);
      expect(server.asked).toHaveLength(1);
    } finally {
      await emulator.close();
    }
  });

  test("not found, concurrent calls fail without a request, and the next call asks the chain again", async () => {
    server = await serveKeys(1);
    const emulator = await startEmulator({ seed: worldWith([]), credentials: { securityToken: "sts-1" } });
    try {
      const ecs = ecsAt(emulator.url, { source: { kind: "chain" } });
      const describeEni = () => ecs.describeNetworkInterfaces({ ids: [eniId] }, patient());
      const failures = await Promise.all([failureOf(describeEni()), failureOf(describeEni())]);
      for (const failure of failures) {
        expect(failure).toMatchObject({ code: "MissingCredentials", verdict: "final" });
        expect(failure.message).toMatch(/^no Alibaba Cloud credentials found; set ALICLOUD_ACCESS_KEY/);
      }
      expect(emulator.control.calls()).toEqual([]);
      await expect(describeEni()).resolves.toMatchObject({ networkInterfaces: [{ id: eniId }] });
    } finally {
      await emulator.close();
    }
  });

  test("wrong, the API's refusal is final", async () => {
    const emulator = await startEmulator({ seed: worldWith([]) });
    try {
      const failure = await failureOf(
        read(emulator.url, { source: { ...staticKeys, accessKeySecret: "wrong" } }),
      );
      expect(failure).toMatchObject({ code: "SignatureDoesNotMatch", verdict: "final" });
      expect(emulator.control.calls()).toHaveLength(1);
    } finally {
      await emulator.close();
    }
  });
});

const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === "::1"),
);

(hasIpv6 ? test : test.skip)("endpoint: an IPv6 address, a read succeeds", async () => {
  const emulator = await startEmulator({ seed: worldWith([]), host: "::1" });
  try {
    await expect(read(emulator.url)).resolves.toMatchObject({ networkInterfaces: [{ id: eniId }] });
  } finally {
    await emulator.close();
  }
});
