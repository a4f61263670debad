/**
 * Passwords: the documented face of the Rust core's `password` module.
 *
 * Everything is decided in the core. This file checks what only JavaScript can see (types, lone surrogates), hands over,
 * and keeps the module small: what a call left on its stack is wiped, and a memory that a large hash made grow is
 * given back.
 */

import { utf8 } from "./bytes.js";
import { CountersignError } from "./errors.js";
import { hash, needs_rehash, read_policy, verify, verify_and_update } from "./glue/password.js";
import { passwords } from "./load/instances.js";
import { restartPasswords } from "./load/passwords.js";

export { CountersignError, type ErrorCode } from "./errors.js";

/** How a stored hash was made. */
export type PasswordScheme = "argon2d" | "argon2i" | "argon2id";

/** How passwords are hashed and checked. Whatever is left out keeps its default, and the defaults are sound. */
export interface PasswordPolicy {
  /** The scheme of new hashes: `"argon2id"`, by default and as the only choice. */
  scheme?: "argon2id";
  /**
   * What a new hash costs: by default OWASP's 19456 KiB and 2 passes, in 1 lane, some 30 ms. Memory counts most: raise it
   * first. Nothing that RFC 9106 allows is refused as too weak.
   */
  params?: {
    /** Memory in KiB, from 8 for each lane to `limits.memoryKib`; 19456 by default. */
    memoryKib?: number;
    /** Passes over the memory, from 1 to `limits.passes`; 2 by default. */
    passes?: number;
    /** Lanes, from 1 to `limits.lanes`; 1 by default, as one thread computes them all. */
    lanes?: number;
  };
  /**
   * The schemes of stored hashes that are checked at all; every one that is known by default. A hash of another scheme
   * than that of new hashes is always one to replace.
   */
  accept?: PasswordScheme[];
  /**
   * The Unicode form of passwords: `"NFC"` by default (NIST SP 800-63B-4), so that an `é` typed in two ways is one;
   * `"NFKC"` or `"none"` for the hashes of systems that did so.
   */
  normalize?: "NFC" | "NFKC" | "none";
  /** The most that is spent on one password, however a stored hash came to be. */
  limits?: {
    /** The most memory in KiB that a hash may ask for: 65536 by default, half of a Worker; from 8 to 4194304. */
    memoryKib?: number;
    /** The most passes: 16 by default, from 1 to 4294967295. */
    passes?: number;
    /** The most lanes: 16 by default, from 1 to 16777215. */
    lanes?: number;
    /** The longest password in bytes of UTF-8: 4096 by default, from 1 to 65536. */
    passwordBytes?: number;
  };
}

/** The answer to a check. */
export interface PasswordVerdict {
  /** Whether this is the password that was hashed. */
  ok: boolean;
  /** Whether to store a new hash of the password now; only ever true with `ok`. */
  needsRehash: boolean;
  /** The scheme of the stored hash; `null` where there was none. */
  scheme: PasswordScheme | null;
}

