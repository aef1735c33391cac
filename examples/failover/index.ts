import * as pulumi from "@pulumi/pulumi";
import { EniSecondaryIps } from "pulumi-alicloud-secondary-ips";

const config = new pulumi.Config();
const virtualIp = config.require("virtualIp");
const networkInterfaceIds = config.requireObject<Record<string, string>>("networkInterfaceIds");
const active = config.require("active");

if (!(active in networkInterfaceIds)) {
  const nodes = Object.keys(networkInterfaceIds).join(", ");
  throw new pulumi.RunError(`active is "${active}": set it to one of ${nodes}`);
}

// One `pulumi up` moves the address: one resource releases it, the other one waits for that and assigns it.
const resources = Object.entries(networkInterfaceIds).map(
  ([node, networkInterfaceId]) =>
    new EniSecondaryIps(node, {
      networkInterfaceId,
      privateIpAddresses: node === active ? [virtualIp] : [],
      ownership: "additive",
    }),
);

/** The virtual IP, by the ENI that holds it. */
export const held = pulumi
  .all(resources.map((ips) => pulumi.all([ips.networkInterfaceId, ips.privateIpAddresses])))
  .apply((enis) => Object.fromEntries(enis));
