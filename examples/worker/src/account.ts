/**
 * An account: a Durable Object per user name. The password's hash never leaves it, and because an object does one thing
 * at a time, guesses at one name wait for each other.
 */

import { DurableObject } from "cloudflare:workers";
import { hasher } from "./hasher.js";

/** The row in the object's own SQLite database. */
interface Stored {
  username: string;
  hash: string;
  registered: string;
}

/** The public part of an account. */
export interface Profile {
  username: string;
  /** When the account was made, as an ISO 8601 date and time. */
  registered: string;
}

export class Account extends DurableObject {
  /** Makes the account; `false` if there is one already, which stays as it is. */
  register(username: string, password: string): boolean {
    if (this.#stored() !== undefined) return false;
    this.#store({ username, hash: hasher.hash(password), registered: new Date().toISOString() });
    return true;
  }

  /**
   * The profile, for the right password; `null` otherwise. Without an account it hashes a password anyway, so that
   * neither the answer nor its time reveals which names exist.
   */
  logIn(password: string): Profile | null {
    const stored = this.#stored();
    const { ok, newHash } = hasher.verifyAndUpdate(password, stored?.hash ?? null);
    if (!ok || stored === undefined) return null;
    // The policy has become stricter since the hash was made, and the password is available only now. Nothing else runs in
    // this object between reading and replacing the hash, because there is no `await`. With an `await`, or in any other
    // database, the update must compare the old hash: see examples/recipes.
    if (newHash !== undefined) this.#store({ ...stored, hash: newHash });
    return { username: stored.username, registered: stored.registered };
  }

  /** The profile, or `null` if there is no account. */
  profile(): Profile | null {
    const stored = this.#stored();
    return stored === undefined ? null : { username: stored.username, registered: stored.registered };
  }

  #stored(): Stored | undefined {
    return this.ctx.storage.kv.get<Stored>("account");
  }

  #store(account: Stored): void {
    this.ctx.storage.kv.put("account", account);
  }
}
