import { readFileSync } from "node:fs";
import path from "node:path";
import { actions } from "../../emulator/src/actions/registry";
import * as apiErrors from "../../emulator/src/api-errors";
import { readStory } from "./story";

const steps = ["story", "terraform", "two-at-a-time", "temporary-key", "wrong-clock"].flatMap(readStory);

/** What makes no client send what it takes, whatever its parameters are. */
const beyondClients: Readonly<Record<string, string>> = {
  actionNotFound: "its text names what was asked for; the story has the code",
  foreignRequest: "they are no web pages",
  idempotentFailed:
    "only with behaviour failedClientTokens: burnt, which test/host/client-tokens.test.ts has",
  incompleteSignature: "they sign completely",
  internalError: "nothing goes wrong but the disk",
  incorrectStatusOfBoundInstance:
    "only while an instance changes its state, for which the story does not wait: neighbours.test.ts has it",
  invalidCommonParameter: "they know one version of the signature",
  invalidParameterFormat: "they ask for JSON or XML",
  invalidSignatureMethod: "they know the methods",
  invalidVersion: "each operation has its version",
  missingCommonParameter: "they send all of them; the story of the temporary key has one",
  requestHeadTooLarge: "no parameter of the story has 256 KiB",
  requestEntityTooLarge: "their parameters travel in the URL, and no server takes one of that length",
  signatureNonceUsed: "they take a new one each time",
  timestampFormat: "they write it as they should",
  unsupportedHttpMethod: "each operation has its method",
};

/** Where the code depends on the arguments. */
const samples: Readonly<Record<string, readonly unknown[]>> = {
  missingParameter: ["x"],
  missingTagParameter: ["Tags"],
  dependencyViolation: ["VSwitch"],
  malformedNetworkText: ["VSwitch", "Name"],
  malformedInstanceText: ["InstanceName"],
};

// The clients of ECS and VPC have no STS; emulator-sdk.test.ts calls it with the generic client of the vendor.
const ofTheClients = actions.filter(({ product }) => product !== "sts");

test("every operation of ECS and VPC is in the story", () => {
  const asked = new Set(steps.map((step) => `${step.api ?? ""} ${step.call ?? ""}`));
  expect(
    ofTheClients.map(({ product, name }) => `${product} ${name}`).filter((name) => !asked.has(name)),
  ).toEqual([]);
});

test("every error that a client can provoke is in the story", () => {
  const provoked = new Set(steps.flatMap(({ fails }) => (fails ? [`${fails[0]} ${fails[1]}`] : [])));
  const missing = Object.entries(apiErrors).flatMap(([name, make]) => {
    if (make === apiErrors.ApiError || name in beyondClients) return [];
    const { status, code } = (make as (...given: unknown[]) => apiErrors.ApiError)(
      ...(samples[name] ?? [["x"], ["x"]]),
    );
    return provoked.has(`${status} ${code}`) ? [] : [`${name}: ${status} ${code}`];
  });
  expect(missing).toEqual([]);
});

test("coverage: an error listed as out of reach exists", () => {
  expect(Object.keys(beyondClients).filter((name) => !(name in apiErrors))).toEqual([]);
});

test("docs/emulator.md: names the clients in the versions that are tested", () => {
  const read = (...name: string[]) => readFileSync(path.join(__dirname, ...name), "utf8");
  const { packages } = JSON.parse(read("..", "..", "package-lock.json")) as {
    packages: Record<string, { version: string }>;
  };
  const tested = [
    ...["ecs20140526", "vpc20160428", "pop-core"].map((name) => {
      const found = `@alicloud/${name}`;
      return `\`${found}\` ${packages[`node_modules/${found}`]?.version ?? ""}`;
    }),
    ...Array.from(
      read("python", "requirements.txt").matchAll(/^(a\S+-(?:ecs|vpc|core)\S*)==(\S+)$/gm),
      (found) => {
        const name = found[1]?.replace(/^(alibabacloud)-/, "$1_") ?? "";
        return `\`${name}\` ${found[2] ?? ""}`;
      },
    ),
    ...Array.from(
      read("go", "go.mod").matchAll(/^require (\S+) v(\S+)$/gm),
      ([, name, version]) => `\`${name ?? ""}\` ${version ?? ""}`,
    ),
  ];
  expect(tested).toHaveLength(9);
  const page = read("..", "..", "docs", "emulator.md");
  expect(tested.filter((client) => !page.includes(client))).toEqual([]);
});
