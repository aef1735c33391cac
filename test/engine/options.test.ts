import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { writeFileSync } from "node:fs";
import path from "node:path";
import {
  actions,
  eniId,
  eniWith,
  otherEniId,
  otherPrimaryAddress,
  secondaryAddresses,
  setByHand,
  world,
  writes,
} from "../support/eni-world";
import { conflict, forever } from "../support/faults";
import { PulumiProject, type Declaration, type ResourceInState } from "../support/pulumi-project";

const other = eniWith(otherEniId, otherPrimaryAddress);
const addresses = ["10.0.1.20", "10.0.1.21"];

let emulator: Emulator;
let project: PulumiProject;

beforeEach(async () => {
  emulator = await startEmulator({ seed: world({}, other) });
  project = await PulumiProject.create(emulator, { ALICLOUD_SECONDARY_IPS_PACE: "0.1" });
});
afterEach(async () => {
  project.remove();
  await emulator.close();
});

function edge(opts: Record<string, unknown> = {}, args: Record<string, unknown> = {}): Declaration {
  return { name: "edge", args: { networkInterfaceId: eniId, privateIpAddresses: addresses, ...args }, opts };
}

async function upWith(...declarations: Declaration[]): Promise<string> {
  project.declare(...declarations);
  emulator.control.clearCalls();
  return (await project.up()).stdout;
}

const held = (id = eniId) => secondaryAddresses(emulator, id).sort();

