import { readFileSync } from "node:fs";
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
}

// A test changes this file where a user would edit the program.
const declarations = JSON.parse(readFileSync("resources.json", "utf8")) as Declaration[];

const providers = new Map<string, EniProvider>();

function optionsOf({ opts, provider }: Declaration): pulumi.CustomResourceOptions {
  if (provider === undefined) return { ...opts };
  const { name, args } = provider;
  const shared = providers.get(name) ?? new EniProvider(name, args);
  providers.set(name, shared);
  return { ...opts, provider: shared };
}

export const assigned = Object.fromEntries(
  declarations.map((declaration) => {
    const { name, args, get } = declaration;
    const opts = optionsOf(declaration);
    const resource =
      get === undefined ? new EniSecondaryIps(name, args, opts) : EniSecondaryIps.get(name, get, {}, opts);
    return [name, resource.privateIpAddresses];
  }),
);
