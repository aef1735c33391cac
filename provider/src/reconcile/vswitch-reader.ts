import { EcsError } from "../ecs/ecs-error";
import type { EcsPort } from "../ecs/port";
import type { Deadline } from "../timing/deadline";

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
