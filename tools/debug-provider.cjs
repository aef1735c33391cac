/**
 * Makes the provider's process, and no other one, wait for a debugger on 127.0.0.1:9229. CONTRIBUTING.md says how to use it:
 * NODE_OPTIONS reaches each Node.js process of a run, so `--inspect-brk` there would stop npm and the program as well.
 */
const inspector = require("node:inspector");
const process = require("node:process");

const waitForDebugger = true;
if (/[\\/]cmd[\\/]dynamic-provider\b/.test(process.argv[1] ?? "")) {
  inspector.open(9229, "127.0.0.1", waitForDebugger);
}
