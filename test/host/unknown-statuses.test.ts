import { ScriptedServer } from "../support/ecs-client";
import { eniId, privateIpSets, region } from "../support/eni-world";
import { InProcessHost } from "../support/in-process-host";

// The emulator has only documented statuses. A scripted server acts as a later version of the cloud.
let server: ScriptedServer;
let host: InProcessHost;
afterEach(async () => {
  await host.stop();
  await server.stop();
});

const held = ["10.0.1.30"];
const state = (privateIpAddresses = held) => ({ networkInterfaceId: eniId, privateIpAddresses, region });

/** Starts a cloud with one ENI that holds 10.0.1.30, and with these instance statuses. */
async function startCloud(eni: object, InstanceStatus: object[] = []): Promise<void> {
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
  const pace = { ALICLOUD_SECONDARY_IPS_PACE: "0.05" };
  host = await InProcessHost.start({
    env: { ECS_ENDPOINT: server.url, ALICLOUD_REGION: region, ...keys, ...pace },
  });
}

/** Every operation that writes fails with this message and writes nothing. */
async function expectRefusals(words: string): Promise<void> {
  // The delete comes first: after a create in the same process it would keep the claimed addresses.
  await expect(host.delete(eniId, state())).rejects.toThrow(words);
  await expect(host.create(state([...held, "10.0.1.31"]))).rejects.toThrow(words);
  // Nothing to write.
  await expect(host.create(state())).rejects.toThrow(words);
  await expect(host.update(eniId, state(), state(["10.0.1.31"]))).rejects.toThrow(words);
  expect(server.asked.filter((action) => !action.startsWith("Describe"))).toEqual([]);
}

test.each(["Linked", "available", "", null])(
  "ENI: with the undocumented status %j, writes are refused and a read succeeds",
  async (status) => {
    await startCloud({ Status: status, Type: "Secondary" });
    await expectRefusals(
      `ENI ${eniId} is ${status || "in no known status"}, and its addresses can change only`,
    );
    expect((await host.read(eniId, state())).outputs.privateIpAddresses).toEqual(held);
  },
);

const primary = { Status: "InUse", Type: "Primary", InstanceId: "i-1" };

test.each(["Hibernating", ""])(
  "primary ENI: with the undocumented instance status %j, writes are refused",
  async (status) => {
    await startCloud(primary, [{ InstanceId: "i-1", Status: status }]);
    await expectRefusals(
      `instance i-1, whose primary ENI is ${eniId}, is ${status || "in no known status"}, and its addresses`,
    );
  },
);

test("primary ENI: with a deleted instance, writes are refused", async () => {
  await startCloud(primary);
  await expectRefusals(`instance i-1, whose primary ENI is ${eniId}, does not exist in region ${region}`);
});
