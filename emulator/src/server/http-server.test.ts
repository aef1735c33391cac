import { startEmulator } from "../emulator";
import type { Emulator } from "../emulator";
import { RawConnection } from "../testing/raw-exchange";
import type { RawAnswer } from "../testing/raw-exchange";
import { SigningClient, list } from "../testing/signing-client";
import type { SignedRequest } from "../testing/signing-client";
import { headLimitBytes } from "./malformed-request";

let emulator: Emulator;
const open: RawConnection[] = [];

beforeAll(async () => {
  emulator = await startEmulator({ seed: { networkInterfaces: [{ NetworkInterfaceId: "eni-1" }] } });
});
afterEach(() => {
  for (const connection of open.splice(0)) connection.close();
});
afterAll(() => emulator.close());

function connection(): RawConnection {
  const made = new RawConnection(emulator.port);
  open.push(made);
  return made;
}

/** Sends one request on a connection of its own. */
async function ask(head: readonly string[], body = ""): Promise<RawAnswer> {
  const made = connection();
  made.send(head, body);
  return made.answer(!head[0]?.startsWith("HEAD "));
}

const here = () => `host: 127.0.0.1:${emulator.port}`;

/** A signed call as lines of a head, with its target in a form of the test's choice. */
async function signed(
  action: string,
  params: Readonly<Record<string, string>>,
  target: (request: SignedRequest) => string = ({ url }) => url.pathname + url.search,
): Promise<string[]> {
  let head: string[] = [];
  // The client signs; the test sends the request by itself.
  const stop = new Error("signed");
  await new SigningClient(emulator.url)
    .exchange(action, params, {
      tamper(request) {
        const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`);
        head = [`POST ${target(request)} HTTP/1.1`, ...headers, "content-length: 0"];
        throw stop;
      },
    })
    .catch((error: unknown) => {
      if (error !== stop) throw error;
    });
  return head;
}

const region = { RegionId: "cn-hangzhou" };
const codeOf = ({ body }: RawAnswer) => (JSON.parse(body) as { Code?: string }).Code;

describe("connections", () => {
  test("an idle connection is announced to stay open for at least 65 s", async () => {
    const { headers } = await ask(["GET /_emulator/health HTTP/1.1", here()]);
    const [, seconds] = /^timeout=(\d+)$/.exec(headers["keep-alive"] ?? "") ?? [];
    expect(Number(seconds)).toBeGreaterThanOrEqual(65);
  });

  test.each([
    ["HTTP/1.1", [], "keep-alive"],
    ["HTTP/1.1", ["connection: keep-alive"], "keep-alive"],
    ["HTTP/1.0", ["connection: keep-alive"], "keep-alive"],
  ])("%s with %j: a second request is answered on the connection", async (version, lines, kept) => {
    const made = connection();
    for (let request = 1; request <= 2; request++) {
      made.send([`GET /_emulator/health ${version}`, here(), ...lines]);
      const { status, headers, body } = await made.answer();
      expect([status, headers.connection, body]).toEqual([200, kept, '{"status":"ok"}\n']);
    }
  });

  test.each([
    ["HTTP/1.1", ["connection: close"]],
    ["HTTP/1.1", ["connection: Close"]],
    ["HTTP/1.0", []],
    ["HTTP/1.0", ["connection: close"]],
  ])("%s with %j: the server says that it closes the connection, and closes it", async (version, lines) => {
    for (const target of ["/_emulator/health", "/_emulator/", "/"]) {
      const made = connection();
      made.send([`GET ${target} ${version}`, here(), ...lines]);
      expect(await made.rest()).toMatch(/^connection: close\r$/im);
    }
  });

  test("a client of HTTP/1.0 gets no chunks, and needs no Host", async () => {
    const made = connection();
    made.send(["GET /_emulator/page.js HTTP/1.0"]);
    expect(await made.rest()).not.toMatch(/^transfer-encoding:/im);
    const other = connection();
    other.send(["GET /_emulator/health HTTP/1.0"]);
    expect(await other.rest()).toMatch(/^HTTP\/1\.1 200 /);
  });

  test("requests that are sent at once are answered in their order", async () => {
    const made = connection();
    made.send(["GET /_emulator/health HTTP/1.1", here(), "", "GET /_emulator/nothing HTTP/1.1", here()]);
    expect([(await made.answer()).status, (await made.answer()).status]).toEqual([200, 404]);
  });

  test.each(["/_emulator/calls", "/"])(
    "a refused request to %s leaves the connection open",
    async (target) => {
      const made = connection();
      made.send([`POST ${target} HTTP/1.1`, "host: evil.example", "content-length: 4"], "body");
      expect((await made.answer()).status).toBe(403);
      made.send(["GET /_emulator/health HTTP/1.1", here()]);
      expect((await made.answer()).status).toBe(200);
    },
  );
});

/** Each way in, with a request that does something. */
const ways = [
  ["the control API", "DELETE /_emulator/calls"],
  ["the page", "GET /_emulator/"],
  ["the page's events", "GET /_emulator/events"],
  ["the ECS API, POST", "POST /?Action=DeleteNetworkInterface"],
  ["the ECS API, GET", "GET /?Action=DeleteNetworkInterface"],
  ["a path that does not exist", "GET /nothing"],
] as const;

describe.each(ways)("%s", (_, request) => {
  const send = (...lines: string[]) => ask([`${request} HTTP/1.1`, ...lines, "content-length: 0"]);

  test.each([
    "evil.example",
    "evil.example:4300",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "169.254.169.254",
    "0.0.0.0",
    "[::2]",
    "127.0.0.1@evil.example",
    "",
  ])('refuses the Host "%s", and says what is allowed', async (host) => {
    const { status, body } = await send(`host: ${host}`);
    expect(status).toBe(403);
    expect(body).toContain("allowed: localhost, 127.0.0.1, [::1], with any port");
    const plain = body.replaceAll("&quot;", '"').replaceAll('\\"', '"');
    expect(plain).toContain(`the Host "${host}" is not one of this emulator`);
  });

  test("refuses an absolute target with a foreign host, whatever Host says", async () => {
    const [method = "", target = ""] = request.split(" ");
    const { status } = await ask([`${method} http://evil.example${target} HTTP/1.1`, here()]);
    expect(status).toBe(403);
  });

  test.each(["null", "https://evil.example", "http://127.0.0.1:1", "http://localhost", ""])(
    'refuses the Origin "%s"',
    async (origin) => {
      const { status, body } = await send(here(), `origin: ${origin}`);
      expect(status).toBe(403);
      expect(body).toContain(`http://127.0.0.1:${emulator.port}`);
    },
  );

  test("refuses two Origins, of which one is its own", async () => {
    const own = `origin: http://127.0.0.1:${emulator.port}`;
    expect((await send(here(), own, "origin: https://evil.example")).status).toBe(403);
  });

  test.each(["cross-site", "same-site"])("refuses Sec-Fetch-Site %s without an Origin", async (site) => {
    expect((await send(here(), `sec-fetch-site: ${site}`, "sec-fetch-mode: no-cors")).status).toBe(403);
  });

  test("refuses no Host and two Hosts", async () => {
    expect((await send()).status).toBe(400);
    expect((await send(here(), "host: evil.example")).status).toBe(400);
  });
});

