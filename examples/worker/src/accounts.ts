/**
 * The accounts, in a fixed number of Durable Objects. A name is always looked up in the object that its hash names, so an
 * unknown name costs the same and leaves nothing behind.
 */

import { DurableObject } from "cloudflare:workers";
import type { Env } from "./env.js";

/** Never change this number: names would be looked up in other objects than those that hold them. */
const SHARDS = 64;

/** An account, as it is stored. */
export interface Account {
  username: string;
  hash: string;
  /** When the account was made, as an ISO 8601 date and time. */
  registered: string;
}

/** One of the objects. It compares and stores hashes; passwords are hashed in the Worker, which runs many times at once. */
export class AccountShard extends DurableObject {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(
      "CREATE TABLE IF NOT EXISTS accounts (username TEXT PRIMARY KEY, hash TEXT NOT NULL, registered TEXT NOT NULL)",
    );
  }

  /** The account of a name, or `null`. */
  find(username: string): Account | null {
    const select = "SELECT username, hash, registered FROM accounts WHERE username = ?";
    const [found] = this.#sql.exec<Account & Record<string, string>>(select, username).toArray();
    return found ?? null;
  }

  /** Adds an account; `false` if the name is taken. */
  add({ username, hash, registered }: Account): boolean {
    const insert = "INSERT INTO accounts (username, hash, registered) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
    return this.#sql.exec(insert, username, hash, registered).rowsWritten > 0;
  }

  /** Replaces a hash, unless it is another one by now; whether it did. */
  replaceHash(username: string, before: string, after: string): boolean {
    const update = "UPDATE accounts SET hash = ? WHERE username = ? AND hash = ?";
    return this.#sql.exec(update, after, username, before).rowsWritten > 0;
  }
}

/** The object that holds the account of a name, if there is one. */
export async function shardOf(env: Env, username: string): Promise<DurableObjectStub<AccountShard>> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(username));
  const shard = new DataView(digest).getUint32(0) % SHARDS;
  return env.ACCOUNTS.getByName(`shard-${shard}`);
}
