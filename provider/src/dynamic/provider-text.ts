/**
 * The environment variable with the path of a module to use instead of the installed provider, if that file exists. Importing
 * the package sets it to `automation-provider.js`: the provider's process inherits the environment of an Automation API
 * program, and not that of a program that the CLI starts.
 * @internal
 */
export const providerVariable = "ALICLOUD_SECONDARY_IPS_PROVIDER";

/**
 * The provider in every state file, the same in every release. A change of one byte shows every resource of every user
 * as changed (https://github.com/pulumi/pulumi/issues/12401). It is a constant and no serialised closure: the state
 * stays small, and an old state runs the installed code (https://github.com/pulumi/pulumi/issues/16826).
 *
 * It looks for the package from the program's folder upwards, then from the host of dynamic providers: beside that, pnpm has
 * what only a component library depends on. Without the package it throws one sentence. The host prints `toString()` and
 * `stack`, or `message`. An error inside the package is not caught.
 * @internal
 */
export const providerText =
  'exports.handler=()=>{let f=process.env.ALICLOUD_SECONDARY_IPS_PROVIDER||"",n="pulumi-alicloud-secondary-ips",' +
  'd=process.cwd(),m="add it to the package.json of the program in "+d;if(!require("fs").existsSync(f))' +
  'try{f=require.resolve(n+"/provider",{paths:[d,require.main.filename]})}' +
  'catch{throw{toString:()=>n,stack:m="not installed: "+m,message:n+" is "+m}}return require(f)}';

/** The type of the resource in every state file, the same in every release. @internal */
export const resourceType = "pulumi-nodejs:dynamic/alicloud:EniSecondaryIps";
