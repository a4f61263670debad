/** The order in which rows expire, as a binary heap. */

import type { StoreRow } from "./store.js";

interface Entry {
  readonly key: string;
  readonly row: StoreRow;
  /** Of rows that expire at the same time, the one written first comes first. */
  readonly turn: number;
}

/** Rows, the first to expire at the top. Rows that were replaced or removed since stay until they come to the top. */
export class ExpiryQueue {
  #entries: Entry[] = [];
  #turn = 0;
  readonly #rows: ReadonlyMap<string, StoreRow>;

  /** @param rows The rows that are there now. */
  constructor(rows: ReadonlyMap<string, StoreRow>) {
    this.#rows = rows;
  }

  /** Adds a row. */
  add(key: string, row: StoreRow): void {
    // Each time, at least half of the entries are outdated, so this costs a constant time for each write.
    if (2 * this.#rows.size + 64 < this.#entries.length) this.#removeOutdated();
    this.#turn += 1;
    this.#entries.push({ key, row, turn: this.#turn });
    this.#rise(this.#entries.length - 1);
  }

  /** The row that expires first. */
  first(): { readonly key: string; readonly row: StoreRow } | undefined {
    while (this.#entries[0] !== undefined && !this.#isCurrent(this.#entries[0])) this.#removeFirst();
    return this.#entries[0];
  }

  #isCurrent({ key, row }: Entry): boolean {
    return this.#rows.get(key) === row;
  }

  #removeOutdated(): void {
    // A sorted list is a heap.
    this.#entries = this.#entries.filter((entry) => this.#isCurrent(entry)).sort((a, b) => (isBefore(a, b) ? -1 : 1));
  }

  #removeFirst(): void {
    const last = this.#entries.pop();
    if (last === undefined || this.#entries.length === 0) return;
    this.#entries[0] = last;
    this.#sink();
  }

  #rise(start: number): void {
    const entries = this.#entries;
    for (let index = start; index > 0; ) {
      const parent = (index - 1) >> 1;
      const [above, entry] = [entries[parent], entries[index]] as [Entry, Entry];
      if (!isBefore(entry, above)) return;
      entries[parent] = entry;
      entries[index] = above;
      index = parent;
    }
  }

  #sink(): void {
    const entries = this.#entries;
    for (let index = 0; ; ) {
      let child = 2 * index + 1;
      const [left, right] = [entries[child], entries[child + 1]];
      if (left === undefined) return;
      if (right !== undefined && isBefore(right, left)) child += 1;
      const [entry, below] = [entries[index], entries[child]] as [Entry, Entry];
      if (!isBefore(below, entry)) return;
      entries[index] = below;
      entries[child] = entry;
      index = child;
    }
  }
}

function isBefore(left: Entry, right: Entry): boolean {
  const difference = left.row.expiresAt - right.row.expiresAt;
  return difference === 0 ? left.turn < right.turn : difference < 0;
}
