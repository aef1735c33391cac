/**
 * The provider that an Automation API program gives to all stacks that it runs, by an environment variable. A stack of another
 * project uses the copy of the package that is installed there.
 *
 * @packageDocumentation
 */
import { createRequire } from "node:module";
import { join } from "node:path";

function providerOfProgram(): string {
  try {
    return createRequire(join(process.cwd(), "index.js")).resolve("pulumi-alicloud-secondary-ips/provider");
  } catch {
    return join(__dirname, "provider.js");
  }
}

module.exports = createRequire(__filename)(providerOfProgram()) as unknown;
