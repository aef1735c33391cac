import { readFileSync } from "node:fs";
import type * as pulumi from "@pulumi/pulumi";
import { EniSecondaryIps, type EniSecondaryIpsArgs } from "pulumi-alicloud-secondary-ips";

interface Declaration {
  readonly name: string;
  readonly args: EniSecondaryIpsArgs;
  readonly opts?: pulumi.CustomResourceOptions;
  /** With it, the resource is only read. */
  readonly get?: string;
}

// A test changes this file where a user would edit the program.
const declarations = JSON.parse(readFileSync("resources.json", "utf8")) as Declaration[];

export const assigned = Object.fromEntries(
  declarations.map(({ name, args, opts, get }) => {
    const resource =
      get === undefined ? new EniSecondaryIps(name, args, opts) : EniSecondaryIps.get(name, get, {}, opts);
    return [name, resource.privateIpAddresses];
  }),
);
