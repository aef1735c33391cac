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
  [
    "a text that is not an IPv4 address",
    { ...good, privateIpAddresses: ["edge"] },
    '[0] is "edge": expected an IPv4 address',
  ],
  ["an IPv6 address", { ...good, privateIpAddresses: ["::1"] }, "this looks like an IPv6 address"],
  [
    "an address with a leading zero",
    { ...good, privateIpAddresses: ["10.0.1.020"] },
    '[0] is "10.0.1.020": expected an IPv4 address',
  ],
  [
    "a duplicate address",
    { ...good, privateIpAddresses: ["10.0.1.20", "10.0.1.20"] },
    "already listed at [0]",
  ],
  [
    "the primary address",
    { ...good, privateIpAddresses: [primaryAddress] },
    `is the primary address of ${eniId}`,
  ],
  [
    "an address outside the CIDR block",
    { ...good, privateIpAddresses: ["10.0.2.20"] },
    "10.0.2.20 is outside the vSwitch's CIDR block",
  ],
  ["an empty ENI id", { ...good, networkInterfaceId: "" }, '"": expected the id of an ENI'],
])("preview: %s, fails with a message without a stack trace", async (_what, args, expected) => {
  project.declare({ name: "edge", args });
  const { output } = await project.fails("preview");
  expect(output).toContain(expected);
  expect(output).not.toMatch(/\n\s+at /);
  expect(writes(emulator)).toEqual([]);
});

test("up: assign is forbidden, fails with the API error and without a stack trace", async () => {
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

test("refresh: reads are forbidden, fails with the API error and without a stack trace", async () => {
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
