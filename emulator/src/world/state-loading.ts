import { blockOf, contains } from "./addresses";
import type { AddressSpace } from "./address-space";
import { CidrMap } from "./cidr-map";
import { eipAddressPicker } from "./eip-addresses";
import { rangeOfText } from "./held-addresses";
import { apiTime, macAddress } from "./identifiers";
import { defaultInstanceType } from "./instance-types";
import { canonicalIpv6, isWithin, parseIpv6Block } from "./ipv6";
import { Ipv6Occupancy } from "./ipv6-occupancy";
import { Occupancy } from "./occupancy";
import type { Instance, NetworkInterface, PrivateIp, Vpc, VSwitch } from "./resources";
import { defaultSecurityGroupId, defaultSystemDisk, primaryAddress } from "./resources";
import type { ListName, StateDocument } from "./state-document";
import { StateDocumentError } from "./state-document";
import type { Table } from "./table";
import type { Resources } from "./tables";
import { begin } from "./transitions";
import type { FollowUp } from "./transitions";

/** Taken where a document names no region. */
export const defaultRegion = "cn-hangzhou";

/** The account that owns everything where a document names none. */
export const defaultAccountId = "1000000000000000";

/** The queues of an ENI where no call asked for a number: the sample of DescribeNetworkInterfaces. */
export const defaultQueueNumber = 2;
const defaultVpcBlock = "10.0.0.0/8";
const defaultVSwitchBlock = "10.0.0.0/16";

type Listed<Key extends ListName> = NonNullable<StateDocument[Key]>[number];
type ListedEni = Listed<"networkInterfaces">;
type ListedInstance = Listed<"instances">;

function refuse(path: string, problem: string): never {
  throw new StateDocumentError([`${path}: ${problem}`]);
}

/** What a document is loaded into. */
export interface LoadingPlace {
  readonly resources: Resources;
  readonly space: AddressSpace;
  readonly nowMs: number;
  readonly accountId: string;
}

/**
 * Fills a document's gaps, checks what its ids refer to, and puts the resources into the tables: into empty ones, or in the
 * place of those with the same ids. The addresses of the latter must be free already. A document that is refused may have
 * changed the tables in part.
 */
export function loadState(document: StateDocument, place: LoadingPlace): void {
  new Loading(document, place).load();
}

class Loading {
  readonly #document: StateDocument;
  readonly #resources: Resources;
  readonly #space: AddressSpace;
  readonly #nowMs: number;
  readonly #accountId: string;
  /** The ids of the document that were loaded. */
  readonly #loaded = new Set<string>();
  readonly #listedPrimaries = new Map<string, ListedEni>();
  /** The primary ENI of each instance, by the ENIs that were loaded. */
  readonly #primaries = new Map<string, string>();
  /** The ENIs that get their primary address at the end. */
  readonly #withoutPrimary: string[] = [];
  /** The blocks that the document gives to vSwitches. */
  readonly #givenBlocks = new CidrMap<true>();

  constructor(document: StateDocument, { resources, space, nowMs, accountId }: LoadingPlace) {
    this.#document = document;
    this.#resources = resources;
    this.#space = space;
    this.#nowMs = nowMs;
    this.#accountId = accountId;
    for (const eni of document.networkInterfaces ?? [])
      if (
        eni.Type === "Primary" &&
        eni.InstanceId !== undefined &&
        !this.#listedPrimaries.has(eni.InstanceId)
      )
        this.#listedPrimaries.set(eni.InstanceId, eni);
    for (const { CidrBlock } of document.vSwitches ?? [])
      if (CidrBlock !== undefined) this.#givenBlocks.set(blockOf(CidrBlock), true);
  }

  load(): void {
    const { vpcs, vSwitches, occupiedAddresses, instances } = this.#document;
    for (const [index, vpc] of (vpcs ?? []).entries()) this.#loadVpc(vpc, `vpcs[${index}]`);
    for (const [index, vSwitch] of (vSwitches ?? []).entries())
      this.#loadVSwitch(vSwitch, `vSwitches[${index}]`);
    for (const [index, occupied] of (occupiedAddresses ?? []).entries())
      this.#loadOccupiedAddresses(occupied, `occupiedAddresses[${index}]`);
    for (const [index, instance] of (instances ?? []).entries())
      this.#loadInstance(instance, `instances[${index}]`);
    this.#loadNetworkInterfaces();
    this.#loadSecurityGroups();
    this.#loadEips();
  }

