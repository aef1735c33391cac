import path from "node:path";
import ts from "typescript";

/** What each program below begins with. */
const prelude = `
import * as pulumi from "@pulumi/pulumi";
import { EniSecondaryIps } from "pulumi-alicloud-secondary-ips";
import type * as types from "pulumi-alicloud-secondary-ips";
type Args = types.EniSecondaryIpsArgs;
const config = new pulumi.Config();
const networkInterfaceId = pulumi.output("eni-1");
const region: string = config.require("region");
const [first, second] = ["10.0.1.20", pulumi.output("10.0.1.21")];
const addresses = config.requireSecretObject<string[]>("addresses");
const isShared = config.requireBoolean("isShared");
const computed = isShared ? "additive" : "exclusive";
`;

const ways = ["privateIpAddresses", "secondaryPrivateIpAddressCount", "ipv4Prefixes", "ipv4PrefixCount"];
const others = [...ways, "ownership", "unassignOnCreate", "allowUnassignWithEip", "region"];

const create = (args: string) => `new EniSecondaryIps("edge", { networkInterfaceId, ${args} });`;

const accepted: Readonly<Record<string, string>> = {
  "a list of texts, outputs and promises": create(
    `privateIpAddresses: [first, second, Promise.resolve("10.0.1.22")], region`,
  ),
  "an empty list": create("ipv4Prefixes: []"),
  "a list that is secret": create("privateIpAddresses: addresses"),
  "a promise of a list of outputs": create("privateIpAddresses: Promise.resolve([second])"),
  "a list as pulumi.Input": `function pool(list: pulumi.Input<pulumi.Input<string>[]>) { ${create("ipv4Prefixes: list")} }`,
  "a count that is secret": create('secondaryPrivateIpAddressCount: config.requireSecretNumber("count")'),
  "a promise of a count": create(
    "ipv4PrefixCount: Promise.resolve(3), allowUnassignWithEip: pulumi.output(true)",
  ),
  "the three other ways as undefined": create(
    "ipv4PrefixCount: 1, privateIpAddresses: undefined, secondaryPrivateIpAddressCount: undefined, ipv4Prefixes: undefined",
  ),
  "a computed ownership of a list": create("privateIpAddresses: [], ownership: computed"),
  "an output of an ownership of a list": create("ipv4Prefixes: [], ownership: pulumi.output(computed)"),
  "additive ownership without unassignOnCreate": create(
    'privateIpAddresses: [], ownership: "additive", unassignOnCreate: undefined',
  ),
  "exclusive ownership with unassignOnCreate": create(
    'privateIpAddresses: [], ownership: "exclusive", unassignOnCreate: addresses',
  ),
  "an exclusive count with unassignOnCreate": create(
    'ipv4PrefixCount: 2, ownership: pulumi.output("exclusive" as const), unassignOnCreate: ["10.0.1.16/28"]',
  ),
  "a spread of options": `
    const shared = { networkInterfaceId, ownership: "additive" } as const;
    new EniSecondaryIps("services", { ...shared, privateIpAddresses: [first] });
    new EniSecondaryIps("pods", { ...shared, ipv4Prefixes: ["10.0.1.32/28"] });`,
  "a spread of options that may be absent": `
    const options: { region?: string; allowUnassignWithEip?: boolean; unassignOnCreate?: string[] } = {};
    new EniSecondaryIps("edge", { ...options, networkInterfaceId, privateIpAddresses: [first] });
    new EniSecondaryIps("pool", { ...options, networkInterfaceId, secondaryPrivateIpAddressCount: 3 });`,
  "options that may be undefined, passed on": `
    interface Given { readonly region?: string; readonly ownership?: "exclusive"; readonly unassign?: string[] }
    function pool({ region, ownership, unassign }: Given) {
      ${create("ipv4PrefixCount: 1, region, ownership, unassignOnCreate: unassign, allowUnassignWithEip: undefined")}
    }`,
  "an output that may be undefined": create(
    'privateIpAddresses: [], region: pulumi.output(config.get("region"))',
  ),
  "a spread of Partial of the options": `
    const defaults: Partial<types.EniSecondaryIpsOptions> = { allowUnassignWithEip: true };
    new EniSecondaryIps("edge", { ...defaults, networkInterfaceId, privateIpAddresses: [first] });`,
  "a spread of one of two ways": create(
    "...(isShared ? { privateIpAddresses: [first] } : { secondaryPrivateIpAddressCount: 3 })",
  ),
  "a spread of one of two ownerships": create(
    'privateIpAddresses: [], ...(isShared ? { ownership: "additive" as const } : { unassignOnCreate: [first] })',
  ),
  "arguments in constants, lists and maps": `
    const args: Args = { networkInterfaceId, privateIpAddresses: [first] };
    const untyped = { networkInterfaceId, privateIpAddresses: [first] };
    const list: Args[] = [args, untyped, { networkInterfaceId, ipv4PrefixCount: 3 }];
    const map: Record<string, Args> = { edge: { networkInterfaceId, secondaryPrivateIpAddressCount: 3 } };
    for (const one of list) new EniSecondaryIps("edge", one);
    for (const [name, one] of Object.entries(map)) new EniSecondaryIps(name, { ...one, region });`,
  "arguments from JSON":
    'new EniSecondaryIps("edge", JSON.parse("{}")); const args = JSON.parse("{}") as Args;',
  "arguments that a function reads and changes": `
    function inRegion(args: Args): Args {
      const changed: Args = { ...args };
      changed.region = region;
      const listed = args.privateIpAddresses ?? args.ipv4Prefixes ?? [];
      pulumi.output(listed).apply((all) => all.length);
      return changed;
    }`,
  "a component that adds to the arguments": `
    type EdgeArgs = Args & { label: string };
    function edge({ label, ...args }: EdgeArgs) { new EniSecondaryIps(label, args); }
    edge({ label: "edge", networkInterfaceId, ipv4Prefixes: [], ownership: "additive" });`,
  "a component that extends the options": `
    interface PoolArgs extends types.EniSecondaryIpsOptions, types.EniSecondaryIpsOwnership { size: number }
    function pool({ size, ...options }: PoolArgs) {
      new EniSecondaryIps("pool", { ...options, secondaryPrivateIpAddressCount: size });
      new EniSecondaryIps("pool", { ...options, privateIpAddresses: addresses });
    }
    pool({ size: 3, networkInterfaceId, unassignOnCreate: [first] });`,
  "a component that makes the ENI": `
    type PoolArgs = Omit<types.EniSecondaryIpsOptions, "networkInterfaceId"> &
      (types.EniSecondaryIpsList | types.EniSecondaryIpsCount);
    function pool(args: PoolArgs) { new EniSecondaryIps("pool", { ...args, networkInterfaceId }); }
    pool({ ipv4PrefixCount: 3 });
    pool({ privateIpAddresses: [first], region });`,
  "a component of shared lists": `
    interface Shared extends types.EniSecondaryIpsOptions, types.EniSecondaryIpsOwnership<"exclusive" | "additive"> {}
    function services(args: Shared & types.EniSecondaryIpsList) { new EniSecondaryIps("services", args); }
    services({ networkInterfaceId, ownership: computed, privateIpAddresses: [first] });`,
  "a class that extends the resource": `
    class Edge extends EniSecondaryIps {
      constructor(name: string, args: Args, options?: pulumi.CustomResourceOptions) { super(name, args, options); }
    }
    const parameters: ConstructorParameters<typeof Edge> = ["edge", { networkInterfaceId, ipv4Prefixes: [] }];`,
};

