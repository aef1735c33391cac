import fc from "fast-check";
import { assignPrivateIpAddresses } from "../actions/AssignPrivateIpAddresses";
import { unassignPrivateIpAddresses } from "../actions/UnassignPrivateIpAddresses";
import { ApiError } from "../api-errors";
import { defaultBehaviour } from "../world/behaviour";
import { ManualClock } from "../world/clock";
import { eniStatuses, instanceStatuses } from "../world/resources";
import { World } from "../world/world";
import { execute } from "./execution";

/** A /27: addresses .0 to .31, of which .1 to .28 can be handed out. */
const cidrBlock = "10.0.1.0/27";
const enis = ["eni-a", "eni-b", "eni-p"] as const;

const call = fc.record({
  verb: fc.constantFrom("assign", "unassign"),
  eni: fc.constantFrom(...enis, "eni-unknown"),
  octets: fc.array(fc.integer({ min: 0, max: 34 }), { maxLength: 6 }),
  count: fc.option(fc.integer({ min: 0, max: 6 }), { freq: 3 }),
});
const setting = fc.record({
  batch: fc.constantFrom("atomic" as const, "partial" as const),
  eniStatus: fc.oneof(
    { weight: 4, arbitrary: fc.constant("Available" as const) },
    fc.constantFrom(...eniStatuses),
  ),
  instanceStatus: fc.oneof(
    { weight: 4, arbitrary: fc.constant("Running" as const) },
    fc.constantFrom(...instanceStatuses),
  ),
  serviceManaged: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.boolean()),
});

type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;
type Setting = typeof setting extends fc.Arbitrary<infer T> ? T : never;

/** What an outsider can see: the addresses of each ENI, the primary first. */
type Seen = Readonly<Record<string, readonly string[]>>;

function makeWorld({ batch, eniStatus, instanceStatus, serviceManaged }: Setting): World {
  return new World(new ManualClock(), () => ({ ...defaultBehaviour, batch, maxAddressesPerCall: 4 }), {
    vSwitches: [{ VSwitchId: "vsw-1", CidrBlock: cidrBlock }],
    instances: [{ InstanceId: "i-1", InstanceType: "ecs.g6.large", Status: instanceStatus }],
    networkInterfaces: [
      { NetworkInterfaceId: "eni-a", Status: eniStatus, ServiceManaged: serviceManaged },
      { NetworkInterfaceId: "eni-b" },
      // Nearly full, or its quota would hardly ever be met.
      {
        NetworkInterfaceId: "eni-p",
        InstanceId: "i-1",
        Type: "Primary",
        PrivateIpAddress: "10.0.1.19",
        PrivateIpSets: {
          PrivateIpSet: ["10.0.1.20", "10.0.1.21", "10.0.1.22"].map((PrivateIpAddress) => ({
            PrivateIpAddress,
          })),
        },
      },
    ],
  });
}

function look(world: World): Seen {
  return Object.fromEntries(
    world
      .save()
      .networkInterfaces.map((eni) => [
        eni.NetworkInterfaceId,
        eni.PrivateIpSets.PrivateIpSet.map((ip) => ip.PrivateIpAddress),
      ]),
  );
}

async function codeOf(world: World, { verb, eni, octets, count }: Call): Promise<string | undefined> {
  const params: Record<string, string> = { RegionId: "cn-hangzhou", NetworkInterfaceId: eni };
  octets.forEach((octet, index) => (params[`PrivateIpAddress.${index + 1}`] = `10.0.1.${octet}`));
  if (count !== null) params.SecondaryPrivateIpAddressCount = String(count);
  const action = verb === "assign" ? assignPrivateIpAddresses : unassignPrivateIpAddresses;
  try {
    await execute(action, params, world, () => Promise.resolve());
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
}

/** Every reason that the documentation gives for refusing the call, judged from outside. */
function reasons({ verb, eni, octets, count: given }: Call, before: Seen, world: Setting): Set<string> {
  const count = verb === "assign" ? given : null;
  const found = new Set<string>();
  const add = (code: string, when: boolean) => {
    if (when) found.add(code);
  };
  const own = before[eni] ?? [];
  const others = Object.entries(before).flatMap(([id, addresses]) => (id === eni ? [] : addresses));
  const wanted = octets.map((octet) => `10.0.1.${octet}`);
  const asked = wanted.length + (count ?? 0);
  add("MissingParameter", wanted.length === 0 && count === null);
  add(
    "InvalidParameter",
    wanted.length > 4 || count === 0 || (count ?? 0) > 4 || (count !== null && wanted.length > 0),
  );
  add("InvalidIp.IpRepeated", new Set(wanted).size < wanted.length);
  add("InvalidEniId.NotFound", eni === "eni-unknown");
  add("InvalidOperation.EniServiceManaged", eni === "eni-a" && world.serviceManaged);
  add(
    "InvalidOperation.InvalidEniState",
    eni === "eni-a" && world.eniStatus !== "Available" && world.eniStatus !== "InUse",
  );
  add(
    "InvalidOperation.InvalidEcsState",
    eni === "eni-p" && world.instanceStatus !== "Running" && world.instanceStatus !== "Stopped",
  );
  if (verb === "unassign") {
    add(
      "InvalidVSwitchId.IpInvalid",
      octets.some((octet) => octet > 31),
    );
    add(
      "InvalidIp.IpUnassigned",
      wanted.some((address) => !own.slice(1).includes(address)),
    );
    return found;
  }
  const fresh = wanted.filter((address) => !own.includes(address) && !others.includes(address));
  add(
    "InvalidVSwitchId.IpInvalid",
    octets.some((octet) => octet < 1 || octet > 28),
  );
  add(
    "InvalidIp.IpAssigned",
    wanted.some((address) => own.includes(address)),
  );
  add(
    "InvalidPrivateIpAddress.Duplicated",
    wanted.some((address) => others.includes(address)),
  );
  const slots = eni === "eni-p" ? 6 : 50;
  add("InvalidOperation.Ipv4CountExceeded", own.length + fresh.length + (count ?? 0) > slots);
  add("InvalidVSwitchId.IpNotEnough", asked > 28 - own.length - others.length && count !== null);
  return found;
}

test("whatever is asked: every refusal has a true reason, and no primary or foreign address is lost", async () => {
  await fc.assert(
    fc.asyncProperty(setting, fc.array(call, { minLength: 1, maxLength: 15 }), async (world, calls) => {
      const emulated = makeWorld(world);
      for (const one of calls) {
        const before = look(emulated);
        const why = reasons(one, before, world);
        const code = await codeOf(emulated, one);
        const after = look(emulated);

        if (code === undefined) expect([...why]).toEqual([]);
        else expect([...why]).toContain(code);
        for (const eni of enis) {
          expect(after[eni]?.[0]).toBe(before[eni]?.[0]);
          if (eni !== one.eni || (code !== undefined && world.batch === "atomic"))
            expect(after[eni]).toEqual(before[eni]);
          if (one.verb === "assign")
            expect(after[eni]).toEqual(expect.arrayContaining([...(before[eni] ?? [])]));
        }
        const all = Object.values(after).flat();
        expect(new Set(all).size).toBe(all.length);
      }
    }),
    { numRuns: 300 },
  );
});
