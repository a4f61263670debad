/** One-time tokens: to reset a password, to verify an e-mail address, to open a WebSocket. */

import { CountersignError, type ErrorCode } from "../errors.js";
import { lifetime } from "../lifetime.js";
import { invalid, type OptionReader, optionalFunction, readOptions, shortName } from "../options.js";
import { newId, type SessionSecret } from "../secrets.js";
import { CheckedStore, type Store, type StoreRow, unavailable } from "../stores/store.js";
import { secretOption } from "./mac.js";

/** Options of {@link oneTimeTokens}. */
export interface OneTimeTokenOptions {
  /** What the tokens are for, such as `"password-reset"`: 1 to 64 letters, digits, `-` and `_`. Tokens are good for nothing else. */
  purpose: string;
  /** Where it is kept which tokens are unused. It may be the store of the sessions. */
  store: Store;
  /** At least 32 random bytes, or a list to replace them, as for `Sessions`. It may be the secret of the sessions. */
  secret: SessionSecret | readonly SessionSecret[];
  /** How long a token lives, in seconds or as text such as `"1h"`. At most 7 days. Default 15 minutes. */
  expiresIn?: number | string;
  /**
   * Something of the subject that ends the tokens when it changes, such as the stored password hash. The store keeps only a MAC
   * of it. Return `null` if the subject is gone. Default: tokens end by use and by time.
   */
  state?: (subject: string) => string | null | Promise<string | null>;
}

/** Tokens for one purpose. */
export interface OneTimeTokens {
  /**
   * Makes a token: 80 to 90 letters, digits, `-`, `_` and `.`, safe in a URL. It does not show whose it is.
   *
   * @throws {CountersignError} `OPTION_INVALID`: no subject, or `state` returned `null`. `STORE_UNAVAILABLE`.
   */
  make(subject: string): Promise<string>;
  /**
   * Whose token it is. It stays unused: for a page that a link opens, because mail scanners open links too.
   *
   * @param options `subject`: who must be the owner. Default: anybody. If it is there, it must not be `undefined`.
   * @throws {CountersignError} `TOKEN_SIGNATURE_INVALID`: it is not a token of this purpose and secret. Only for one that is:
   * `TOKEN_EXPIRED`; `TOKEN_USED`: it was used or withdrawn before, or `state` has changed; `CLAIM_INVALID`: it is not the
   * subject's, who can still use it. `STORE_UNAVAILABLE`: try again. `OPTION_INVALID`: `subject` is not a string.
   */
  check(token: string, options?: { subject?: string }): Promise<{ subject: string }>;
  /**
   * The same, and uses the token up. Of several calls at once, one succeeds. After `STORE_UNAVAILABLE`, it may be used up: if the
   * next try gives `TOKEN_USED`, make another token.
   */
  use(token: string, options?: { subject?: string }): Promise<{ subject: string }>;
  /**
   * Withdraws all tokens of a subject for this purpose, and returns how many.
   *
   * @throws {CountersignError} `OPTION_INVALID`; `STORE_UNAVAILABLE`.
   */
  withdraw(subject: string): Promise<number>;
}

/** `o1.` (a version), 128 random bits, when it expires in seconds since 1970, and HMAC-SHA256. */
const TOKEN = /^o1\.([\w-]{22})\.([1-9]\d{0,11})\.([\w-]{43})$/;
const LONGEST = 7 * 24 * 3600;

/**
 * Makes and checks tokens that can be used once. The store keeps one row for each unused token, and no token: somebody who can
 * only read it cannot use one.
 *
 * @param options See {@link OneTimeTokenOptions}.
 * @throws {CountersignError} `OPTION_INVALID`: an option is unknown, missing or of the wrong type.
 *
 * @example
 * ```ts
 * const resets = oneTimeTokens({
 *   purpose: "password-reset",
 *   store,
 *   secret: process.env.SESSION_SECRET,
 *   state: async (subject) => (await users.find(subject))?.hash ?? null,
 * });
 * await send(user.email, `https://app.example/reset?token=${await resets.make(user.id)}`);
 *
 * const { subject } = await resets.use(token);
 * await users.storeHash(subject, await hasher.hashAsync(newPassword));
 * await sessions.endAll(subject);
 * ```
 */
