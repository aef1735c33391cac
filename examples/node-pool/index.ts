import * as pulumi from "@pulumi/pulumi";
import { EniSecondaryIps } from "pulumi-alicloud-secondary-ips";
import { slotsOf } from "./slots";

interface Node {
  readonly networkInterfaceId: string;
  /** The part of the block that belongs to the node. It does not depend on the node's place in the list. */
  readonly slot: number;
}

const config = new pulumi.Config();
const block = config.require("block");
const addressesPerNode = config.requireNumber("addressesPerNode");
const nodes = config.requireObject<Record<string, Node>>("nodes");

const addressesOf = slotsOf(block, addressesPerNode);
const users = new Map<number, string>();
for (const [name, { slot }] of Object.entries(nodes)) {
  const user = users.get(slot);
  if (user !== undefined)
    throw new pulumi.RunError(`${name} and ${user} have slot ${slot}: change one of them`);
  users.set(slot, name);
}

// Named after the node, not after its index: a new node in the middle changes no other resource.
export const assigned = Object.fromEntries(
  Object.entries(nodes).map(([name, { networkInterfaceId, slot }]) => [
    name,
    new EniSecondaryIps(name, { networkInterfaceId, privateIpAddresses: addressesOf(slot) })
      .privateIpAddresses,
  ]),
);
