import { EndpointError } from "./endpoints";
import { describeProxy, proxyFor } from "./proxies";

const proxy = "http://proxy.example.com:3128";
const ecs = { host: "ecs.cn-shanghai.aliyuncs.com", protocol: "https" } as const;

test.each<[NodeJS.ProcessEnv, string | undefined]>([
  [{}, undefined],
  [{ HTTPS_PROXY: proxy }, proxy],
  [{ https_proxy: proxy }, proxy],
  [{ HTTPS_PROXY: "http://other.example.com", https_proxy: proxy }, proxy],
  [{ HTTPS_PROXY: ` ${proxy}\n` }, proxy],
  [{ HTTPS_PROXY: "proxy.example.com:3128" }, proxy],
  [{ HTTPS_PROXY: "" }, undefined],
  // By convention it is for plain http, which only loopback endpoints use.
  [{ HTTP_PROXY: proxy, http_proxy: proxy }, undefined],
])("proxyFor: of %j it is %s", (env, url) => {
  const found = proxyFor(ecs, env);
  expect(found && describeProxy(found)).toBe(url);
});

test.each(["127.0.0.1:8080", "localhost", "[::1]:8080"])(
  "proxyFor: %s, a loopback host, has none",
  (host) => {
    for (const protocol of ["http", "https"] as const)
      expect(proxyFor({ host, protocol }, { HTTP_PROXY: proxy, HTTPS_PROXY: proxy })).toBeUndefined();
  },
);

test.each([
  ["*", ecs.host, false],
  [ecs.host, ecs.host, false],
  ["aliyuncs.com", ecs.host, false],
  [".aliyuncs.com", ecs.host, false],
  ["*.aliyuncs.com", ecs.host, false],
  [".AliyunCS.com", ecs.host, false],
  ["other.example.com, .aliyuncs.com", ecs.host, false],
  ["other.example.com .aliyuncs.com", ecs.host, false],
  ["aliyuncs.com:443", ecs.host, false],
  ["aliyuncs.com:8443", ecs.host, true],
  ["aliyuncs.com:8443", `${ecs.host}:8443`, false],
  ["yuncs.com", ecs.host, true],
  ["aliyuncs.com.example.com", ecs.host, true],
  ["", ecs.host, true],
  [",", ecs.host, true],
  ["10.0.0.5", "10.0.0.5", false],
  ["10.0.0.0/8", "10.0.0.5", false],
  ["10.0.0.0/8", "11.0.0.5", true],
  ["10.0.0.0/8", ecs.host, true],
  ["fd00::5", "[fd00::5]", false],
  ["[fd00::5]", "[fd00::5]:8443", false],
])("proxyFor: NO_PROXY=%j, the proxy of %s is used: %p", (exceptions, host, used) => {
  for (const name of ["NO_PROXY", "no_proxy"]) {
    const found = proxyFor({ host, protocol: "https" }, { HTTPS_PROXY: proxy, [name]: exceptions });
    expect(found !== undefined).toBe(used);
  }
});

test.each(["socks5://proxy.example.com", "http://", "two words"])(
  "proxyFor: %j is refused with the variable's name",
  (value) => {
    const find = () => proxyFor(ecs, { https_proxy: value });
    expect(find).toThrow(EndpointError);
    expect(find).toThrow(/^https_proxy: .* is not a proxy; expected a URL such as http:\/\/proxy/);
  },
);

test("a proxy with a password: no message contains it", () => {
  const found = proxyFor(ecs, { HTTPS_PROXY: "http://user:pass-word@proxy.example.com:3128" });
  expect(found && describeProxy(found)).toBe("http://[hidden]@proxy.example.com:3128");
  expect(() => proxyFor(ecs, { HTTPS_PROXY: "ftp://user:pass-word@proxy" })).not.toThrow(/pass-word/);
});
