/**
 * The secondary private IPv4 addresses of Alibaba Cloud ENIs, as Pulumi resources.
 *
 * @packageDocumentation
 */
import { join } from "node:path";
import { providerVariable } from "./dynamic/provider-text";

export { EniProvider, type EniProviderArgs, type EniProviderEndpoint } from "./dynamic/eni-provider";
export { EniSecondaryIps, type EniSecondaryIpsArgs } from "./dynamic/eni-secondary-ips";

// The provider's process inherits this variable from an inline Automation API program. The user may have set it.
process.env[providerVariable] ??= join(__dirname, "provider.js");
