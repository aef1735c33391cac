import { addressNumber, blockOf, contains, formatAddress, overlap, prefixBlock } from "./addresses";
import type { Block } from "./addresses";
import { apiTime, macAddress } from "./identifiers";
import { defaultInstanceType } from "./instance-types";
import { canonicalIpv6, isWithin, parseIpv6Block } from "./ipv6";
import { Ipv6Occupancy } from "./ipv6-occupancy";
import { Occupancy } from "./occupancy";
import type {
  Eip,
  Instance,
  NetworkInterface,
  OccupiedAddresses,
  PrivateIp,
  SecurityGroup,
  Vpc,
  VSwitch,
} from "./resources";
import { defaultSecurityGroupId, primaryAddress } from "./resources";
import type { ListName, StateDocument } from "./state-document";
import { StateDocumentError } from "./state-document";
import { begin } from "./transitions";
import type { FollowUp } from "./transitions";

/** Everything that a world holds, each kind by id. */
export interface Resources {
  readonly vpcs: Map<string, Vpc>;
  readonly vSwitches: Map<string, VSwitch>;
  readonly securityGroups: Map<string, SecurityGroup>;
  readonly instances: Map<string, Instance>;
  readonly networkInterfaces: Map<string, NetworkInterface>;
  readonly eips: Map<string, Eip>;
  readonly occupiedAddresses: Map<string, OccupiedAddresses>;
}

/** Taken where a document names no region. */
export const defaultRegion = "cn-hangzhou";

/** The account that owns everything where a document names none. */
export const defaultAccountId = "1000000000000000";

/** The queues of an ENI where nobody asked for a number: the sample of DescribeNetworkInterfaces. */
export const defaultQueueNumber = 2;
const defaultVpcBlock = "10.0.0.0/8";
const defaultVSwitchBlock = "10.0.0.0/16";

type Listed<Key extends ListName> = NonNullable<StateDocument[Key]>[number];
type ListedEni = Listed<"networkInterfaces">;
type ListedInstance = Listed<"instances">;

function refuse(path: string, problem: string): never {
  throw new StateDocumentError([`${path}: ${problem}`]);
}

/** Fills a document's gaps, checks what its ids refer to, and makes the resources. */
export function loadState(document: StateDocument, nowMs: number): Resources {
  return new Loading(document, nowMs).resources;
}

class Loading {
  readonly resources: Resources = {
    vpcs: new Map(),
    vSwitches: new Map(),
    securityGroups: new Map(),
    instances: new Map(),
    networkInterfaces: new Map(),
    eips: new Map(),
    occupiedAddresses: new Map(),
  };
  readonly #document: StateDocument;
  readonly #nowMs: number;
  readonly #accountId: string;

  constructor(document: StateDocument, nowMs: number) {
    this.#document = document;
    this.#nowMs = nowMs;
    this.#accountId = document.accountId ?? defaultAccountId;
    for (const [index, vpc] of (document.vpcs ?? []).entries()) this.#loadVpc(vpc, `vpcs[${index}]`);
    for (const [index, vSwitch] of (document.vSwitches ?? []).entries())
      this.#loadVSwitch(vSwitch, `vSwitches[${index}]`);
    for (const [index, occupied] of (document.occupiedAddresses ?? []).entries())
      this.#loadOccupiedAddresses(occupied, `occupiedAddresses[${index}]`);
    for (const [index, instance] of (document.instances ?? []).entries())
      this.#loadInstance(instance, `instances[${index}]`);
    this.#loadNetworkInterfaces();
    this.#loadSecurityGroups();
    this.#loadEips();
  }

