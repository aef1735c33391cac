import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import {
  eniId,
  eniWith,
  otherEniId,
  otherPrimaryAddress,
  secondaryAddresses,
  setByHand,
  world,
  writes,
} from "../support/eni-world";
import { PulumiProject, type Declaration } from "../support/pulumi-project";

const hidden = ["10.0.1.20", "10.0.1.21", "10.0.1.22"];
const secret = (value: unknown) => ({ secret: value });

let emulator: Emulator;
let project: PulumiProject;
/** Everything that the commands have printed. */
let printed: string[];

beforeEach(async () => {
  emulator = await startEmulator({ seed: world({}, eniWith(otherEniId, otherPrimaryAddress)) });
  project = await PulumiProject.create(emulator, {
    ALICLOUD_SECONDARY_IPS_PACE: "0.1",
    DEBUG: "alicloud-secondary-ips:*",
  });
  printed = [];
});
afterEach(async () => {
  project.remove();
  await emulator.close();
});

function edge(args: Record<string, unknown>, opts: Record<string, unknown> = {}): Declaration {
  return { name: "edge", args: { networkInterfaceId: eniId, ...args }, opts };
}

async function run(...args: string[]): Promise<string> {
  const { output } = await project.run(...args);
  printed.push(output);
  return output;
}

/** An `up` of these declarations, with its preview. */
async function upWith(...declarations: Declaration[]): Promise<string> {
  project.declare(...declarations);
  return run("up", "--yes", "--diff");
}

const held = (id = eniId) => secondaryAddresses(emulator, id).sort();

/** The addresses that are in plain text in the state or in what the commands have printed. */
async function revealed(addresses = hidden): Promise<string[]> {
  const state = await project.exportedState();
  return addresses.flatMap((address) => {
    const plain = new RegExp(`(?<![0-9])${address.replaceAll(".", "\\.")}(?![0-9])`);
    const lines = printed.flatMap((text) => text.split("\n")).filter((line) => plain.test(line));
    return [...(plain.test(state) ? [`${address} is in the state`] : []), ...lines];
  });
}

test("secret list: up, refresh, update, a count and destroy reveal no address", async () => {
  const first = await upWith(edge({ privateIpAddresses: secret(hidden) }));
  expect(first).toContain("eni-edge: assign 3 addresses, 1 call");
  expect(held()).toEqual(hidden);
  expect(await revealed()).toEqual([]);
  setByHand(emulator, ["10.0.1.20", "10.0.1.21"]);
  await run("refresh", "--yes", "--diff");
  expect(await revealed()).toEqual([]);
  // Of a list with one secret item, all items are secret. The engine records those of a plugin as the program marks them.
  const marked = project.adaptor === "dynamic" ? hidden : hidden.slice(1);
  const nested = await upWith(edge({ privateIpAddresses: ["10.0.1.20", secret("10.0.1.22")] }));
  expect(nested).toContain("eni-edge: assign 1 address, unassign 1 address");
  expect(held()).toEqual(["10.0.1.20", "10.0.1.22"]);
  expect(await revealed(marked)).toEqual([]);
  await upWith(edge({ secondaryPrivateIpAddressCount: 3 }));
  expect(held()).toHaveLength(3);
  expect(await revealed(marked)).toEqual([]);
  await run("refresh", "--yes", "--diff");
  await run("destroy", "--yes", "--diff");
  expect(held()).toEqual([]);
  expect(await revealed(marked)).toEqual([]);
});

test("secret list: problems of inputs and refusals reveal no address", async () => {
  setByHand(emulator, ["10.0.1.22", "10.0.1.30"]);
  // The engine prints the whole value of an input that check calls a problem.
  await upWith(edge({ privateIpAddresses: secret(["10.0.1.20", "10.0.1.20", "10.0.1.21/24"]) }));
  const refused = await upWith(
    edge({ privateIpAddresses: ["10.0.1.99"], unassignOnCreate: secret(["10.0.1.22"]) }),
  );
  expect(refused).toContain('unassignOnCreate: ["10.0.1.30"]');
  expect(await revealed()).toEqual([]);
});

test("an address that two resources of the program see: none of them reveals it", async () => {
  const additive = { ownership: "additive" };
  await upWith(edge({ ...additive, privateIpAddresses: secret(hidden) }), {
    name: "plain",
    args: { networkInterfaceId: eniId, privateIpAddresses: ["10.0.1.40"], ...additive },
  });
  await run("refresh", "--yes", "--diff");
  expect(await revealed()).toEqual([]);
  const plain = (await project.resources()).find(({ urn }) => urn.endsWith("::plain"));
  expect(plain?.outputs.privateIpAddresses).toEqual(["10.0.1.40"]);
});

test("a list becomes secret: the state holds it encrypted, without a call", async () => {
  await upWith(edge({ privateIpAddresses: hidden }));
  expect(await revealed()).not.toEqual([]);
  emulator.control.clearCalls();
  // The preview compares the old state, which is in plain text.
  project.declare(edge({ privateIpAddresses: secret(hidden) }));
  await project.up();
  printed = [];
  await run("preview", "--diff", "--expect-no-changes");
  expect(await revealed()).toEqual([]);
  expect(writes(emulator)).toEqual([]);
});