describe("requests that are not foreign", () => {
  test.each(["localhost", "LOCALHOST:1", "127.0.0.1", "127.8.9.1:4300", "[::1]", "[::1]:4300"])(
    "the Host %s is accepted",
    async (host) => {
      expect((await ask(["GET /_emulator/health HTTP/1.1", `host: ${host}`])).status).toBe(200);
    },
  );

  test("the page's own requests are accepted", async () => {
    const own = [`origin: http://127.0.0.1:${emulator.port}`, "sec-fetch-site: same-origin"];
    expect((await ask(["DELETE /_emulator/calls HTTP/1.1", here(), ...own])).status).toBe(204);
  });

  test("a link of another page opens the page, and does not call the API", async () => {
    const link = ["sec-fetch-site: cross-site", "sec-fetch-mode: navigate", "sec-fetch-dest: document"];
    expect((await ask(["GET /_emulator/ HTTP/1.1", here(), ...link])).status).toBe(200);
    for (const target of ["/_emulator/state", "/?Action=DescribeRegions"])
      expect((await ask([`GET ${target} HTTP/1.1`, here(), ...link])).status).toBe(403);
  });

  test("the host that the emulator listens on is accepted, and the address behind a wildcard", async () => {
    const wild = await startEmulator({ host: "0.0.0.0" });
    try {
      const made = new RawConnection(wild.port, "127.0.0.2");
      made.send(["GET /_emulator/health HTTP/1.1", "host: 127.0.0.2", "connection: close"]);
      expect(await made.rest()).toMatch(/ 200 /);
      const refused = new RawConnection(wild.port);
      refused.send(["GET /_emulator/health HTTP/1.1", "host: 0.0.0.0", "connection: close"]);
      expect(await refused.rest()).toMatch(/ 403 /);
    } finally {
      await wild.close();
    }
  });

  test("a name in allowedHosts is accepted, with any port, and no part of one", async () => {
    const named = await startEmulator({ allowedHosts: ["Emulator.internal"] });
    const statusOf = async (host: string) => {
      const made = new RawConnection(named.port);
      made.send(["GET /_emulator/health HTTP/1.1", `host: ${host}`, "connection: close"]);
      return (await made.rest()).split(" ")[1];
    };
    try {
      expect(await statusOf("emulator.internal:4300")).toBe("200");
      expect(await statusOf("evil.emulator.internal")).toBe("403");
    } finally {
      await named.close();
    }
  });

  test("a web page cannot delete an ENI, though it knows the key", async () => {
    const head = await signed("DeleteNetworkInterface", { ...region, NetworkInterfaceId: "eni-1" });
    const refused = await ask([...head, "origin: https://evil.example"]);
    expect([refused.status, codeOf(refused)]).toEqual([403, "ForeignRequest"]);
    expect(emulator.control.state().networkInterfaces).toHaveLength(1);
    expect(emulator.control.calls().at(-1)).toMatchObject({ status: 403, code: "ForeignRequest" });
  });
});

