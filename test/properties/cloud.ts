import type { Emulator, LoggedCall, StateDocument } from "alicloud-ecs-emulator";
import { setTimeout as sleep } from "node:timers/promises";
import { region } from "../support/eni-world";
import { strictestLimits } from "../support/strictest-limits";
import {
  enis,
  kindOf,
  overlap,
  type Drift,
  type Eni,
  type Fault,
  type History,
  type Kind,
  type Step,
} from "./history";

const accepted = { eni: ["Available", "InUse"], instance: ["Running", "Stopped"] };

/** A write call in the emulator's log. */
export interface Write {
  readonly call: LoggedCall;
  readonly operation: "assign" | "unassign";
  readonly eni: string;
  /** The listed addresses or prefixes. Empty if the cloud picks them. */
  readonly addresses: readonly string[];
  /** Number of addresses or prefixes that the cloud picks. */
  readonly pick: number;
  /** The kinds in the request. More than one is a mistake of the provider. */
  readonly kinds: readonly Kind[];
}

/** The emulator's world during a history: changes from outside Pulumi, and the state of the ENIs. */
export class Cloud {
  constructor(readonly emulator: Emulator) {}

  /** Resets the emulator to the ENIs of a history. */
  reset({ enis: count, batch, replicaLagReads, releaseMs, pickSeed }: History): void {
    const { control } = this.emulator;
    control.clearFaults();
    control.setLimits({});
    const fixed = { ...strictestLimits, latencyMs: 0, pick: "scattered" } as const;
    control.setBehaviour({ ...fixed, batch, replicaLagReads, releaseMs, pickSeed });
    control.putState(worldOf(enis.slice(0, count)));
    control.clearCalls();
  }

  /** The addresses and prefixes of an ENI, or those of one kind, without the primary address. */
  held(eni: string, kind?: Kind): string[] {
    return this.emulator.control
      .state()
      .networkInterfaces.filter((one) => one.NetworkInterfaceId === eni)
      .flatMap(heldBy)
      .filter((one) => kind === undefined || kindOf(one) === kind);
  }

  /** Removes faults, limits and EIPs, and sets all statuses to usable ones. The addresses stay. */
  settle(count: number): void {
    const { control } = this.emulator;
    control.clearFaults();
    control.setLimits({});
    control.setBehaviour({ latencyMs: 0, releaseMs: 0 });
    this.occupy([]);
    const some = enis.slice(0, count);
    control.patchState({
      networkInterfaces: some.map(({ id }) => ({
        NetworkInterfaceId: id,
        Status: "InUse",
        StatusTransition: null,
        ServiceManaged: false,
      })),
      instances: some.map(({ instance }) => ({
        InstanceId: instance,
        Status: "Running",
        StatusTransition: null,
      })),
    });
    for (const { AllocationId } of control.state().eips) this.unbind(AllocationId);
  }

  unbind(eip: string): void {
    this.emulator.control.patchState({
      eips: [{ AllocationId: eip, InstanceId: null, PrivateIpAddress: null }],
    });
  }

  /** Something that is no ENI takes these addresses, as far as no ENI holds them. */
  occupy(addresses: readonly string[]): void {
    const held = enis.flatMap(({ id }) => this.held(id));
    this.emulator.control.patchState({
      occupiedAddresses: addresses
        .filter((one) => !held.some((other) => overlap(one, other)))
        .map((Address) => ({ Address, VSwitchId: "vsw-1", By: "RDS" })),
    });
  }

  /** The patch that applies a drift to an ENI in its current state. */
  patchFor(drift: Drift): object {
    const { id, primary, capacity } = eniAt(drift.eni);
    const unassign = this.unassignedBy(drift);
    const elsewhere = new Set(
      this.emulator.control
        .state()
        .networkInterfaces.filter((eni) => eni.NetworkInterfaceId !== id)
        .flatMap(heldBy),
    );
    const kept = this.held(id).filter((address) => !unassign.includes(address));
    const occupied = this.emulator.control.state().occupiedAddresses.map(({ Address }) => Address);
    const added = drift.assign
      .filter((one) => ![...elsewhere, ...kept, ...occupied].some((other) => overlap(one, other)))
      .slice(0, capacity - kept.length);
    const after = [...kept, ...added];
    return {
      networkInterfaces: [
        {
          NetworkInterfaceId: id,
          PrivateIpSets: {
            PrivateIpSet: [
              { PrivateIpAddress: primary, Primary: true },
              ...after
                .filter((one) => kindOf(one) === "address")
                .map((address) => ({ PrivateIpAddress: address, Primary: false })),
            ],
          },
          Ipv4PrefixSets: {
            Ipv4PrefixSet: after
              .filter((one) => kindOf(one) === "prefix")
              .map((prefix) => ({ Ipv4Prefix: prefix })),
          },
        },
      ],
    };
  }

