import { ScriptedServer } from "../support/ecs-client";
import { eniId, privateIpSets, region } from "../support/eni-world";
import { InProcessHost } from "../support/in-process-host";

// The emulator has the documented statuses alone, so a server that knows nothing else stands in for a cloud of later.
let server: ScriptedServer;
let host: InProcessHost;
afterEach(async () => {
  await host.stop();
  await server.stop();
});

const held = ["10.0.1.30"];
const state = (privateIpAddresses = held) => ({ networkInterfaceId: eniId, privateIpAddresses, region });

/** A cloud with one ENI that holds 10.0.1.30, and perhaps an instance. */
async function meet(eni: object, InstanceStatus: object[] = []): Promise<void> {
  const shown = {
    NetworkInterfaceId: eniId,
    VpcId: "vpc-1",
    VSwitchId: "vsw-1",
    PrivateIpAddress: "10.0.1.10",
    PrivateIpSets: privateIpSets(held),
    ...eni,
  };
  const answers: Record<string, unknown> = {
    DescribeNetworkInterfaces: { NetworkInterfaceSets: { NetworkInterfaceSet: [shown] } },
    DescribeInstanceStatus: { InstanceStatuses: { InstanceStatus } },
  };
  server = await ScriptedServer.start((response, request) => {
    response.end(JSON.stringify(answers[String(request.headers["x-acs-action"])] ?? {}));
  });
  const keys = { ALICLOUD_ACCESS_KEY: "test", ALICLOUD_SECRET_KEY: "test" };
  host = await InProcessHost.start({ env: { ECS_ENDPOINT: server.url, ALICLOUD_REGION: region, ...keys } });
}

/** Every operation that writes is refused with these words, and has written nothing. */
async function expectRefusals(words: string): Promise<void> {
  // First: a delete leaves what a create of the same process wants.
  await expect(host.delete(eniId, state())).rejects.toThrow(words);
  await expect(host.create(state([...held, "10.0.1.31"]))).rejects.toThrow(words);
  await expect(host.update(eniId, state(), state(["10.0.1.31"]))).rejects.toThrow(words);
  expect(server.asked.filter((action) => !action.startsWith("Describe"))).toEqual([]);
}

test.each(["Linked", "available", "", null])(
  "an ENI whose status no documentation knows, %j, is not written to, and is read",
  async (status) => {
    await meet({ Status: status, Type: "Secondary" });
    await expectRefusals(
      `ENI ${eniId} is ${status || "in no known status"}, and its addresses can change only`,
    );
    expect((await host.read(eniId, state())).outputs.privateIpAddresses).toEqual(held);
  },
);

const primary = { Status: "InUse", Type: "Primary", InstanceId: "i-1" };

test.each(["Hibernating", ""])(
  "a primary ENI of an instance whose status no documentation knows, %j, is not written to",
  async (status) => {
    await meet(primary, [{ InstanceId: "i-1", Status: status }]);
    await expectRefusals(
      `instance i-1, whose primary ENI is ${eniId}, is ${status || "in no known status"}, and its addresses`,
    );
  },
);

test("a primary ENI whose instance is gone already is not written to", async () => {
  await meet(primary);
  await expectRefusals(`instance i-1, whose primary ENI is ${eniId}, does not exist in region ${region}`);
});
