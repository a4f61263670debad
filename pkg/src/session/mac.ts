/** Makes texts unforgeable: HMAC-SHA256, with secrets that can be replaced. */

import { base64url } from "../bytes.js";
import { invalid, type OptionReader } from "../options.js";

/** A secret of at least 32 bytes. A string is encoded as UTF-8. */
export type SessionSecret = string | Uint8Array;

const SECRET_BYTES = 32;
const MOST_SECRETS = 8;

/** Makes MACs with the first secret, and checks those of all. */
export class Macs {
  readonly #secrets: readonly Uint8Array<ArrayBuffer>[];
  #keys: Promise<CryptoKey[]> | undefined;

  constructor(secrets: readonly Uint8Array<ArrayBuffer>[]) {
    this.#secrets = secrets;
  }

  /** The MAC of a text: 43 characters of base64url, always the same for the same secret. */
  async make(text: string): Promise<string> {
    const [key] = await this.#imported();
    const mac = await crypto.subtle.sign("HMAC", key as CryptoKey, new TextEncoder().encode(text));
    return base64url(new Uint8Array(mac));
  }

  /** Whether one of the secrets has made this MAC of a text. */
  async verify(mac: string, text: string): Promise<boolean> {
    if (!/^[\w-]{43}$/.test(mac)) return false;
    const bytes = fromBase64url(mac);
    // The last character has two bits that say nothing. A MAC has one spelling.
    if (base64url(bytes) !== mac) return false;
    for (const key of await this.#imported()) {
      // In constant time, unlike a comparison of texts.
      if (await crypto.subtle.verify("HMAC", key, bytes, new TextEncoder().encode(text))) return true;
    }
    return false;
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

/** Reads the option `secret`: one secret, or several. Each is copied. */
export const secretOption: OptionReader<Macs> = (name, value) => {
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
  return new Macs(secrets);
};

/** 128 random bits, as 22 characters. */
export function newId(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(16)));
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
}
