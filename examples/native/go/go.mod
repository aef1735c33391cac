module native-go

go 1.25

require github.com/pulumi-alicloud-secondary-ips/pulumi-alicloud-secondary-ips/sdk/go v0.1.0

replace github.com/pulumi-alicloud-secondary-ips/pulumi-alicloud-secondary-ips/sdk/go => ../../../plugin/sdk/go
