import { slotsOf, slotsTaken } from "../world/quotas";
import type { NetworkInterface } from "../world/resources";
import type { FollowUp, Transition } from "../world/transitions";
import { remaining } from "../world/transitions";
import type { World } from "../world/world";

interface ShownAddress {
  readonly address: string;
  /** The public address that an EIP gives it. */
  readonly eip: string | null;
}

interface ShownStatus {
  readonly status: string;
  /** What is to follow by itself. */
  readonly next: FollowUp | null;
}

/** An ENI with what stands around it, as a person looks at it. */
interface ShownEni extends ShownStatus {
  readonly networkInterfaceId: string;
  readonly name: string;
  readonly type: string;
  readonly zoneId: string;
  readonly serviceManaged: boolean;
  readonly instance: (ShownStatus & { readonly instanceId: string; readonly instanceType: string }) | null;
  readonly vSwitch: { readonly vSwitchId: string; readonly cidrBlock: string };
  readonly primary: readonly ShownAddress[];
  readonly secondary: readonly ShownAddress[];
  readonly prefixes: readonly string[];
  /** Addresses and prefixes: how many there are, and how many there may be. */
  readonly quota: { readonly used: number; readonly all: number };
}

/** What the page shows of the world. */
export interface Overview {
  readonly networkInterfaces: readonly ShownEni[];
}

/** The world's ENIs for a person to look at. */
export function overviewOf(world: World): Overview {
  return {
    networkInterfaces: [...world.resources.networkInterfaces.values()].map((eni) => shownEni(world, eni)),
  };
}

function shownEni(world: World, eni: NetworkInterface): ShownEni {
  const instance = eni.InstanceId === undefined ? undefined : world.resources.instances.get(eni.InstanceId);
  const addresses = (primary: boolean) =>
    eni.PrivateIpSets.PrivateIpSet.filter((ip) => ip.Primary === primary).map(
      ({ PrivateIpAddress: address }) => ({
        address,
        eip: world.eipOf(eni.NetworkInterfaceId, address)?.IpAddress ?? null,
      }),
    );
  return {
    networkInterfaceId: eni.NetworkInterfaceId,
    name: eni.NetworkInterfaceName,
    type: eni.Type,
    zoneId: eni.ZoneId,
    serviceManaged: eni.ServiceManaged,
    ...shownStatus(world, eni),
    instance: instance
      ? {
          instanceId: instance.InstanceId,
          instanceType: instance.InstanceType,
          ...shownStatus(world, instance),
        }
      : null,
    vSwitch: {
      vSwitchId: eni.VSwitchId,
      cidrBlock: world.resources.vSwitches.get(eni.VSwitchId)?.CidrBlock ?? "",
    },
    primary: addresses(true),
    secondary: addresses(false),
    prefixes: eni.Ipv4PrefixSets.Ipv4PrefixSet.map((set) => set.Ipv4Prefix),
    quota: { used: slotsTaken(eni), all: slotsOf(world, eni) },
  };
}

function shownStatus(
  world: World,
  resource: { Status: string; StatusTransition: Transition | undefined },
): ShownStatus {
  const { Status: status, StatusTransition: transition } = resource;
  return { status, next: transition ? remaining(transition, world.nowMs) : null };
}
