/** A store in SQLite. */

import { checkMethod, invalid, readOptions } from "../options.js";
import { type Query, sqlTable, tableName } from "./sql.js";
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
  all(...parameters: any[]): unknown[];
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
  const { table } = readOptions(options, { table: tableName });
  const { create, get, list, removeExpired, replace } = sqlTable(table);
  database.exec(create.join(";"));
  const prepared = new Map<string, SqliteStatement>();
  const rows = ([text, ...values]: Query): unknown[] => {
    const statement = prepared.get(text) ?? database.prepare(text);
    prepared.set(text, statement);
    return statement.all(...values);
  };
  let writes = 0;

  return {
    get: (key) => rows(get(key))[0] as StoreRow | undefined,
    list: (owner) => rows(list(owner)) as (StoreRow & { key: string })[],
    replace(key, before, after) {
      const written = rows(replace(key, before, after)).length === 1;
      writes += 1;
      if (writes % WRITES_BETWEEN_DELETIONS === 0) rows(removeExpired(Date.now()));
      return written;
    },
  };
}
