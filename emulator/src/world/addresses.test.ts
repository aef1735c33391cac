import { formatAddress, overlap, parseAddress, parseBlock, usable } from "./addresses";

test.each(["10.0.0", "10.0.0.256", "10.0.0.05", "10.0.0.5/24", "0x0a.0.0.1", " 10.0.0.1", "::1", ""])(
  "%p is not an address",
  (text) => {
    expect(parseAddress(text)).toBeUndefined();
  },
);

test.each(["10.0.0.0", "10.0.0.5/24", "10.0.0.0/33", "10.0.0.0/024", "10.0.0.00/24", ""])(
  "%p is not a block",
  (text) => {
    expect(parseBlock(text)).toBeUndefined();
  },
);

test.each(["0.0.0.0", "10.0.1.20", "192.168.255.254", "255.255.255.255"])(
  "%s is read and written",
  (text) => {
    const number = parseAddress(text);
    expect(number).toBeDefined();
    expect(formatAddress(number ?? 0)).toBe(text);
  },
);

test("the first address of a block and its last three cannot be handed out", () => {
  const block = parseBlock("10.0.1.0/24");
  const handedOut = block && usable(block);
  expect([handedOut?.first, handedOut?.last].map((number) => formatAddress(number ?? 0))).toEqual([
    "10.0.1.1",
    "10.0.1.252",
  ]);
});

test.each([
  ["10.0.0.0/24", "10.0.1.0/24", false],
  ["10.0.0.0/16", "10.0.1.0/24", true],
  ["10.0.1.0/24", "10.0.0.0/16", true],
])("%s and %s overlap: %p", (one, other, expected) => {
  const [first, second] = [parseBlock(one), parseBlock(other)];
  expect(first && second && overlap(first, second)).toBe(expected);
});
