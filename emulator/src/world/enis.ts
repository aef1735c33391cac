import type { Eip, NetworkInterface } from "./resources";
import type { Resources } from "./tables";

/** The ENIs and their EIPs at one moment. Reads of ENIs are answered from it: from the present, or from one that was. */
export class Enis {
  readonly #networkInterfaces: Resources["networkInterfaces"];
  readonly #eips: Resources["eips"];
  readonly #hidden: ReadonlySet<string>;

  constructor(
    { networkInterfaces, eips }: Pick<Resources, "networkInterfaces" | "eips">,
    hidden: ReadonlySet<string> = new Set(),
  ) {
    this.#networkInterfaces = networkInterfaces;
    this.#eips = eips;
    this.#hidden = hidden;
  }

  /** The ENI of that region. */
  networkInterface(id: string, region: string): NetworkInterface | undefined {
    const [eni] = this.named([id]);
    return eni?.RegionId === region ? eni : undefined;
  }

  /** The ENIs with these ids, each one once. */
  named(ids: Iterable<string>): NetworkInterface[] {
    return this.#shown(this.#networkInterfaces.named(ids));
  }

  /** The ENIs of an instance or a vSwitch. */
  where(index: "InstanceId" | "VSwitchId", id: string): NetworkInterface[] {
    return this.#shown(this.#networkInterfaces.where(index, id));
  }

  /** All ENIs in the order of their ids. */
  sorted(): NetworkInterface[] {
    return this.#shown(this.#networkInterfaces.sorted());
  }

  /** The EIP that is bound to an address of an ENI. */
  eipOf(eniId: string, address: string): Eip | undefined {
    return this.#eips.where("InstanceId", eniId).find((eip) => eip.PrivateIpAddress === address);
  }

  /** The same without the ENIs with these ids. */
  without(eniIds: ReadonlySet<string>): Enis {
    return new Enis({ networkInterfaces: this.#networkInterfaces, eips: this.#eips }, eniIds);
  }

  /** A copy that later changes do not reach. */
  copy(): Enis {
    return new Enis({ networkInterfaces: this.#networkInterfaces.copy(), eips: this.#eips.copy() });
  }

  #shown(enis: NetworkInterface[]): NetworkInterface[] {
    return this.#hidden.size === 0 ? enis : enis.filter((eni) => !this.#hidden.has(eni.NetworkInterfaceId));
  }
}
