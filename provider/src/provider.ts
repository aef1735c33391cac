/**
 * The module that the dynamic provider's host process loads. Every state file contains its path, therefore the path never
 * changes: `pulumi-alicloud-secondary-ips/provider`, plain CommonJS.
 *
 * @packageDocumentation
 */
import type * as dynamic from "@pulumi/pulumi/dynamic";
import { EngineLiveness } from "./runtime/engine-liveness";
import { keepSecretsOutOfDebugLogs, maskTrace } from "./shared/trace";

keepSecretsOutOfDebugLogs(process.env);

// These modules load the SDK. Some compilers move an import declaration above the call; a require stays below it.
/* eslint-disable @typescript-eslint/no-require-imports */
import dynamicProvider = require("./dynamic/dynamic-provider");
import programClaims = require("./runtime/program-claims");
import runtime = require("./runtime/runtime");
/* eslint-enable */

const liveness = new EngineLiveness(process.argv.slice(2));

const provider = new dynamicProvider.EniSecondaryIpsProvider({
  env: process.env,
  liveness,
  told: programClaims.claimsToldTo(liveness.address),
  announce: (message) => {
    console.log(message);
  },
  random: Math.random,
  userAgent: `pulumi-alicloud-secondary-ips/${runtime.packageVersion}`,
});

process.once("exit", () => {
  programClaims.removeClaimsToldTo(liveness.address);
});

maskTrace((text) => provider.secrets.mask(text));

// The interface of the host: it is all that others may use, and its declarations need no package of ours.
const exported: dynamic.ResourceProvider = provider;

export = exported;
