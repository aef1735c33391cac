package main

import (
	"github.com/aliyun/alibaba-cloud-sdk-go/services/ecs"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/vpc"
)

func ecsOperations(client *ecs.Client) map[string]operation {
	return map[string]operation{
		"AssignIpv6Addresses":               typed(ecs.CreateAssignIpv6AddressesRequest, client.AssignIpv6Addresses),
		"AssignPrivateIpAddresses":          typed(ecs.CreateAssignPrivateIpAddressesRequest, client.AssignPrivateIpAddresses),
		"AttachNetworkInterface":            typed(ecs.CreateAttachNetworkInterfaceRequest, client.AttachNetworkInterface),
		"CreateNetworkInterface":            typed(ecs.CreateCreateNetworkInterfaceRequest, client.CreateNetworkInterface),
		"CreateSecurityGroup":               typed(ecs.CreateCreateSecurityGroupRequest, client.CreateSecurityGroup),
		"DeleteInstance":                    typed(ecs.CreateDeleteInstanceRequest, client.DeleteInstance),
		"DeleteNetworkInterface":            typed(ecs.CreateDeleteNetworkInterfaceRequest, client.DeleteNetworkInterface),
		"DeleteSecurityGroup":               typed(ecs.CreateDeleteSecurityGroupRequest, client.DeleteSecurityGroup),
		"DescribeInstanceStatus":            typed(ecs.CreateDescribeInstanceStatusRequest, client.DescribeInstanceStatus),
		"DescribeInstanceTypes":             typed(ecs.CreateDescribeInstanceTypesRequest, client.DescribeInstanceTypes),
		"DescribeInstances":                 typed(ecs.CreateDescribeInstancesRequest, client.DescribeInstances),
		"DescribeKeyPairs":                  typed(ecs.CreateDescribeKeyPairsRequest, client.DescribeKeyPairs),
		"DescribeNetworkInterfaceAttribute": typed(ecs.CreateDescribeNetworkInterfaceAttributeRequest, client.DescribeNetworkInterfaceAttribute),
		"DescribeNetworkInterfaces":         typed(ecs.CreateDescribeNetworkInterfacesRequest, client.DescribeNetworkInterfaces),
		"DescribeRegions":                   typed(ecs.CreateDescribeRegionsRequest, client.DescribeRegions),
		"DescribeSecurityGroups":            typed(ecs.CreateDescribeSecurityGroupsRequest, client.DescribeSecurityGroups),
		"DescribeVSwitches":                 typed(ecs.CreateDescribeVSwitchesRequest, client.DescribeVSwitches),
		"DetachNetworkInterface":            typed(ecs.CreateDetachNetworkInterfaceRequest, client.DetachNetworkInterface),
		"ListTagResources":                  typed(ecs.CreateListTagResourcesRequest, client.ListTagResources),
		"ModifyNetworkInterfaceAttribute":   typed(ecs.CreateModifyNetworkInterfaceAttributeRequest, client.ModifyNetworkInterfaceAttribute),
		"RebootInstance":                    typed(ecs.CreateRebootInstanceRequest, client.RebootInstance),
		"RunInstances":                      typed(ecs.CreateRunInstancesRequest, client.RunInstances),
		"StartInstance":                     typed(ecs.CreateStartInstanceRequest, client.StartInstance),
		"StopInstance":                      typed(ecs.CreateStopInstanceRequest, client.StopInstance),
		"TagResources":                      typed(ecs.CreateTagResourcesRequest, client.TagResources),
		"UnassignIpv6Addresses":             typed(ecs.CreateUnassignIpv6AddressesRequest, client.UnassignIpv6Addresses),
		"UnassignPrivateIpAddresses":        typed(ecs.CreateUnassignPrivateIpAddressesRequest, client.UnassignPrivateIpAddresses),
		"UntagResources":                    typed(ecs.CreateUntagResourcesRequest, client.UntagResources),
	}
}

func vpcOperations(client *vpc.Client) map[string]operation {
	return map[string]operation{
		"CreateVSwitch":             typed(vpc.CreateCreateVSwitchRequest, client.CreateVSwitch),
		"CreateVpc":                 typed(vpc.CreateCreateVpcRequest, client.CreateVpc),
		"DeleteVSwitch":             typed(vpc.CreateDeleteVSwitchRequest, client.DeleteVSwitch),
		"DeleteVpc":                 typed(vpc.CreateDeleteVpcRequest, client.DeleteVpc),
		"DescribeVSwitchAttributes": typed(vpc.CreateDescribeVSwitchAttributesRequest, client.DescribeVSwitchAttributes),
		"DescribeVSwitches":         typed(vpc.CreateDescribeVSwitchesRequest, client.DescribeVSwitches),
		"DescribeVpcAttribute":      typed(vpc.CreateDescribeVpcAttributeRequest, client.DescribeVpcAttribute),
		"DescribeVpcs":              typed(vpc.CreateDescribeVpcsRequest, client.DescribeVpcs),
	}
}
