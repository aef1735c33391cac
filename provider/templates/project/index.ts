import * as pulumi from "@pulumi/pulumi";
import { EniSecondaryIps } from "pulumi-alicloud-secondary-ips";

const config = new pulumi.Config();
const networkInterfaceId = config.get("networkInterfaceId");
const privateIpAddresses = config.getObject<string[]>("privateIpAddresses");

if (networkInterfaceId === undefined) {
  throw new pulumi.RunError(
    "networkInterfaceId is not configured: run `pulumi config set networkInterfaceId eni-…`",
  );
}
if (privateIpAddresses === undefined) {
  throw new pulumi.RunError(
    "privateIpAddresses is not configured: run `pulumi config set --path 'privateIpAddresses[0]' 10.0.1.20`",
  );
}

const ips = new EniSecondaryIps("ips", { networkInterfaceId, privateIpAddresses });

export const assigned = ips.privateIpAddresses;
export const unmanaged = ips.unmanagedPrivateIpAddresses;
