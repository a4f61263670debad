/**
 * Passwords: the documented face of the Rust core's `password` module.
 *
 * Everything is decided in the core, and computed on this thread or on one of the pool. What only JavaScript can see
 * (types, lone surrogates) is checked in `pool/work.ts`; `calls.ts` keeps the module small and clean.
 */

import { call } from "./calls.js";
import { passwords } from "./load/instances.js";
import type {
  PasswordDescription,
  PasswordPolicy,
  PasswordScheme,
  PasswordUpdate,
  PasswordVerdict,
} from "./password-types.js";
import { offThread, type PasswordAsyncOptions } from "./pool/shared.js";
import { expectHash, perform, taskOf } from "./pool/work.js";

export { CountersignError, type ErrorCode } from "./errors.js";
export type {
  Argon2Params,
  BcryptParams,
  NewPasswordScheme,
  PasswordDescription,
  PasswordPolicy,
  PasswordScheme,
  PasswordUpdate,
  PasswordVerdict,
  Pbkdf2Params,
  Pepper,
  ScryptParams,
} from "./password-types.js";
export {
  closePasswordPool,
  configurePasswordPool,
  type PasswordAsyncOptions,
  type PasswordPoolOptions,
} from "./pool/shared.js";

/**
 * Hashes and checks passwords by one policy. The call blocks its thread while it computes: some 30 ms by default.
 *
 * @example
 * ```ts
 * const hasher = new PasswordHasher();
 * const user = await findUser(name);
 * const { ok, newHash } = hasher.verifyAndUpdate(password, user?.passwordHash ?? null);
 * if (newHash !== undefined) await storeHash(name, newHash);
 * ```
 */
export class PasswordHasher {
  // A checked copy of the caller's policy, so that nothing changes it later.
  readonly #policy: unknown;

  /**
   * @param policy How to hash and check; OWASP's recommendation by default.
   * @throws {CountersignError} `OPTION_INVALID` an unknown option, a wrong type, or a number out of its range: `params`
   * beyond `limits` or of another scheme, `preset` beside either, `accept` without the scheme of new hashes, two peppers
   * with one id. What a hasher makes, it can check.
   * @example
   * ```ts
   * const hasher = new PasswordHasher({ params: { memoryKib: 47104, passes: 1 } });
   * const peppered = new PasswordHasher({ pepper: { current: { id: "2027", key: "0123456789abcdef" } } });
   * ```
   */
  constructor(policy?: PasswordPolicy) {
    this.#policy = call(() => passwords.glue.read_policy(policy));
  }

