import pulumi
from pulumi_alicloud_secondary_ips import EniSecondaryIps

ips = EniSecondaryIps(
    "edge",
    network_interface_id="eni-a",
    private_ip_addresses=["10.0.0.20", "10.0.0.21"],
)

pulumi.export("assigned", ips.private_ip_addresses)
