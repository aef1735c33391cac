"""An emulator for the tests: npx starts it once, and each test begins with the seed."""

import json
import os
import signal
import subprocess
import urllib.request

import pytest
from alibabacloud_ecs20140526.client import Client
from alibabacloud_tea_openapi.models import Config

SEED = {"networkInterfaces": [{"NetworkInterfaceId": "eni-a", "PrivateIpAddress": "10.0.0.10"}]}


class Emulator:
    """The control API of a running emulator."""

    def __init__(self, url):
        self.url = url
        self.endpoint = url.removeprefix("http://")

    def control(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_emulator/{path}", data=data, method=method)
        with urllib.request.urlopen(request) as response:
            text = response.read()
        return json.loads(text) if text else None


@pytest.fixture(scope="session")
def running_emulator(tmp_path_factory):
    seed = tmp_path_factory.mktemp("emulator") / "seed.json"
    seed.write_text(json.dumps(SEED))
    command = ["npx", "alicloud-ecs-emulator", "--seed", str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        # The first line says that it listens. Without a line, it did not start: standard error says why.
        line = process.stdout.readline()
        if not line:
            pytest.fail(f"{' '.join(command)} ended with {process.wait()}")
        started = json.loads(line)
        yield Emulator(started["url"])
        # The process of npx is another one.
        os.kill(started["pid"], signal.SIGTERM)


@pytest.fixture
def emulator(running_emulator):
    running_emulator.control("POST", "reset")
    return running_emulator


@pytest.fixture
def ecs(emulator):
    """The official client."""
    return Client(
        Config(
            access_key_id="test",
            access_key_secret="test",
            region_id="cn-hangzhou",
            endpoint=emulator.endpoint,
            protocol="http",
        )
    )
