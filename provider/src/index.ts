/**
 * The secondary private IPv4 addresses of Alibaba Cloud ENIs, as Pulumi resources.
 *
 * @packageDocumentation
 */
import { join } from "node:path";
import { providerVariable } from "./dynamic/provider-text";

export { EniProvider, type EniProviderArgs, type EniProviderEndpoint } from "./dynamic/eni-provider";
export { EniSecondaryIps, type EniSecondaryIpsArgs } from "./dynamic/eni-secondary-ips";

// An inline Automation API program hands this on to the process that runs the provider; a value that is already there
// was chosen by the user.
process.env[providerVariable] ??= join(__dirname, "provider.js");
