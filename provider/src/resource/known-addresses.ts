import { addressesOnlyIn } from "../shared/addresses";
import { heldBy, onlyKind } from "../ecs/port";
import type { NetworkInterface } from "../ecs/port";
import type { Step } from "../plan/steps";

/**
 * The best knowledge of what an ENI holds: the last read, and the calls confirmed since. Never what was only asked
 * for.
 *
 * @internal
 */
export class KnownAddresses {
  private eni: NetworkInterface | undefined;
  private confirmedSince: Step[] = [];

  /** The ENI was read. */
  read(eni: NetworkInterface): void {
    this.eni = eni;
    this.confirmedSince = [];
  }

  /** A call was answered with success. */
  confirm(step: Step): void {
    this.confirmedSince.push(step);
  }

  /** The ENI as far as it is known; `undefined` before the first read. */
  get networkInterface(): NetworkInterface | undefined {
    if (this.eni === undefined) return undefined;
    let held = heldBy(this.eni);
    for (const { action, addresses: changed } of this.confirmedSince) {
      held = action === "assign" ? [...held, ...changed] : addressesOnlyIn(held, changed);
    }
    return {
      ...this.eni,
      secondaryIpAddresses: onlyKind("address", held),
      ipv4Prefixes: onlyKind("prefix", held),
    };
  }
}
