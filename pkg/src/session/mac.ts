/** Makes texts unforgeable: HMAC-SHA256, with secrets that can be replaced. */

import { type Bytes, base64url, fromBase64url } from "../bytes.js";
import { once } from "../once.js";
import type { OptionReader } from "../options.js";
import { secretsOption } from "../secrets.js";

/** Makes MACs with the first secret, and checks those of all. */
export class Macs {
  /** With the first token: Workers do no cryptography at start-up. */
  readonly #imported: () => Promise<CryptoKey[]>;

  constructor(secrets: readonly Bytes[]) {
    this.#imported = once(() => Promise.all(secrets.map(imported)));
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
}

function imported(secret: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
}

/** Reads the option `secret`: one secret, or several. */
export const secretOption: OptionReader<Macs> = (name, value) => new Macs(secretsOption(name, value));
