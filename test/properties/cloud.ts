import type { Emulator, LoggedCall, StateDocument } from "alicloud-ecs-emulator";
import { setTimeout as sleep } from "node:timers/promises";
import { region } from "../support/eni-world";
import { enis, holdingOf, type Drift, type Eni, type Fault, type Holding, type Step } from "./history";

const accepted = { eni: ["Available", "InUse"], instance: ["Running", "Stopped"] };

/** A call that changes an ENI, as the emulator's log has it. */
export interface Write {
  readonly call: LoggedCall;
  readonly kind: "assign" | "unassign";
  readonly eni: string;
  /** The addresses or prefixes named; none where the cloud is to pick. */
  readonly addresses: readonly string[];
  /** How many the cloud is to pick. */
  readonly pick: number;
  /** What it is about: only one of them, if the provider makes no mistake. */
  readonly of: readonly Holding[];
}

/** The world of a history: what somebody does in it by hand, and what is true in it. */
export class Cloud {
  constructor(readonly emulator: Emulator) {}

  /** Begins anew, with the ENIs of a history. */
  reset(count: number, batch: "atomic" | "partial"): void {
    const { control } = this.emulator;
    control.clearFaults();
    control.setLimits({});
    control.setBehaviour({ batch, maxAddressesPerCall: 10, latencyMs: 0 });
    control.putState(worldOf(enis.slice(0, count)));
    control.clearCalls();
  }

  /** What an ENI holds of one kind, or of both, besides its primary address. */
  held(eni: string, of?: Holding): string[] {
    return this.emulator.control
      .state()
      .networkInterfaces.filter((one) => one.NetworkInterfaceId === eni)
      .flatMap(heldBy)
      .filter((one) => of === undefined || holdingOf(one) === of);
  }