  /** Puts a resource into its table; one that the document does not list must not be there yet. */
  #add<Resource extends object>(
    table: Table<Resource, string>,
    id: string,
    resource: Resource,
    path: string,
    isListed = true,
  ): void {
    if (this.#loaded.has(id) || (!isListed && table.has(id))) refuse(path, `"${id}" is listed twice`);
    this.#loaded.add(id);
    table.set(id, resource);
  }

  #begin(followUp: FollowUp | undefined) {
    return followUp && begin(followUp, this.#nowMs);
  }

  /* VPCs and vSwitches */

  #loadVpc(listed: Listed<"vpcs">, path: string): void {
    this.#add(
      this.#resources.vpcs,
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
    const present = this.#resources.vpcs.firstWhere("RegionId", region);
    if (present) return present;
    const id = region === defaultRegion ? "vpc-default" : `vpc-default-${region}`;
    this.#loadVpc({ VpcId: id, RegionId: region }, "vpcs");
    return this.#vpcOf(region);
  }

  /** The VPC that something lies in, by its name or by the region. */
  #vpcNamedBy({ VpcId, RegionId }: Pick<Listed<"vSwitches">, "VpcId" | "RegionId">, path: string): Vpc {
    const vpc =
      VpcId === undefined
        ? this.#vpcOf(RegionId ?? defaultRegion)
        : (this.#resources.vpcs.get(VpcId) ?? refuse(`${path}.VpcId`, `"${VpcId}" is not listed in vpcs`));
    if (RegionId !== undefined && RegionId !== vpc.RegionId)
      refuse(`${path}.RegionId`, `must be ${vpc.RegionId}, the region of ${vpc.VpcId}`);
    return vpc;
  }

  #loadVSwitch(listed: Listed<"vSwitches">, path: string): void {
    const vpc = this.#vpcNamedBy(listed, path);
    const text = listed.CidrBlock ?? this.#freeBlock(vpc, path);
    const neighbour = this.#space.blocksIn(vpc.VpcId).overlapping(blockOf(text));
    if (neighbour !== undefined && neighbour !== listed.VSwitchId) {
      const other = this.#vSwitchNamed(neighbour, path);
      refuse(`${path}.CidrBlock`, `${text} overlaps ${other.CidrBlock} of ${neighbour}`);
    }
    this.#add(
      this.#resources.vSwitches,
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
    const twin = this.#resources.vSwitches
      .where("VpcId Ipv6CidrBlock", `${vpc.VpcId} ${text}`)
      .find(({ VSwitchId }) => VSwitchId !== listed.VSwitchId);
    if (twin) refuse(`${path}.Ipv6CidrBlock`, `${text} is that of ${twin.VSwitchId} already`);
    return text;
  }

  /** The first /24 of the VPC that no vSwitch has, nor is given to one further down in the document. */
  #freeBlock(vpc: Vpc, path: string): string {
    const block = this.#space.freeBlock(vpc, this.#givenBlocks);
    if (block !== undefined) return block;
    return refuse(`${path}.CidrBlock`, `${vpc.VpcId} (${vpc.CidrBlock}) has no free /24 left: give one`);
  }

  /** The region's first vSwitch, which is made where there is none. */
  #vSwitchOf(region: string): VSwitch {
    const present = this.#resources.vSwitches.firstWhere("RegionId", region);
    if (present) return present;
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
    return this.#resources.vSwitches.get(id) ?? refuse(path, `"${id}" is not listed in vSwitches`);
  }

  #loadOccupiedAddresses(listed: Listed<"occupiedAddresses">, path: string): void {
    const { Address, VSwitchId } = listed;
    const { first, last } = rangeOfText(Address);
    const holds = ({ CidrBlock }: VSwitch) =>
      contains(blockOf(CidrBlock), first) && contains(blockOf(CidrBlock), last);
    const vSwitch =
      VSwitchId === undefined
        ? this.#vSwitchHolding(first, holds)
        : this.#vSwitchNamed(VSwitchId, `${path}.VSwitchId`);
    if (!vSwitch || !holds(vSwitch))
      refuse(`${path}.Address`, `${Address} is in no vSwitch, or not in the one that is named`);
    const key = `${vSwitch.VSwitchId} ${Address}`;
    const holder = this.#space.heldIn(vSwitch).holderWithin({ first, last });
    if (holder !== undefined && this.#resources.networkInterfaces.has(holder))
      refuse(`${path}.Address`, `an address of ${Address} is held by ${holder} already`);
    if (holder !== undefined) refuse(`${path}.Address`, `${Address} is listed twice`);
    const occupied = { VSwitchId: vSwitch.VSwitchId, Address, By: listed.By ?? "RDS" };
    this.#resources.occupiedAddresses.set(key, occupied);
  }

  /** The first vSwitch that has these addresses: two VPCs may have the same ones. */
  #vSwitchHolding(first: number, holds: (vSwitch: VSwitch) => boolean): VSwitch | undefined {
    for (const vpcId of this.#resources.vpcs.keys()) {
      const id = this.#space.blocksIn(vpcId).containing(first);
      const vSwitch = id === undefined ? undefined : this.#resources.vSwitches.get(id);
      if (vSwitch && holds(vSwitch)) return vSwitch;
    }
    return undefined;
  }

  /* Instances */

  #loadInstance(listed: ListedInstance, path: string): void {
    const wanted = listed.VpcAttributes?.VSwitchId ?? this.#listedPrimaries.get(listed.InstanceId)?.VSwitchId;
    const vSwitch =
      wanted === undefined
        ? this.#vSwitchOf(listed.RegionId ?? defaultRegion)
        : this.#vSwitchNamed(wanted, `${path}.VpcAttributes.VSwitchId`);
    if (listed.RegionId !== undefined && listed.RegionId !== vSwitch.RegionId)
      refuse(`${path}.RegionId`, `must be ${vSwitch.RegionId}, the region of ${vSwitch.VSwitchId}`);
    this.#add(
      this.#resources.instances,
      listed.InstanceId,
      {
        InstanceId: listed.InstanceId,
        InstanceName: listed.InstanceName ?? listed.InstanceId,
        RegionId: vSwitch.RegionId,
        ZoneId: listed.ZoneId ?? vSwitch.ZoneId,
        InstanceType: listed.InstanceType ?? defaultInstanceType,
        ImageId: listed.ImageId ?? "",
        HostName: listed.HostName ?? "",
        UserData: listed.UserData ?? "",
        SystemDisk: listed.SystemDisk ?? defaultSystemDisk,
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

  /* ENIs */

  #loadNetworkInterfaces(): void {
    const listed = [...(this.#document.networkInterfaces ?? []).entries()];
    for (const [index, eni] of listed) this.#loadNetworkInterface(eni, `networkInterfaces[${index}]`);
    // Every instance has a primary ENI, listed or not.
    for (const { InstanceId } of this.#document.instances ?? []) {
      if (this.#primaryOf(InstanceId) !== undefined) continue;
      const NetworkInterfaceId = `eni-${InstanceId.slice("i-".length)}-primary`;
      const path = `the primary ENI of ${InstanceId}`;
      this.#loadNetworkInterface({ NetworkInterfaceId, InstanceId, Type: "Primary" }, path, false);
    }
    this.#pickPrimaryAddresses();
  }

  #loadNetworkInterface(listed: ListedEni, path: string, isListed = true): void {
    const instanceId = listed.InstanceId === "" ? undefined : listed.InstanceId;
    const instance =
      instanceId === undefined
        ? undefined
        : (this.#resources.instances.get(instanceId) ??
          refuse(`${path}.InstanceId`, `"${instanceId}" is not listed in instances`));
    const vSwitch = this.#vSwitchFor(listed, instance, path);
    const type = listed.Type ?? "Secondary";
    if (type === "Primary" && !instance) refuse(`${path}.InstanceId`, "a primary ENI must name its instance");
    if (type === "Primary" && instanceId !== undefined) {
      const twin = this.#primaryOf(instanceId);
      if (twin !== undefined && twin !== listed.NetworkInterfaceId)
        refuse(`${path}.Type`, `${instanceId} has a primary ENI already: ${twin}`);
      this.#primaries.set(instanceId, listed.NetworkInterfaceId);
    }
    const status = listed.Status ?? (instance ? "InUse" : "Available");
    const eni: NetworkInterface = {
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
      Status: status,
      StatusTransition: this.#begin(listed.StatusTransition),
      // An ENI that is Available is attached to no instance.
      InstanceId: status === "Available" ? undefined : instanceId,
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
    };
    this.#checkAddresses(eni, vSwitch);
    this.#checkIpv6Addresses(eni, vSwitch);
    this.#add(this.#resources.networkInterfaces, eni.NetworkInterfaceId, eni, path, isListed);
    if (!eni.PrivateIpSets.PrivateIpSet.some((ip) => ip.Primary))
      this.#withoutPrimary.push(eni.NetworkInterfaceId);
  }

  /** The primary ENI of an instance: of the document, or that of a world that the document changes. */
  #primaryOf(instanceId: string): string | undefined {
    const loaded = this.#primaries.get(instanceId);
    if (loaded !== undefined) return loaded;
    return this.#resources.networkInterfaces
      .where("InstanceId", instanceId)
      .find(({ Type }) => Type === "Primary")?.NetworkInterfaceId;
  }

  #vSwitchFor(listed: ListedEni, instance: Instance | undefined, path: string): VSwitch {
    const region = listed.RegionId ?? instance?.RegionId ?? defaultRegion;
    const ofVpc =
      listed.VpcId === undefined ? undefined : this.#resources.vSwitches.firstWhere("VpcId", listed.VpcId);
    const id = listed.VSwitchId ?? ofVpc?.VSwitchId ?? instance?.VpcAttributes.VSwitchId;
    const vSwitch = id === undefined ? this.#vSwitchOf(region) : this.#vSwitchNamed(id, `${path}.VSwitchId`);
    if (listed.RegionId !== undefined && listed.RegionId !== vSwitch.RegionId)
      refuse(`${path}.RegionId`, `must be ${vSwitch.RegionId}, the region of ${vSwitch.VSwitchId}`);
    if (listed.VpcId !== undefined && listed.VpcId !== vSwitch.VpcId)
      refuse(`${path}.VpcId`, `must be ${vSwitch.VpcId}, the VPC of ${vSwitch.VSwitchId}`);
    return vSwitch;
  }

  /** No address outside the vSwitch, none that two ENIs hold. */
  #checkAddresses(eni: NetworkInterface, vSwitch: VSwitch): void {
    const id = eni.NetworkInterfaceId;
    const occupancy = new Occupancy(this.#space.heldIn(vSwitch));
    const outside = `is outside ${vSwitch.CidrBlock} of ${vSwitch.VSwitchId}, or reserved in it`;
    for (const { PrivateIpAddress } of eni.PrivateIpSets.PrivateIpSet) {
      if (!occupancy.isUsable(PrivateIpAddress)) refuse(id, `${PrivateIpAddress} ${outside}`);
      const holder = occupancy.holderOf(PrivateIpAddress);
      if (holder !== undefined) refuse(id, `${PrivateIpAddress} is held by ${holder} already`);
      occupancy.take(PrivateIpAddress, id);
    }
    for (const { Ipv4Prefix } of eni.Ipv4PrefixSets.Ipv4PrefixSet) {
      if (!occupancy.isPrefixUsable(Ipv4Prefix)) refuse(id, `${Ipv4Prefix} ${outside}`);
      const holder = occupancy.holderWithin(Ipv4Prefix);
      if (holder !== undefined) refuse(id, `an address of ${Ipv4Prefix} is held by ${holder} already`);
      occupancy.take(Ipv4Prefix, id);
    }
  }

  #checkIpv6Addresses(eni: NetworkInterface, vSwitch: VSwitch): void {
    const id = eni.NetworkInterfaceId;
    const addresses = eni.Ipv6Sets.Ipv6Set.map((set) => set.Ipv6Address);
    const prefixes = eni.Ipv6PrefixSets.Ipv6PrefixSet.map((set) => set.Ipv6Prefix);
    if (addresses.length + prefixes.length === 0) return;
    const held = this.#space.heldIpv6In(vSwitch);
    if (!held) refuse(id, `${vSwitch.VSwitchId} has no Ipv6CidrBlock`);
    const occupancy = new Ipv6Occupancy(held);
    const outside = `is outside ${held.block.text} of ${vSwitch.VSwitchId}, or reserved in it`;
    for (const address of addresses) {
      if (!occupancy.isUsable(address)) refuse(id, `${address} ${outside}`);
      if (occupancy.holderOf(address) !== undefined) refuse(id, `${address} is held already`);
      occupancy.take(address, id);
    }
    for (const prefix of prefixes) {
      if (!occupancy.isPrefixUsable(prefix)) refuse(id, `${prefix} ${outside}`);
      if (occupancy.holderWithin(prefix) !== undefined) refuse(id, `an address of ${prefix} is held already`);
      occupancy.take(prefix, id);
    }
  }

  /** After every address that the document gives is taken. */
  #pickPrimaryAddresses(): void {
    const { networkInterfaces } = this.#resources;
    for (const id of this.#withoutPrimary) {
      const eni = networkInterfaces.get(id);
      if (!eni) continue;
      const vSwitch = this.#vSwitchNamed(eni.VSwitchId, id);
      const [address] = new Occupancy(this.#space.heldIn(vSwitch)).free(1);
      if (address === undefined) refuse(id, `${eni.VSwitchId} has no free address`);
      const primary = { PrivateIpAddress: address, Primary: true };
      networkInterfaces.change(id, {
        PrivateIpSets: { PrivateIpSet: [primary, ...eni.PrivateIpSets.PrivateIpSet] },
      });
    }
  }

  /* Security groups */

  /** Those of the document, one for every VPC, and those that ENIs are in without being listed. */
  #loadSecurityGroups(): void {
    for (const [index, group] of (this.#document.securityGroups ?? []).entries())
      this.#loadSecurityGroup(group, `securityGroups[${index}]`);
    const { vpcs, securityGroups, networkInterfaces } = this.#resources;
    for (const id of this.#loaded) {
      const vpc = vpcs.get(id);
      const named = vpc
        ? [defaultSecurityGroupId(id)]
        : (networkInterfaces.get(id)?.SecurityGroupIds.SecurityGroupId ?? []);
      const VpcId = vpc?.VpcId ?? networkInterfaces.get(id)?.VpcId;
      for (const SecurityGroupId of named)
        if (!securityGroups.has(SecurityGroupId))
          this.#loadSecurityGroup({ SecurityGroupId, VpcId }, SecurityGroupId);
    }
  }

  #loadSecurityGroup(listed: Listed<"securityGroups">, path: string): void {
    const vpc = this.#vpcNamedBy(listed, path);
    this.#add(
      this.#resources.securityGroups,
      listed.SecurityGroupId,
      {
        SecurityGroupId: listed.SecurityGroupId,
        RegionId: vpc.RegionId,
        VpcId: vpc.VpcId,
        SecurityGroupName: listed.SecurityGroupName ?? "",
        Description: listed.Description ?? "",
        SecurityGroupType: listed.SecurityGroupType ?? "normal",
        InnerAccessPolicy: listed.InnerAccessPolicy ?? "Accept",
        Permissions: listed.Permissions ?? { Permission: [] },
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
    const isListed = new Set(listed.map(([eip]) => eip.AllocationId));
    for (const [index, eni] of (this.#document.networkInterfaces ?? []).entries())
      for (const ip of eni.PrivateIpSets?.PrivateIpSet ?? []) {
        const eip = eipOf(eni.NetworkInterfaceId, ip);
        if (eip && !isListed.has(eip.AllocationId) && !this.#resources.eips.has(eip.AllocationId))
          listed.push([eip, `networkInterfaces[${index}].PrivateIpSets`]);
      }
    const given = new Set(listed.flatMap(([{ IpAddress }]) => IpAddress ?? []));
    const pickAddress = eipAddressPicker(this.#resources.eips, given);
    for (const [eip, path] of listed) this.#loadEip(eip, path, pickAddress);
  }

  #loadEip(listed: Listed<"eips">, path: string, pickAddress: () => string): void {
    const twin = this.#resources.eips
      .where("IpAddress", listed.IpAddress ?? "")
      .find(({ AllocationId }) => AllocationId !== listed.AllocationId);
    if (twin) refuse(`${path}.IpAddress`, `${twin.IpAddress} is the address of ${twin.AllocationId} already`);
    const eniId = listed.InstanceId === "" ? undefined : listed.InstanceId;
    const eni =
      eniId === undefined
        ? undefined
        : (this.#resources.networkInterfaces.get(eniId) ??
          refuse(`${path}.InstanceId`, `"${eniId}" is not listed in networkInterfaces`));
    const address = eni && (listed.PrivateIpAddress ?? primaryAddress(eni));
    if (eni && !eni.PrivateIpSets.PrivateIpSet.some((ip) => ip.PrivateIpAddress === address))
      refuse(`${path}.PrivateIpAddress`, `${address ?? ""} is not an address of ${eni.NetworkInterfaceId}`);
    this.#add(
      this.#resources.eips,
      listed.AllocationId,
      {
        AllocationId: listed.AllocationId,
        RegionId: listed.RegionId ?? eni?.RegionId ?? defaultRegion,
        IpAddress: listed.IpAddress ?? pickAddress(),
        Name: listed.Name ?? "",
        Description: listed.Description ?? "",
        Bandwidth: listed.Bandwidth ?? "5",
        InternetChargeType: listed.InternetChargeType ?? "PayByTraffic",
        AllocationTime: listed.AllocationTime ?? apiTime(this.#nowMs),
        Tags: listed.Tags ?? { Tag: [] },
        InstanceId: eniId,
        PrivateIpAddress: address,
      },
      path,
    );
  }
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
