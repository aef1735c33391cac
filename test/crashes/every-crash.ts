import { startEmulator, type Emulator, type StateDocument } from "alicloud-ecs-emulator";
import { ProcessKiller, writeCalls, type Victim } from "../support/process-killer";
import { addressRange, eniId, secondaryAddresses, worldWith, writes } from "../support/eni-world";
import { GateClock } from "../support/gate-clock";
import { adaptorOfSuite, PulumiProject } from "../support/pulumi-project";

const [assign, unassign] = ["AssignPrivateIpAddresses", "UnassignPrivateIpAddresses"];
const first = addressRange(20, 25);
const second = addressRange(60, 25);

/** The calls of the update from `first` to `second`. The ENI takes 49 addresses, so not all 50 fit at once. */
const updateCalls = [assign, assign, unassign, assign, unassign, unassign];

/**
 * All calls of the update, those after a kill during the nth one included. After the second call 45 addresses are on the ENI,
 * and 5 are missing: the new plan fills the 4 free places before it makes room for the last one.
 */
const updateCallsWithKill = (nth: number) =>
  nth === 2 ? [assign, assign, assign, unassign, assign, unassign, unassign] : updateCalls;

const update = ["up", "--yes", "--skip-preview"];
const destroy = ["destroy", "--yes", "--skip-preview"];
const victims: Victim[] = ["provider", "engine"];

/** What the killed process is doing. */
type List = "update" | "conflict" | "additive" | "create" | "destroy";

/** Restores a saved state of the emulator and of the stack. */
type Restore = () => void;

const clock = new GateClock();
let emulator: Emulator;
let project: PulumiProject;
let killer: ProcessKiller;
let restoreEmptyEni: Restore;
let restoreFirstAddresses: Restore;
let restoreAdditive: Restore;

function save(): Restore {
  const world: StateDocument = emulator.control.state();
  const restoreStack = project.saveStack();
  return () => {
    emulator.control.clearFaults();
    emulator.control.clearCalls();
    emulator.control.putState(world);
    restoreStack();
  };
}

function declare(privateIpAddresses: string[], more = {}): void {
  project.declare({ name: "edge", args: { networkInterfaceId: eniId, privateIpAddresses, ...more } });
}

/** An address on the ENI that the program does not manage. */
const unmanaged = "10.0.1.200";
const additive = { ownership: "additive" };

/** A killed engine leaves its lock on the stack: a user removes it first. */
async function unlockStack(victim: Victim): Promise<void> {
  if (victim === "engine") await project.succeeds("cancel", "--yes");
}

const refresh = (...args: string[]) => project.succeeds("refresh", "--yes", "--skip-preview", ...args);
const held = () => secondaryAddresses(emulator).sort();

/** The addresses in the successful calls of an action. An address of several calls appears several times. */
function addressesIn(action: string): string[] {
  return writeCalls(emulator)
    .filter((call) => call.action === action && call.code === null)
    .flatMap(({ params }) => Object.entries(params))
    .filter(([key]) => key.startsWith("PrivateIpAddress."))
    .map(([, address]) => address)
    .sort();
}

/** Kills the victim during the nth call, lets the emulator answer the call, and unlocks the stack. */
async function crash(
  victim: Victim,
  nth: number,
  calls: readonly string[],
  command: string[],
): Promise<void> {
  await killer.kill(victim, nth, calls, ...command);
  await killer.answer();
  await unlockStack(victim);
}

/** Expects exactly these calls, each address in one of them, and no pending operations. */
async function expectOnlyCalls(
  calls: readonly string[],
  { assigned = [], unassigned = [] }: { assigned?: string[]; unassigned?: string[] },
): Promise<void> {
  expect(writes(emulator)).toEqual(calls);
  expect(addressesIn(assign)).toEqual(assigned);
  expect(addressesIn(unassign)).toEqual(unassigned);
  expect(await project.pendingOperations()).toEqual([]);
}

/** All combinations of call and victim. */
function crashesDuring(calls: readonly string[]): { victim: Victim; nth: number; call: string }[] {
  return calls.flatMap((call, index) => victims.map((victim) => ({ victim, nth: index + 1, call })));
}

/**
 * Whether `npm test -- --all` runs the kill with this index: one third of each list, with both victims and all kinds of calls.
 * Of the plugin it leaves out the additive updates, which differ in what the core decides.
 */
export function isInThird(list: List, index: number): boolean {
  return index % 3 === 1 && (list !== "additive" || adaptorOfSuite === "dynamic");
}

/**
 * Declares the tests: a kill of each process during each call of an update, a create and a destroy. `isInSuite` selects
 * the kills of each list that this suite runs.
 */
