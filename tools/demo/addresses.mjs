/** The network of the story's vSwitch. */
export const cidrBlock = "10.0.1.0/24";
const network = "10.0.1";

/** `count` addresses, from the one that ends in `firstHost` on. */
export function addressRange(firstHost, count) {
  return Array.from({ length: count }, (_unused, index) => `${network}.${firstHost + index}`);
}

/** How many there are, and which: `15 (.20–.34)`, `14 (.20–.24 .27–.34 .99)`, `0`. */
export function describeAddresses(addresses) {
  return addresses.length === 0 ? "0" : `${addresses.length} (${listAddresses(addresses)})`;
}

/** Which ones, by their last number: `.20–.24 .27 .99`. */
export function listAddresses(addresses) {
  const runs = [];
  for (const host of addresses.map(hostOf).sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run && host === run.last + 1) run.last = host;
    else runs.push({ first: host, last: host });
  }
  return runs.map(describeRun).join(" ");
}

export function sortAddresses(addresses) {
  return [...addresses].sort((a, b) => hostOf(a) - hostOf(b));
}

function hostOf(address) {
  return Number(address.slice(address.lastIndexOf(".") + 1));
}

/** Two neighbours are told apart more easily than a range of two. */
function describeRun({ first, last }) {
  if (first === last) return `.${first}`;
  return last === first + 1 ? `.${first} .${last}` : `.${first}–.${last}`;
}
