import { eniId, primaryAddress, worldWith } from "../support/eni-world";
import { Scenario } from "../support/scenario";
import type { Properties } from "../support/provider-host";

let scenario: Scenario;
afterEach(() => scenario.stop());

const good = { networkInterfaceId: eniId, privateIpAddresses: ["10.0.1.20"] };

async function failuresOf(news: Properties): Promise<string[]> {
  return (await scenario.provider.check(news)).failures;
}

describe("check:", () => {
  beforeEach(async () => {
    scenario = await Scenario.start(worldWith());
  });
  // A refused input causes no write.
  afterEach(() => {
    expect(scenario.writes).toEqual([]);
  });

  const address = "expected an IPv4 address: four numbers from 0 to 255 without leading zeros or a suffix";

  test.each([
    ["a name", "edge-1", address],
    ["an address with a fifth number", "10.0.1.20.1", address],
    ["an address with a number above 255", "10.0.1.256", address],
    [
      "an IPv6 address",
      "2408:4005::1",
      `this looks like an IPv6 address, which this resource does not manage; ${address}`,
    ],
    ["an address with a leading zero", "10.0.1.020", address],
    ["an address with a suffix", "10.0.1.20/24", address],
    ["an address with a leading space", " 10.0.1.20", address],
    ["an empty string", "", address],
  ])(
    "a list that contains %s is refused, the message has index and value",
    async (_what, value, expected) => {
      const [failure, ...others] = await failuresOf({ ...good, privateIpAddresses: ["10.0.1.19", value] });
      expect(failure).toContain(`privateIpAddresses: [1] is ${JSON.stringify(value)}: ${expected}`);
      expect(others).toEqual([]);
    },
  );

  test("a duplicate is refused, the message has the index of the first one", async () => {
    expect(
      await failuresOf({ ...good, privateIpAddresses: ["10.0.1.20", "10.0.1.21", "10.0.1.20"] }),
    ).toEqual([
      'privateIpAddresses: [2] is "10.0.1.20": already listed at [0]; list each one once. If the program does, `ignoreChanges` ' +
        "with an index kept an earlier one: run `pulumi up` once without it",
    ]);
  });

  test.each([
    ["a single string", "10.0.1.20"],
    ["a number", 7],
    ["a list of numbers", [10]],
  ])("%s instead of a list of strings is refused", async (_what, privateIpAddresses) => {
    expect(await failuresOf({ ...good, privateIpAddresses })).toEqual([
      expect.stringMatching(/^privateIpAddresses: .*: expected /),
    ]);
  });

  test("the primary address is refused", async () => {
    expect(await failuresOf({ ...good, privateIpAddresses: [primaryAddress] })).toEqual([
      expect.stringContaining(`privateIpAddresses: ${primaryAddress} is the primary address of ${eniId}`),
    ]);
  });

  const preview = { __internal: { name: "edge", preview: true } };

  test("a preview refuses an address outside the vSwitch, the message names the CIDR block", async () => {
    expect(await failuresOf({ ...good, ...preview, privateIpAddresses: ["10.0.2.20", "10.0.1.20"] })).toEqual(
      ["privateIpAddresses: 10.0.2.20 is outside the vSwitch's CIDR block 10.0.1.0/24"],
    );
  });

  test.each(["10.0.1.0", "10.0.1.253", "10.0.1.254", "10.0.1.255"])(
    "a preview refuses the reserved address %s",
    async (reserved) => {
      expect(await failuresOf({ ...good, ...preview, privateIpAddresses: [reserved] })).toEqual([
        expect.stringContaining(
          `privateIpAddresses: ${reserved} is reserved in the vSwitch's CIDR block 10.0.1.0/24`,
        ),
      ]);
    },
  );

  test.each(["", "i-bp1", "eni", "eni-", "eni-1;drop"])(
    "%j as an ENI id is refused",
    async (networkInterfaceId) => {
      expect(await failuresOf({ ...good, networkInterfaceId })).toEqual([
        expect.stringContaining(
          `networkInterfaceId: ${JSON.stringify(networkInterfaceId)}: expected the id of an ENI`,
        ),
      ]);
    },
  );

  test("missing inputs are refused by name", async () => {
    expect(await failuresOf({})).toEqual([
      expect.stringContaining("networkInterfaceId: no ENI is given; expected the id of an ENI"),
      expect.stringContaining("privateIpAddresses: no list and no count is given"),
    ]);
  });

  test("an unknown input is refused, the message lists the allowed ones", async () => {
    expect(await failuresOf({ ...good, privateIps: ["10.0.1.21"] })).toEqual([
      "privateIps: is not an input of EniSecondaryIps; allowed: networkInterfaceId, privateIpAddresses, " +
        "secondaryPrivateIpAddressCount, ipv4Prefixes, ipv4PrefixCount, ownership, unassignOnCreate, allowUnassignWithEip, region",
    ]);
  });

  test("an address in both privateIpAddresses and unassignOnCreate is refused", async () => {
    expect(await failuresOf({ ...good, unassignOnCreate: ["10.0.1.20"] })).toEqual([
      "unassignOnCreate: 10.0.1.20 is in privateIpAddresses too; remove it from one of the two",
    ]);
  });

  test("a malformed region is refused", async () => {
    expect(await failuresOf({ ...good, region: "Hangzhou" })).toEqual([
      'region: "Hangzhou": expected a region id such as cn-hangzhou or ap-southeast-1',
    ]);
  });

  test("a malformed time-out is refused", async () => {
    const news = { ...good, __internal: { name: "edge", timeouts: { create: "5 minutes" } } };
    expect(await failuresOf(news)).toEqual([
      'customTimeouts.create: "5 minutes" is not a duration; expected something like 30s, 5m or 1h30m',
    ]);
  });

  test("three problems are reported together", async () => {
    expect(await failuresOf({ networkInterfaceId: "x", privateIpAddresses: ["y", "z"] })).toHaveLength(3);
  });
});

test("create without check: an address outside the vSwitch is refused with address and CIDR block, the other one is assigned", async () => {
  scenario = await Scenario.start(worldWith());
  await expect(
    scenario.provider.create({ ...good, privateIpAddresses: ["10.0.1.20", "10.0.2.20"] }),
  ).rejects.toThrow(
    /10\.0\.2\.20 is outside the vSwitch's CIDR block 10\.0\.1\.0\/24.*InvalidVSwitchId\.IpInvalid, HTTP 403/,
  );
  expect(scenario.held()).toEqual(["10.0.1.20"]);
});

test("create without check: a malformed address is refused, without an API call", async () => {
  scenario = await Scenario.start(worldWith());
  await expect(scenario.provider.create({ ...good, privateIpAddresses: ["10.0.1.300"] })).rejects.toThrow(
    'privateIpAddresses: [0] is "10.0.1.300": expected an IPv4 address',
  );
  expect(scenario.actions).toEqual([]);
});
