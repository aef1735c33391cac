/**
 * The environment variable with the path of the provider's module. Importing the package sets it to the package's own
 * file. The provider's process inherits the environment of an inline Automation API program. Without the variable, that
 * process resolves the package from its working directory.
 * @internal
 */
export const providerVariable = "ALICLOUD_SECONDARY_IPS_PROVIDER";

/**
 * The provider in every state file, the same in every release. A change of one byte shows every resource of every user
 * as changed (https://github.com/pulumi/pulumi/issues/12401). It is a constant and no serialised closure: the state
 * stays small, and an old state runs the installed code (https://github.com/pulumi/pulumi/issues/16826).
 * @internal
 */
export const providerText =
  'exports.handler=()=>require(process.env.ALICLOUD_SECONDARY_IPS_PROVIDER||"pulumi-alicloud-secondary-ips/provider")';

/** The type of the resource in every state file, the same in every release. @internal */
export const resourceType = "pulumi-nodejs:dynamic/alicloud:EniSecondaryIps";
