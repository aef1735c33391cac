import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import {
  connect,
  createServer as createNetServer,
  type AddressInfo,
  type Server as NetServer,
  type Socket,
} from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { certificate, expiredCertificate, privateKey } from "../support/certificates";
import { eniId, worldWith } from "../support/eni-world";
import { Scenario } from "../support/scenario";

const password = "pass-word";

let scenario: Scenario;
let folder: string;
let servers: NetServer[];
let sockets: Set<Socket>;
/** What the proxy was asked for: `CONNECT host:port`, with the login that came along. */
let asked: string[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "ca-"));
  writeFileSync(path.join(folder, "ca.pem"), certificate);
  writeFileSync(path.join(folder, "expired.pem"), expiredCertificate);
  servers = [];
  sockets = new Set();
  asked = [];
});
afterEach(async () => {
  await scenario.stop();
  for (const server of servers) server.close();
  for (const socket of sockets) socket.destroy();
  rmSync(folder, { recursive: true, force: true });
});

async function listen(server: NetServer): Promise<number> {
  servers.push(server);
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** A TLS server for the public host names, which joins each connection to the scenario's emulator. */
function startTls(cert = certificate): Promise<number> {
  const server = createTlsServer({ key: privateKey, cert }, (socket) => {
    const upstream = connect(scenario.emulator.port, "127.0.0.1");
    socket.on("error", () => upstream.destroy()).pipe(upstream);
    upstream.on("error", () => socket.destroy()).pipe(socket);
  });
  return listen(server);
}

/** A proxy that joins every host to one port; with a `status`, one that refuses. */
function startProxy(port: number, status = 200): Promise<number> {
  const server: Server = createServer((_request, response) => {
    response.writeHead(400).end("this is a proxy");
  });
  server.on("connect", (request, socket) => {
    asked.push([request.url, request.headers["proxy-authorization"]].filter(Boolean).join(" "));
    socket.on("error", () => undefined);
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Type: text/html\r\n\r\n<html>No</html>`);
      return;
    }
    const target = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      target.pipe(socket);
      socket.pipe(target);
    });
    target.on("error", () => socket.destroy());
  });
  return listen(server);
}

/** Without CAs, the provider runs in this process: Node reads NODE_EXTRA_CA_CERTS at the start of a process. */
async function start(env: NodeJS.ProcessEnv, ca?: string): Promise<void> {
  scenario = await Scenario.start(worldWith(["10.0.1.30"]), {
    process: ca !== undefined,
    // The relay with the certificate passes the name on.
    allowedHosts: ["ecs.cn-hangzhou.aliyuncs.com", "vpc.aliyuncs.com"],
    env: {
      ECS_ENDPOINT: "",
      ...(ca === undefined ? {} : { NODE_EXTRA_CA_CERTS: path.join(folder, ca) }),
      ...env,
    },
  });
}

const wanted = { networkInterfaceId: eniId, privateIpAddresses: ["10.0.1.20", "10.0.1.30"] };

describe("only a proxy leads out:", () => {
  test("it is asked for the public host names", async () => {
    const tls = await startTls();
    const proxy = await startProxy(tls);
    const env = { HTTPS_PROXY: `http://user:${password}@127.0.0.1:${proxy}`, NO_PROXY: "example.com" };
    await start(env, "ca.pem");
    // A preview reads the vSwitch too.
    const saved = await scenario.create({ ...wanted, __internal: { name: "edge", preview: true } });
    expect(saved.outputs.privateIpAddresses).toEqual(["10.0.1.20", "10.0.1.30"]);
    expect(scenario.held()).toEqual(["10.0.1.20", "10.0.1.30"]);
    const login = `Basic ${Buffer.from(`user:${password}`).toString("base64")}`;
    expect(new Set(asked)).toEqual(
      new Set([`ecs.cn-hangzhou.aliyuncs.com:443 ${login}`, `vpc.aliyuncs.com:443 ${login}`]),
    );
    // One connection for each product: it is kept for further requests.
    expect(asked.length).toBeLessThanOrEqual(4);
  });

  test.each([
    [407, /ProxyRefused, HTTP 407: the proxy refused the connection: it needs a user and a password/],
    [403, /ProxyRefused, HTTP 403: the proxy refused the connection \(proxy http/],
  ])(
    "it answers %d, the error names it without its password, and nothing is retried",
    async (status, words) => {
      const proxy = await startProxy(0, status);
      await start({ HTTPS_PROXY: `http://user:${password}@127.0.0.1:${proxy}` });
      const failed = scenario.provider.create(wanted);
      await expect(failed).rejects.toThrow(words);
      await expect(failed).rejects.toThrow(
        `(proxy http://[hidden]@127.0.0.1:${proxy}, on the way to https://ecs.cn-hangzhou.aliyuncs.com); ` +
          `check HTTPS_PROXY and NO_PROXY`,
      );
      await expect(failed).rejects.not.toThrow(password);
      expect(asked.filter((each) => each.startsWith("ecs."))).toHaveLength(1);
    },
  );

  test("it cannot be reached, the error names it", async () => {
    const proxy = await startProxy(0);
    servers.splice(0).forEach((server) => server.close());
    await start({ HTTPS_PROXY: `http://127.0.0.1:${proxy}`, ALICLOUD_SECONDARY_IPS_PACE: "0.01" });
    await expect(scenario.provider.create(wanted)).rejects.toThrow(
      `ECONNREFUSED: cannot connect to the proxy, or it closed the connection (proxy http://127.0.0.1:${proxy}, on the way ` +
        `to https://ecs.cn-hangzhou.aliyuncs.com); it has never answered: check the region, the network, ECS_ENDPOINT or ` +
        `alicloud:endpoints, HTTPS_PROXY and NO_PROXY`,
    );
  });

  const tlsServer = () => createTlsServer({ key: privateKey, cert: certificate });
  /** A server that does this with each connection after the first bytes. */
  const rawServer = (answer: (socket: Socket) => void) => () =>
    createNetServer((socket) => {
      socket
        .on("error", () => undefined)
        .once("data", () => {
          answer(socket);
        });
    });

  test.each<[string, string, () => NetServer, RegExp]>([
    [
      "plain http in place of TLS",
      "https",
      createServer,
      /check the scheme and the port of HTTPS_PROXY \(https is/,
    ],
    [
      "an untrusted certificate",
      "https",
      tlsServer,
      /SELF_SIGNED_CERT: the certificate of the proxy is not accepted: .*; check HTTPS_PROXY and NO_PROXY; .* NODE_EXTRA_CA/,
    ],
    [
      "TLS in place of plain http",
      "http",
      tlsServer,
      /check the scheme and the port of HTTPS_PROXY \(http is spoken/,
    ],
    [
      "another protocol",
      "http",
      rawServer((socket) => socket.end("SSH-2.0\r\n")),
      /the proxy does not speak HTTP .*check the scheme and the port of HTTPS_PROXY/,
    ],
    [
      "a closed connection",
      "http",
      rawServer((socket) => socket.destroy()),
      /the proxy, or it closed the connection .*check the scheme and the port of HTTPS_PROXY/,
    ],
    [
      "no answer",
      "http",
      rawServer(() => undefined),
      /CallTimeout: .*through the proxy .*check the region, .*, HTTPS_PROXY and NO_PROXY/,
    ],
    [
      "a page in the tunnel",
      "http",
      rawServer((socket) => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        socket.once("data", () => socket.end("<html>Log in</html>"));
      }),
      /check the scheme and the port of ECS_ENDPOINT .* \(https is spoken here\), HTTPS_PROXY and NO_PROXY/,
    ],
  ])("it answers with %s, create ends early and says what to check", async (_what, scheme, proxy, words) => {
    const address = `${scheme}://user:${password}@127.0.0.1:${await listen(proxy())}`;
    await start({ HTTPS_PROXY: address, ALICLOUD_SECONDARY_IPS_PACE: "0.01" });
    const failed = scenario.provider.create(wanted);
    await expect(failed).rejects.toThrow(words);
    await expect(failed).rejects.not.toThrow(password);
  });

  test("its certificate is the endpoint's, it gets no request", async () => {
    const tls = createTlsServer({ key: privateKey, cert: certificate }, () => asked.push("TLS"));
    await start({ HTTPS_PROXY: `https://localhost:${await listen(tls)}` }, "ca.pem");
    await expect(scenario.provider.create(wanted)).rejects.toThrow(
      /ERR_TLS_CERT_ALTNAME_INVALID: the certificate of the proxy is not accepted/,
    );
  });

  test("its password has a slash, the error hides it", async () => {
    await start({ HTTPS_PROXY: `http://user:12/${password}@127.0.0.1:1` });
    const failed = scenario.provider.create(wanted);
    await expect(failed).rejects.toThrow('HTTPS_PROXY: "http://[hidden]@127.0.0.1:1" is not a proxy');
    await expect(failed).rejects.not.toThrow(password);
  });
});

test("loopback endpoint: no proxy is asked", async () => {
  const proxy = `http://127.0.0.1:${await startProxy(0)}`;
  scenario = await Scenario.start(worldWith([]), {
    env: { HTTP_PROXY: proxy, http_proxy: proxy, HTTPS_PROXY: proxy, https_proxy: proxy },
  });
  await scenario.create(wanted);
  expect(scenario.held()).toEqual(["10.0.1.20", "10.0.1.30"]);
  expect(asked).toEqual([]);
});

describe("TLS:", () => {
  const through = async (cert: string, ca?: string) => {
    const proxy = await startProxy(await startTls(cert));
    await start({ HTTPS_PROXY: `http://127.0.0.1:${proxy}` }, ca);
  };

  test("a certificate that is not trusted, create ends at once, and with its CA in NODE_EXTRA_CA_CERTS it succeeds", async () => {
    await through(certificate);
    await expect(scenario.provider.create(wanted)).rejects.toThrow(
      /DEPTH_ZERO_SELF_SIGNED_CERT: the certificate is not accepted: self-signed certificate at https:\/\/ecs.*NODE_EXTRA_CA_CERTS/,
    );
    expect(asked.filter((each) => each.startsWith("ecs."))).toHaveLength(1);
    await scenario.stop();
    await through(certificate, "ca.pem");
    await scenario.create(wanted);
    expect(scenario.held()).toEqual(["10.0.1.20", "10.0.1.30"]);
  });

  test("an expired certificate, create ends at once and names the clock", async () => {
    await through(expiredCertificate, "expired.pem");
    await expect(scenario.provider.create(wanted)).rejects.toThrow(
      /CERT_HAS_EXPIRED: .*; check the clock of this machine, ECS_ENDPOINT or alicloud:endpoints, HTTPS_PROXY and NO_PROXY/,
    );
  });

  test("a certificate for another name, create ends at once and names the endpoint", async () => {
    const tls = await startTls();
    await start({ ECS_ENDPOINT: `https://127.0.0.1:${tls}` }, "ca.pem");
    await expect(scenario.provider.create(wanted)).rejects.toThrow(
      new RegExp(`ERR_TLS_CERT_ALTNAME_INVALID: .* at https://127.0.0.1:${tls}; check ECS_ENDPOINT`),
    );
  });

  test("https to a port of plain http, create ends at once and names the scheme", async () => {
    const port = await listen(createServer());
    await start({ ECS_ENDPOINT: `https://127.0.0.1:${port}` });
    await expect(scenario.provider.create(wanted)).rejects.toThrow(
      new RegExp(
        `at https://127.0.0.1:${port}; check the scheme and the port of ECS_ENDPOINT .* \\(https is spoken here\\)`,
      ),
    );
  });

  test("plain http to a port of TLS, create ends early and names the scheme", async () => {
    const tls = await startTls();
    await start({ ECS_ENDPOINT: `http://127.0.0.1:${tls}`, ALICLOUD_SECONDARY_IPS_PACE: "0.01" });
    await expect(scenario.provider.create(wanted)).rejects.toThrow(
      new RegExp(
        `at http://127.0.0.1:${tls}; check the scheme and the port of ECS_ENDPOINT .* \\(http is spoken here\\)`,
      ),
    );
  });
});
