/** What the platform's own cryptography does for us: never a verdict, only labour whose result the core judges. */

import type { Bytes } from "../bytes.js";

/** A new RSA private key in PKCS#8, or nothing where the platform makes none of this length. */
export async function generateRsa(modulusLength: number): Promise<Bytes | undefined> {
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) return undefined;
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
  try {
    const pair = (await subtle.generateKey(algorithm, true, ["sign", "verify"])) as CryptoKeyPair;
    return new Uint8Array((await subtle.exportKey("pkcs8", pair.privateKey)) as ArrayBuffer);
  } catch {
    return undefined;
  }
}
