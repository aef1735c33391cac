"""The clients of the generation before: the older signature, answers as they come."""

import importlib
import json
import xml.etree.ElementTree as ElementTree

from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.auth.credentials import StsTokenCredential
from aliyunsdkcore.client import AcsClient

packages = {"ecs": "aliyunsdkecs.request.v20140526", "vpc": "aliyunsdkvpc.request.v20160428"}


def request_of(api, action, parameters, endpoint):
    module = importlib.import_module(f"{packages[api]}.{action}Request")
    request = getattr(module, f"{action}Request")()
    request.set_endpoint(endpoint)
    request.set_protocol_type("http")
    for name, value in parameters.items():
        # A list has one more s, and the region is the client's.
        setter = f"set_{name}s" if isinstance(value, list) else f"set_{name}"
        if name != "RegionId":
            getattr(request, setter)(json.dumps(value) if isinstance(value, bool) else value)
    return request


def client_of(parameters, key):
    region = parameters.get("RegionId", "cn-hangzhou")
    if "securityToken" in key:
        token = StsTokenCredential(key["accessKeyId"], key["accessKeySecret"], key["securityToken"])
        return AcsClient(region_id=region, credential=token)
    return AcsClient(key["accessKeyId"], key["accessKeySecret"], region)


def in_json(client, request):
    try:
        return {"answer": json.loads(client.do_action_with_exception(request))}
    except ServerException as error:
        return {
            "error": {
                "code": error.get_error_code(),
                "status": error.get_http_status(),
                "message": error.get_error_msg(),
                "requestId": error.get_request_id(),
            }
        }


def in_xml(client, request):
    """The client reads errors only in JSON: in XML it hands over the text."""
    request.set_accept_format("XML")
    status, _, body = client.get_response(request)
    root = ElementTree.fromstring(body)
    answer = tree(root)
    if status < 400:
        expected = f"{request.get_action_name()}Response"
        assert root.tag == expected, f"the root is {root.tag}, not {expected}"
        return {"answer": answer}
    assert root.tag == "Error", f"the root is {root.tag}, not Error"
    return {
        "error": {
            "code": answer["Code"],
            "status": status,
            "message": answer["Message"],
            "requestId": answer["RequestId"],
        }
    }


def tree(element):
    """Texts, objects, and lists where a tag is repeated: XML cannot tell a list of one from what is in it."""
    if len(element) == 0:
        return element.text or ""
    found = {}
    for child in element:
        found.setdefault(child.tag, []).append(tree(child))
    return {tag: values[0] if len(values) == 1 else values for tag, values in found.items()}


def call_for(form):
    read = {"JSON": in_json, "XML": in_xml}[form]

    def call(endpoint, api, action, parameters, key):
        return read(client_of(parameters, key), request_of(api, action, parameters, endpoint))

    return call
