import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import {
  EniProvider,
  EniSecondaryIps,
  type EniProviderArgs,
  type EniSecondaryIpsArgs,
} from "pulumi-alicloud-secondary-ips";
import { NativeEniSecondaryIps, NativeProvider } from "./native";

interface Declaration {
  readonly name: string;
  readonly adaptor: keyof typeof adaptors;
  readonly args: EniSecondaryIpsArgs;
  readonly opts?: pulumi.CustomResourceOptions;
  /** The id of an ENI. If set, the resource is only read. */
  readonly get?: string;
  /** The region of the ENI that is only read. */
  readonly region?: string;
  /** The explicit provider. Declarations with the same name share it. */
  readonly provider?: { readonly name: string; readonly args: EniProviderArgs };
  /** The name of an earlier declaration, for the option `deletedWith`. */
  readonly deletedWith?: string;
  /** The names of earlier declarations, for the option `dependsOn`. */
  readonly dependsOn?: readonly string[];
  /** The name of a file. The resource is registered when the file exists: this gives an order without a dependency. */
  readonly notBefore?: string;
}

const adaptors = {
  dynamic: { Resource: EniSecondaryIps, Provider: EniProvider },
  native: { Resource: NativeEniSecondaryIps, Provider: NativeProvider },
};
type Provider = EniProvider | NativeProvider;

/** `{ "secret": value }` in the file is a secret of the program. */
function withSecrets(_key: string, value: unknown): unknown {
  const marked = value as { readonly secret?: unknown } | null;
  return marked?.secret === undefined ? value : pulumi.secret(marked.secret);
}

// A test changes this file, as a user would edit the program.
const declarations = JSON.parse(readFileSync("resources.json", "utf8"), withSecrets) as Declaration[];

const providers = new Map<string, Provider>();
const resources = new Map<string, EniSecondaryIps | NativeEniSecondaryIps>();

function sharedProvider({ adaptor, provider }: Declaration): Provider | undefined {
  if (provider === undefined) return undefined;
  const { name, args } = provider;
  const shared =
    providers.get(name) ??
    new adaptors[adaptor].Provider(name, args as Readonly<Record<string, string | object>>);
  providers.set(name, shared);
  return shared;
}

async function waitForFile(file: string): Promise<pulumi.Resource[]> {
  while (!existsSync(file)) await sleep(20);
  return [];
}

for (const declaration of declarations) {
  const { name, adaptor, args, opts, get, region, deletedWith, dependsOn = [], notBefore } = declaration;
  const owner = deletedWith === undefined ? undefined : resources.get(deletedWith);
  const provider = sharedProvider(declaration);
  const options = {
    ...opts,
    ...(provider === undefined ? {} : { provider }),
    ...(owner === undefined ? {} : { deletedWith: owner }),
    dependsOn:
      notBefore === undefined
        ? dependsOn.flatMap((earlier) => resources.get(earlier) ?? [])
        : waitForFile(notBefore),
  };
  const { Resource } = adaptors[adaptor];
  resources.set(
    name,
    get === undefined
      ? new Resource(name, args, options)
      : Resource.get(name, get, region === undefined ? {} : { region }, options),
  );
}

export const assigned = Object.fromEntries(
  [...resources].map(([name, resource]) => [name, resource.privateIpAddresses]),
);
