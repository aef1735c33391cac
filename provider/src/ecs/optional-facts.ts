import { EcsError } from "./ecs-error";
import { type EcsPort, type NetworkInterface } from "./port";
import { type Deadline } from "../shared/deadline";

/**
 * Secondary addresses that an ENI in status Available can hold, attached to nothing
 * (https://api.aliyun.com/document/Ecs/2014-05-26/AssignPrivateIpAddresses, PrivateIpAddress.N). One that is InUse
 * is bounded by its instance's type.
 */
const availableEniCapacity = 49;

/** A look ahead at a VPC's instances is worth at most this many pages of 100. */
const lookAheadPages = 10;

/**
 * How many secondary addresses and prefixes an ENI can hold: 49 while it is Available, and what the type of its instance
 * allows while it is attached. Optional knowledge, read once: it orders calls so that none is refused, and finds a plan
 * that cannot fit before its first call. Where it is refused or out of reach, that is said once and nothing fails.
 *
 * @internal
 */
export class QuotaReader {
  private readonly typeOf = new Map<string, string>();
  private readonly capacityOfType = new Map<string, number>();
  private readonly asked = new Set<string>();
  private readonly lookedAhead = new Set<string>();
  private unavailable = false;

  constructor(
    private readonly ecs: EcsPort,
    private readonly announce: (message: string) => void,
  ) {}

  /** What is known of the ENI's capacity; calls nothing. */
  remembered(eni: NetworkInterface): number | undefined {
    if (eni.status === "Available") return availableEniCapacity;
    return this.capacityOfType.get(this.typeOf.get(eni.instanceId ?? "") ?? "");
  }

  /** Makes sure that the ENI's capacity is remembered, if it can be known. */
  async learn(eni: NetworkInterface, deadline: Deadline): Promise<void> {
    const { instanceId } = eni;
    if (this.unavailable || instanceId === undefined || this.remembered(eni) !== undefined) return;
    try {
      const type = this.typeOf.get(instanceId) ?? (await this.readType(instanceId, eni.vpcId, deadline));
      if (type === undefined || this.capacityOfType.has(type)) return;
      const addresses = await this.ecs.describeEniAddressQuota(type, { deadline });
      // The quota counts the primary address:
      // https://api.aliyun.com/document/Ecs/2014-05-26/DescribeInstanceTypes, EniPrivateIpAddressQuantity
      if (addresses !== undefined) this.capacityOfType.set(type, addresses - 1);
    } catch (error) {
      if (!(error instanceof EcsError)) throw error;
      this.giveUp(error);
    }
  }

  private giveUp({ message }: EcsError): void {
    if (this.unavailable) return; // another read of the same moment has said it
    this.unavailable = true;
    this.announce(
      `how many addresses an attached ENI can hold is found out only when the API refuses more, because the type of ` +
        `its instance could not be read: ${message}`,
    );
  }

  /** One instance costs one read by id; when a second one is asked for, those of the VPC are read together. */
  private async readType(instanceId: string, vpcId: string, deadline: Deadline): Promise<string | undefined> {
    this.asked.add(instanceId);
    if (this.asked.size > 1 && !this.lookedAhead.has(vpcId)) {
      this.lookedAhead.add(vpcId);
      await this.readTypesIn(vpcId, deadline);
      const found = this.typeOf.get(instanceId);
      if (found !== undefined) return found;
    }
    const page = await this.ecs.describeInstanceTypesOf({ ids: [instanceId] }, { deadline });
    for (const { id, type } of page.instances) this.typeOf.set(id, type);
    return this.typeOf.get(instanceId);
  }

  private async readTypesIn(vpcId: string, deadline: Deadline): Promise<void> {
    let nextToken: string | undefined;
    for (let page = 0; page < lookAheadPages; page += 1) {
      const answer = await this.ecs.describeInstanceTypesOf({ vpcId, nextToken }, { deadline });
      for (const { id, type } of answer.instances) this.typeOf.set(id, type);
      ({ nextToken } = answer);
      if (nextToken === undefined || answer.instances.length === 0) return;
    }
  }
}

/**
 * The CIDR blocks of vSwitches, read once per VPC. Optional knowledge: it makes errors earlier and clearer, and
 * where it is refused or out of reach, that is said once and nothing fails.
 *
 * @internal
 */
export class VSwitchReader {
  private readonly vpcs = new Map<string, Promise<void>>();
  private readonly blocks = new Map<string, string>();
  private unavailable = false;

  constructor(
    private readonly ecs: EcsPort,
    private readonly announce: (message: string) => void,
  ) {}

  /** The IPv4 block of the vSwitch, or `undefined` where it cannot be known. */
  async cidrBlockOf(vSwitchId: string, vpcId: string, deadline: Deadline): Promise<string | undefined> {
    if (this.unavailable) return undefined;
    const read = this.vpcs.get(vpcId) ?? this.readVpc(vpcId, deadline);
    this.vpcs.set(vpcId, read);
    await read;
    return this.remembered(vSwitchId);
  }

  /** The IPv4 block of the vSwitch, if it was read; calls nothing. */
  remembered(vSwitchId: string): string | undefined {
    return this.blocks.get(vSwitchId);
  }

  private async readVpc(vpcId: string, deadline: Deadline): Promise<void> {
    try {
      const vSwitches = await this.ecs.describeVSwitches(vpcId, { deadline });
      for (const { id, cidrBlock } of vSwitches) this.blocks.set(id, cidrBlock);
    } catch (error) {
      if (!(error instanceof EcsError)) throw error;
      if (this.unavailable) return; // another read of the same moment has said it
      this.unavailable = true;
      this.announce(
        `addresses are not compared with their vSwitch's CIDR block before they are asked for, because it ` +
          `could not be read: ${error.message}`,
      );
    }
  }
}
