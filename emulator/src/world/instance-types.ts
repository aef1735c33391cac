/** What an instance type allows, in the field names of DescribeInstanceTypes. */
export interface InstanceType {
  readonly InstanceTypeId: string;
  readonly InstanceTypeFamily: string;
  readonly CpuCoreCount: number;
  readonly MemorySize: number;
  readonly EniQuantity: number;
  /** Addresses of one ENI, the primary one included. */
  readonly EniPrivateIpAddressQuantity: number;
}

/**
 * Type, vCPUs, memory in GiB, ENIs (the primary included), private IP addresses an ENI.
 *
 * From the tables "g6, general purpose instance family" and "g6e, general purpose instance family with enhanced
 * performance" of the ECS documentation, page "Instance families" (public copy: AlibabaCloudDocs/ecs,
 * `intl.en-US/Instance/Instance families.md`, 2021). Later pages may have raised some numbers.
 */
const documented: readonly (readonly [string, number, number, number, number])[] = [
  ["ecs.g6.large", 2, 8, 2, 6],
  ["ecs.g6.xlarge", 4, 16, 3, 10],
  ["ecs.g6.2xlarge", 8, 32, 4, 10],
  ["ecs.g6.3xlarge", 12, 48, 6, 10],
  ["ecs.g6.4xlarge", 16, 64, 8, 20],
  ["ecs.g6.6xlarge", 24, 96, 8, 20],
  ["ecs.g6.8xlarge", 32, 128, 8, 20],
  ["ecs.g6.13xlarge", 52, 192, 7, 20],
  ["ecs.g6.26xlarge", 104, 384, 15, 20],
  ["ecs.g6e.large", 2, 8, 3, 6],
  ["ecs.g6e.xlarge", 4, 16, 4, 15],
  ["ecs.g6e.2xlarge", 8, 32, 4, 15],
  ["ecs.g6e.4xlarge", 16, 64, 8, 30],
  ["ecs.g6e.8xlarge", 32, 128, 8, 30],
  ["ecs.g6e.13xlarge", 52, 192, 7, 30],
  ["ecs.g6e.26xlarge", 104, 384, 15, 30],
];

/** The instance types that the emulator knows, by id. */
export const instanceTypes: ReadonlyMap<string, InstanceType> = new Map(
  documented.map(([id, cpus, memoryGiB, enis, addressesPerEni]) => [
    id,
    {
      InstanceTypeId: id,
      InstanceTypeFamily: id.slice(0, id.lastIndexOf(".")),
      CpuCoreCount: cpus,
      MemorySize: memoryGiB,
      EniQuantity: enis,
      EniPrivateIpAddressQuantity: addressesPerEni,
    },
  ]),
);

/** Taken where a seed names no type: 30 addresses an ENI leave room for a story with 22 of them. */
export const defaultInstanceType = "ecs.g6e.4xlarge";
