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

describe("a proxy", () => {
  const failed = (code: string, httpStatus?: number) =>
    translateError(action, new ProxyFailure(code, httpStatus, "words of Node"));

  test.each([
    [407, "final", /^the proxy refused the connection: it needs a user and a password/],
    [403, "final", /^the proxy refused the connection$/],
    [408, "transient", /^the proxy refused the connection$/],
    [429, "transient", /^the proxy refused the connection$/],
    [502, "transient", /^the proxy refused the connection$/],
  ])("that answers %d: is %s", (httpStatus, verdict, words) => {
    const error = failed("ProxyRefused", httpStatus);
    expect(error).toMatchObject({ code: "ProxyRefused", httpStatus, verdict });
    expect(error.reason).toMatch(words);
  });

  test.each([
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "final", "the certificate of the proxy is not accepted: words of Node"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "final", "the certificate of the proxy is not accepted: words of Node"],
    ["EPROTO", "final", "the proxy does not speak TLS as this client does"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "final", "the proxy does not speak TLS as this client does"],
    ["HPE_INVALID_CONSTANT", "transient", "the proxy does not speak HTTP"],
    ["ECONNRESET", "transient", "cannot connect to the proxy, or it closed the connection"],
    ["ECONNREFUSED", "transient", "cannot connect to the proxy, or it closed the connection"],
  ])("with %s: is %s, and says that it is the proxy", (code, verdict, reason) => {
    expect(failed(code)).toMatchObject({ code, verdict, reason, httpStatus: undefined });
  });
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
    proxy: undefined,
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
  const proxy = { url: "http://proxy:3128", variable: "https_proxy" };

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

  const settings = "ECS_ENDPOINT or alicloud:endpoints";
  const byProxy = "https_proxy and NO_PROXY";

  test.each<[Partial<EcsError>, Partial<EndpointHistory>, string]>([
    [
      {},
      { failingMs: 60_000 },
      `it has never answered: check the region, the network, and ${settings}, and HTTPS_PROXY if only a proxy leads out`,
    ],
    [{}, {}, `check the region, the network, and ${settings}, and HTTPS_PROXY if only a proxy leads out`],
    [unreadable, {}, `check ${settings}, and whether a proxy, a login page or a gateway answers instead`],
    [
      { code: "DEPTH_ZERO_SELF_SIGNED_CERT", verdict: "final" },
      {},
      `check ${settings}; for a certificate of your own, set NODE_EXTRA_CA_CERTS to the file of its CA`,
    ],
    [{ code: "CERT_HAS_EXPIRED", verdict: "final" }, {}, `check the clock of this machine, ${settings}`],
    [
      { code: "EPROTO", verdict: "final" },
      {},
      `check the scheme and the port of ${settings} (https is spoken here)`,
    ],
  ])("%j, %j: says %s", (details, more, words) => {
    const { message } = judgeFailure(failure(details), { ...history, ...more });
    expect(message).toMatch(/why at https:\/\/ecs.example.com; /);
    expect(message.endsWith(words)).toBe(true);
  });

  test.each<[Partial<EcsError>, Partial<EndpointHistory>, string]>([
    [
      {},
      { failingMs: 60_000 },
      `it has never answered: check the region, the network, ${settings}, ${byProxy}`,
    ],
    [{ code: "CallTimeout" }, {}, `check ${byProxy}`],
    [
      unreadable,
      {},
      `check ${settings}, ${byProxy}, and whether a proxy, a login page or a gateway answers instead`,
    ],
    [
      { code: "DEPTH_ZERO_SELF_SIGNED_CERT", verdict: "final" },
      {},
      `check ${settings}, ${byProxy}; for a certificate of your own, set NODE_EXTRA_CA_CERTS to the file of its CA`,
    ],
    [
      { code: "EPROTO", verdict: "final" },
      {},
      `check the scheme and the port of ${settings} (https is spoken here), ${byProxy}`,
    ],
  ])("through a proxy, %j, %j: says %s", (details, more, words) => {
    const { message } = judgeFailure(failure(details), { ...history, proxy, ...more });
    expect(message).toContain("why at https://ecs.example.com, through the proxy http://proxy:3128; ");
    expect(message.endsWith(`; ${words}`)).toBe(true);
  });

  test("a lost connection through a proxy, after an answer: says nothing of the proxy's variable", () => {
    const judged = judgeFailure(failure({ code: "ECONNRESET" }), { ...history, proxy, answered: true });
    expect(judged.message).not.toContain("NO_PROXY");
  });

  test.each<[string, number | undefined, Partial<EndpointHistory>, string, string]>([
    ["ECONNREFUSED", undefined, {}, "transient", `check ${byProxy}`],
    [
      "ECONNREFUSED",
      undefined,
      { failingMs: 60_000, writes: true },
      "final",
      `it has never answered: check the region, the network, ${settings}, ${byProxy}`,
    ],
    [
      "ProxyRefused",
      502,
      { failingMs: 60_000 },
      "final",
      `it has never answered: check the region, the network, ${settings}, ${byProxy}`,
    ],
    ["ProxyRefused", 502, { failingMs: 5_000 }, "transient", `check ${byProxy}`],
    ["ProxyRefused", 407, {}, "final", `check ${byProxy}`],
    [
      "ECONNRESET",
      undefined,
      {},
      "transient",
      "check the scheme and the port of https_proxy (http is spoken here) and NO_PROXY",
    ],
    [
      "ECONNRESET",
      undefined,
      { failingMs: 5_000 },
      "final",
      "check the scheme and the port of https_proxy (http is spoken here) and NO_PROXY",
    ],
    [
      "HPE_INVALID_CONSTANT",
      undefined,
      { failingMs: 5_000 },
      "final",
      "check the scheme and the port of https_proxy (http is spoken here) and NO_PROXY",
    ],
    ["ECONNRESET", undefined, { failingMs: 5_000, answered: true }, "transient", ""],
    [
      "EPROTO",
      undefined,
      { proxy: { url: "https://proxy:3128", variable: "HTTPS_PROXY" } },
      "final",
      "check the scheme and the port of HTTPS_PROXY (https is spoken here) and NO_PROXY",
    ],
    [
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      undefined,
      {},
      "final",
      `check ${byProxy}; for a certificate of your own, set NODE_EXTRA_CA_CERTS to the file of its CA`,
    ],
    ["CERT_HAS_EXPIRED", undefined, {}, "final", `check the clock of this machine, ${byProxy}`],
  ])("the proxy itself, %s, HTTP %p, %j: is %s and says %s", (code, httpStatus, more, verdict, words) => {
    const error = translateError(action, new ProxyFailure(code, httpStatus, "why"));
    const judged = judgeFailure(error, { ...history, proxy, ...more });
    expect(judged.verdict).toBe(verdict);
    expect(judged.reason).toContain(
      ` (proxy ${more.proxy?.url ?? proxy.url}, on the way to https://ecs.example.com)`,
    );
    expect(judged.reason.endsWith(words)).toBe(true);
  });

  test("an answer of the API: stays as it is", () => {
    const refusal = failure({ code: "Forbidden.RAM", httpStatus: 403, verdict: "final" });
    expect(judgeFailure(refusal, history)).toBe(refusal);
  });
});
