import type { NetworkInterface } from "../../provider/src/ecs/port";
import { modes, type Decided, type Ownership, type Recorded } from "../../provider/src/resource/model";
import { OperationError } from "../../provider/src/resource/operation-error";
import type { Outcome } from "../../provider/src/resource/task";
import type { RecordedFailure } from "../../provider/src/resource/record";
import { networkInterface } from "./network-interface";

/*
 * Rows for the tests of the table in resource/record.ts.
 *
 * Each row runs for addresses and for prefixes. In a row, a to f are of the managed kind, x and y of the other one. Their
 * alphabetical order is the numerical one.
 */

const names = "abcdefxy";
const worlds = {
  address: {
    of: (name: string) =>
      "xy".includes(name) ? `10.0.2.${16 * "xy".indexOf(name)}/28` : `10.0.1.2${names.indexOf(name)}`,
    list: modes.privateIpAddresses,
    count: modes.secondaryPrivateIpAddressCount,
    otherList: modes.ipv4Prefixes,
    otherCount: modes.ipv4PrefixCount,
  },
  prefix: {
    of: (name: string) =>
      "xy".includes(name) ? `10.0.2.2${"xy".indexOf(name)}` : `10.0.1.${16 * names.indexOf(name)}/28`,
    list: modes.ipv4Prefixes,
    count: modes.ipv4PrefixCount,
    otherList: modes.privateIpAddresses,
    otherCount: modes.secondaryPrivateIpAddressCount,
  },
} as const;
export type Kind = keyof typeof worlds;
export type ModeName = "list" | "count" | "otherList" | "otherCount";

/** Names separated by spaces, such as `a b x`, as addresses and prefixes. */
export const all = (kind: Kind, text: string) => text.split(" ").filter(Boolean).map(worlds[kind].of);

export interface Row {
  readonly desired?: { list: string } | { count: number };
  readonly ownership?: Ownership;
  readonly mayUnassign?: string;
  readonly before?: {
    mode?: ModeName;
    owned: string;
    ages?: string;
    order?: string;
    ownership?: Ownership;
  };
  /** The ENI's addresses. Absent: the ENI was not read. */
  readonly held?: string;
  readonly picked?: string;
  /** What reads do not show, while no second read has confirmed that it is gone. */
  readonly perhapsHeld?: string;
  readonly handedOver?: string;
  readonly orphaned?: string;
  /** Absent: a call was sent. */
  readonly wrote?: boolean;
  readonly failure?: OperationError;
}

export interface Expected {
  readonly mode?: ModeName;
  readonly ownership?: Ownership;
  readonly owned: string;
  readonly unmanaged?: string;
  readonly ages?: string;
  /** Absent: the numerical one. */
  readonly order?: string;
  readonly inputs: "desired" | "before";
}

const desiredInputs = {
  networkInterfaceId: "eni-x",
  allowUnassignWithEip: true,
  region: "cn-shanghai",
  hidden: { schemaVersion: 2, name: "new", timeouts: {} },
};

export const factsBefore = {
  account: "account before",
  primaryIpAddress: "10.0.1.9",
  vSwitchId: "vsw-before",
};

export function decidedOf(kind: Kind, row: Row): Decided {
  const { desired = { list: "" }, ownership = "exclusive", mayUnassign } = row;
  return {
    ...desiredInputs,
    target:
      "list" in desired
        ? { mode: worlds[kind].list, list: all(kind, desired.list) }
        : { mode: worlds[kind].count, count: desired.count },
    ownership,
    givenDefaults: [],
    unassignOnCreate: mayUnassign === undefined ? undefined : all(kind, mayUnassign),
    undecided: [],
  };
}

export function beforeOf(kind: Kind, { before = { owned: "" } }: Row): Recorded {
  return {
    networkInterfaceId: before.mode === undefined ? undefined : "eni-x",
    mode: before.mode && worlds[kind][before.mode],
    owned: all(kind, before.owned),
    oldestFirst: before.ages === undefined ? undefined : all(kind, before.ages),
    order: before.order === undefined ? undefined : all(kind, before.order),
    ownership: before.ownership ?? "exclusive",
    allowUnassignWithEip: false,
    unassignOnCreate: all(kind, "f"),
    region: "cn-hangzhou",
    ...factsBefore,
    unmanaged: all(kind, "e"),
    hidden: { schemaVersion: 2, name: "old", timeouts: {} },
  };
}

export function eniOf(kind: Kind, held: string): NetworkInterface {
  const own = all(kind, held).filter((_, index) => !"xy".includes(held.split(" ")[index] ?? ""));
  const others = all(kind, held).filter((one) => !own.includes(one));
  const [secondaryIpAddresses, ipv4Prefixes] = kind === "address" ? [own, others] : [others, own];
  return networkInterface({ secondaryIpAddresses, ipv4Prefixes });
}

export function outcomeOf(
  kind: Kind,
  { held, wrote = true, picked = "", perhapsHeld = "", failure }: Row,
): Outcome {
  return {
    eni: held === undefined ? undefined : eniOf(kind, held),
    heldBefore: [],
    wrote,
    picked: all(kind, picked),
    perhapsHeld: all(kind, perhapsHeld),
    failure: failure ?? new OperationError("failed"),
  };
}

/** The facts of the ENI that was read. */
const factsRead = { account: "1234567890123456", primaryIpAddress: "10.0.1.10", vSwitchId: "vsw-1" };

export function recordedOf(kind: Kind, row: Row, expected: Expected, facts = factsRead): Recorded {
  const { mode, ownership = "exclusive", owned, unmanaged = "", ages, order, inputs } = expected;
  const { allowUnassignWithEip, givenDefaults, unassignOnCreate, hidden } =
    inputs === "desired" ? decidedOf(kind, row) : beforeOf(kind, row);
  return {
    networkInterfaceId: "eni-x",
    mode: mode && worlds[kind][mode],
    owned: all(kind, owned),
    oldestFirst: ages === undefined ? undefined : all(kind, ages),
    order: order === undefined ? undefined : all(kind, order),
    ownership,
    allowUnassignWithEip,
    givenDefaults,
    unassignOnCreate,
    region: "cn-shanghai",
    ...facts,
    unmanaged: all(kind, unmanaged),
    hidden,
  };
}

export type Next = RecordedFailure["next"];

/** Each row for both kinds. */
export function forBothKinds<R extends readonly [string, ...unknown[]]>(rows: readonly R[]) {
  return (["address", "prefix"] as const).flatMap((kind) => rows.map((row) => [kind, ...row] as const));
}
