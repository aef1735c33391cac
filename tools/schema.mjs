/**
 * Writes plugin/schema.json, the schema of the native plugin, from the comments of the public classes and types:
 * `node tools/schema.mjs`. A test of the tools fails while the schema differs from the comments.
 */
import { readFileSync, writeFileSync } from "node:fs";
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

export const schemaFile = path.join(repositoryFolder, "plugin", "schema.json");

const plugin = "alicloud-secondary-ips";
const token = (name) => `${plugin}:index:${name}`;
const resource = token("EniSecondaryIps");
const repository = "https://github.com/pulumi-alicloud-secondary-ips/pulumi-alicloud-secondary-ips";

const changesReplace = ["networkInterfaceId", "region"];
const secrets = ["accessKey", "secretKey", "securityToken"];

/**
 * Sentences about dynamic providers, about TypeScript, or about the stack's configuration as dynamic providers read it, each with
 * what is true of the plugin. The names of inputs in code marks become those of the reader's language.
 */
const sentences = [
  [
    "Default: none; see `EniSecondaryIpsArgs` for the inputs that exclude each other.",
    `Exactly one of ${modes
      .map((mode) => `\`${mode}\``)
      .join(", ")
      .replace(/, (?=[^,]*$)/, " and ")} is required.`,
  ],
  [
    "Default, in this order: the region of the explicit provider, `alicloud:region` of the stack's configuration, the environment variables `ALICLOUD_REGION`,",
    "Default, in this order: the region of the provider's configuration, the environment variables `ALICLOUD_REGION`,",
  ],
  ["A refresh and `get` use the time-out of an update.", ""],
  [
    "Default, in this order: `alicloud:region` of the stack's configuration, the environment variables `ALICLOUD_REGION`,",
    "Default, in this order: the environment variables `ALICLOUD_REGION`,",
  ],
  ["Needs `secretKey`, and excludes `profile`.", "Needs the AccessKey secret, and excludes a profile."],
  ["Needs `accessKey`.", "Needs the AccessKey id."],
  [
    "Default, if no keys are given: keys or `alicloud:profile` of the stack's configuration, then `ALICLOUD_ACCESS_KEY`,",
    "Default, if no keys are given: the environment variables `ALICLOUD_ACCESS_KEY`,",
  ],
  [
    "Default, in this order: `alicloud:endpoints` of the stack's configuration, `ECS_ENDPOINT`, `VPC_ENDPOINT` and `STS_ENDPOINT`, the public endpoints. An empty list ignores `alicloud:endpoints` of the stack's configuration.",
    "Default, in this order: the environment variables `ECS_ENDPOINT`, `VPC_ENDPOINT` and `STS_ENDPOINT`, the public endpoints.",
  ],
];

/** What only the plugin has, or a dynamic provider reads from the stack's configuration alone. */
const ownConfiguration = {
  addressesPerCall: {
    type: "integer",
    description:
      "How many addresses or prefixes one API call assigns or unassigns at most: 1 to 50.\n\nDefault: 10, which every version of the API's documentation allows.",
  },
  missingEniIsGone: {
    type: "boolean",
    description:
      "Whether a resource is deleted from the state when its ENI is missing and nothing else proves that account and region are right.\n\nDefault: `false`, which makes the operation fail.",
  },
  refreshBeforeUpdate: {
    type: "boolean",
    description:
      "Whether `pulumi up` and `pulumi preview` read each ENI first, as `pulumi refresh` does. A plain `pulumi up` then repairs drift. Preview and update read each resource once more.\n\nDefault: `false`.",
  },
};

const languages = {
  typescript: "typescript/index.ts",
  python: "python/__main__.py",
  go: "go/main.go",
  yaml: "yaml/Pulumi.yaml",
};

/** The text of plugin/schema.json, as Prettier formats it. */
export async function writeSchema() {
  const unused = new Set(sentences.map(([found]) => found));
  const describe = (text) => {
    let described = text.replaceAll(/(?<=\S)\n(?=[^\s-])/g, " ").replaceAll(/\n +(?=[^\s-])/g, " ");
    for (const [found, written] of sentences) {
      if (!described.includes(found)) continue;
      unused.delete(found);
      described = described.replaceAll(found, written).replaceAll(/ (?=\n)| $/g, "");
    }
    return described.replaceAll(/(output )?`(\w+)`/g, (found, output, name) => {
      if (!inputNames.has(name)) return found;
      const [before, kind] = output === undefined ? ["", "inputProperties"] : [output, "properties"];
      return `${before}{{% ref #/resources/${resource}/${kind}/${name} %}}`;
    });
  };
  const inputs = inputsOfEniSecondaryIps();
  const inputNames = new Set(inputs.map(({ name }) => name));
  const propertiesOf = (members, more = () => ({})) =>
    Object.fromEntries(
      members.map((member) => [
        member.name,
        { ...typeOf(member.type), description: describe(member.text), ...more(member) },
      ]),
    );
  const replacing = ({ name }) => (changesReplace.includes(name) ? { willReplaceOnChanges: true } : {});
  const outputs = outputsOfEniSecondaryIps();
  const inputProperties = propertiesOf(inputs, replacing);
  const configuration = {
    ...propertiesOf(membersOf("EniProviderArgs"), ({ name }) =>
      secrets.includes(name) ? { secret: true } : {},
    ),
    ...ownConfiguration,
  };
  const schema = {
    name: plugin,
    displayName: "Secondary private IPs of Alibaba Cloud ENIs",
    version: JSON.parse(readFileSync(path.join(repositoryFolder, "provider", "package.json"), "utf8"))
      .version,
    description: "The secondary private IPv4 addresses, or /28 prefixes, of an Alibaba Cloud ENI",
    keywords: ["pulumi", "alicloud", "category/network", "kind/native"],
    homepage: repository,
    license: "Apache-2.0",
    repository,
    publisher: "pulumi-alicloud-secondary-ips",
    meta: { supportPack: true },
    language: {
      nodejs: { packageName: "@pulumi-alicloud-secondary-ips/native", respectSchemaVersion: true },
      python: { respectSchemaVersion: true, pyproject: { enabled: true } },
      go: { respectSchemaVersion: true },
    },
    config: { variables: configuration },
    provider: {
      description: `An explicit provider, for another region or another account in the same program. Resources with this provider in their option \`provider\` use it. All others use the configuration of the stack, \`${plugin}:…\`.\n\nA value that is not given comes from the environment. The AccessKey id and secret, the security token and the profile choose the account together. If one of them is given, none comes from the environment. Changing the account never replaces a resource. Of a profile, the state holds only the name.`,
      inputProperties: configuration,
    },
    types: {
      [token("Ownership")]: {
        type: "string",
        description: "The owner of the secondary addresses of an ENI, or of its prefixes.",
        enum: [
          { value: "exclusive", description: "The resource owns all of them. Others are drift." },
          {
            value: "additive",
            description: "The resource owns those that it lists, and leaves the others alone.",
          },
        ],
      },
      [token("ProviderEndpoint")]: {
        type: "object",
        description: describe(textOf(declaration("EniProviderEndpoint"))),
        properties: propertiesOf(membersOf("EniProviderEndpoint")),
      },
    },
    resources: {
      [resource]: {
        description: `${describe(textOf(declaration("EniSecondaryIps"), { withExamples: false }))}\n\n${examples()}`,
        aliases: [{ type: "pulumi-nodejs:dynamic/alicloud:EniSecondaryIps" }],
        inputProperties,
        requiredInputs: ["networkInterfaceId"],
        properties: propertiesOf(outputs, replacing),
        required: outputs.filter(({ type }) => !type.endsWith("| undefined")).map(({ name }) => name),
        stateInputs: { type: "object", properties: { region: inputProperties.region } },
      },
    },
  };
  if (unused.size > 0) throw new Error(`no comment has this sentence any more: ${[...unused].join("\n")}`);
  const options = await prettier.resolveConfig(schemaFile);
  return prettier.format(JSON.stringify(schema, null, 2), { ...options, filepath: schemaFile });
}

