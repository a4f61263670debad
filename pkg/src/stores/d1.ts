/** A store in Cloudflare D1. */

import { checkMethod, invalid, readOptions } from "../options.js";
import { type Query, sqlTable, tableName } from "./sql.js";
import type { Store, StoreRow } from "./store.js";

/** The part of a D1 database that is used. */
export interface D1Like {
  prepare(sql: string): D1StatementLike;
  // biome-ignore lint/suspicious/noExplicitAny: what `prepare` returned, of Cloudflare's own type
  batch(statements: any[]): Promise<{ readonly results: unknown[] }[]>;
}

/** A prepared statement of D1. */
export interface D1StatementLike {
  bind(...values: unknown[]): unknown;
}

/** Options of {@link d1Store}. */
export interface D1StoreOptions {
  /** The name of the table, which is made if there is none. Letters, digits and `_`. Default `"countersign"`. */
  table?: string;
}

/**
 * A store in Cloudflare D1. The first request that finds no table makes it. Each change is one statement on the primary
 * database, also where D1 has read replicas.
 *
 * @param database The binding, such as `env.DB`. Not a session of it (`withSession`), which may read what is outdated.
 * @throws {CountersignError} `OPTION_INVALID`. Errors of the database reach you unchanged.
 *
 * @example
 * ```ts
 * import { env } from "cloudflare:workers";
 *
 * const store = d1Store(env.DB);
 * ```
 */
export function d1Store(database: D1Like, options: D1StoreOptions = {}): Store {
  for (const method of ["prepare", "batch"]) checkMethod("database", database, method);
  if ("getBookmark" in database)
    throw invalid('option "database" is a session of D1, which may read old rows: pass the database');
  const { table } = readOptions(options, { table: tableName });
  const { create, get, list, removeExpired, replace } = sqlTable(table);

  /** Runs statements as one transaction, and returns the rows of the first. */
  const run = async (...queries: Query[]): Promise<unknown[]> => {
    const statements = queries.map(([text, ...values]) => database.prepare(text).bind(...values));
    const attempt = async () => (await database.batch(statements))[0]?.results ?? [];
    try {
      return await attempt();
    } catch (error) {
      if (!/no such table/.test(String(error))) throw error;
      await database.batch(create.map((each) => database.prepare(each)));
      return attempt();
    }
  };

  return {
    get: async (key) => (await run(get(key)))[0] as StoreRow | undefined,
    list: async (owner) => (await run(list(owner))) as (StoreRow & { key: string })[],
    async replace(key, before, after) {
      // A Worker may end at any time, so it cannot count its writes. A new row is rare beside reads and refreshes.
      const isNew = before === undefined && after !== undefined;
      const more = isNew ? [removeExpired(Date.now())] : [];
      return (await run(replace(key, before, after), ...more)).length === 1;
    },
  };
}
