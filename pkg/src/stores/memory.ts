/** A store in memory. */

import { readOptions, wholeNumber } from "../options.js";
import type { Store, StoreRow } from "./store.js";

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /** The most rows. If there are more, the one that was written the longest ago is dropped. Default 100000. */
  maxRows?: number;
}

/**
 * A store in the memory of this process, for tests and for a server that may forget everything when it restarts.
 *
 * @throws {CountersignError} `OPTION_INVALID`.
 */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  const { maxRows } = readOptions(options, { maxRows: wholeNumber(1, 100_000, 16_000_000) });
  // In the order in which they were written.
  const rows = new Map<string, StoreRow>();
  const owners = new Map<string, Set<string>>();
  let cursor = rows.entries();

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
      rows.set(key, after);
      if (after.owner !== "") owners.set(after.owner, (owners.get(after.owner) ?? new Set()).add(key));
      dropOldRows();
      return true;
    },
    list: (owner) => [...(owners.get(owner) ?? [])].flatMap((key) => ({ key, ...(rows.get(key) as StoreRow) })),
  };

  function dropOldRows(): void {
    const now = Date.now();
    // Goes around all rows, two for each write, so that what has expired goes sooner than it comes.
    for (let steps = 0; steps < 2; steps += 1) {
      const { done, value } = cursor.next();
      if (done) cursor = rows.entries();
      else if (value[1].expiresAt <= now) remove(value[0]);
    }
    for (const key of rows.keys()) {
      if (rows.size <= maxRows) break;
      remove(key);
    }
  }
}
