/**
 * Writes docs/inputs-and-outputs.md from the comments of the public classes and types: `node tools/reference.mjs`. A test of the
 * tools fails while the page differs from the comments.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import prettier from "prettier";
import ts from "typescript";
import { isEntryPoint } from "./entry-point.mjs";
import { repositoryFolder } from "./paths.mjs";

export const referencePage = path.join(repositoryFolder, "docs", "inputs-and-outputs.md");

const sources = ["eni-secondary-ips", "eni-secondary-ips-args", "eni-provider"].map((name) => {
  const file = path.join(repositoryFolder, "provider", "src", "dynamic", `${name}.ts`);
  return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
});

const modes = ["privateIpAddresses", "secondaryPrivateIpAddressCount", "ipv4Prefixes", "ipv4PrefixCount"];

/** The page, as Prettier formats it. */
export async function writeReference() {
  const eniSecondaryIps = declaration("EniSecondaryIps");
  const inputs = [
    ...membersOf("EniSecondaryIpsOptions").filter(({ name }) => name === "networkInterfaceId"),
    ...modes.map((mode) =>
      [...membersOf("EniSecondaryIpsList"), ...membersOf("EniSecondaryIpsCount")].find(
        ({ name, text }) => name === mode && text !== "",
      ),
    ),
    ...membersOf("EniSecondaryIpsOwnership"),
    ...membersOf("EniSecondaryIpsOptions").filter(({ name }) => name !== "networkInterfaceId"),
  ];
  const outputs = membersOf("EniSecondaryIps").filter(({ isStatic }) => !isStatic);
  const providerInputs = membersOf("EniProviderArgs");
  const endpoints = membersOf("EniProviderEndpoint");
  const page = `# Inputs and outputs

<!-- Written by tools/reference.mjs from the comments of the code. Do not edit. -->

\`EniSecondaryIps\` takes the id of an ENI and exactly one of four inputs: a list or a count, of addresses or of prefixes.
It returns what the resource owns and what else the ENI holds. \`EniProvider\` names another region, account or endpoint.

## EniSecondaryIps

${textOf(eniSecondaryIps)}

### Inputs

${textOf(declaration("EniSecondaryIpsArgs"))}

${tableOf(inputs, "Input ")}

${sectionsOf(inputs, "Input ")}

### Inputs of a component

${textOf(declaration("EniSecondaryIpsOptions"))}

[\`examples/component\`](../examples/component/README.md) is a whole program.

### Outputs

Each output has the type \`pulumi.Output\`. The inputs are outputs as well, as the provider resolved them.

${tableOf(outputs, "Output ")}

${sectionsOf(outputs, "Output ")}

### get

${textOf(membersOf("EniSecondaryIps").find(({ name }) => name === "get").node)} See [taking over](taking-over.md).

## EniProvider

${textOf(declaration("EniProvider"))}

### Inputs of EniProvider

${textOf(declaration("EniProviderArgs"))}

${tableOf(providerInputs, "EniProvider ")}

${sectionsOf(providerInputs, "EniProvider ")}

### Endpoints

${textOf(declaration("EniProviderEndpoint"))}

${tableOf(endpoints, "Endpoint ")}

${sectionsOf(endpoints, "Endpoint ")}
`;
  const options = await prettier.resolveConfig(referencePage);
  return prettier.format(page, { ...options, filepath: referencePage });
}

function tableOf(members, prefix) {
  const isOutput = prefix === "Output ";
  const rows = members.map(({ name, type, isRequired }) => {
    const need = modes.includes(name) ? "one of four" : isRequired ? "yes" : "no";
    const cells = [`\`${name}\``, `\`${type.replaceAll("|", "\\|")}\``, ...(isOutput ? [] : [need])];
    return `| ${cells.join(" | ")} |`;
  });
  const header = isOutput ? ["output", "type"] : ["input", "type", "required"];
  return [header, header.map(() => "---")]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .concat(rows)
    .join("\n");
}

/** Headings with a prefix: an input and an output may have the same name. */
function sectionsOf(members, prefix) {
  return members.map(({ name, text }) => `#### ${prefix}\`${name}\`\n\n${text}`).join("\n\n");
}

function declaration(name) {
  return sources.flatMap(({ statements }) => statements).find((one) => one.name?.text === name);
}

function membersOf(name) {
  const found = [];
  const parent = declaration(name);
  const visit = (node) => {
    const isMember =
      ts.isPropertySignature(node) || ts.isPropertyDeclaration(node) || ts.isMethodDeclaration(node);
    if (!isMember) return void ts.forEachChild(node, visit);
    found.push({
      node,
      name: node.name.text,
      type: typeText(node.type, parent),
      isRequired: node.questionToken === undefined,
      isStatic: node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false,
      text: textOf(node),
    });
  };
  ts.forEachChild(parent, visit);
  return found;
}

/** The type that a user passes or gets, without `pulumi.Input` and `pulumi.Output`. */
function typeText(type, parent) {
  if (ts.isConditionalTypeNode(type)) return typeText(type.falseType, parent);
  if (ts.isArrayTypeNode(type)) return `${typeText(type.elementType, parent)}[]`;
  if (!ts.isTypeReferenceNode(type)) return type.getText();
  const [inner] = type.typeArguments ?? [];
  if (/^pulumi\.(In|Out)put$/.test(type.typeName.getText())) return typeText(inner, parent);
  const parameter = parent.typeParameters?.find((one) => one.name.text === type.typeName.getText());
  return parameter === undefined ? type.getText() : parameter.constraint.getText();
}

/** The comment with its examples. Names in `{@link}` become code. */
function textOf(node) {
  const [doc] = node.jsDoc ?? [];
  const examples = (doc?.tags ?? []).filter(({ tagName }) => tagName.text === "example");
  return [doc, ...examples]
    .map((one) => ts.getTextOfJSDocComment(one?.comment) ?? "")
    .map((text) => text.replaceAll(/\{@link (\w+)\}/g, "`$1`"))
    .filter((text) => text !== "")
    .join("\n\n");
}

if (isEntryPoint(import.meta.url)) writeFileSync(referencePage, await writeReference());
