import * as pulumi from "@pulumi/pulumi";
import { EniProvider, EniSecondaryIps } from "pulumi-alicloud-secondary-ips";

const config = new pulumi.Config();

// The region and the account of the stack's configuration, or of the environment.
const here = new EniSecondaryIps("here", {
  networkInterfaceId: config.require("networkInterfaceId"),
  privateIpAddresses: config.requireObject<string[]>("privateIpAddresses"),
});

// Another region and another account. Without keys here, it would be the stack's account.
const there = new EniProvider("there", {
  region: config.require("thereRegion"),
  accessKey: config.requireSecret("thereAccessKey"),
  secretKey: config.requireSecret("thereSecretKey"),
});
const partner = new EniSecondaryIps(
  "partner",
  {
    networkInterfaceId: config.require("thereNetworkInterfaceId"),
    privateIpAddresses: config.requireObject<string[]>("therePrivateIpAddresses"),
  },
  { provider: there },
);

export const assigned = { here: here.privateIpAddresses, there: partner.privateIpAddresses };
export const regions = { here: here.region, there: partner.region };
