import { addressRange, describeAddresses, listAddresses, sortAddresses } from "./addresses.mjs";
import { addressesIn, count, refusals, writes } from "./calls.mjs";
import { createWorld } from "./create-world.mjs";

const assign = "AssignPrivateIpAddresses";
const unassign = "UnassignPrivateIpAddresses";
const up = ["up", "--yes", "--skip-preview"];

const declared = addressRange(20, 15);
const removedByHand = ["10.0.1.25", "10.0.1.26"];
const addedByHand = "10.0.1.99";
const drifted = [...declared.filter((address) => !removedByHand.includes(address)), addedByHand];
const rearranged = [...declared.slice(12), ...addressRange(60, 7)];
const ofPrimaryEni = addressRange(100, 3);
const droppedInTrouble = addressRange(60, 3);
const addedInTrouble = addressRange(70, 3);
const afterTrouble = [
  ...rearranged.filter((address) => !droppedInTrouble.includes(address)),
  ...addedInTrouble,
];

/** The ENI itself and Pulumi's state hold exactly these addresses. */
async function checkAddresses(stage, name, expected) {
  const { cloud, project, names } = stage;
  stage.check(
    `${nameOf[name]} holds ${describeAddresses(expected)}`,
    cloud.addressesOf(names[name]),
    sortAddresses(expected),
  );
  const inState = await project.addressesInState();
  stage.check("Pulumi's state says the same", sortAddresses(inState[name] ?? []), sortAddresses(expected));
}

const nameOf = { edge: "the ENI", node: "the primary ENI" };
const named = (calls, action) =>
  calls.filter((call) => call.action === action).map((call) => listAddresses(addressesIn(call)));

