/**
 * Writes docs/inputs-and-outputs.md from the comments of the public classes and types: `node tools/reference.mjs`. A test of the
 * tools fails while the page differs from the comments.
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import prettier from "prettier";
import { isEntryPoint, runEntryPoint } from "./entry-point.mjs";
import { repositoryFolder } from "./paths.mjs";
import {
  declaration,
  inputsOfEniSecondaryIps,
  membersOf,
  modes,
  outputsOfEniSecondaryIps,
  textOf,
} from "./public-comments.mjs";

export const referencePage = path.join(repositoryFolder, "docs", "inputs-and-outputs.md");

/** The page, as Prettier formats it. */
export async function writeReference() {
  const eniSecondaryIps = declaration("EniSecondaryIps");
  const inputs = inputsOfEniSecondaryIps();
  const outputs = outputsOfEniSecondaryIps();
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

if (isEntryPoint(import.meta.url)) {
  await runEntryPoint(async () => writeFileSync(referencePage, await writeReference()), {
    usage: "node tools/reference.mjs",
  });
}