export function describeCrashes(isInSuite: typeof isInThird): void {
  const selected = (list: List) => (_kill: unknown, index: number) => isInSuite(list, index);
  beforeAll(async () => {
    emulator = await startEmulator({ clock, seed: worldWith() });
    project = await PulumiProject.create(emulator);
    killer = new ProcessKiller(emulator, clock, project);
    restoreEmptyEni = save();
    declare(first);
    await project.up();
    restoreFirstAddresses = save();
    restoreEmptyEni();
    emulator.control.putState(worldWith([unmanaged]));
    declare(first, additive);
    await project.up();
    restoreAdditive = save();
  });
  afterEach(() => killer.clear());
  afterAll(async () => {
    project.remove();
    await emulator.close();
  });

  describe("update", () => {
    beforeEach(() => {
      restoreFirstAddresses();
      declare(second);
    });

    test.each(crashesDuring(updateCalls).filter(selected("update")))(
      "$victim killed during call $nth, $call, refresh and up finish with exactly the remaining calls",
      async ({ victim, nth }) => {
        await crash(victim, nth, updateCalls, update);
        await refresh();
        // After a killed engine, the provider has received its answer and made no further call.
        expect(writes(emulator)).toEqual(updateCalls.slice(0, nth));
        expect((await project.resource()).outputs.privateIpAddresses).toEqual(held());
        await project.up();
        expect(held()).toEqual(second);
        await project.up();
        const calls = updateCallsWithKill(nth);
        await expectOnlyCalls(calls, { assigned: second, unassigned: first });
        expect(writeCalls(emulator).map(({ code }) => code)).toEqual(calls.map(() => null));
      },
    );

    test.each([2, 5].filter(selected("conflict")))(
      "engine killed during call %i, up finishes although this call is still under way",
      async (nth) => {
        await killer.kill("engine", nth, updateCalls, ...update);
        await unlockStack("engine");
        const next = killer.start(...update);
        await killer.waitDuring(next, () =>
          writeCalls(emulator).some(({ code }) => code === "Operation.Conflict"),
        );
        await killer.answer();
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

  const ofAdditive = crashesDuring(updateCalls).filter(selected("additive"));
  // jest refuses a table without a row.
  if (ofAdditive.length > 0)
    describe("update of an additive resource", () => {
      beforeEach(() => {
        restoreAdditive();
        declare(second, additive);
      });

      test.each(ofAdditive)(
        "$victim killed during call $nth, $call, refresh reports new addresses as unmanaged, and up finishes",
        async ({ victim, nth }) => {
          await crash(victim, nth, updateCalls, update);
          await refresh();
          expect(writes(emulator)).toEqual(updateCalls.slice(0, nth));
          const { privateIpAddresses, unmanagedPrivateIpAddresses } = (await project.resource()).outputs;
          expect(privateIpAddresses).toEqual(first.filter((address) => held().includes(address)));
          expect(unmanagedPrivateIpAddresses).toEqual(
            [...second, unmanaged].filter((address) => held().includes(address)),
          );
          await project.up();
          expect(held()).toEqual([...second, unmanaged].sort());
          await project.up();
          const calls = updateCallsWithKill(nth);
          await expectOnlyCalls(calls, { assigned: second, unassigned: first });
          expect((await project.resource()).outputs.privateIpAddresses).toEqual(second);
        },
      );
    });

  describe("create", () => {
    const calls = [assign, assign, assign];

    beforeEach(() => {
      restoreEmptyEni();
      declare(first);
    });

    test.each(crashesDuring(calls).filter(selected("create")))(
      "$victim killed during call $nth, up finishes and adopts the assigned addresses",
      async ({ victim, nth }) => {
        await crash(victim, nth, calls, update);
        expect(await project.resources()).toEqual([]);
        expect(writes(emulator)).toEqual(calls.slice(0, nth));
        await project.up();
        expect(held()).toEqual(first);
        // After this, the engine no longer warns of the interrupted create.
        if (victim === "engine") await refresh("--clear-pending-creates");
        await project.up();
        await expectOnlyCalls(calls, { assigned: first });
        expect((await project.resource()).outputs.privateIpAddresses).toEqual(first);
      },
    );
  });

  describe("destroy", () => {
    const calls = [unassign, unassign, unassign];

    beforeEach(() => {
      restoreFirstAddresses();
    });

    test.each(crashesDuring(calls).filter(selected("destroy")))(
      "$victim killed during call $nth, refresh and destroy finish",
      async ({ victim, nth }) => {
        await crash(victim, nth, calls, destroy);
        await refresh();
        expect(writes(emulator)).toEqual(calls.slice(0, nth));
        await project.destroy();
        expect(held()).toEqual([]);
        await expectOnlyCalls(calls, { unassigned: first });
        expect(await project.resources()).toEqual([]);
      },
    );
  });
}