describe("targets", () => {
  test("a call with an absolute target is answered as one with a path", async () => {
    const head = await signed("DescribeRegions", {}, ({ url }) => url.href);
    expect(head[0]).toMatch(/^POST http:\/\/127\.0\.0\.1:/);
    expect((await ask(head)).status).toBe(200);
    const bare = await signed("DescribeRegions", {}, ({ url }) => url.origin + url.search);
    expect((await ask(bare)).status).toBe(200);
    const health = await ask([`GET http://localhost/_emulator/health HTTP/1.1`, here()]);
    expect(health.status).toBe(200);
  });

  test("a call whose UserData makes the URL long is answered", async () => {
    const UserData = Buffer.alloc(32 * 1024, 0xfb).toString("base64");
    const head = await signed("DescribeRegions", { UserData });
    expect(head[0]?.length).toBeGreaterThan(64 * 1024);
    expect((await ask(head)).status).toBe(200);
  });

  test.each([headLimitBytes, 8 * 1024 * 1024])(
    "a URL of %i bytes is refused with a body that says the limit",
    async (length) => {
      const made = connection();
      made.send([`GET /?UserData=${"x".repeat(length)} HTTP/1.1`, here()]);
      const answer = await made.answer();
      expect([answer.status, answer.headers.connection]).toEqual([431, "close"]);
      expect(codeOf(answer)).toBe("RequestHeaderFieldsTooLarge");
      expect(answer.body).toContain(`${headLimitBytes} bytes`);
    },
  );

  test("a header behind 5,000 others is read", async () => {
    const head = await signed("DescribeRegions", {});
    const many = Array.from({ length: 5000 }, (_, index) => `x-${index}: 1`);
    const [line = "", ...headers] = head;
    expect((await ask([line, ...many, ...headers])).status).toBe(200);
  });

  test.each(["%", "%zz", "%ff", "%00", "a%2", "=&&==&", "%E2%82"])(
    "a query with %s is answered with a refusal of the API",
    async (query) => {
      const answer = await ask([`GET /?Action=DescribeRegions&${query} HTTP/1.1`, here()]);
      expect(answer.status).toBe(400);
      expect(answer.body).toContain("<Code>MissingVersion</Code>");
    },
  );

  test("of a parameter that is given twice the last one counts", async () => {
    const head = await signed("DescribeRegions", { AcceptLanguage: "en-US" }, ({ url }) => url.href);
    const twice = head.map((line) => line.replace("AcceptLanguage", "AcceptLanguage=zh-CN&AcceptLanguage"));
    // The signature covers both.
    expect(codeOf(await ask(twice))).toBe("SignatureDoesNotMatch");
    expect(emulator.control.calls().at(-1)).toMatchObject({ params: { AcceptLanguage: "en-US" } });
  });

  test.each([
    ["HEAD", "/_emulator/health", 200],
    ["HEAD", "/_emulator/events", 200],
    ["HEAD", "/_emulator/", 200],
    ["HEAD", "/", 403],
    ["OPTIONS", "/_emulator/health", 405],
    ["OPTIONS", "/_emulator/", 405],
    ["OPTIONS", "/", 403],
    ["OPTIONS", "*", 404],
    ["GET", "/_emulator/health/", 200],
    ["GET", "/_emulator", 308],
    ["GET", "//", 404],
    ["PATCH", "/_emulator/health", 405],
    ["CONNECT", "evil.example:443", 405],
  ])("%s %s gets %i", async (method, target, status) => {
    const answer = await ask([`${method} ${target} HTTP/1.1`, here()]);
    expect(answer.status).toBe(status);
    if (status === 405 && method !== "CONNECT") expect(answer.headers.allow).toMatch(/^GET/);
    // Every refusal says why, but for the method that has no body.
    if (status > 400 && method !== "HEAD" && answer.headers.allow !== "GET, HEAD")
      expect(answer.body).not.toBe("");
  });

  test.each(["NONSENSE", "GET / HTTP/9.9", "GET /\u0001 HTTP/1.1", "G\u0000T / HTTP/1.1"])(
    "%j is refused with a body",
    async (line) => {
      const made = connection();
      made.send([line, here()]);
      const answer = await made.answer();
      expect([answer.status, codeOf(answer)]).toEqual([400, "BadRequest"]);
    },
  );
});

