import {
  assignedAddresses,
  assignedPrefixes,
  instanceStatuses,
  instanceTypes,
  networkInterfacePage,
  unassigned,
  vSwitches,
} from "./responses";

/** Parses an answer with one ENI that has these fields. */
function readEni(fields: object) {
  const answer = {
    NetworkInterfaceSets: { NetworkInterfaceSet: [{ NetworkInterfaceId: "eni-x", ...fields }] },
  };
  return networkInterfacePage.parse(answer).networkInterfaces[0];
}

const sets = (...PrivateIpSet: object[]) => ({ PrivateIpSets: { PrivateIpSet } });

describe("networkInterfacePage", () => {
  test("a complete answer: reads the used fields and ignores the others", () => {
    const answer = {
      RequestId: "R-1",
      TotalCount: 1,
      NextToken: "next",
      NetworkInterfaceSets: {
        NetworkInterfaceSet: [
          {
            NetworkInterfaceId: "eni-x",
            Status: "InUse",
            Type: "Primary",
            InstanceId: "i-1",
            VpcId: "vpc-1",
            VSwitchId: "vsw-1",
            OwnerId: "1234567890123456",
            PrivateIpAddress: "10.0.1.10",
            ServiceManaged: true,
            Description: "NAT Gateway",
            MacAddress: "00:16:3e:00:00:01",
            ...sets(
              { PrivateIpAddress: "10.0.1.100", Primary: false, AssociatedPublicIp: {} },
              { PrivateIpAddress: "10.0.1.10", Primary: true },
              { PrivateIpAddress: "10.0.1.20", Primary: false },
            ),
            Ipv4PrefixSets: {
              Ipv4PrefixSet: [{ Ipv4Prefix: "10.0.1.48/28" }, { Ipv4Prefix: "10.0.1.32/28" }],
            },
          },
        ],
      },
    };
    expect(networkInterfacePage.parse(answer)).toEqual({
      networkInterfaces: [
        {
          id: "eni-x",
          status: "InUse",
          type: "Primary",
          instanceId: "i-1",
          vpcId: "vpc-1",
          vSwitchId: "vsw-1",
          ownerId: "1234567890123456",
          listsAddresses: true,
          listsPrefixes: true,
          primaryIpAddress: "10.0.1.10",
          secondaryIpAddresses: ["10.0.1.20", "10.0.1.100"],
          eipBoundAddresses: [],
          ipv4Prefixes: ["10.0.1.32/28", "10.0.1.48/28"],
          serviceManaged: true,
          managingService: "NAT Gateway",
        },
      ],
      nextToken: "next",
    });
  });

  const bare = {
    id: "eni-x",
    status: "",
    type: "",
    instanceId: undefined,
    vpcId: "",
    vSwitchId: "",
    ownerId: "",
    listsAddresses: false,
    listsPrefixes: false,
    primaryIpAddress: "",
    secondaryIpAddresses: [],
    eipBoundAddresses: [],
    ipv4Prefixes: [],
    serviceManaged: false,
    managingService: "",
  };

  test.each<[string, object]>([
    ["absent", {}],
    [
      "null",
      {
        Status: null,
        Type: null,
        InstanceId: null,
        VpcId: null,
        VSwitchId: null,
        OwnerId: null,
        PrivateIpAddress: null,
        ServiceManaged: null,
        PrivateIpSets: null,
        Ipv4PrefixSets: null,
      },
    ],
    ["empty", { InstanceId: "", PrivateIpSets: {}, Ipv4PrefixSets: {} }],
    [
      "lists that are null",
      { PrivateIpSets: { PrivateIpSet: null }, Ipv4PrefixSets: { Ipv4PrefixSet: null } },
    ],
    ["empty sets", sets({}, { PrivateIpAddress: null }, { PrivateIpAddress: "" })],
  ])("an ENI whose fields are %s: is readable", (_what, fields) => {
    expect(readEni(fields)).toEqual(bare);
  });

  test("an account id that is a number: is read as text", () => {
    expect(readEni({ OwnerId: 1234567890123456 })?.ownerId).toBe("1234567890123456");
  });

  const [primary, other] = [{ PrivateIpAddress: "10.0.1.10" }, { PrivateIpAddress: "10.0.1.20" }];

  test.each<[string, object]>([
    ["both marks", { PrivateIpAddress: "10.0.1.10", ...sets({ ...primary, Primary: true }, other) }],
    ["the field alone", { PrivateIpAddress: "10.0.1.10", ...sets(other, primary) }],
    [
      "the field, where the flag is null",
      { PrivateIpAddress: "10.0.1.10", ...sets({ ...primary, Primary: null }, other) },
    ],
    [
      "the field, where the flag is wrong",
      { PrivateIpAddress: "10.0.1.10", ...sets({ ...primary, Primary: false }, other) },
    ],
    ["the flag alone", sets(other, { ...primary, Primary: true })],
    [
      "the flag, where the field is empty",
      { PrivateIpAddress: "", ...sets(other, { ...primary, Primary: true }) },
    ],
    ["the field, where no set names it", { PrivateIpAddress: "10.0.1.10", ...sets(other) }],
  ])("the primary address, by %s: is not a secondary address", (_what, fields) => {
    expect(readEni(fields)).toMatchObject({
      primaryIpAddress: "10.0.1.10",
      secondaryIpAddresses: ["10.0.1.20"],
    });
  });

  test.each<[string, object, boolean]>([
    ["with the primary address alone", { PrivateIpAddress: "10.0.1.10", ...sets(primary) }, true],
    ["with the primary address by its flag", sets({ ...primary, Primary: true }), true],
    ["that is absent", { PrivateIpAddress: "10.0.1.10" }, false],
    ["that is empty", { PrivateIpAddress: "10.0.1.10", ...sets() }, false],
    ["without the primary address", { PrivateIpAddress: "10.0.1.10", ...sets(other) }, false],
    ["with an address, while no address is marked as primary", sets(other), false],
    ["with an entry without its address", { PrivateIpAddress: "10.0.1.10", ...sets(primary, {}) }, false],
    [
      "with an entry that is no address",
      { PrivateIpAddress: "10.0.1.10", ...sets(primary, { PrivateIpAddress: "hidden" }) },
      false,
    ],
  ])("a list of addresses %s: whether it shows what the ENI holds", (_what, fields, lists) => {
    expect(readEni(fields)?.listsAddresses).toBe(lists);
  });

  test.each<[string, object | null | undefined, boolean, readonly string[]]>([
    ["that is absent", undefined, false, []],
    ["that is null", null, false, []],
    ["in an empty object", {}, false, []],
    ["that is null in its object", { Ipv4PrefixSet: null }, false, []],
    ["that is empty", { Ipv4PrefixSet: [] }, true, []],
    ["with a prefix", { Ipv4PrefixSet: [{ Ipv4Prefix: "10.0.1.32/28" }] }, true, ["10.0.1.32/28"]],
    [
      "with an entry without its prefix",
      { Ipv4PrefixSet: [{}, { Ipv4Prefix: "10.0.1.32/28" }] },
      false,
      ["10.0.1.32/28"],
    ],
    ["with an entry that is no prefix", { Ipv4PrefixSet: [{ Ipv4Prefix: "10.0.1.32" }] }, false, []],
  ])("a list of prefixes %s: whether it shows what the ENI holds", (_what, sets, lists, held) => {
    expect(readEni({ Ipv4PrefixSets: sets })).toMatchObject({ listsPrefixes: lists, ipv4Prefixes: held });
  });

  test.each([
    ["PrivateIpSets", "PrivateIpSet"],
    ["Ipv4PrefixSets", "Ipv4PrefixSet"],
  ])("%s with one object instead of a list: is rejected", (outer, inner) => {
    expect(() => readEni({ [outer]: { [inner]: { Ipv4Prefix: "10.0.1.32/28" } } })).toThrow();
  });

  test("two different primary addresses: neither is a secondary address", () => {
    const fields = {
      PrivateIpAddress: "10.0.1.10",
      ...sets(primary, { PrivateIpAddress: "10.0.1.11", Primary: true }, other),
    };
    expect(readEni(fields)?.secondaryIpAddresses).toEqual(["10.0.1.20"]);
  });

  test.each([
    [true, true],
    ["true", true],
    [1, true],
    [false, false],
    ["false", false],
    [0, false],
  ])("a flag that is %j: has the meaning that the typed SDK gives it", (sent, means) => {
    const eni = readEni({ ServiceManaged: sent, ...sets({ ...primary, Primary: sent }, other) });
    expect(eni).toMatchObject({
      serviceManaged: means,
      secondaryIpAddresses: means ? ["10.0.1.20"] : ["10.0.1.10", "10.0.1.20"],
    });
  });

  test.each(["yes", 2, {}])("a flag that is %j: is rejected", (sent) => {
    expect(() => readEni(sets({ ...primary, Primary: sent }))).toThrow();
  });

  test("a repeated address: appears once", () => {
    expect(readEni(sets(other, other))?.secondaryIpAddresses).toEqual(["10.0.1.20"]);
  });

  test.each([
    ["an empty object instead of the list", { NetworkInterfaceSets: {} }],
    ["an empty list", { NetworkInterfaceSets: { NetworkInterfaceSet: [] } }],
  ])("%s: means no ENI", (_what, answer) => {
    expect(networkInterfacePage.parse(answer)).toEqual({ networkInterfaces: [], nextToken: undefined });
  });

  test.each([undefined, null, ""])("a token that is %j: there is no further page", (NextToken) => {
    expect(networkInterfacePage.parse({ NetworkInterfaceSets: {}, NextToken }).nextToken).toBeUndefined();
  });

  test.each<[string, unknown]>([
    ["null", null],
    ["text", "text"],
    ["a list", []],
    ["an answer without the list of ENIs", { RequestId: "R-1" }],
    ["null instead of the list of ENIs", { NetworkInterfaceSets: null }],
    ["a list where the API has an object", { NetworkInterfaceSets: [] }],
    ["an object where the API has a list", { NetworkInterfaceSets: { NetworkInterfaceSet: {} } }],
    ["an ENI without an id", { NetworkInterfaceSets: { NetworkInterfaceSet: [{}] } }],
    [
      "an address that is a number",
      {
        NetworkInterfaceSets: {
          NetworkInterfaceSet: [{ NetworkInterfaceId: "eni-x", ...sets({ PrivateIpAddress: 7 }) }],
        },
      },
    ],
  ])("%s: is rejected, instead of meaning an ENI without addresses", (_what, answer) => {
    expect(networkInterfacePage.safeParse(answer).success).toBe(false);
  });
});

