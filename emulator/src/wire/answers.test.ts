import fc from "fast-check";
import { once } from "node:events";
import { connect } from "node:net";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { startEmulator } from "../emulator";
import type { Emulator } from "../emulator";
import { SigningClient } from "../testing/signing-client";
import type { Answer, CallOptions } from "../testing/signing-client";
import { newRequestId, successBody } from "./answers";

const region = { RegionId: "cn-hangzhou" };
const jsonType = "application/json;charset=utf-8";
const xmlType = "text/xml;charset=utf-8";
const uuid = /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/;
let emulator: Emulator;
let client: SigningClient;

beforeAll(async () => {
  emulator = await startEmulator();
  client = new SigningClient(emulator.url);
});
afterAll(() => emulator.close());

const parser = new XMLParser({
  ignoreDeclaration: true,
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
});
const parsed = (text: string): Record<string, unknown> => {
  expect(XMLValidator.validate(text)).toBe(true);
  return parser.parse(text) as Record<string, unknown>;
};

/** In every way that a request can be signed, sent and answered. */
const ways = (["ACS3", "HMAC-SHA1"] as const).flatMap((signature) =>
  (
    [
      { method: "GET", place: "query" },
      { method: "POST", place: "query" },
      { method: "POST", place: "form" },
      { method: "POST", place: "both" },
      { method: "POST", place: "form", chunked: true },
    ] as const
  ).flatMap((sent) =>
    [undefined, "JSON", "json", "XML", "xMl"].map((format) => ({
      signature,
      ...sent,
      chunked: "chunked" in sent,
      ...(format !== undefined && { format }),
      asked: format ?? "nothing",
    })),
  ),
);

test.each(ways)(
  "$signature, $method with parameters in $place, chunked $chunked, asking for $asked",
  async ({ asked, ...way }) => {
    emulator.control.putState({
      networkInterfaces: [
        {
          NetworkInterfaceId: "eni-1",
          PrivateIpSets: {
            PrivateIpSet: [{ PrivateIpAddress: "10.0.0.9" }, { PrivateIpAddress: "10.0.0.8" }],
          },
        },
        { NetworkInterfaceId: "eni-2" },
      ],
    });
    const params = { ...region, "NetworkInterfaceId.1": "eni-1", MaxResults: 10 };
    const answer = await client.exchange("DescribeNetworkInterfaces", params, way);
    const isXml = asked === "nothing" ? way.signature === "HMAC-SHA1" : asked.toUpperCase() === "XML";
    expect(answer).toMatchObject({ status: 200, contentType: isXml ? xmlType : jsonType });
    // The same tree in both forms: in XML, the names of the list's members alone are repeated.
    if (isXml) {
      const { DescribeNetworkInterfacesResponse: content } = parsed(answer.text);
      expect(content).toMatchObject({
        RequestId: expect.stringMatching(uuid) as string,
        NetworkInterfaceSets: {
          NetworkInterfaceSet: {
            NetworkInterfaceId: "eni-1",
            ServiceManaged: "false",
            PrivateIpSets: { PrivateIpSet: [{ Primary: "true" }, {}, {}] },
            Tags: "",
          },
        },
      });
    } else
      expect(JSON.parse(answer.text)).toMatchObject({
        RequestId: expect.stringMatching(uuid) as string,
        NetworkInterfaceSets: {
          NetworkInterfaceSet: [
            {
              NetworkInterfaceId: "eni-1",
              ServiceManaged: false,
              PrivateIpSets: { PrivateIpSet: [{ Primary: true }, {}, {}] },
              Tags: { Tag: [] },
            },
          ],
        },
      });
    expect(emulator.control.calls().at(-1)).toMatchObject({
      action: "DescribeNetworkInterfaces",
      params: { ...region, "NetworkInterfaceId.1": "eni-1", MaxResults: "10" },
      status: 200,
    });
  },
);

test.each(["JSON", "XML"] as const)("an error in %s has the cloud's form", async (format) => {
  const params = { RegionId: "cn-beijing", NetworkInterfaceId: "eni-<&>" };
  const answer = await client.exchange("DeleteNetworkInterface", params, { format });
  const { RequestId, ...rest } = errorOf(answer);
  expect(RequestId).toMatch(uuid);
  expect(answer.status).toBe(404);
  expect(rest).toEqual({
    HostId: "ecs.cn-beijing.aliyuncs.com",
    Code: "InvalidEniId.NotFound",
    Message: 'The specified EniId "eni-<&>" is not found.',
    Recommend: `https://api.aliyun.com/troubleshoot?q=InvalidEniId.NotFound&product=Ecs&requestId=${RequestId}`,
  });
});

test("an error in XML is written as the cloud writes it, to the letter", async () => {
  const { text, contentType } = await client.exchange("MakeCoffee", region, { format: "XML" });
  const id = /<RequestId>(.*)<\/RequestId>/.exec(text)?.[1] ?? "";
  expect(contentType).toBe(xmlType);
  expect(text).toBe(
    `<?xml version='1.0' encoding='UTF-8'?><Error><RequestId>${id}</RequestId><HostId>ecs.cn-hangzhou.aliyuncs.com</HostId>` +
      "<Code>InvalidAction.NotFound</Code><Message>Specified api is not found, please check your url and method. " +
      "The emulator has no operation &quot;MakeCoffee&quot; in version 2014-05-26.</Message>" +
      `<Recommend><![CDATA[https://api.aliyun.com/troubleshoot?q=InvalidAction.NotFound&product=Ecs&requestId=${id}]]></Recommend></Error>`,
  );
});

