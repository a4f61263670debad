/**
 * The `emailAndPassword.password` option for {@link https://www.better-auth.com | better-auth}, with a `PasswordHasher`.
 *
 * This entry imports nothing of better-auth and contains no wasm: you pass the hasher.
 *
 * @module
 */

import { CountersignError, type ErrorCode } from "./errors.js";
import { checkMethod, invalid, optionalFunction, readOptions } from "./options.js";

export { CountersignError, type ErrorCode } from "./errors.js";

/** Hashes and checks passwords: a `PasswordHasher`. Its asynchronous methods are used if it has them. */
export interface Hasher {
  checkHashable?(password: string): void;
  hash(password: string): string;
  hashAsync?(password: string): Promise<string>;
  verifyAndUpdate(password: string, stored: string | null): HasherAnswer;
  verifyAndUpdateAsync?(password: string, stored: string | null): Promise<HasherAnswer>;
}

/** The answer of a {@link Hasher} about a password. */
export interface HasherAnswer {
  ok: boolean;
  newHash?: string;
}

/** A stored hash and its replacement. */
export interface Rehash {
  /** The stored hash. It belongs to one user only, because every hash has its own salt. */
  hash: string;
  /** The new hash to store. */
  newHash: string;
}

/** A stored text that cannot be checked. */
export interface UnreadableHash {
  /** Why: its `code` begins with `HASH_`. Its message contains no part of the stored text and may be logged. */
  error: CountersignError;
  /** The stored text, to find the account. It may be part of a good hash, so do not log it. */
  hash: string;
}

/** Options of {@link betterAuthPassword}. */
export interface BetterAuthPasswordOptions {
  /**
   * Stores the new hash after a password matched a weaker one. better-auth does not tell which user it belongs to, so replace
   * the row that has the old hash. The log-in waits for this function, and fails if it throws.
   */
  onRehash?: (rehash: Rehash) => void | Promise<void>;
  /**
   * Receives stored texts that cannot be checked: not a hash (`HASH_MALFORMED`), a scheme or pepper that is not in the policy
   * (`HASH_UNSUPPORTED`), or costs above its limits (`HASH_COST_TOO_HIGH`). The password then counts as wrong, and the answer
   * takes as long as for a wrong one.
   *
   * Without this option the error is thrown, and better-auth logs it and answers 500. Otherwise a policy that locks out users
   * would look like forgotten passwords.
   */
  onUnreadableHash?: (unreadable: UnreadableHash) => void | Promise<void>;
}

/** The value of better-auth's option `emailAndPassword.password`. */
export interface BetterAuthPassword {
  hash(password: string): Promise<string>;
  verify(data: { hash: string; password: string }): Promise<boolean>;
}

/**
 * Makes better-auth hash and check passwords with a `PasswordHasher`.
 *
 * **Weak hashes.** better-auth's `verify` can only return true or false. `onRehash` is called when a password matched a hash
 * that is weaker than the policy. Update only the row that still has the old hash: of two log-ins at the same time one finds
 * it, and a password that was changed meanwhile stays changed.
 *
 * **Existing users.** better-auth normalizes passwords to NFKC. For its hashes, use a hasher with `normalize: "NFKC"`, and
 * with `accept: ["argon2id", "better-auth"]`: other software writes the same shape with other functions, and without `accept`
 * a wrong password is tried with each of them, which takes more than twice the time.
 *
 * **Errors.** A password that cannot be hashed (`PASSWORD_INVALID`, `PASSWORD_TOO_LONG`) is answered with 400, as better-auth
 * answers one above its `maxPasswordLength`. The answer is the same for sign-up and sign-in, and whether or not the user
 * exists: for an unknown user better-auth calls `hash`, which takes as long as a check. A full password queue
 * (`PASSWORD_QUEUE_FULL`) is answered with 503 and `Retry-After`.
 *
 * @param hasher A `PasswordHasher` of `countersign` or `countersign/password`.
 * @param options See {@link BetterAuthPasswordOptions}.
 * @returns The value of the option `emailAndPassword.password` of `betterAuth`.
 * @throws {CountersignError} `OPTION_INVALID`: an option is unknown or of the wrong type, or `hasher` is not a hasher. The
 * returned functions reject as the hasher throws. Errors that better-auth must answer with 400 or 503 have the name
 * `APIError`, by which it recognizes them, and the members that it reads.
 * @example
 * ```ts
 * const auth = betterAuth({
 *   database,
 *   emailAndPassword: {
 *     enabled: true,
 *     password: betterAuthPassword(new PasswordHasher({ normalize: "NFKC", accept: ["argon2id", "better-auth"] }), {
 *       async onRehash({ hash, newHash }) {
 *         const { adapter } = await auth.$context;
 *         const where = [{ field: "password", value: hash }];
 *         await adapter.updateMany({ model: "account", where, update: { password: newHash } });
 *       },
 *       onUnreadableHash: ({ error }) => console.error(error.code),
 *     }),
 *   },
 * });
 * ```
 */
