import Ecs, * as ecs from "@alicloud/ecs20140526";
import { $OpenApiUtil } from "@alicloud/openapi-core";
import Vpc, * as vpc from "@alicloud/vpc20160428";
import { cast } from "@darabonba/typescript";
import type { Model } from "@darabonba/typescript";
import type { Caller, Parameters } from "./outcome";

/** A typed operation: the request is made of the API's names, and the answer is told in them. */
type Operation<Client> = (client: Client, parameters: Parameters) => Promise<unknown>;

function operation<Client, Request extends Model>(
  request: new (fields?: Record<string, never>) => Request,
  call: (client: Client, request: Request) => Promise<{ body?: Model }>,
): Operation<Client> {
  return async (client, parameters) => {
    const { body } = await call(client, cast(parameters, new request()));
    // The model that the client has made of the answer, not the answer itself.
    return body?.toMap();
  };
}

const ecsOperations: Readonly<Record<string, Operation<Ecs>>> = {
  AssignIpv6Addresses: operation(ecs.AssignIpv6AddressesRequest, (client: Ecs, request) =>
    client.assignIpv6Addresses(request),
  ),
  AssignPrivateIpAddresses: operation(ecs.AssignPrivateIpAddressesRequest, (client: Ecs, request) =>
    client.assignPrivateIpAddresses(request),
  ),
  AttachNetworkInterface: operation(ecs.AttachNetworkInterfaceRequest, (client: Ecs, request) =>
    client.attachNetworkInterface(request),
  ),
  CreateNetworkInterface: operation(ecs.CreateNetworkInterfaceRequest, (client: Ecs, request) =>
    client.createNetworkInterface(request),
  ),
  CreateSecurityGroup: operation(ecs.CreateSecurityGroupRequest, (client: Ecs, request) =>
    client.createSecurityGroup(request),
  ),
  DeleteInstance: operation(ecs.DeleteInstanceRequest, (client: Ecs, request) =>
    client.deleteInstance(request),
  ),
  DeleteNetworkInterface: operation(ecs.DeleteNetworkInterfaceRequest, (client: Ecs, request) =>
    client.deleteNetworkInterface(request),
  ),
  DeleteSecurityGroup: operation(ecs.DeleteSecurityGroupRequest, (client: Ecs, request) =>
    client.deleteSecurityGroup(request),
  ),
  DescribeInstanceStatus: operation(ecs.DescribeInstanceStatusRequest, (client: Ecs, request) =>
    client.describeInstanceStatus(request),
  ),
  DescribeInstanceTypes: operation(ecs.DescribeInstanceTypesRequest, (client: Ecs, request) =>
    client.describeInstanceTypes(request),
  ),
  DescribeInstances: operation(ecs.DescribeInstancesRequest, (client: Ecs, request) =>
    client.describeInstances(request),
  ),
  DescribeNetworkInterfaceAttribute: operation(
    ecs.DescribeNetworkInterfaceAttributeRequest,
    (client: Ecs, request) => client.describeNetworkInterfaceAttribute(request),
  ),
  DescribeNetworkInterfaces: operation(ecs.DescribeNetworkInterfacesRequest, (client: Ecs, request) =>
    client.describeNetworkInterfaces(request),
  ),
  DescribeRegions: operation(ecs.DescribeRegionsRequest, (client: Ecs, request) =>
    client.describeRegions(request),
  ),
  DescribeSecurityGroups: operation(ecs.DescribeSecurityGroupsRequest, (client: Ecs, request) =>
    client.describeSecurityGroups(request),
  ),
  DescribeVSwitches: operation(
    ecs.DescribeVSwitchesRequest,
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- programs that are older than VPC's own operation call it
    (client: Ecs, request) => client.describeVSwitches(request),
  ),
  DescribeZones: operation(ecs.DescribeZonesRequest, (client: Ecs, request) => client.describeZones(request)),
  DetachNetworkInterface: operation(ecs.DetachNetworkInterfaceRequest, (client: Ecs, request) =>
    client.detachNetworkInterface(request),
  ),
  ListTagResources: operation(ecs.ListTagResourcesRequest, (client: Ecs, request) =>
    client.listTagResources(request),
  ),
  ModifyNetworkInterfaceAttribute: operation(
    ecs.ModifyNetworkInterfaceAttributeRequest,
    (client: Ecs, request) => client.modifyNetworkInterfaceAttribute(request),
  ),
  RebootInstance: operation(ecs.RebootInstanceRequest, (client: Ecs, request) =>
    client.rebootInstance(request),
  ),
  RunInstances: operation(ecs.RunInstancesRequest, (client: Ecs, request) => client.runInstances(request)),
  StartInstance: operation(ecs.StartInstanceRequest, (client: Ecs, request) => client.startInstance(request)),
  StopInstance: operation(ecs.StopInstanceRequest, (client: Ecs, request) => client.stopInstance(request)),
  TagResources: operation(ecs.TagResourcesRequest, (client: Ecs, request) => client.tagResources(request)),
  UnassignIpv6Addresses: operation(ecs.UnassignIpv6AddressesRequest, (client: Ecs, request) =>
    client.unassignIpv6Addresses(request),
  ),
  UnassignPrivateIpAddresses: operation(ecs.UnassignPrivateIpAddressesRequest, (client: Ecs, request) =>
    client.unassignPrivateIpAddresses(request),
  ),
  UntagResources: operation(ecs.UntagResourcesRequest, (client: Ecs, request) =>
    client.untagResources(request),
  ),
};

const vpcOperations: Readonly<Record<string, Operation<Vpc>>> = {
  CreateVSwitch: operation(vpc.CreateVSwitchRequest, (client: Vpc, request) => client.createVSwitch(request)),
  CreateVpc: operation(vpc.CreateVpcRequest, (client: Vpc, request) => client.createVpc(request)),
  DeleteVSwitch: operation(vpc.DeleteVSwitchRequest, (client: Vpc, request) => client.deleteVSwitch(request)),
  DeleteVpc: operation(vpc.DeleteVpcRequest, (client: Vpc, request) => client.deleteVpc(request)),
  DescribeVSwitchAttributes: operation(vpc.DescribeVSwitchAttributesRequest, (client: Vpc, request) =>
    client.describeVSwitchAttributes(request),
  ),
  DescribeVSwitches: operation(vpc.DescribeVSwitchesRequest, (client: Vpc, request) =>
    client.describeVSwitches(request),
  ),
  DescribeVpcAttribute: operation(vpc.DescribeVpcAttributeRequest, (client: Vpc, request) =>
    client.describeVpcAttribute(request),
  ),
  DescribeVpcs: operation(vpc.DescribeVpcsRequest, (client: Vpc, request) => client.describeVpcs(request)),
};

/** The full clients, with a type for each request and answer: ACS3. */
export function fullClient(endpoint: string): Caller {
  return async (api, action, parameters, credentials) => {
    const config = new $OpenApiUtil.Config({
      ...credentials,
      regionId: "cn-hangzhou",
      endpoint,
      protocol: "http",
    });
    const call = (): Promise<unknown> | undefined =>
      api === "ecs"
        ? ecsOperations[action]?.(new Ecs(config), parameters)
        : vpcOperations[action]?.(new Vpc(config), parameters);
    try {
      const answer = call();
      if (!answer) throw new Error(`the table of operations has no ${action}`);
      return { answer: await answer };
    } catch (thrown) {
      const { code, statusCode, message, requestId } = thrown as Record<string, unknown>;
      return { error: { code, status: statusCode, message, requestId } };
    }
  };
}
