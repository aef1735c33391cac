"use strict";

// A file of its own, in the syntax of every Node.js: an older one cannot read the bundle.
if (Number(process.versions.node.split(".")[0]) < 20) {
  process.stderr.write(
    "the plugin alicloud-secondary-ips needs Node.js 20 or newer, and node on PATH is " +
      process.versions.node +
      "; install it from https://nodejs.org\n",
  );
  process.exitCode = 1;
} else {
  require("./plugin.js");
}
