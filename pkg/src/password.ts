/**
 * Hashing and checking passwords.
 *
 * The Rust core makes every decision. It computes on the caller's thread (`hashing.ts`) or on a thread of the pool
 * (`pool/`).
 */

import { type PasswordCallOptions, readAccount } from "./account-option.js";
import { refuseCallback } from "./callback.js";
import { KIND, type Kind, kindOf, notThis } from "./handle.js";
import { askNeedsRehash, callPasswords, createTask, expectHash, runTask } from "./hashing.js";
import { passwords } from "./load/instances.js";
import type {
  PasswordDescription,
  PasswordPolicy,
  PasswordScheme,
  PasswordUpdate,
  PasswordVerdict,
} from "./password-types.js";
import { policyRefusal } from "./policy-hints.js";
import { type PasswordAsyncOptions, runInPool } from "./pool/password-pool.js";

export type { PasswordCallOptions } from "./account-option.js";
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
} from "./pool/password-pool.js";

/**
 * Hashes and checks passwords with one policy. Keep it: it reads the policy once.
 *
 * `hash`, `verify` and `verifyAndUpdate` block the thread while they compute, by default for 15 to 30 ms. `hashAsync` and
 * the other asynchronous methods use another thread.
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
  // A checked copy of the caller's policy. Later changes to the caller's object have no effect.
  readonly #policy: unknown;

  /**
   * @param policy How to hash and check. Default: OWASP's recommendation for Argon2id.
   * @throws {CountersignError} `OPTION_INVALID`: an option is unknown, of the wrong type or out of range; `params` exceed
   * `limits` or belong to another scheme; `preset` is given together with `scheme` or `params`; `accept` does not contain
   * the scheme of new hashes; two peppers have the same id.
   * @example
   * ```ts
   * const hasher = new PasswordHasher({ params: { memoryKib: 47104, passes: 1 } });
   * const peppered = new PasswordHasher({ pepper: { current: { id: "2027", key: "0123456789abcdef" } } });
   * ```
   */
  constructor(policy?: PasswordPolicy) {
    try {
      this.#policy = callPasswords(() => passwords.glue.read_policy(policy));
    } catch (thrown) {
      throw policyRefusal(thrown);
    }
  }

  /**
   * Hashes a password with a new random salt, and returns the text to store. Argon2id and scrypt use the PHC format, bcrypt
   * uses `$2b$…`, PBKDF2 uses passlib's format.
   *
   * The empty password is hashed like any other: `checkPassword` of `countersign/strength` decides which passwords are good
   * enough. bcrypt reads only 72 bytes, so with bcrypt and without a pepper, longer passwords are refused.
   *
   * A call takes as long as `verify` with `null`, also if it refuses the password. So it can stand in for a check when a
   * user does not exist.
   *
   * @param password The password, as the user typed it.
   * @param options `account` binds the hash to an account.
   * @returns For example `$argon2id$v=19$m=19456,t=2,p=1$…$…`, 97 characters.
   * @throws {CountersignError} `PASSWORD_INVALID`: not a string; a lone surrogate; or, without a pepper, a NUL with bcrypt,
   * or a NUL at the end with scrypt or PBKDF2. These schemes cannot tell such a password from others. `PASSWORD_TOO_LONG`:
   * longer than `limits.passwordBytes`, or than the 72 bytes of bcrypt. `OUT_OF_MEMORY`. `OPTION_INVALID`: `account` is not 1 to
   * 256 bytes, or the policy has no pepper.
   * @example
   * ```ts
   * await storeHash(name, hasher.hash(password));
   * ```
   */
  hash(password: string, options?: PasswordCallOptions): string;
  hash(password: string, options?: PasswordCallOptions, callback?: unknown): string {
    refuseCallback(options, callback);
    return runTask(createTask("hash", password, null, PasswordHasher.#policyOf(this), readAccount(options)));
  }

  /**
   * Throws what {@link PasswordHasher.hash} would throw for this password, without computing a hash. Use it to validate a
   * form.
   *
   * @param password The password, as the user typed it.
   * @throws {CountersignError} `PASSWORD_INVALID`, `PASSWORD_TOO_LONG`: as {@link PasswordHasher.hash}.
   * @example
   * ```ts
   * hasher.checkHashable(password);
   * ```
   */
  checkHashable(password: string): void {
    runTask(createTask("checkHashable", password, null, PasswordHasher.#policyOf(this)));
  }

  /**
   * Checks a password. A wrong password is an answer, not an error.
   *
   * **Unknown users.** Pass `null`: it takes as long as a check of a new hash, and the answer is no. A hash of another scheme
   * or cost takes its own time, one with several readings (see below) the time of all of them, and an unreadable one is refused
   * at once. If you answer an error with a `HASH_` code like a
   * wrong password, first call this again with `null`, so that the response time does not reveal it.
   *
   * **bcrypt** compares only the first 72 bytes, as all bcrypt software does. If a password of 72 bytes or more matches,
   * `needsRehash` is true: any continuation of those 72 bytes logs in as well. The new hash then counts the whole password as
   * typed. If the user made a typo after byte 72, the mistyped password becomes the password.
   *
   * **NUL characters.** A password with a NUL never matches a bcrypt hash, and one with a NUL at its end never matches scrypt
   * or PBKDF2, because these cannot tell it from other passwords.
   *
   * **Argon2 with a secret** matches no password without the policy's `argon2Secret`, because the hash does not say that it has one.
   *
   * **Other forms of the password.** If the normalized password does not match a hash without pepper, the password is also
   * checked as typed, because most software hashes it so. A WordPress hash (`$wp$2y$`, `$P$`) is also checked with a
   * backslash before each `'`, `"`, `\` and NUL. A phpBB hash (`$H$`) is also checked with `&`, `<`, `>` and `"` escaped as
   * in HTML. A new hash is made of the password as typed.
   *
   * **Several readings.** Programs write `<salt>:<key>` in hexadecimal with different functions: better-auth's scrypt, Node's
   * default scrypt, PBKDF2. Each reading that is within `limits` is tried, so a wrong password takes longer than the right one
   * and longer than `null`. Name the scheme of your table in `accept`, and only that one is tried.
   *
   * **Accounts.** With the option `account`, a hash that was made for another account matches no password. A hash that is bound to
   * no account is accepted, with `needsRehash`, unless `pepper.required` is set. Without the option, a bound hash is refused.
   *
   * **Work.** All computations of one call cost at most twice what `limits` allow for one. Forms of the password that do not
   * fit are left out.
   *
   * `needsRehash` is false, and `verifyAndUpdate` makes no new hash, if the stored form also accepts other passwords that a
   * new hash would refuse: where WordPress removed white space, where a character may be an escape of WordPress or phpBB,
   * or where better-auth normalized to NFKC.
   *
   * @param password The password, as the user typed it.
   * @param stored The stored hash, or `null` if there is no such user.
   * @param options `account` is the account that is logging in.
   * @returns Whether the password is right, whether to store a new hash, and the scheme of the stored one.
   * @throws {CountersignError} `HASH_MALFORMED`: the stored text is not a hash, or is `undefined`; or the password
   * does not match, and the text is probably an Argon2 hash that a narrow column cut. `HASH_UNSUPPORTED`: its
   * scheme or version is unknown or not in `accept`, another import reads its format, or its pepper is not in the policy;
   * it lacks what `pepper.required` demands; or it is bound to an account, and the call names none. `OPTION_INVALID`: `account` is
   * not 1 to 256 bytes, or the policy has no pepper.
   * `HASH_COST_TOO_HIGH`: it exceeds `limits`, whatever the password is; scrypt at its default cost of 128 MiB does, unless the
   * policy makes scrypt hashes or raises `limits.scryptMemoryKib`. `PASSWORD_INVALID`: not a string, or a lone surrogate.
   * `PASSWORD_TOO_LONG`. `OUT_OF_MEMORY`.
   * @example
   * ```ts
   * if (!hasher.verify(password, user?.passwordHash ?? null).ok) return unauthorized();
   * ```
   */
  verify(password: string, stored: string | null, options?: PasswordCallOptions): PasswordVerdict;
  verify(password: string, stored: string | null, options?: PasswordCallOptions, callback?: unknown): PasswordVerdict {
    refuseCallback(options, callback);
    return JSON.parse(
      runTask(createTask("verify", password, stored, PasswordHasher.#policyOf(this), readAccount(options))),
    );
  }

  /**
   * Checks a password like {@link PasswordHasher.verify}, and makes a new hash if the right password matched a weaker one.
   * If the policy makes bcrypt hashes and the password has more than 72 bytes, there is no new hash.
   *
   * @param password The password, as the user typed it.
   * @param stored The stored hash, or `null` if there is no such user.
   * @param options `account` is the account that is logging in.
   * @returns Whether the password is right, and the hash to store instead of the old one, if any.
   * @throws {CountersignError} As {@link PasswordHasher.verify}.
   * @example
   * ```ts
   * const { ok, newHash } = hasher.verifyAndUpdate(password, user.hash);
   * // Replace only the hash that was checked: the password may have been changed meanwhile.
   * if (newHash !== undefined) await sql`UPDATE users SET hash = ${newHash} WHERE id = ${id} AND hash = ${stored}`;
   * ```
   */
  verifyAndUpdate(password: string, stored: string | null, options?: PasswordCallOptions): PasswordUpdate;
  verifyAndUpdate(
    password: string,
    stored: string | null,
    options?: PasswordCallOptions,
    callback?: unknown,
  ): PasswordUpdate {
    refuseCallback(options, callback);
    return JSON.parse(
      runTask(createTask("verifyAndUpdate", password, stored, PasswordHasher.#policyOf(this), readAccount(options))),
    );
  }

  /**
   * Does the same as {@link PasswordHasher.hash} on another thread: a worker thread in Node, Deno and Bun, a Web Worker in
   * browsers.
   *
   * The threads belong to the pool, which {@link configurePasswordPool} configures. They start with the first call and do
   * not keep the process alive. Some places have no threads: Workers and other edge runtimes, Node before 20.16, and pages
   * whose Content-Security-Policy forbids `blob:` workers. There, the call blocks its own thread before it returns the
   * promise.
   *
   * @param password The password, as the user typed it.
   * @param options `signal` aborts the call. `account` is that of the hash. `account` is that of the hash.
   * @returns The text to store.
   * @throws {CountersignError} Rejects as {@link PasswordHasher.hash} throws. `PASSWORD_QUEUE_FULL`: too many tasks wait
   * already. `INTERNAL`: the thread crashed. With an aborted signal, it rejects with the signal's reason, which is not a
   * `CountersignError`.
   * @example
   * ```ts
   * await storeHash(name, await hasher.hashAsync(password, { signal: AbortSignal.timeout(5000) }));
   * ```
   */
  hashAsync(password: string, options?: PasswordAsyncOptions): Promise<string>;
  async hashAsync(password: string, options?: PasswordAsyncOptions, callback?: unknown): Promise<string> {
    refuseCallback(options, callback);
    return runInPool("hash", password, null, PasswordHasher.#policyOf(this), options);
  }

  /**
   * Does the same as {@link PasswordHasher.verify} on another thread, as {@link PasswordHasher.hashAsync} describes.
   *
   * @param password The password, as the user typed it.
   * @param stored The stored hash, or `null` if there is no such user.
   * @param options `signal` aborts the call. `account` is that of the hash. `account` is that of the hash.
   * @returns Whether the password is right, whether to store a new hash, and the scheme of the stored one.
   * @throws {CountersignError} Rejects as {@link PasswordHasher.verify} throws, and as {@link PasswordHasher.hashAsync}.
   * @example
   * ```ts
   * const { ok } = await hasher.verifyAsync(password, user?.passwordHash ?? null);
   * ```
   */
  verifyAsync(password: string, stored: string | null, options?: PasswordAsyncOptions): Promise<PasswordVerdict>;
  async verifyAsync(
    password: string,
    stored: string | null,
    options?: PasswordAsyncOptions,
    callback?: unknown,
  ): Promise<PasswordVerdict> {
    refuseCallback(options, callback);
    return JSON.parse(await runInPool("verify", password, stored, PasswordHasher.#policyOf(this), options));
  }

  /**
   * Does the same as {@link PasswordHasher.verifyAndUpdate} on another thread, as {@link PasswordHasher.hashAsync}
   * describes.
   *
   * @param password The password, as the user typed it.
   * @param stored The stored hash, or `null` if there is no such user.
   * @param options `signal` aborts the call. `account` is that of the hash. `account` is that of the hash.
   * @returns Whether the password is right, and the hash to store instead of the old one, if any.
   * @throws {CountersignError} Rejects as {@link PasswordHasher.verify} throws, and as {@link PasswordHasher.hashAsync}.
   * @example
   * ```ts
   * const { ok, newHash } = await hasher.verifyAndUpdateAsync(password, stored);
   * if (newHash !== undefined) await storeHash(name, newHash);
   * ```
   */
  verifyAndUpdateAsync(
    password: string,
    stored: string | null,
    options?: PasswordAsyncOptions,
  ): Promise<PasswordUpdate>;
  async verifyAndUpdateAsync(
    password: string,
    stored: string | null,
    options?: PasswordAsyncOptions,
    callback?: unknown,
  ): Promise<PasswordUpdate> {
    refuseCallback(options, callback);
    return JSON.parse(await runInPool("verifyAndUpdate", password, stored, PasswordHasher.#policyOf(this), options));
  }

  /**
   * Tells whether a stored hash is weaker than a new one: a weaker scheme or an older version, lower costs, a salt or tag of
   * less than 128 bits, no pepper or a previous one. Whether a new hash can be made of a certain password, only
   * {@link PasswordHasher.verify} can tell.
   *
   * **Same scheme.** Costs are compared, whichever software stored the hash. More memory makes up for fewer passes, but not
   * the other way round. Hashes with equal or higher costs are kept. A hash that is replaced for another reason gets the
   * costs of the policy.
   *
   * **Different schemes.** The order is Argon2id, scrypt, Argon2i and Argon2d, bcrypt, PBKDF2 with SHA-512, PBKDF2 with
   * SHA-256, all others. A stored hash of a stronger scheme is kept if it reaches the default costs of its scheme or, for
   * Argon2 and scrypt, another setting that OWASP considers equivalent. The order does not depend on the costs of the
   * policy: Argon2id at very low costs still replaces bcrypt at any.
   *
   * @param stored The stored hash.
   * @param options With `account`, a hash that is bound to no account is weaker. Whose account it is bound to, only
   * {@link PasswordHasher.verify} can tell.
   * @returns Whether to replace it when the user logs in next.
   * @throws {CountersignError} `HASH_MALFORMED`, `HASH_UNSUPPORTED`, `HASH_COST_TOO_HIGH`: as {@link PasswordHasher.verify}.
   * @example
   * ```ts
   * // Without the filter, a user without a password would make it throw.
   * const hashes = users.map((user) => user.passwordHash).filter((hash) => hash !== null && hasher.identify(hash) !== null);
   * const weak = hashes.filter((hash) => hasher.needsRehash(hash)).length;
   * ```
   */
  needsRehash(stored: string, options?: PasswordCallOptions): boolean {
    return JSON.parse(askNeedsRehash(stored, PasswordHasher.#policyOf(this), readAccount(options)));
  }

  /**
   * Describes how a stored hash was made. The policy does not matter: hashes that exceed `limits` or are not in `accept` are
   * described as well.
   *
   * @param stored The stored hash.
   * @returns Its scheme, form, costs and the id of its pepper. It contains neither the salt nor the tag.
   * @throws {CountersignError} `HASH_MALFORMED`, `HASH_UNSUPPORTED`: as {@link PasswordHasher.verify}. `HASH_COST_TOO_HIGH`:
   * nothing could compute it, such as bcrypt with cost 31 or scrypt with N = 2^32.
   * @example
   * ```ts
   * hasher.describe(stored); // { scheme: "argon2id", format: "phc", memoryKib: 19456, passes: 2, lanes: 1 }
   * ```
   */
  describe(stored: string): PasswordDescription {
    return JSON.parse(callPasswords(() => passwords.glue.describe(expectHash(stored))));
  }

  /**
   * Tells the scheme of a stored hash from its beginning, without reading the rest.
   *
   * @param stored The stored hash.
   * @returns The scheme, or `null` if no known hash begins like this.
   * @throws {CountersignError} `HASH_MALFORMED`: not a string.
   * @example
   * ```ts
   * const old = users.filter(({ passwordHash }) => passwordHash !== null && hasher.identify(passwordHash) !== "argon2id");
   * ```
   */
  identify(stored: string): PasswordScheme | null {
    return (callPasswords(() => passwords.glue.identify(expectHash(stored))) as PasswordScheme | undefined) ?? null;
  }

  /** @internal Vue leaves objects with this property as they are: its proxies could not reach the private fields. */
  get __v_skip(): true {
    return true;
  }

  /** @internal */
  get [KIND](): Kind {
    return kindOf("PasswordHasher");
  }

  static #policyOf(value: unknown): unknown {
    if (typeof value !== "object" || value === null || !(#policy in value)) throw notThis(value, "OPTION_INVALID");
    return value.#policy;
  }
}

/**
 * Hashes one password. For many, a {@link PasswordHasher} is faster, because it reads its policy once.
 *
 * @param password The password, as the user typed it.
 * @param policy How to hash. Default: OWASP's recommendation for Argon2id.
 * @param options `account` binds the hash to an account.
 * @returns The text to store.
 * @throws {CountersignError} As the constructor of {@link PasswordHasher} and {@link PasswordHasher.hash}.
 * @example
 * ```ts
 * const stored = hashPassword("correct horse battery staple");
 * ```
 */
export function hashPassword(password: string, policy?: PasswordPolicy, options?: PasswordCallOptions): string;
export function hashPassword(
  password: string,
  policy?: PasswordPolicy,
  options?: PasswordCallOptions,
  callback?: unknown,
): string {
  refuseCallback(policy, options, callback);
  return new PasswordHasher(policy).hash(password, options);
}

/**
 * Checks one password.
 *
 * @param password The password, as the user typed it.
 * @param stored The stored hash, or `null` if there is no such user.
 * @param policy Which hashes to accept, and how much a check may cost.
 * @param options `account` is the account that is logging in.
 * @returns Whether the password is right.
 * @throws {CountersignError} As the constructor of {@link PasswordHasher} and {@link PasswordHasher.verify}.
 * @example
 * ```ts
 * verifyPassword("correct horse battery staple", stored); // true
 * ```
 */
export function verifyPassword(
  password: string,
  stored: string | null,
  policy?: PasswordPolicy,
  options?: PasswordCallOptions,
): boolean;
export function verifyPassword(
  password: string,
  stored: string | null,
  policy?: PasswordPolicy,
  options?: PasswordCallOptions,
  callback?: unknown,
): boolean {
  refuseCallback(policy, options, callback);
  return new PasswordHasher(policy).verify(password, stored, options).ok;
}

/**
 * Hashes one password on another thread, as {@link PasswordHasher.hashAsync} describes.
 *
 * @param password The password, as the user typed it.
 * @param policy How to hash. Default: OWASP's recommendation for Argon2id.
 * @param options `signal` aborts the call. `account` is that of the hash.
 * @returns The text to store.
 * @throws {CountersignError} Rejects as the constructor of {@link PasswordHasher} throws, and as
 * {@link PasswordHasher.hashAsync}.
 * @example
 * ```ts
 * const stored = await hashPasswordAsync("correct horse battery staple");
 * ```
 */
export function hashPasswordAsync(
  password: string,
  policy?: PasswordPolicy,
  options?: PasswordAsyncOptions,
): Promise<string>;
export async function hashPasswordAsync(
  password: string,
  policy?: PasswordPolicy,
  options?: PasswordAsyncOptions,
  callback?: unknown,
): Promise<string> {
  refuseCallback(policy, options, callback);
  return new PasswordHasher(policy).hashAsync(password, options);
}

/**
 * Checks one password on another thread, as {@link PasswordHasher.verifyAsync} does.
 *
 * @param password The password, as the user typed it.
 * @param stored The stored hash, or `null` if there is no such user.
 * @param policy Which hashes to accept, and how much a check may cost.
 * @param options `signal` aborts the call. `account` is that of the hash.
 * @returns Whether the password is right.
 * @throws {CountersignError} Rejects as the constructor of {@link PasswordHasher} throws, and as
 * {@link PasswordHasher.verifyAsync}.
 * @example
 * ```ts
 * await verifyPasswordAsync("correct horse battery staple", stored); // true
 * ```
 */
export function verifyPasswordAsync(
  password: string,
  stored: string | null,
  policy?: PasswordPolicy,
  options?: PasswordAsyncOptions,
): Promise<boolean>;
export async function verifyPasswordAsync(
  password: string,
  stored: string | null,
  policy?: PasswordPolicy,
  options?: PasswordAsyncOptions,
  callback?: unknown,
): Promise<boolean> {
  refuseCallback(policy, options, callback);
  return (await new PasswordHasher(policy).verifyAsync(password, stored, options)).ok;
}
