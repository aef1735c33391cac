import type { Step } from "../clients/story";
import type { Answer, Api, Body, Caller } from "./caller";

/** Waits, and throws when the run is interrupted. */
export type Wait = (ms: number) => Promise<void>;

/** A story as it was told to the cloud or to an emulator. */
export interface Telling {
  readonly answers: readonly Answer[];
  /** The values that steps have saved, such as ids, by their names. */
  readonly saved: Readonly<Record<string, string>>;
}

/** A creation takes seconds; after this many looks, something is wrong. */
const mostLooks = 60;
const lookEveryMs = 2_000;
/**
 * ECS admits a throttled operation again in the next minute:
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/api-throttling
 */
const throttledMs = 20_000;
const mostThrottled = 6;

export interface Told {
  readonly caller: Caller;
  /** The key in the place of the emulator's `test`. */
  readonly accessKeyId: string;
  readonly wait: Wait;
  readonly onAnswer?: (step: Step, answer: Answer) => void;
  /** An earlier telling: this one asks for the addresses that were picked there, so that both worlds stay alike. */
  readonly picksOf?: Telling;
}

/** Tells the steps one after another, each when the resources of the one before are ready. */
export async function tell(steps: readonly Step[], target: Told): Promise<Telling> {
  const saved: Record<string, string> = {};
  const answers: Answer[] = [];
  for (const [index, step] of steps.entries()) {
    const picks = pickedAddresses(step, target.picksOf?.answers[index]);
    const answer = await tellStep({ ...step, with: { ...step.with, ...picks } }, saved, target);
    answers.push(answer);
    if (answer.status === 200)
      for (const [name, path] of Object.entries(step.saves ?? {})) {
        const value = path
          .split(".")
          .reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], answer.body);
        if (typeof value === "string") saved[name] = value;
      }
    target.onAnswer?.(step, answer);
  }
  return { answers, saved };
}

/** What a step has to ask for instead of a number, to get the addresses of an answer. */
function pickedAddresses({ call, with: given = {} }: Step, answer: Answer | undefined): Body {
  if (answer?.status !== 200) return {};
  if (call === "CreateNetworkInterface") {
    const { PrivateIpAddress: primary, PrivateIpSets, Ipv4PrefixSets } = answer.body as CreatedEni;
    return {
      PrimaryIpAddress: primary,
      ...(given.SecondaryPrivateIpAddressCount !== undefined && {
        SecondaryPrivateIpAddressCount: null,
        PrivateIpAddress: PrivateIpSets?.PrivateIpSet?.filter((ip) => !ip.Primary).map(
          (ip) => ip.PrivateIpAddress,
        ),
      }),
      ...(given.Ipv4PrefixCount !== undefined && {
        Ipv4PrefixCount: null,
        Ipv4Prefix: Ipv4PrefixSets?.Ipv4PrefixSet?.map((set) => set.Ipv4Prefix),
      }),
    };
  }
  if (call !== "AssignPrivateIpAddresses") return {};
  const assigned = (answer.body as AssignedAddresses).AssignedPrivateIpAddressesSet;
  return {
    ...(given.SecondaryPrivateIpAddressCount !== undefined && {
      SecondaryPrivateIpAddressCount: null,
      PrivateIpAddress: assigned?.PrivateIpSet?.PrivateIpAddress,
    }),
    ...(given.Ipv4PrefixCount !== undefined && {
      Ipv4PrefixCount: null,
      Ipv4Prefix: assigned?.Ipv4PrefixSet?.Ipv4Prefixes,
    }),
  };
}

interface CreatedEni {
  readonly PrivateIpAddress?: string;
  readonly PrivateIpSets?: {
    readonly PrivateIpSet?: readonly { readonly PrivateIpAddress: string; readonly Primary?: boolean }[];
  };
  readonly Ipv4PrefixSets?: { readonly Ipv4PrefixSet?: readonly { readonly Ipv4Prefix: string }[] };
}

