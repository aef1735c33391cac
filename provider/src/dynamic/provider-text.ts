/**
 * The variable that names the provider's module to the process that runs it. Importing the package sets it to the
 * package's own file: an inline Automation API program hands its environment to that process, which would otherwise
 * look the package up from its own working directory.
 *
 * @internal
 */
export const providerVariable = "ALICLOUD_SECONDARY_IPS_PROVIDER";

/**
 * The provider as it stands in every state file, from the first release on for ever: changing one byte would show
 * every resource of every user as changed (https://github.com/pulumi/pulumi/issues/12401). A constant instead of a
 * serialised closure keeps the state small, and old state always runs the code that is installed
 * (https://github.com/pulumi/pulumi/issues/16826).
 *
 * @internal
 */
export const providerText =
  'exports.handler=()=>require(process.env.ALICLOUD_SECONDARY_IPS_PROVIDER||"pulumi-alicloud-secondary-ips/provider")';

/** The type of the resource in every state file; it never changes either. @internal */
export const resourceType = "pulumi-nodejs:dynamic/alicloud:EniSecondaryIps";
