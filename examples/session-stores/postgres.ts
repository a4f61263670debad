// Sessions in PostgreSQL, with the package "pg". Each change is one statement, so no transaction is needed.

import type { Store, StoreRow } from "countersign/session";

/** The part of a `Pool` of "pg" that is used. */
interface Pool {
  // biome-ignore lint/suspicious/noExplicitAny: the rows of any query
  query(text: string, values?: unknown[]): Promise<{ rows: any[]; rowCount: number | null }>;
}

/** Run it once, as one of your migrations. Owners have any length, so their index is of hashes. */
export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS countersign (
    key text PRIMARY KEY, owner text NOT NULL, value text NOT NULL, expires_at double precision NOT NULL
  );
  CREATE INDEX IF NOT EXISTS countersign_owner ON countersign USING hash (owner);
  CREATE INDEX IF NOT EXISTS countersign_expires_at ON countersign (expires_at);
`;

const SELECT = 'SELECT key, owner, value, expires_at AS "expiresAt" FROM countersign WHERE';

/** A store for `Sessions` and `loginThrottle`. The pool must lead to the primary server, not to a replica. */
export function postgresStore(pool: Pool): Store {
  const wrote = async (text: string, values: unknown[]) => (await pool.query(text, values)).rowCount === 1;

  async function insert(key: string, { owner, value, expiresAt }: StoreRow): Promise<boolean> {
    const values = [key, owner, value, expiresAt];
    const sql =
      "INSERT INTO countersign (key, owner, value, expires_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    if (!(await wrote(sql, values))) return false;
    // Rows that expired go when others come. SKIP LOCKED: two servers that do so at once do not wait for each other.
    const expired = "SELECT key FROM countersign WHERE expires_at <= $1 LIMIT 1000 FOR UPDATE SKIP LOCKED";
    await pool.query(`DELETE FROM countersign WHERE key IN (${expired})`, [Date.now()]);
    return true;
  }

  return {
    get: async (key) => (await pool.query(`${SELECT} key = $1`, [key])).rows[0],
    list: async (owner) => (await pool.query(`${SELECT} owner = $1`, [owner])).rows,
    async replace(key, before, after) {
      if (before === undefined) {
        if (after !== undefined) return insert(key, after);
        return (await pool.query(`${SELECT} key = $1`, [key])).rows.length === 0;
      }
      if (after === undefined) return wrote("DELETE FROM countersign WHERE key = $1 AND value = $2", [key, before]);
      const { owner, value, expiresAt } = after;
      const sql = "UPDATE countersign SET owner = $3, value = $4, expires_at = $5 WHERE key = $1 AND value = $2";
      return wrote(sql, [key, before, owner, value, expiresAt]);
    },
  };
}
