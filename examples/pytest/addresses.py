"""The code under test: it gives an ENI one more secondary address."""

from alibabacloud_ecs20140526 import models


def add_address(ecs, eni_id):
    request = models.AssignPrivateIpAddressesRequest(
        region_id="cn-hangzhou", network_interface_id=eni_id, secondary_private_ip_address_count=1
    )
    assigned = ecs.assign_private_ip_addresses(request).body.assigned_private_ip_addresses_set
    return assigned.private_ip_set.private_ip_address[0]
