import * as alicloud from "@pulumi/alicloud";
import * as pulumi from "@pulumi/pulumi";
import { EniSecondaryIps } from "pulumi-alicloud-secondary-ips";

const config = new pulumi.Config();

// No input for secondary addresses or prefixes here. Two owners would undo each other's changes.
const eni = new alicloud.ecs.EcsNetworkInterface("edge", {
  vswitchId: config.require("vswitchId"),
  securityGroupIds: config.requireObject<string[]>("securityGroupIds"),
});

const ips = new EniSecondaryIps("edge", {
  networkInterfaceId: eni.id,
  privateIpAddresses: config.requireObject<string[]>("privateIpAddresses"),
});

export const networkInterfaceId = eni.id;
export const assigned = ips.privateIpAddresses;
