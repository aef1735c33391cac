import { buildSync } from "esbuild";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { driftOf, exitCodeOf, render, type Drift, type StackReport } from "../../examples/drift-watch/report";

/* eslint-disable @typescript-eslint/no-require-imports -- of these packages, only the parts with a type here are used */
const { parse } = require("yaml") as { parse: (text: string) => unknown };
const { CronJob } = require("kubernetes-models/batch/v1") as {
  CronJob: new (manifest: unknown) => { validate(): void };
};

/** The parts of "@actions/workflow-parser" that are used. */
interface Parser {
  readonly NoOperationTraceWriter: new () => object;
  readonly parseWorkflow: (file: { name: string; content: string }, trace: object) => ParsedWorkflow;
  readonly convertWorkflowTemplate: (context: object, value: object) => Promise<unknown>;
}
interface ParsedWorkflow {
  readonly context: { readonly errors: { getErrors(): { readonly message: string }[] } };
  readonly value?: object;
}

type Step = Parameters<typeof driftOf>[0];

const folder = path.resolve(__dirname, "../../examples/drift-watch");
const type = "pulumi-nodejs:dynamic/alicloud:EniSecondaryIps";
const urn = `urn:pulumi:prod::network::${type}::edge`;
const secretList = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

const state = (outputs: object) => ({
  type,
  urn,
  id: "eni-a",
  parent: "",
  provider: "",
  inputs: {},
  outputs,
});
const step = (op: Step["op"], old?: object, now?: object): Step => ({
  op,
  urn,
  type,
  provider: "",
  ...(old && { old: state(old) }),
  ...(now && { new: state(now) }),
});
const drift = (more: Partial<Drift>): Drift => ({
  resource: "edge",
  urn,
  networkInterfaceId: "eni-a",
  lost: [],
  gained: [],
  ...more,
});

describe("drift of a refreshed resource", () => {
  const held = { privateIpAddresses: ["10.0.0.20", "10.0.0.21"], ipv4Prefixes: [] };

  test.each<[string, Step, Drift | undefined]>([
    ["the same addresses", step("same", held, held), undefined],
    [
      "an address is missing, and another one is there",
      step("update", held, { ...held, privateIpAddresses: ["10.0.0.20", "10.0.0.99"] }),
      drift({ lost: ["10.0.0.21"], gained: ["10.0.0.99"] }),
    ],
    [
      "a prefix is missing",
      step("update", { ipv4Prefixes: ["10.0.0.16/28"] }, { ipv4Prefixes: [] }),
      drift({ lost: ["10.0.0.16/28"] }),
    ],
    [
      "other resources' addresses changed",
      step("update", held, { ...held, unmanagedPrivateIpAddresses: ["10.0.0.99"] }),
      undefined,
    ],
    [
      "a secret list changed",
      step("update", { privateIpAddresses: secretList }, { privateIpAddresses: secretList }),
      drift({ secret: true }),
    ],
    [
      "a secret list did not change",
      step("same", { privateIpAddresses: secretList }, { privateIpAddresses: secretList }),
      undefined,
    ],
    ["the ENI is gone", step("delete", held), drift({ lost: held.privateIpAddresses, gone: true })],
    [
      "the ENI with a secret list is gone",
      step("delete", { privateIpAddresses: secretList }),
      drift({ gone: true }),
    ],
    ["another type", { ...step("update", held, {}), type: "random:index/randomPet:RandomPet" }, undefined],
    [
      "a resource of another EniSecondaryIps type lost its addresses",
      { ...step("update", held, {}), type: "alicloud-secondary-ips:index:EniSecondaryIps" },
      drift({ lost: held.privateIpAddresses }),
    ],
  ])("%s", (_name, given, expected) => {
    expect(driftOf(given)).toEqual(expected);
  });
});

