import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { EniSecondaryIps } from "pulumi-alicloud-secondary-ips";

const config = new pulumi.Config();
const networkInterfaceId = config.get("networkInterfaceId");
if (networkInterfaceId === undefined) {
  throw new pulumi.RunError(
    "networkInterfaceId is not configured: run `pulumi config set networkInterfaceId eni-…`",
  );
}

/** The first three numbers of the vSwitch's /24, and the hosts of it that the pool may use. */
const network = config.get("network") ?? "10.0.1";
const firstHost = config.getNumber("firstHost") ?? 100;
const lastHost = config.getNumber("lastHost") ?? 199;
const count = config.getNumber("count") ?? 5;

const range = Array.from(
  { length: lastHost - firstHost + 1 },
  (_unused, index) => `${network}.${firstHost + index}`,
);

// Unknown until the first `pulumi up`; from then on, the state keeps what was drawn.
const pool = new random.RandomShuffle("hosts", { inputs: range, resultCount: count });
const pet = new random.RandomPet("name");

const ips = new EniSecondaryIps("pool", { networkInterfaceId, privateIpAddresses: pool.results });

export const name = pet.id;
export const assigned = ips.privateIpAddresses;
