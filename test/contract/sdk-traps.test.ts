import { startEmulator } from "alicloud-ecs-emulator";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { EniReader } from "../../provider/src/ecs/eni-reader";
import { Deadline } from "../../provider/src/shared/deadline";
import { pacingTimes } from "../../provider/src/shared/retry";
import {
  closedUrl,
  ecsAt,
  eventually,
  failureOf,
  oneAddress,
  patient,
  ScriptedServer,
  writing,
} from "../support/ecs-client";
import { eniId, primaryAddress, privateIpSets, worldWith } from "../support/eni-world";

// Surprising behaviour of the official SDK and its credentials package. docs/sdk-traps.md lists all of it.

const before = { ...process.env };
const servers: ScriptedServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  for (const name of Object.keys(process.env))
    if (!(name in before)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, before);
});

async function serve(...answer: Parameters<typeof ScriptedServer.start>): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(...answer);
  servers.push(server);
  return server;
}

const eniPage = (eni: object, more = {}) =>
  JSON.stringify({
    NetworkInterfaceSets: { NetworkInterfaceSet: [{ NetworkInterfaceId: eniId, ...eni }] },
    ...more,
  });

describe("time-out", () => {
  test("an answer after more than the SDK's three seconds, is awaited and the call sent once", async () => {
    const server = await serve((response) => {
      setTimeout(() => response.end('{"RequestId":"R-1"}'), 3_500);
    });
    await ecsAt(server.url).unassignPrivateIpAddresses(eniId, oneAddress, writing());
    expect(server.asked).toEqual(["UnassignPrivateIpAddresses"]);
  });

  test("an endless answer on a reused connection, fails after callMs", async () => {
    // The SDK's idle time-out does not occur, and its read time-out covers only the answer's head.
    const server = await serve((response, _request, nth) => {
      if (nth === 1) return void response.end('{"RequestId":"R-1"}');
      response.writeHead(200, { "content-type": "application/json" });
      const trickle = setInterval(() => response.write(" "), 20);
      response.on("close", () => {
        clearInterval(trickle);
      });
    });
    const ecs = ecsAt(server.url, { pacing: { callMs: 500 } });
    await ecs.unassignPrivateIpAddresses(eniId, oneAddress, writing());
    const failure = await failureOf(ecs.unassignPrivateIpAddresses(eniId, oneAddress, writing()));
    expect(failure).toMatchObject({ code: "CallTimeout", verdict: "transient" });
    expect(server.asked).toHaveLength(2);
  });
});

describe("answer", () => {
  test.each(["{}", '{"Code":null,"Message":null}'])(
    "an error without fields, %s, the message does not contain undefined",
    async (body) => {
      const server = await serve((response) => {
        response.writeHead(400, { "content-type": "application/json" }).end(body);
      });
      const failure = await failureOf(
        ecsAt(server.url).unassignPrivateIpAddresses(eniId, oneAddress, writing()),
      );
      expect(failure).toMatchObject({ requestId: undefined, verdict: "final" });
      expect(failure.message).toMatch(
        /^UnassignPrivateIpAddresses: UnnamedError, HTTP 400: no message at http/,
      );
      expect(failure.message).not.toContain("undefined");
    },
  );

  test("a page with a NextToken that is not full, is the last one", async () => {
    const server = await serve((response) => {
      const eni = { VpcId: "vpc-1", PrivateIpAddress: primaryAddress, PrivateIpSets: privateIpSets([]) };
      response.end(eniPage(eni, { NextToken: "more", TotalCount: 1 }));
    });
    const reader = new EniReader(ecsAt(server.url), pacingTimes(0.001));
    await reader.known(eniId, Deadline.after(20_000));
    await reader.known("eni-other", Deadline.after(20_000));
    // A read by id, the page of the VPC, and a read of the other ENI by id.
    expect(server.asked).toHaveLength(3);
  });
});

describe("credential chain", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), "home-"));
    for (const name of Object.keys(process.env)) {
      if (/^(ALIBABA_?CLOUD|ALICLOUD)_/.test(name)) Reflect.deleteProperty(process.env, name);
    }
    Object.assign(process.env, {
      ALIBABA_CLOUD_CLI_PROFILE_DISABLED: "true",
      ALIBABA_CLOUD_CREDENTIALS_FILE: path.join(home, "credentials"),
      ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
    });
  });
  afterEach(() => {
    rmSync(home, { recursive: true, force: true });
  });

  const viaChain = (url: string) => ecsAt(url, { source: { kind: "chain" } });

  test("no credentials found, the message does not contain https://undefined", async () => {
    const failure = await failureOf(
      viaChain(await closedUrl()).describeNetworkInterfaces({ ids: [eniId] }, patient()),
    );
    expect(failure).toMatchObject({ code: "MissingCredentials", verdict: "final" });
    expect(failure.message).not.toContain("undefined");
  });

  test("a source does not answer, fails at the deadline without a request", async () => {
    const [keys, api] = [await serve(() => undefined), await serve(() => undefined)];
    process.env.ALIBABA_CLOUD_CREDENTIALS_URI = keys.url;
    const call = viaChain(api.url).describeNetworkInterfaces(
      { ids: [eniId] },
      { deadline: Deadline.after(500) },
    );
    expect(await failureOf(call)).toMatchObject({ code: "MissingCredentials", verdict: "final" });
    await eventually(() => keys.asked.length > 0);
    expect(api.asked).toEqual([]);
  });

  test.each(["ALIBABA_CLOUD", "ALIBABACLOUD", "ALICLOUD"])(
    "%s_ACCESS_KEY_ID is set, only the prefix ALIBABA_CLOUD is used",
    async (prefix) => {
      const emulator = await startEmulator({ seed: worldWith([]) });
      try {
        process.env[`${prefix}_ACCESS_KEY_ID`] = "test";
        process.env[`${prefix}_ACCESS_KEY_SECRET`] = "test";
        const call = viaChain(emulator.url).describeNetworkInterfaces({ ids: [eniId] }, patient());
        if (prefix === "ALIBABA_CLOUD") await expect(call).resolves.toBeDefined();
        else expect(await failureOf(call)).toMatchObject({ code: "MissingCredentials" });
      } finally {
        await emulator.close();
      }
    },
  );

  test("an id without its secret, uses the keys of its next source", async () => {
    const emulator = await startEmulator({ seed: worldWith([]) });
    try {
      process.env.ALIBABA_CLOUD_ACCESS_KEY_ID = "of-another-account";
      const keys =
        "[default]\nenable = true\ntype = access_key\naccess_key_id = test\naccess_key_secret = test\n";
      writeFileSync(path.join(home, "credentials"), keys);
      const call = viaChain(emulator.url).describeNetworkInterfaces({ ids: [eniId] }, patient());
      await expect(call).resolves.toMatchObject({ networkInterfaces: [{ id: eniId }] });
    } finally {
      await emulator.close();
    }
  });
});
