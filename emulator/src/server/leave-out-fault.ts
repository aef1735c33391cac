import { eniNotFound } from "../api-errors";

/** The operations that show ENIs as a whole: the only ones whose answers can have gaps. */
export const readsOfEnis: readonly string[] = [
  "DescribeNetworkInterfaces",
  "DescribeNetworkInterfaceAttribute",
];

/** What an answer can leave out of an ENI. `networkInterface`: all of it. */
export const leftOutParts = [
  "networkInterface",
  "PrivateIpSets",
  "primaryAddress",
  "secondaryAddresses",
  "Ipv4PrefixSets",
  "OwnerId",
] as const;

export type LeftOutPart = (typeof leftOutParts)[number];

interface ShownEni {
  readonly NetworkInterfaceId: string;
  readonly PrivateIpSets?: { readonly PrivateIpSet: readonly { readonly Primary: boolean }[] };
}

interface Listing {
  readonly NetworkInterfaceSets: { readonly NetworkInterfaceSet: readonly ShownEni[] };
}

/** The ids of the ENIs that an answer of {@link readsOfEnis} shows. */
export function shownEnis(answer: object): string[] {
  return enisOf(answer).map((eni) => eni.NetworkInterfaceId);
}

/** The answer without that part of these ENIs. */
export function leaveOut(answer: object, part: LeftOutPart, ids: readonly string[]): object {
  const without = (eni: ShownEni) => (ids.includes(eni.NetworkInterfaceId) ? eniWithout(eni, part) : eni);
  if (isListing(answer)) {
    const NetworkInterfaceSet = answer.NetworkInterfaceSets.NetworkInterfaceSet.flatMap(
      (eni) => without(eni) ?? [],
    );
    return { ...answer, NetworkInterfaceSets: { NetworkInterfaceSet } };
  }
  const [eni] = enisOf(answer);
  if (!eni) return answer;
  const left = without(eni);
  if (!left) throw eniNotFound(eni.NetworkInterfaceId);
  return left;
}

function enisOf(answer: object): readonly ShownEni[] {
  if (isListing(answer)) return answer.NetworkInterfaceSets.NetworkInterfaceSet;
  return "NetworkInterfaceId" in answer ? [answer as ShownEni] : [];
}

function isListing(answer: object): answer is Listing {
  return "NetworkInterfaceSets" in answer;
}

function eniWithout(eni: ShownEni, part: LeftOutPart): ShownEni | undefined {
  switch (part) {
    case "networkInterface":
      return undefined;
    case "primaryAddress":
      return withoutField(
        withAddresses(eni, (ip) => !ip.Primary),
        "PrivateIpAddress",
      );
    case "secondaryAddresses":
      return withAddresses(eni, (ip) => ip.Primary);
    case "PrivateIpSets":
    case "Ipv4PrefixSets":
    case "OwnerId":
      return withoutField(eni, part);
  }
}

function withAddresses(eni: ShownEni, stays: (ip: { readonly Primary: boolean }) => boolean): ShownEni {
  if (!eni.PrivateIpSets) return eni;
  return { ...eni, PrivateIpSets: { PrivateIpSet: eni.PrivateIpSets.PrivateIpSet.filter(stays) } };
}

function withoutField(eni: ShownEni, field: string): ShownEni {
  return Object.fromEntries(Object.entries(eni).filter(([name]) => name !== field)) as unknown as ShownEni;
}
