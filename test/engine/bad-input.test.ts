import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { eniId, primaryAddress, worldWith, writes } from "../support/eni-world";
import { PulumiProject } from "../support/pulumi-project";

let emulator: Emulator;
let project: PulumiProject;

beforeAll(async () => {
  emulator = await startEmulator({ seed: worldWith() });
  project = await PulumiProject.create(emulator);
});
afterAll(async () => {
  project.remove();
  await emulator.close();
});

const good = { networkInterfaceId: eniId, privateIpAddresses: ["10.0.1.20"] };

test.each<[string, Record<string, unknown>, string]>([
  ["no IPv4 address", { ...good, privateIpAddresses: ["edge"] }, '[0] is "edge": expected an IPv4 address'],
  ["IPv6", { ...good, privateIpAddresses: ["::1"] }, "this looks like an IPv6 address"],
  [
    "a leading zero",
    { ...good, privateIpAddresses: ["10.0.1.020"] },
    '[0] is "10.0.1.020": expected an IPv4 address',
  ],
  ["a duplicate", { ...good, privateIpAddresses: ["10.0.1.20", "10.0.1.20"] }, "already listed at [0]"],
  ["the primary", { ...good, privateIpAddresses: [primaryAddress] }, `is the primary address of ${eniId}`],
  [
    "outside the CIDR",
    { ...good, privateIpAddresses: ["10.0.2.20"] },
    "10.0.2.20 is outside the vSwitch's CIDR block",
  ],
  ["an empty ENI id", { ...good, networkInterfaceId: "" }, '"": expected the id of an ENI'],
  [
    "an ENI that does not exist",
    { ...good, networkInterfaceId: "eni-x" },
    "eni-x does not exist in region cn-hangzhou",
  ],
])("a preview refuses %s, without a stack trace", async (_what, args, expected) => {
  project.declare({ name: "edge", args });
  const { output } = await project.fails("preview");
  expect(output).toContain(expected);
  expect(output).not.toMatch(/\n\s+at /);
  expect(writes(emulator)).toEqual([]);
});

test("an operation's error reaches the user without a stack trace", async () => {
  emulator.control.addFault({
    action: "AssignPrivateIpAddresses",
    effect: { error: { status: 403, code: "Forbidden.RAM", message: "User not authorized." } },
  });
  project.declare({ name: "edge", args: good });
  const { output } = await project.fails("up", "--yes", "--skip-preview");
  expect(output).toMatch(
    /AssignPrivateIpAddresses: Forbidden\.RAM, HTTP 403: User not authorized \(RequestId /,
  );
  expect(output).not.toMatch(/\n\s+at /);
});

test("a refresh's error reaches the user without a stack trace", async () => {
  emulator.control.clearFaults();
  project.declare({ name: "edge", args: good });
  await project.up();
  emulator.control.addFault({
    action: "DescribeNetworkInterfaces",
    times: 100,
    effect: { error: { status: 403, code: "Forbidden.RAM", message: "User not authorized." } },
  });
  const { output } = await project.fails("refresh", "--yes");
  expect(output).toContain("DescribeNetworkInterfaces: Forbidden.RAM, HTTP 403: User not authorized");
  expect(output).not.toMatch(/\n\s+at /);
});
