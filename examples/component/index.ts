import * as pulumi from "@pulumi/pulumi";
import { ServiceAddresses } from "./service-addresses";

const config = new pulumi.Config();

const edge = new ServiceAddresses("edge", {
  networkInterfaceId: config.require("networkInterfaceId"),
  services: {
    dns: { address: "10.0.0.53", port: 53 },
    web: { address: "10.0.0.80", port: 443 },
    metrics: { address: "10.0.0.80", port: 9100 },
  },
});

export const endpoints = edge.endpoints;
