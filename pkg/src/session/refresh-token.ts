/**
 * Refresh tokens: the session's id, a counter and a MAC. The store holds no token, so an attacker who reads it cannot refresh a
 * session.
 */

import { invalid, type OptionReader } from "../options.js";

/** What a refresh token says. */
export interface RefreshToken {
  readonly sessionId: string;
  readonly counter: number;
}

/** A secret of at least 32 bytes. A string is encoded as UTF-8. */
export type SessionSecret = string | Uint8Array;

/** `r1.` (a version), 128 bits, a counter, and HMAC-SHA256. */
const TOKEN = /^r1\.([\w-]{22})\.(0|[1-9]\d{0,8})\.([\w-]{43})$/;
const SECRET_BYTES = 32;
const MOST_SECRETS = 8;

/** Makes and checks refresh tokens with the first secret, and checks those of the other ones. */
export class RefreshTokens {
  readonly #secrets: readonly Uint8Array<ArrayBuffer>[];
  #keys: Promise<CryptoKey[]> | undefined;

  constructor(secrets: readonly Uint8Array<ArrayBuffer>[]) {
    this.#secrets = secrets;
  }

  /** The token of a session at a counter: always the same text for the same secret. */
  async make({ sessionId, counter }: RefreshToken): Promise<string> {
    const [key] = await this.#imported();
    const mac = await crypto.subtle.sign("HMAC", key as CryptoKey, message(sessionId, counter));
    return `r1.${sessionId}.${counter}.${base64url(new Uint8Array(mac))}`;
  }

  /** What a token says, or `null` if none of the secrets has made it. */
  async read(token: unknown): Promise<RefreshToken | null> {
    const [, sessionId, digits, mac] = (typeof token === "string" && token.length < 100 && token.match(TOKEN)) || [];
    if (sessionId === undefined || mac === undefined) return null;
    const counter = Number(digits);
    const bytes = fromBase64url(mac);
    // The last character has two bits that say nothing. A token has one spelling.
    if (base64url(bytes) !== mac) return null;
    for (const key of await this.#imported()) {
      // In constant time, unlike a comparison of texts.
      if (await crypto.subtle.verify("HMAC", key, bytes, message(sessionId, counter))) return { sessionId, counter };
    }
    return null;
  }

  /** Imported with the first token: Workers do no cryptography at start-up. */
  #imported(): Promise<CryptoKey[]> {
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    this.#keys ??= Promise.all(
      this.#secrets.map((secret) => crypto.subtle.importKey("raw", secret, algorithm, false, ["sign", "verify"])),
    );
    return this.#keys;
  }
}

/** A new session's id: 128 random bits. */
export function newSessionId(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(16)));
}

/** Whether a text can be a session's id. */
export function isSessionId(text: unknown): text is string {
  return typeof text === "string" && /^[\w-]{22}$/.test(text);
}

/** Reads the option `secret`: one secret, or several. Each is copied. */
export const secretOption: OptionReader<RefreshTokens> = (name, value) => {
  const list: unknown[] = Array.isArray(value) ? [...value] : [value];
  const secrets = list.map((secret) => {
    const bytes = typeof secret === "string" ? new TextEncoder().encode(secret) : secret;
    if (!(bytes instanceof Uint8Array))
      throw invalid(`option "${name}" is not a string or a Uint8Array, or a list of them`);
    if (bytes.length < SECRET_BYTES) throw invalid(`option "${name}" is shorter than ${SECRET_BYTES} bytes`);
    return new Uint8Array(bytes);
  });
  if (secrets.length === 0 || MOST_SECRETS < secrets.length)
    throw invalid(`option "${name}" is not 1 to ${MOST_SECRETS} secrets`);
  return new RefreshTokens(secrets);
};

function message(sessionId: string, counter: number): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`countersign refresh token\n${sessionId}\n${counter}`);
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
}
