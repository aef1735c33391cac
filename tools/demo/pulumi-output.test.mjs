import assert from "node:assert/strict";
import test from "node:test";
import { importantLines } from "./pulumi-output.mjs";

const update = `Updating (demo):

@ updating....
    pulumi:pulumi:Stack secondary-ips-demo-demo running edge: eni-1: assign 10.0.1.60 and 6 more, 3 calls, peak 22
 ~  pulumi-nodejs:dynamic/alicloud:EniSecondaryIps edge updating (0s) [diff: ~privateIpAddresses]
 ~  pulumi-nodejs:dynamic/alicloud:EniSecondaryIps edge updated (0.03s) [diff: ~privateIpAddresses]
    pulumi:pulumi:Stack secondary-ips-demo-demo  1 message
Diagnostics:
  pulumi:pulumi:Stack (secondary-ips-demo-demo):
    edge: eni-1: assign 10.0.1.60 and 6 more, 3 calls, peak 22

Outputs:
  ~ assigned : [
      ~ [0]: "10.0.1.20" => "10.0.1.32"
    ]

Resources:
    ~ 1 updated
    1 unchanged

Duration: 2s
`;

test("keeps outcomes, diagnostics and counts, and nothing else", () => {
  assert.deepEqual(importantLines(update), [
    "~ EniSecondaryIps edge updated (0.03s) [diff: ~privateIpAddresses]",
    "edge: eni-1: assign 10.0.1.60 and 6 more, 3 calls, peak 22",
    "Resources: ~ 1 updated, 1 unchanged",
  ]);
});

test("of an update that changes nothing, only the count is left", () => {
  const output = "Updating (demo):\n\n@ updating....\n\nResources:\n    2 unchanged\n\nDuration: 1s\n";
  assert.deepEqual(importantLines(output), ["Resources: 2 unchanged"]);
});
