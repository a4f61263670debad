/** Users and their passwords. */

import { PasswordHasher } from "countersign/password";

/** New hashes are Argon2id. Rows of bcrypt are accepted too, and are replaced when their user logs in. */
const hasher = new PasswordHasher({ accept: ["argon2id", "bcrypt"] });

export class Users {
  #database;

  constructor(database) {
    this.#database = database;
  }

  find(name) {
    return this.#database
      .prepare("SELECT name, hash, old_tokens_from AS oldTokensFrom FROM users WHERE name = ?")
      .get(name);
  }

  /** Adds a user; whether the name was free. */
  async add(name, password) {
    if (this.find(name) !== undefined) return false;
    const hash = await hasher.hashAsync(password);
    const insert = "INSERT INTO users (name, hash) VALUES (?, ?) ON CONFLICT DO NOTHING";
    return this.#database.prepare(insert).run(name, hash).changes === 1;
  }

  /** Whether it is the user's password. An unknown user takes as long as a wrong password. */
  async check(name, password, signal) {
    const user = this.find(name);
    const { newHash, ok } = await hasher.verifyAndUpdateAsync(password, user?.hash ?? null, { signal });
    if (!ok || user === undefined) return false;
    const isCurrent =
      newHash === undefined ? this.find(name)?.hash === user.hash : this.#replaceHash(name, user.hash, newHash);
    // If the hash was changed meanwhile, the password may have been: then all sessions were ended, and none may start with it.
    return isCurrent || this.check(name, password, signal);
  }

  /** Sets a new password, if the current one is right; whether it did. */
  async change(name, current, next) {
    const user = this.find(name);
    const { ok } = await hasher.verifyAsync(current, user?.hash ?? null);
    if (!ok || user === undefined) return false;
    const isReplaced = this.#replaceHash(name, user.hash, await hasher.hashAsync(next));
    if (isReplaced) this.refuseOldTokens(name);
    return isReplaced;
  }

  /** From now on, jsonwebtoken's tokens of this user are refused. They have no session that could be ended. */
  refuseOldTokens(name) {
    const update = this.#database.prepare("UPDATE users SET old_tokens_from = ? WHERE name = ?");
    update.run(Math.ceil(Date.now() / 1000), name);
  }

  /** The condition protects a password that was changed in the meantime. */
  #replaceHash(name, before, after) {
    const update = this.#database.prepare("UPDATE users SET hash = ? WHERE name = ? AND hash = ?");
    return update.run(after, name, before).changes === 1;
  }
}
