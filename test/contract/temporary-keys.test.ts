import {
  ecsAt,
  emptyPage,
  failureOf,
  oneAddress,
  patient,
  ScriptedServer,
  writing,
} from "../support/ecs-client";
import { eniId } from "../support/eni-world";

// Keys that the official chain gets from a server, and that are so short-lived that each request renews them.

const before = { ...process.env };
let keyServer: ScriptedServer;
let api: ScriptedServer;
/** From which request on the key server fails. */
let failsFrom: number;

beforeEach(async () => {
  failsFrom = Infinity;
  keyServer = await ScriptedServer.start((response, _request, nth) => {
    const keys = {
      AccessKeyId: "id",
      AccessKeySecret: `secret/${nth}`,
      SecurityToken: `token+${nth}`,
      Expiration: new Date(Date.now() + 60_000).toISOString().replace(/\.\d+Z$/, "Z"),
    };
    if (nth < failsFrom) response.end(JSON.stringify(keys));
    else response.writeHead(500).end("the key server has\n\ta fault");
  });
  for (const name of Object.keys(process.env))
    if (/^(ALIBABA_?CLOUD|ALICLOUD)_/.test(name)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, {
    ALIBABA_CLOUD_CLI_PROFILE_DISABLED: "true",
    ALIBABA_CLOUD_CREDENTIALS_FILE: "/nonexistent",
    ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
    ALIBABA_CLOUD_CREDENTIALS_URI: keyServer.url,
  });
});
afterEach(async () => {
  await Promise.all([keyServer.stop(), api.stop()]);
  for (const name of Object.keys(process.env))
    if (!(name in before)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, before);
});

/** An API that refuses the requests with these numbers. */
async function startApi(refusal: object, ...refused: readonly number[]): Promise<string[]> {
  const tokens: string[] = [];
  api = await ScriptedServer.start((response, request, nth) => {
    tokens.push(String(request.headers["x-acs-security-token"]));
    response.setHeader("content-type", "application/json");
    if (refused.includes(nth)) response.writeHead(400).end(JSON.stringify(refusal));
    else response.end(emptyPage);
  });
  return tokens;
}

const client = () => ecsAt(api.url, { source: { kind: "chain" } });
const expired = { Code: "InvalidSecurityToken.Expired", Message: "Specified SecurityToken is expired." };

test("each request is signed with the keys that were obtained for it", async () => {
  const tokens = await startApi({});
  const ecs = client();
  for (let nth = 1; nth <= 3; nth += 1) await ecs.describeNetworkInterfaces({ ids: [eniId] }, patient());
  expect(tokens).toEqual(["token+1", "token+2", "token+3"]);
});

test("the answer quotes the renewed keys and earlier ones, the message shows none of them", async () => {
  const encoded = encodeURIComponent(encodeURIComponent("token+1"));
  const quoted = `token+1 secret/1 token+2 secret/2 ${encoded}`;
  await startApi({ Code: "SignatureDoesNotMatch", Message: quoted }, 2);
  const ecs = client();
  await ecs.describeNetworkInterfaces({ ids: [eniId] }, patient());
  const { message, reason } = await failureOf(ecs.describeNetworkInterfaces({ ids: [eniId] }, patient()));
  expect(message).toContain(Array(5).fill("[secret]").join(" "));
  expect(`${message}${reason}`).not.toMatch(/token|secret\//);
});

test("keys are refused as expired, the call is sent once more with new ones", async () => {
  const tokens = await startApi(expired, 1);
  await client().describeNetworkInterfaces({ ids: [eniId] }, patient());
  expect(tokens).toEqual(["token+1", "token+2"]);
});

test("keys are refused as expired and cannot be renewed, the error has the reason and is final", async () => {
  await startApi(expired, 1, 2, 3);
  failsFrom = 2;
  const failure = await failureOf(client().unassignPrivateIpAddresses(eniId, oneAddress, writing()));
  expect(failure).toMatchObject({ name: "CredentialsError", code: "MissingCredentials", verdict: "final" });
  expect(failure.message).toContain("httpStatus: 500, message = the key server has a fault");
  expect(api.asked).toHaveLength(1);
});

test("new keys are refused as well, the error says where the keys come from", async () => {
  await startApi(expired, 1, 2);
  const failure = await failureOf(client().describeNetworkInterfaces({ ids: [eniId] }, patient()));
  expect(failure).toMatchObject({ code: expired.Code, verdict: "final" });
  expect(failure.message).toContain("the keys come from the official credential chain");
  expect(api.asked).toHaveLength(2);
});
