import type { Emulator, StateDocument } from "alicloud-ecs-emulator";

export const region = "cn-hangzhou";
/** The ENI of most tests: in a vSwitch 10.0.1.0/24, with the primary address 10.0.1.10. */
export const eniId = "eni-edge";
export const primaryAddress = "10.0.1.10";

/** Another ENI of the same vSwitch, for tests of two. */
export const otherEniId = "eni-other";
export const otherPrimaryAddress = "10.0.1.11";

type Eni = NonNullable<StateDocument["networkInterfaces"]>[number];
type Instance = NonNullable<StateDocument["instances"]>[number];

/** Addresses 10.0.1.<host>, for each host from `first` on. */
export function addressRange(first: number, count: number): string[] {
  return Array.from({ length: count }, (_unused, index) => `10.0.1.${first + index}`);
}

/** How an ENI carries these secondary addresses, beside its primary one. */
export function privateIpSets(secondary: readonly string[], primary = primaryAddress): Eni["PrivateIpSets"] {
  return {
    PrivateIpSet: [
      { PrivateIpAddress: primary, Primary: true },
      ...secondary.map((address) => ({ PrivateIpAddress: address, Primary: false })),
    ],
  };
}

/** A VPC with a vSwitch, and ENIs. */
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

/** A world with the usual ENI, which holds these secondary addresses. */
export function worldWith(secondary: readonly string[] = [], eni: Partial<Eni> = {}): StateDocument {
  return world({ PrivateIpSets: privateIpSets(secondary), ...eni });
}

/** Any ENI, for a {@link world} of several. */
export function eniWith(id: string, primary: string, secondary: readonly string[] = []): Partial<Eni> {
  return {
    NetworkInterfaceId: id,
    PrivateIpAddress: primary,
    PrivateIpSets: privateIpSets(secondary, primary),
  };
}

/** A world with the usual ENI and the other one, which hold these secondary addresses. */
export function twoEnis(mine: readonly string[] = [], theirs: readonly string[] = []): StateDocument {
  return world({ PrivateIpSets: privateIpSets(mine) }, eniWith(otherEniId, otherPrimaryAddress, theirs));
}

/** A world with the usual ENI attached to an instance, whose type allows an ENI 20 addresses, the primary one included. */
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

/** What the emulator's ENI really holds, the primary address left out. */
export function secondaryAddresses(emulator: Emulator, id = eniId): string[] {
  const eni = emulator.control.state().networkInterfaces.find((one) => one.NetworkInterfaceId === id);
  if (eni === undefined) throw new Error(`the emulator has no ${id}`);
  return eni.PrivateIpSets.PrivateIpSet.filter((set) => set.Primary !== true).map(
    (set) => set.PrivateIpAddress,
  );
}

/** Somebody else changes by hand what the usual ENI holds. */
export function setByHand({ control }: Emulator, secondary: readonly string[]): void {
  control.patchState({
    networkInterfaces: [{ NetworkInterfaceId: eniId, PrivateIpSets: privateIpSets(secondary) }],
  });
}

/** The actions asked of the API since the log was cleared, in order. */
export function actions(emulator: Emulator): string[] {
  return emulator.control.calls().map((call) => call.action ?? "none");
}

/** Those of them that change something. */
export function writes(emulator: Emulator): string[] {
  return actions(emulator).filter((action) => !action.startsWith("Describe"));
}

/** The environment that points the provider at the emulator. */
export function environmentFor(emulator: Emulator): NodeJS.ProcessEnv {
  return {
    ECS_ENDPOINT: emulator.url,
    ALICLOUD_REGION: region,
    ALICLOUD_ACCESS_KEY: "test",
    ALICLOUD_SECRET_KEY: "test",
  };
}
