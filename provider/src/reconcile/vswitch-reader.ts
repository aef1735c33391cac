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
  private readonly blocksOfVpc = new Map<string, Promise<ReadonlyMap<string, string>>>();
  private unavailable = false;

  constructor(
    private readonly ecs: EcsPort,
    private readonly announce: (message: string) => void,
  ) {}

  /** The IPv4 block of the vSwitch, or `undefined` where it cannot be known. */
  async cidrBlockOf(vSwitchId: string, vpcId: string, deadline: Deadline): Promise<string | undefined> {
    if (this.unavailable) return undefined;
    const blocks = this.blocksOfVpc.get(vpcId) ?? this.readVpc(vpcId, deadline);
    this.blocksOfVpc.set(vpcId, blocks);
    return (await blocks).get(vSwitchId);
  }

  private async readVpc(vpcId: string, deadline: Deadline): Promise<ReadonlyMap<string, string>> {
    try {
      const vSwitches = await this.ecs.describeVSwitches(vpcId, { deadline });
      return new Map(vSwitches.map(({ id, cidrBlock }) => [id, cidrBlock]));
    } catch (error) {
      if (!(error instanceof EcsError)) throw error;
      this.unavailable = true;
      this.announce(
        `addresses are not compared with their vSwitch's CIDR block before they are asked for, because it ` +
          `could not be read: ${error.message}`,
      );
      return new Map();
    }
  }
}
