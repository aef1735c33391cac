import type { NetworkInterface } from "../ecs/port";
import { hiddenKey, parseHiddenInputs } from "../resource/hidden-inputs";
import type { Mode, Recorded } from "../resource/model";
import { recordRead } from "../resource/record";
import { inputsOf, outputsOf, parseState } from "../resource/state";
import { providerText, resourceType } from "./provider-text";

/** An ENI that was read, and the name and mode of its resource. @internal */
export interface ImportedEni {
  readonly name: string;
  readonly region: string;
  readonly eni: NetworkInterface;
  readonly mode: Mode;
}

/**
 * Writes the content of a file for `pulumi import --file`, with the inputs and outputs of each resource. The engine
 * then records the resources without reading them. It cannot read a dynamic resource that is not in the state, because
 * it does not know its provider (https://github.com/pulumi/pulumi/issues/3550). Inputs and outputs in the file need
 * release 3.254 of the CLI (https://github.com/pulumi/pulumi/pull/23984).
 *
 * @throws OperationError when the API does not name the primary address of an ENI
 * @internal
 */
export function importFileOf(enis: readonly ImportedEni[]) {
  return {
    resources: enis.map((imported) => {
      const recorded = recordedOf(imported);
      return {
        type: resourceType,
        name: imported.name,
        id: imported.eni.id,
        inputs: { ...inputsOf(recorded), __provider: providerText },
        outputs: { ...outputsOf(recorded), __provider: providerText },
      };
    }),
  };
}

/**
 * Writes the program whose resources have the inputs of the import file.
 *
 * @throws OperationError when the API does not name the primary address of an ENI
 * @internal
 */
export function programOf(enis: readonly ImportedEni[]): string {
  const declarations = enis.map((imported) => {
    const { [hiddenKey]: _hidden, ...inputs } = inputsOf(recordedOf(imported));
    const lines = Object.entries(inputs).map(([name, value]) => `  ${name}: ${literal(value)},\n`);
    return `\nnew EniSecondaryIps(${JSON.stringify(imported.name)}, {\n${lines.join("")}});\n`;
  });
  return `import { EniSecondaryIps } from "pulumi-alicloud-secondary-ips";\n${declarations.join("")}`;
}

/** A value in TypeScript. A list that is too long for a line has one element on each. */
function literal(value: unknown): string {
  if (!Array.isArray(value)) return JSON.stringify(value);
  const elements = value.map((element) => JSON.stringify(element));
  const line = `[${elements.join(", ")}]`;
  return line.length <= 80 ? line : `[\n${elements.map((element) => `    ${element},\n`).join("")}  ]`;
}

function recordedOf({ name, region, eni, mode }: ImportedEni): Recorded {
  const hidden = parseHiddenInputs({ [hiddenKey]: { name, resource: name } });
  return recordRead({ ...parseState({}), mode, hidden }, eni, region);
}
