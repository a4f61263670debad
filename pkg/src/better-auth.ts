/**
 * Passwords of a {@link https://www.better-auth.com | better-auth} application: what its `emailAndPassword.password` takes.
 *
 * It brings nothing of better-auth along and carries no wasm: the hasher is handed in.
 *
 * @module
 */

import { CountersignError } from "./errors.js";
import { checkFunction, checkMethod, checkNames } from "./options.js";

export { CountersignError, type ErrorCode } from "./errors.js";

/** What makes and checks hashes: a `PasswordHasher`. Where it can work beside the thread that calls it, it is made to. */
export interface Hasher {
  hash(password: string): string;
  hashAsync?(password: string): Promise<string>;
  verifyAndUpdate(password: string, stored: string): HasherAnswer;
  verifyAndUpdateAsync?(password: string, stored: string): Promise<HasherAnswer>;
}

/** What a {@link Hasher} says of a password. */
export interface HasherAnswer {
  ok: boolean;
  newHash?: string;
}

/** A hash that is to take the place of another. */
export interface Rehash {
  /** What is stored. No two users have the same, as each has a salt of its own. */
  hash: string;
  /** What to store in its place. */
  newHash: string;
}

/** Options of {@link betterAuthPassword}. */
export interface BetterAuthPasswordOptions {
  /**
   * Stores the new hash of a password that matched a weaker one, in place of the old one and of no other: better-auth does
   * not say whose it is. The log-in waits for it, and fails with what it throws.
   */
  onRehash?: (rehash: Rehash) => void | Promise<void>;
}

/** What better-auth asks for. */
export interface BetterAuthPassword {
  hash(password: string): Promise<string>;
  verify(data: { hash: string; password: string }): Promise<boolean>;
}

/**
 * Makes better-auth hash and check passwords with a `PasswordHasher`.
 *
 * better-auth's `verify` can only say yes or no. So that hashes that are weaker than the policy are replaced all the same,
 * `onRehash` is told when a password matched one. It updates the row that still has the old hash: of two log-ins at once
 * one finds it, and a password that was changed in between stays changed.
 *
 * @param hasher A `PasswordHasher` of `countersign` or `countersign/password`.
 * @param o See {@link BetterAuthPasswordOptions}.
 * @returns What the option `emailAndPassword.password` of `betterAuth` takes.
 * @throws {CountersignError} `OPTION_INVALID` an unknown option, one of the wrong type, no hasher. What it makes throws as
 * the hasher does: `HASH_MALFORMED` and others where no hash is stored.
 * @example
 * ```ts
 * const auth = betterAuth({
 *   database,
 *   emailAndPassword: {
 *     enabled: true,
 *     password: betterAuthPassword(new PasswordHasher(), {
 *       async onRehash({ hash, newHash }) {
 *         const { adapter } = await auth.$context;
 *         const where = [{ field: "password", value: hash }];
 *         await adapter.updateMany({ model: "account", where, update: { password: newHash } });
 *       },
 *     }),
 *   },
 * });
 * ```
 */
export function betterAuthPassword(hasher: Hasher, o: BetterAuthPasswordOptions = {}): BetterAuthPassword {
  checkMethod("hasher", hasher, "verifyAndUpdate");
  checkNames(o, ["onRehash"]);
  const { onRehash } = o;
  if (onRehash !== undefined) checkFunction("onRehash", onRehash);
  return {
    async hash(password) {
      return hasher.hashAsync?.(password) ?? hasher.hash(password);
    },
    async verify({ hash, password }) {
      // It takes this for an unknown user, and would spend a hash on it.
      if (hash === null) throw new CountersignError("HASH_MALFORMED", "stored hash is not a string");
      const checked = hasher.verifyAndUpdateAsync?.(password, hash) ?? hasher.verifyAndUpdate(password, hash);
      const { ok, newHash } = await checked;
      if (ok && newHash !== undefined) await onRehash?.({ hash, newHash });
      return ok;
    },
  };
}