/** Each with what the error says. */
const rejected: Readonly<Record<string, readonly [program: string, says: readonly string[]]>> = {
  "none of the four ways": [create(""), ["'privateIpAddresses' is missing", ...ways]],
  "none of the four ways, but options": [
    create('region, ownership: "additive"'),
    ["'privateIpAddresses' is missing", ...ways],
  ],
  "a list that may be undefined": [
    create('privateIpAddresses: config.getObject<string[]>("addresses")'),
    ["'string[] | undefined' is not assignable to type 'Input<Input<string>[]>'"],
  ],
  "two lists": [
    create('privateIpAddresses: [first], ipv4Prefixes: ["10.0.1.16/28"]'),
    ["property 'ipv4Prefixes'", "'string[]' is not assignable to type 'undefined'"],
  ],
  "a list and a count": [
    create("privateIpAddresses: [first], secondaryPrivateIpAddressCount: 3"),
    ["property 'secondaryPrivateIpAddressCount'", "'number' is not assignable to type 'undefined'"],
  ],
  "two counts, one of them an output": [
    create("ipv4PrefixCount: 3, secondaryPrivateIpAddressCount: pulumi.output(3)"),
    ["property 'secondaryPrivateIpAddressCount'", "not assignable to type 'undefined'"],
  ],
  "all four ways": [
    "const args: Args = { networkInterfaceId, privateIpAddresses: [first], secondaryPrivateIpAddressCount: 1, " +
      "ipv4Prefixes: addresses, ipv4PrefixCount: 1 };",
    ["property 'secondaryPrivateIpAddressCount'", "not assignable to type 'undefined'"],
  ],
  "a second way beside a spread": [
    `const edge = { networkInterfaceId, privateIpAddresses: [first] };
     new EniSecondaryIps("edge", { ...edge, ipv4PrefixCount: 1 });`,
    ["Types of property 'privateIpAddresses' are incompatible", ...ways],
  ],
  "additive ownership with a count": [
    create('secondaryPrivateIpAddressCount: 3, ownership: "additive"'),
    ["property 'ownership'", `'"additive"' is not assignable to type 'Input<"exclusive" | undefined>`],
  ],
  "an output of additive ownership with a count": [
    create('ipv4PrefixCount: 3, ownership: pulumi.output("additive" as const)'),
    [
      "property 'ownership'",
      `'Output<"additive">' is not assignable to type 'Input<"exclusive" | undefined>`,
    ],
  ],
  "unassignOnCreate with additive ownership": [
    create('privateIpAddresses: [first], ownership: "additive", unassignOnCreate: [first]'),
    ["property 'ownership'", `'"additive"' is not assignable to type 'Input<"exclusive" | undefined>`],
  ],
  "a misspelled way": [
    create("privateIpAddress: [first]"),
    ["'privateIpAddress' does not exist", "Did you mean to write 'privateIpAddresses'?"],
  ],
  "no ENI": [
    'new EniSecondaryIps("edge", { privateIpAddresses: [first] });',
    ["'networkInterfaceId' is missing", "required in type 'EniSecondaryIpsOptions'"],
  ],
};

