import { callTimedOut, EcsError } from "../ecs/ecs-error";
import { ConnectionFailure } from "./http-exchange";
import { ProxyFailure } from "./proxies";
import { judgeFailure, translateError, type EndpointHistory } from "./translate-error";

const action = "AssignPrivateIpAddresses";
const lost = (code: string, maySent: boolean, message = "words of Node") =>
  new ConnectionFailure(code, maySent, new Error(message));

test.each(["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "ETIMEDOUT", "EPROTO", "HPE_INVALID_CONSTANT"])(
  "%s after the request may have been sent: the outcome is unknown, and the message has no words of Node",
  (code) => {
    const error = translateError(action, lost(code, true));
    expect(error).toMatchObject({ code, verdict: "transient", httpStatus: undefined });
    expect(error.message).not.toContain("words of Node");
  },
);

test.each([
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "the certificate is not accepted: words of Node"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "the certificate is not accepted: words of Node"],
  ["CERT_HAS_EXPIRED", "the certificate is not accepted: words of Node"],
  ["EPROTO", "the server does not speak TLS as this client does"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "the server does not speak TLS as this client does"],
])("%s before anything was sent: is final", (code, reason) => {
  expect(translateError(action, lost(code, false))).toMatchObject({ code, reason, verdict: "final" });
});

test("a lost TLS connection: is transient", () => {
  const error = translateError(action, lost("ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC", true));
  expect(error.verdict).toBe("transient");
});

test("a value that HTTP does not allow: is final, and its name is in the message", () => {
  const thrown = Object.assign(new TypeError('Invalid character in header content ["user-agent"]'), {
    code: "ERR_INVALID_CHAR",
  });
  expect(translateError(action, thrown)).toMatchObject({
    verdict: "final",
    reason: expect.stringContaining('["user-agent"]') as string,
  });
});

test.each([
  [407, "final", /the proxy refused the connection: it needs a user and a password/],
  [403, "final", /the proxy refused the connection$/],
  [502, "transient", /the proxy refused the connection$/],
])("a proxy that answers %d: is %s", (httpStatus, verdict, words) => {
  const error = translateError(action, new ProxyFailure("ProxyRefused", httpStatus, "http://proxy:3128"));
  expect(error).toMatchObject({ code: "ProxyRefused", httpStatus, verdict });
  expect(error.reason).toMatch(words);
});

test.each([
  ["an error", new Error("type of networkInterfaceSet is mismatch")],
  ["text", "text"],
  ["null", null],
  ["undefined", undefined],
  ["an object without fields", {}],
])("%s: has an unknown outcome", (_what, thrown) => {
  expect(translateError(action, thrown)).toMatchObject({ code: "UnexpectedAnswer", verdict: "transient" });
});

test("an EcsError: is returned unchanged", () => {
  const error = callTimedOut(action);
  expect(translateError("Other", error)).toBe(error);
});

describe("judgeFailure", () => {
  const history: EndpointHistory = {
    url: "https://ecs.example.com",
    settings: "ECS_ENDPOINT or alicloud:endpoints",
    proxyUrl: undefined,
    answered: false,
    failingMs: 0,
    writes: false,
    pacing: { unreachableMs: 60_000, unreadableMs: 5_000 },
  };
  const failure = (details: Partial<EcsError>) =>
    new EcsError({
      action,
      code: "ECONNREFUSED",
      httpStatus: undefined,
      requestId: undefined,
      verdict: "transient",
      reason: "why",
      ...details,
    });
  const unreadable = { code: "UnreadableAnswer", httpStatus: 200 };

  test.each<[string, Partial<EcsError>, Partial<EndpointHistory>, string]>([
    ["no connection, at first", {}, {}, "transient"],
    ["no connection for long", {}, { failingMs: 60_000 }, "final"],
    ["no connection for long, after an answer", {}, { failingMs: 60_000, answered: true }, "transient"],
    ["no connection for long, of a write", {}, { failingMs: 60_000, writes: true }, "transient"],
    ["an answer of another server, at first", unreadable, {}, "transient"],
    ["an answer of another server for some seconds", unreadable, { failingMs: 5_000 }, "final"],
    ["the same, after an answer", unreadable, { failingMs: 5_000, answered: true }, "transient"],
    ["the same, of a write", unreadable, { failingMs: 5_000, writes: true }, "transient"],
    ["a gateway without its server", { ...unreadable, httpStatus: 502 }, { failingMs: 5_000 }, "transient"],
    ["a server without HTTP", { code: "HPE_INVALID_CONSTANT" }, { failingMs: 5_000 }, "final"],
    [
      "plain http to a server of TLS",
      { code: "ECONNRESET" },
      { failingMs: 5_000, url: "http://[::1]" },
      "final",
    ],
    ["a lost connection", { code: "ECONNRESET" }, { failingMs: 5_000 }, "transient"],
  ])("%s: %j, %j is %s", (_what, details, more, verdict) => {
    const judged = judgeFailure(failure(details), { ...history, ...more });
    expect(judged.verdict).toBe(verdict);
    expect(judged.reason).toContain(`why at ${more.url ?? history.url}`);
  });

  test.each<[Partial<EcsError>, Partial<EndpointHistory>, string]>([
    [
      {},
      { failingMs: 60_000 },
      "it has never answered: check the region, the network, and ECS_ENDPOINT or alicloud:endpoints, and HTTPS_PROXY " +
        "if only a proxy leads out",
    ],
    [
      {},
      { failingMs: 60_000, proxyUrl: "http://proxy:3128" },
      "why at https://ecs.example.com, through the proxy http://proxy:3128; it has never answered: check the region, the " +
        "network, and ECS_ENDPOINT or alicloud:endpoints",
    ],
    [
      unreadable,
      {},
      "check ECS_ENDPOINT or alicloud:endpoints, and whether a proxy, a login page or a gateway",
    ],
    [
      { code: "ProxyRefused", httpStatus: 407, verdict: "final" },
      { proxyUrl: "http://proxy:3128" },
      "through the proxy http://proxy:3128; check HTTPS_PROXY and NO_PROXY",
    ],
    [
      { code: "DEPTH_ZERO_SELF_SIGNED_CERT", verdict: "final" },
      {},
      "for a certificate of your own, set NODE_EXTRA_CA_CERTS to the file of its CA",
    ],
    [{ code: "CERT_HAS_EXPIRED", verdict: "final" }, {}, "check the clock of this machine"],
    [
      { code: "EPROTO", verdict: "final" },
      {},
      "check the scheme and the port of ECS_ENDPOINT or alicloud:endpoints: https is spoken here",
    ],
  ])("%j, %j: says %s", (details, more, words) => {
    expect(judgeFailure(failure(details), { ...history, ...more }).message).toContain(words);
  });

  test("an answer of the API: stays as it is", () => {
    const refusal = failure({ code: "Forbidden.RAM", httpStatus: 403, verdict: "final" });
    expect(judgeFailure(refusal, history)).toBe(refusal);
  });
});
