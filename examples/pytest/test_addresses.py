import pytest
from addresses import add_address
from Tea.exceptions import TeaException


def addresses_of(emulator):
    [eni] = emulator.control("GET", "state")["networkInterfaces"]
    return [ip["PrivateIpAddress"] for ip in eni["PrivateIpSets"]["PrivateIpSet"]]


def test_the_eni_has_the_new_address(emulator, ecs):
    address = add_address(ecs, "eni-a")
    assert addresses_of(emulator) == ["10.0.0.10", address]


def test_each_test_begins_with_the_seed(emulator):
    assert addresses_of(emulator) == ["10.0.0.10"]
    assert emulator.control("GET", "calls") == []


def test_a_refusal_of_the_api_reaches_the_caller(emulator, ecs):
    error = {"status": 403, "code": "InvalidVSwitchId.IpNotEnough", "message": "no address is left"}
    emulator.control("POST", "faults", {"action": "AssignPrivateIpAddresses", "effect": {"error": error}})
    with pytest.raises(TeaException, match="no address is left"):
        add_address(ecs, "eni-a")
    assert addresses_of(emulator) == ["10.0.0.10"]
