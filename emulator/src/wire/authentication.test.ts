import { XMLParser } from "fast-xml-parser";
import { startEmulator } from "../emulator";
import type { Emulator } from "../emulator";
import { SigningClient } from "../testing/signing-client";
import type { CallOptions, SignedRequest } from "../testing/signing-client";
import { ManualClock } from "../world/clock";
import { hmacSha1StringToSign } from "./hmac-sha1-signature";

const region = { RegionId: "cn-hangzhou" };
const clock = new ManualClock(Date.parse("2026-11-23T06:00:00Z"));
const now = () => clock.now();
const secret = "secret*of-the-test";
let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator({ clock, credentials: { accessKeySecret: secret } });
});
afterAll(() => emulator.close());

const owner = () => new SigningClient(emulator.url, now, { id: "test", secret });
const impostor = () => new SigningClient(emulator.url, now, { id: "test", secret: "guess" });

interface Refusal {
  Code: string;
  Message: string;
  RequestId: string;
}

const xml = new XMLParser({ ignoreDeclaration: true, parseTagValue: false });

/** An error's status and content, whatever the form; that it has no other form is what the other tests say. */
async function refusal(client: SigningClient, options: CallOptions, action = "DescribeNetworkInterfaces") {
  const { status, contentType, text } = await client.exchange(action, region, options);
  // The secret is in no refusal.
  expect(text).not.toContain(secret);
  const body = (
    contentType?.startsWith("text/xml") ? (xml.parse(text) as { Error: unknown }).Error : JSON.parse(text)
  ) as Refusal;
  return { status, code: body.Code, message: body.Message };
}

const drop = (name: string) => (request: SignedRequest) => {
  Reflect.deleteProperty(request.headers, name);
};
const part = (name: string, value: string | null): CallOptions => ({ parts: { [name]: value } });
const afterSigning = (
  tamper: (request: SignedRequest) => unknown,
  options: CallOptions = {},
): CallOptions => ({
  ...options,
  tamper(request) {
    tamper(request);
  },
});
const changed = (from: string, to: string, options: CallOptions = {}) =>
  afterSigning((request) => {
    const [search, body] = [request.url.search, request.body];
    request.url.search = search.replace(from, to);
    request.body = body.replace(from, to);
    // Or the test would pass without its cause.
    expect([request.url.search, request.body]).not.toEqual([search, body]);
  }, options);

const signatures = ["ACS3", "HMAC-SHA1"] as const;
const formats = ["JSON", "XML"] as const;
const wires = signatures.flatMap((signature) => formats.map((format) => ({ signature, format })));

