import { startEmulator, type Emulator, type StateDocument } from "alicloud-ecs-emulator";
import { CrashSite, writeCalls, type Victim } from "../support/crash-site";
import { addressRange, eniId, secondaryAddresses, worldWith, writes } from "../support/eni-world";
import { GateClock } from "../support/gate-clock";
import { PulumiProject } from "../support/pulumi-project";

const [assign, unassign] = ["AssignPrivateIpAddresses", "UnassignPrivateIpAddresses"];
const first = addressRange(20, 25);
const second = addressRange(60, 25);

/** From the first addresses to the second: all 50 at once do not fit, for this ENI holds 49. */
const updateCalls = [assign, assign, unassign, assign, unassign, unassign];

const update = ["up", "--yes", "--skip-preview"];
const destroy = ["destroy", "--yes", "--skip-preview"];
const victims: Victim[] = ["provider", "engine"];

/** Brings back a world and the stack that belongs to it. */
type Start = () => void;

const clock = new GateClock();
let emulator: Emulator;
let project: PulumiProject;
let site: CrashSite;
let withBareEni: Start;
let withFirstAddresses: Start;
let besideAnother: Start;

function keep(): Start {
  const world: StateDocument = emulator.control.state();
  const bringBackStack = project.keepStack();
  return () => {
    emulator.control.clearFaults();
    emulator.control.clearCalls();
    emulator.control.putState(world);
    bringBackStack();
  };
}

function declare(privateIpAddresses: string[], more = {}): void {
  project.declare({ name: "edge", args: { networkInterfaceId: eniId, privateIpAddresses, ...more } });
}

/** An address on the ENI that is nobody's of this program. */
const foreign = "10.0.1.200";
const additive = { ownership: "additive" };

/** What a user does first after a crash: a killed engine leaves its lock on the stack. */
async function takeStackOver(victim: Victim): Promise<void> {
  if (victim === "engine") await project.succeeds("cancel", "--yes");
}

const refresh = (...args: string[]) => project.succeeds("refresh", "--yes", "--skip-preview", ...args);
const held = () => secondaryAddresses(emulator).sort();

/** The addresses in the calls that succeeded, each as often as it was named. */
function addressesIn(action: string): string[] {
  return writeCalls(emulator)
    .filter((call) => call.action === action && call.code === null)
    .flatMap(({ params }) => Object.entries(params))
    .filter(([key]) => key.startsWith("PrivateIpAddress."))
    .map(([, address]) => address)
    .sort();
}

/** Kills the victim during that call, gives the call its answer, and does what a user does first. */
async function crash(
  victim: Victim,
  nth: number,
  calls: readonly string[],
  command: string[],
): Promise<void> {
  await site.kill(victim, nth, calls, ...command);
  await site.answer();
  await takeStackOver(victim);
}

/** What a crash comes to in the end: these calls and no others, each address once, and nothing pending. */
async function expectMadeOnce(
  calls: readonly string[],
  { assigned = [], unassigned = [] }: { assigned?: string[]; unassigned?: string[] },
): Promise<void> {
  expect(writes(emulator)).toEqual(calls);
  expect(addressesIn(assign)).toEqual(assigned);
  expect(addressesIn(unassign)).toEqual(unassigned);
  expect(await project.pendingOperations()).toEqual([]);
}

/** Every call, with each of the victims. */
function crashesDuring(calls: readonly string[]): { victim: Victim; nth: number; call: string }[] {
  return calls.flatMap((call, index) => victims.map((victim) => ({ victim, nth: index + 1, call })));
}

/**
 * Declares the tests: kills of either process, during every call of an update, a create and a destroy. `chosen` says,
 * of each list of kills, which ones this suite lives through.
 */