test("an error of VPC names its host and its product", async () => {
  const options: CallOptions = { version: "2016-04-28", format: "XML" };
  const error = errorOf(await client.exchange("MakeCoffee", { RegionId: "cn-beijing" }, options));
  expect(error.HostId).toBe("vpc.cn-beijing.aliyuncs.com");
  expect(error.Recommend).toContain("&product=Vpc&");
});

test.each(["", "../x", "cn-hangzhou.evil.example", "CN-HANGZHOU"])(
  "a region that is none, %j, is in no host's name",
  async (RegionId) => {
    const error = errorOf(await client.exchange("DescribeNetworkInterfaces", { RegionId }));
    expect(error.HostId).toBe("ecs.cn-hangzhou.aliyuncs.com");
  },
);

test.each([
  ["ACS3", jsonType],
  ["HMAC-SHA1", xmlType],
] as const)("refuses another format, with %s in the form that is its default", async (signature, type) => {
  const answer = await client.exchange("DescribeInstanceTypes", {}, { signature, format: "YAML" });
  expect(answer).toMatchObject({ status: 400, contentType: type });
  expect(errorOf(answer)).toMatchObject({
    Code: "InvalidParameter.Format",
    Message: "Specified parameter format is not valid.",
  });
});

test.each(["JSON", "XML"] as const)("an operation's own refusal comes in %s too", async (format) => {
  const answer = await client.exchange("DescribeNetworkInterfaces", {}, { format });
  expect(errorOf(answer).Code).toBe("MissingParameter");
});

test("a body that is too large is refused in the form of the API, and logged", async () => {
  const large = { RegionId: "x".repeat(16 * 1024 * 1024) };
  const answer = await client.exchange("DescribeInstanceTypes", large, { place: "form" });
  expect(answer.status).toBe(413);
  expect(errorOf(answer).Code).toBe("RequestEntityTooLarge");
  expect(emulator.control.calls().at(-1)).toMatchObject({ status: 413, params: {} });
});

test("a client that reads nothing before it has sent everything gets that answer as well", async () => {
  const body = Buffer.alloc(64 * 1024 * 1024, "x");
  const socket = connect(emulator.port, "127.0.0.1");
  socket.write(`POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${body.length}\r\n\r\n`);
  await new Promise((resolve) => socket.write(body, resolve));
  const [answer] = (await once(socket, "data")) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
  socket.destroy();
});

test("a success in XML, written out", () => {
  const answer = {
    Text: "é<b>&\"'",
    Empty: "",
    Number: 0,
    Flag: false,
    Missing: undefined,
    None: { Item: [] },
    One: { Item: ["a"] },
    Two: { Item: [{ Key: 1 }, { Key: 2 }] },
    Nothing: {},
  };
  expect(successBody("XML", "DescribeThings", answer, "R-1")).toEqual({
    contentType: xmlType,
    text:
      "<?xml version='1.0' encoding='UTF-8'?><DescribeThingsResponse><RequestId>R-1</RequestId>" +
      "<Text>é&lt;b&gt;&amp;&quot;&apos;</Text><Empty></Empty><Number>0</Number><Flag>false</Flag><None></None>" +
      "<One><Item>a</Item></One><Two><Item><Key>1</Key></Item><Item><Key>2</Key></Item></Two><Nothing></Nothing>" +
      "</DescribeThingsResponse>",
  });
});

test("any text can be read from the XML again, but for what XML cannot hold", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom(...Array.from("<>&\"'\r\n\t ]]>\0￾é")) }),
  );
  fc.assert(
    fc.property(text, fc.array(text, { minLength: 2 }), (single, list) => {
      const body = successBody("XML", "Echo", { Single: `[${single}]`, List: { Item: list } }, "R-1");
      const held = (value: string) =>
        Array.from(value, (character) => (isXml(character) ? character : "\ufffd")).join("");
      expect(parsed(body.text)).toEqual({
        EchoResponse: { RequestId: "R-1", Single: `[${held(single)}]`, List: { Item: list.map(held) } },
      });
    }),
  );
});

/** The production Char of XML 1.0. */
function isXml(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return [9, 10, 13].includes(code) || (code >= 0x20 && code !== 0xfffe && code !== 0xffff);
}

test("request ids do not repeat", () => {
  const ids = Array.from({ length: 1000 }, newRequestId);
  expect(new Set(ids).size).toBe(1000);
  for (const id of ids) expect(id).toMatch(uuid);
});

interface ApiErrorBody {
  RequestId: string;
  HostId: string;
  Code: string;
  Message: string;
  Recommend: string;
}

function errorOf({ contentType, text }: Answer): ApiErrorBody {
  return (contentType === xmlType ? parsed(text).Error : JSON.parse(text)) as ApiErrorBody;
}