describe.each(wires)("$signature, answered in $format", (wire) => {
  const refused = (options: CallOptions, action?: string) =>
    refusal(owner(), { ...wire, ...options }, action);

  test.each<[string, CallOptions, number, string, RegExp?]>([
    ["no action", part("Action", null), 400, "MissingAction", /^Action is mandatory for this action\.$/],
    ["an empty action", part("Action", ""), 400, "MissingAction"],
    ["no version", part("Version", null), 400, "MissingVersion", /^Version is mandatory for this action\.$/],
    [
      "an unknown version",
      part("Version", "2015-01-01"),
      400,
      "InvalidVersion",
      /^Specified parameter Version is not valid\. .*2014-05-26.*2016-04-28.*"2015-01-01"/,
    ],
    ["the version of another product", part("Version", "2016-04-28"), 404, "InvalidAction.NotFound"],
    [
      "an unknown action",
      part("Action", "MakeCoffee"),
      404,
      "InvalidAction.NotFound",
      /^Specified api is not found, please check your url and method\. .*"MakeCoffee"/,
    ],
    [
      "another path",
      afterSigning((r) => (r.url.pathname = "/ecs")),
      404,
      "InvalidAction.NotFound",
      /"\/ecs"/,
    ],
    [
      "a path of two slashes",
      afterSigning((r) => (r.url.pathname = "//ecs/")),
      404,
      "InvalidAction.NotFound",
    ],
    ["another method", { method: "PUT" }, 403, "UnsupportedHTTPMethod"],
    [
      "no timestamp",
      part("Timestamp", null),
      400,
      "MissingTimestamp",
      /^Timestamp is mandatory for this action\.$/,
    ],
    ["no nonce", part("SignatureNonce", null), 400, "MissingSignatureNonce"],
    ["a date of another form", part("Timestamp", "23 Nov 2026"), 400, "InvalidTimeStamp.Format"],
    ["a date that is none", part("Timestamp", "2026-13-23T06:00:00Z"), 400, "InvalidTimeStamp.Format"],
    ["a date with an offset", part("Timestamp", "2026-11-23T06:00:00+00:00"), 400, "InvalidTimeStamp.Format"],
    ["a date 16 minutes ago", part("Timestamp", "2026-11-23T05:44:00Z"), 400, "InvalidTimeStamp.Expired"],
    ["a date in 16 minutes", part("Timestamp", "2026-11-23T06:16:00Z"), 400, "InvalidTimeStamp.Expired"],
    [
      "an unknown key",
      part("AccessKeyId", "stranger"),
      404,
      "InvalidAccessKeyId.NotFound",
      /^Specified access key is not found\.$/,
    ],
    [
      "a token with a key that has none",
      part("SecurityToken", "t"),
      400,
      "InvalidSecurityToken.MismatchWithAccessKey",
      /^Specified SecurityToken mismatch with the AccessKey\.$/,
    ],
    ["a parameter changed after signing", changed("hangzhou", "beijing"), 400, "SignatureDoesNotMatch"],
    [
      "a body changed after signing",
      changed("hangzhou", "beijing", { place: "form" }),
      400,
      "SignatureDoesNotMatch",
    ],
    [
      "a parameter added to the query after signing",
      afterSigning((r) => {
        r.url.searchParams.set("MaxResults", "10");
      }),
      400,
      "SignatureDoesNotMatch",
    ],
    [
      "a form added after signing",
      afterSigning((r) => {
        r.body = "MaxResults=10";
        r.headers["content-type"] = "application/x-www-form-urlencoded";
      }),
      400,
      "SignatureDoesNotMatch",
    ],
    [
      "another Format than was signed",
      changed(`Format=${wire.format}`, "Format=xMl"),
      400,
      "SignatureDoesNotMatch",
    ],
  ])("refuses %s", async (_, options, status, code, message = /./) => {
    expect(await refused(options)).toEqual({
      status,
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  test("refuses a wrong secret", async () => {
    const { status, code } = await refusal(impostor(), wire);
    expect({ status, code }).toEqual({ status: 400, code: "SignatureDoesNotMatch" });
  });

  test("refuses a nonce the second time, but not because another client guessed it", async () => {
    const options = { ...wire, ...part("SignatureNonce", `once-${wire.signature}-${wire.format}`) };
    await refusal(impostor(), options);
    expect((await owner().exchange("DescribeNetworkInterfaces", region, options)).status).toBe(200);
    expect(await refused(options)).toEqual({
      status: 400,
      code: "SignatureNonceUsed",
      message: "Specified signature nonce was used already.",
    });
  });

  test("looks for the operation before it looks at the key", async () => {
    expect((await refused(part("AccessKeyId", "stranger"), "MakeCoffee")).code).toBe(
      "InvalidAction.NotFound",
    );
  });

  test("a date 14 minutes off is fresh", async () => {
    const options = { ...wire, ...part("Timestamp", "2026-11-23T05:46:00Z") };
    expect((await owner().exchange("DescribeNetworkInterfaces", region, options)).status).toBe(200);
  });
});

const token = "sts+1/é=";

describe.each(signatures)("a temporary key, with %s", (signature) => {
  let temporary: Emulator;
  beforeAll(async () => {
    temporary = await startEmulator({
      clock,
      credentials: { accessKeySecret: secret, securityToken: token },
    });
  });
  afterAll(() => temporary.close());
  const client = () => new SigningClient(temporary.url, now, { id: "test", secret });

  test.each([
    ["no token", null, "MissingSecurityToken", "SecurityToken is mandatory for this action."],
    ["an empty token", "", "MissingSecurityToken", "SecurityToken is mandatory for this action."],
    ["an unknown token", "sts-2", "InvalidSecurityToken.Malformed", "Specified SecurityToken is malformed."],
  ])("refuses %s", async (_, given, code, message) => {
    const options = { signature, ...part("SecurityToken", given) };
    expect(await refusal(client(), options)).toEqual({ status: 400, code, message });
  });

  test.each(["query", "form", "both"] as const)("takes the token, with parameters in %s", async (place) => {
    const options = { signature, place, ...part("SecurityToken", token) };
    expect((await client().exchange("DescribeNetworkInterfaces", region, options)).status).toBe(200);
  });

  test("refuses a token that was changed after signing", async () => {
    const options = afterSigning(
      (request) => {
        if (signature === "ACS3") request.headers["x-acs-security-token"] = "sts-2";
        else request.url.searchParams.set("SecurityToken", "sts-2");
      },
      { signature, ...part("SecurityToken", token) },
    );
    expect((await refusal(client(), options)).code).toBe("InvalidSecurityToken.Malformed");
  });
});

describe("ACS3", () => {
  const header = (value: string) => afterSigning((r) => (r.headers.authorization = value));
  const unsigned = (name: string) =>
    afterSigning((r) => {
      r.headers.authorization = r.headers.authorization?.replace(`;${name}`, "") ?? "";
    });

  test.each<[string, CallOptions, string]>([
    ["a garbled Authorization", header("ACS3-HMAC-SHA256 hello"), "IncompleteSignature"],
    ["an Authorization without a key", part("AccessKeyId", null), "IncompleteSignature"],
    [
      "an Authorization without a signature",
      afterSigning(
        (r) =>
          (r.headers.authorization = (r.headers.authorization ?? "").replace(/Signature=.*/, "Signature=")),
      ),
      "IncompleteSignature",
    ],
    [
      "another algorithm",
      header("ACS3-HMAC-SM3 Credential=test,SignedHeaders=host,Signature=00"),
      "InvalidSignatureMethod",
    ],
    ["no digest of the body", afterSigning(drop("x-acs-content-sha256")), "IncompleteSignature"],
    [
      "a digest that was signed and is not the body's",
      { headers: { "x-acs-content-sha256": "0".repeat(64) } },
      "SignatureDoesNotMatch",
    ],
    ["an action that is not signed", unsigned("x-acs-action"), "IncompleteSignature"],
    ["a date that is not signed", unsigned("x-acs-date"), "IncompleteSignature"],
    ["a nonce that is not signed", unsigned("x-acs-signature-nonce"), "IncompleteSignature"],
    [
      "an action changed after signing",
      afterSigning((r) => (r.headers["x-acs-action"] = "DescribeInstances")),
      "SignatureDoesNotMatch",
    ],
    [
      "a date changed after signing",
      afterSigning((r) => (r.headers["x-acs-date"] = "2026-11-23T06:00:01Z")),
      "SignatureDoesNotMatch",
    ],
    [
      "a digest that is not the body's",
      afterSigning((r) => (r.body = "RegionId=cn-beijing"), { place: "form" }),
      "SignatureDoesNotMatch",
    ],
  ])("refuses %s", async (_, options, code) => {
    expect(await refusal(owner(), options)).toMatchObject({ status: 400, code });
  });

  test("tells a wrong secret the string that it signed", async () => {
    expect((await refusal(impostor(), {})).message).toMatch(
      /^Specified signature does not match our calculation\. server StringToSign is \[ACS3-HMAC-SHA256\n[0-9a-f]{64}\]$/,
    );
  });

  test("takes action and version from the parameters where there is no header", async () => {
    const options = { parts: { Action: null, Version: null } };
    const params = { ...region, Action: "DescribeNetworkInterfaces", Version: "2014-05-26" };
    expect((await owner().call("", params, options)).body.TotalCount).toBe(0);
  });
});

describe("HMAC-SHA1", () => {
  const signature = "HMAC-SHA1";

  test.each<[string, CallOptions, string, string]>([
    [
      "no signature at all",
      { signature: "ACS3", tamper: drop("authorization") },
      "MissingAccessKeyId",
      "AccessKeyId is mandatory for this action.",
    ],
    [
      "an Authorization of another kind",
      { signature: "ACS3", tamper: (r) => (r.headers.authorization = "Basic dGVzdA==") },
      "MissingAccessKeyId",
      "AccessKeyId is mandatory for this action.",
    ],
    [
      "no key",
      { signature, ...part("AccessKeyId", null) },
      "MissingAccessKeyId",
      "AccessKeyId is mandatory for this action.",
    ],
    [
      "no signature",
      {
        signature,
        tamper: (r) => {
          r.url.searchParams.delete("Signature");
        },
      },
      "MissingSignature",
      "Signature is mandatory for this action.",
    ],
    [
      "no signature version",
      { signature, common: { SignatureVersion: null } },
      "MissingSignatureVersion",
      "SignatureVersion is mandatory for this action.",
    ],
    [
      "another signature version",
      { signature, common: { SignatureVersion: "2.0" } },
      "InvalidSignatureVersion",
      "Specified parameter SignatureVersion is not valid.",
    ],
    [
      "another signature method",
      { signature, common: { SignatureMethod: "HMAC-SHA256" } },
      "InvalidSignatureMethod",
      "Specified signature method is not valid.",
    ],
  ])("refuses %s", async (_, options, code, message) => {
    expect(await refusal(owner(), options)).toEqual({ status: 400, code, message });
  });

  test("tells a wrong secret the string that it signed, as the clients compare it", async () => {
    let signed = "";
    const options: CallOptions = {
      signature,
      method: "GET",
      tamper(request) {
        signed = hmacSha1StringToSign("GET", Object.fromEntries(request.url.searchParams));
      },
    };
    expect((await refusal(impostor(), options)).message).toBe(
      `Specified signature is not matched with our calculation. server string to sign is:${signed}`,
    );
  });

  test.each([
    ["no signature method", { SignatureMethod: null }],
    ["the type of the signature, empty", { SignatureType: "" }],
  ])("takes %s", async (_, common) => {
    expect((await owner().call("DescribeNetworkInterfaces", region, { signature, common })).status).toBe(200);
  });

  test("an action in a header, which it does not cover, changes nothing", async () => {
    const headers = { "x-acs-action": "DescribeInstances", "x-acs-version": "2016-04-28" };
    const answer = await owner().call("DescribeInstanceTypes", {}, { signature, headers });
    expect(answer.body.InstanceTypes.InstanceType.length).toBeGreaterThan(0);
    expect(emulator.control.calls().at(-1)).toMatchObject({ action: "DescribeInstanceTypes", params: {} });
  });

  test("an action in a header alone is not enough", async () => {
    const headers = { "x-acs-action": "DescribeNetworkInterfaces", "x-acs-version": "2014-05-26" };
    const { code } = await refusal(owner(), { signature, headers, ...part("Action", null) });
    expect(code).toBe("MissingAction");
  });

  test("a repetition with the same ClientToken is the same call, although nonce and signature differ", async () => {
    emulator.control.putState({ networkInterfaces: [{ NetworkInterfaceId: "eni-1" }] });
    const params = {
      ...region,
      NetworkInterfaceId: "eni-1",
      SecondaryPrivateIpAddressCount: 1,
      ClientToken: "t",
    };
    const call = () => owner().call("AssignPrivateIpAddresses", params, { signature, method: "GET" });
    const [first, second] = [await call(), await call()];
    expect(first.status).toBe(200);
    expect(second.body.AssignedPrivateIpAddressesSet).toEqual(first.body.AssignedPrivateIpAddressesSet);
    expect(second.body.RequestId).not.toBe(first.body.RequestId);
  });

  test("the log has the operation's parameters, and neither key nor signature", async () => {
    await owner().call("DescribeNetworkInterfaces", region, { signature, ...part("SecurityToken", "sts-9") });
    expect(emulator.control.calls().at(-1)?.params).toEqual(region);
  });
});

describe.each(["ACS3", "HMAC-SHA1"] as const)("%s", (signature) => {
  test.each([
    "2026-11-23T06:00:00.1Z",
    "2026-11-23T06:00:00.123Z",
    "2026-11-23T06:00:00.123456Z",
    "2026-11-23T06:00:00.123456789Z",
  ])("accepts the timestamp %s, which has a fraction of a second", async (Timestamp) => {
    const options = { signature, parts: { Timestamp } };
    expect((await owner().call("DescribeNetworkInterfaces", region, options)).status).toBe(200);
  });

  test.each(["2026-11-23T06:00:00.Z", "2026-11-23T06:00:00.1234567890Z", "2026-11-23T06:00:00,5Z"])(
    "refuses the timestamp %s",
    async (Timestamp) => {
      const answer = await owner().call("DescribeNetworkInterfaces", region, {
        signature,
        parts: { Timestamp },
      });
      expect(answer.body.Code).toBe("InvalidTimeStamp.Format");
    },
  );
});
