import * as pulumi from "@pulumi/pulumi";
import { EniSecondaryIps } from "pulumi-alicloud-secondary-ips";

const config = new pulumi.Config();

// Additive: the resource never touches an address that it does not list. Other stacks and tools keep theirs.
const ips = new EniSecondaryIps(pulumi.getStack(), {
  networkInterfaceId: config.require("networkInterfaceId"),
  privateIpAddresses: config.requireObject<string[]>("privateIpAddresses"),
  ownership: "additive",
});

export const assigned = ips.privateIpAddresses;
export const ofOthers = ips.unmanagedPrivateIpAddresses;
