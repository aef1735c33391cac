import * as pulumi from "@pulumi/pulumi";
import { EniSecondaryIps } from "pulumi-alicloud-secondary-ips";

/** Where a service listens. */
export interface Service {
  readonly address: string;
  readonly port: number;
}

export interface ServiceAddressesArgs {
  /** The ENI that serves all services. */
  readonly networkInterfaceId: pulumi.Input<string>;
  /** The services, by name. */
  readonly services: Readonly<Record<string, Service>>;
}

/** One ENI with a secondary address for each service. */
export class ServiceAddresses extends pulumi.ComponentResource {
  /** `ADDRESS:PORT` of each service, known once its address is assigned. */
  readonly endpoints: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: ServiceAddressesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("examples:network:ServiceAddresses", name, {}, opts);
    const services = Object.entries(args.services);
    // Two services may listen on one address.
    const addresses = new Set(services.map(([, { address }]) => address));
    const ips = new EniSecondaryIps(
      name,
      { networkInterfaceId: args.networkInterfaceId, privateIpAddresses: [...addresses] },
      { parent: this },
    );
    this.endpoints = ips.privateIpAddresses.apply(() =>
      Object.fromEntries(services.map(([service, { address, port }]) => [service, `${address}:${port}`])),
    );
    this.registerOutputs({ endpoints: this.endpoints });
  }
}
