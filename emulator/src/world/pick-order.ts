import { createHash } from "node:crypto";

/** In which order places are looked at, numbered from 0: a pick takes the first free one. */
export type PickOrder = (places: number) => Iterable<number>;

/** From the lowest place up. */
export function* ascending(places: number): Iterable<number> {
  for (let place = 0; place < places; place++) yield place;
}

/** Each place once, far from the one before it. The same key gives the same order. */
export function scattered(key: string): PickOrder {
  const digest = createHash("sha256").update(key).digest();
  return function* (places) {
    if (places === 0) return;
    let stride = Math.max(1, Math.floor(places * (0.3 + (0.2 * digest.readUInt16BE(0)) / 65_536)));
    while (greatestCommonDivisor(stride, places) !== 1) stride++;
    let place = digest.readUInt32BE(2) % places;
    for (let seen = 0; seen < places; seen++) {
      yield place;
      place = (place + stride) % places;
    }
  };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
