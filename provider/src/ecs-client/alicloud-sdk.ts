/*
 * What the provider uses of the official SDK. The build replaces the compiled file by one that contains the SDK, see
 * `tools/bundle-sdk.mjs`: users install no package of the SDK. No other file imports one.
 */
export { default as Credential, CLIProfileCredentialsProvider } from "@alicloud/credentials";
export { OpenApiUtil } from "@alicloud/openapi-core";
export { XML } from "@darabonba/typescript";
