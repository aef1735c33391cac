/*
 * What the provider uses of the official SDK. The build replaces the compiled file by one that contains the SDK, see
 * `tools/bundle-sdk.mjs`: users install no package of the SDK. No other file imports one.
 */
export { default as Credential, CLIProfileCredentialsProvider } from "@alicloud/credentials";
// Not the main file: it loads a client and two gateways, which take 20 ms of each process and are not used here.
export { default as OpenApiUtil } from "@alicloud/openapi-core/dist/utils";
export { XML } from "@darabonba/typescript";
