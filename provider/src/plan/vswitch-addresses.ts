import { Address4 } from "ip-address";

/**
 * Why an address cannot be assigned in a vSwitch of this block, or `undefined` when it can.
 *
 * The first and the last three addresses of the block are the system's
 * (https://www.alibabacloud.com/help/en/vpc/user-guide/vswitch-faq).
 *
 * @internal
 */
export function whyUnusableInVSwitch(address: string, cidrBlock: string): string | undefined {
  // The block only makes an error clearer: one that cannot be read must not become an error itself.
  if (!Address4.isValid(cidrBlock)) return undefined;
  const block = new Address4(cidrBlock);
  const first = block.startAddress().bigInt();
  const last = block.endAddress().bigInt();
  const value = new Address4(address).bigInt();
  if (value < first || value > last) return `is outside the vSwitch's CIDR block ${cidrBlock}`;
  if (value === first || value > last - 3n) {
    return `is reserved in the vSwitch's CIDR block ${cidrBlock}: the first and the last three addresses are the system's`;
  }
  return undefined;
}