/** The programs of the examples, which the tests run, as the schema's documentation shows them. */
function examples() {
  const programs = Object.entries(languages).map(([language, file]) => {
    const text = readFileSync(path.join(repositoryFolder, "examples", "native", file), "utf8");
    return `\`\`\`${language}\n${text.trim()}\n\`\`\``;
  });
  return [
    "{{% examples %}}",
    "## Example Usage",
    "{{% example %}}",
    "### A list of addresses",
    "",
    ...programs,
    "{{% /example %}}",
    "{{% /examples %}}",
  ].join("\n");
}

/** A type of a comment's declaration, as the schema writes it. */
function typeOf(text) {
  const type = text.replace(/ \| undefined$/, "");
  if (type.endsWith("[]")) return { type: "array", items: typeOf(type.slice(0, -2)) };
  switch (type) {
    case "string":
    case "boolean":
      return { type };
    case "number": // all numbers are counts
      return { type: "integer" };
    case '"exclusive" | "additive"':
      return { $ref: `#/types/${token("Ownership")}` };
    case "EniProviderEndpoint":
      return { $ref: `#/types/${token("ProviderEndpoint")}` };
    default:
      throw new Error(`the schema has no type for ${text}; add it to tools/schema.mjs`);
  }
}

if (isEntryPoint(import.meta.url)) {
  await runEntryPoint(async () => writeFileSync(schemaFile, await writeSchema()), {
    usage: "node tools/schema.mjs",
  });
}