const drifted: StackReport = {
  stack: "network:prod",
  status: "drifted",
  drifts: [
    drift({ lost: ["10.0.0.21", "10.0.0.22"], gained: ["10.0.0.99"] }),
    drift({ resource: "hidden", secret: true }),
    drift({ resource: "gone", gone: true, lost: ["10.0.0.5"] }),
  ],
};
const failed: StackReport = {
  stack: "network:old",
  status: "failed",
  drifts: [],
  error: "Forbidden.RAM | no",
};
const unchanged: StackReport = { stack: "network:dev", status: "unchanged", drifts: [] };
const repaired: StackReport = {
  stack: "network:lab",
  status: "repaired",
  drifts: [drift({ lost: ["10.0.0.7"] })],
};

describe("report", () => {
  const reports = [drifted, failed, unchanged, repaired];

  test("text: one line for each stack and resource, and a summary", () => {
    expect(render("text", reports)).toBe(
      [
        "network:prod: drifted",
        "  edge (eni-a): lost 10.0.0.21, 10.0.0.22; gained 10.0.0.99",
        "  hidden (eni-a): the secret list changed",
        "  gone (eni-a): the ENI is gone; lost 10.0.0.5",
        "network:old: failed: Forbidden.RAM | no",
        "network:dev: unchanged",
        "network:lab: repaired",
        "  edge (eni-a): lost 10.0.0.7",
        "4 stacks: 1 unchanged, 1 drifted, 1 repaired, 1 failed",
        "",
      ].join("\n"),
    );
  });

  test("text: only the status has a colour", () => {
    expect(render("text", [failed], (colour, text) => `<${colour}>${text}</>`)).toBe(
      "network:old: <red>failed</>: Forbidden.RAM | no\n1 stack: 1 failed\n",
    );
  });

  test("markdown: a table, in which a cell cannot begin another one", () => {
    expect(render("markdown", [drifted, failed, unchanged])).toBe(
      [
        "## 3 stacks: 1 unchanged, 1 drifted, 1 failed",
        "",
        "| stack | status | resource | ENI | changes |",
        "| --- | --- | --- | --- | --- |",
        "| network:prod | drifted | edge | eni-a | lost 10.0.0.21, 10.0.0.22; gained 10.0.0.99 |",
        "| network:prod | drifted | hidden | eni-a | the secret list changed |",
        "| network:prod | drifted | gone | eni-a | the ENI is gone; lost 10.0.0.5 |",
        "| network:old | failed |  |  | Forbidden.RAM \\| no |",
        "| network:dev | unchanged |  |  |  |",
        "",
      ].join("\n"),
    );
  });

  test("JSON: the exit code and all fields", () => {
    expect(JSON.parse(render("json", reports))).toEqual({ exitCode: 3, stacks: reports });
  });

  test.each<[number, StackReport[]]>([
    [0, [unchanged, repaired]],
    [1, [unchanged, drifted, repaired]],
    [3, [drifted, failed]],
    [3, [{ ...unchanged, status: "cancelled" }]],
  ])("exit code %i", (code, given) => {
    expect(exitCodeOf(given)).toBe(code);
  });
});

const read = (file: string) => readFileSync(path.join(folder, file), "utf8");

describe("GitHub workflow", () => {
  let temporary: string;
  let parser: Parser;

  beforeAll(() => {
    // The parser is an ES module that imports JSON without an attribute: neither jest nor Node.js can load it as it is.
    const work = path.resolve(__dirname, "../.work");
    mkdirSync(work, { recursive: true });
    temporary = mkdtempSync(path.join(work, "workflow-parser-"));
    const outfile = path.join(temporary, "parser.cjs");
    const stdin = { contents: 'export * from "@actions/workflow-parser"', resolveDir: __dirname };
    buildSync({ stdin, bundle: true, platform: "node", outfile, logLevel: "error" });
    parser = require(outfile) as Parser;
  });
  afterAll(() => {
    rmSync(temporary, { recursive: true, force: true });
  });

  async function errorsOf(content: string): Promise<string[]> {
    const file = { name: "drift-watch.yml", content };
    const { context, value } = parser.parseWorkflow(file, new parser.NoOperationTraceWriter());
    if (value !== undefined) await parser.convertWorkflowTemplate(context, value);
    return context.errors.getErrors().map(({ message }) => message);
  }

  test("has no error", async () => {
    expect(await errorsOf(read("github-workflow.yml"))).toEqual([]);
  });

  test.each([
    ["uses: actions/checkout@v5", "use: actions/checkout@v5", "Unexpected value 'use'"],
    ["17 * * * *", "77 * * * *", "Invalid cron"],
    ["inputs.repair", "repair.inputs", "Unrecognized named-value: 'repair'"],
  ])("with %s changed to %s, the parser refuses it", async (from, to, message) => {
    expect((await errorsOf(read("github-workflow.yml").replace(from, to))).join("\n")).toContain(message);
  });
});

