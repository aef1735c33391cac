import assert from "node:assert/strict";
import test from "node:test";
import { addressRange, describeAddresses, sortAddresses } from "./addresses.mjs";

test("writes addresses down by their last numbers, in runs", () => {
  assert.equal(describeAddresses([]), "0");
  assert.equal(describeAddresses(addressRange(20, 15)), "15 (.20–.34)");
  assert.equal(describeAddresses(addressRange(9, 2).reverse()), "2 (.9 .10)");
  assert.equal(
    describeAddresses([...addressRange(20, 5), ...addressRange(27, 8), "10.0.1.99"]),
    "14 (.20–.24 .27–.34 .99)",
  );
});

test("sorts by number, not by text", () => {
  assert.deepEqual(sortAddresses(["10.0.1.100", "10.0.1.9"]), ["10.0.1.9", "10.0.1.100"]);
});
