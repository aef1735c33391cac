import type { Emulator, StateDocument } from "alicloud-ecs-emulator";

export const region = "cn-hangzhou";
/** The ENI of most tests: vSwitch 10.0.1.0/24, primary address 10.0.1.10. */
export const eniId = "eni-edge";
export const primaryAddress = "10.0.1.10";

/** Another ENI of the same vSwitch, for tests with two ENIs. */
export const otherEniId = "eni-other";
export const otherPrimaryAddress = "10.0.1.11";

/** An ENI as the seed of the emulator describes it. */
export type Eni = NonNullable<StateDocument["networkInterfaces"]>[number];
type Instance = NonNullable<StateDocument["instances"]>[number];

/** `count` addresses 10.0.1.HOST, from HOST = `first` on. */
export function addressRange(first: number, count: number): string[] {
  return Array.from({ length: count }, (_unused, index) => `10.0.1.${first + index}`);
}

/** The field PrivateIpSets of an ENI: its primary address and these secondary addresses. */
export function privateIpSets(secondary: readonly string[], primary = primaryAddress): Eni["PrivateIpSets"] {
  return {
    PrivateIpSet: [
      { PrivateIpAddress: primary, Primary: true },
      ...secondary.map((address) => ({ PrivateIpAddress: address, Primary: false })),
    ],
  };
}

/** A VPC with one vSwitch and these ENIs. */
export function world(...enis: Partial<Eni>[]): StateDocument {
  return {
    vpcs: [{ VpcId: "vpc-1", RegionId: region, CidrBlock: "10.0.0.0/16" }],
    vSwitches: [{ VSwitchId: "vsw-1", VpcId: "vpc-1", RegionId: region, CidrBlock: "10.0.1.0/24" }],
    networkInterfaces: enis.map((eni) => ({
      NetworkInterfaceId: eniId,
      VSwitchId: "vsw-1",
      PrivateIpAddress: primaryAddress,
      ...eni,
    })),
  };
}

/** A world with the ENI {@link eniId}, which holds these secondary addresses. */
export function worldWith(secondary: readonly string[] = [], eni: Partial<Eni> = {}): StateDocument {
  return world({ PrivateIpSets: privateIpSets(secondary), ...eni });
}

/** An ENI with this id, for a {@link world} of several ENIs. */
export function eniWith(id: string, primary: string, secondary: readonly string[] = []): Partial<Eni> {
  return {
    NetworkInterfaceId: id,
    PrivateIpAddress: primary,
    PrivateIpSets: privateIpSets(secondary, primary),
  };
}

/** A world with {@link eniId} and {@link otherEniId}, which hold these secondary addresses. */
export function twoEnis(secondary: readonly string[] = [], ofOther: readonly string[] = []): StateDocument {
  return world(
    { PrivateIpSets: privateIpSets(secondary) },
    eniWith(otherEniId, otherPrimaryAddress, ofOther),
  );
}

/** A world with {@link eniId} attached to an instance. Its type allows 20 addresses on an ENI, the primary included. */
export function attachedWorldWith(
  secondary: readonly string[] = [],
  eni: Partial<Eni> = {},
  instance: Partial<Instance> = {},
): StateDocument {
  return {
    ...worldWith(secondary, { InstanceId: "i-1", Status: "InUse", ...eni }),
    instances: [
      {
        InstanceId: "i-1",
        RegionId: region,
        InstanceType: "ecs.g6.4xlarge",
        VpcAttributes: { VpcId: "vpc-1", VSwitchId: "vsw-1" },
        ...instance,
      },
    ],
  };
}

/** The secondary addresses that the emulator's ENI holds. */
export function secondaryAddresses(emulator: Emulator, id = eniId): string[] {
  const eni = emulator.control.state().networkInterfaces.find((one) => one.NetworkInterfaceId === id);
  if (eni === undefined) throw new Error(`the emulator has no ${id}`);
  return eni.PrivateIpSets.PrivateIpSet.filter((set) => set.Primary !== true).map(
    (set) => set.PrivateIpAddress,
  );
}

/** Changes the secondary addresses of {@link eniId} outside Pulumi. */
export function setByHand({ control }: Emulator, secondary: readonly string[]): void {
  control.patchState({
    networkInterfaces: [{ NetworkInterfaceId: eniId, PrivateIpSets: privateIpSets(secondary) }],
  });
}

/** The API actions called since the log was cleared, in order. */
export function actions(emulator: Emulator): string[] {
  return emulator.control.calls().map((call) => call.action ?? "none");
}

/** The write actions called since the log was cleared, in order. */
export function writes(emulator: Emulator): string[] {
  return actions(emulator).filter((action) => !/^(?:Describe|Get)/.test(action));
}

/** Environment variables that make the provider use the emulator. */
export function environmentFor(emulator: Pick<Emulator, "url">): NodeJS.ProcessEnv {
  return {
    ECS_ENDPOINT: emulator.url,
    ALICLOUD_REGION: region,
    ALICLOUD_ACCESS_KEY: "test",
    ALICLOUD_SECRET_KEY: "test",
  };
}
