import type { NetworkInterface } from "../ecs/port";
import { hiddenKey, parseHiddenInputs } from "../resource/hidden-inputs";
import type { Mode } from "../resource/model";
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
    resources: enis.map(({ name, region, eni, mode }) => {
      const hidden = parseHiddenInputs({ [hiddenKey]: { name, resource: name } });
      const recorded = recordRead({ ...parseState({}), mode, hidden }, eni, region);
      return {
        type: resourceType,
        name,
        id: eni.id,
        inputs: { ...inputsOf(recorded), __provider: providerText },
        outputs: { ...outputsOf(recorded), __provider: providerText },
      };
    }),
  };
}
