/**
 * A long list of which only the part near the window is in the document. Two spacers are as high as the rest, so that the
 * scroll bar and jumps work as with the whole list. Heights are measured when an item is drawn, and guessed before.
 */

/** Drawn above and below the window, so that scrolling and the Tab key find the next items. */
const marginPx = 400;
/** Measuring can show that more items fit. Each round draws those. */
const mostRounds = 5;

export class WindowedList {
  #container;
  #options;
  #above;
  #below;
  /** Pairs of key and item. */
  #entries = [];
  #heights = new Map();
  /** The drawn items by key: at least `{ element }`. */
  #drawn = new Map();
  #scheduled = false;

  /**
   * `draw(item, drawn, { index, count })` makes or updates an item and returns an object with its `element`. `spacer()` makes an
   * empty element. `guessedHeight` is that of an item in pixels, its margin included.
   */
  constructor(container, options) {
    this.#container = container;
    this.#options = options;
    this.#above = options.spacer();
    this.#below = options.spacer();
    // In the capture phase: a part of the page that scrolls on its own sends no event to the window.
    addEventListener("scroll", () => this.#schedule(), { capture: true, passive: true });
    // At once: the next Tab may come before the next frame, and it needs the next item.
    container.addEventListener("focusin", () => this.#draw());
    addEventListener("resize", () => {
      this.#heights.clear();
      this.#schedule();
    });
  }

  /** Puts these entries, pairs of key and item, in the place of the others. */
  show(entries) {
    this.#entries = entries;
    const keys = new Set(entries.map(([key]) => key));
    for (const key of this.#heights.keys()) if (!keys.has(key)) this.#heights.delete(key);
    this.#draw();
  }

  #schedule() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.#draw();
    });
  }

  #draw() {
    let before;
    for (let round = 0; round < mostRounds; round++) {
      const range = this.#range();
      if (before?.first === range.first && before.end === range.end) break;
      this.#drawRange(range);
      before = range;
    }
  }

  /** The items near the window, `end` excluded, and the heights of the rest. */
  #range() {
    const top = this.#container.getBoundingClientRect().top;
    const [from, to] = [-top - marginPx, -top + innerHeight + marginPx];
    const measured = [...this.#heights.values()];
    const sum = measured.reduce((total, height) => total + height, 0);
    const guess = measured.length > 0 ? sum / measured.length : this.#options.guessedHeight;
    const range = { first: this.#entries.length, end: this.#entries.length, above: 0, below: 0 };
    let offset = 0;
    this.#entries.forEach(([key], index) => {
      const height = this.#heights.get(key) ?? guess;
      if (offset + height <= from) range.above += height;
      else if (offset >= to) range.below += height;
      else {
        range.first = Math.min(range.first, index);
        range.end = index + 1;
      }
      offset += height;
    });
    if (range.first > range.end) range.first = range.end;
    return range;
  }

  #drawRange({ first, end, above, below }) {
    const drawn = new Map();
    this.#entries.slice(first, end).forEach(([key, item], at) => {
      const position = { index: first + at, count: this.#entries.length };
      drawn.set(key, this.#options.draw(item, this.#drawn.get(key), position));
    });
    this.#drawn = drawn;
    const elements = [...drawn.values()].map(({ element }) => element);
    this.#above.style.height = `${above}px`;
    this.#below.style.height = `${below}px`;
    putChildren(this.#container, [
      ...(above > 0 ? [this.#above] : []),
      ...elements,
      ...(below > 0 ? [this.#below] : []),
    ]);
    for (const [key, { element }] of drawn) {
      const height = element.getBoundingClientRect().height;
      if (height > 0) this.#heights.set(key, height + parseFloat(getComputedStyle(element).marginBottom));
    }
  }
}

/** Elements that stay are not moved: they keep the focus, running animations, and the place on the screen. */
function putChildren(container, wanted) {
  const staying = new Set(wanted);
  for (const child of [...container.children]) if (!staying.has(child)) child.remove();
  wanted.forEach((element, at) => {
    const present = container.children[at];
    if (present !== element) container.insertBefore(element, present ?? null);
  });
}
