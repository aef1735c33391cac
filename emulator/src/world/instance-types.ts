/** What an instance type allows, in the field names of DescribeInstanceTypes. */
export interface InstanceType {
  readonly InstanceTypeId: string;
  readonly InstanceTypeFamily: string;
  readonly InstanceFamilyLevel: "EnterpriseLevel" | "CreditEntryLevel";
  readonly CpuCoreCount: number;
  readonly MemorySize: number;
  readonly EniQuantity: number;
  /** Addresses of one ENI, the primary one included. */
  readonly EniPrivateIpAddressQuantity: number;
  readonly EniIpv6AddressQuantity: number;
  /** Whether an ENI can only be attached and detached while the instance is Stopped. */
  readonly attachesWhenStopped: boolean;
}

/** Size, vCPUs, memory in GiB, ENIs (the primary included), private IPv4 addresses an ENI. */
type Size = readonly [size: string, cpus: number, memoryGiB: number, enis: number, addressesPerEni: number];

/** Families whose sizes differ in nothing but memory, which is a multiple of that of the general purpose one. */
interface Generation {
  readonly families: Readonly<Record<string, number>>;
  /** The IPv6 addresses of an ENI: one, or as many as it may have IPv4 addresses. */
  readonly ipv6: "one" | "as IPv4";
  readonly sizes: readonly Size[];
}

/*
 * IPv4: the tables of the pages "General purpose", "Compute optimized", "Memory optimized" and "Shared instance
 * families" of the ECS documentation (public copies: AlibabaCloudDocs/ecs, `intl.en-US/Instance/Instance type
 * families/*.md` and `intl.en-US/Instance/Instance families.md`, 2020 to 2022). Later pages may have raised some numbers.
 *
 * IPv6: these pages say "supported" only. Samples of DescribeInstanceTypes have 1 for ecs.g6.large and ecs.g6.16xlarge,
 * and 15, the number of IPv4 addresses, for ecs.g7.xlarge; the rest of each generation is taken to be alike.
 */
/** The same in g5 and in the sixth generation. */
const upTo8xlarge: readonly Size[] = [
  ["large", 2, 8, 2, 6],
  ["xlarge", 4, 16, 3, 10],
  ["2xlarge", 8, 32, 4, 10],
  ["3xlarge", 12, 48, 6, 10],
  ["4xlarge", 16, 64, 8, 20],
  ["6xlarge", 24, 96, 8, 20],
  ["8xlarge", 32, 128, 8, 20],
];

const generations: readonly Generation[] = [
  {
    families: { "ecs.g5": 1 },
    ipv6: "one",
    sizes: [...upTo8xlarge, ["16xlarge", 64, 256, 8, 20]],
  },
  {
    families: { "ecs.c6": 0.5, "ecs.g6": 1, "ecs.r6": 2 },
    ipv6: "one",
    sizes: [...upTo8xlarge, ["13xlarge", 52, 192, 7, 20], ["26xlarge", 104, 384, 15, 20]],
  },
  {
    families: { "ecs.g6e": 1 },
    ipv6: "one",
    sizes: [
      ["large", 2, 8, 3, 6],
      ["xlarge", 4, 16, 4, 15],
      ["2xlarge", 8, 32, 4, 15],
      ["4xlarge", 16, 64, 8, 30],
      ["8xlarge", 32, 128, 8, 30],
      ["13xlarge", 52, 192, 7, 30],
      ["26xlarge", 104, 384, 15, 30],
    ],
  },
  {
    families: { "ecs.c7": 0.5, "ecs.g7": 1, "ecs.r7": 2 },
    ipv6: "as IPv4",
    sizes: [
      ["large", 2, 8, 3, 6],
      ["xlarge", 4, 16, 4, 15],
      ["2xlarge", 8, 32, 4, 15],
      ["3xlarge", 12, 48, 8, 15],
      ["4xlarge", 16, 64, 8, 30],
      ["6xlarge", 24, 96, 8, 30],
      ["8xlarge", 32, 128, 8, 30],
      ["16xlarge", 64, 256, 8, 30],
      ["32xlarge", 128, 512, 15, 30],
    ],
  },
];

/** The burstable family, whose sizes have names of their own. */
const t6: readonly Size[] = [
  ["t6-c4m1.large", 2, 0.5, 2, 2],
  ["t6-c2m1.large", 2, 1, 2, 2],
  ["t6-c1m1.large", 2, 2, 2, 2],
  ["t6-c1m2.large", 2, 4, 2, 2],
  ["t6-c1m4.large", 2, 8, 2, 2],
  ["t6-c1m4.xlarge", 4, 16, 2, 6],
  ["t6-c1m4.2xlarge", 8, 32, 2, 6],
];

const quantities = ([, cpus, memoryGiB, enis, addressesPerEni]: Size, memoryFactor: number) => ({
  CpuCoreCount: cpus,
  MemorySize: memoryGiB * memoryFactor,
  EniQuantity: enis,
  EniPrivateIpAddressQuantity: addressesPerEni,
});

const enterprise = generations.flatMap(({ families, ipv6, sizes }) =>
  Object.entries(families).flatMap(([family, memoryFactor]) =>
    sizes.map((size): InstanceType => ({
      InstanceTypeId: `${family}.${size[0]}`,
      InstanceTypeFamily: family,
      InstanceFamilyLevel: "EnterpriseLevel",
      ...quantities(size, memoryFactor),
      EniIpv6AddressQuantity: ipv6 === "one" ? 1 : size[4],
      attachesWhenStopped: false,
    })),
  ),
);

const burstable = t6.map((size): InstanceType => ({
  InstanceTypeId: `ecs.${size[0]}`,
  InstanceTypeFamily: "ecs.t6",
  InstanceFamilyLevel: "CreditEntryLevel",
  ...quantities(size, 1),
  EniIpv6AddressQuantity: 1,
  // A note below the table of "t6, burstable instance family" names these five.
  attachesWhenStopped: size[0].endsWith(".large"),
}));

/** The instance types that the emulator knows, by id. */
export const instanceTypes: ReadonlyMap<string, InstanceType> = new Map(
  [...enterprise, ...burstable].map((type) => [type.InstanceTypeId, type]),
);

/** Taken where a seed names no type: 30 addresses an ENI leave room for a story with 22 of them. */
export const defaultInstanceType = "ecs.g6e.4xlarge";
