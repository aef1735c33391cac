import { blockOf, formatAddress } from "./addresses";
import { CidrMap } from "./cidr-map";
import { HeldAddresses } from "./held-addresses";
import { parseIpv6Block } from "./ipv6";
import { HeldIpv6 } from "./ipv6-occupancy";
import type { NetworkInterface, Vpc, VSwitch } from "./resources";
import type { Resources } from "./tables";

/** Which blocks a VPC has given to vSwitches, and which addresses of a vSwitch are held. Follows the changes of the tables. */
export class AddressSpace {
  readonly #resources: Resources;
  readonly #blocks = new Map<string, CidrMap<string>>();
  /** Where the search for a free block of a VPC goes on: no block before it is free. */
  readonly #search = new Map<string, { readonly cidrBlock: string; readonly first: number }>();
  readonly #held = new Map<string, HeldAddresses>();
  readonly #heldIpv6 = new Map<string, HeldIpv6>();

  constructor(resources: Resources) {
    this.#resources = resources;
    resources.vpcs.watch((id, _, after) => {
      if (!after) this.#blocks.delete(id);
    });
    resources.vSwitches.watch((_, before, after) => {
      this.#vSwitchChanged(before, after);
    });
    resources.networkInterfaces.watch((_, before, after) => {
      if (before) this.releaseEni(before, after);
      if (after) this.#holdEni(after, before);
    });
    resources.occupiedAddresses.watch((_, before, after) => {
      if (before) this.#held.get(before.VSwitchId)?.release(before.Address, before.By);
      if (after) this.#held.get(after.VSwitchId)?.hold(after.Address, after.By);
    });
  }

