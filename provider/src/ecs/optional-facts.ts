import { EcsError } from "./ecs-error";
import { type EcsPort, type NetworkInterface } from "./port";
import { Deadline } from "../shared/deadline";

/**
 * The most secondary addresses of an ENI in status Available
 * (https://api.aliyun.com/document/Ecs/2014-05-26/AssignPrivateIpAddresses, PrivateIpAddress.N). For an attached ENI, the
 * instance type sets the limit.
 */
const availableEniCapacity = 49;

/** The most pages, of 100 instances each, of one look-ahead in a VPC. */
const lookAheadPages = 10;

/**
 * How many secondary addresses and prefixes an ENI can hold: 49 while it is Available, else the limit of its instance
 * type. The quota orders the calls of a plan, and shows before the first call that a plan cannot fit. It is optional: if
 * it cannot be read, the user gets one warning, and operations go on without it.
 *
 * A type never changes its limit. An instance may change its type while it is Stopped, so the remembered type may be wrong.
 * It can start a plan. A plan that depends on it reads it again.
 * @internal
 */
export class QuotaReader {
  private readonly typeOf = new Map<string, string>();
  private readonly capacityOfType = new Map<string, number>();
  private readonly asked = new Set<string>();
  private readonly lookedAhead = new Set<string>();
  /** Set when a read has failed. Another attempt would only cost time, unless an operation depends on the quota. */
  private failed: "refused" | "unanswered" | undefined;
  private announced = false;

  constructor(
    private readonly ecs: EcsPort,
    private readonly announce: (message: string) => void,
  ) {}

  /** The ENI's capacity, if it is known; makes no call. While the ENI moves, it is not known. */
  remembered({ status, instanceId }: NetworkInterface): number | undefined {
    if (status === "Available") return availableEniCapacity;
    if (status !== "InUse" || instanceId === undefined) return undefined;
    return this.capacityOfType.get(this.typeOf.get(instanceId) ?? "");
  }

  /**
   * Reads the ENI's capacity, unless it is known or could not be read before.
   *
   * @returns why the read has failed
   */
  async learn(eni: NetworkInterface, deadline: Deadline): Promise<EcsError | undefined> {
    const { instanceId, vpcId } = eni;
    if (this.failed !== undefined || instanceId === undefined || this.remembered(eni) !== undefined)
      return undefined;
    return this.read(async () => {
      const type = this.typeOf.get(instanceId) ?? (await this.readType(instanceId, vpcId, deadline));
      await this.readCapacity(type, deadline);
    });
  }

  /**
   * Reads the ENI's capacity again, because its instance may have another type by now.
   *
   * @returns why the read has failed
   */
  async learnAgain({ instanceId }: NetworkInterface, deadline: Deadline): Promise<EcsError | undefined> {
    if (this.failed === "refused" || instanceId === undefined) return undefined;
    this.asked.add(instanceId);
    this.typeOf.delete(instanceId);
    return this.read(async () => {
      await this.readCapacity(await this.readTypeById(instanceId, deadline), deadline);
    });
  }

  private async read(run: () => Promise<void>): Promise<EcsError | undefined> {
    try {
      await run();
      this.failed = undefined;
      return undefined;
    } catch (error) {
      if (!(error instanceof EcsError)) throw error;
      this.failed = error.verdict === "final" ? "refused" : "unanswered";
      if (this.announced) return error;
      this.announced = true;
      this.announce(
        `cannot read the instance type of an attached ENI; the address quota is not checked in advance: ${error.message}`,
      );
      return error;
    }
  }

  private async readCapacity(type: string | undefined, deadline: Deadline): Promise<void> {
    if (type === undefined || this.capacityOfType.has(type)) return;
    const addresses = await this.ecs.describeEniAddressQuota(type, { deadline });
    // The quota counts the primary address:
    // https://api.aliyun.com/document/Ecs/2014-05-26/DescribeInstanceTypes, EniPrivateIpAddressQuantity
    if (addresses !== undefined) this.capacityOfType.set(type, addresses - 1);
  }

