import type { Eip, NetworkInterface } from "./resources";
import type { Resources } from "./tables";

/** The ENIs and their EIPs at one moment. Reads of ENIs are answered from it: from the present, or from one that was. */
export class Enis {
  readonly networkInterfaces: Resources["networkInterfaces"];
  readonly #eips: Resources["eips"];

  constructor({ networkInterfaces, eips }: Pick<Resources, "networkInterfaces" | "eips">) {
    this.networkInterfaces = networkInterfaces;
    this.#eips = eips;
  }

  /** The ENI of that region. */
  networkInterface(id: string, region: string): NetworkInterface | undefined {
    const eni = this.networkInterfaces.get(id);
    return eni?.RegionId === region ? eni : undefined;
  }

  /** The EIP that is bound to an address of an ENI. */
  eipOf(eniId: string, address: string): Eip | undefined {
    return this.#eips.where("InstanceId", eniId).find((eip) => eip.PrivateIpAddress === address);
  }

  /** The same without the ENIs with these ids. */
  without(eniIds: ReadonlySet<string>): Enis {
    if (eniIds.size === 0) return this;
    const networkInterfaces = this.networkInterfaces.copy();
    for (const id of eniIds) networkInterfaces.delete(id);
    return new Enis({ networkInterfaces, eips: this.#eips });
  }

  /** A copy that later changes do not reach. */
  copy(): Enis {
    return new Enis({ networkInterfaces: this.networkInterfaces.copy(), eips: this.#eips.copy() });
  }
}
