/** Decrypting by WebCrypto with a private key of the core: RSA-OAEP, and ECDH-ES on P-256 and P-384. */

import type { Bytes } from "./bytes.js";
import { type CryptoKeyFacts, decryptWithCryptoKey, OAEP, readDecryptionKey, subtle } from "./crypto-key.js";
import type { RawEncryptionKey } from "./glue/jwe.js";
import { once } from "./once.js";

/** A private key that WebCrypto holds and does not export. The platform frees it some time after this object is collected. */
export class WebDecrypter {
  /** @internal The key as the core sees it: the core says what is to be decrypted, and gets the answer. */
  readonly raw: RawEncryptionKey;
  readonly #imported: () => Promise<CryptoKeyFacts>;
  readonly #isRsa: boolean;
  /** Whether the platform has decrypted with the key. What it then refuses with RSA was not made for the key. */
  #isProven = false;

  /**
   * @internal
   * @param pkcs8 Returns the private key. Its bytes are wiped when WebCrypto has them.
   */
  constructor(algorithm: string, curve: string | undefined, raw: RawEncryptionKey, pkcs8: () => Bytes) {
    this.raw = raw;
    const hash = OAEP[algorithm];
    this.#isRsa = hash !== undefined;
    this.#imported = once(async () => {
      const bytes = pkcs8();
      try {
        const key =
          hash === undefined
            ? subtle().importKey("pkcs8", bytes, { name: "ECDH", namedCurve: curve as string }, false, ["deriveBits"])
            : subtle().importKey("pkcs8", bytes, { name: "RSA-OAEP", hash }, false, ["decrypt"]);
        return readDecryptionKey(await key, algorithm);
      } finally {
        bytes.fill(0);
      }
    });
  }

  /**
   * The content key, or the shared secret of ECDH-ES; `null` if the token was not made for this key; `undefined` if the core is to
   * compute. Never rejects.
   */
  async answer(question: Bytes): Promise<Bytes | null | undefined> {
    try {
      const answer = await decryptWithCryptoKey(await this.#imported(), question);
      this.#isProven = true;
      return answer;
    } catch {
      return this.#isProven && this.#isRsa ? null : undefined;
    }
  }
}