describe("bodies", () => {
  test("a client that expects 100-continue is told to continue", async () => {
    const made = connection();
    const body = JSON.stringify({ latencyMs: 0 });
    const head = ["PUT /_emulator/behaviour HTTP/1.1", here(), `content-length: ${body.length}`];
    made.send([...head, "expect: 100-continue"]);
    expect((await made.answer()).status).toBe(100);
    made.send([body]);
    expect((await made.answer()).status).toBe(200);
  });

  test("another expectation is ignored", async () => {
    expect((await ask(["GET /_emulator/health HTTP/1.1", here(), "expect: 200-ok"])).status).toBe(200);
  });

  test("a body in chunks is read, and one with a bad chunk refused", async () => {
    const head = ["PUT /_emulator/behaviour HTTP/1.1", here(), "transfer-encoding: chunked"];
    const body = JSON.stringify({ latencyMs: 0 });
    const chunks = Array.from(body, (character) => `1\r\n${character}\r\n`).join("");
    expect((await ask(head, `${chunks}0\r\n\r\n`)).status).toBe(200);
    expect((await ask(head, "zz\r\n")).status).toBe(400);
  });

  test("a body with two lengths is refused", async () => {
    const lengths = ["content-length: 0", "content-length: 5"];
    expect((await ask(["POST / HTTP/1.1", here(), ...lengths], "hello")).status).toBe(400);
    const both = ["transfer-encoding: chunked", "content-length: 5"];
    expect((await ask(["POST / HTTP/1.1", here(), ...both], "0\r\n\r\n")).status).toBe(400);
  });

  test("a list of 120,000 entries is refused as the operation refuses a long list", async () => {
    const entries = Array.from({ length: 120_000 }, (_, index) => `e-${index}`);
    const params = { ...region, ResourceType: "eni", ...list("ResourceId", entries) };
    const client = new SigningClient(emulator.url);
    const { status, body } = await client.call("TagResources", params, { place: "form" });
    expect([status, body.Code]).toEqual([400, "NumberExceed.ResourceIds"]);
  }, 60_000);
});
