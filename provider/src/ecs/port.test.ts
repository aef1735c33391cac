import { heldBy, kindOf, onlyKind } from "./port";
import type { NetworkInterface } from "./port";

test("a block is a prefix, all else an address", () => {
  expect(["10.0.1.16/28", "10.0.1.16", ""].map(kindOf)).toEqual(["prefix", "address", "address"]);
});

test("of a mixed list each kind can be had by itself, in numerical order", () => {
  const mixed = ["10.0.1.100", "10.0.1.32/28", "10.0.1.20", "10.0.1.16/28"];
  expect(onlyKind("address", mixed)).toEqual(["10.0.1.20", "10.0.1.100"]);
  expect(onlyKind("prefix", mixed)).toEqual(["10.0.1.16/28", "10.0.1.32/28"]);
});

test("an ENI holds secondary addresses and prefixes", () => {
  const eni = {
    primaryIpAddress: "10.0.1.10",
    secondaryIpAddresses: ["10.0.1.20"],
    ipv4Prefixes: ["10.0.1.32/28"],
  } as Partial<NetworkInterface> as NetworkInterface;
  expect(heldBy(eni)).toEqual(["10.0.1.20", "10.0.1.32/28"]);
  expect(heldBy(eni, "address")).toEqual(["10.0.1.20"]);
  expect(heldBy(eni, "prefix")).toEqual(["10.0.1.32/28"]);
});
