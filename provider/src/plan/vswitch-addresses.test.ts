import { whyUnusableInVSwitch } from "./vswitch-addresses";

test.each([
  ["10.0.1.0", "10.0.1.0/24", "reserved"],
  ["10.0.1.1", "10.0.1.0/24", undefined],
  ["10.0.1.252", "10.0.1.0/24", undefined],
  ["10.0.1.253", "10.0.1.0/24", "reserved"],
  ["10.0.1.254", "10.0.1.0/24", "reserved"],
  ["10.0.1.255", "10.0.1.0/24", "reserved"],
  ["10.0.0.255", "10.0.1.0/24", "outside"],
  ["10.0.2.0", "10.0.1.0/24", "outside"],
  // The block's last octets are in the middle of a /24.
  ["10.0.1.16", "10.0.1.16/28", "reserved"],
  ["10.0.1.17", "10.0.1.16/28", undefined],
  ["10.0.1.28", "10.0.1.16/28", undefined],
  ["10.0.1.29", "10.0.1.16/28", "reserved"],
  ["10.0.1.32", "10.0.1.16/28", "outside"],
  // A large block: neither 0 nor 255 as such is special.
  ["10.1.0.0", "10.0.0.0/8", undefined],
  ["10.1.0.255", "10.0.0.0/8", undefined],
  ["10.255.255.253", "10.0.0.0/8", "reserved"],
  ["11.0.0.0", "10.0.0.0/8", "outside"],
  // Above 2^31, where a signed number would turn negative.
  ["192.168.1.20", "192.168.1.0/24", undefined],
  ["192.168.2.20", "192.168.1.0/24", "outside"],
  // A block that is not written with its first address.
  ["10.0.1.0", "10.0.1.77/24", "reserved"],
  ["10.0.1.20", "10.0.1.77/24", undefined],
])("%s in %s: %s", (address, cidrBlock, why) => {
  const reason = whyUnusableInVSwitch(address, cidrBlock);
  if (why === undefined) expect(reason).toBeUndefined();
  else expect(reason).toMatch(`is ${why}`);
});

test("the reason names the block", () => {
  expect(whyUnusableInVSwitch("10.0.2.9", "10.0.1.0/24")).toBe(
    "is outside the vSwitch's CIDR block 10.0.1.0/24",
  );
  expect(whyUnusableInVSwitch("10.0.1.0", "10.0.1.0/24")).toBe(
    "is reserved in the vSwitch's CIDR block 10.0.1.0/24: the first and the last three addresses are the system's",
  );
});

test.each(["", "10.0.1.0/33", "2001:db8::/64"])(
  "a block that cannot be read, %p, rules nothing out",
  (block) => {
    expect(whyUnusableInVSwitch("10.0.1.20", block)).toBeUndefined();
  },
);
