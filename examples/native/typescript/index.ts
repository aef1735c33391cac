import { EniSecondaryIps } from "@pulumi-alicloud-secondary-ips/native";

const ips = new EniSecondaryIps("edge", {
  networkInterfaceId: "eni-a",
  privateIpAddresses: ["10.0.0.20", "10.0.0.21"],
});

export const assigned = ips.privateIpAddresses;
