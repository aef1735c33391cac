/** The public classes and types of the provider, with their comments (TSDoc): what the reference page and the schema say. */
import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { repositoryFolder } from "./paths.mjs";

const sources = ["eni-secondary-ips", "eni-secondary-ips-args", "eni-provider"].map((name) => {
  const file = path.join(repositoryFolder, "provider", "src", "dynamic", `${name}.ts`);
  return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
});

/** The inputs of which exactly one is required. */
export const modes = [
  "privateIpAddresses",
  "secondaryPrivateIpAddressCount",
  "ipv4Prefixes",
  "ipv4PrefixCount",
];

/** All inputs of `EniSecondaryIps`, in the order of the documentation. */
export function inputsOfEniSecondaryIps() {
  const options = membersOf("EniSecondaryIpsOptions");
  const isFirst = ({ name }) => name === "networkInterfaceId";
  return [
    ...options.filter(isFirst),
    ...modes.map((mode) =>
      [...membersOf("EniSecondaryIpsList"), ...membersOf("EniSecondaryIpsCount")].find(
        ({ name, text }) => name === mode && text !== "",
      ),
    ),
    ...membersOf("EniSecondaryIpsOwnership"),
    ...options.filter((member) => !isFirst(member)),
  ];
}

/** All outputs of `EniSecondaryIps`. */
export function outputsOfEniSecondaryIps() {
  return membersOf("EniSecondaryIps").filter(({ isStatic }) => !isStatic);
}

export function declaration(name) {
  return sources.flatMap(({ statements }) => statements).find((one) => one.name?.text === name);
}

export function membersOf(name) {
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
  // An input may be undefined where it may be left out.
  const given = withoutUndefined(type);
  if (given !== type && given.getText().startsWith("pulumi.Input<")) return typeText(given, parent);
  if (ts.isArrayTypeNode(type)) return `${typeText(type.elementType, parent)}[]`;
  if (!ts.isTypeReferenceNode(type)) return type.getText();
  const [inner] = type.typeArguments ?? [];
  const name = type.typeName.getText();
  if (name === "pulumi.Input") return typeText(withoutUndefined(inner), parent);
  if (name === "pulumi.Output") return typeText(inner, parent);
  const parameter = parent.typeParameters?.find((one) => one.name.text === name);
  return parameter === undefined ? type.getText() : parameter.constraint.getText();
}

function withoutUndefined(type) {
  const [first, last, ...others] = ts.isUnionTypeNode(type) ? type.types : [];
  return last?.kind === ts.SyntaxKind.UndefinedKeyword && others.length === 0 ? first : type;
}

/** The comment, with its examples unless told otherwise. Names in `{@link}` become code. */
export function textOf(node, { withExamples = true } = {}) {
  const [doc] = node.jsDoc ?? [];
  const examples = (doc?.tags ?? []).filter(({ tagName }) => tagName.text === "example");
  return [doc, ...(withExamples ? examples : [])]
    .map((one) => ts.getTextOfJSDocComment(one?.comment) ?? "")
    .map((text) => text.replaceAll(/\{@link (\w+)\}/g, "`$1`"))
    .filter((text) => text !== "")
    .join("\n\n");
}
