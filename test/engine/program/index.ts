import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import {
  EniProvider,
  EniSecondaryIps,
  type EniProviderArgs,
  type EniSecondaryIpsArgs,
} from "pulumi-alicloud-secondary-ips";

interface Declaration {
  readonly name: string;
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

/** `{ "secret": value }` in the file is a secret of the program. */
function withSecrets(_key: string, value: unknown): unknown {
  const marked = value as { readonly secret?: unknown } | null;
  return marked?.secret === undefined ? value : pulumi.secret(marked.secret);
}

// A test changes this file, as a user would edit the program.
const declarations = JSON.parse(readFileSync("resources.json", "utf8"), withSecrets) as Declaration[];

const providers = new Map<string, EniProvider>();
const resources = new Map<string, EniSecondaryIps>();

function sharedProvider({ name, args }: { name: string; args: EniProviderArgs }): EniProvider {
  const shared = providers.get(name) ?? new EniProvider(name, args);
  providers.set(name, shared);
  return shared;
}

async function waitForFile(file: string): Promise<EniSecondaryIps[]> {
  while (!existsSync(file)) await sleep(20);
  return [];
}

for (const {
  name,
  args,
  opts,
  get,
  region,
  provider,
  deletedWith,
  dependsOn = [],
  notBefore,
} of declarations) {
  const owner = deletedWith === undefined ? undefined : resources.get(deletedWith);
  const options = {
    ...opts,
    ...(provider === undefined ? {} : { provider: sharedProvider(provider) }),
    ...(owner === undefined ? {} : { deletedWith: owner }),
    dependsOn:
      notBefore === undefined
        ? dependsOn.flatMap((earlier) => resources.get(earlier) ?? [])
        : waitForFile(notBefore),
  };
  resources.set(
    name,
    get === undefined
      ? new EniSecondaryIps(name, args, options)
      : EniSecondaryIps.get(name, get, region === undefined ? {} : { region }, options),
  );
}

export const assigned = Object.fromEntries(
  [...resources].map(([name, resource]) => [name, resource.privateIpAddresses]),
);
