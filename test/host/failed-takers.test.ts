import { eniId, otherEniId, otherPrimaryAddress, eniWith, privateIpSets, world } from "../support/eni-world";
import type { Properties } from "../support/provider-host";
import { Scenario } from "../support/scenario";

// One resource leaves an address to another one of the same ENI, and that one fails. Some state has to own the address, so that a
// later `pulumi up` can unassign it.

let scenario: Scenario;
afterEach(() => scenario.stop());

const [kept, handed] = ["10.0.1.70", "10.0.1.71"];
const list = (privateIpAddresses: string[], more: Properties = {}): Properties => ({
  networkInterfaceId: eniId,
  privateIpAddresses,
  ...more,
});
const additive = (privateIpAddresses: string[], more: Properties = {}) =>
  list(privateIpAddresses, { ownership: "additive", ...more });
const elsewhere = additive(["10.0.1.90"], { networkInterfaceId: otherEniId });

/** What the giver is after the change; `undefined`: removed from the program. */
const givers: Record<string, { before: Properties; after: Properties | undefined }> = {
  "an update of the giver": { before: additive([kept, handed]), after: additive([kept]) },
  "a delete of the giver": { before: additive([kept, handed]), after: undefined },
  "a giver that moves to another ENI": { before: additive([kept, handed]), after: elsewhere },
  "a giver that moves with one of its addresses": {
    before: additive([kept, handed]),
    after: additive([kept], { networkInterfaceId: otherEniId }),
  },
};

interface Taker {
  /** What the taker is before; `undefined`: it is created. */
  readonly before?: Properties;
  readonly wants: Properties;
  /** Whether it shares the ENI with no other resource. */
  readonly exclusive?: boolean;
  /** Makes the taker fail. */
  readonly breaks: (inputs: Properties) => Properties;
}

const outsideTheBlock = (inputs: Properties): Properties => ({
  ...inputs,
  privateIpAddresses: [...(inputs.privateIpAddresses as string[]), "192.168.0.1"],
});
const unreadable = (inputs: Properties): Properties => ({ ...inputs, region: 5 });
const unreadableList = (inputs: Properties): Properties => ({ ...inputs, privateIpAddresses: ["none"] });
const refuseAssigns = () => {
  const error = { status: 403, code: "Forbidden.RAM", message: "User not authorized." };
  const match = { networkInterfaceId: eniId };
  scenario.emulator.control.addFault({
    action: "AssignPrivateIpAddresses",
    match,
    times: 1000,
    effect: { error },
  });
};
const refusedByTheApi = (inputs: Properties): Properties => {
  refuseAssigns();
  return { ...inputs, privateIpAddresses: [...(inputs.privateIpAddresses as string[]), "10.0.1.72"] };
};
const count = (secondaryPrivateIpAddressCount: number) => ({
  networkInterfaceId: eniId,
  secondaryPrivateIpAddressCount,
});
const withoutTime = (inputs: Properties): Properties => ({
  ...inputs,
  __internal: { timeouts: { create: "1ms", update: "1ms" } },
});

