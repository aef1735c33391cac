import { actionNotFound, invalidVersion } from "../api-errors";
import type { Action, Product } from "./action";
import { apiVersions } from "./action";
import { assignPrivateIpAddresses } from "./AssignPrivateIpAddresses";
import { attachNetworkInterface } from "./AttachNetworkInterface";
import { createNetworkInterface } from "./CreateNetworkInterface";
import { createVSwitch } from "./CreateVSwitch";
import { createVpc } from "./CreateVpc";
import { deleteInstance } from "./DeleteInstance";
import { deleteNetworkInterface } from "./DeleteNetworkInterface";
import { describeInstanceStatus } from "./DescribeInstanceStatus";
import { describeInstanceTypes } from "./DescribeInstanceTypes";
import { describeInstances } from "./DescribeInstances";
import { describeNetworkInterfaces } from "./DescribeNetworkInterfaces";
import { describeVSwitches, describeVSwitchesOfEcs } from "./DescribeVSwitches";
import { detachNetworkInterface } from "./DetachNetworkInterface";
import { rebootInstance } from "./RebootInstance";
import { runInstances } from "./RunInstances";
import { startInstance } from "./StartInstance";
import { stopInstance } from "./StopInstance";
import { unassignPrivateIpAddresses } from "./UnassignPrivateIpAddresses";

const actions: readonly Action[] = [
  assignPrivateIpAddresses,
  attachNetworkInterface,
  createNetworkInterface,
  createVSwitch,
  createVpc,
  deleteInstance,
  deleteNetworkInterface,
  describeInstanceStatus,
  describeInstanceTypes,
  describeInstances,
  describeNetworkInterfaces,
  describeVSwitches,
  describeVSwitchesOfEcs,
  detachNetworkInterface,
  rebootInstance,
  runInstances,
  startInstance,
  stopInstance,
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
  if (!action) throw actionNotFound(`operation "${name}" in version ${version}`);
  return action;
}
