/** The database: users and keys. Sessions and attempts have tables that `sqliteStore` makes. */

import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { Key } from "countersign/jwt";

/** Opens the file, and makes it if there is none. */
export function openDatabase(file) {
  // It contains the private key, so only this user may read it.
  closeSync(openSync(file, "a", 0o600));
  const database = new DatabaseSync(file, { timeout: 1000 });
  database.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS users (
      name TEXT PRIMARY KEY,
      hash TEXT NOT NULL, -- bcrypt or Argon2id
      old_tokens_from INTEGER NOT NULL DEFAULT 0 -- jsonwebtoken's tokens from before are refused: seconds since 1970
    );
    CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL);
  `);
  return database;
}

/** The private key, made at the first start. */
export function signingKey(database) {
  const made = Key.generate("EdDSA");
  const jwk = { ...made.toJwk({ private: true }), kid: made.thumbprint() };
  return Key.fromJwk(JSON.parse(kept(database, "signing-key", JSON.stringify(jwk))));
}

/** The secret of the refresh tokens, made at the first start. */
export function sessionSecret(database) {
  const made = crypto.getRandomValues(new Uint8Array(32));
  return new Uint8Array(Buffer.from(kept(database, "session-secret", Buffer.from(made).toString("base64")), "base64"));
}

/** What the database keeps under this name, which is `made` the first time. */
function kept(database, name, made) {
  database.prepare("INSERT INTO secrets VALUES (?, ?) ON CONFLICT DO NOTHING").run(name, made);
  return database.prepare("SELECT value FROM secrets WHERE name = ?").get(name).value;
}