test.each([
  [
    { InstanceStatuses: { InstanceStatus: [{ InstanceId: "i-1", Status: "Running" }] } },
    [{ InstanceId: "i-1", Status: "Running" }],
  ],
  [
    { InstanceStatuses: { InstanceStatus: [{ InstanceId: "i-1", Status: null }] } },
    [{ InstanceId: "i-1", Status: "" }],
  ],
  [{ InstanceStatuses: { InstanceStatus: null } }, []],
  [{ InstanceStatuses: null }, []],
  [{}, []],
])("instanceStatuses: reads %j", (answer, statuses) => {
  expect(instanceStatuses.parse(answer)).toEqual(statuses);
});

test.each([
  [
    { VSwitches: { VSwitch: [{ VSwitchId: "vsw-1", CidrBlock: "10.0.1.0/24", ZoneId: "z" }] } },
    [{ id: "vsw-1", cidrBlock: "10.0.1.0/24", ownerId: "" }],
  ],
  [
    { VSwitches: { VSwitch: [{ VSwitchId: "vsw-1", CidrBlock: "10.0.1.0/24", OwnerId: 1234567890123456 }] } },
    [{ id: "vsw-1", cidrBlock: "10.0.1.0/24", ownerId: "1234567890123456" }],
  ],
  [{ VSwitches: { VSwitch: null } }, []],
  [{ VSwitches: null }, []],
  [{}, []],
])("vSwitches: reads %j", (answer, read) => {
  expect(vSwitches.parse(answer)).toEqual(read);
});

