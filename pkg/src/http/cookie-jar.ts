/** The two cookies of a session: its access token and its refresh token. */

import { CountersignError } from "../errors.js";
import { isLoopback } from "../loopback.js";
import { checkFunction, invalid, type OptionReader, readOptions } from "../options.js";
import { inKind } from "./answer.js";
import { cookieOf } from "./cookies.js";
import type { SessionTokens } from "./issue.js";
import { headerOf, isEncrypted, type RequestLike } from "./request.js";

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

/** How a {@link CookieJar} makes its cookies. */
export interface JarOptions {
  readonly name: string;
  readonly sameSite: SameSite;
  readonly encryption: CookieEncryption | undefined;
  readonly allowInsecureLoopback: boolean;
  /** How many seconds browsers keep the refresh token. */
  readonly idleExpiresIn: number;
}

type Kind = "access" | "refresh";

/** Reads and writes the cookies of a session. */
export class CookieJar {
  readonly #options: JarOptions;

  constructor(options: JarOptions) {
    this.#options = options;
  }

  /** A token of a request; `null` if it has none that can be read. */
  read(request: RequestLike, kind: Kind): string | null {
    const value = cookieOf(request, this.#nameOf(request, kind));
    if (typeof value !== "string") return null;
    const { encryption } = this.#options;
    if (encryption === undefined) return value;
    let decrypted: unknown;
    try {
      decrypted = encryption.decrypt(value, encryption.keys);
    } catch {
      // Of an old key, or no token at all: the user logs in again.
      return null;
    }
    const { plaintext } = (decrypted ?? {}) as { plaintext?: unknown };
    if (ArrayBuffer.isView(plaintext)) return new TextDecoder().decode(plaintext as Uint8Array);
    // Nobody waits for a promise, so nobody else handles its failure.
    Promise.resolve(decrypted).catch(() => {});
    throw invalid(`option "decrypt" returned ${inKind(decrypted)} without bytes: it must return { plaintext } at once`);
  }

  /**
   * The values of `Set-Cookie` for these tokens. The browser drops the access token when it ends, and keeps the other.
   *
   * @throws {CountersignError} `TOKEN_TOO_LONG`: browsers would drop the cookie without a word.
   */
  fill(request: RequestLike, { accessToken, expiresIn, refreshToken }: SessionTokens): string[] {
    return [
      this.#write(request, "access", accessToken, expiresIn),
      this.#write(request, "refresh", refreshToken, this.#options.idleExpiresIn),
    ];
  }

  /** The values of `Set-Cookie` that delete both cookies. */
  empty(request: RequestLike): string[] {
    return [this.#set(request, "access", "", 0), this.#set(request, "refresh", "", 0)];
  }

  #write(request: RequestLike, kind: Kind, token: string, maxAge: number): string {
    const { encrypt, keys } = this.#options.encryption ?? {};
    const value: unknown = encrypt && keys ? encrypt(new TextEncoder().encode(token), keys[0]) : token;
    if (typeof value !== "string") {
      throw invalid(`option "encrypt" returned ${inKind(value)}: it must return a string at once`);
    }
    const name = this.#nameOf(request, kind);
    if (MAX_COOKIE < name.length + value.length) {
      const message = `the cookie "${name}" is longer than ${MAX_COOKIE} bytes: give the session fewer claims or scopes`;
      throw new CountersignError("TOKEN_TOO_LONG", message);
    }
    return this.#set(request, kind, value, maxAge);
  }

  #set(request: RequestLike, kind: Kind, value: string, maxAge: number): string {
    const secure = this.#isInsecure(request) ? "" : "Secure; ";
    const attributes = `Path=/; ${secure}HttpOnly; SameSite=${this.#options.sameSite}`;
    return `${this.#nameOf(request, kind)}=${value}; Max-Age=${maxAge}; ${attributes}`;
  }

  /**
   * RFC 6265bis: browsers that know the prefix `__Host-Http-` let no script set the cookie. All others see `__Host-`, and let no
   * other subdomain set it, and none that is not secure.
   */
  #nameOf(request: RequestLike, kind: Kind): string {
    const prefix = this.#isInsecure(request) ? "" : "__Host-Http-";
    return `${prefix}${this.#options.name}${kind === "access" ? "" : "-refresh"}`;
  }

  #isInsecure(request: RequestLike): boolean {
    return this.#options.allowInsecureLoopback && isInsecureLoopback(request);
  }
}

/** Whether a request came without TLS to this machine's own address. Node's URLs have no origin. */
function isInsecureLoopback(request: RequestLike): boolean {
  try {
    const { hostname, protocol } = new URL(request.url ?? "", `http://${headerOf(request, "Host")}`);
    return protocol === "http:" && !isEncrypted(request) && isLoopback(hostname);
  } catch {
    return false;
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
