/**
 * What the dynamic provider's host process loads, by the text that stands in every state file. Plain CommonJS, found
 * under a subpath that never changes: `pulumi-alicloud-secondary-ips/provider`.
 *
 * @packageDocumentation
 */
import "./shared/trace"; // before the SDK is loaded, which it keeps from printing secrets
import { EniSecondaryIpsProvider } from "./dynamic/dynamic-provider";
import { EngineLiveness } from "./runtime/engine-liveness";
import { packageVersion } from "./runtime/package-version";

const provider = new EniSecondaryIpsProvider({
  env: process.env,
  liveness: new EngineLiveness(process.argv.slice(2)),
  announce: (message) => {
    console.log(message);
  },
  random: Math.random,
  userAgent: `pulumi-alicloud-secondary-ips/${packageVersion}`,
});

export = provider;
