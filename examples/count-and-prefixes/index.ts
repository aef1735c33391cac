import * as pulumi from "@pulumi/pulumi";
import { EniSecondaryIps } from "pulumi-alicloud-secondary-ips";

const config = new pulumi.Config();

// The cloud picks the addresses. A larger count keeps those that are there.
const services = new EniSecondaryIps("services", {
  networkInterfaceId: config.require("servicesNetworkInterfaceId"),
  secondaryPrivateIpAddressCount: config.requireNumber("addressCount"),
});

// A /28 prefix gives 16 addresses to the pods of a node, for one call and one place in the ENI's quota.
const pods = new EniSecondaryIps("pods", {
  networkInterfaceId: config.require("podsNetworkInterfaceId"),
  ipv4PrefixCount: config.requireNumber("prefixCount"),
});

export const addresses = services.privateIpAddresses;
export const prefixes = pods.ipv4Prefixes;
