/**
 * The provider that an Automation API program gives to all stacks that it runs, by an environment variable. A stack of another
 * project uses the copy of the package that is installed there.
 *
 * @packageDocumentation
 */
import { createRequire } from "node:module";
import { join } from "node:path";

/** Looks in the places of the provider text: the folder of the project, then that of the host of dynamic providers. */
function providerOfProject(): string {
  const host = require.main === undefined ? [] : [require.main.filename];
  for (const place of [join(process.cwd(), "index.js"), ...host]) {
    try {
      // Not by the option `paths`: from inside a package, its own name means the package itself.
      return createRequire(place).resolve("pulumi-alicloud-secondary-ips/provider");
    } catch {
      continue;
    }
  }
  return join(__dirname, "provider.js");
}

module.exports = createRequire(__filename)(providerOfProject()) as unknown;
