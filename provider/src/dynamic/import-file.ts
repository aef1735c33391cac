import type { EniRecord } from "../resource/reconciler";
import type { Mode } from "../resource/model";
import { hiddenKey, parseHiddenInputs } from "../resource/hidden-inputs";
import { providerText, resourceType } from "./provider-text";
import { inputsOf, outputsOf } from "../resource/state";

/** An ENI as it was read, and the name of the resource that it becomes. @internal */
export interface ImportedEni {
  readonly name: string;
  readonly region: string;
  readonly record: EniRecord;
  /** Whether its addresses or its prefixes are to be managed. */
  readonly mode: Mode;
}

/**
 * What `pulumi import --file` reads. With inputs and outputs the engine takes the resources over as they are: it cannot
 * read them by itself, because it does not know the provider of a dynamic resource before a state tells it
 * (https://github.com/pulumi/pulumi/issues/3550). Both are part of the file's form since release 3.254 of the CLI
 * (https://github.com/pulumi/pulumi/pull/23984).
 *
 * @internal
 */
export function importFileOf(enis: readonly ImportedEni[]) {
  return {
    resources: enis.map(({ name, region, record, mode }) => {
      const hidden = parseHiddenInputs({ [hiddenKey]: { name, resource: name } });
      const inputs = {
        ...{ mode, region, hidden, unassignOnCreate: undefined },
        ...({ ownership: "exclusive", allowUnassignWithEip: false } as const),
      };
      return {
        type: resourceType,
        name,
        id: record.eni.id,
        inputs: { ...inputsOf(record, inputs), __provider: providerText },
        outputs: { ...outputsOf(record, inputs), __provider: providerText },
      };
    }),
  };
}
