/** What the benchmark measures: the commands of each work, the world they run in, and the bounds they must keep. */
import type { StateDocument } from "alicloud-ecs-emulator";
import { region } from "../support/eni-world";
import { changeBetween, lowerBound } from "./lower-bound";
import {
  callsAtMost,
  memoryUnder,
  noFailedCall,
  smallState,
  timeAtMost,
  timeOfEngineOrCalls,
} from "./bounds";
import type { Bound } from "./bounds";

/** One `pulumi` command. Each is a process of the provider: `up` runs without a preview. */
export interface Step {
  readonly name: string;
  readonly command: "preview" | "up" | "refresh" | "destroy";
  /** The last numbers of the addresses that the program lists for an ENI. Absent: as in the step before. */
  readonly hosts?: (eni: number) => readonly number[];
  readonly bounds: readonly Bound[];
}

/** A stack and the commands that run on it, one after another. */
export interface Work {
  readonly name: string;
  readonly enis: number;
  /** The runs of which the results are the medians. */
  readonly runs: number;
  /** Whether `--quick` runs it. */
  readonly isQuick: boolean;
  /** The duration of one run of one contender on two cores, for the estimate. */
  readonly seconds: number;
  /** Assigns a minute that the API admits, and the factor that shortens the minute and the provider's pauses. */
  readonly limit?: { readonly assignsAMinute: number; readonly factor: number };
  /** Whether the same commands also run with as many resources of @pulumi/random: the engine's own time. */
  readonly comparesWithEngine: boolean;
  readonly steps: readonly Step[];
}

/** Every call takes this long. */
export const latencyMs = 50;
/** `--parallel` of every command. */
export const parallel = 8;
const foreignEnis = 2_000;

const range = (first: number, count: number) => Array.from({ length: count }, (_unused, n) => first + n);
const tenEach = () => range(20, 10);

const atMost = (calls: number) => [callsAtMost(() => calls)];
const oneMore = [callsAtMost((lowest) => lowest + 1)];
const fivePercentMore = [callsAtMost((lowest) => lowest * 1.05)];
const thousand = [memoryUnder(300), noFailedCall, timeOfEngineOrCalls({ factor: 1.5, parallel, latencyMs })];

const limit = { assignsAMinute: 60, factor: 0.2 };
const limitedEnis = 300;
const limitedMs = (limitedEnis / limit.assignsAMinute) * 60_000 * limit.factor;

export const works: readonly Work[] = [
  {
    name: "1 ENI",
    ...{ enis: 1, runs: 5, isQuick: true, seconds: 12, comparesWithEngine: false },
    steps: [
      {
        name: "create, 15 addresses",
        command: "up",
        hosts: () => range(20, 15),
        bounds: [...oneMore, smallState],
      },
      {
        name: "update, −12 +7",
        command: "up",
        hosts: () => [...range(20, 3), ...range(60, 7)],
        bounds: oneMore,
      },
      { name: "nothing to do", command: "up", bounds: oneMore },
      { name: "refresh", command: "refresh", bounds: oneMore },
      { name: "destroy", command: "destroy", bounds: oneMore },
    ],
  },
  {
    name: "20 ENIs",
    ...{ enis: 20, runs: 5, isQuick: true, seconds: 7, comparesWithEngine: false },
    steps: [
      { name: "create, 10 addresses each", command: "up", hosts: tenEach, bounds: [smallState] },
      { name: "update, −5 +5 each", command: "up", hosts: () => range(25, 10), bounds: atMost(48) },
    ],
  },
  {
    name: "100 ENIs",
    ...{ enis: 100, runs: 5, isQuick: false, seconds: 30, comparesWithEngine: false },
    steps: [
      { name: "preview", command: "preview", hosts: tenEach, bounds: atMost(2) },
      { name: "create, 10 addresses each", command: "up", bounds: [...fivePercentMore, smallState] },
      { name: "nothing to do", command: "up", bounds: atMost(2) },
      { name: "refresh", command: "refresh", bounds: atMost(2) },
      {
        name: "one changed, −1 +1",
        command: "up",
        hosts: (eni) => (eni === 0 ? range(21, 10) : tenEach()),
        bounds: fivePercentMore,
      },
      { name: "destroy", command: "destroy", bounds: fivePercentMore },
    ],
  },
  {
    name: "1,000 ENIs",
    ...{ enis: 1_000, runs: 1, isQuick: false, seconds: 330, comparesWithEngine: true },
    steps: [
      { name: "create, 10 addresses each", command: "up", hosts: tenEach, bounds: [...thousand, smallState] },
      { name: "refresh", command: "refresh", bounds: [callsAtMost(() => 4), ...thousand] },
      { name: "destroy", command: "destroy", bounds: thousand },
    ],
  },
  {
    name: "300 ENIs, 60 assigns a minute",
    ...{ enis: limitedEnis, runs: 1, isQuick: false, seconds: 80, comparesWithEngine: false },
    limit,
    steps: [
      {
        name: "create, 10 addresses each",
        command: "up",
        hosts: tenEach,
        bounds: [timeAtMost(1.15 * limitedMs)],
      },
    ],
  },
];

