/** The order in which rows expire, or were written, as a binary heap. */

import type { StoreRow } from "./store.js";

interface Entry {
  readonly key: string;
  readonly row: StoreRow;
  /** Of rows that expire at the same time, the one written first comes first. */
  readonly turn: number;
}

/** Whether an entry comes before another. */
type Order = (left: Entry, right: Entry) => boolean;

/** Rows, the first at the top. Rows that were replaced or removed since stay until they come to the top. */
export class RowQueue {
  #entries: Entry[] = [];
  #turn = 0;
  readonly #isBefore: Order;
  readonly #rows: ReadonlyMap<string, StoreRow>;

  /** @param rows The rows that are there now. */
  constructor(rows: ReadonlyMap<string, StoreRow>, isBefore: Order) {
    this.#rows = rows;
    this.#isBefore = isBefore;
  }

  /** Adds a row. */
  add(key: string, row: StoreRow): void {
    // Each time, at least half of the entries are outdated, so this costs a constant time for each write.
    if (2 * this.#rows.size + 64 < this.#entries.length) this.#removeOutdated();
    this.#turn += 1;
    this.#entries.push({ key, row, turn: this.#turn });
    this.#rise(this.#entries.length - 1);
  }

  /** The first row, and how many were added since. */
  first(): { readonly key: string; readonly row: StoreRow; readonly age: number } | undefined {
    while (this.#entries[0] !== undefined && !this.#isCurrent(this.#entries[0])) this.#removeFirst();
    const [first] = this.#entries;
    return first && { key: first.key, row: first.row, age: this.#turn - first.turn };
  }

  #isCurrent({ key, row }: Entry): boolean {
    return this.#rows.get(key) === row;
  }

  #removeOutdated(): void {
    // A sorted list is a heap.
    this.#entries = this.#entries
      .filter((entry) => this.#isCurrent(entry))
      .sort((a, b) => (this.#isBefore(a, b) ? -1 : 1));
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
      if (!this.#isBefore(entry, above)) return;
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
      if (right !== undefined && this.#isBefore(right, left)) child += 1;
      const [entry, below] = [entries[index], entries[child]] as [Entry, Entry];
      if (!this.#isBefore(below, entry)) return;
      entries[index] = below;
      entries[child] = entry;
      index = child;
    }
  }
}

/** The row that expires first. */
export const byExpiry: Order = (left, right) => {
  const difference = left.row.expiresAt - right.row.expiresAt;
  return difference === 0 ? left.turn < right.turn : difference < 0;
};

/** The row that was written first. */
export const byTurn: Order = (left, right) => left.turn < right.turn;
