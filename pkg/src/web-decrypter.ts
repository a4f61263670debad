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

  /**
   * @internal
   * @param der Returns the private key in PKCS#8, whose bytes are wiped when WebCrypto has them, or its public half in SPKI.
   */
  constructor(
    algorithm: string,
    curve: string | undefined,
    raw: RawEncryptionKey,
    der: (options: { private: boolean }) => Bytes,
  ) {
    this.raw = raw;
    const hash = OAEP[algorithm];
    this.#isRsa = hash !== undefined;
    this.#imported = once(async () => {
      const spki = hash === undefined ? undefined : der({ private: false });
      const facts = readDecryptionKey(await imported(der({ private: true }), hash, curve), algorithm);
      if (spki !== undefined) await tryOut(facts.key, spki, hash as string);
      return facts;
    });
  }

  /**
   * The content key, or the shared secret of ECDH-ES; `null` if the token was not made for this key; `undefined` if the core is to
   * compute. Never rejects.
   */
  async answer(question: Bytes): Promise<Bytes | null | undefined> {
    let key: CryptoKeyFacts;
    try {
      key = await this.#imported();
    } catch {
      return undefined;
    }
    try {
      return await decryptWithCryptoKey(key, question);
    } catch {
      return this.#isRsa ? null : undefined;
    }
  }
}

async function imported(pkcs8: Bytes, hash: string | undefined, curve: string | undefined): Promise<CryptoKey> {
  try {
    return await (hash === undefined
      ? subtle().importKey("pkcs8", pkcs8, { name: "ECDH", namedCurve: curve as string }, false, ["deriveBits"])
      : subtle().importKey("pkcs8", pkcs8, { name: "RSA-OAEP", hash }, false, ["decrypt"]));
  } finally {
    pkcs8.fill(0);
  }
}

/**
 * Decrypts with RSA once what was encrypted for the key. What the platform refuses later was not. If that were not certain, the core
 * would have to try as well, and the time would tell whether a token was made for the key.
 */
async function tryOut(key: CryptoKey, spki: Bytes, hash: string): Promise<void> {
  const algorithm = { name: "RSA-OAEP", hash };
  const publicKey = await subtle().importKey("spki", spki, algorithm, false, ["encrypt"]);
  await subtle().decrypt(algorithm, key, await subtle().encrypt(algorithm, publicKey, new Uint8Array(1)));
}
