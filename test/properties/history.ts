/** The two kinds that an ENI holds. A resource manages one of them. */
export type Kind = "address" | "prefix";

export function kindOf(text: string): Kind {
  return text.includes("/") ? "prefix" : "address";
}

/** Whether two addresses or prefixes share an address. */
export function overlap(one: string, other: string): boolean {
  if (one === other) return true;
  return kindOf(one) !== kindOf(other) && blockOf(one) === blockOf(other);
}

/** The /28 block around an address or a prefix. */
function blockOf(text: string): string {
  const [address = ""] = text.split("/");
  const [a, b, c, d] = address.split(".");
  return `${a}.${b}.${c}.${Math.floor(Number(d) / 16)}`;
}

/**
 * The addresses and prefixes that programs and drift list. There are few, so that resources and ENIs often list the same
 * ones. The cloud seldom picks one of them from its large block.
 */
export const pool = [
  ...Array.from({ length: 20 }, (_unused, index) => `10.0.8.${100 + index}`),
  ...Array.from({ length: 10 }, (_unused, index) => `10.0.9.${16 * index}/28`),
];
/**
 * The ENIs of a history: one with a large quota, one with a small quota, and the primary ENI of an instance. `capacity` is
 * the instance type's quota for secondary addresses and prefixes.
 */
export const enis = [
  {
    id: "eni-a",
    primary: "10.0.1.11",
    instance: "i-a",
    type: "ecs.g6e.4xlarge",
    capacity: 29,
    isPrimary: false,
  },
  {
    id: "eni-b",
    primary: "10.0.1.12",
    instance: "i-b",
    type: "ecs.g6.xlarge",
    capacity: 9,
    isPrimary: false,
  },
  {
    id: "eni-c",
    primary: "10.0.1.13",
    instance: "i-c",
    type: "ecs.g6e.4xlarge",
    capacity: 29,
    isPrimary: true,
  },
] as const;

export type Eni = (typeof enis)[number];

/** A resource of a program. */
export interface Declared {
  readonly name: string;
  /** The former name, in the option aliases. */
  readonly alias: string | undefined;
  readonly eni: number;
  readonly ownership: "exclusive" | "additive";
  readonly kind: Kind;
  /** The list of addresses or prefixes. Empty if there is a count. */
  readonly addresses: readonly string[];
  readonly count: number | undefined;
  readonly allowUnassignWithEip: boolean;
  /** Whether unassignOnCreate lists the ENI's other addresses, as the refusal says. */
  readonly takesOver: boolean;
  /** The option retainOnDelete. */
  readonly retained: boolean;
  /** Whether the program marks the list as secret. */
  readonly secret: boolean;
}

export type Program = readonly Declared[];

/** An API error of a fault. The emulator's state need not match it. */
export interface Code {
  readonly status: number;
  readonly code: string;
}

export type Effect =
  | { readonly error: Code }
  | { readonly drop: "before" | "after" }
  | { readonly delayMs: number }
  | { readonly hang: true; readonly done: boolean }
  | { readonly staleReads: number }
  | { readonly drift: Drift };

export interface Fault {
  readonly action: string;
  readonly skip: number;
  readonly times: number;
  readonly effect: Effect;
}

/** A change of an ENI outside Pulumi. */
export interface Drift {
  readonly eni: number;
  readonly assign: readonly string[];
  readonly unassign: readonly string[];
  /** Positions of further addresses to unassign. They may be picked ones. */
  readonly unassignAt: readonly number[];
}

/** The order in which the engine's requests reach the provider. */
export type Order =
  /** All checks come first. Then all operations run in parallel. */
  | "together"
  /** A resource's operation begins right after its check, in parallel with the next check. */
  | "interleaved"
  /** One operation at a time, as with `--parallel 1`. */
  | "serial";

export interface UpStep {
  readonly type: "up";
  /** Absent: the program is unchanged. */
  readonly program: Program | undefined;
  readonly order: Order;
  /** As with `--refresh`: the same process first refreshes all resources. */
  readonly refreshes: boolean;
  /** Whether `pulumi up` previews first, as without `--skip-preview`. */
  readonly previews: boolean;
  /** As with `--continue-on-error`. */
  readonly continueOnError: boolean;
  /** As with `--target`: the names of resources. Absent: all resources. */
  readonly targets: readonly string[] | undefined;
  readonly faults: readonly Fault[];
  /** The rate limit: number of calls of each write action in a time window. */
  readonly limit: number | undefined;
  /** The provider is killed during this write call. */
  readonly killAtWrite: number | undefined;
}

/** The program does not run. */
export interface DestroyStep {
  readonly type: "destroy";
  readonly order: Order;
  readonly refreshes: boolean;
  readonly continueOnError: boolean;
  readonly targets: readonly string[] | undefined;
  readonly faults: readonly Fault[];
}

export type Step =
  | UpStep
  | DestroyStep
  | { readonly type: "refresh"; readonly faults: readonly Fault[] }
  | { readonly type: "drift"; readonly drift: Drift }
  | {
      readonly type: "status";
      readonly eni: number;
      readonly instance: boolean;
      readonly status: string;
      /** Absent: the status is final. */
      readonly then: string | undefined;
      readonly afterMs: number;
    }
  /** Binds or unbinds an EIP at the address in this position of the ENI. */
  | { readonly type: "eip"; readonly eni: number; readonly at: number; readonly bind: boolean }
  | { readonly type: "managed"; readonly eni: number; readonly managed: boolean }
  | {
      readonly type: "behaviour";
      readonly batch: "atomic" | "partial";
      readonly maxAddressesPerCall: number;
    }
  /** Something that is no ENI takes these addresses of the vSwitch, or gives them up. */
  | { readonly type: "occupied"; readonly addresses: readonly string[] };

export interface History {
  readonly enis: number;
  readonly batch: "atomic" | "partial";
  /** How many answers to reads do not show a write yet. */
  readonly replicaLagReads: number;
  /** How long a freed address stays busy. */
  readonly releaseMs: number;
  /** What the cloud's picks depend on. */
  readonly pickSeed: number;
  /** Whether the account may not read instances. Then the quota is unknown. */
  readonly quotaHidden: boolean;
  /** The addresses of the ENIs before the first command. */
  readonly initial: readonly Drift[];
  readonly steps: readonly Step[];
}