/** The story, one step after another. */
export const steps = [
  {
    title: "A VPC, a vSwitch, an instance and a second ENI",
    label: "VPC, instance, ENIs",
    async tell(stage) {
      stage.terminal.say("Made in the emulator with the official SDK, through the signed API.");
      await createWorld(stage);
    },
  },
  {
    title: "up gives the ENI 15 addresses",
    label: "up: 15 addresses",
    async tell(stage) {
      const { project, names } = stage;
      await project.run(["stack", "init", "demo"]);
      await project.configure({ edgeEni: names.edge, edgeAddresses: declared });
      const { calls } = await stage.pulumi(...up);
      await checkAddresses(stage, "edge", declared);
      stage.check("2 writes: 10 addresses, then 5", named(calls, assign), [".20–.29", ".30–.34"]);
    },
  },
  {
    title: "An operator adds one and removes two by hand",
    label: "Changes by hand",
    async tell(stage) {
      const { cloud, names, project, terminal } = stage;
      await terminal.action(
        `a colleague assigns ${listAddresses([addedByHand])} and unassigns ${listAddresses(removedByHand)}`,
        async () => {
          await cloud.call(assign, { NetworkInterfaceId: names.edge, PrivateIpAddress: [addedByHand] });
          await cloud.call(unassign, { NetworkInterfaceId: names.edge, PrivateIpAddress: removedByHand });
        },
      );
      stage.check(
        `the ENI holds ${describeAddresses(drifted)}`,
        cloud.addressesOf(names.edge),
        sortAddresses(drifted),
      );
      const { edge } = await project.addressesInState();
      stage.check(`Pulumi's state still has ${describeAddresses(edge)}`, edge, declared);
    },
  },
  {
    title: "refresh shows it",
    label: "refresh shows them",
    async tell(stage) {
      const { calls } = await stage.pulumi("refresh", "--yes", "--skip-preview");
      await checkAddresses(stage, "edge", drifted);
      stage.check("no write", writes(calls), []);
    },
  },
  {
    title: "up repairs it",
    label: "up repairs them",
    async tell(stage) {
      const { calls } = await stage.pulumi(...up);
      await checkAddresses(stage, "edge", declared);
      const repairs = [listAddresses(removedByHand), listAddresses([addedByHand])];
      stage.check(
        `2 writes: assign ${repairs[0]}, unassign ${repairs[1]}`,
        [...named(calls, assign), ...named(calls, unassign)],
        repairs,
      );
    },
  },
  {
    title: "The program drops 12 and adds 7",
    label: "12 dropped, 7 added",
    async tell(stage) {
      const { names, project } = stage;
      await project.configure({ edgeAddresses: rearranged });
      const preview = await stage.pulumi("preview");
      const sentence = `edge: ${names.edge}: assign 10.0.1.60 and 6 more, unassign 10.0.1.20 and 11 more, 3 calls, peak 22`;
      stage.check(
        "the preview says in plain words what will happen",
        preview.lines.some((line) => line.startsWith(sentence)),
      );
      stage.check("the preview makes no write", writes(preview.calls), []);

      const { calls } = await stage.pulumi(...up);
      stage.showCalls(calls);
      await checkAddresses(stage, "edge", rearranged);
      stage.check("1 assign for 7 addresses", named(calls, assign), [".60–.66"]);
      stage.check("2 unassigns for 12", named(calls, unassign), [".20–.29", ".30 .31"]);
      stage.check("the ENI was read twice: before and after", count(calls, "DescribeNetworkInterfaces"), 2);
      stage.check(
        "it assigned first, and unassigned then: the ENI never had fewer than 10",
        writes(calls).map(({ action }) => action),
        [assign, unassign, unassign],
      );
      stage.check("no call was refused", refusals(calls), []);
    },
  },
  {
    title: "up once more: nothing to do",
    label: "up: nothing to do",
    async tell(stage) {
      const { calls } = await stage.pulumi(...up);
      await checkAddresses(stage, "edge", rearranged);
      stage.check("no write", writes(calls), []);
    },
  },
  {
    title: "The instance restarts during an up",
    label: "Restart during an up",
    async tell(stage) {
      const { cloud, names, project, terminal } = stage;
      await project.configure({ nodeEni: names.node, nodeAddresses: ofPrimaryEni });
      terminal.say(
        "The program now manages the instance's primary ENI, too. The instance restarts when the provider reads its " +
          "status: Stopping for 1.5 s, Starting for 1.5 s.",
      );
      const restart = {
        Status: "Stopping",
        StatusTransition: { to: "Starting", afterMs: 1_500, then: { to: "Running", afterMs: 1_500 } },
      };
      cloud.disturb({
        action: "DescribeInstanceStatus",
        effect: { patch: { instances: [{ InstanceId: names.instance, ...restart }] } },
      });
      const { calls } = await stage.pulumi(...up);
      stage.showCalls(calls);
      await checkAddresses(stage, "node", ofPrimaryEni);
      const [firstLook, ...looks] = calls.filter(({ action }) => action === "DescribeInstanceStatus");
      const [write, ...otherWrites] = writes(calls);
      stage.check(
        `it read the status again until the 3 s were over, and then wrote`,
        looks.length > 0 && write?.atMs - firstLook.atMs >= 3_000,
      );
      stage.check("it made one write, and no call was refused", [otherWrites, refusals(calls)], [[], []]);
    },
  },
  {
    title: "A conflict and a lost answer on the way",
    label: "Conflict, lost answer",
    async tell(stage) {
      const { cloud, project, terminal } = stage;
      await project.configure({ edgeAddresses: afterTrouble });
      terminal.say(
        "The program drops 3 and adds 3. The assign is done, but its answer is lost. The first unassign meets " +
          "another operation on the ENI.",
      );
      const conflict = { status: 403, code: "Operation.Conflict", message: "ecs task is conflicted." };
      cloud.disturb(
        { action: assign, effect: { drop: "after" } },
        { action: unassign, effect: { error: conflict } },
      );
      const { calls } = await stage.pulumi(...up);
      stage.showCalls(calls);
      await checkAddresses(stage, "edge", afterTrouble);
      stage.check(
        "the answer was lost, and the finished call is not repeated",
        calls.filter(({ action }) => action === assign).map(({ status }) => status),
        [null],
      );
      stage.check(
        "the first unassign was refused, and the second one succeeded",
        calls.filter(({ action }) => action === unassign).map(({ code }) => code),
        ["Operation.Conflict", null],
      );
    },
  },
  {
    title: "destroy: everything as before",
    label: "destroy: as before",
    async tell(stage) {
      const { cloud, names } = stage;
      const { calls } = await stage.pulumi("destroy", "--yes", "--skip-preview");
      stage.check(
        "both ENIs are as they were before the first up",
        cloud.list("networkInterfaces"),
        names.before,
      );
      stage.check(
        "1 unassign for each",
        writes(calls).map(({ action }) => action),
        [unassign, unassign],
      );
    },
  },
];
