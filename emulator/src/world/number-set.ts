/** Numbers are grouped by 4,096, which are 128 words of 32 bits. */
const chunkSize = 4096;

interface Chunk {
  readonly words: Uint32Array;
  size: number;
}

/** A set of whole numbers that finds the lowest number outside it: full chunks and full words are skipped. */
export class NumberSet {
  readonly #chunks = new Map<number, Chunk>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(number: number): boolean {
    const word = this.#chunks.get(Math.floor(number / chunkSize))?.words[(number % chunkSize) >>> 5] ?? 0;
    return ((word >>> (number & 31)) & 1) === 1;
  }

  /** Adds a number, or all from it to `last`. */
  add(first: number, last = first): void {
    this.#forEachPart(first, last, (index, from, to) => {
      const chunk = this.#chunks.get(index) ?? { words: new Uint32Array(chunkSize / 32), size: 0 };
      this.#chunks.set(index, chunk);
      const before = chunk.size;
      if (from === 0 && to === chunkSize - 1) {
        chunk.words.fill(0xffff_ffff);
        chunk.size = chunkSize;
      } else
        for (let bit = from; bit <= to; bit++) {
          const word = chunk.words[bit >>> 5] ?? 0;
          const added = word | (1 << (bit & 31));
          if (added === (word | 0)) continue;
          chunk.words[bit >>> 5] = added;
          chunk.size++;
        }
      this.#size += chunk.size - before;
    });
  }

  /** Removes a number, or all from it to `last`. */
  delete(first: number, last = first): void {
    this.#forEachPart(first, last, (index, from, to) => {
      const chunk = this.#chunks.get(index);
      if (!chunk) return;
      const before = chunk.size;
      for (let bit = from; bit <= to; bit++) {
        const word = chunk.words[bit >>> 5] ?? 0;
        const left = word & ~(1 << (bit & 31));
        if (left === (word | 0)) continue;
        chunk.words[bit >>> 5] = left;
        chunk.size--;
      }
      if (chunk.size === 0) this.#chunks.delete(index);
      this.#size += chunk.size - before;
    });
  }

  /** Splits a range at the borders of chunks. */
  #forEachPart(first: number, last: number, use: (index: number, from: number, to: number) => void): void {
    for (let number = first; number <= last;) {
      const index = Math.floor(number / chunkSize);
      const end = Math.min(last, (index + 1) * chunkSize - 1);
      use(index, number % chunkSize, end % chunkSize);
      number = end + 1;
    }
  }

  /** Whether a number from `first` to `last` is in the set. */
  hasAny(first: number, last: number): boolean {
    for (let number = first; number <= last; number++) {
      if (this.has(number)) return true;
      if (number % chunkSize === 0 && !this.#chunks.has(number / chunkSize)) number += chunkSize - 1;
    }
    return false;
  }

  /** The lowest number from `from` on that is not in the set. */
  firstMissing(from: number): number {
    let number = from;
    for (;;) {
      const index = Math.floor(number / chunkSize);
      const chunk = this.#chunks.get(index);
      if (!chunk) return number;
      const end = (index + 1) * chunkSize;
      while (chunk.size < chunkSize && number < end) {
        const word = wordOf(chunk, number);
        if (word === 0xffff_ffff && (number & 31) === 0) number += 32;
        else if (((word >>> (number & 31)) & 1) === 1) number++;
        else return number;
      }
      number = end;
    }
  }
}

function wordOf({ words }: Chunk, number: number): number {
  return words[(number % chunkSize) >>> 5] ?? 0;
}
