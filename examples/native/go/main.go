package main

import (
	"github.com/pulumi-alicloud-secondary-ips/pulumi-alicloud-secondary-ips/sdk/go/alicloudsecondaryips"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(program)
}

func program(ctx *pulumi.Context) error {
	ips, err := alicloudsecondaryips.NewEniSecondaryIps(ctx, "edge", &alicloudsecondaryips.EniSecondaryIpsArgs{
		NetworkInterfaceId: pulumi.String("eni-a"),
		PrivateIpAddresses: pulumi.ToStringArray([]string{"10.0.0.20", "10.0.0.21"}),
	})
	if err != nil {
		return err
	}
	ctx.Export("assigned", ips.PrivateIpAddresses)
	return nil
}