describe("Kubernetes", () => {
  /** The compile errors of a manifest as a literal of this type: also unknown fields, which the validator accepts. */
  function compileErrors(manifest: unknown, typeName: string, from: string): string[] {
    const name = path.join(__dirname, "manifest.ts");
    const source = `import type { ${typeName} } from "${from}";\nexport const it: ${typeName} = ${JSON.stringify(manifest)};`;
    const options: ts.CompilerOptions = {
      module: ts.ModuleKind.Node16,
      strict: true,
      noEmit: true,
      types: [],
      skipLibCheck: true,
    };
    const host = ts.createCompilerHost(options);
    const getSourceFile = host.getSourceFile.bind(host);
    host.getSourceFile = (file, ...more) =>
      file === name
        ? ts.createSourceFile(file, source, ts.ScriptTarget.ES2022)
        : getSourceFile(file, ...more);
    const program = ts.createProgram([name], options, host);
    return program
      .getSemanticDiagnostics()
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
  }
  const cronJobErrors = (manifest: unknown) =>
    compileErrors(manifest, "ICronJob", "kubernetes-models/batch/v1");

  test("CronJob: is valid and has no unknown field", () => {
    const manifest = parse(read("kubernetes-cronjob.yaml"));
    expect(cronJobErrors(manifest)).toEqual([]);
    expect(() => {
      new CronJob(manifest).validate();
    }).not.toThrow();
  });

  test("CronJob with an unknown field: is refused", () => {
    const text = read("kubernetes-cronjob.yaml").replace("backoffLimit", "backOffLimit");
    expect(cronJobErrors(parse(text)).join("\n")).toContain("'\"backOffLimit\"' does not exist");
  });

  test("Stack of the Pulumi Kubernetes Operator: has only fields of its definition, with their types", () => {
    // From deploy/crds/pulumi.com_stacks.yaml of pulumi/pulumi-kubernetes-operator v2.9.0, as far as the manifest uses them.
    const fields: Record<string, string> = {
      serviceAccountName: "string",
      stack: "string",
      projectRepo: "string",
      branch: "string",
      repoDir: "string",
      useLocalStackOnly: "boolean",
      refresh: "boolean",
      continueResyncOnCommitMatch: "boolean",
      resyncFrequencySeconds: "number",
      destroyOnFinalize: "boolean",
      preview: "boolean",
      envRefs: "object",
      workspaceTemplate: "object",
    };
    const { apiVersion, kind, spec } = parse(read("kubernetes-operator.yaml")) as {
      apiVersion: string;
      kind: string;
      spec: Record<string, unknown> & { envRefs: Record<string, unknown>; workspaceTemplate: unknown };
    };
    expect([apiVersion, kind]).toEqual(["pulumi.com/v1", "Stack"]);
    expect(Object.entries(spec).map(([name, value]) => [name, typeof value])).toEqual(
      Object.keys(spec).map((name) => [name, fields[name]]),
    );
    for (const [key, reference] of Object.entries(spec.envRefs))
      expect(reference).toEqual({ type: "Secret", secret: { name: expect.any(String) as string, key } });
    expect(spec.workspaceTemplate).toEqual({ spec: { image: expect.any(String) as string } });
  });
});
