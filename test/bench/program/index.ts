/** The program of each contender. It loads what the chosen one needs, and nothing else. */
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type * as random from "@pulumi/random";
import type * as ours from "pulumi-alicloud-secondary-ips";
import type * as plain from "./plain-eni-secondary-ips";

interface Args {
  readonly networkInterfaceId: string;
  readonly privateIpAddresses: string[];
}

/** Registers the resource as the class of the generated SDK does. */
class NativeEniSecondaryIps extends pulumi.CustomResource {
  constructor(name: string, args: Args) {
    super("alicloud-secondary-ips:index:EniSecondaryIps", name, { ...args });
  }
}

type Declare = (name: string, args: Args) => unknown;

/* eslint-disable @typescript-eslint/no-require-imports */
const contenders: Readonly<Record<string, () => Declare>> = {
  dynamic: () => {
    const { EniSecondaryIps } = require("pulumi-alicloud-secondary-ips") as typeof ours;
    return (name, args) => new EniSecondaryIps(name, args);
  },
  native: () => (name, args) => new NativeEniSecondaryIps(name, args),
  plain: () => {
    const { PlainEniSecondaryIps } = require("./plain-eni-secondary-ips") as typeof plain;
    return (name, args) => new PlainEniSecondaryIps(name, args);
  },
  random: () => {
    const { RandomInteger } = require("@pulumi/random") as typeof random;
    return (name) => new RandomInteger(name, { min: 1, max: 9 });
  },
};
/* eslint-enable */

const { contender, lists } = JSON.parse(readFileSync("resources.json", "utf8")) as {
  readonly contender: string;
  readonly lists: Readonly<Record<string, string[]>>;
};
const declare = contenders[contender]?.();
for (const [networkInterfaceId, privateIpAddresses] of Object.entries(lists))
  declare?.(networkInterfaceId, { networkInterfaceId, privateIpAddresses });
