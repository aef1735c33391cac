"""The clients of the present generation: ACS3, with a type for each request and answer."""

from alibabacloud_ecs20140526 import models as ecs_models
from alibabacloud_ecs20140526.client import Client as Ecs
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.models import Config
from alibabacloud_vpc20160428 import models as vpc_models
from alibabacloud_vpc20160428.client import Client as Vpc

apis = {"ecs": (Ecs, ecs_models), "vpc": (Vpc, vpc_models)}


def method_of(client, action):
    """`assign_ipv_6addresses` for AssignIpv6Addresses: the name cannot be derived."""
    wanted = action.lower()
    for name in dir(client):
        if name.replace("_", "") == wanted:
            return getattr(client, name)
    raise AttributeError(f"the client has no {action}")


def call(endpoint, api, action, parameters, key):
    kind, models = apis[api]
    client = kind(
        Config(
            access_key_id=key["accessKeyId"],
            access_key_secret=key["accessKeySecret"],
            security_token=key.get("securityToken"),
            region_id="cn-hangzhou",
            endpoint=endpoint,
            protocol="http",
        )
    )
    request = getattr(models, f"{action}Request")().from_map(parameters)
    try:
        # The model that the client has made of the answer, not the answer itself.
        return {"answer": method_of(client, action)(request).body.to_map()}
    except AlibabaCloudException as error:
        return {
            "error": {
                "code": error.code,
                "status": error.status_code,
                "message": error.message,
                "requestId": error.request_id,
            }
        }
