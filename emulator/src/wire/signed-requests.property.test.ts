import fc from "fast-check";
import { startEmulator } from "../emulator";
import type { Emulator } from "../emulator";
import { SigningClient, asInForms } from "../testing/signing-client";
import type { CallOptions, SignedRequest } from "../testing/signing-client";
import { percentEncoded } from "./canonical-form";

let emulator: Emulator;
let client: SigningClient;

beforeAll(async () => {
  emulator = await startEmulator();
  client = new SigningClient(emulator.url);
});
afterAll(() => emulator.close());

/** Those that clients write in different ways, and what separates parameters. */
const awkward = fc.string({
  unit: fc.constantFrom(...Array.from("*~!'() +%&=/?#;,:@$.-_\r\n\t\0\"\\é😀a1")),
});
const value = fc.oneof(fc.constant(""), awkward, fc.string({ unit: "binary" }));
/** No names of the API's own: what they do is not the matter here. */
const name = fc
  .oneof(fc.stringMatching(/^[A-Za-z][A-Za-z0-9.]{0,12}$/), awkward, fc.constant("__proto__"))
  .map((text) => `x${text}`);
const params = fc.oneof(
  fc.dictionary(name, value, { maxKeys: 12, noNullPrototype: true }),
  fc.constant(Object.fromEntries([["__proto__", "x"]])),
  // More than nine members: their names are not sorted as numbers.
  fc
    .array(value, { minLength: 12, maxLength: 12 })
    .map((list) => Object.fromEntries(list.map((item, index) => [`xList.${index + 1}`, item]))),
);

const way = fc.record({
  signature: fc.constantFrom("ACS3" as const, "HMAC-SHA1" as const),
  sent: fc.constantFrom<CallOptions>(
    { method: "GET", place: "query" },
    { method: "POST", place: "query" },
    { method: "POST", place: "form" },
    { method: "POST", place: "both" },
    { method: "POST", place: "form", chunked: true },
  ),
  encode: fc.constantFrom(percentEncoded, encodeURIComponent, asInForms),
  format: fc.constantFrom("JSON", "XML"),
});

const optionsOf = ({
  signature,
  sent,
  encode,
  format,
}: typeof way extends fc.Arbitrary<infer T> ? T : never) => ({
  signature,
  ...sent,
  encode,
  format,
});

test("whatever the parameters hold, a signed request is accepted, and read as it was meant", async () => {
  await fc.assert(
    fc.asyncProperty(params, way, async (given, how) => {
      emulator.control.clearCalls();
      const answer = await client.exchange("DescribeInstanceTypes", given, optionsOf(how));
      expect(answer).toMatchObject({ status: 200 });
      const call = emulator.control.calls().at(-1);
      expect(Object.entries(call?.params ?? {}).sort()).toEqual(Object.entries(given).sort());
    }),
    { numRuns: 150 },
  );
}, 60_000);

test("a request that was changed in one byte after it was signed is refused", async () => {
  await fc.assert(
    fc.asyncProperty(
      params,
      way,
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.constantFrom(...Array.from("aZ5&=%+.-*")),
      async (given, how, where, byte) => {
        let meansTheSame = false;
        const tamper = (request: SignedRequest) => {
          const before = meaning(request);
          const length = request.url.search.length + request.body.length;
          const at = Math.floor(where * length);
          if (at < request.url.search.length) request.url.search = replaced(request.url.search, at, byte);
          else request.body = replaced(request.body, at - request.url.search.length, byte);
          meansTheSame = meaning(request) === before;
        };
        const answer = await client.exchange("DescribeInstanceTypes", given, { ...optionsOf(how), tamper });
        // `+` and `%20`, `%2a` and `%2A`: another spelling of what was signed.
        fc.pre(!meansTheSame);
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);

/** What a request says: its parameters, decoded. */
function meaning({ url, body }: SignedRequest): string {
  return JSON.stringify([[...url.searchParams], [...new URLSearchParams(body)]]);
}

function replaced(text: string, at: number, byte: string): string {
  return `${text.slice(0, at)}${byte}${text.slice(at + 1)}`;
}