test.each([
  [10, 10],
  ["10", 10],
  [null, undefined],
  [undefined, undefined],
])("instanceTypes: the quantity may be %j", (EniPrivateIpAddressQuantity, read) => {
  const type = { InstanceTypeId: "ecs.g6.large", EniPrivateIpAddressQuantity };
  const [parsed] = instanceTypes.parse({ InstanceTypes: { InstanceType: [type] } });
  expect(parsed?.EniPrivateIpAddressQuantity).toBe(read);
});

test("an assign answer: is read by its own field names, which differ from those of Describe", () => {
  const answer = {
    RequestId: "R-1",
    AssignedPrivateIpAddressesSet: {
      PrivateIpSet: { PrivateIpAddress: ["10.0.1.20"] },
      Ipv4PrefixSet: { Ipv4Prefixes: ["10.0.1.32/28"] },
    },
  };
  expect([assignedAddresses.parse(answer), assignedPrefixes.parse(answer)]).toEqual([
    ["10.0.1.20"],
    ["10.0.1.32/28"],
  ]);
  const asDescribe = {
    RequestId: "R-1",
    AssignedPrivateIpAddressesSet: { PrivateIpSets: { PrivateIpSet: [{ PrivateIpAddress: "10.0.1.20" }] } },
  };
  expect(assignedAddresses.parse(asDescribe)).toEqual([]);
});

test.each([
  { RequestId: "R-1" },
  { RequestId: "R-1", AssignedPrivateIpAddressesSet: null },
  { RequestId: "R-1", AssignedPrivateIpAddressesSet: { NetworkInterfaceId: "eni-x" } },
])("an assign answer: %j confirms the call and names no address", (answer) => {
  expect([assignedAddresses.parse(answer), assignedPrefixes.parse(answer)]).toEqual([[], []]);
});

test.each([
  {},
  { RequestId: "" },
  { RequestId: 7 },
  { RequestId: "R-1", AssignedPrivateIpAddressesSet: 7 },
  {
    RequestId: "R-1",
    AssignedPrivateIpAddressesSet: { PrivateIpSet: "10.0.1.20", Ipv4PrefixSet: "10.0.1.32/28" },
  },
])("an assign answer: %j confirms nothing", (answer) => {
  expect(assignedAddresses.safeParse(answer).success).toBe(false);
  expect(assignedPrefixes.safeParse(answer).success).toBe(false);
});

test.each([{}, { RequestId: null }, { Requestid: "R-1" }])(
  "an unassign answer: %j confirms nothing",
  (answer) => {
    expect(unassigned.safeParse(answer).success).toBe(false);
    expect(unassigned.safeParse({ ...answer, RequestId: "R-1" }).success).toBe(true);
  },
);