  /** Reads the first instance by id, and all instances of the VPC together from the second one on. */
  private async readType(instanceId: string, vpcId: string, deadline: Deadline): Promise<string | undefined> {
    this.asked.add(instanceId);
    if (this.asked.size > 1 && !this.lookedAhead.has(vpcId)) {
      this.lookedAhead.add(vpcId);
      await this.readTypesIn(vpcId, deadline);
      const found = this.typeOf.get(instanceId);
      if (found !== undefined) return found;
    }
    return this.readTypeById(instanceId, deadline);
  }

  private async readTypeById(instanceId: string, deadline: Deadline): Promise<string | undefined> {
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

/** A fact that could be read, or why it could not. @internal */
export interface OptionalFact {
  readonly value: string | undefined;
  readonly why?: string;
}

/**
 * Which account the credentials belong to, and who owns a vSwitch. Both are read only when an ENI is missing, and once. They
 * are optional: if they cannot be read, other evidence has to show that account and region are right.
 * @internal
 */
export class AccountReader {
  private caller: Promise<OptionalFact> | undefined;
  private readonly owners = new Map<string, Promise<OptionalFact>>();

  constructor(
    private readonly ecs: EcsPort,
    private readonly limitMs: number,
  ) {}

  /** The account that the credentials belong to. */
  id(): Promise<OptionalFact> {
    this.caller ??= this.read("the account of the credentials is not known", (deadline) =>
      this.ecs.callerAccount({ deadline }),
    );
    return this.caller;
  }

  /** The account that the vSwitch belongs to; `undefined` if the region does not show the vSwitch. */
  async ownerOfVSwitch(vSwitchId: string | undefined): Promise<OptionalFact> {
    if (vSwitchId === undefined) return { value: undefined };
    const owner =
      this.owners.get(vSwitchId) ??
      this.read(`the owner of ${vSwitchId} is not known`, async (deadline) => {
        const vSwitches = await this.ecs.describeVSwitches({ id: vSwitchId }, { deadline });
        return vSwitches.find(({ id }) => id === vSwitchId)?.ownerId;
      });
    this.owners.set(vSwitchId, owner);
    return owner;
  }

  private async read(
    what: string,
    ask: (deadline: Deadline) => Promise<string | undefined>,
  ): Promise<OptionalFact> {
    try {
      return { value: (await ask(Deadline.after(this.limitMs))) || undefined };
    } catch (error) {
      if (!(error instanceof EcsError)) throw error;
      return { value: undefined, why: `${what}: ${error.message}` };
    }
  }
}

/**
 * The CIDR blocks of vSwitches, read once per VPC. They make errors earlier and clearer. They are optional: if they cannot
 * be read, the user gets one warning, and operations go on without them.
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

  /** The IPv4 block of the vSwitch, or `undefined` if it cannot be read. */
  async cidrBlockOf(vSwitchId: string, vpcId: string, deadline: Deadline): Promise<string | undefined> {
    if (this.unavailable) return undefined;
    const read = this.vpcs.get(vpcId) ?? this.readVpc(vpcId, deadline);
    this.vpcs.set(vpcId, read);
    await read;
    return this.remembered(vSwitchId);
  }

  /** The IPv4 block of the vSwitch, if it is known; makes no call. */
  remembered(vSwitchId: string): string | undefined {
    return this.blocks.get(vSwitchId);
  }

  private async readVpc(vpcId: string, deadline: Deadline): Promise<void> {
    try {
      const vSwitches = await this.ecs.describeVSwitches({ vpcId }, { deadline });
      for (const { id, cidrBlock } of vSwitches) this.blocks.set(id, cidrBlock);
    } catch (error) {
      if (!(error instanceof EcsError)) throw error;
      if (this.unavailable) return; // a simultaneous read has announced it
      this.unavailable = true;
      this.announce(
        `cannot read the vSwitch's CIDR block; addresses are not checked against it in advance: ${error.message}`,
      );
    }
  }
}
