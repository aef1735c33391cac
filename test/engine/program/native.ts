import * as pulumi from "@pulumi/pulumi";
import type { EniSecondaryIpsArgs } from "pulumi-alicloud-secondary-ips";

/**
 * The native plugin's resource, as its SDK for Node.js registers it. A program in Go generates that SDK, and not every machine
 * has Go: the suite `languages` runs it.
 */
export class NativeEniSecondaryIps extends pulumi.CustomResource {
  declare readonly privateIpAddresses: pulumi.Output<string[]>;

  static get(
    name: string,
    id: string,
    state: { region?: string },
    opts: pulumi.CustomResourceOptions,
  ): NativeEniSecondaryIps {
    return new NativeEniSecondaryIps(name, state, { ...opts, id });
  }

  constructor(name: string, args: Partial<EniSecondaryIpsArgs>, opts: pulumi.CustomResourceOptions) {
    const outputs = { privateIpAddresses: undefined };
    super(
      "alicloud-secondary-ips:index:EniSecondaryIps",
      name,
      { ...outputs, ...args },
      pulumi.mergeOptions(opts, {
        version: "0.1.0",
        aliases: [{ type: "pulumi-nodejs:dynamic/alicloud:EniSecondaryIps" }],
      }),
    );
  }
}

/** The explicit provider of the plugin's SDK. Settings other than strings travel as JSON. */
export class NativeProvider extends pulumi.ProviderResource {
  constructor(name: string, args: Readonly<Record<string, pulumi.Input<string | object>>>) {
    const settings = Object.entries(args).map(([key, value]) => [
      key,
      pulumi.output(value).apply((known) => (typeof known === "string" ? known : JSON.stringify(known))),
    ]);
    super("alicloud-secondary-ips", name, Object.fromEntries(settings) as pulumi.Inputs, {
      version: "0.1.0",
    });
  }
}
