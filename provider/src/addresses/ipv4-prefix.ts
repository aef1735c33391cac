import { Address4 } from "ip-address";
import { isIpv4Address } from "./address-set";

/**
 * The length of the prefixes that an ENI takes
 * (https://api.aliyun.com/document/Ecs/2014-05-26/AssignPrivateIpAddresses, Ipv4Prefix.N).
 */
const prefixLength = 28;
const suffix = `/${prefixLength}`;

/**
 * Whether the text is a prefix that an ENI can take, in its one canonical spelling: a /28 block by its first address.
 *
 * @internal
 */
export function isIpv4Prefix(text: string): boolean {
  return prefixAround(text) === text;
}

/** The prefix that the author of `10.0.1.20/28` may have meant; `undefined` where the text is no /28 block at all. */
export function prefixAround(text: string): string | undefined {
  if (!text.endsWith(suffix) || !isIpv4Address(text.slice(0, -suffix.length))) return undefined;
  return `${new Address4(text).startAddress().correctForm()}${suffix}`;
}

/** Whether one of the two, which may be addresses or prefixes, lies within the other. @internal */
export function overlap(left: string, right: string): boolean {
  const [a, b] = [new Address4(left), new Address4(right)];
  return a.isInSubnet(b) || b.isInSubnet(a);
}
