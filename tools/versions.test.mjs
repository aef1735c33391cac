import assert from "node:assert/strict";
import test from "node:test";
import { compareVersions, readVersions, requiredModuleVersion } from "./versions.mjs";

test("orders versions by number, not by letter", () => {
  assert.ok(compareVersions("3.9.0", "3.254.0") < 0);
  assert.ok(compareVersions("v3.254.1", "3.254.0") > 0);
  assert.ok(compareVersions("4.0.0", "3.999.999") > 0);
  assert.equal(compareVersions("v3.254.0\n", "3.254.0"), 0);
});

test("takes a pre-release for older than its release", () => {
  assert.ok(compareVersions("3.254.0-alpha.12", "3.254.0") < 0);
  assert.ok(compareVersions("3.255.0-dev.0", "3.254.0") > 0);
});

test("refuses what is not a version", () => {
  assert.throws(() => compareVersions("pulumi: fetch failed", "3.254.0"), /not a version/);
});

test("reads a module's version from a line of its own or from a list", () => {
  const text =
    "module m\n\nrequire example.com/alone v1.2.3\n\nrequire (\n\texample.com/listed/v3 v3.4.5 // indirect\n)\n";
  assert.equal(requiredModuleVersion("m", "example.com/alone", text), "1.2.3");
  assert.equal(requiredModuleVersion("m", "example.com/listed/v3", text), "3.4.5");
  assert.throws(() => requiredModuleVersion("m", "example.com/listed", text), /does not require/);
});

test("finds the pinned versions", () => {
  for (const version of Object.values(readVersions())) assert.match(version, /^\d+\.\d+/);
});
