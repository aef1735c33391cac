import type { NetworkInterface } from "./resources";
import { primaryAddress } from "./resources";
import type { CompleteStateDocument, ListName } from "./state-document";
import { tableOf } from "./tables";
import type { Resources } from "./tables";
import { remaining } from "./transitions";
import type { Transition } from "./transitions";

type SavedResources = Pick<CompleteStateDocument, ListName>;

/** Writes a resource as the object of a document that gives the same one when it is loaded. */
export function saveResource<List extends ListName>(
  list: List,
  resource: object,
  nowMs: number,
): SavedResources[List][number] {
  const { StatusTransition, ...rest } = resource as { readonly StatusTransition?: Transition | undefined };
  return {
    ...rest,
    ...(list === "networkInterfaces" && {
      PrivateIpAddress: primaryAddress(resource as NetworkInterface),
    }),
    ...(StatusTransition && { StatusTransition: remaining(StatusTransition, nowMs) }),
  } as SavedResources[List][number];
}

/** Writes the resources as a document that gives the same ones when it is loaded. */
export function saveState(resources: Resources, nowMs: number): SavedResources {
  const list = <List extends ListName>(name: List) =>
    [...tableOf(resources, name).values()].map((resource) => saveResource(name, resource, nowMs));
  return {
    vpcs: list("vpcs"),
    vSwitches: list("vSwitches"),
    securityGroups: list("securityGroups"),
    instances: list("instances"),
    networkInterfaces: list("networkInterfaces"),
    eips: list("eips"),
    occupiedAddresses: list("occupiedAddresses"),
  };
}