  #add<Resource>(kind: Map<string, Resource>, id: string, resource: Resource, path: string): void {
    if (kind.has(id)) refuse(path, `"${id}" is listed twice`);
    kind.set(id, resource);
  }

  #begin(followUp: FollowUp | undefined) {
    return followUp && begin(followUp, this.#nowMs);
  }

  /* VPCs and vSwitches */

  #loadVpc(listed: Listed<"vpcs">, path: string): void {
    this.#add(
      this.resources.vpcs,
      listed.VpcId,
      {
        VpcId: listed.VpcId,
        RegionId: listed.RegionId ?? defaultRegion,
        VpcName: listed.VpcName ?? "",
        Description: listed.Description ?? "",
        CreationTime: listed.CreationTime ?? apiTime(this.#nowMs),
        CidrBlock: listed.CidrBlock ?? defaultVpcBlock,
        Ipv6CidrBlock: canonicalBlock(listed.Ipv6CidrBlock),
        Tags: listed.Tags ?? { Tag: [] },
        Status: listed.Status ?? "Available",
        StatusTransition: this.#begin(listed.StatusTransition),
      },
      path,
    );
  }

  /** The region's first VPC, which is made where there is none. */
  #vpcOf(region: string): Vpc {
    for (const vpc of this.resources.vpcs.values()) if (vpc.RegionId === region) return vpc;
    const id = region === defaultRegion ? "vpc-default" : `vpc-default-${region}`;
    this.#loadVpc({ VpcId: id, RegionId: region }, "vpcs");
    return this.#vpcOf(region);
  }

  /** The VPC that something lies in, by its name or by the region. */
  #vpcNamedBy({ VpcId, RegionId }: Pick<Listed<"vSwitches">, "VpcId" | "RegionId">, path: string): Vpc {
    const vpc =
      VpcId === undefined
        ? this.#vpcOf(RegionId ?? defaultRegion)
        : (this.resources.vpcs.get(VpcId) ?? refuse(`${path}.VpcId`, `"${VpcId}" is not listed in vpcs`));
    if (RegionId !== undefined && RegionId !== vpc.RegionId)
      refuse(`${path}.RegionId`, `must be ${vpc.RegionId}, the region of ${vpc.VpcId}`);
    return vpc;
  }

  #loadVSwitch(listed: Listed<"vSwitches">, path: string): void {
    const vpc = this.#vpcNamedBy(listed, path);
    const text = listed.CidrBlock ?? this.#freeBlock(vpc, path);
    const neighbour = this.#vSwitchOverlapping(vpc.VpcId, blockOf(text));
    if (neighbour)
      refuse(`${path}.CidrBlock`, `${text} overlaps ${neighbour.CidrBlock} of ${neighbour.VSwitchId}`);
    this.#add(
      this.resources.vSwitches,
      listed.VSwitchId,
      {
        VSwitchId: listed.VSwitchId,
        OwnerId: listed.OwnerId ?? Number(this.#accountId),
        VpcId: vpc.VpcId,
        RegionId: vpc.RegionId,
        ZoneId: listed.ZoneId ?? `${vpc.RegionId}-a`,
        VSwitchName: listed.VSwitchName ?? "",
        Description: listed.Description ?? "",
        CreationTime: listed.CreationTime ?? apiTime(this.#nowMs),
        CidrBlock: text,
        Ipv6CidrBlock: this.#vSwitchIpv6Block(listed, vpc, path),
        Tags: listed.Tags ?? { Tag: [] },
        Status: listed.Status ?? "Available",
        StatusTransition: this.#begin(listed.StatusTransition),
      },
      path,
    );
  }

  #vSwitchIpv6Block(listed: Listed<"vSwitches">, vpc: Vpc, path: string): string {
    const text = canonicalBlock(listed.Ipv6CidrBlock);
    if (text === "") return text;
    const [own, whole] = [parseIpv6Block(text), parseIpv6Block(vpc.Ipv6CidrBlock)];
    if (!own || !whole || !isWithin(own, whole))
      refuse(`${path}.Ipv6CidrBlock`, `${text} is not within "${vpc.Ipv6CidrBlock}" of ${vpc.VpcId}`);
    for (const other of this.resources.vSwitches.values())
      if (other.VpcId === vpc.VpcId && other.Ipv6CidrBlock === text)
        refuse(`${path}.Ipv6CidrBlock`, `${text} is that of ${other.VSwitchId} already`);
    return text;
  }

  #vSwitchOverlapping(vpcId: string, block: Block): VSwitch | undefined {
    return [...this.resources.vSwitches.values()].find(
      (vSwitch) => vSwitch.VpcId === vpcId && overlap(blockOf(vSwitch.CidrBlock), block),
    );
  }

  /** The first /24 of the VPC that no vSwitch has, nor is given to one further down in the document. */
  #freeBlock(vpc: Vpc, path: string): string {
    const whole = blockOf(vpc.CidrBlock);
    const given = (this.#document.vSwitches ?? []).flatMap(({ CidrBlock }) =>
      CidrBlock === undefined ? [] : [blockOf(CidrBlock)],
    );
    for (let first = whole.first; first + 255 <= whole.last; first += 256) {
      const block: Block = { text: `${formatAddress(first)}/24`, first, last: first + 255, prefixLength: 24 };
      if (!this.#vSwitchOverlapping(vpc.VpcId, block) && !given.some((other) => overlap(block, other)))
        return block.text;
    }
    return refuse(`${path}.CidrBlock`, `${vpc.VpcId} (${vpc.CidrBlock}) has no free /24 left: give one`);
  }

  /** The region's first vSwitch, which is made where there is none. */
  #vSwitchOf(region: string): VSwitch {
    for (const vSwitch of this.resources.vSwitches.values()) if (vSwitch.RegionId === region) return vSwitch;
    const vpc = this.#vpcOf(region);
    const id = region === defaultRegion ? "vsw-default" : `vsw-default-${region}`;
    const roomy = contains(blockOf(vpc.CidrBlock), blockOf(defaultVSwitchBlock).first);
    this.#loadVSwitch(
      { VSwitchId: id, VpcId: vpc.VpcId, ...(roomy && { CidrBlock: defaultVSwitchBlock }) },
      "vSwitches",
    );
    return this.#vSwitchOf(region);
  }

  #vSwitchNamed(id: string, path: string): VSwitch {
    return this.resources.vSwitches.get(id) ?? refuse(path, `"${id}" is not listed in vSwitches`);
  }

  #loadOccupiedAddresses(listed: Listed<"occupiedAddresses">, path: string): void {
    const { Address, VSwitchId } = listed;
    const [first, last] = endsOf(Address);
    const holds = ({ CidrBlock }: VSwitch) =>
      contains(blockOf(CidrBlock), first) && contains(blockOf(CidrBlock), last);
    const vSwitch =
      VSwitchId === undefined
        ? [...this.resources.vSwitches.values()].find(holds)
        : this.#vSwitchNamed(VSwitchId, `${path}.VSwitchId`);
    if (!vSwitch || !holds(vSwitch))
      refuse(`${path}.Address`, `${Address} is in no vSwitch, or not in the one that is named`);
    const others = this.#occupiedIn(vSwitch);
    if (new Occupancy(blockOf(vSwitch.CidrBlock), [], { occupied: others }).holderWithin(Address))
      refuse(`${path}.Address`, `${Address} is listed twice`);
    const occupied = { VSwitchId: vSwitch.VSwitchId, Address, By: listed.By ?? "RDS" };
    this.resources.occupiedAddresses.set(`${vSwitch.VSwitchId} ${Address}`, occupied);
  }

  #occupiedIn({ VSwitchId }: VSwitch): OccupiedAddresses[] {
    return [...this.resources.occupiedAddresses.values()].filter((one) => one.VSwitchId === VSwitchId);
  }

  /* Instances */

  #loadInstance(listed: ListedInstance, path: string): void {
    const wanted = listed.VpcAttributes?.VSwitchId ?? this.#listedPrimaryOf(listed.InstanceId)?.VSwitchId;
    const vSwitch =
      wanted === undefined
        ? this.#vSwitchOf(listed.RegionId ?? defaultRegion)
        : this.#vSwitchNamed(wanted, `${path}.VpcAttributes.VSwitchId`);
    if (listed.RegionId !== undefined && listed.RegionId !== vSwitch.RegionId)
      refuse(`${path}.RegionId`, `must be ${vSwitch.RegionId}, the region of ${vSwitch.VSwitchId}`);
    this.#add(
      this.resources.instances,
      listed.InstanceId,
      {
        InstanceId: listed.InstanceId,
        InstanceName: listed.InstanceName ?? listed.InstanceId,
        RegionId: vSwitch.RegionId,
        ZoneId: listed.ZoneId ?? vSwitch.ZoneId,
        InstanceType: listed.InstanceType ?? defaultInstanceType,
        ImageId: listed.ImageId ?? "",
        Description: listed.Description ?? "",
        CreationTime: listed.CreationTime ?? apiTime(this.#nowMs),
        Tags: listed.Tags ?? { Tag: [] },
        VpcAttributes: { VpcId: vSwitch.VpcId, VSwitchId: vSwitch.VSwitchId },
        Status: listed.Status ?? "Running",
        StatusTransition: this.#begin(listed.StatusTransition),
      },
      path,
    );
  }

  #listedPrimaryOf(instanceId: string): ListedEni | undefined {
    return this.#document.networkInterfaces?.find(
      (eni) => eni.Type === "Primary" && eni.InstanceId === instanceId,
    );
  }

  /* ENIs */

  #loadNetworkInterfaces(): void {
    const listed: [ListedEni, string][] = (this.#document.networkInterfaces ?? []).map((eni, index) => [
      eni,
      `networkInterfaces[${index}]`,
    ]);
    // Every instance has a primary ENI, listed or not.
    for (const instance of this.resources.instances.values())
      if (!this.#listedPrimaryOf(instance.InstanceId))
        listed.push([
          {
            NetworkInterfaceId: `eni-${instance.InstanceId.slice("i-".length)}-primary`,
            InstanceId: instance.InstanceId,
            Type: "Primary",
          },
          `the primary ENI of ${instance.InstanceId}`,
        ]);
    for (const [eni, path] of listed) this.#loadNetworkInterface(eni, path);
    this.#checkHolders();
    this.#checkIpv6Holders();
    this.#pickPrimaryAddresses();
  }

  #loadNetworkInterface(listed: ListedEni, path: string): void {
    const instanceId = listed.InstanceId === "" ? undefined : listed.InstanceId;
    const instance =
      instanceId === undefined
        ? undefined
        : (this.resources.instances.get(instanceId) ??
          refuse(`${path}.InstanceId`, `"${instanceId}" is not listed in instances`));
    const vSwitch = this.#vSwitchFor(listed, instance, path);
    const type = listed.Type ?? "Secondary";
    if (type === "Primary" && !instance) refuse(`${path}.InstanceId`, "a primary ENI must name its instance");
    const twin = this.#primaryOf(instanceId);
    if (type === "Primary" && twin)
      refuse(`${path}.Type`, `${instanceId ?? ""} has a primary ENI already: ${twin.NetworkInterfaceId}`);
    this.#add(
      this.resources.networkInterfaces,
      listed.NetworkInterfaceId,
      {
        NetworkInterfaceId: listed.NetworkInterfaceId,
        NetworkInterfaceName: listed.NetworkInterfaceName ?? "",
        Description: listed.Description ?? "",
        RegionId: vSwitch.RegionId,
        ZoneId: listed.ZoneId ?? vSwitch.ZoneId,
        VpcId: vSwitch.VpcId,
        VSwitchId: vSwitch.VSwitchId,
        Type: type,
        MacAddress: listed.MacAddress ?? macAddress(listed.NetworkInterfaceId),
        OwnerId: listed.OwnerId ?? this.#accountId,
        CreationTime: listed.CreationTime ?? apiTime(this.#nowMs),
        ServiceManaged: listed.ServiceManaged ?? false,
        ServiceID: listed.ServiceID,
        ResourceGroupId: listed.ResourceGroupId ?? "",
        DeleteOnRelease: listed.DeleteOnRelease ?? type === "Primary",
        SourceDestCheck: listed.SourceDestCheck ?? false,
        QueueNumber: listed.QueueNumber ?? defaultQueueNumber,
        SecurityGroupIds: listed.SecurityGroupIds ?? {
          SecurityGroupId: [defaultSecurityGroupId(vSwitch.VpcId)],
        },
        Tags: listed.Tags ?? { Tag: [] },
        Status: listed.Status ?? (instance ? "InUse" : "Available"),
        StatusTransition: this.#begin(listed.StatusTransition),
        InstanceId: instanceId,
        PrivateIpSets: { PrivateIpSet: addressesOf(listed, path) },
        Ipv4PrefixSets: {
          Ipv4PrefixSet: (listed.Ipv4PrefixSets?.Ipv4PrefixSet ?? []).map(({ Ipv4Prefix }) => ({
            Ipv4Prefix,
          })),
        },
        Ipv6Sets: {
          Ipv6Set: (listed.Ipv6Sets?.Ipv6Set ?? []).map(({ Ipv6Address }) => ({
            Ipv6Address: canonicalIpv6(Ipv6Address) ?? Ipv6Address,
          })),
        },
        Ipv6PrefixSets: {
          Ipv6PrefixSet: (listed.Ipv6PrefixSets?.Ipv6PrefixSet ?? []).map(({ Ipv6Prefix }) => ({
            Ipv6Prefix: canonicalBlock(Ipv6Prefix),
          })),
        },
      },
      path,
    );
  }

  #primaryOf(instanceId: string | undefined): NetworkInterface | undefined {
    return [...this.resources.networkInterfaces.values()].find(
      (eni) => eni.Type === "Primary" && eni.InstanceId === instanceId,
    );
  }

  #vSwitchFor(listed: ListedEni, instance: Instance | undefined, path: string): VSwitch {
    const region = listed.RegionId ?? instance?.RegionId ?? defaultRegion;
    const ofVpc = [...this.resources.vSwitches.values()].find((vSwitch) => vSwitch.VpcId === listed.VpcId);
    const id = listed.VSwitchId ?? ofVpc?.VSwitchId ?? instance?.VpcAttributes.VSwitchId;
    const vSwitch = id === undefined ? this.#vSwitchOf(region) : this.#vSwitchNamed(id, `${path}.VSwitchId`);
    if (listed.RegionId !== undefined && listed.RegionId !== vSwitch.RegionId)
      refuse(`${path}.RegionId`, `must be ${vSwitch.RegionId}, the region of ${vSwitch.VSwitchId}`);
    if (listed.VpcId !== undefined && listed.VpcId !== vSwitch.VpcId)
      refuse(`${path}.VpcId`, `must be ${vSwitch.VpcId}, the VPC of ${vSwitch.VSwitchId}`);
    return vSwitch;
  }

  /** No address outside the vSwitch, none that two ENIs hold. */
  #checkHolders(): void {
    const loaded = this.resources.networkInterfaces;
    for (const vSwitch of this.resources.vSwitches.values()) {
      const block = blockOf(vSwitch.CidrBlock);
      const occupancy = new Occupancy(block, [], { occupied: this.#occupiedIn(vSwitch) });
      for (const [id, eni] of loaded) {
        if (eni.VSwitchId !== vSwitch.VSwitchId) continue;
        for (const { PrivateIpAddress } of eni.PrivateIpSets.PrivateIpSet) {
          if (!occupancy.isUsable(PrivateIpAddress))
            refuse(
              id,
              `${PrivateIpAddress} is outside ${vSwitch.CidrBlock} of ${vSwitch.VSwitchId}, or reserved in it`,
            );
          const holder = occupancy.holderOf(PrivateIpAddress);
          if (holder !== undefined) refuse(id, `${PrivateIpAddress} is held by ${holder} already`);
          occupancy.take(PrivateIpAddress, id);
        }
        for (const { Ipv4Prefix } of eni.Ipv4PrefixSets.Ipv4PrefixSet) {
          if (!contains(block, prefixBlock(Ipv4Prefix).first) || !occupancy.isPrefixUsable(Ipv4Prefix))
            refuse(
              id,
              `${Ipv4Prefix} is outside ${vSwitch.CidrBlock} of ${vSwitch.VSwitchId}, or reserved in it`,
            );
          const holder = occupancy.holderWithin(Ipv4Prefix);
          if (holder !== undefined) refuse(id, `an address of ${Ipv4Prefix} is held by ${holder} already`);
          occupancy.takePrefix(Ipv4Prefix, id);
        }
      }
    }
  }

  #checkIpv6Holders(): void {
    for (const eni of this.resources.networkInterfaces.values()) {
      const id = eni.NetworkInterfaceId;
      const vSwitch = this.#vSwitchNamed(eni.VSwitchId, id);
      const addresses = eni.Ipv6Sets.Ipv6Set.map((set) => set.Ipv6Address);
      const prefixes = eni.Ipv6PrefixSets.Ipv6PrefixSet.map((set) => set.Ipv6Prefix);
      if (addresses.length + prefixes.length === 0) continue;
      const block = parseIpv6Block(vSwitch.Ipv6CidrBlock);
      if (!block) refuse(id, `${vSwitch.VSwitchId} has no Ipv6CidrBlock`);
      const others = [...this.resources.networkInterfaces.values()].filter(
        (other) => other !== eni && other.VSwitchId === eni.VSwitchId,
      );
      const occupancy = new Ipv6Occupancy(block, others);
      const outside = `is outside ${block.text} of ${vSwitch.VSwitchId}, or reserved in it`;
      for (const address of addresses) {
        if (!occupancy.isUsable(address)) refuse(id, `${address} ${outside}`);
        if (occupancy.holderOf(address) !== undefined) refuse(id, `${address} is held already`);
        occupancy.take(address, id);
      }
      for (const prefix of prefixes) {
        if (!occupancy.isPrefixUsable(prefix)) refuse(id, `${prefix} ${outside}`);
        if (occupancy.holderWithin(prefix) !== undefined)
          refuse(id, `an address of ${prefix} is held already`);
        occupancy.takePrefix(prefix, id);
      }
    }
  }

  /** After every address that the document gives is taken. */
  #pickPrimaryAddresses(): void {
    for (const vSwitch of this.resources.vSwitches.values()) {
      const enis = [...this.resources.networkInterfaces.values()].filter(
        (eni) => eni.VSwitchId === vSwitch.VSwitchId,
      );
      const without = enis.filter((eni) => !eni.PrivateIpSets.PrivateIpSet.some((ip) => ip.Primary));
      const free = new Occupancy(blockOf(vSwitch.CidrBlock), enis, {
        occupied: this.#occupiedIn(vSwitch),
      }).free(without.length);
      for (const [index, eni] of without.entries()) {
        const address =
          free[index] ?? refuse(eni.NetworkInterfaceId, `${vSwitch.VSwitchId} has no free address`);
        eni.PrivateIpSets.PrivateIpSet.unshift({ PrivateIpAddress: address, Primary: true });
      }
    }
  }

  /* Security groups */

  /** Those of the document, one for every VPC, and those that ENIs are in without being listed. */
  #loadSecurityGroups(): void {
    for (const [index, group] of (this.#document.securityGroups ?? []).entries())
      this.#loadSecurityGroup(group, `securityGroups[${index}]`);
    const groups = this.resources.securityGroups;
    for (const { VpcId } of this.resources.vpcs.values()) {
      const id = defaultSecurityGroupId(VpcId);
      if (!groups.has(id)) this.#loadSecurityGroup({ SecurityGroupId: id, VpcId }, id);
    }
    for (const eni of this.resources.networkInterfaces.values())
      for (const id of eni.SecurityGroupIds.SecurityGroupId)
        if (!groups.has(id)) this.#loadSecurityGroup({ SecurityGroupId: id, VpcId: eni.VpcId }, id);
  }

  #loadSecurityGroup(listed: Listed<"securityGroups">, path: string): void {
    const vpc = this.#vpcNamedBy(listed, path);
    this.#add(
      this.resources.securityGroups,
      listed.SecurityGroupId,
      {
        SecurityGroupId: listed.SecurityGroupId,
        RegionId: vpc.RegionId,
        VpcId: vpc.VpcId,
        SecurityGroupName: listed.SecurityGroupName ?? "",
        Description: listed.Description ?? "",
        SecurityGroupType: listed.SecurityGroupType ?? "normal",
        CreationTime: listed.CreationTime ?? apiTime(this.#nowMs),
        Tags: listed.Tags ?? { Tag: [] },
      },
      path,
    );
  }

  /* EIPs */

  #loadEips(): void {
    const listed: [Listed<"eips">, string][] = (this.#document.eips ?? []).map((eip, index) => [
      eip,
      `eips[${index}]`,
    ]);
    const known = new Set(listed.map(([eip]) => eip.AllocationId));
    for (const [index, eni] of (this.#document.networkInterfaces ?? []).entries())
      for (const ip of eni.PrivateIpSets?.PrivateIpSet ?? []) {
        const eip = eipOf(eni.NetworkInterfaceId, ip);
        if (eip && !known.has(eip.AllocationId))
          listed.push([eip, `networkInterfaces[${index}].PrivateIpSets`]);
      }
    for (const [eip, path] of listed) this.#loadEip(eip, path);
  }

  #loadEip(listed: Listed<"eips">, path: string): void {
    const eniId = listed.InstanceId === "" ? undefined : listed.InstanceId;
    const eni =
      eniId === undefined
        ? undefined
        : (this.resources.networkInterfaces.get(eniId) ??
          refuse(`${path}.InstanceId`, `"${eniId}" is not listed in networkInterfaces`));
    const address = eni && (listed.PrivateIpAddress ?? primaryAddress(eni));
    if (eni && !eni.PrivateIpSets.PrivateIpSet.some((ip) => ip.PrivateIpAddress === address))
      refuse(`${path}.PrivateIpAddress`, `${address ?? ""} is not an address of ${eni.NetworkInterfaceId}`);
    this.#add(
      this.resources.eips,
      listed.AllocationId,
      {
        AllocationId: listed.AllocationId,
        RegionId: listed.RegionId ?? eni?.RegionId ?? defaultRegion,
        IpAddress: listed.IpAddress ?? formatAddress(addressNumber("47.100.0.1") + this.resources.eips.size),
        InstanceId: eniId,
        PrivateIpAddress: address,
      },
      path,
    );
  }
}

