import { RunError } from "@pulumi/pulumi";

/** Cuts a block such as 10.0.0.64/26 into slots of equal size. Returns a function that gives the addresses of a slot. */
export function slotsOf(block: string, addressesPerSlot: number): (slot: number) => string[] {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(block);
  if (match === null) throw new RunError(`block is "${block}": write it as 10.0.0.64/26`);
  const [a = 0, b = 0, c = 0, d = 0, prefixLength = 0] = match.slice(1).map(Number);
  const start = ((a * 256 + b) * 256 + c) * 256 + d;
  const slots = Math.floor(2 ** (32 - prefixLength) / addressesPerSlot);

  return (slot) => {
    if (!(slot >= 0 && slot < slots)) {
      throw new RunError(`slot ${slot} is not in ${block}: use a slot from 0 to ${slots - 1}`);
    }
    const first = start + slot * addressesPerSlot;
    return Array.from({ length: addressesPerSlot }, (_unused, index) => toAddress(first + index));
  };
}

function toAddress(value: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(value / 2 ** bits) % 256).join(".");
}