/** The answer to a check that renews what has become too weak. */
export interface PasswordUpdate {
  /** Whether this is the password that was hashed. */
  ok: boolean;
  /** What to store in place of the hash that was checked, where that is weaker than the policy. */
  newHash?: string;
}

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
   * beyond `limits`, or `accept` without the scheme of new hashes. What a hasher makes, it can check.
   * @example
   * ```ts
   * const hasher = new PasswordHasher({ params: { memoryKib: 47104, passes: 1 } });
   * ```
   */
  constructor(policy?: PasswordPolicy) {
    this.#policy = call(() => read_policy(policy));
  }

  /**
   * A string to store: Argon2id in the PHC format, with a fresh random salt.
   *
   * The empty password is hashed like any other: which passwords are good enough is for you to say.
   *
   * @param password The password, as typed.
   * @returns For example `$argon2id$v=19$m=19456,t=2,p=1$…$…`, 97 characters.
   * @throws {CountersignError} `PASSWORD_INVALID` not a string, or one with lone surrogates; `PASSWORD_TOO_LONG`;
   * `OUT_OF_MEMORY`.
   * @example
   * ```ts
   * await storeHash(name, hasher.hash(password));
   * ```
   */
  hash(password: string): string {
    return withPassword(password, (bytes) => hash(bytes, this.#policy));
  }

  /**
   * Checks a password. A wrong one is an answer, not an error.
   *
   * @param password The password, as typed.
   * @param stored What was stored for the user, or `null` where there is no such user: that takes as long as a check
   * against a new hash, and the answer is no.
   * @returns Whether it is the password, whether to store a new hash of it, and how the stored one was made.
   * @throws {CountersignError} `HASH_MALFORMED` what is stored is not a hash, or is `undefined`; `HASH_UNSUPPORTED` of a
   * scheme or version that is unknown or not accepted, or keyed; `HASH_COST_TOO_HIGH` beyond the policy's limits;
   * `PASSWORD_INVALID` not a string, or one with lone surrogates; `PASSWORD_TOO_LONG`; `OUT_OF_MEMORY`.
   * @example
   * ```ts
   * if (!hasher.verify(password, user?.passwordHash ?? null).ok) return unauthorized();
   * ```
   */
  verify(password: string, stored: string | null): PasswordVerdict {
    return JSON.parse(withPassword(password, (bytes) => verify(bytes, expectStored(stored), this.#policy)));
  }

  /**
   * Checks as {@link PasswordHasher.verify} does, and makes a new hash where the password matched a weaker one.
   *
   * @param password The password, as typed.
   * @param stored What was stored for the user, or `null` where there is no such user.
   * @returns Whether it is the password, and what to store in place of the old hash, if anything.
   * @throws {CountersignError} As {@link PasswordHasher.verify}.
   * @example
   * ```ts
   * const { ok, newHash } = hasher.verifyAndUpdate(password, stored);
   * if (newHash !== undefined) await storeHash(name, newHash);
   * ```
   */
  verifyAndUpdate(password: string, stored: string | null): PasswordUpdate {
    return JSON.parse(withPassword(password, (bytes) => verify_and_update(bytes, expectStored(stored), this.#policy)));
  }

  /**
   * Whether a stored hash is weaker than a new one would be: not Argon2id, of an older version, with a shorter salt or
   * tag, with less memory, or with less work in all (memory times passes). Never merely for being different.
   *
   * @param stored What was stored.
   * @returns Whether to replace it when the password is next at hand.
   * @throws {CountersignError} `HASH_MALFORMED`, `HASH_UNSUPPORTED`, `HASH_COST_TOO_HIGH` as for
   * {@link PasswordHasher.verify}.
   * @example
   * ```ts
   * const weak = users.filter((user) => hasher.needsRehash(user.passwordHash)).length;
   * ```
   */
  needsRehash(stored: string): boolean {
    if (stored === null) throw new CountersignError("HASH_MALFORMED", "stored hash is not a string");
    return call(() => needs_rehash(expectStored(stored) ?? "", this.#policy));
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

/** One more than the core ever reads of a text: of a longer one it only needs to know that it is longer. */
const PASSWORD_BYTES = 65_537;
const STORED_CHARACTERS = 513;

/** The memory that is kept for the next call: enough for a hash at the default cost, too little for one of 32 MiB. */
const MEMORY_KEPT = 32 * 1024 * 1024;

function withPassword<T>(password: string, use: (bytes: Uint8Array) => T): T {
  if (typeof password !== "string") throw new CountersignError("PASSWORD_INVALID", "password is not a string");
  const bytes = utf8(password);
  if (bytes === undefined) throw new CountersignError("PASSWORD_INVALID", "password has a lone surrogate");
  try {
    return call(() => use(bytes.length < PASSWORD_BYTES ? bytes : new Uint8Array(PASSWORD_BYTES)));
  } finally {
    bytes.fill(0);
  }
}

function expectStored(stored: string | null): string | undefined {
  if (stored === null) return undefined;
  if (typeof stored === "string") return stored.slice(0, STORED_CHARACTERS);
  throw new CountersignError("HASH_MALFORMED", "stored hash is neither a string nor null");
}

/** How many calls stand inside one another: a getter of the caller's policy may call again. */
let depth = 0;
let mustRestart = false;

/** A call into the module, which leaves nothing behind: no secret on the stack, no memory beyond what is kept. */
function call<T>(into: () => T): T {
  const { stackPointer } = passwords;
  depth += 1;
  try {
    return into();
  } catch (thrown) {
    mustRestart ||= !(thrown instanceof CountersignError);
    throw passwords.recover(thrown, stackPointer);
  } finally {
    depth -= 1;
    passwords.wipeStack();
    // The call outside still runs in the old instance.
    if (depth === 0) tidy();
  }
}

function tidy(): void {
  if (passwords.loaded && (mustRestart || MEMORY_KEPT < passwords.memoryBytes)) restartPasswords();
  mustRestart = false;
}