  /** Everything but the addresses, the faults and the EIPs becomes as a user would want it. */
  settle(count: number): void {
    const { control } = this.emulator;
    control.clearFaults();
    control.setLimits({});
    control.setBehaviour({ latencyMs: 0 });
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

  /** What somebody would have to patch to do this to an ENI as it is now. */
  patchFor(drift: Drift): object {
    const { id, primary, capacity } = eniAt(drift.eni);
    const unassign = this.goneBy(drift);
    const elsewhere = new Set(
      this.emulator.control
        .state()
        .networkInterfaces.filter((eni) => eni.NetworkInterfaceId !== id)
        .flatMap(heldBy),
    );
    const kept = this.held(id).filter((address) => !unassign.includes(address));
    const added = drift.assign
      .filter((address) => !elsewhere.has(address) && !kept.includes(address))
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
                .filter((one) => holdingOf(one) === "address")
                .map((address) => ({ PrivateIpAddress: address, Primary: false })),
            ],
          },
          Ipv4PrefixSets: {
            Ipv4PrefixSet: after
              .filter((one) => holdingOf(one) === "prefix")
              .map((prefix) => ({ Ipv4Prefix: prefix })),
          },
        },
      ],
    };
  }

  /** The addresses and prefixes that somebody unassigns. */
  private goneBy({ eni, unassign, unassignAt }: Drift): string[] {
    const held = this.held(eniAt(eni).id);
    return [...unassign, ...unassignAt.flatMap((at) => held.at(at) ?? [])];
  }

  drift(drift: Drift): void {
    const { id } = eniAt(drift.eni);
    const unassign = this.goneBy(drift);
    // An address that goes takes its EIP's binding along.
    for (const eip of this.emulator.control.state().eips) {
      if (eip.InstanceId === id && unassign.includes(eip.PrivateIpAddress ?? ""))
        this.unbind(eip.AllocationId);
    }
    this.emulator.control.patchState(this.patchFor(drift));
  }

  changeStatus(step: Extract<Step, { kind: "status" }>): void {
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

  bindEip({ eni, at, bind }: Extract<Step, { kind: "eip" }>): void {
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

  /** An Alibaba Cloud service takes the ENI over, or lets go of it. */
  manage(eni: number, managed: boolean): void {
    this.emulator.control.patchState({
      networkInterfaces: [{ NetworkInterfaceId: eniAt(eni).id, ServiceManaged: managed }],
    });
  }

  /** The ENIs that a service manages. */
  managed(): string[] {
    return this.emulator.control
      .state()
      .networkInterfaces.filter((eni) => eni.ServiceManaged)
      .map((eni) => eni.NetworkInterfaceId);
  }

  /** The addresses of an ENI that EIPs are bound to. */
  eipBound(eni: string): string[] {
    return this.emulator.control
      .state()
      .eips.flatMap((eip) => (eip.InstanceId === eni ? [eip.PrivateIpAddress ?? ""] : []));
  }

  disturb({ effect, ...rule }: Fault): void {
    if ("drift" in effect)
      this.emulator.control.addFault({
        ...rule,
        effect: { patch: this.patchFor(effect.drift) as Record<string, unknown> },
      });
    else if ("error" in effect)
      this.emulator.control.addFault({
        ...rule,
        effect: { error: { ...effect.error, message: "as the history wants it" } },
      });
    else this.emulator.control.addFault({ ...rule, effect });
  }

  /**
   * Ends what a command left behind. The provider runs in this process: a call that it gave up, or that a kill cut off, may
   * still be on its way. It must not take effect in the next command.
   */
  async calmDown(faults: readonly Fault[]): Promise<void> {
    const { control, url } = this.emulator;
    // What was sent before a request is read before the answer to a later connection's second request.
    for (const _again of [1, 2]) await (await fetch(`${url}/_emulator/health`)).arrayBuffer();
    const delaysMs = faults.map(({ effect }) => ("delayMs" in effect ? effect.delayMs : 0));
    const endMs = Date.now() + Math.max(0, ...delaysMs) + control.behaviour().latencyMs;
    while (Date.now() < endMs && this.writes().some(({ call }) => call.status === null)) await sleep(5);
    // A call belongs to the world of its arrival.
    control.putState(control.state());
  }

  /** Until when each ENI, by its status and its instance's, takes no writes; `Infinity` where nothing will change it. */
  closedUntilMs(count: number): Map<string, number> {
    const nowMs = Date.now();
    const world = this.emulator.control.state();
    const until = new Map<string, number>();
    for (const { id, instance, isPrimary } of enis.slice(0, count)) {
      const eni = world.networkInterfaces.find((one) => one.NetworkInterfaceId === id);
      const host = world.instances.find((one) => one.InstanceId === instance);
      const ends = [closed(eni, accepted.eni), isPrimary ? closed(host, accepted.instance) : 0];
      until.set(id, nowMs + Math.max(...ends));
    }
    return until;
  }

  /** The writes of the log, in the order of arrival. */
  writes(): Write[] {
    return this.emulator.control.calls().flatMap((call): Write[] => {
      const kind =
        call.action === "AssignPrivateIpAddresses"
          ? "assign"
          : call.action === "UnassignPrivateIpAddresses"
            ? "unassign"
            : undefined;
      if (kind === undefined) return [];
      const addresses = [...listParameter(call, "PrivateIpAddress"), ...listParameter(call, "Ipv4Prefix")];
      const { SecondaryPrivateIpAddressCount: more = 0, Ipv4PrefixCount: morePrefixes = 0 } = call.params;
      const of = new Set(addresses.map(holdingOf));
      if (Number(more) > 0) of.add("address");
      if (Number(morePrefixes) > 0) of.add("prefix");
      const pick = Number(more) + Number(morePrefixes);
      return [{ call, kind, eni: call.params.NetworkInterfaceId ?? "", addresses, pick, of: [...of] }];
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

/** The values of a list in a call, in the order of their numbers. */
function listParameter({ params }: LoggedCall, list: string): string[] {
  return Object.entries(params)
    .filter(([name]) => name.startsWith(`${list}.`))
    .sort(([a], [b]) => Number(a.split(".")[1]) - Number(b.split(".")[1]))
    .map(([, value]) => value);
}

export function eniAt(index: number): Eni {
  const eni = enis[index];
  if (eni === undefined) throw new Error(`there is no ENI ${index}`);
  return eni;
}

function closed(
  resource: { Status: string; StatusTransition?: { to: string; afterMs: number } | undefined } | undefined,
  acceptable: readonly string[],
): number {
  if (resource === undefined) return Infinity;
  if (acceptable.includes(resource.Status)) return 0;
  return resource.StatusTransition?.afterMs ?? Infinity;
}

function worldOf(some: readonly Eni[]): StateDocument {
  return {
    vpcs: [{ VpcId: "vpc-1", RegionId: region, CidrBlock: "10.0.0.0/16" }],
    vSwitches: [{ VSwitchId: "vsw-1", VpcId: "vpc-1", RegionId: region, CidrBlock: "10.0.0.0/20" }],
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
