/** What an instance type allows, in the field names of DescribeInstanceTypes. */
export interface InstanceType {
  readonly InstanceTypeId: string;
  readonly InstanceTypeFamily: string;
  readonly InstanceFamilyLevel: "EnterpriseLevel" | "EntryLevel" | "CreditEntryLevel";
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
  /** The IPv6 addresses of an ENI. */
  readonly ipv6: number | "as IPv4";
  readonly sizes: readonly Size[];
}

/*
 * The tables of the pages "General-purpose", "Compute-optimized", "Memory-optimized", "Universal", "Shared" and "Burstable" instance
 * families (https://www.alibabacloud.com/help/doc-detail/25378.htm is their overview), in public copies without a date. They list
 * the ninth generation, and have a column for IPv6. The sixth generation and g5 are in the copies of 2020 to 2022 too
 * (AlibabaCloudDocs/ecs), with the same numbers.
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

/** A size has the same numbers in all generations since the seventh. */
const sinceSeventh: readonly Size[] = [
  ["small", 1, 4, 2, 3],
  ["large", 2, 8, 3, 6],
  ["xlarge", 4, 16, 4, 15],
  ["2xlarge", 8, 32, 4, 15],
  ["3xlarge", 12, 48, 8, 15],
  ["4xlarge", 16, 64, 8, 30],
  ["6xlarge", 24, 96, 8, 30],
  ["8xlarge", 32, 128, 8, 30],
  ["12xlarge", 48, 192, 8, 30],
  ["16xlarge", 64, 256, 8, 30],
  ["24xlarge", 96, 384, 15, 30],
  ["32xlarge", 128, 512, 15, 30],
  ["48xlarge", 192, 768, 15, 50],
];

/** Those sizes of them. */
function those(names: string): Size[] {
  return names.split(" ").map((name) => {
    const size = sinceSeventh.find(([one]) => one === name);
    if (!size) throw new Error(`no size ${name}`);
    return size;
  });
}

const generations: readonly Generation[] = [
  {
    families: { "ecs.g5": 1 },
    ipv6: 1,
    sizes: [...upTo8xlarge, ["16xlarge", 64, 256, 8, 20]],
  },
  {
    families: { "ecs.c6": 0.5, "ecs.g6": 1, "ecs.r6": 2 },
    ipv6: 1,
    sizes: [...upTo8xlarge, ["13xlarge", 52, 192, 7, 20], ["26xlarge", 104, 384, 15, 20]],
  },
  {
    families: { "ecs.g6e": 1 },
    ipv6: 1,
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
    sizes: those("large xlarge 2xlarge 3xlarge 4xlarge 6xlarge 8xlarge 16xlarge 32xlarge"),
  },
  {
    families: { "ecs.c8i": 0.5, "ecs.g8i": 1 },
    ipv6: "as IPv4",
    sizes: [
      ...those("large xlarge 2xlarge 3xlarge 4xlarge 6xlarge 8xlarge 12xlarge 16xlarge 24xlarge"),
      ["48xlarge", 192, 1024, 15, 50],
    ],
  },
  {
    families: { "ecs.r8i": 2 },
    ipv6: "as IPv4",
    sizes: those("large xlarge 2xlarge 3xlarge 4xlarge 6xlarge 8xlarge 12xlarge 16xlarge 32xlarge"),
  },
  {
    families: { "ecs.c8a": 0.5, "ecs.g8a": 1, "ecs.r8a": 2 },
    ipv6: "as IPv4",
    sizes: those("large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge"),
  },
  {
    families: { "ecs.c8y": 0.5, "ecs.g8y": 1, "ecs.r8y": 2 },
    ipv6: "as IPv4",
    sizes: those("small large xlarge 2xlarge 4xlarge 8xlarge 16xlarge 32xlarge"),
  },
  {
    families: { "ecs.c9i": 0.5, "ecs.g9i": 1, "ecs.r9i": 2 },
    ipv6: "as IPv4",
    sizes: those(
      "large xlarge 2xlarge 3xlarge 4xlarge 6xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge",
    ),
  },
  {
    // One family, u1, in four ratios of vCPUs to memory.
    families: { "ecs.u1-c1m1": 0.25, "ecs.u1-c1m2": 0.5, "ecs.u1-c1m4": 1, "ecs.u1-c1m8": 2 },
    ipv6: 2,
    sizes: [
      ["large", 2, 8, 2, 6],
      ["xlarge", 4, 16, 3, 10],
      ["2xlarge", 8, 32, 4, 10],
      ["3xlarge", 12, 48, 6, 10],
      ["4xlarge", 16, 64, 8, 20],
      ["8xlarge", 32, 128, 8, 20],
    ],
  },
];

/** The entry-level families, whose sizes have names of their own: economy, and burstable. */
const entryLevel: readonly Size[] = [
  ["e-c4m1.large", 2, 0.5, 2, 2],
  ["e-c2m1.large", 2, 1, 2, 2],
  ["e-c1m1.large", 2, 2, 2, 2],
  ["e-c1m2.large", 2, 4, 2, 2],
  ["e-c1m4.large", 2, 8, 2, 2],
  ["e-c1m2.xlarge", 4, 8, 2, 6],
  ["e-c1m4.xlarge", 4, 16, 2, 6],
  ["e-c1m2.2xlarge", 8, 16, 2, 6],
  ["e-c1m4.2xlarge", 8, 32, 2, 6],
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
      InstanceTypeFamily: family.replace(/-.*/, ""),
      InstanceFamilyLevel: "EnterpriseLevel",
      ...quantities(size, memoryFactor),
      EniIpv6AddressQuantity: ipv6 === "as IPv4" ? size[4] : ipv6,
      attachesWhenStopped: false,
    })),
  ),
);

const entry = entryLevel.map((size): InstanceType => {
  const isBurstable = size[0].startsWith("t6-");
  return {
    InstanceTypeId: `ecs.${size[0]}`,
    InstanceTypeFamily: isBurstable ? "ecs.t6" : "ecs.e",
    InstanceFamilyLevel: isBurstable ? "CreditEntryLevel" : "EntryLevel",
    ...quantities(size, 1),
    EniIpv6AddressQuantity: 1,
    // A note below the table of each of the two families names these five.
    attachesWhenStopped: size[0].endsWith(".large"),
  };
});

/** The instance types that the emulator knows, by id. */
export const instanceTypes: ReadonlyMap<string, InstanceType> = new Map(
  [...enterprise, ...entry].map((type) => [type.InstanceTypeId, type]),
);

/** The families of these types. */
export const instanceFamilies: readonly string[] = [
  ...new Set([...instanceTypes.values()].map((type) => type.InstanceTypeFamily)),
];

/** Taken where a seed names no type: 30 addresses an ENI leave room for a story with 22 of them. */
export const defaultInstanceType = "ecs.g6e.4xlarge";
