import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type * as pulumi from "@pulumi/pulumi";
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
  /** With it, the resource is only read. */
  readonly get?: string;
  /** The explicit provider, shared by the declarations that name the same one. */
  readonly provider?: { readonly name: string; readonly args: EniProviderArgs };
  /** The name of an earlier declaration, with whose resource this one's ENI is gone. */
  readonly deletedWith?: string;
  /** The names of earlier declarations. */
  readonly dependsOn?: readonly string[];
  /** The name of a file, before which the engine does not learn of the resource: no dependency, but an order. */
  readonly notBefore?: string;
}

// A test changes this file where a user would edit the program.
const declarations = JSON.parse(readFileSync("resources.json", "utf8")) as Declaration[];

const providers = new Map<string, EniProvider>();
const resources = new Map<string, EniSecondaryIps>();

function sharedProvider({ name, args }: { name: string; args: EniProviderArgs }): EniProvider {
  const shared = providers.get(name) ?? new EniProvider(name, args);
  providers.set(name, shared);
  return shared;
}

async function appeared(file: string): Promise<EniSecondaryIps[]> {
  while (!existsSync(file)) await sleep(20);
  return [];
}

for (const { name, args, opts, get, provider, deletedWith, dependsOn = [], notBefore } of declarations) {
  const owner = deletedWith === undefined ? undefined : resources.get(deletedWith);
  const options = {
    ...opts,
    ...(provider === undefined ? {} : { provider: sharedProvider(provider) }),
    ...(owner === undefined ? {} : { deletedWith: owner }),
    dependsOn:
      notBefore === undefined
        ? dependsOn.flatMap((earlier) => resources.get(earlier) ?? [])
        : appeared(notBefore),
  };
  resources.set(
    name,
    get === undefined
      ? new EniSecondaryIps(name, args, options)
      : EniSecondaryIps.get(name, get, {}, options),
  );
}

export const assigned = Object.fromEntries(
  [...resources].map(([name, resource]) => [name, resource.privateIpAddresses]),
);
