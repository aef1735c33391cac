import { Address4 } from "ip-address";
import { isIpv4Prefix } from "../shared/addresses";

/**
 * Why an address or a prefix cannot be assigned in a vSwitch of this block, or `undefined` when it can.
 *
 * The first and the last three addresses of the block are the system's
 * (https://www.alibabacloud.com/help/en/vpc/user-guide/vswitch-faq). Whether a prefix may contain them is not documented:
 * that is left to the API.
 *
 * @internal
 */
export function whyUnusableInVSwitch(addressOrPrefix: string, cidrBlock: string): string | undefined {
  // The block only makes an error clearer: one that cannot be read must not become an error itself.
  if (!Address4.isValid(cidrBlock)) return undefined;
  const block = new Address4(cidrBlock);
  const first = block.startAddress().bigInt();
  const last = block.endAddress().bigInt();
  const asked = new Address4(addressOrPrefix);
  const value = asked.bigInt();
  if (value < first || asked.endAddress().bigInt() > last) {
    return `is outside the vSwitch's CIDR block ${cidrBlock}`;
  }
  if (isIpv4Prefix(addressOrPrefix)) return undefined;
  if (value === first || value > last - 3n) {
    return `is reserved in the vSwitch's CIDR block ${cidrBlock}: the first and the last three addresses are the system's`;
  }
  return undefined;
}
