import { createRequire } from "node:module";
import { tellClaims } from "../../provider/src/dynamic/tell-claims";
import { schemaVersion } from "../../provider/src/resource/hidden-inputs";
import { InProcessHost } from "../support/in-process-host";
import { PluginHost } from "../support/plugin-host";
import { withoutSecrets, type HostOptions, type Properties } from "../support/provider-host";
import type { Registration } from "./engine";
import type { AdaptorName } from "./run";

/** The host of one command. */
export type Host = InProcessHost | PluginHost;

interface Options extends Pick<HostOptions, "env"> {
  /** The folder in which programs tell their claims. */
  readonly folder: string;
  readonly onLine: (line: string) => void;
}

/** What differs between the two ways from the engine to the provider. */
export interface Adaptor {
  readonly name: AdaptorName;
  /** Whether the engine previews each create and update. */
  readonly previews: boolean;
  /** Starts the provider for one command. */
  start(options: Options): Promise<Host>;
  /** What the provider gets beside the inputs. The engine passes names, time-outs and marks of secrets to a plugin. */
  hiddenInputs(options: ProgramOptions): Properties;
  /** The program tells the provider's process what a resource wants. A program of the plugin cannot. */
  readonly tell?: (registration: Registration, host: Host, folder: string) => Promise<void>;
}

/** What a program says of a resource beside its inputs. */
interface ProgramOptions {
  readonly retained: boolean;
  readonly secretInputs: readonly string[];
}

const dynamic: Adaptor = {
  name: "dynamic",
  previews: false,
  start: ({ folder, ...options }) => InProcessHost.start({ ...options, claimsFolder: folder }),
  hiddenInputs: ({ retained, secretInputs }) => ({
    schemaVersion,
    ...(retained && { retainOnDelete: true }),
    ...(secretInputs.length > 0 && { secretInputs }),
  }),
  tell,
};

const plugin: Adaptor = {
  name: "plugin",
  previews: true,
  start: ({ env, onLine }) => PluginHost.start({ ...(env && { env }), onLine }),
  hiddenInputs: () => ({}),
};

export const adaptors: readonly Adaptor[] = [dynamic, plugin];

interface Store {
  readonly settings: { readonly options: { engineAddr?: string } };
}

// The SDK's public types do not have these. The Automation API uses them to run several programs in one process.
const sdk = createRequire(__filename)("@pulumi/pulumi/runtime/state") as {
  readonly withLocalStorage: <T>(callback: () => T) => T;
  readonly getLocalStore: () => Store;
};

/** Tells the claims of a resource, as the constructor of the class does. */
async function tell({ name, inputs }: Registration, { engineAddress }: Host, folder: string): Promise<void> {
  sdk.withLocalStorage(() => {
    sdk.getLocalStore().settings.options.engineAddr = engineAddress;
    tellClaims(name, withoutSecrets(inputs) as Parameters<typeof tellClaims>[1], folder);
  });
  // The claim is written when the outputs have settled.
  await new Promise(setImmediate);
}
