import * as pulumi from "@pulumi/pulumi";
import { EniSecondaryIps } from "pulumi-alicloud-secondary-ips";

const config = new pulumi.Config();

const ips = new EniSecondaryIps("edge", {
  networkInterfaceId: config.require("networkInterfaceId"),
  privateIpAddresses: config.requireObject<string[]>("privateIpAddresses"),
});

export const assigned = ips.privateIpAddresses;
