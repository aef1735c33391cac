import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { eniId } from "../support/eni-world";
import { testedSdk, type SetUp } from "./set-ups";

export const packageName = "pulumi-alicloud-secondary-ips";
const libraryName = "edge-addresses";

/** Where the packed packages are. */
export interface Tarballs {
  readonly provider: string;
  readonly library: string;
}

const resource = `new EniSecondaryIps("edge", { networkInterfaceId: "${eniId}", privateIpAddresses })`;
const pulumiYaml = "name: matrix\nruntime:\n  name: nodejs\n";

const typeScript = `
import * as pulumi from "@pulumi/pulumi";
import { EniSecondaryIps } from "${packageName}";

const privateIpAddresses = new pulumi.Config().requireObject<string[]>("addresses");
const ips = ${resource};
export const assigned = ips.privateIpAddresses;
`;

const withLibrary = `
import * as pulumi from "@pulumi/pulumi";
import { EdgeAddresses } from "${libraryName}";

const addresses = new pulumi.Config().requireObject<string[]>("addresses");
export const assigned = new EdgeAddresses("edge", addresses).assigned;
`;

const javaScript = `
const pulumi = require("@pulumi/pulumi");
const { EniSecondaryIps } = require("${packageName}");

const privateIpAddresses = new pulumi.Config().requireObject("addresses");
exports.assigned = ${resource}.privateIpAddresses;
`;

const javaScriptModule = `
import * as pulumi from "@pulumi/pulumi";
import { EniSecondaryIps } from "${packageName}";

const privateIpAddresses = new pulumi.Config().requireObject("addresses");
export const assigned = ${resource}.privateIpAddresses;
`;

/** Runs `up` or `destroy`, with the addresses as a second argument. */
const automation = (stack: string) => `
const { LocalWorkspace } = require("@pulumi/pulumi/automation");
const { EniSecondaryIps } = require("${packageName}");

async function main([command, addresses]) {
  const stack = await LocalWorkspace.createOrSelectStack(${stack});
  if (command === "up") await stack.setConfig("addresses", { value: addresses });
  await stack[command]({ onOutput: console.log });
}
main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
`;
const inline = `{
    projectName: "matrix",
    stackName: "test",
    program: async () => {
      const privateIpAddresses = JSON.parse(process.argv[3] ?? "[]");
      return { assigned: ${resource}.privateIpAddresses };
    },
  }`;
const ofAnotherProject = `{ workDir: "program", stackName: "test" }`;

/** As Pulumi's template for TypeScript has it. */
const templateOptions = {
  strict: true,
  outDir: "bin",
  target: "es2020",
  module: "commonjs",
  moduleResolution: "node",
};

/** The files of the program. */
function filesOf({ program, library }: SetUp): Record<string, string> {
  const tsconfig = (options = {}) =>
    JSON.stringify({ compilerOptions: { ...templateOptions, ...options }, files: ["index.ts"] });
  const source = library === true ? withLibrary : typeScript;
  switch (program) {
    case "TypeScript":
    case "compiled TypeScript":
      return { "Pulumi.yaml": pulumiYaml, "index.ts": source, "tsconfig.json": tsconfig() };
    case "TypeScript in ES modules, by tsx":
      return {
        "Pulumi.yaml": `${pulumiYaml}  options:\n    typescript: false\n`,
        "index.ts": source,
        "tsconfig.json": tsconfig({ module: "nodenext", moduleResolution: "nodenext" }),
      };
    case "JavaScript":
      return { "Pulumi.yaml": pulumiYaml, "index.js": javaScript };
    case "JavaScript in ES modules":
      return { "Pulumi.yaml": pulumiYaml, "index.js": javaScriptModule };
    case "inline Automation":
    case "bundled inline Automation":
      return { "automation.js": automation(inline) };
    case "Automation of another project":
      return {
        "automation.js": automation(ofAnotherProject),
        "program/Pulumi.yaml": pulumiYaml,
        "program/index.js": javaScript,
        "program/package.json": JSON.stringify({ name: "program", private: true, main: "index.js" }),
      };
  }
}

/** What a user types to create the stack, to bring it up with these addresses, and to destroy it. */
export function commandsOf({ program, prefix = "" }: SetUp) {
  const pulumi = `${prefix} pulumi`.trim();
  if (program.includes("Automation")) {
    const node = `node ${program.startsWith("bundled") ? "bundled" : "automation"}.js`;
    return {
      init: "true",
      up: (addresses: string) => `${node} up '${addresses}'`,
      destroy: `${node} destroy`,
    };
  }
  return {
    init: `${pulumi} stack init test`,
    up: (addresses: string) =>
      `${pulumi} config set addresses '${addresses}' && ${pulumi} up --yes --skip-preview`,
    destroy: `${pulumi} destroy --yes --skip-preview`,
  };
}

/** Writes the folder in which a user installs, with the project in it. */
export function writeProject(folder: string, setUp: SetUp, tarballs: Tarballs): void {
  const { project = ".", sdk = testedSdk, library, dependencies, manifest } = setUp;
  const own =
    library === true
      ? { [libraryName]: `file:${tarballs.library}` }
      : { [packageName]: `file:${tarballs.provider}` };
  const files: Record<string, string> = {
    ...setUp.files,
    ...(project !== "." && {
      "package.json": JSON.stringify({ name: "root", private: true, workspaces: [project] }),
    }),
    [path.join(project, "package.json")]: JSON.stringify({
      name: "matrix",
      version: "1.0.0",
      private: true,
      ...manifest,
      dependencies: { "@pulumi/pulumi": sdk, ...own, ...dependencies },
      devDependencies: { "@types/node": "^20.0.0", typescript: "~5.9.0" },
    }),
  };
  for (const [name, text] of Object.entries(filesOf(setUp))) files[path.join(project, name)] = text;
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}

/** A component library that depends on the package. */
export function writeLibrary(folder: string, provider: string): void {
  const files = {
    "package.json": JSON.stringify({
      name: libraryName,
      version: "1.0.0",
      main: "index.js",
      types: "index.d.ts",
      dependencies: { [packageName]: `file:${provider}` },
      peerDependencies: { "@pulumi/pulumi": "^3.0.0" },
    }),
    "index.js": `
      const pulumi = require("@pulumi/pulumi");
      const { EniSecondaryIps } = require("${packageName}");
      exports.EdgeAddresses = class extends pulumi.ComponentResource {
        constructor(name, privateIpAddresses, opts) {
          super("edge:index:Addresses", name, {}, opts);
          const args = { networkInterfaceId: "${eniId}", privateIpAddresses };
          this.assigned = new EniSecondaryIps(name, args, { parent: this }).privateIpAddresses;
          this.registerOutputs({ assigned: this.assigned });
        }
      };
    `,
    "index.d.ts": `
      import * as pulumi from "@pulumi/pulumi";
      export declare class EdgeAddresses extends pulumi.ComponentResource {
        readonly assigned: pulumi.Output<string[]>;
        constructor(name: string, privateIpAddresses: pulumi.Input<string[]>, opts?: pulumi.ComponentResourceOptions);
      }
    `,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
}
