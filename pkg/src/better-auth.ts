/**
 * Passwords of a {@link https://www.better-auth.com | better-auth} application: what its `emailAndPassword.password` takes.
 *
 * It brings nothing of better-auth along and carries no wasm: the hasher is handed in.
 *
 * @module
 */

import { CountersignError, type ErrorCode } from "./errors.js";
import { checkFunction, checkMethod, readOptions } from "./options.js";

export { CountersignError, type ErrorCode } from "./errors.js";

/** What makes and checks hashes: a `PasswordHasher`. Where it can work beside the thread that calls it, it is made to. */
export interface Hasher {
  checkHashable?(password: string): void;
  hash(password: string): string;
  hashAsync?(password: string): Promise<string>;
  verifyAndUpdate(password: string, stored: string | null): HasherAnswer;
  verifyAndUpdateAsync?(password: string, stored: string | null): Promise<HasherAnswer>;
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

/** A stored text that no password can be checked against. */
export interface UnreadableHash {
  /** Its `code` says why, and begins with `HASH_`. Its message has no part of the text in it, and may be logged. */
  error: CountersignError;
  /** What is stored, for finding the account. It may be half of a good hash: keep it out of logs. */
  hash: string;
}

/** Options of {@link betterAuthPassword}. */
export interface BetterAuthPasswordOptions {
  /**
   * Stores the new hash of a password that matched a weaker one, in place of the old one and of no other: better-auth does
   * not say whose it is. The log-in waits for it, and fails with what it throws.
   */
  onRehash?: (rehash: Rehash) => void | Promise<void>;
  /**
   * Is told of what is stored and cannot be checked: no hash (`HASH_MALFORMED`), a scheme or a pepper that the policy does
   * not have (`HASH_UNSUPPORTED`), costs beyond its limits (`HASH_COST_TOO_HIGH`). Then the password is wrong, and takes as
   * long as a wrong one. Without it the error is thrown, and better-auth logs it and answers 500: a policy that shuts users
   * out is not to look like forgotten passwords.
   */
  onUnreadableHash?: (unreadable: UnreadableHash) => void | Promise<void>;
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
 * better-auth hashes the NFKC form of a password; a hasher with `normalize: "NFKC"` goes on so.
 *
 * A password that nobody can have (`PASSWORD_INVALID`, `PASSWORD_TOO_LONG`) is answered 400, as better-auth itself answers
 * one over its `maxPasswordLength`, and alike when signing up and in and whether or not there is such a user: for an
 * unknown one better-auth calls `hash`, which takes as long as a check. More passwords at once than the threads and their
 * queue take (`PASSWORD_QUEUE_FULL`) are answered 503, with `Retry-After`.
 *
 * @param hasher A `PasswordHasher` of `countersign` or `countersign/password`.
 * @param options See {@link BetterAuthPasswordOptions}.
 * @returns What the option `emailAndPassword.password` of `betterAuth` takes.
 * @throws {CountersignError} `OPTION_INVALID` an unknown option, one of the wrong type, no hasher. What it makes throws as
 * the hasher does; of these errors, those that better-auth is to answer with 400 or 503 have the name `APIError`, by which
 * it knows them, and the members that it reads.
 * @example
 * ```ts
 * const auth = betterAuth({
 *   database,
 *   emailAndPassword: {
 *     enabled: true,
 *     password: betterAuthPassword(new PasswordHasher({ normalize: "NFKC" }), {
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
  checkMethod("hasher", hasher, "verifyAndUpdate");
  const { onRehash, onUnreadableHash } = readOptions(options, ["onRehash", "onUnreadableHash"]);
  if (onRehash !== undefined) checkFunction("onRehash", onRehash);
  if (onUnreadableHash !== undefined) checkFunction("onUnreadableHash", onUnreadableHash);

  const check = async (password: string, stored: string | null) =>
    hasher.verifyAndUpdateAsync?.(password, stored) ?? hasher.verifyAndUpdate(password, stored);

  async function checkStored(password: string, hash: string): Promise<HasherAnswer> {
    try {
      // It takes this for an unknown user, and would spend a hash on it.
      if (hash === null) throw new CountersignError("HASH_MALFORMED", "stored hash is not a string");
      return await check(password, hash);
    } catch (error) {
      // It has taken the time of a check. Too long for this hash alone is a wrong password; for every hash, `judge` refuses it.
      if (codeOf(error) === "PASSWORD_TOO_LONG" && hasher.checkHashable !== undefined) return { ok: false };
      if (onUnreadableHash === undefined || !isOfHash(error)) throw error;
      await onUnreadableHash({ error, hash });
      // So that its time does not tell that there is such a user.
      await check(password, null);
      return { ok: false };
    }
  }

  /** A no to a password that `hash` refuses is the refusal that an unknown user gets. */
  async function judge(password: string, hash: string): Promise<HasherAnswer> {
    const answer = await checkStored(password, hash);
    if (!answer.ok) hasher.checkHashable?.(password);
    return answer;
  }

  return {
    async hash(password) {
      return answered(async () => hasher.hashAsync?.(password) ?? hasher.hash(password));
    },
    async verify({ hash, password }) {
      const { ok, newHash } = await answered(() => judge(password, hash));
      if (ok && newHash !== undefined) await onRehash?.({ hash, newHash });
      return ok;
    },
  };
}

// By their codes: a hasher of the other build, ES modules or CommonJS, has an error class of its own.
function isOfHash(error: unknown): error is CountersignError {
  return codeOf(error)?.startsWith("HASH_") === true;
}

function codeOf(error: unknown): ErrorCode | undefined {
  return error instanceof Error ? (error as Partial<CountersignError>).code : undefined;
}

/** What better-auth answers to an error that is not its own fault. The codes and texts are its own, where it has them. */
const ANSWERS: Partial<Record<ErrorCode, object>> = {
  PASSWORD_INVALID: answer("BAD_REQUEST", 400, "INVALID_PASSWORD", "Invalid password"),
  PASSWORD_QUEUE_FULL: answer("SERVICE_UNAVAILABLE", 503, "PASSWORD_QUEUE_FULL", "Too many log in at once", {
    "Retry-After": "3",
  }),
  PASSWORD_TOO_LONG: answer("BAD_REQUEST", 400, "PASSWORD_TOO_LONG", "Password too long"),
};

function answer(status: string, statusCode: number, code: string, message: string, headers = {}): object {
  return { name: "APIError", status, statusCode, body: { code, message }, headers };
}

/**
 * Does the work, and has better-auth answer an error that has an answer. It knows what it is to answer by the name
 * `APIError`, of whatever class: its own would be another package to bring along, of whichever version.
 */
async function answered<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const code = codeOf(error);
    throw code === undefined ? error : Object.assign(error as CountersignError, ANSWERS[code]);
  }
}
