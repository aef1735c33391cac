import assert from "node:assert/strict";
import test from "node:test";
import { isWholeInstall } from "./install.mjs";

const lock = {
  packages: {
    "": { name: "root" },
    provider: { name: "provider" },
    "node_modules/provider": { resolved: "provider", link: true },
    "node_modules/typescript": { version: "6.0.3", integrity: "sha512-ts" },
    "node_modules/fsevents": { version: "2.0.0", integrity: "sha512-fs", optional: true },
  },
};

function installed(changes = {}) {
  const onThisPlatform = Object.entries(lock.packages).filter(
    ([location]) => !location.endsWith("/fsevents"),
  );
  return { packages: { ...Object.fromEntries(onThisPlatform), ...changes } };
}

test("takes an install without the packages of other platforms for whole", () => {
  assert.equal(isWholeInstall(lock, installed()), true);
});

test("notices a package of another version, other bytes, or none", () => {
  const typescript = "node_modules/typescript";
  assert.equal(
    isWholeInstall(lock, installed({ [typescript]: { version: "5.9.0", integrity: "sha512-ts" } })),
    false,
  );
  assert.equal(
    isWholeInstall(lock, installed({ [typescript]: { version: "6.0.3", integrity: "sha512-no" } })),
    false,
  );
  assert.equal(isWholeInstall(lock, installed({ [typescript]: undefined })), false);
  assert.equal(isWholeInstall(lock, installed({ "node_modules/provider": undefined })), false);
});
