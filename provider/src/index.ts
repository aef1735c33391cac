/**
 * The secondary private IPv4 addresses of Alibaba Cloud ENIs, as Pulumi resources.
 *
 * @packageDocumentation
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { providerVariable } from "./dynamic/provider-text";

export { EniProvider, type EniProviderArgs, type EniProviderEndpoint } from "./dynamic/eni-provider";
export { EniSecondaryIps } from "./dynamic/eni-secondary-ips";
export type {
  EniSecondaryIpsArgs,
  EniSecondaryIpsCount,
  EniSecondaryIpsList,
  EniSecondaryIpsOptions,
  EniSecondaryIpsOwnership,
} from "./dynamic/eni-secondary-ips-args";

// In a bundle, the file is not there, and in a bundle of ES modules there is no __dirname. The user may have set the variable.
const automationProvider = typeof __dirname === "string" ? join(__dirname, "automation-provider.js") : "";
if (existsSync(automationProvider)) process.env[providerVariable] ??= automationProvider;
