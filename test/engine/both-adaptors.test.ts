import type { Emulator } from "alicloud-ecs-emulator";
import {
  addressRange,
  eniId,
  eniWith,
  otherEniId,
  otherPrimaryAddress,
  setByHand,
  world,
  writes,
} from "../support/eni-world";
import { conflict } from "../support/faults";
import { PulumiProject, withProject, type Adaptor } from "../support/pulumi-project";

const prefixEniId = "eni-prefix";
const before = addressRange(20, 15);
const after = [...before.slice(12), ...addressRange(60, 7)];

/** What a state has beside the inputs and outputs of the resource, as docs/native-plugin.md says. */
const hiddenKeys: Readonly<Record<Adaptor, { inputs: readonly string[]; outputs: readonly string[] }>> = {
  dynamic: { inputs: ["__internal", "__provider"], outputs: ["__internal", "__provider"] },
  native: { inputs: [], outputs: ["__recorded"] },
};

function without(hidden: readonly string[], properties: Record<string, unknown>): Record<string, unknown> {
  expect(Object.keys(properties)).toEqual(expect.arrayContaining([...hidden]));
  return Object.fromEntries(Object.entries(properties).filter(([key]) => !hidden.includes(key)));
}

/** Tells a history. Resolves to the state after each command, and to the calls that write. */
async function tell(adaptor: Adaptor): Promise<{ states: unknown[]; calls: string[] }> {
  const seed = world({}, eniWith(otherEniId, otherPrimaryAddress), eniWith(prefixEniId, "10.0.1.12"));
  const open = (emulator: Emulator) => PulumiProject.create(emulator, {}, { adaptor });
  return withProject(seed, open, async (project, emulator) => {
    const match = { networkInterfaceId: eniId };
    const states: unknown[] = [];
    const run = async (...args: string[]) => {
      await project.succeeds(...args, "--yes", "--skip-preview");
      const { inputs: hiddenInputs, outputs: hiddenOutputs } = hiddenKeys[adaptor];
      const resources = (await project.resources()).map(({ urn, id, inputs, outputs }) => ({
        name: urn.replace(/.*::/, ""),
        id,
        inputs: without(hiddenInputs, inputs),
        outputs: without(hiddenOutputs, outputs),
      }));
      states.push(resources.sort((one, other) => (one.name < other.name ? -1 : 1)));
    };
    const declare = (privateIpAddresses: string[], count: number) => {
      const counted = { networkInterfaceId: otherEniId, secondaryPrivateIpAddressCount: count };
      project.declare(
        { name: "list", args: { networkInterfaceId: eniId, privateIpAddresses } },
        { name: "count", args: counted },
        { name: "prefixes", args: { networkInterfaceId: prefixEniId, ipv4Prefixes: ["10.0.1.128/28"] } },
      );
    };
    emulator.control.addFault({ action: "AssignPrivateIpAddresses", match, effect: { drop: "after" } });
    declare(before, 2);
    await run("up");
    emulator.control.addFault({ action: "UnassignPrivateIpAddresses", match, effect: conflict });
    // Not in the numerical order: the inputs keep it, and the outputs do not.
    declare(after.toReversed(), 3);
    await run("up");
    setByHand(emulator, [...after.slice(2), "10.0.1.99"]);
    await run("refresh");
    await run("up");
    await run("destroy");
    return { states, calls: writes(emulator).sort() };
  });
}

test("create, update, drift, refresh, repair and destroy: both adaptors leave the same states and make the same calls", async () => {
  const dynamic = await tell("dynamic");
  expect(await tell("native")).toEqual(dynamic);
  const [created, updated, refreshed, repaired, destroyed] = dynamic.states;
  const list = (privateIpAddresses: string[]) =>
    expect.arrayContaining([
      expect.objectContaining({ outputs: expect.objectContaining({ privateIpAddresses }) as unknown }),
    ]) as unknown;
  expect(created).toEqual(list(before));
  expect(updated).toEqual(list(after));
  expect(refreshed).toEqual(list([...after.slice(2), "10.0.1.99"]));
  expect(repaired).toEqual(list(after));
  expect(destroyed).toEqual([]);
});
