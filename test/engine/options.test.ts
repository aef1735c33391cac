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

describe("an option of Pulumi", () => {
  test("retainOnDelete leaves the addresses on the ENI", async () => {
    await upWith(edge({ retainOnDelete: true }));
    await upWith();
    expect(await project.resources()).toEqual([]);
    expect(actions(emulator)).toEqual([]);
    expect(held()).toEqual(addresses);
  });

  test("protect refuses to give them back, until it is taken away", async () => {
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

  test("ignoreChanges leaves drift as a refresh found it", async () => {
    await upWith(edge({ ignoreChanges: ["privateIpAddresses"] }));
    setByHand(emulator, ["10.0.1.20", "10.0.1.99"]);
    await project.succeeds("refresh", "--yes");
    emulator.control.clearCalls();
    await project.succeeds("preview", "--expect-no-changes");
    await project.up();
    expect(writes(emulator)).toEqual([]);
    expect(held()).toEqual(["10.0.1.20", "10.0.1.99"]);
    // Without it, the next up repairs.
    await upWith(edge());
    expect(held()).toEqual(addresses);
  });

  test("deletedWith asks nothing of an ENI that goes with its owner", async () => {
    await upWith(
      { name: "owner", args: { networkInterfaceId: otherEniId, privateIpAddresses: ["10.0.1.30"] } },
      { ...edge(), deletedWith: "owner" },
    );
    emulator.control.clearCalls();
    await project.destroy();
    const asked = emulator.control.calls().map(({ params }) => Object.values(params));
    expect(asked.flat()).not.toContain(eniId);
    expect(writes(emulator)).toEqual(["UnassignPrivateIpAddresses"]);
    expect(held()).toEqual(addresses);
  });

  test("aliases keep the state through a rename", async () => {
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

  test("customTimeouts end an update and a delete in time, and are learnt without a call", async () => {
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

describe("another ENI", () => {
  test("gets the addresses that the old one lets go of", async () => {
    await upWith(edge());
    const output = await upWith(edge({}, { networkInterfaceId: otherEniId }));
    expect(output).toContain("1 replaced");
    expect(writes(emulator)).toEqual(["UnassignPrivateIpAddresses", "AssignPrivateIpAddresses"]);
    expect(held()).toEqual([]);
    expect(held(otherEniId)).toEqual(addresses);
    expect((await project.resource()).id).toBe(otherEniId);
  });

  test("takes the place of one that was deleted by hand, with a refresh in between", async () => {
    await upWith(edge());
    emulator.control.putState(world(other));
    const { output } = await project.succeeds("refresh", "--yes");
    expect(output).toContain(`edge: ENI ${eniId} does not exist in region cn-hangzhou any more`);
    expect(await project.resources()).toEqual([]);
    await upWith(edge({}, { networkInterfaceId: otherEniId }));
    expect(held(otherEniId)).toEqual(addresses);
  });

  test("takes the place of one that was deleted by hand, without a refresh", async () => {
    await upWith(edge());
    emulator.control.putState(world(other));
    await upWith(edge({}, { networkInterfaceId: otherEniId }));
    expect(held(otherEniId)).toEqual(addresses);
    // And what is gone has nothing left to give back.
    emulator.control.putState(world());
    await project.destroy();
    expect(await project.resources()).toEqual([]);
  });
});

describe("a state that another release wrote, with a key of its own and without the hidden one", () => {
  beforeEach(async () => {
    await upWith(edge());
    const state = JSON.parse(await project.exportedState()) as {
      deployment: { resources: ResourceInState[] };
    };
    for (const resource of state.deployment.resources) {
      if (!resource.type.endsWith(":EniSecondaryIps")) continue;
      for (const properties of [resource.inputs, resource.outputs]) {
        delete properties.__internal;
        Object.assign(properties, { laterKey: { nested: ["value"] } });
      }
    }
    writeFileSync(path.join(project.folder, "edited.json"), JSON.stringify(state));
    await project.succeeds("stack", "import", "--file", "edited.json");
    emulator.control.clearCalls();
  });

  test("can be refreshed, needs no change, and can be updated and destroyed", async () => {
    await project.succeeds("refresh", "--yes");
    await project.up();
    expect(writes(emulator)).toEqual([]);
    await upWith(edge({}, { privateIpAddresses: ["10.0.1.21", "10.0.1.22"] }));
    expect(held()).toEqual(["10.0.1.21", "10.0.1.22"]);
    await project.destroy();
    expect(held()).toEqual([]);
  });

  test("can be updated as it is", async () => {
    await project.succeeds("preview", "--expect-no-changes");
    await upWith(edge({}, { privateIpAddresses: ["10.0.1.21", "10.0.1.22"] }));
    expect(held()).toEqual(["10.0.1.21", "10.0.1.22"]);
  });

  test("can be destroyed as it is", async () => {
    await project.destroy();
    expect(held()).toEqual([]);
  });
});
