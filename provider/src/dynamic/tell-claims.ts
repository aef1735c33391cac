import * as pulumi from "@pulumi/pulumi";
import { appendFileSync, writeFileSync } from "node:fs";
import { claimHash, programClaimsFile, type ProgramClaim } from "../runtime/program-claims";

/** The inputs that say what a resource wants. */
interface Wanted {
  readonly networkInterfaceId?: pulumi.Input<string> | undefined;
  readonly privateIpAddresses?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  readonly ipv4Prefixes?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  readonly secondaryPrivateIpAddressCount?: pulumi.Input<number> | undefined;
  readonly ipv4PrefixCount?: pulumi.Input<number> | undefined;
}

/** The engines whose file this process has begun, shared by all copies of this package. */
const begun = ((globalThis as Record<symbol, unknown>)[
  Symbol.for("alicloud-secondary-ips.program-claims")
] ??= new Set<string>()) as Set<string>;

/**
 * Tells the provider's process what the program wants. The engine does not: with `--target` it sends no check for the other
 * resources. The program ends after all its outputs have settled, and the engine deletes after the program has ended.
 *
 * Never fails the program: without the file, the provider knows what the engine tells it.
 * @internal
 */
export function tellClaims(identity: string, wanted: Wanted, temporary?: string): void {
  // A preview changes nothing.
  const engineAddress = pulumi.runtime.isDryRun() ? undefined : engineOfProgram();
  const file = engineAddress === undefined ? undefined : programClaimsFile(engineAddress, temporary);
  if (engineAddress === undefined || file === undefined) return;
  const hash = (text: unknown) => claimHash(engineAddress, String(text));
  try {
    // An earlier engine may have had the same port.
    if (!begun.has(engineAddress)) writeFileSync(file, "", { mode: 0o600 });
    begun.add(engineAddress);
  } catch {
    return;
  }
  pulumi.output(wanted).apply((known) => {
    const listed = known.privateIpAddresses ?? known.ipv4Prefixes;
    const count = known.secondaryPrivateIpAddressCount ?? known.ipv4PrefixCount;
    const kind = known.ipv4PrefixCount === undefined ? "address" : "prefix";
    const claim: ProgramClaim = {
      networkInterfaceId: hash(known.networkInterfaceId),
      identity: hash(identity),
      ...(Array.isArray(listed) ? { listed: listed.map(hash) } : {}),
      ...(typeof count === "number" ? { counted: { kind, count } } : {}),
    };
    try {
      appendFileSync(file, `${JSON.stringify(claim)}\n`, { mode: 0o600 });
    } catch {
      // The file was removed, or the disk is full.
    }
  });
}

/** The address of the engine. An inline program of the Automation API has it only in the SDK's own store. */
function engineOfProgram(): string | undefined {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { getStore } = require("@pulumi/pulumi/runtime/state") as {
      getStore: () => { settings: { options: { engineAddr?: string } } };
    };
    return getStore().settings.options.engineAddr ?? process.env.PULUMI_NODEJS_ENGINE;
  } catch {
    return process.env.PULUMI_NODEJS_ENGINE;
  }
}
