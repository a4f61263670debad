/** The SQL of the stores in SQLite, which run it in three ways. */

import { invalid, type OptionReader } from "../options.js";
import type { StoreRow } from "./store.js";

/** A statement and its values, in the order of its question marks. */
export type Query = readonly [text: string, ...values: (string | number)[]];

/** The statements of a table. Each change is one of them, so a crash leaves the old row or the new one. */
export interface Table {
  /** Makes the table, where there is none. */
  readonly create: readonly string[];
  get(key: string): Query;
  list(owner: string): Query;
  /** Returns one row if it wrote, and none otherwise. */
  replace(key: string, before: string | undefined, after: StoreRow | undefined): Query;
  /** Deletes some of the rows that have expired. */
  removeExpired(now: number): Query;
}

/** So that one call does not take long after a flood of rows. */
const MOST_DELETED = 1000;

/** The statements of the table with this name. */
export function sqlTable(name: string): Table {
  const select = `SELECT key, owner, value, expires_at AS expiresAt FROM ${name} WHERE`;
  return {
    create: [
      `CREATE TABLE IF NOT EXISTS ${name} (key TEXT PRIMARY KEY, owner TEXT NOT NULL, value TEXT NOT NULL, expires_at REAL NOT NULL) WITHOUT ROWID`,
      `CREATE INDEX IF NOT EXISTS ${name}_owner ON ${name} (owner)`,
      `CREATE INDEX IF NOT EXISTS ${name}_expires_at ON ${name} (expires_at)`,
    ],
    get: (key) => [`${select} key = ?`, key],
    list: (owner) => [`${select} owner = ?`, owner],
    replace(key, before, after) {
      if (after === undefined) {
        if (before === undefined) return [`SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM ${name} WHERE key = ?)`, key];
        return [`DELETE FROM ${name} WHERE key = ? AND value = ? RETURNING 1`, key, before];
      }
      const values = [after.owner, after.value, after.expiresAt, key] as const;
      if (before === undefined) {
        const columns = "owner, value, expires_at, key";
        return [`INSERT INTO ${name} (${columns}) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1`, ...values];
      }
      const set = "owner = ?, value = ?, expires_at = ?";
      return [`UPDATE ${name} SET ${set} WHERE key = ? AND value = ? RETURNING 1`, ...values, before];
    },
    removeExpired: (now) => [
      `DELETE FROM ${name} WHERE key IN (SELECT key FROM ${name} WHERE expires_at <= ? LIMIT ${MOST_DELETED}) RETURNING 1`,
      now,
    ],
  };
}

/** The option `table`. */
export const tableName: OptionReader<string> = (name, value) => {
  if (value === undefined) return "countersign";
  if (typeof value === "string" && /^[A-Za-z_]\w{0,62}$/.test(value)) return value;
  throw invalid(`option "${name}" is not the name of a table`);
};
