import type { NetworkInterface } from "../ecs/port";
import { hiddenKey, parseHiddenInputs } from "../resource/hidden-inputs";
import type { Mode } from "../resource/model";
import { recordRead } from "../resource/record";
import { inputsOf, outputsOf, parseState } from "../resource/state";
import { providerText, resourceType } from "./provider-text";

/** An ENI as it was read, and the name of the resource that it becomes. @internal */
export interface ImportedEni {
  readonly name: string;
  readonly region: string;
  readonly eni: NetworkInterface;
  /** Whether the resource manages the addresses or the prefixes of the ENI. */
  readonly mode: Mode;
}

/**
 * What `pulumi import --file` reads. With inputs and outputs the engine records the resources as they are. It cannot read
 * them by itself, because it does not know the provider of a dynamic resource before a state names it
 * (https://github.com/pulumi/pulumi/issues/3550). The file may hold both since release 3.254 of the CLI
 * (https://github.com/pulumi/pulumi/pull/23984).
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