const folder = path.join(__dirname, "programs");
const fileOf = (name: string) => path.join(folder, `${name.replaceAll(/\W+/g, "-")}.ts`);
const programs = new Map(
  [
    ...Object.entries(accepted),
    ...Object.entries(rejected).map(([name, [program]]) => [name, program] as const),
  ].map(([name, program]) => [fileOf(name), `${prelude}${program}\nexport {};\n`]),
);

/** A compiler of all programs, which are in memory only. */
function languageService(compilerOptions: ts.CompilerOptions): ts.LanguageService {
  const textOf = (file: string) => programs.get(file) ?? ts.sys.readFile(file);
  return ts.createLanguageService({
    getCompilationSettings: () => ({
      ...{ strict: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2022 },
      ...{ module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 },
      ...compilerOptions,
    }),
    getScriptFileNames: () => [...programs.keys()],
    getScriptVersion: () => "1",
    getScriptSnapshot: (file) => {
      const text = textOf(file);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => folder,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (file) => programs.has(file) || ts.sys.fileExists(file),
    readFile: textOf,
  });
}

const asText = { getNewLine: () => "\n", getCurrentDirectory: () => folder, getCanonicalFileName: String };

describe.each([true, false])(
  "EniSecondaryIpsArgs, exactOptionalPropertyTypes %s",
  (exactOptionalPropertyTypes) => {
    const service = languageService({ exactOptionalPropertyTypes });
    function errorsIn(name: string): string {
      const file = fileOf(name);
      const errors = [...service.getSyntacticDiagnostics(file), ...service.getSemanticDiagnostics(file)];
      return ts.formatDiagnostics(errors, asText);
    }

    test.each(Object.keys(accepted))("%s: compiles", (name) => {
      expect(errorsIn(name)).toBe("");
    });

    test.each(Object.entries(rejected))("%s: one error names the problem", (name, [, says]) => {
      const errors = errorsIn(name);
      for (const part of says) expect(errors).toContain(part);
      expect(errors.match(/: error TS/g)).toHaveLength(1);
      expect(errors).not.toContain("never");
    });
  },
);

describe("EniSecondaryIpsArgs, in the editor", () => {
  const service = languageService({});
  const positionIn = (name: string, text: string) => {
    const file = fileOf(name);
    return [file, (programs.get(file) ?? "").lastIndexOf(text)] as const;
  };
  const documentationAt = (name: string, text: string) =>
    ts.displayPartsToString(service.getQuickInfoAtPosition(...positionIn(name, text))?.documentation);

  test("the type: its documentation names the four ways", () => {
    const documentation = documentationAt("none of the four ways", "EniSecondaryIpsArgs");
    for (const way of ways) expect(documentation).toContain(`\`${way}\``);
  });

  test.each(["networkInterfaceId", "privateIpAddresses", "region"])(
    "a given %s: has its documentation",
    (input) => {
      expect(documentationAt("a list of texts, outputs and promises", input)).toMatch(
        /Changing it|A change is/,
      );
    },
  );

  test.each(others)("%s: is offered with its documentation", (input) => {
    const [file, position] = positionIn("none of the four ways", "});");
    const offered = service.getCompletionsAtPosition(file, position, {})?.entries ?? [];
    expect(offered.map(({ name }) => name)).toContain(input);
    const details = service.getCompletionEntryDetails(file, position, input, {}, undefined, {}, undefined);
    expect(ts.displayPartsToString(details?.documentation)).toMatch(/Default[^]*(Changing it|A change)/);
  });
});