export function oneTimeTokens(options: OneTimeTokenOptions): OneTimeTokens {
  const {
    expiresIn,
    purpose,
    secret: macs,
    state = () => "",
    store,
  } = readOptions(options, {
    expiresIn: readExpiresIn,
    purpose: shortName(),
    secret: secretOption,
    state: optionalFunction<NonNullable<OneTimeTokenOptions["state"]>>(),
    store: (name, value) => new CheckedStore(name, value),
  });
  const textOf = (...parts: string[]) => `countersign one-time token\n${JSON.stringify([purpose, ...parts])}`;
  const ownerOf = (subject: string) => `one-time:${purpose}:${subject}`;

  /** The MAC of a row is over the state as well, so that the store cannot be asked whether it guesses it right. */
  const rowText = async (id: string, expires: string, subject: string) => {
    const now: unknown = await state(subject);
    if (typeof now !== "string" && now !== null && now !== undefined)
      throw invalid('option "state" returned neither a string nor null');
    return typeof now === "string" ? textOf(id, expires, subject, now) : null;
  };

  async function find(token: string, expected: { subject?: string } = {}) {
    const { subject: owner } = readOptions(expected, { subject: (_, value) => value });
    // A user who was not found must not pass for "anybody".
    if (Object.hasOwn(expected, "subject") && typeof owner !== "string") {
      throw invalid('option "subject" is not a string');
    }
    const [, id = "", expires = "", mac = ""] = (typeof token === "string" && token.match(TOKEN)) || [];
    if (!(await macs.verify(mac, textOf(id, expires)))) throw refusal("TOKEN_SIGNATURE_INVALID", "is not valid");
    if (Number(expires) * 1000 <= Date.now()) throw refusal("TOKEN_EXPIRED", "has expired");
    const key = `one-time:${id}`;
    const row = await store.get(key);
    if (row === undefined) throw used();
    const { rowMac, subject } = readRow(row);
    const text = await rowText(id, expires, subject);
    if (text === null || !(await macs.verify(rowMac, text))) throw used();
    if (owner !== undefined && owner !== subject) throw refusal("CLAIM_INVALID", "is not the subject's", "sub");
    return { key, row, subject };
  }

  return {
    async make(subject) {
      checkSubject(subject);
      const id = newId();
      const seconds = Math.floor(Date.now() / 1000) + expiresIn;
      const expires = String(seconds);
      const text = await rowText(id, expires, subject);
      if (text === null) throw invalid('option "state" returned null for the subject');
      const value = JSON.stringify([subject, await macs.make(text)]);
      const row = { value, owner: ownerOf(subject), expiresAt: seconds * 1000 };
      if (!(await store.replace(`one-time:${id}`, undefined, row)))
        throw unavailable("the store did not write a new row");
      return `o1.${id}.${expires}.${await macs.make(textOf(id, expires))}`;
    },
    async check(token, expected) {
      const { subject } = await find(token, expected);
      return { subject };
    },
    async use(token, expected) {
      const { key, row, subject } = await find(token, expected);
      if (!(await store.replace(key, row.value, undefined))) throw used();
      return { subject };
    },
    async withdraw(subject) {
      checkSubject(subject);
      let count = 0;
      for (const { key, value } of await store.list(ownerOf(subject))) {
        if (await store.replace(key, value, undefined)) count += 1;
      }
      return count;
    },
  };
}

const used = () => refusal("TOKEN_USED", "was used before, or is no longer valid");

function refusal(code: ErrorCode, what: string, claim?: string): CountersignError {
  return new CountersignError(code, `the one-time token ${what}`, claim);
}

function checkSubject(subject: unknown): void {
  if (typeof subject !== "string" || subject === "") throw invalid("the subject is not a non-empty string");
}

/** @throws {CountersignError} `STORE_UNAVAILABLE`: the row was not written here. */
function readRow({ value }: StoreRow): { subject: string; rowMac: string } {
  try {
    const [subject, rowMac] = JSON.parse(value) as unknown[];
    if (typeof subject === "string" && typeof rowMac === "string") return { subject, rowMac };
  } catch {}
  throw unavailable("the store returned a row that was not written here");
}

const readExpiresIn: OptionReader<number> = (name, value) => {
  const seconds = lifetime(900)(name, value);
  if (LONGEST < seconds) throw invalid(`option "${name}" is longer than 7 days`);
  return seconds;
};