/** What the program lists, by the ids of the ENIs. */
export type Lists = Readonly<Record<string, readonly string[]>>;

/** A step with what the program lists, what the ENIs hold afterwards, and the fewest calls that it needs. */
export interface PlannedStep extends Step {
  readonly lists: Lists;
  readonly held: Lists;
  readonly lowerBound: number;
}

/** The steps of a work, for a world in which the ENIs begin without secondary addresses. */
export function planSteps({ enis, steps }: Work): PlannedStep[] {
  const ids = range(0, enis);
  let lists: Lists = {};
  let held: Lists = Object.fromEntries(ids.map((eni) => [idOf(eni), []]));
  return steps.map((step) => {
    const { hosts, command } = step;
    if (hosts !== undefined)
      lists = Object.fromEntries(
        ids.map((eni) => [idOf(eni), hosts(eni).map((host) => addressOf(eni, host))]),
      );
    const nothing = Object.fromEntries(ids.map((eni) => [idOf(eni), []]));
    const after = command === "up" ? lists : command === "destroy" ? nothing : held;
    const changes = ids.map((eni) => changeBetween(held[idOf(eni)] ?? [], after[idOf(eni)] ?? []));
    held = after;
    return { ...step, lists, held, lowerBound: lowerBound(changes) };
  });
}

const idOf = (eni: number) => `eni-${eni}`;
/** ENIs of one vSwitch differ in the third number. */
const addressOf = (eni: number, host: number) => `10.${1 + Math.floor(eni / 200)}.${eni % 200}.${host}`;

/** The ENIs of the work in one VPC, 200 in a vSwitch, and the ENIs of others in four other VPCs. */
export function worldOf(enis: number): StateDocument {
  const vSwitches = Math.ceil(enis / 200);
  const others = range(0, 4);
  return {
    vpcs: [
      { VpcId: "vpc-1", RegionId: region, CidrBlock: "10.0.0.0/8" },
      ...others.map((n) => ({ VpcId: `vpc-other-${n}`, RegionId: region, CidrBlock: "172.16.0.0/12" })),
    ],
    vSwitches: [
      ...range(0, vSwitches).map((n) => ({
        ...{ VSwitchId: `vsw-${n}`, VpcId: "vpc-1", RegionId: region },
        CidrBlock: `10.${1 + n}.0.0/16`,
      })),
      ...others.map((n) => ({
        ...{ VSwitchId: `vsw-other-${n}`, VpcId: `vpc-other-${n}`, RegionId: region },
        CidrBlock: "172.16.0.0/16",
      })),
    ],
    networkInterfaces: [
      ...range(0, enis).map((eni) => ({
        NetworkInterfaceId: idOf(eni),
        VSwitchId: `vsw-${Math.floor(eni / 200)}`,
        PrivateIpAddress: addressOf(eni, 10),
      })),
      ...range(0, foreignEnis).map((eni) => ({
        NetworkInterfaceId: `eni-other-${eni}`,
        VSwitchId: `vsw-other-${eni % others.length}`,
        PrivateIpAddress: `172.16.${1 + Math.floor(eni / 200)}.${10 + (eni % 200)}`,
      })),
    ],
  };
}
