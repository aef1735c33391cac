import { cidrBlock } from "./addresses.mjs";

const instanceType = "ecs.g6e.4xlarge";
const neededPerEni = 30;

/** Creates the resources of the story through the API, and gives their names to the stage. */
export async function createWorld(stage) {
  const { cloud, names, signal, terminal } = stage;
  const made = [];
  const until = async (what, list, id, status) => {
    const seen = await cloud.untilStatus(list, id, status, { signal });
    made.push(`${id.padEnd(25)}${what.padEnd(20)}${seen.join(" → ")}`);
  };
  await terminal.action("a colleague makes them", async ({ report }) => {
    report("the VPC");
    const { VpcId } = await cloud.call("CreateVpc", { CidrBlock: "10.0.0.0/16" });
    await until("VPC 10.0.0.0/16", "vpcs", VpcId, "Available");

    report("the vSwitch");
    const { VSwitchId } = await cloud.call("CreateVSwitch", {
      VpcId,
      CidrBlock: cidrBlock,
      ZoneId: "cn-hangzhou-a",
    });
    await until(`vSwitch ${cidrBlock}`, "vSwitches", VSwitchId, "Available");

    report("the security group");
    const { SecurityGroupId } = await cloud.call("CreateSecurityGroup", {
      VpcId,
      SecurityGroupName: "demo",
    });

    report("the instance");
    const { InstanceIdSets } = await cloud.call("RunInstances", {
      ImageId: "any",
      InstanceType: instanceType,
      SecurityGroupId,
      VSwitchId,
      PrivateIpAddress: "10.0.1.10",
    });
    [names.instance] = InstanceIdSets.InstanceIdSet;
    await until("instance", "instances", names.instance, "Running");
    const ofInstance = ({ InstanceId }) => InstanceId === names.instance;
    names.node = cloud.list("networkInterfaces").find(ofInstance).NetworkInterfaceId;
    await until("primary ENI .10", "networkInterfaces", names.node, "InUse");

    report("the second ENI");
    const eni = await cloud.call("CreateNetworkInterface", {
      VSwitchId,
      SecurityGroupId,
      PrimaryIpAddress: "10.0.1.11",
    });
    names.edge = eni.NetworkInterfaceId;
    const attached = { NetworkInterfaceId: names.edge, InstanceId: names.instance };
    await cloud.call("AttachNetworkInterface", attached);
    await until("second ENI .11", "networkInterfaces", names.edge, "InUse");
  });
  terminal.quote(made);

  const types = await cloud.call("DescribeInstanceTypes", { InstanceTypes: [instanceType] });
  const { EniPrivateIpAddressQuantity: perEni } = types.InstanceTypes.InstanceType[0];
  stage.check(`an ENI of an ${instanceType} can hold ${perEni} addresses`, perEni >= neededPerEni);
  stage.check(
    "neither ENI has a secondary address",
    [names.edge, names.node].flatMap((id) => cloud.addressesOf(id)),
    [],
  );
  names.before = cloud.list("networkInterfaces");
}
