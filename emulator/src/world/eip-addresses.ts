import { addressNumber, formatAddress } from "./addresses";
import type { Resources } from "./tables";

/** The first address of EIPs that name none. */
const firstNumber = addressNumber("47.100.0.1");

/**
 * Picks addresses that no EIP has. One picker gives none twice, and does not look again at those that it has passed.
 *
 * @param given - addresses that EIPs are to get
 */
export function eipAddressPicker(
  eips: Resources["eips"],
  given: ReadonlySet<string> = new Set(),
): () => string {
  let number = firstNumber;
  return () => {
    // Where no EIP was removed and none named its address, all of these are taken.
    number = Math.max(number, firstNumber + eips.size);
    for (;;) {
      const address = formatAddress(number++);
      if (!given.has(address) && eips.countWhere("IpAddress", address) === 0) return address;
    }
  };
}
