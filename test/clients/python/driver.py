"""Tells a story with a client in Python: `python driver.py CLIENT URL STEPS.json`.

CLIENT is `tea` (the typed alibabacloud_ecs20140526 and alibabacloud_vpc20160428), `classic-json` or `classic-xml`
(aliyun-python-sdk-core with the requests of -ecs and -vpc). Prints one line of JSON a step.
"""

import json
import os
import re
import sys
import threading
import urllib.request


def client_named(name, url):
    if name == "tea":
        from tea_client import call
    else:
        from classic_client import call_for

        call = call_for(name.removeprefix("classic-").upper())
    endpoint = url.removeprefix("http://")
    return lambda *what: call(endpoint, *what)


def emulator(url, method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{url}/_emulator/{path}", data=data, method=method)
    with urllib.request.urlopen(request) as response:
        return response.read()


def filled_in(value, saved):
    """What an earlier step has saved, in the place of `{its name}`."""

    def replace(match):
        return json.dumps(saved.get(match[1], match[0]))[1:-1]

    return json.loads(re.sub(r"\{(\w+)\}", replace, json.dumps(value)))


def look_up(answer, path):
    for key in path.split("."):
        if not key.isdigit():
            answer = answer[key]
        elif isinstance(answer, list):
            answer = answer[int(key)]
        # Else a list of one in XML, which looks like what is in it.
    return answer


def arrivals(url, action):
    return sum(call["action"] == action for call in json.loads(emulator(url, "GET", "calls")))


def in_background(url, action, call):
    """Starts a call that is not waited for, and comes back once it has arrived."""
    before = arrivals(url, action)
    threading.Thread(target=call, daemon=True).start()
    while arrivals(url, action) == before:
        pass


def tell(step, call, url, saved):
    if "control" in step:
        control = filled_in(step["control"], saved)
        emulator(url, control["method"], control["path"], control.get("body"))
        return {"done": True}
    key = {"accessKeyId": "test", "accessKeySecret": "test", **step.get("credentials", {})}
    what = (step["api"], step["call"], filled_in(step["with"], saved), key)
    if step.get("background"):
        in_background(url, step["call"], lambda: call(*what))
        return {"done": True}
    outcome = call(*what)
    if "answer" in outcome:
        for name, path in step.get("saves", {}).items():
            saved[name] = str(look_up(outcome["answer"], path))
    return outcome


def main(name, url, file):
    call = client_named(name, url)
    saved = {}
    with open(file, encoding="utf-8") as story:
        steps = json.load(story)
    for step in steps:
        print(json.dumps({"step": step["step"], **tell(step, call, url, saved)}), flush=True)
    # Calls in the background are left alone.
    os._exit(0)


main(*sys.argv[1:])
