import * as pulumi from "@pulumi/pulumi";
import { EniSecondaryIps } from "pulumi-alicloud-secondary-ips";

const config = new pulumi.Config();

const edge = new EniSecondaryIps("edge", {
  networkInterfaceId: config.require("edgeEni"),
  privateIpAddresses: config.requireObject<string[]>("edgeAddresses"),
});

export const edgeAddresses = edge.privateIpAddresses;

// The instance's primary ENI is managed as soon as the configuration names it.
const nodeEni = config.get("nodeEni");
if (nodeEni !== undefined) {
  new EniSecondaryIps("node", {
    networkInterfaceId: nodeEni,
    privateIpAddresses: config.requireObject<string[]>("nodeAddresses"),
  });
}
