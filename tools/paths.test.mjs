import assert from "node:assert/strict";
import test from "node:test";
import { cacheFolder } from "./paths.mjs";

test("keeps the cache where the environment says, else under the home folder", () => {
  const name = "pulumi-alicloud-secondary-ips";
  assert.equal(cacheFolder({ HOME: "/home/me" }), `/home/me/.cache/${name}`);
  assert.equal(cacheFolder({ HOME: "/home/me", XDG_CACHE_HOME: "/var/cache/me" }), `/var/cache/me/${name}`);
  assert.equal(cacheFolder({ HOME: "/home/me", XDG_CACHE_HOME: "relative" }), `/home/me/.cache/${name}`);
  assert.equal(cacheFolder({ HOME: "/home/me", PULUMI_ALICLOUD_CACHE_DIR: "/elsewhere" }), "/elsewhere");
});
