import { networkInterface } from "../testing/network-interface";
import { KnownAddresses } from "./known-addresses";

const holding = (...secondaryIpAddresses: string[]) =>
  networkInterface({ secondaryIpAddresses, ipv4Prefixes: ["10.0.1.48/28"] });

const assign = (...addresses: string[]) => ({ action: "assign", kind: "address", addresses }) as const;
const unassign = (...addresses: string[]) => ({ action: "unassign", kind: "address", addresses }) as const;

test("nothing is known before the first read, whatever was confirmed", () => {
  const known = new KnownAddresses();
  known.confirm(assign("10.0.1.20"));
  expect(known.networkInterface).toBeUndefined();
});

test("what was read is known as it was", () => {
  const known = new KnownAddresses();
  known.read(holding("10.0.1.20"));
  expect(known.networkInterface).toEqual(holding("10.0.1.20"));
});

test.each([
  { steps: [assign("10.0.1.9", "10.0.1.100")], known: ["10.0.1.9", "10.0.1.20", "10.0.1.30", "10.0.1.100"] },
  { steps: [unassign("10.0.1.20")], known: ["10.0.1.30"] },
  { steps: [unassign("10.0.1.20"), assign("10.0.1.20")], known: ["10.0.1.20", "10.0.1.30"] },
  { steps: [assign("10.0.1.40"), unassign("10.0.1.40", "10.0.1.30")], known: ["10.0.1.20"] },
  { steps: [assign("10.0.1.20")], known: ["10.0.1.20", "10.0.1.30"] },
])("calls confirmed since the read count: $known", ({ steps, known: expected }) => {
  const known = new KnownAddresses();
  const read = holding("10.0.1.20", "10.0.1.30");
  known.read(read);
  for (const step of steps) known.confirm(step);
  expect(known.networkInterface).toEqual(holding(...expected));
  expect(read).toEqual(holding("10.0.1.20", "10.0.1.30"));
});

test("a later read has the last word", () => {
  const known = new KnownAddresses();
  known.read(holding());
  known.confirm(assign("10.0.1.20"));
  known.read(holding("10.0.1.30"));
  expect(known.networkInterface?.secondaryIpAddresses).toEqual(["10.0.1.30"]);
});

test("prefixes are known beside addresses", () => {
  const known = new KnownAddresses();
  known.read(holding("10.0.1.20"));
  known.confirm({ action: "assign", kind: "prefix", addresses: ["10.0.1.64/28"] });
  expect(known.networkInterface).toEqual({
    ...holding("10.0.1.20"),
    ipv4Prefixes: ["10.0.1.48/28", "10.0.1.64/28"],
  });
  known.confirm({ action: "unassign", kind: "prefix", addresses: ["10.0.1.48/28", "10.0.1.64/28"] });
  expect(known.networkInterface).toEqual({ ...holding("10.0.1.20"), ipv4Prefixes: [] });
});