const takers: Record<string, Taker> = {
  "a create refused in check": { wants: additive([handed]), breaks: outsideTheBlock },
  "an update refused in check": {
    before: additive(["10.0.1.80"]),
    wants: additive([handed]),
    breaks: outsideTheBlock,
  },
  "a create with an input that cannot be read": { wants: additive([handed]), breaks: unreadable },
  "a create with a list that cannot be read": { wants: additive([handed]), breaks: unreadableList },
  "an update refused by its plan": {
    before: additive(["10.0.1.80"]),
    wants: additive([handed], { allowUnassignWithEip: true }),
    breaks: (inputs) => {
      const eip = { AllocationId: "eip-1", InstanceId: eniId, InstanceType: "NetworkInterface" };
      scenario.emulator.control.patchState({ eips: [{ ...eip, PrivateIpAddress: "10.0.1.80" }] });
      return { ...inputs, allowUnassignWithEip: false };
    },
  },
  "a create without time": { wants: additive([handed]), breaks: withoutTime },
  "an update without time": {
    before: additive(["10.0.1.80"]),
    wants: additive([handed]),
    breaks: withoutTime,
  },
  "an exclusive create without time": {
    exclusive: true,
    wants: list([kept, handed]),
    breaks: withoutTime,
  },
  "a count without time": { exclusive: true, wants: count(2), breaks: withoutTime },
  "a count refused in check": {
    exclusive: true,
    wants: count(2),
    breaks: (inputs) => ({ ...inputs, ipv4PrefixCount: 1 }),
  },
  "a count refused by the API": {
    exclusive: true,
    wants: count(2),
    breaks: () => {
      refuseAssigns();
      return count(5);
    },
  },
  "a create refused by the API": { wants: additive([handed]), breaks: refusedByTheApi },
  "an update refused by the API": {
    before: additive(["10.0.1.80"]),
    wants: additive([handed, "10.0.1.80"]),
    breaks: refusedByTheApi,
  },
};

const first = (names: readonly string[], program: Readonly<Record<string, Properties | undefined>>) =>
  Object.fromEntries(
    names.flatMap((name) => (program[name] === undefined ? [] : [[name, program[name]]])),
  ) as Record<string, Properties>;

const ownersOf = (address: string) =>
  Object.entries(scenario.owned())
    .filter(([, owned]) => (owned as string[]).includes(address))
    .map(([name]) => name);

/** The givers whose taker may be exclusive: they leave the ENI, and want none of its addresses elsewhere. */
const sharesNothing = ["a delete of the giver", "a giver that moves to another ENI"];

const rows = Object.keys(givers).flatMap((giver) =>
  Object.keys(takers)
    .filter((taker) => !takers[taker]?.exclusive || sharesNothing.includes(giver))
    .flatMap((taker) =>
      (["giver", "taker"] as const).flatMap((earlier) =>
        (["together", "serial"] as const).map((order) => [giver, taker, earlier, order] as const),
      ),
    ),
);

test.each(rows)(
  "%s, %s, the %s is first, %s: some state owns the address, and the next up finishes",
  async (g, t, earlier, order) => {
    scenario = await Scenario.start(
      world({ PrivateIpSets: privateIpSets([]) }, eniWith(otherEniId, otherPrimaryAddress)),
      { env: { ALICLOUD_SECONDARY_IPS_PACE: "0.001" } },
    );
    const giver = givers[g] as (typeof givers)[string];
    const { before: takerBefore, wants, breaks, exclusive = false } = takers[t] as Taker;
    const owning = exclusive ? { ownership: "exclusive" } : {};
    const before = { ...giver.before, ...owning };
    const after = giver.after && { ...giver.after, ...owning };
    const names = earlier === "giver" ? ["giver", "taker"] : ["taker", "giver"];
    expect(await scenario.upAll(first(names, { giver: before, taker: takerBefore }))).toEqual([]);

    const broken = breaks(wants);
    const failures = await scenario.upAll(first(names, { giver: after, taker: broken }), {
      order,
      continuesOnError: true,
    });
    expect(failures.join("\n")).toContain("taker: ");
    if (scenario.held().includes(handed)) expect(ownersOf(handed)).not.toEqual([]);

    scenario.emulator.control.clearFaults();
    const fixed = first(names, { giver: after, taker: wants });
    expect(await scenario.upAll(fixed, { order })).toEqual([]);
    expect(ownersOf(handed)).toContain("taker");
    expect(await scenario.upAll(fixed, { order })).toEqual([]);
    expect(scenario.writes).toEqual([]);
    expect(ownersOf(handed)).toEqual(["taker"]);
    const owned = Object.values(scenario.owned()).flat() as string[];
    expect([...owned].sort()).toEqual([...scenario.held(), ...scenario.held(otherEniId)].sort());
  },
);