  /**
   * A string to store, with a fresh random salt: Argon2id and scrypt in the PHC format, bcrypt as `$2b$…`, PBKDF2 as
   * passlib writes it.
   *
   * The empty password is hashed like any other: which passwords are good enough is for you to say. Where the policy
   * makes bcrypt, more than 72 bytes of UTF-8 are refused, as bcrypt would not read the rest; with a pepper any length is
   * read.
   *
   * It takes as long as `verify` does with `null`, whatever the password and also where it is refused for what is in it, for
   * those who hash for an unknown user.
   *
   * @param password The password, as typed.
   * @returns For example `$argon2id$v=19$m=19456,t=2,p=1$…$…`, 97 characters.
   * @throws {CountersignError} `PASSWORD_INVALID` not a string, or one with lone surrogates, or for bcrypt with a NUL, for scrypt
   * and PBKDF2 with one at the end, with which they take other passwords for this one, unless there is a pepper;
   * `PASSWORD_TOO_LONG` for the limit, or for the 72 bytes that bcrypt reads; `OUT_OF_MEMORY`.
   * @example
   * ```ts
   * await storeHash(name, hasher.hash(password));
   * ```
   */
  hash(password: string): string {
    return perform(taskOf("hash", password, null, this.#policy));
  }

  /**
   * Expects a password that {@link PasswordHasher.hash} takes, at no cost: for a form, before anything else is done.
   *
   * @param password The password, as typed.
   * @throws {CountersignError} `PASSWORD_INVALID`, `PASSWORD_TOO_LONG` as {@link PasswordHasher.hash}.
   * @example
   * ```ts
   * hasher.checkHashable(password);
   * ```
   */
  checkHashable(password: string): void {
    perform(taskOf("checkHashable", password, null, this.#policy));
  }

  /**
   * Checks a password. A wrong one is an answer, not an error.
   *
   * `null` takes as long as a hash of this policy does. A hash of another scheme or cost takes its own time, and what is
   * no hash is refused at once: where an error with a `HASH_` code is answered like a wrong password, call this again with
   * `null` first, so that the time of the answer does not tell. Of a password longer than 72 bytes a stored hash of bcrypt
   * is held against the first 72, as every other bcrypt does it. A password with a NUL matches none of bcrypt, and with one
   * at its end none of scrypt or PBKDF2, which cannot tell it from others.
   *
   * A password that `normalize` changes is checked as it was typed, too, if its normalized form did not match and the hash has no
   * pepper: most other software hashes the bytes that come. Against a hash of WordPress (`$wp$2y$`, `$P$`) it is then checked
   * with a backslash before every `'`, `"`, `\` and NUL, and against one of phpBB (`$H$`) with `&`, `<`, `>` and `"` as HTML
   * writes them, as these hashed it so; a match is renewed as it was typed.
   *
   * `needsRehash` is false, and {@link PasswordHasher.verifyAndUpdate} makes no new hash, where the stored form takes other
   * passwords as well, which a new hash would lock out: with white space that WordPress took off, with what may be a backslash
   * of WordPress or HTML of phpBB, in a form that better-auth brought to NFKC.
   * It is true of 72 bytes or more that match a hash of bcrypt, which has not read the rest: any other rest logs in as well,
   * is renewed as it was typed, and counts whole from then on. After a slip beyond byte 72 that is the password, and the one
   * that was set is refused.
   *
   * @param password The password, as typed.
   * @param stored What was stored for the user, or `null` where there is no such user: that takes as long as a check
   * against a new hash, and the answer is no.
   * @returns Whether it is the password, whether to store a new hash of it, and how the stored one was made.
   * @throws {CountersignError} `HASH_MALFORMED` what is stored is not a hash, or is `undefined`; `HASH_UNSUPPORTED` of a
   * scheme or version that is unknown or not accepted, or made with a pepper that the policy does not hold;
   * `HASH_COST_TOO_HIGH` beyond the policy's limits, as scrypt at its default cost of 128 MiB is where the policy does not
   * make scrypt and `limits.scryptMemoryKib` is not raised;
   * `PASSWORD_INVALID` not a string, or one with lone surrogates; `PASSWORD_TOO_LONG`; `OUT_OF_MEMORY`.
   * @example
   * ```ts
   * if (!hasher.verify(password, user?.passwordHash ?? null).ok) return unauthorized();
   * ```
   */
  verify(password: string, stored: string | null): PasswordVerdict {
    return JSON.parse(perform(taskOf("verify", password, stored, this.#policy)));
  }

  /**
   * Checks as {@link PasswordHasher.verify} does, and makes a new hash where the password matched a weaker one. Where the
   * policy makes bcrypt and the password has more than 72 bytes, the old hash stays, as no new one can be made.
   *
   * @param password The password, as typed.
   * @param stored What was stored for the user, or `null` where there is no such user.
   * @returns Whether it is the password, and what to store in place of the old hash, if anything.
   * @throws {CountersignError} As {@link PasswordHasher.verify}.
   * @example
   * ```ts
   * const { ok, newHash } = hasher.verifyAndUpdate(password, user.hash);
   * // In place of `stored` and of no other: the password may have been changed in the meantime.
   * if (newHash !== undefined) await sql`UPDATE users SET hash = ${newHash} WHERE id = ${id} AND hash = ${stored}`;
   * ```
   */
  verifyAndUpdate(password: string, stored: string | null): PasswordUpdate {
    return JSON.parse(perform(taskOf("verifyAndUpdate", password, stored, this.#policy)));
  }

  /**
   * Makes what {@link PasswordHasher.hash} makes, on another thread: a worker thread in Node, Deno and Bun, a Web Worker
   * in browsers.
   *
   * The threads are the pool's, which {@link configurePasswordPool} sets up; they start with the first call and keep no
   * process alive. Where there are none (Workers and other edge runtimes, Node before 20.16, a page whose content
   * security policy forbids `blob:` workers) the work is done on this one, and blocks it, before the promise is returned.
   *
   * @param password The password, as typed.
   * @param options `signal` gives it up.
   * @returns The string to store.
   * @throws {CountersignError} Rejects as {@link PasswordHasher.hash} throws, and with `PASSWORD_QUEUE_FULL` too many
   * wait already; `INTERNAL` its thread crashed. With the signal's reason, which is no `CountersignError`, where that was
   * aborted.
   * @example
   * ```ts
   * await storeHash(name, await hasher.hashAsync(password, { signal: AbortSignal.timeout(5000) }));
   * ```
   */
  async hashAsync(password: string, options?: PasswordAsyncOptions): Promise<string> {
    return offThread("hash", password, null, this.#policy, options);
  }

  /**
   * Answers as {@link PasswordHasher.verify} does, on another thread as {@link PasswordHasher.hashAsync} does.
   *
   * @param password The password, as typed.
   * @param stored What was stored for the user, or `null` where there is no such user.
   * @param options `signal` gives it up.
   * @returns Whether it is the password, whether to store a new hash of it, and how the stored one was made.
   * @throws {CountersignError} Rejects as {@link PasswordHasher.verify} throws, and as {@link PasswordHasher.hashAsync}.
   * @example
   * ```ts
   * const { ok } = await hasher.verifyAsync(password, user?.passwordHash ?? null);
   * ```
   */
  async verifyAsync(password: string, stored: string | null, options?: PasswordAsyncOptions): Promise<PasswordVerdict> {
    return JSON.parse(await offThread("verify", password, stored, this.#policy, options));
  }

  /**
   * Answers as {@link PasswordHasher.verifyAndUpdate} does, on another thread as {@link PasswordHasher.hashAsync} does.
   *
   * @param password The password, as typed.
   * @param stored What was stored for the user, or `null` where there is no such user.
   * @param options `signal` gives it up.
   * @returns Whether it is the password, and what to store in place of the old hash, if anything.
   * @throws {CountersignError} Rejects as {@link PasswordHasher.verify} throws, and as {@link PasswordHasher.hashAsync}.
   * @example
   * ```ts
   * const { ok, newHash } = await hasher.verifyAndUpdateAsync(password, stored);
   * if (newHash !== undefined) await storeHash(name, newHash);
   * ```
   */
  async verifyAndUpdateAsync(
    password: string,
    stored: string | null,
    options?: PasswordAsyncOptions,
  ): Promise<PasswordUpdate> {
    return JSON.parse(await offThread("verifyAndUpdate", password, stored, this.#policy, options));
  }

  /**
   * Whether a stored hash is weaker than a new one would be, in any respect: of a weaker scheme or an older version, at
   * lower costs, with a salt or tag of less than 128 bits, without the policy's pepper or with a previous one. Whether this
   * password can be renewed is for {@link PasswordHasher.verify} to say.
   *
   * Hashes of one computation (PBKDF2 with one digest, bcrypt over whatever is done first, scrypt, Argon2id) are held against
   * each other by their costs, whoever stores them. More memory makes up for less work, and not the other way round. None that
   * costs as much as a new one or more is replaced for its costs; one that is replaced for anything else gets the policy's.
   * Different ones are ranked: Argon2id, scrypt, Argon2i and Argon2d, bcrypt, PBKDF2 with SHA-512, with SHA-256, all others.
   * One of a higher rank than the policy's stays if it meets the defaults of its own, or, of Argon2 and scrypt, another of the
   * settings that OWASP holds to be as good. The rank does not look at the policy's
   * costs: Argon2id at next to none replaces bcrypt at any.
   *
   * @param stored What was stored.
   * @returns Whether to replace it when the password is next at hand.
   * @throws {CountersignError} `HASH_MALFORMED`, `HASH_UNSUPPORTED`, `HASH_COST_TOO_HIGH` as for
   * {@link PasswordHasher.verify}.
   * @example
   * ```ts
   * // A user without a password, or with what is no hash, would make it throw.
   * const hashes = users.map((user) => user.passwordHash).filter((hash) => hash !== null && hasher.identify(hash) !== null);
   * const weak = hashes.filter((hash) => hasher.needsRehash(hash)).length;
   * ```
   */
  needsRehash(stored: string): boolean {
    return JSON.parse(call(() => passwords.glue.needs_rehash(expectHash(stored), this.#policy)));
  }

  /**
   * How a stored hash was made, whatever this policy thinks of it: costs beyond the limits and schemes that are not
   * accepted are described like all others.
   *
   * @param stored What was stored.
   * @returns Its scheme, form and costs, and the id of its pepper; never its salt or its tag.
   * @throws {CountersignError} `HASH_MALFORMED`, `HASH_UNSUPPORTED` as for {@link PasswordHasher.verify}; `HASH_COST_TOO_HIGH`
   * beyond what can be computed at all: of bcrypt 31, of scrypt N = 2^32.
   * @example
   * ```ts
   * hasher.describe(stored); // { scheme: "argon2id", format: "phc", memoryKib: 19456, passes: 2, lanes: 1 }
   * ```
   */
  describe(stored: string): PasswordDescription {
    return JSON.parse(call(() => passwords.glue.describe(expectHash(stored))));
  }

  /**
   * The scheme of a stored hash by the way it begins, without a look at the rest.
   *
   * @param stored What was stored.
   * @returns The scheme, or `null` of what begins like no hash that is known.
   * @throws {CountersignError} `HASH_MALFORMED` not a string.
   * @example
   * ```ts
   * const old = users.filter(({ passwordHash }) => passwordHash !== null && hasher.identify(passwordHash) !== "argon2id");
   * ```
   */
  identify(stored: string): PasswordScheme | null {
    return (call(() => passwords.glue.identify(expectHash(stored))) as PasswordScheme | undefined) ?? null;
  }
}

/**
 * Hashes one password. A {@link PasswordHasher} that is kept does the same without reading its policy again.
 *
 * @param password The password, as typed.
 * @param policy How to hash; OWASP's recommendation by default.
 * @returns A string to store.
 * @throws {CountersignError} As {@link PasswordHasher} and {@link PasswordHasher.hash}.
 * @example
 * ```ts
 * const stored = hashPassword("correct horse battery staple");
 * ```
 */
export function hashPassword(password: string, policy?: PasswordPolicy): string {
  return new PasswordHasher(policy).hash(password);
}

/**
 * Checks one password.
 *
 * @param password The password, as typed.
 * @param stored What was stored for the user, or `null` where there is no such user.
 * @param policy What to accept and how much to spend on it.
 * @returns Whether it is the password that was hashed.
 * @throws {CountersignError} As {@link PasswordHasher} and {@link PasswordHasher.verify}.
 * @example
 * ```ts
 * verifyPassword("correct horse battery staple", stored); // true
 * ```
 */
export function verifyPassword(password: string, stored: string | null, policy?: PasswordPolicy): boolean {
  return new PasswordHasher(policy).verify(password, stored).ok;
}

/**
 * Hashes one password on another thread, as {@link PasswordHasher.hashAsync} does.
 *
 * @param password The password, as typed.
 * @param policy How to hash; OWASP's recommendation by default.
 * @param options `signal` gives it up.
 * @returns A string to store.
 * @throws {CountersignError} Rejects as {@link PasswordHasher} and {@link PasswordHasher.hashAsync}.
 * @example
 * ```ts
 * const stored = await hashPasswordAsync("correct horse battery staple");
 * ```
 */
export async function hashPasswordAsync(
  password: string,
  policy?: PasswordPolicy,
  options?: PasswordAsyncOptions,
): Promise<string> {
  return new PasswordHasher(policy).hashAsync(password, options);
}

/**
 * Checks one password on another thread, as {@link PasswordHasher.verifyAsync} does.
 *
 * @param password The password, as typed.
 * @param stored What was stored for the user, or `null` where there is no such user.
 * @param policy What to accept and how much to spend on it.
 * @param options `signal` gives it up.
 * @returns Whether it is the password that was hashed.
 * @throws {CountersignError} Rejects as {@link PasswordHasher} and {@link PasswordHasher.verifyAsync}.
 * @example
 * ```ts
 * await verifyPasswordAsync("correct horse battery staple", stored); // true
 * ```
 */
export async function verifyPasswordAsync(
  password: string,
  stored: string | null,
  policy?: PasswordPolicy,
  options?: PasswordAsyncOptions,
): Promise<boolean> {
  return (await new PasswordHasher(policy).verifyAsync(password, stored, options)).ok;
}
