import { heldBy, kindOf, onlyKind } from "./port";
import type { NetworkInterface } from "./port";

test("kindOf: a /28 block is a prefix, any other text an address", () => {
  expect(["10.0.1.16/28", "10.0.1.16", ""].map(kindOf)).toEqual(["prefix", "address", "address"]);
});

test("onlyKind: a mixed list yields one kind in numerical order", () => {
  const mixed = ["10.0.1.100", "10.0.1.32/28", "10.0.1.20", "10.0.1.16/28"];
  expect(onlyKind("address", mixed)).toEqual(["10.0.1.20", "10.0.1.100"]);
  expect(onlyKind("prefix", mixed)).toEqual(["10.0.1.16/28", "10.0.1.32/28"]);
});

test("heldBy: returns secondary addresses and prefixes, or one kind", () => {
  const eni = {
    primaryIpAddress: "10.0.1.10",
    secondaryIpAddresses: ["10.0.1.20"],
    ipv4Prefixes: ["10.0.1.32/28"],
  } as Partial<NetworkInterface> as NetworkInterface;
  expect(heldBy(eni)).toEqual(["10.0.1.20", "10.0.1.32/28"]);
  expect(heldBy(eni, "address")).toEqual(["10.0.1.20"]);
  expect(heldBy(eni, "prefix")).toEqual(["10.0.1.32/28"]);
});
