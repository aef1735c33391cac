import { startEmulator } from "../emulator";
import type { Emulator } from "../emulator";
import { SigningClient } from "../testing/signing-client";
import { ManualClock } from "../world/clock";

const region = { RegionId: "cn-hangzhou" };
const clock = new ManualClock(Date.parse("2026-11-23T06:00:00Z"));
const now = () => clock.now();
let emulator: Emulator;
let client: SigningClient;

beforeAll(async () => {
  emulator = await startEmulator({ clock });
  client = new SigningClient(emulator.url, now);
});
afterAll(() => emulator.close());

const describeEnis = (options: Parameters<SigningClient["call"]>[2]) =>
  client.call("DescribeNetworkInterfaces", region, options);

const drop = (name: string) => (request: { headers: Record<string, string> }) => {
  Reflect.deleteProperty(request.headers, name);
};

test.each([
  ["no Authorization", { tamper: drop("authorization") }, 400, "IncompleteSignature"],
  [
    "a garbled Authorization",
    {
      tamper: (r: { headers: Record<string, string> }) =>
        (r.headers.authorization = "ACS3-HMAC-SHA256 hello"),
    },
    400,
    "IncompleteSignature",
  ],
  ["the older signature", { tamper: olderSignature }, 400, "IncompleteSignature"],
  ["no nonce", { tamper: drop("x-acs-signature-nonce") }, 400, "IncompleteSignature"],
  ["no date", { tamper: drop("x-acs-date") }, 400, "IllegalTimestamp"],
  ["a date of another form", { headers: { "x-acs-date": "23 Nov 2026" } }, 400, "InvalidTimeStamp.Format"],
  [
    "a date 16 minutes ago",
    { headers: { "x-acs-date": "2026-11-23T05:44:00Z" } },
    400,
    "InvalidTimeStamp.Expired",
  ],
  [
    "a date in 16 minutes",
    { headers: { "x-acs-date": "2026-11-23T06:16:00Z" } },
    400,
    "InvalidTimeStamp.Expired",
  ],
  [
    "a parameter changed after signing",
    {
      tamper: (r: { url: URL }) => {
        r.url.searchParams.set("RegionId", "cn-beijing");
      },
    },
    400,
    "SignatureDoesNotMatch",
  ],
  [
    "an action changed after signing",
    { tamper: (r: { headers: Record<string, string> }) => (r.headers["x-acs-action"] = "DescribeInstances") },
    400,
    "SignatureDoesNotMatch",
  ],
  [
    "a body changed after signing",
    { form: true, tamper: (r: { body: string }) => (r.body += "&MaxResults=10") },
    400,
    "SignatureDoesNotMatch",
  ],
  [
    "a token nobody gave",
    { headers: { "x-acs-security-token": "t" } },
    400,
    "InvalidSecurityToken.MismatchWithAccessKey",
  ],
  ["an unknown version", { version: "2015-01-01" }, 400, "InvalidVersion"],
  ["the version of another product", { version: "2016-04-28" }, 403, "InvalidAction"],
  ["another method", { method: "PUT" as const }, 403, "UnsupportedHTTPMethod"],
])("refuses %s", async (_, options, status, code) => {
  expect(await describeEnis(options)).toMatchObject({ status, body: { Code: code } });
});

function olderSignature(request: { url: URL; headers: Record<string, string> }): void {
  drop("authorization")(request);
  request.url.searchParams.set("SignatureMethod", "HMAC-SHA1");
}

test("refuses an action that it does not know, and says which", async () => {
  const answer = await client.call("MakeCoffee", region);
  expect(answer).toMatchObject({ status: 403, body: { Code: "InvalidAction" } });
  expect(answer.body.Message).toContain("MakeCoffee");
});

test("refuses a key that it does not know", async () => {
  const stranger = new SigningClient(emulator.url, now, { id: "stranger", secret: "test" });
  expect(await stranger.call("DescribeNetworkInterfaces", region)).toMatchObject({
    status: 404,
    body: { Code: "InvalidAccessKeyId.NotFound" },
  });
});

test("refuses a wrong secret, and tells the string that it signed", async () => {
  const impostor = new SigningClient(emulator.url, now, { id: "test", secret: "guess" });
  const answer = await impostor.call("DescribeNetworkInterfaces", region);
  expect(answer).toMatchObject({ status: 400, body: { Code: "SignatureDoesNotMatch" } });
  expect(answer.body.Message).toMatch(
    /^Specified signature does not match our calculation\. server StringToSign is \[ACS3-HMAC-SHA256\n[0-9a-f]{64}\]$/,
  );
});

test("refuses a nonce the second time, but not because somebody else guessed it", async () => {
  const headers = { "x-acs-signature-nonce": "once" };
  const impostor = new SigningClient(emulator.url, now, { id: "test", secret: "guess" });
  await impostor.call("DescribeNetworkInterfaces", region, { headers });
  expect((await describeEnis({ headers })).status).toBe(200);
  expect(await describeEnis({ headers })).toMatchObject({
    status: 400,
    body: { Code: "SignatureNonceUsed" },
  });
});

test("a date 14 minutes off is fresh", async () => {
  expect((await describeEnis({ headers: { "x-acs-date": "2026-11-23T05:46:00Z" } })).status).toBe(200);
});

test("an error has the cloud's form", async () => {
  const answer = await client.call("MakeCoffee", region);
  expect(answer.contentType).toBe("application/json;charset=utf-8");
  expect(answer.body).toEqual({
    RequestId: expect.stringMatching(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/) as string,
    HostId: "ecs.cn-hangzhou.aliyuncs.com",
    Code: "InvalidAction",
    Message: expect.any(String) as string,
    Recommend: `https://api.aliyun.com/troubleshoot?q=InvalidAction&product=Ecs&requestId=${answer.body.RequestId}`,
  });
});

test("refuses to answer in XML rather than to answer in JSON", async () => {
  expect(await client.call("DescribeNetworkInterfaces", { ...region, Format: "XML" })).toMatchObject({
    status: 400,
    body: { Code: "UnsupportedParameter" },
  });
});

test.each([
  ["the query", {}],
  ["a form", { form: true }],
  ["a GET", { method: "GET" as const }],
])("takes parameters from %s", async (_, options) => {
  expect(await describeEnis(options)).toMatchObject({ status: 200, body: { TotalCount: 0 } });
});

test("with a security token, requests must carry it", async () => {
  const temporary = await startEmulator({ clock, credentials: { securityToken: "sts-1" } });
  try {
    const temporaryClient = new SigningClient(temporary.url, now);
    const call = (headers: Record<string, string>) =>
      temporaryClient.call("DescribeNetworkInterfaces", region, { headers });
    expect(await call({})).toMatchObject({ status: 400, body: { Code: "MissingSecurityToken" } });
    expect(await call({ "x-acs-security-token": "sts-2" })).toMatchObject({ status: 400 });
    expect(await call({ "x-acs-security-token": "sts-1" })).toMatchObject({ status: 200 });
  } finally {
    await temporary.close();
  }
});
