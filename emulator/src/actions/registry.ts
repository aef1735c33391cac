import { invalidAction, invalidVersion } from "../api-errors";
import type { Action, Product } from "./action";
import { apiVersions } from "./action";
import { assignPrivateIpAddresses } from "./AssignPrivateIpAddresses";
import { describeInstanceStatus } from "./DescribeInstanceStatus";
import { describeInstanceTypes } from "./DescribeInstanceTypes";
import { describeNetworkInterfaces } from "./DescribeNetworkInterfaces";
import { describeVSwitches, describeVSwitchesOfEcs } from "./DescribeVSwitches";
import { unassignPrivateIpAddresses } from "./UnassignPrivateIpAddresses";

const actions: readonly Action[] = [
  assignPrivateIpAddresses,
  describeInstanceStatus,
  describeInstanceTypes,
  describeNetworkInterfaces,
  describeVSwitches,
  describeVSwitchesOfEcs,
  unassignPrivateIpAddresses,
];

/** The names of all operations, for checking what a fault is for. */
export const actionNames: ReadonlySet<string> = new Set(actions.map((action) => action.name));

/** The product whose API has that version. */
export function productOf(version: string): Product | undefined {
  const products: readonly Product[] = ["ecs", "vpc"];
  return products.find((product) => apiVersions[product] === version);
}

/** The operation of that name in that version; an operation of the other product is as unknown as any. */
export function findAction(name: string, version: string): Action {
  const product = productOf(version);
  if (!product) throw invalidVersion(version, Object.values(apiVersions));
  const action = actions.find((candidate) => candidate.name === name && candidate.product === product);
  if (!action) throw invalidAction(name, version);
  return action;
}