  /** The addresses and prefixes that a drift unassigns. */
  private unassignedBy({ eni, unassign, unassignAt }: Drift): string[] {
    const held = this.held(eniAt(eni).id);
    return [...unassign, ...unassignAt.flatMap((at) => held.at(at) ?? [])];
  }

  drift(drift: Drift): void {
    const { id } = eniAt(drift.eni);
    const unassign = this.unassignedBy(drift);
    // Unassigning an address also unbinds its EIP.
    for (const eip of this.emulator.control.state().eips) {
      if (eip.InstanceId === id && unassign.includes(eip.PrivateIpAddress ?? ""))
        this.unbind(eip.AllocationId);
    }
    this.emulator.control.patchState(this.patchFor(drift));
  }

  changeStatus(step: Extract<Step, { type: "status" }>): void {
    const { id, instance } = eniAt(step.eni);
    const change = {
      Status: step.status,
      StatusTransition: step.then === undefined ? null : { to: step.then, afterMs: step.afterMs },
    };
    this.emulator.control.patchState(
      step.instance
        ? { instances: [{ InstanceId: instance, ...change }] }
        : { networkInterfaces: [{ NetworkInterfaceId: id, ...change }] },
    );
  }

  bindEip({ eni, at, bind }: Extract<Step, { type: "eip" }>): void {
    const { id } = eniAt(eni);
    const held = this.held(id, "address");
    const address = held[at % held.length];
    if (address === undefined) return;
    const eip = `eip-${address.replaceAll(".", "-")}`;
    if (bind)
      this.emulator.control.patchState({
        eips: [
          {
            AllocationId: eip,
            InstanceId: id,
            InstanceType: "NetworkInterface",
            PrivateIpAddress: address,
          },
        ],
      });
    else if (this.eipBound(id).includes(address)) this.unbind(eip);
  }

  /** An Alibaba Cloud service starts or stops managing the ENI. */
  setServiceManaged(eni: number, managed: boolean): void {
    this.emulator.control.patchState({
      networkInterfaces: [{ NetworkInterfaceId: eniAt(eni).id, ServiceManaged: managed }],
    });
  }

  /** The ENIs that a service manages. */
  serviceManaged(): string[] {
    return this.emulator.control
      .state()
      .networkInterfaces.filter((eni) => eni.ServiceManaged)
      .map((eni) => eni.NetworkInterfaceId);
  }

  /** The addresses of an ENI that have an EIP. */
  eipBound(eni: string): string[] {
    return this.emulator.control
      .state()
      .eips.flatMap((eip) => (eip.InstanceId === eni ? [eip.PrivateIpAddress ?? ""] : []));
  }

  addFault({ effect, ...rule }: Fault): void {
    if ("drift" in effect)
      this.emulator.control.addFault({
        ...rule,
        effect: { patch: this.patchFor(effect.drift) as Record<string, unknown> },
      });
    else if ("error" in effect)
      this.emulator.control.addFault({
        ...rule,
        effect: { error: { ...effect.error, message: "fault of the history" } },
      });
    else this.emulator.control.addFault({ ...rule, effect });
  }

  /**
   * Waits for calls of the last command that are still under way, after a time-out or a kill. They must not take effect in
   * the next command.
   */
  async awaitDelayedCalls(faults: readonly Fault[]): Promise<void> {
    const { control, url } = this.emulator;
    // The emulator reads all data sent before, at the latest before it answers the second request.
    for (let round = 0; round < 2; round += 1) await (await fetch(`${url}/_emulator/health`)).arrayBuffer();
    const delaysMs = faults.map(({ effect }) => ("delayMs" in effect ? effect.delayMs : 0));
    const endMs = Date.now() + Math.max(0, ...delaysMs) + control.behaviour().latencyMs;
    while (Date.now() < endMs && this.writes().some(({ call }) => call.status === null)) await sleep(5);
    // A call that arrived before this replacement of the state has no effect on the new one.
    control.putState(control.state());
  }