describe("resource option", () => {
  test("retainOnDelete: the resource is removed, the ENI keeps its addresses", async () => {
    await upWith(edge({ retainOnDelete: true }));
    await upWith();
    expect(await project.resources()).toEqual([]);
    expect(actions(emulator)).toEqual([]);
    expect(held()).toEqual(addresses);
  });

  test("protect: destroy, fails without a call, and succeeds after protect is removed", async () => {
    await upWith(edge({ protect: true }));
    emulator.control.clearCalls();
    const { output } = await project.fails("destroy", "--yes", "--skip-preview");
    expect(output).toContain("cannot be deleted");
    expect(actions(emulator)).toEqual([]);
    await upWith(edge());
    expect(writes(emulator)).toEqual([]);
    await project.destroy();
    expect(held()).toEqual([]);
  });

  test("ignoreChanges: drift after a refresh, up does not repair it", async () => {
    await upWith(edge({ ignoreChanges: ["privateIpAddresses"] }));
    setByHand(emulator, ["10.0.1.20", "10.0.1.99"]);
    await project.succeeds("refresh", "--yes");
    emulator.control.clearCalls();
    await project.succeeds("preview", "--expect-no-changes");
    await project.up();
    expect(writes(emulator)).toEqual([]);
    expect(held()).toEqual(["10.0.1.20", "10.0.1.99"]);
    // Without ignoreChanges, the next up repairs the drift.
    await upWith(edge());
    expect(held()).toEqual(addresses);
  });

  test("ignoreChanges of an index: an unsorted list, works after drift, a refresh and a change of the others", async () => {
    const unsorted = ["10.0.1.100", "10.0.1.9", "10.0.1.20"];
    const ignoresFirst = { ignoreChanges: ["privateIpAddresses[0]"] };
    const listed = (...privateIpAddresses: string[]) => edge(ignoresFirst, { privateIpAddresses });
    await upWith(listed(...unsorted));
    expect((await project.resource()).inputs.privateIpAddresses).toEqual(unsorted);
    // The program's own [0] is ignored.
    await upWith(listed("10.0.1.50", "10.0.1.9", "10.0.1.20"));
    expect(writes(emulator)).toEqual([]);
    await project.succeeds("refresh", "--yes", "--expect-no-changes");
    await upWith(listed("10.0.1.50", "10.0.1.9", "10.0.1.21"));
    expect(held()).toEqual(["10.0.1.100", "10.0.1.21", "10.0.1.9"]);
    // Someone replaces the ignored one and adds another.
    setByHand(emulator, ["10.0.1.101", "10.0.1.21", "10.0.1.9", "10.0.1.120"]);
    await project.succeeds("refresh", "--yes");
    expect((await project.resource()).inputs.privateIpAddresses).toEqual([
      "10.0.1.101",
      "10.0.1.9",
      "10.0.1.21",
      "10.0.1.120",
    ]);
    await upWith(listed("10.0.1.50", "10.0.1.9", "10.0.1.21"));
    expect(held()).toEqual(["10.0.1.101", "10.0.1.21", "10.0.1.9"]);
    await project.succeeds("preview", "--expect-no-changes");
  });

  test("deletedWith: destroy, makes no call for the ENI that is deleted with its owner", async () => {
    await upWith(
      { name: "owner", args: { networkInterfaceId: otherEniId, privateIpAddresses: ["10.0.1.30"] } },
      { ...edge(), deletedWith: "owner" },
    );
    emulator.control.clearCalls();
    await project.destroy();
    const sent = emulator.control.calls().map(({ params }) => Object.values(params));
    expect(sent.flat()).not.toContain(eniId);
    expect(writes(emulator)).toEqual(["UnassignPrivateIpAddresses"]);
    expect(held()).toEqual(addresses);
  });

  test("aliases: a rename, keeps the state without a write call", async () => {
    await upWith(edge());
    const renamed = { ...edge({ aliases: [{ name: "edge" }] }), name: "renamed" };
    const output = await upWith(renamed);
    expect(output).toContain("2 unchanged");
    expect(output).not.toMatch(/created|deleted|replaced/);
    expect(writes(emulator)).toEqual([]);
    expect((await project.resource()).urn).toContain("::renamed");
    await upWith({ ...renamed, args: { ...renamed.args, privateIpAddresses: ["10.0.1.20"] } });
    expect(held()).toEqual(["10.0.1.20"]);
  });

  test("customTimeouts: set later, are recorded without a write call and limit update and delete", async () => {
    emulator.control.addFault({
      action: "UnassignPrivateIpAddresses",
      times: forever,
      effect: conflict,
    });
    await upWith(edge());
    await upWith(edge({ customTimeouts: { update: "2s", delete: "3s" } }));
    expect(writes(emulator)).toEqual([]);
    project.declare(
      edge({ customTimeouts: { update: "2s", delete: "3s" } }, { privateIpAddresses: ["10.0.1.20"] }),
    );
    const update = await project.fails("up", "--yes", "--skip-preview");
    expect(update.output).toContain("it kept failing until the time-out of 2 s");
    const destroy = await project.fails("destroy", "--yes", "--skip-preview");
    expect(destroy.output).toContain("it kept failing until the time-out of 3 s");
    expect(held()).toEqual(addresses);
    emulator.control.clearFaults();
    await project.destroy();
    expect(held()).toEqual([]);
  });
});

describe("change of networkInterfaceId", () => {
  test("both ENIs exist, the addresses move to the new one", async () => {
    await upWith(edge());
    const output = await upWith(edge({}, { networkInterfaceId: otherEniId }));
    expect(output).toContain("1 replaced");
    expect(writes(emulator)).toEqual(["UnassignPrivateIpAddresses", "AssignPrivateIpAddresses"]);
    expect(held()).toEqual([]);
    expect(held(otherEniId)).toEqual(addresses);
    expect((await project.resource()).id).toBe(otherEniId);
  });

  test("old ENI deleted outside Pulumi, refresh and up, creates the resource on the new one", async () => {
    await upWith(edge());
    emulator.control.putState(world(other));
    const { output } = await project.succeeds("refresh", "--yes");
    expect(output).toContain(`edge: ENI ${eniId} does not exist in region cn-hangzhou any more`);
    expect(await project.resources()).toEqual([]);
    await upWith(edge({}, { networkInterfaceId: otherEniId }));
    expect(held(otherEniId)).toEqual(addresses);
  });

  test("old ENI deleted outside Pulumi, up without refresh, replaces the resource", async () => {
    await upWith(edge());
    emulator.control.putState(world(other));
    await upWith(edge({}, { networkInterfaceId: otherEniId }));
    expect(held(otherEniId)).toEqual(addresses);
    // destroy succeeds for a deleted ENI, too.
    emulator.control.putState(world());
    await project.destroy();
    expect(await project.resources()).toEqual([]);
  });
});

