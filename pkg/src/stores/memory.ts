/** A store in memory. */

import { readOptions, wholeNumber } from "../options.js";
import { byExpiry, byTurn, RowQueue } from "./row-queue.js";
import type { Store, StoreRow } from "./store.js";

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /**
   * The most rows. For another, the row that expires first is dropped: one without an owner, such as a count of attempts to
   * log in; a session only if there is no other row. If that one is among the last `maxRows / 2` that were written, the oldest is
   * dropped instead. Default 100000.
   */
  maxRows?: number;
}

/**
 * A store in the memory of this process, for tests and for a server that may forget everything when it restarts.
 *
 * @throws {CountersignError} `OPTION_INVALID`.
 */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  const { maxRows } = readOptions(options, { maxRows: wholeNumber(1, 100_000, 16_000_000) });
  const rows = new Map<string, StoreRow>();
  const owners = new Map<string, Set<string>>();
  // Dropped in this order: what has no owner can come from anybody, such as attempts to log in with made-up names.
  const queues = { unowned: new RowQueue(rows, byExpiry), owned: new RowQueue(rows, byExpiry) };
  const written = new RowQueue(rows, byTurn);

  const remove = (key: string): void => {
    const owned = owners.get(rows.get(key)?.owner ?? "");
    owned?.delete(key);
    if (owned?.size === 0) owners.delete(rows.get(key)?.owner ?? "");
    rows.delete(key);
  };

  return {
    get: (key) => rows.get(key),
    replace(key, before, after) {
      if (rows.get(key)?.value !== before) return false;
      remove(key);
      if (after === undefined) return true;
      makeRoom();
      rows.set(key, after);
      queues[after.owner === "" ? "unowned" : "owned"].add(key, after);
      if (after.owner === "") written.add(key, after);
      else owners.set(after.owner, (owners.get(after.owner) ?? new Set()).add(key));
      return true;
    },
    list: (owner) => [...(owners.get(owner) ?? [])].flatMap((key) => ({ key, ...(rows.get(key) as StoreRow) })),
  };

  function makeRoom(): void {
    const now = Date.now();
    for (const queue of [queues.unowned, queues.owned]) {
      for (let first = queue.first(); first !== undefined; first = queue.first()) {
        const hasExpired = first.row.expiresAt <= now;
        if (rows.size < maxRows && !hasExpired) break;
        // Locked accounts need not expire at all. When they fill the store, a count must not be dropped as soon as it is written.
        const isNew = !hasExpired && queue === queues.unowned && first.age < maxRows / 2;
        remove((isNew ? (written.first() ?? first) : first).key);
      }
    }
  }
}
