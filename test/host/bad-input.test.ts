import { eniId, primaryAddress, worldWith } from "../support/eni-world";
import { Scenario } from "../support/scenario";
import type { Properties } from "../support/provider-host";

let scenario: Scenario;
afterEach(() => scenario.stop());

const good = { networkInterfaceId: eniId, privateIpAddresses: ["10.0.1.20"] };

async function failuresOf(news: Properties): Promise<string[]> {
  return (await scenario.provider.check(news)).failures;
}

describe("check", () => {
  beforeEach(async () => {
    scenario = await Scenario.start(worldWith());
  });
  // Nothing of what is refused may have cost a write.
  afterEach(() => {
    expect(scenario.writes).toEqual([]);
  });

  const address = "expected an IPv4 address: four numbers from 0 to 255 without leading zeros or a suffix";

  test.each([
    ["no address", "edge-1", address],
    ["a fifth number", "10.0.1.20.1", address],
    ["a number above 255", "10.0.1.256", address],
    [
      "an IPv6 address",
      "2408:4005::1",
      `this looks like an IPv6 address, which this resource does not manage; ${address}`,
    ],
    ["a leading zero", "10.0.1.020", address],
    ["a suffix", "10.0.1.20/24", address],
    ["a space", " 10.0.1.20", address],
    ["an empty text", "", address],
  ])("refuses %s in the list, with its place and value", async (_what, value, expected) => {
    const [failure, ...others] = await failuresOf({ ...good, privateIpAddresses: ["10.0.1.19", value] });
    expect(failure).toContain(`privateIpAddresses: [1] is ${JSON.stringify(value)}: ${expected}`);
    expect(others).toEqual([]);
  });

  test("refuses a duplicate, and says where the first one is", async () => {
    expect(
      await failuresOf({ ...good, privateIpAddresses: ["10.0.1.20", "10.0.1.21", "10.0.1.20"] }),
    ).toEqual(['privateIpAddresses: [2] is "10.0.1.20": already listed at [0]; list each one once']);
  });

  test.each([
    ["a single text", "10.0.1.20"],
    ["a number", 7],
    ["a number in the list", [10]],
  ])("refuses %s instead of a list", async (_what, privateIpAddresses) => {
    expect(await failuresOf({ ...good, privateIpAddresses })).toEqual([
      expect.stringMatching(/^privateIpAddresses: .*: expected /),
    ]);
  });

  test("refuses the primary address", async () => {
    expect(await failuresOf({ ...good, privateIpAddresses: [primaryAddress] })).toEqual([
      expect.stringContaining(`privateIpAddresses: ${primaryAddress} is the primary address of ${eniId}`),
    ]);
  });

  test("refuses an address outside the vSwitch, and names the block", async () => {
    expect(await failuresOf({ ...good, privateIpAddresses: ["10.0.2.20", "10.0.1.20"] })).toEqual([
      "privateIpAddresses: 10.0.2.20 is outside the vSwitch's CIDR block 10.0.1.0/24",
    ]);
  });

  test.each(["10.0.1.0", "10.0.1.253", "10.0.1.254", "10.0.1.255"])(
    "refuses the reserved %s",
    async (reserved) => {
      expect(await failuresOf({ ...good, privateIpAddresses: [reserved] })).toEqual([
        expect.stringContaining(
          `privateIpAddresses: ${reserved} is reserved in the vSwitch's CIDR block 10.0.1.0/24`,
        ),
      ]);
    },
  );

  test.each(["", "i-bp1", "eni", "eni-", "eni-1;drop"])(
    "refuses %j as the id of an ENI",
    async (networkInterfaceId) => {
      expect(await failuresOf({ ...good, networkInterfaceId })).toEqual([
        expect.stringContaining(
          `networkInterfaceId: ${JSON.stringify(networkInterfaceId)}: expected the id of an ENI`,
        ),
      ]);
    },
  );

  test("refuses an ENI that does not exist", async () => {
    expect(await failuresOf({ ...good, networkInterfaceId: "eni-missing" })).toEqual([
      expect.stringContaining("networkInterfaceId: eni-missing does not exist in region cn-hangzhou"),
    ]);
  });

  test("names what is missing", async () => {
    expect(await failuresOf({})).toEqual([
      expect.stringContaining("networkInterfaceId: no ENI is given; expected the id of an ENI"),
      expect.stringContaining("privateIpAddresses: no list and no count is given"),
    ]);
  });

  test("names an input that does not exist, and those that do", async () => {
    expect(await failuresOf({ ...good, privateIps: ["10.0.1.21"] })).toEqual([
      "privateIps: is not an input of EniSecondaryIps; allowed: networkInterfaceId, privateIpAddresses, " +
        "secondaryPrivateIpAddressCount, ipv4Prefixes, ipv4PrefixCount, ownership, unassignOnCreate, allowUnassignWithEip, region",
    ]);
  });

  test("refuses an address that is to stay and to go", async () => {
    expect(await failuresOf({ ...good, unassignOnCreate: ["10.0.1.20"] })).toEqual([
      "unassignOnCreate: 10.0.1.20 is in privateIpAddresses too; remove it from one of the two",
    ]);
  });

  test("refuses a region that is none", async () => {
    expect(await failuresOf({ ...good, region: "Hangzhou" })).toEqual([
      'region: "Hangzhou": expected a region id such as cn-hangzhou or ap-southeast-1',
    ]);
  });

  test("refuses a time-out that is no duration", async () => {
    const news = { ...good, __internal: { name: "edge", timeouts: { create: "5 minutes" } } };
    expect(await failuresOf(news)).toEqual([
      'customTimeouts.create: "5 minutes" is not a duration; expected something like 30s, 5m or 1h30m',
    ]);
  });

  test("shows every problem at once", async () => {
    expect(await failuresOf({ networkInterfaceId: "x", privateIpAddresses: ["y", "z"] })).toHaveLength(3);
  });
});

test("an operation that no check preceded refuses an address outside the vSwitch with address and block", async () => {
  scenario = await Scenario.start(worldWith());
  await expect(
    scenario.provider.create({ ...good, privateIpAddresses: ["10.0.1.20", "10.0.2.20"] }),
  ).rejects.toThrow(
    /10\.0\.2\.20 is outside the vSwitch's CIDR block 10\.0\.1\.0\/24.*InvalidVSwitchId\.IpInvalid, HTTP 403/,
  );
  expect(scenario.held()).toEqual([]);
});

test("an operation that no check preceded refuses bad input as well", async () => {
  scenario = await Scenario.start(worldWith());
  await expect(scenario.provider.create({ ...good, privateIpAddresses: ["10.0.1.300"] })).rejects.toThrow(
    'privateIpAddresses: [0] is "10.0.1.300": expected an IPv4 address',
  );
  expect(scenario.actions).toEqual([]);
});