export function betterAuthPassword(hasher: Hasher, options: BetterAuthPasswordOptions = {}): BetterAuthPassword {
  checkMethod("hasher", hasher, "verifyAndUpdate", "new PasswordHasher()");
  const { onRehash, onUnreadableHash } = readOptions(options, {
    onRehash: optionalFunction<NonNullable<BetterAuthPasswordOptions["onRehash"]>>(),
    onUnreadableHash: optionalFunction<NonNullable<BetterAuthPasswordOptions["onUnreadableHash"]>>(),
  });

  const check = async (password: string, stored: string | null): Promise<HasherAnswer> => {
    const answer = await (hasher.verifyAndUpdateAsync?.(password, stored) ?? hasher.verifyAndUpdate(password, stored));
    // better-auth lets everybody in whose password is not falsy.
    if (typeof answer?.ok === "boolean") return answer;
    throw invalid('"verifyAndUpdate" of the hasher must return { ok, newHash }, where ok is true or false');
  };

  async function checkStored(password: string, hash: string): Promise<HasherAnswer> {
    try {
      // The hasher would take `null` for an unknown user.
      if (hash === null) throw new CountersignError("HASH_MALFORMED", "stored hash is not a string");
      return await check(password, hash);
    } catch (error) {
      // Too long for this hash only, such as bcrypt: a wrong password. `verify` below has refused what no hash can be made of.
      if (codeOf(error) === "PASSWORD_TOO_LONG" && hasher.checkHashable !== undefined) return { ok: false };
      if (onUnreadableHash === undefined || !isHashError(error)) throw error;
      await onUnreadableHash({ error, hash });
      // Otherwise the response time would reveal that the user exists.
      await check(password, null);
      return { ok: false };
    }
  }

  /** Refuses a wrong password that cannot be hashed in the same way as for an unknown user. */
  async function verify(password: string, hash: string): Promise<HasherAnswer> {
    const answer = await checkStored(password, hash);
    if (!answer.ok) hasher.checkHashable?.(password);
    return answer;
  }

  return {
    async hash(password) {
      return withApiErrors(async () => hasher.hashAsync?.(password) ?? hasher.hash(password));
    },
    async verify({ hash, password }) {
      const { ok, newHash } = await withApiErrors(() => verify(password, hash));
      if (ok && newHash !== undefined) await onRehash?.({ hash, newHash });
      return ok;
    },
  };
}

// Recognized by the code, not the class: hasher and this file may be of different builds, ES modules and CommonJS.
function isHashError(error: unknown): error is CountersignError {
  return codeOf(error)?.startsWith("HASH_") === true;
}

function codeOf(error: unknown): ErrorCode | undefined {
  return error instanceof Error ? (error as Partial<CountersignError>).code : undefined;
}

/** What better-auth answers to some errors. Codes and texts are those of better-auth, where it has them. */
const API_ERRORS: Partial<Record<ErrorCode, object>> = {
  PASSWORD_INVALID: apiError("BAD_REQUEST", 400, "INVALID_PASSWORD", "Invalid password"),
  PASSWORD_QUEUE_FULL: apiError(
    "SERVICE_UNAVAILABLE",
    503,
    "PASSWORD_QUEUE_FULL",
    "Too many log-ins at the same time",
    {
      "Retry-After": "3",
    },
  ),
  PASSWORD_TOO_LONG: apiError("BAD_REQUEST", 400, "PASSWORD_TOO_LONG", "Password too long"),
};

function apiError(status: string, statusCode: number, code: string, message: string, headers = {}): object {
  return { name: "APIError", status, statusCode, body: { code, message }, headers };
}

/**
 * Runs `work`, and gives errors of `API_ERRORS` the members that better-auth reads. better-auth recognizes them by the name
 * `APIError`, whatever their class. Its own class would be another dependency.
 */
async function withApiErrors<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const code = codeOf(error);
    throw code === undefined ? error : Object.assign(error as CountersignError, API_ERRORS[code]);
  }
}