interface AssignedAddresses {
  readonly AssignedPrivateIpAddressesSet?: {
    readonly PrivateIpSet?: { readonly PrivateIpAddress?: readonly string[] };
    readonly Ipv4PrefixSet?: { readonly Ipv4Prefixes?: readonly string[] };
  };
}

async function tellStep(step: Step, saved: Readonly<Record<string, string>>, target: Told): Promise<Answer> {
  const { api = "ecs", call = "", credentials } = step;
  const given = Object.fromEntries(
    Object.entries(filledIn(step.with ?? {}, saved)).filter(([, value]) => value !== null),
  );
  const key = credentials && {
    ...credentials,
    ...(credentials.accessKeyId === "test" ? { accessKeyId: target.accessKeyId } : {}),
  };
  for (let attempt = 1; ; attempt++) {
    await target.wait(0);
    const answer = await target.caller(api, call, given, key);
    if (isThrottled(answer) && attempt < mostThrottled) {
      await target.wait(throttledMs);
      continue;
    }
    if (answer.status === 200) await settle(target, call, { ...given, ...answer.body });
    return answer;
  }
}

function isThrottled({ body: { Code } }: Answer): boolean {
  return typeof Code === "string" && Code.startsWith("Throttling");
}

/** How the state of a resource is read. */
interface Look {
  readonly api: Api;
  readonly action: string;
  readonly ask: (resource: Body) => Body;
  readonly status: (answer: Answer) => unknown;
}

const statusOf = ({ status, body }: Answer) => (status === 200 ? body.Status : undefined);
const looks: Readonly<Record<"Vpc" | "VSwitch" | "NetworkInterface", Look>> = {
  Vpc: { api: "vpc", action: "DescribeVpcAttribute", ask: ({ VpcId }) => ({ VpcId }), status: statusOf },
  VSwitch: {
    ...{ api: "vpc", action: "DescribeVSwitchAttributes", status: statusOf },
    ask: ({ VSwitchId }) => ({ VSwitchId }),
  },
  NetworkInterface: {
    ...{ api: "ecs", action: "DescribeNetworkInterfaces" },
    ask: ({ NetworkInterfaceId }) => ({ NetworkInterfaceId: [NetworkInterfaceId] }),
    status: ({ body }) =>
      (body.NetworkInterfaceSets as { NetworkInterfaceSet?: { Status?: unknown }[] } | undefined)
        ?.NetworkInterfaceSet?.[0]?.Status,
  },
};

/** Waits until a new resource is Available, and a deleted one is gone. */
export async function settle(
  { caller, wait }: Pick<Told, "caller" | "wait">,
  call: string,
  resource: Body,
): Promise<void> {
  const [, verb, type] = /^(Create|Delete)(Vpc|VSwitch|NetworkInterface)$/.exec(call) ?? [];
  if (type === undefined) return;
  const { api, action, ask, status } = looks[type as keyof typeof looks];
  const expected = verb === "Create" ? "Available" : undefined;
  let seen: unknown;
  for (let look = 0; look < mostLooks; look++) {
    if (look > 0) await wait(lookEveryMs);
    const answer = await caller(api, action, { RegionId: resource.RegionId, ...ask(resource) });
    if (isThrottled(answer)) {
      await wait(throttledMs);
      continue;
    }
    seen = status(answer);
    if (seen === expected || (expected === undefined && seen === "")) return;
  }
  throw new Error(
    `${call}: after ${(mostLooks * lookEveryMs) / 1000} s the status is ${String(seen)}, not ${expected ?? "gone"}`,
  );
}

/** Puts values in the place of `{name}`. */
export function filledIn<Value>(value: Value, saved: Readonly<Record<string, string>>): Value {
  const text = JSON.stringify(value).replace(/\{(\w+)\}/g, (whole, name: string) =>
    JSON.stringify(saved[name] ?? whole).slice(1, -1),
  );
  return JSON.parse(text) as Value;
}
