import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { EniSecondaryIps } from "pulumi-alicloud-secondary-ips";

const config = new pulumi.Config();
const networkInterfaceId = config.require("networkInterfaceId");
/** The first three numbers of the vSwitch's /24, and its hosts that the pool may use. */
const network = config.get("network") ?? "10.0.1";
const firstHost = config.getNumber("firstHost") ?? 100;
const lastHost = config.getNumber("lastHost") ?? 199;
const count = config.getNumber("count") ?? 5;

const candidates = Array.from(
  { length: lastHost - firstHost + 1 },
  (_unused, index) => `${network}.${firstHost + index}`,
);

// Unknown until the first `pulumi up`. The state then keeps what was drawn.
const pool = new random.RandomShuffle("hosts", { inputs: candidates, resultCount: count });
const prefix = new random.RandomPet("prefix");

const ips = new EniSecondaryIps("pool", { networkInterfaceId, privateIpAddresses: pool.results });

/** A host name for each address, for a zone file or for /etc/hosts. */
export const hosts = pulumi
  .all([prefix.id, ips.privateIpAddresses])
  .apply(([name, addresses]) =>
    Object.fromEntries(addresses.map((address, index) => [`${name}-${index + 1}`, address])),
  );
