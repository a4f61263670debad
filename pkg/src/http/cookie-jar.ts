/** The two cookies of a session: its access token and its refresh token. */

import { CountersignError } from "../errors.js";
import { checkFunction, invalid, type OptionReader, readOptions } from "../options.js";
import { cookieOf } from "./cookies.js";
import type { SessionTokens } from "./issue.js";
import type { RequestLike } from "./request.js";

/**
 * Encrypts what the cookies contain, with the functions and keys of `countersign/jwe`. The tokens are then hidden from anybody who
 * can read the browser's files or a log of headers; the user never needs to read them.
 */
export interface CookieEncryption<Key = unknown> {
  /** `encrypt` of `countersign/jwe`. */
  encrypt: (plaintext: Uint8Array, key: Key) => string;
  /** `decrypt` of `countersign/jwe`. */
  decrypt: (token: string, keys: readonly Key[]) => { plaintext: Uint8Array };
  /** The first key encrypts, all of them decrypt. Give each a `kid`. To replace a key, put the new one first. */
  keys: readonly [Key, ...Key[]];
}

/** How cookies are sent when another site links to this one. */
export type SameSite = "Strict" | "Lax";

/** What a browser keeps of one cookie: its name and value, in bytes (RFC 6265bis §5.6). */
const MAX_COOKIE = 4096;

/** Reads and writes the cookies of a session. */
export class CookieJar {
  readonly #access: string;
  readonly #refresh: string;
  readonly #attributes: string;
  readonly #encryption: CookieEncryption | undefined;
  readonly #idleExpiresIn: number;

  constructor(name: string, sameSite: SameSite, encryption: CookieEncryption | undefined, idleExpiresIn: number) {
    // RFC 6265bis: browsers that know this prefix let no script set the cookie. All others see `__Host-`, and let no other
    // subdomain set it, and none that is not secure.
    this.#access = `__Host-Http-${name}`;
    this.#refresh = `__Host-Http-${name}-refresh`;
    this.#attributes = `Path=/; Secure; HttpOnly; SameSite=${sameSite}`;
    this.#encryption = encryption;
    this.#idleExpiresIn = idleExpiresIn;
  }

  /** The access token of a request; `null` if it has none that can be read. */
  access(request: RequestLike): string | null {
    return this.#read(request, this.#access);
  }

  /** The refresh token of a request; `null` if it has none that can be read. */
  refresh(request: RequestLike): string | null {
    return this.#read(request, this.#refresh);
  }

  /**
   * The values of `Set-Cookie` for these tokens. The browser drops the access token when it ends, and keeps the other.
   *
   * @throws {CountersignError} `TOKEN_TOO_LONG`: browsers would drop the cookie without a word.
   */
  fill({ accessToken, expiresIn, refreshToken }: SessionTokens): string[] {
    return [
      this.#write(this.#access, accessToken, expiresIn),
      this.#write(this.#refresh, refreshToken, this.#idleExpiresIn),
    ];
  }

  /** The values of `Set-Cookie` that delete both cookies. */
  empty(): string[] {
    return [this.#access, this.#refresh].map((name) => `${name}=; Max-Age=0; ${this.#attributes}`);
  }

  #read(request: RequestLike, name: string): string | null {
    const value = cookieOf(request, name);
    if (typeof value !== "string" || this.#encryption === undefined) return typeof value === "string" ? value : null;
    const { decrypt, keys } = this.#encryption;
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(decrypt(value, keys).plaintext);
    } catch {
      // Of an old key, or no token at all: the user logs in again.
      return null;
    }
  }

  #write(name: string, token: string, maxAge: number): string {
    const { encrypt, keys } = this.#encryption ?? {};
    const value = encrypt && keys ? encrypt(new TextEncoder().encode(token), keys[0]) : token;
    if (MAX_COOKIE < name.length + value.length) {
      const message = `the cookie "${name}" is longer than ${MAX_COOKIE} bytes: give the session fewer claims or scopes`;
      throw new CountersignError("TOKEN_TOO_LONG", message);
    }
    return `${name}=${value}; Max-Age=${maxAge}; ${this.#attributes}`;
  }
}

/** Reads the option `encryption`. */
export const encryptionOption: OptionReader<CookieEncryption | undefined> = (name, value) => {
  if (value === undefined) return undefined;
  return readOptions(value, {
    encrypt: readFunction<CookieEncryption["encrypt"]>(),
    decrypt: readFunction<CookieEncryption["decrypt"]>(),
    keys: (member, keys) => {
      if (Array.isArray(keys) && keys.length > 0) return [...keys] as unknown as CookieEncryption["keys"];
      throw invalid(`option "${member}" of "${name}" is not a list of keys`);
    },
  });
};

function readFunction<T>(): OptionReader<T> {
  return (name, value) => {
    checkFunction(name, value);
    return value as T;
  };
}