  /** When each ENI first accepts writes, by its own and its instance's status. `Infinity`: its status is final. */
  acceptsWritesFromMs(count: number): Map<string, number> {
    const nowMs = Date.now();
    const world = this.emulator.control.state();
    const fromMs = new Map<string, number>();
    for (const { id, instance, isPrimary } of enis.slice(0, count)) {
      const eni = world.networkInterfaces.find((one) => one.NetworkInterfaceId === id);
      const host = world.instances.find((one) => one.InstanceId === instance);
      const waits = [waitMs(eni, accepted.eni), isPrimary ? waitMs(host, accepted.instance) : 0];
      fromMs.set(id, nowMs + Math.max(...waits));
    }
    return fromMs;
  }

  /** The write calls in the log, in the order of arrival. */
  writes(): Write[] {
    return this.emulator.control.calls().flatMap((call): Write[] => {
      const operation =
        call.action === "AssignPrivateIpAddresses"
          ? "assign"
          : call.action === "UnassignPrivateIpAddresses"
            ? "unassign"
            : undefined;
      if (operation === undefined) return [];
      const addresses = [...listParameter(call, "PrivateIpAddress"), ...listParameter(call, "Ipv4Prefix")];
      const { SecondaryPrivateIpAddressCount: more = 0, Ipv4PrefixCount: morePrefixes = 0 } = call.params;
      const kinds = new Set(addresses.map(kindOf));
      if (Number(more) > 0) kinds.add("address");
      if (Number(morePrefixes) > 0) kinds.add("prefix");
      const pick = Number(more) + Number(morePrefixes);
      return [
        { call, operation, eni: call.params.NetworkInterfaceId ?? "", addresses, pick, kinds: [...kinds] },
      ];
    });
  }
}

function heldBy({
  PrivateIpSets,
  Ipv4PrefixSets,
}: ReturnType<Emulator["control"]["state"]>["networkInterfaces"][number]): string[] {
  return [
    ...PrivateIpSets.PrivateIpSet.filter((set) => set.Primary !== true).map((set) => set.PrivateIpAddress),
    ...Ipv4PrefixSets.Ipv4PrefixSet.map((set) => set.Ipv4Prefix),
  ];
}

/** The values of a list parameter, in the order of their numbers. */
function listParameter({ params }: LoggedCall, list: string): string[] {
  return Object.entries(params)
    .filter(([name]) => name.startsWith(`${list}.`))
    .sort(([a], [b]) => Number(a.split(".")[1]) - Number(b.split(".")[1]))
    .map(([, value]) => value);
}

export function eniAt(index: number): Eni {
  const eni = enis[index];
  if (eni === undefined) throw new Error(`there is no ENI ${index}: a history has ${enis.length}`);
  return eni;
}

/** Time until a resource reaches an acceptable status. */
function waitMs(
  resource: { Status: string; StatusTransition?: { to: string; afterMs: number } | undefined } | undefined,
  acceptedStatuses: readonly string[],
): number {
  if (resource === undefined) return Infinity;
  if (acceptedStatuses.includes(resource.Status)) return 0;
  return resource.StatusTransition?.afterMs ?? Infinity;
}

function worldOf(some: readonly Eni[]): StateDocument {
  return {
    vpcs: [{ VpcId: "vpc-1", RegionId: region, CidrBlock: "10.0.0.0/16" }],
    vSwitches: [{ VSwitchId: "vsw-1", VpcId: "vpc-1", RegionId: region, CidrBlock: "10.0.0.0/16" }],
    instances: some.map(({ instance, type }) => ({ InstanceId: instance, InstanceType: type })),
    networkInterfaces: some.map(({ id, primary, instance, isPrimary }) => ({
      NetworkInterfaceId: id,
      VSwitchId: "vsw-1",
      InstanceId: instance,
      Type: isPrimary ? "Primary" : "Secondary",
      PrivateIpAddress: primary,
    })),
    eips: [],
  };
}