describe("change of networkInterfaceId with an option that keeps the old ENI's addresses", () => {
  const moved = (opts = {}, more = {}) => edge(opts, { networkInterfaceId: otherEniId, ...more });
  const retained = { retainOnDelete: true };
  const refused = "because the state has retainOnDelete: true; remove retainOnDelete and run `pulumi up`";
  const notReleased = "because deleteBeforeReplace is false; remove deleteBeforeReplace, or set it to true";

  async function isRefused(declaration: Declaration, message: string): Promise<void> {
    project.declare(declaration);
    emulator.control.clearCalls();
    expect((await project.fails("up", "--yes", "--skip-preview")).output).toContain(message);
    expect(writes(emulator)).toEqual([]);
  }

  test("retainOnDelete and other addresses, the old ENI keeps its own", async () => {
    await upWith(edge(retained));
    const output = await upWith(moved(retained, { privateIpAddresses: ["10.0.1.30"] }));
    expect(output).toContain("eni-edge: keep 10.0.1.20 and 1 more, because");
    expect(held()).toEqual(addresses);
    expect(held(otherEniId)).toEqual(["10.0.1.30"]);
    emulator.control.clearCalls();
    await project.destroy();
    expect(actions(emulator)).toEqual([]);
  });

  test("retainOnDelete, the up without it on the old ENI comes first, the addresses move", async () => {
    await upWith(edge(retained));
    await isRefused(moved(retained), refused);
    await isRefused(moved(), refused);
    await upWith(edge());
    await upWith(moved());
    expect(held()).toEqual([]);
    expect(held(otherEniId)).toEqual(addresses);
  });

  test("retainOnDelete, the addresses are unassigned by hand, the new ENI gets them", async () => {
    await upWith(edge(retained));
    await isRefused(moved(retained), refused);
    setByHand(emulator, []);
    await upWith(moved(retained));
    expect(held(otherEniId)).toEqual(addresses);
  });

  test("retainOnDelete is new, the up on the old ENI comes first, the old ENI keeps its addresses", async () => {
    await upWith(edge());
    project.declare(moved(retained, { privateIpAddresses: ["10.0.1.30"] }));
    const { stdout } = await project.succeeds("preview");
    expect(stdout).toContain("to keep them, run `pulumi up` with networkInterfaceId eni-edge first");
    await upWith(edge(retained));
    await upWith(moved(retained, { privateIpAddresses: ["10.0.1.30"] }));
    expect(held()).toEqual(addresses);
  });

  test.each([{}, { deleteBeforeReplace: true }])(
    "deleteBeforeReplace: false, with %p the addresses move",
    async (opts) => {
      await upWith(edge());
      await isRefused(moved({ deleteBeforeReplace: false }), notReleased);
      await upWith(moved(opts));
      expect(held()).toEqual([]);
      expect(held(otherEniId)).toEqual(addresses);
    },
  );
});