/** The first and the last number of an address or a block. */
function endsOf(item: string): readonly [number, number] {
  if (!item.includes("/")) return [addressNumber(item), addressNumber(item)];
  const { first, last } = blockOf(item);
  return [first, last];
}

/** An IPv6 block in its canonical spelling; "" stays. */
function canonicalBlock(text = ""): string {
  return parseIpv6Block(text)?.text ?? text;
}

/** The addresses that a document gives, the primary first; `PrivateIpAddress` names it where no entry does. */
function addressesOf(listed: ListedEni, path: string): PrivateIp[] {
  const given: PrivateIp[] = (listed.PrivateIpSets?.PrivateIpSet ?? []).map((ip) => ({
    PrivateIpAddress: ip.PrivateIpAddress,
    Primary: ip.Primary ?? ip.PrivateIpAddress === listed.PrivateIpAddress,
  }));
  const primaries = given.filter((ip) => ip.Primary);
  if (primaries.length > 1) refuse(`${path}.PrivateIpSets`, "only one address can be the primary");
  const named = listed.PrivateIpAddress;
  const [primary] = primaries;
  if (primary && named !== undefined && primary.PrivateIpAddress !== named)
    refuse(`${path}.PrivateIpAddress`, `${named} is not the entry of PrivateIpSets that has Primary true`);
  if (!primary && named !== undefined) given.unshift({ PrivateIpAddress: named, Primary: true });
  return given.sort((a, b) => Number(b.Primary) - Number(a.Primary));
}

/** The EIP that an entry of PrivateIpSets speaks of, as DescribeNetworkInterfaces shows it. */
function eipOf(
  eniId: string,
  ip: NonNullable<ListedEni["PrivateIpSets"]>["PrivateIpSet"][number],
): Listed<"eips"> | undefined {
  const shown = ip.AssociatedPublicIp;
  if (!shown || (shown.AllocationId === undefined && shown.PublicIpAddress === undefined)) return undefined;
  const derivedId = `eip-${eniId.slice("eni-".length)}-${ip.PrivateIpAddress.replaceAll(".", "-")}`;
  return {
    AllocationId: shown.AllocationId ?? derivedId,
    InstanceId: eniId,
    PrivateIpAddress: ip.PrivateIpAddress,
    ...(shown.PublicIpAddress !== undefined && { IpAddress: shown.PublicIpAddress }),
  };
}