  /** The vSwitches of a VPC by their blocks. */
  blocksIn(vpcId: string): CidrMap<string> {
    const present = this.#blocks.get(vpcId);
    if (present) return present;
    const made = new CidrMap<string>();
    this.#blocks.set(vpcId, made);
    for (const { CidrBlock, VSwitchId } of this.#resources.vSwitches.where("VpcId", vpcId))
      made.set(blockOf(CidrBlock), VSwitchId);
    return made;
  }

  /** The first /24 of a VPC that no vSwitch has, and none of the document that is loaded. */
  freeBlock({ VpcId, CidrBlock }: Vpc, given: CidrMap<true>): string | undefined {
    const whole = blockOf(CidrBlock);
    const blocks = this.blocksIn(VpcId);
    const search = this.#search.get(VpcId);
    let first = search?.cidrBlock === CidrBlock ? search.first : whole.first;
    const block = () => ({ text: `${formatAddress(first)}/24`, first, last: first + 255, prefixLength: 24 });
    while (first < whole.last && (blocks.overlaps(block()) || given.overlaps(block()))) first += 256;
    this.#search.set(VpcId, { cidrBlock: CidrBlock, first });
    return first + 255 <= whole.last ? block().text : undefined;
  }

  /** Frees the block of a vSwitch that is about to be replaced by another one. */
  releaseBlock({ VpcId, VSwitchId, CidrBlock }: VSwitch): void {
    const blocks = this.#blocks.get(VpcId);
    const block = blockOf(CidrBlock);
    if (blocks?.get(block) !== VSwitchId) return;
    blocks.delete(block);
    this.#search.delete(VpcId);
  }

  /** Forgets what it knows, after a document that was refused: the tables have the truth. */
  forget(): void {
    this.#blocks.clear();
    this.#search.clear();
    this.#held.clear();
    this.#heldIpv6.clear();
  }

  /** The holders of the addresses of a vSwitch. */
  heldIn({ VSwitchId, CidrBlock }: VSwitch): HeldAddresses {
    const present = this.#held.get(VSwitchId);
    if (present) return present;
    const made = new HeldAddresses(CidrBlock);
    this.#held.set(VSwitchId, made);
    for (const { Address, By } of this.#resources.occupiedAddresses.where("VSwitchId", VSwitchId))
      made.hold(Address, By);
    for (const eni of this.#resources.networkInterfaces.where("VSwitchId", VSwitchId))
      for (const item of itemsOf(eni)) made.hold(item, eni.NetworkInterfaceId);
    return made;
  }

  /** The holders of the IPv6 addresses of a vSwitch; undefined where IPv6 is off. */
  heldIpv6In({ VSwitchId, Ipv6CidrBlock }: VSwitch): HeldIpv6 | undefined {
    const present = this.#heldIpv6.get(VSwitchId);
    const block = present ? undefined : parseIpv6Block(Ipv6CidrBlock);
    if (!block) return present;
    const made = new HeldIpv6(block);
    this.#heldIpv6.set(VSwitchId, made);
    for (const eni of this.#resources.networkInterfaces.where("VSwitchId", VSwitchId))
      for (const item of ipv6ItemsOf(eni)) made.hold(item, eni.NetworkInterfaceId);
    return made;
  }

  /** Frees the addresses of an ENI, as long as it holds them. `unless`: the same addresses stay held. */
  releaseEni(eni: NetworkInterface, unless?: NetworkInterface): void {
    const { NetworkInterfaceId: id, VSwitchId } = eni;
    if (!sameItems(eni, unless))
      for (const item of itemsOf(eni)) this.#held.get(VSwitchId)?.release(item, id);
    if (!sameIpv6Items(eni, unless))
      for (const item of ipv6ItemsOf(eni)) this.#heldIpv6.get(VSwitchId)?.release(item, id);
  }

  #holdEni(eni: NetworkInterface, unless: NetworkInterface | undefined): void {
    const { NetworkInterfaceId: id, VSwitchId } = eni;
    if (!sameItems(eni, unless)) for (const item of itemsOf(eni)) this.#held.get(VSwitchId)?.hold(item, id);
    if (!sameIpv6Items(eni, unless))
      for (const item of ipv6ItemsOf(eni)) this.#heldIpv6.get(VSwitchId)?.hold(item, id);
  }

  #vSwitchChanged(before: VSwitch | undefined, after: VSwitch | undefined): void {
    const sameBlock = before?.VpcId === after?.VpcId && before?.CidrBlock === after?.CidrBlock;
    if (before && !sameBlock) {
      this.releaseBlock(before);
      this.#held.delete(before.VSwitchId);
    }
    if (before && before.Ipv6CidrBlock !== after?.Ipv6CidrBlock) this.#heldIpv6.delete(before.VSwitchId);
    if (after && !sameBlock) this.#blocks.get(after.VpcId)?.set(blockOf(after.CidrBlock), after.VSwitchId);
  }
}

function itemsOf(eni: NetworkInterface): string[] {
  return [
    ...eni.PrivateIpSets.PrivateIpSet.map((ip) => ip.PrivateIpAddress),
    ...eni.Ipv4PrefixSets.Ipv4PrefixSet.map((set) => set.Ipv4Prefix),
  ];
}

function ipv6ItemsOf(eni: NetworkInterface): string[] {
  return [
    ...eni.Ipv6Sets.Ipv6Set.map((set) => set.Ipv6Address),
    ...eni.Ipv6PrefixSets.Ipv6PrefixSet.map((set) => set.Ipv6Prefix),
  ];
}

function sameItems(one: NetworkInterface, other: NetworkInterface | undefined): boolean {
  return (
    one.VSwitchId === other?.VSwitchId &&
    one.PrivateIpSets === other.PrivateIpSets &&
    one.Ipv4PrefixSets === other.Ipv4PrefixSets
  );
}

function sameIpv6Items(one: NetworkInterface, other: NetworkInterface | undefined): boolean {
  return (
    one.VSwitchId === other?.VSwitchId &&
    one.Ipv6Sets === other.Ipv6Sets &&
    one.Ipv6PrefixSets === other.Ipv6PrefixSets
  );
}
