import fc from "fast-check";
import { unknownValue } from "../resource/inputs";
import { detailedDiff, stableOutputs, type Change } from "./detailed-diff";
import { modeOf } from "./state";

const eni = { networkInterfaceId: "eni-1", region: "cn-hangzhou" };

/** The changes as lines: `privateIpAddresses[1]: update`. */
function lines(change: Partial<Change>): string[] {
  const { oldInputs = eni, newInputs = eni, replaces = [] } = change;
  const { oldOutputs = oldInputs, oldMode = modeOf(oldInputs) } = change;
  const found = detailedDiff({ oldInputs, oldOutputs, newInputs, oldMode, replaces });
  return [...found].map(
    ([path, { kind, replaces, fromInputs }]) =>
      `${path}: ${kind}${replaces ? ", replaces" : ""}${fromInputs ? "" : ", from outputs"}`,
  );
}

const listed = (privateIpAddresses: unknown) => ({ ...eni, privateIpAddresses });
const [a, b, c, d] = ["10.0.1.20", "10.0.1.21", "10.0.1.22", "10.0.1.23"];

test.each<[string, unknown, unknown, string[]]>([
  ["the same list", [a, b], [a, b], []],
  ["the same list in another order", [a, b], [b, a], []],
  ["an added address", [a], [a, b], ["[1]: add"]],
  ["an address that is added in front", [a], [b, a], ["[0]: add"]],
  ["a removed address", [a, b, c], [a, c], ["[1]: delete"]],
  ["one in place of another", [a, b], [a, c], ["[1]: update"]],
  ["a removal and an addition at other indices", [a, b], [b, c], ["[0]: delete", "[1]: add"]],
  ["all others", [a, b], [c, d], ["[0]: update", "[1]: update"]],
  ["more removed than added", [a, b, c], [d], ["[0]: update", "[1]: delete", "[2]: delete"]],
  ["an entry that is not known yet", [a, b], [a, b, unknownValue], ["[2]: add"]],
  ["a list that is not known yet", [a], unknownValue, [": update"]],
])("%s", (_what, before, after, expected) => {
  expect(lines({ oldInputs: listed(before), newInputs: listed(after) })).toEqual(
    expected.map((line) => `privateIpAddresses${line}`),
  );
});

test("a random list: the paths name exactly the added and the removed addresses, once for an index", () => {
  const list = fc.uniqueArray(
    fc.constantFrom(...Array.from({ length: 12 }, (_one, host) => `10.0.1.${host}`)),
  );
  fc.assert(
    fc.property(list, list, (before, after) => {
      const change = { oldInputs: listed(before), newInputs: listed(after), replaces: [] };
      const found = detailedDiff({ ...change, oldOutputs: listed(before), oldMode: "privateIpAddresses" });
      const at = (values: readonly string[], kinds: readonly string[]) =>
        [...found].flatMap(([path, { kind }]) =>
          kinds.includes(kind) ? (values[Number(/\[(\d+)\]/.exec(path)?.[1])] ?? "no such index") : [],
        );
      expect(at(before, ["delete", "update"])).toEqual(before.filter((one) => !after.includes(one)));
      expect(new Set(at(after, ["add", "update"]))).toEqual(
        new Set(after.filter((one) => !before.includes(one))),
      );
    }),
  );
});

test("outputs that differ from the inputs: their list is the old one", () => {
  const change = { oldInputs: listed([b, a, c]), oldOutputs: listed([a, b]), newInputs: listed([c, a]) };
  expect(lines(change)).toEqual([
    "privateIpAddresses[1]: delete, from outputs",
    "privateIpAddresses[0]: add, from outputs",
  ]);
});

test("a count: one update", () => {
  const counted = (count: number) => ({ ...eni, secondaryPrivateIpAddressCount: count });
  expect(lines({ oldInputs: counted(2), newInputs: counted(2) })).toEqual([]);
  expect(lines({ oldInputs: counted(2), newInputs: counted(3) })).toEqual([
    "secondaryPrivateIpAddressCount: update",
  ]);
});

test("another mode: the old input leaves, the new one comes", () => {
  expect(lines({ oldInputs: listed([a]), newInputs: { ...eni, ipv4PrefixCount: 1 } })).toEqual([
    "privateIpAddresses: delete",
    "ipv4PrefixCount: add",
  ]);
});

test("a failed change of the mode: the old mode is that of the outputs", () => {
  const counted = { ...eni, secondaryPrivateIpAddressCount: 2 };
  const change = { oldInputs: listed([a]), oldOutputs: { ...listed([a]), ...counted }, newInputs: counted };
  expect(lines({ ...change, oldMode: "secondaryPrivateIpAddressCount" })).toEqual([]);
});

test("options: absent equals the default", () => {
  const given = { ...eni, ownership: "exclusive", allowUnassignWithEip: false };
  expect(lines({ newInputs: given })).toEqual([]);
  expect(lines({ oldInputs: given })).toEqual([]);
  expect(lines({ newInputs: { ...given, ownership: "additive" } })).toEqual(["ownership: add"]);
  expect(lines({ oldInputs: given, newInputs: { ...eni, allowUnassignWithEip: true } })).toEqual([
    "allowUnassignWithEip: update",
  ]);
  expect(lines({ oldInputs: { ...eni, ownership: "additive" } })).toEqual(["ownership: delete"]);
});

test("unassignOnCreate: as a list", () => {
  expect(lines({ oldInputs: eni, newInputs: { ...eni, unassignOnCreate: [a] } })).toEqual([
    "unassignOnCreate: add",
  ]);
  expect(
    lines({ oldInputs: { ...eni, unassignOnCreate: [a] }, newInputs: { ...eni, unassignOnCreate: [a, b] } }),
  ).toEqual(["unassignOnCreate[1]: add"]);
});

test("another ENI and another region: updates that replace", () => {
  const newInputs = { networkInterfaceId: unknownValue, region: "cn-beijing" };
  expect(lines({ newInputs, replaces: ["networkInterfaceId", "region"] })).toEqual([
    "networkInterfaceId: update, replaces",
    "region: update, replaces",
  ]);
  expect(stableOutputs(["region"])).toEqual([]);
  expect(stableOutputs([])).toContain("vswitchId");
});
