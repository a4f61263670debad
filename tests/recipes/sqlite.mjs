// A real database, SQLite in memory, by the interfaces that the recipes are written for.

import { DatabaseSync } from "node:sqlite";

/**
 * Makes a database with one table of one row. Every update waits until `together` of them have come, so that all who check
 * at once have checked before the first one stores, and until what happens `meanwhile` has; `updates` has how many rows each
 * changed.
 */
export function databaseOf(table, row, { together = 1, meanwhile = () => {} } = {}) {
  const database = new DatabaseSync(":memory:");
  const names = Object.keys(row);
  database.exec(`CREATE TABLE ${table} (${names.join(", ")})`);
  database.prepare(`INSERT INTO ${table} VALUES (${names.map(() => "?").join(", ")})`).run(...Object.values(row));

  const updates = [];
  let waiting = 0;
  let go;
  const all = new Promise((resolve) => {
    go = resolve;
  });
  async function run(sql, values) {
    const statement = database.prepare(sql);
    if (!sql.startsWith("UPDATE")) return statement.all(...values);
    waiting += 1;
    if (waiting === together) go();
    await all;
    meanwhile();
    updates.push(Number(statement.run(...values).changes));
    return [];
  }

  return {
    updates,
    row: () => ({ ...database.prepare(`SELECT * FROM ${table}`).get() }),
    set: (name, value) => database.prepare(`UPDATE ${table} SET ${name} = ?`).run(value),
    /** As Cloudflare's D1. */
    d1: {
      prepare: (sql) => ({
        bind: (...values) => ({
          first: async () => (await run(sql, values))[0] ?? null,
          run: () => run(sql, values),
        }),
      }),
    },
    /** As the package `pg`, whose places have numbers after a dollar sign. */
    pg: { query: async (sql, values) => ({ rows: await run(sql.replace(/\$(\d)/g, "?$1"), values) }) },
  };
}