export function describeCrashes(chosen: (kill: unknown, index: number) => boolean): void {
  beforeAll(async () => {
    emulator = await startEmulator({ clock, seed: worldWith() });
    project = await PulumiProject.create(emulator);
    site = new CrashSite(emulator, clock, project);
    withBareEni = keep();
    declare(first);
    await project.up();
    withFirstAddresses = keep();
    withBareEni();
    emulator.control.putState(worldWith([foreign]));
    declare(first, additive);
    await project.up();
    besideAnother = keep();
  });
  afterEach(() => site.clear());
  afterAll(async () => {
    project.remove();
    await emulator.close();
  });

  describe("an update", () => {
    beforeEach(() => {
      withFirstAddresses();
      declare(second);
    });

    test.each(crashesDuring(updateCalls).filter(chosen))(
      "whose $victim is killed during call $nth, $call, is finished by refresh and up, call for call",
      async ({ victim, nth }) => {
        await crash(victim, nth, updateCalls, update);
        await refresh();
        // The provider that a killed engine left behind has had its answer, and has gone no further.
        expect(writes(emulator)).toEqual(updateCalls.slice(0, nth));
        expect((await project.resource()).outputs.privateIpAddresses).toEqual(held());
        await project.up();
        expect(held()).toEqual(second);
        await project.up();
        await expectMadeOnce(updateCalls, { assigned: second, unassigned: first });
        expect(writeCalls(emulator).map(({ code }) => code)).toEqual(updateCalls.map(() => null));
      },
    );

    test.each([2, 5].filter(chosen))(
      "whose engine is killed during call %i is finished by an up that meets this call still under way",
      async (nth) => {
        await site.kill("engine", nth, updateCalls, ...update);
        await takeStackOver("engine");
        const next = site.start(...update);
        await site.during(next, () => writeCalls(emulator).some(({ code }) => code === "Operation.Conflict"));
        await site.answer();
        expect(await next.ended).toMatchObject({ exitCode: 0 });
        expect(held()).toEqual(second);
        expect(addressesIn(assign)).toEqual(second);
        expect(addressesIn(unassign)).toEqual(first);
        const made = writes(emulator);
        await project.up();
        expect(writes(emulator)).toEqual(made);
      },
    );
  });

  describe("an update of an additive resource", () => {
    beforeEach(() => {
      besideAnother();
      declare(second, additive);
    });

    test.each(crashesDuring(updateCalls).filter(chosen))(
      "whose $victim is killed during call $nth, $call, shows what it assigned as unmanaged, and is finished by up",
      async ({ victim, nth }) => {
        await crash(victim, nth, updateCalls, update);
        await refresh();
        expect(writes(emulator)).toEqual(updateCalls.slice(0, nth));
        const { privateIpAddresses, unmanagedPrivateIpAddresses } = (await project.resource()).outputs;
        expect(privateIpAddresses).toEqual(first.filter((address) => held().includes(address)));
        expect(unmanagedPrivateIpAddresses).toEqual(
          [...second, foreign].filter((address) => held().includes(address)),
        );
        await project.up();
        expect(held()).toEqual([...second, foreign].sort());
        await project.up();
        await expectMadeOnce(updateCalls, { assigned: second, unassigned: first });
        expect((await project.resource()).outputs.privateIpAddresses).toEqual(second);
      },
    );
  });

  describe("a create", () => {
    const calls = [assign, assign, assign];

    beforeEach(() => {
      withBareEni();
      declare(first);
    });

    test.each(crashesDuring(calls).filter(chosen))(
      "whose $victim is killed during call $nth is finished by up, which adopts what is there",
      async ({ victim, nth }) => {
        await crash(victim, nth, calls, update);
        expect(await project.resources()).toEqual([]);
        expect(writes(emulator)).toEqual(calls.slice(0, nth));
        await project.up();
        expect(held()).toEqual(first);
        // Only this, or an answer to a question, ends the engine's warning about a create that was interrupted.
        if (victim === "engine") await refresh("--clear-pending-creates");
        await project.up();
        await expectMadeOnce(calls, { assigned: first });
        expect((await project.resource()).outputs.privateIpAddresses).toEqual(first);
      },
    );
  });

  describe("a destroy", () => {
    const calls = [unassign, unassign, unassign];

    beforeEach(() => {
      withFirstAddresses();
    });

    test.each(crashesDuring(calls).filter(chosen))(
      "whose $victim is killed during call $nth is finished by refresh and destroy",
      async ({ victim, nth }) => {
        await crash(victim, nth, calls, destroy);
        await refresh();
        expect(writes(emulator)).toEqual(calls.slice(0, nth));
        await project.destroy();
        expect(held()).toEqual([]);
        await expectMadeOnce(calls, { unassigned: first });
        expect(await project.resources()).toEqual([]);
      },
    );
  });
}
