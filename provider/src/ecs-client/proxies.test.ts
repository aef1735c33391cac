import { EndpointError } from "./endpoints";
import { describeProxy, proxyFor } from "./proxies";

const proxy = "http://proxy.example.com:3128";
const ecs = { host: "ecs.cn-shanghai.aliyuncs.com", protocol: "https" } as const;

test.each(["HTTPS_PROXY", "https_proxy"])("describeProxy: names the variable %s", (variable) => {
  const found = proxyFor(ecs, { [variable]: proxy });
  expect(found && describeProxy(found)).toEqual({ url: proxy, variable });
});

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
  expect(found && describeProxy(found).url).toBe(url);
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
  ["aliyuncs.com.", ecs.host, false],
  ["aliyuncs.com.:443", ecs.host, false],
  ["aliyuncs.com", "ecs.cn-shanghai.aliyuncs.com.", false],
  ["*aliyuncs.com", ecs.host, false],
  ["*yuncs.com", ecs.host, true],
  [".", ecs.host, true],
  // No other tool reads a URL here.
  [`https://${ecs.host}`, ecs.host, true],
  ["[fd00::5]:8443", "[fd00::5]", true],
  ["fd00::/8", "[fd00::5]", false],
  ["fd00::/8", "[fe80::5]", true],
  ["fd00::/8", "10.0.0.5", true],
  ["::/0", "10.0.0.5", true],
  ["0.0.0.0/0", "[fd00::5]", true],
  ["10.0.0.0/99", "10.0.0.5", true],
  ["FD00:0::5", "[fd00::5]", false],
  ["fd00::5", "[fd00::5]", false],
  ["[fd00::5]", "[fd00::5]:8443", false],
])("proxyFor: NO_PROXY=%j, the proxy of %s is used: %p", (exceptions, host, used) => {
  for (const name of ["NO_PROXY", "no_proxy"]) {
    const found = proxyFor({ host, protocol: "https" }, { HTTPS_PROXY: proxy, [name]: exceptions });
    expect(found !== undefined).toBe(used);
  }
});

test.each([
  "socks5://proxy.example.com",
  "http://",
  "two words",
  "http://proxy.example.com:3128/path",
  "http://proxy.example.com:3128?query",
  "http://proxy.example.com:3128/#part",
])("proxyFor: %j is refused with the variable's name", (value) => {
  const find = () => proxyFor(ecs, { https_proxy: value });
  expect(find).toThrow(EndpointError);
  expect(find).toThrow(
    /^https_proxy: .* is not a proxy; expected a URL without a path such as http:\/\/proxy/,
  );
});

test.each([
  ["http://user:pass-word@proxy.example.com:3128", "http://[hidden]@proxy.example.com:3128"],
  ["http://user:pass@word@proxy.example.com:3128", "http://[hidden]@proxy.example.com:3128"],
  ["user:pass-word@proxy.example.com:3128", "http://[hidden]@proxy.example.com:3128"],
  ["http://:pass-word@proxy.example.com", "http://[hidden]@proxy.example.com"],
  ["https://pass-word@proxy.example.com", "https://[hidden]@proxy.example.com"],
  ["http://us%zzer:pass word@proxy.example.com", "http://[hidden]@proxy.example.com"],
])("a proxy with a password, %s: is shown as %s", (value, shown) => {
  const found = proxyFor(ecs, { HTTPS_PROXY: value });
  expect(found && describeProxy(found).url).toBe(shown);
});

test.each([
  ["http://user:pa/ss-word@proxy.example.com:3128", "http://[hidden]@proxy.example.com:3128"],
  ["http://user:123/pass-word@proxy.example.com:3128", "http://[hidden]@proxy.example.com:3128"],
  ["http://user:1#pass-word@proxy.example.com:3128", "http://[hidden]@proxy.example.com:3128"],
  ["http://user:1?pass-word@proxy.example.com:3128", "http://[hidden]@proxy.example.com:3128"],
  ["http://user:pa\\ss-word@proxy.example.com", "http://[hidden]@proxy.example.com"],
  ["user:pa/ss@word@proxy.example.com:3128", "[hidden]@proxy.example.com:3128"],
  ["http://user:pass\nword@two words", "http://[hidden]@two words"],
  ["ftp://user:pass://word@proxy", "ftp://[hidden]@proxy"],
])("a proxy with a password that is no URL, %j: the message shows %s", (value, shown) => {
  const find = () => proxyFor(ecs, { HTTPS_PROXY: value });
  expect(find).toThrow(`HTTPS_PROXY: "${shown}" is not a proxy`);
  expect(find).toThrow("in a user or a password, write / ? # \\ as %2F %3F %23 %5C");
});
