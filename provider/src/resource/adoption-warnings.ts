import { nameAll, type Secrets } from "../plan/plan";
import { addressesInBoth, addressesOnlyIn } from "../shared/addresses";
import type { Context } from "./context";
import type { HandOvers } from "./hand-overs";
import type { Ledger } from "./ledger";
import type { Desired, Recorded } from "./model";

/**
 * Warns of addresses that were on the ENI before, and that a resource adopts. Their owner may be a resource that this process does
 * not manage. If the run deletes that resource, its delete cannot know of this one.
 * @internal
 */
export class AdoptionWarnings {
  /** What resources owned by a state that another provider wrote, by ENI and identity. */
  private readonly ownedElsewhere = new Map<string, readonly string[]>();

  constructor(
    private readonly ledger: Ledger,
    private readonly handOvers: HandOvers,
    private readonly isEnabled: boolean,
  ) {}

  /** For diff: the state of a resource that may be replaced. */
  noteState({ identity }: Context, { networkInterfaceId, owned, hidden }: Recorded): void {
    if (hidden.ofOtherProvider === true) this.ownedElsewhere.set(`${networkInterfaceId} ${identity}`, owned);
  }

  /**
   * @param before - the record of a resource that is updated; `undefined` for a create
   * @param owned - what the resource owns afterwards
   * @param heldBefore - what the ENI held before the operation
   */
  warn(
    context: Context,
    { networkInterfaceId, target }: Desired,
    before: Recorded | undefined,
    owned: readonly string[],
    heldBefore: readonly string[],
  ): void {
    if (!this.isEnabled || networkInterfaceId === undefined) return;
    const known = [
      ...this.ledger.listedBeforeOn(networkInterfaceId),
      ...this.ledger.claimedOn(networkInterfaceId, context.identity),
      ...this.handOvers.ownedOn(networkInterfaceId),
    ];
    const elsewhere = this.ownedElsewhere.get(`${networkInterfaceId} ${context.identity}`) ?? [];
    const held = addressesInBoth(addressesOnlyIn(owned, before?.owned ?? []), heldBefore);
    const inherited = addressesInBoth(held, elsewhere);
    const found = addressesOnlyIn(held, known, elsewhere);
    const count = target !== undefined && "count" in target && target.secret === true;
    const isSecret = (address: string) => context.secrets.has(address);
    const secrets = { isSecret, count };
    if (found.length > 0)
      context.say("warning", adopted(networkInterfaceId, found, secrets, before !== undefined));
    if (inherited.length > 0)
      context.say("warning", adoptedFromOtherProvider(networkInterfaceId, inherited, secrets));
  }
}

/** For a create or an update: what the ENI holds already, and another provider may own. */
function adopted(
  networkInterfaceId: string,
  addresses: readonly string[],
  secrets: Secrets,
  isUpdate: boolean,
): string {
  const remedy = isUpdate
    ? "Then cancel the run, give both resources one provider in one `pulumi up`, and list the addresses here in another."
    : "Then cancel the run, and keep the name of the old resource, or give the new one the option `aliases`.";
  return (
    alreadyHeld(networkInterfaceId, addresses, secrets) +
    `, which this resource adopts, and this process knows no resource that owned ` +
    `them. If this run deletes one that another provider manages, such as a dynamic EniSecondaryIps, that delete unassigns them ` +
    `at the end of the run. ${remedy} If the addresses are gone already, run \`pulumi up --refresh\``
  );
}

/** For the create of a replacement on the same ENI, when another provider wrote the state of the old resource. */
function adoptedFromOtherProvider(
  networkInterfaceId: string,
  addresses: readonly string[],
  secrets: Secrets,
): string {
  return (
    alreadyHeld(networkInterfaceId, addresses, secrets) +
    `, which this replacement adopts, and another provider or version wrote the state ` +
    `of the old resource. If this run changes the provider too, the delete of the old resource unassigns them. Then cancel ` +
    `the run. Change the provider in one \`pulumi up\`, run \`pulumi refresh\`, and replace the resource in another. If the ` +
    `addresses are gone already, run \`pulumi up --refresh\``
  );
}

function alreadyHeld(networkInterfaceId: string, addresses: readonly string[], secrets: Secrets): string {
  return `${networkInterfaceId} already holds ${secrets.count ? "addresses" : nameAll(addresses, secrets)}`;
}
