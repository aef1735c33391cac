import { modeInputs, type ModeInput } from "../resource/model";
import { UserFailure } from "../runtime/resource-adaptor";

/**
 * For `get`, which reads addresses and prefixes whatever the input.
 *
 * @throws UserFailure for an id that only an import can have
 * @internal
 */
export function assertEniId(id: string): void {
  const [networkInterfaceId, mode] = id.split(":");
  if (mode === undefined) return;
  throw new UserFailure(
    `cannot read "${id}": expected the id of an ENI alone, because only an import names an input after a colon; use ` +
      `${networkInterfaceId}`,
  );
}

/**
 * Reads the id of an import: that of the ENI, and for prefixes or counts the input that describes it, as in
 * `eni-bp1fvxhbdfj0xgx3abcd:ipv4Prefixes`. The engine passes nothing else of the program.
 *
 * @throws UserFailure for another input
 * @internal
 */
export function parseImportId(id: string): { readonly networkInterfaceId: string; readonly mode: ModeInput } {
  const [networkInterfaceId = "", ...rest] = id.split(":");
  if (rest.length === 0) return { networkInterfaceId, mode: "privateIpAddresses" };
  const mode = modeInputs.find((name) => name === rest.join(":"));
  if (mode !== undefined) return { networkInterfaceId, mode };
  throw new UserFailure(
    `cannot import "${id}": expected the id of an ENI, alone or with a colon and one of ${modeInputs.join(", ")}, such as ` +
      `eni-bp1fvxhbdfj0xgx3abcd:ipv4Prefixes`,
  );
}
