import * as pulumi from "@pulumi/pulumi";

/** What the program declares: inputs by type. */
const declared = new Map<string, Record<string, unknown>>();
const eniType = "alicloud:ecs/ecsNetworkInterface:EcsNetworkInterface";
const ipsType = "pulumi-nodejs:dynamic/alicloud:EniSecondaryIps";

beforeAll(async () => {
  pulumi.runtime.setAllConfig({
    "with-alicloud:vswitchId": "vsw-1",
    "with-alicloud:securityGroupIds": '["sg-1"]',
    "with-alicloud:privateIpAddresses": '["10.0.0.20","10.0.0.21"]',
  });
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, inputs }) => {
        declared.set(type, inputs as Record<string, unknown>);
        return { id: "eni-mock", state: inputs as object };
      },
      call: ({ inputs }) => inputs as object,
    },
    "with-alicloud",
  );
});

test("the new ENI feeds the resource", async () => {
  // Not imported at the top: a program declares its resources when it is loaded, which must be after setMocks.
  const { assigned } = jest.requireActual<typeof import("./index")>("./index");
  const addresses = await new Promise((resolve) => assigned.apply(resolve));
  expect(addresses).toEqual(["10.0.0.20", "10.0.0.21"]);
  expect(declared.get(ipsType)).toMatchObject({ networkInterfaceId: "eni-mock" });
});

test("the ENI has one owner of its secondary addresses", () => {
  expect(Object.keys(declared.get(eniType) ?? {}).sort()).toEqual(["securityGroupIds", "vswitchId"]);
});
