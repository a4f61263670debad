/** A store in SQLite. */

import { checkMethod, invalid, readOptions } from "../options.js";
import type { Store, StoreRow } from "./store.js";

/** The part of a database that is used: `node:sqlite`, `bun:sqlite` and `better-sqlite3` have it. */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
}

/** A prepared statement. */
export interface SqliteStatement {
  // Their declarations differ, and accept the texts and numbers that are passed here.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  get(...parameters: any[]): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: see above
  all(...parameters: any[]): unknown[];
  // biome-ignore lint/suspicious/noExplicitAny: see above
  run(...parameters: any[]): { changes: number | bigint };
}

/** Options of {@link sqliteStore}. */
export interface SqliteStoreOptions {
  /** The name of the table, which is made if there is none. Letters, digits and `_`. Default `"countersign"`. */
  table?: string;
}

/** Expired rows are deleted after this many writes. */
const WRITES_BETWEEN_DELETIONS = 100;

/**
 * A store in SQLite: `node:sqlite` (Node 22.13 and later), `bun:sqlite` or `better-sqlite3`. Several processes may share the file;
 * then set a `busy_timeout`. Each change is one statement, so a crash leaves the old row or the new one.
 *
 * @param database An open database. You close it.
 * @throws {CountersignError} `OPTION_INVALID`. Errors of the database reach you unchanged.
 *
 * @example
 * ```ts
 * import { DatabaseSync } from "node:sqlite";
 *
 * const store = sqliteStore(new DatabaseSync("login.db", { timeout: 1000 }));
 * ```
 */
export function sqliteStore(database: SqliteDatabase, options: SqliteStoreOptions = {}): Store {
  if (typeof database === "string") throw invalid('option "database" is a path: open the database first');
  for (const method of ["exec", "prepare"]) checkMethod("database", database, method);
  const { table } = readOptions(options, { table: readTable });
  database.exec(`
    CREATE TABLE IF NOT EXISTS ${table} (
      key TEXT PRIMARY KEY, owner TEXT NOT NULL, value TEXT NOT NULL, expires_at REAL NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS ${table}_owner ON ${table} (owner);
    CREATE INDEX IF NOT EXISTS ${table}_expires_at ON ${table} (expires_at);
  `);
  const columns = "key, owner, value, expires_at AS expiresAt";
  const select = database.prepare(`SELECT ${columns} FROM ${table} WHERE key = ?`);
  const selectOwned = database.prepare(`SELECT ${columns} FROM ${table} WHERE owner = ?`);
  const insert = database.prepare(
    `INSERT INTO ${table} (key, owner, value, expires_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const update = database.prepare(
    `UPDATE ${table} SET owner = ?, value = ?, expires_at = ? WHERE key = ? AND value = ?`,
  );
  const remove = database.prepare(`DELETE FROM ${table} WHERE key = ? AND value = ?`);
  const removeExpired = database.prepare(`DELETE FROM ${table} WHERE expires_at <= ?`);
  let writes = 0;

  const write = (key: string, before: string | undefined, after: StoreRow | undefined) => {
    if (after === undefined) return before === undefined ? undefined : remove.run(key, before);
    const { owner, value, expiresAt } = after;
    if (before === undefined) return insert.run(key, owner, value, expiresAt);
    return update.run(owner, value, expiresAt, key, before);
  };

  return {
    // Bun returns `null` for no row.
    get: (key) => (select.get(key) as StoreRow | null | undefined) ?? undefined,
    list: (owner) => selectOwned.all(owner) as (StoreRow & { key: string })[],
    replace(key, before, after) {
      const outcome = write(key, before, after);
      const written = outcome === undefined ? select.get(key) == null : Number(outcome.changes) === 1;
      writes += 1;
      if (writes % WRITES_BETWEEN_DELETIONS === 0) removeExpired.run(Date.now());
      return written;
    },
  };
}

function readTable(name: string, value: unknown): string {
  if (value === undefined) return "countersign";
  if (typeof value === "string" && /^[A-Za-z_]\w{0,62}$/.test(value)) return value;
  throw invalid(`option "${name}" is not the name of a table`);
}