describe("change of networkInterfaceId while an EIP is bound to an address of the old ENI", () => {
  const bound = { AllocationId: "eip-1", InstanceType: "NetworkInterface", PrivateIpAddress: "10.0.1.20" };
  const moved = (more = {}, privateIpAddresses = addresses) =>
    edge({}, { networkInterfaceId: otherEniId, privateIpAddresses, ...more });
  const warning = "as things are, `pulumi up` would refuse to replace it";

  beforeEach(async () => {
    await upWith(edge());
    emulator.control.patchState({ eips: [{ ...bound, InstanceId: eniId }] });
  });

  async function isRefused(declaration: Declaration): Promise<void> {
    project.declare(declaration);
    expect((await project.succeeds("preview")).stdout).toContain(warning);
    const { output } = await project.fails("up", "--yes", "--skip-preview");
    expect(output).toContain("unbind it first, keep the address, or set allowUnassignWithEip: true");
  }

  async function succeeds(declaration: Declaration): Promise<void> {
    project.declare(declaration);
    expect((await project.succeeds("preview")).stdout).not.toContain(warning);
    await project.up();
    expect(held()).toEqual([]);
    expect(await project.resources()).toHaveLength(1);
  }

  test("allowUnassignWithEip is set after the refusal, the addresses move", async () => {
    await isRefused(moved());
    await succeeds(moved({ allowUnassignWithEip: true }));
    expect(held(otherEniId)).toEqual(addresses);
  });

  test("the EIP is unbound after the refusal, the addresses move", async () => {
    await isRefused(moved());
    const elsewhere = { InstanceId: otherEniId, PrivateIpAddress: otherPrimaryAddress };
    emulator.control.patchState({ eips: [{ ...bound, ...elsewhere }] });
    await succeeds(moved());
    expect(held(otherEniId)).toEqual(addresses);
  });

  test("other addresses on the new ENI, the old ones leave once allowUnassignWithEip is set", async () => {
    await isRefused(moved({}, ["10.0.1.30"]));
    await succeeds(moved({ allowUnassignWithEip: true }, ["10.0.1.30"]));
    expect(held(otherEniId)).toEqual(["10.0.1.30"]);
  });
});
/** Changes inputs and outputs in the state, as another release may have written them. */
async function editState(edit: (properties: Record<string, unknown>) => void): Promise<void> {
  const state = JSON.parse(await project.exportedState()) as {
    deployment: { resources: ResourceInState[] };
  };
  for (const resource of state.deployment.resources) {
    if (!resource.type.endsWith(":EniSecondaryIps")) continue;
    for (const properties of [resource.inputs, resource.outputs]) edit(properties);
  }
  writeFileSync(path.join(project.folder, "edited.json"), JSON.stringify(state));
  await project.succeeds("stack", "import", "--file", "edited.json");
  emulator.control.clearCalls();
}

test("state of a newer release: every command is refused and leaves the state as it is", async () => {
  await upWith(edge());
  await editState((properties) => {
    Object.assign(properties.__internal as object, { schemaVersion: 3, later: { nested: ["value"] } });
  });
  const recorded = async () =>
    (await project.resources()).map(({ id, inputs, outputs }) => ({ id, inputs, outputs }));
  const newer = await recorded();
  project.declare(edge({}, { privateIpAddresses: ["10.0.1.20"] }));
  for (const command of [
    ["preview"],
    ["up", "--yes", "--skip-preview"],
    ["up", "--refresh", "--yes", "--skip-preview"],
    ["refresh", "--yes"],
    ["destroy", "--yes", "--skip-preview"],
  ]) {
    const { output } = await project.fails(...command);
    expect(output).toMatch(/the state has schema version 3, .* this release reads versions up to 2/);
    expect(await recorded()).toEqual(newer);
  }
  expect(actions(emulator)).toEqual([]);
  // The remedy is a release that reads the form. Here, the form that this release reads.
  await editState((properties) => Object.assign(properties.__internal as object, { schemaVersion: 2 }));
  await project.up();
  expect(held()).toEqual(["10.0.1.20"]);
});

describe("state of another release, with an unknown key and without __internal", () => {
  beforeEach(async () => {
    await upWith(edge());
    await editState((properties) => {
      delete properties.__internal;
      Object.assign(properties, { laterKey: { nested: ["value"] } });
    });
  });

  test("refresh, up, update and destroy succeed, and the unchanged up makes no write call", async () => {
    await project.succeeds("refresh", "--yes");
    await project.up();
    expect(writes(emulator)).toEqual([]);
    await upWith(edge({}, { privateIpAddresses: ["10.0.1.21", "10.0.1.22"] }));
    expect(held()).toEqual(["10.0.1.21", "10.0.1.22"]);
    await project.destroy();
    expect(held()).toEqual([]);
  });

  test("update without a refresh succeeds", async () => {
    await project.succeeds("preview", "--expect-no-changes");
    await upWith(edge({}, { privateIpAddresses: ["10.0.1.21", "10.0.1.22"] }));
    expect(held()).toEqual(["10.0.1.21", "10.0.1.22"]);
  });

  test("destroy without a refresh succeeds", async () => {
    await project.destroy();
    expect(held()).toEqual([]);
  });
});
