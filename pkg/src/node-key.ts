/** Keys of `node:crypto`, and what has to be known about a runtime's `node:crypto` before it is believed. */

import { builtin, type NodeCrypto, type NodeKeyObject } from "./builtin.js";
import { type Bytes, fromBase64url } from "./bytes.js";
import { COFACTORED, fromHex } from "./web-crypto.js";

/** Node's `crypto`. It is loaded by the first call, because that takes milliseconds. */
export function nodeCrypto(): NodeCrypto {
  loaded ??= builtin("crypto");
  if (loaded === undefined) throw new RangeError("there is no crypto module");
  return loaded;
}

let loaded: NodeCrypto | undefined;

/** An imported key. Its methods throw if this runtime's `node:crypto` cannot do what the algorithm needs. */
export class NodeKey {
  /** `null` for Ed25519 and ML-DSA, which have a fixed hash. */
  readonly #hash: string | null;
  readonly #isPss: boolean;
  readonly #isMlDsa: boolean;
  readonly #key: NodeKeyObject;
  /** Whether the first signature of this private key was one of its algorithm. */
  #signsRight: boolean | undefined;

  private constructor(algorithm: string, key: NodeKeyObject) {
    this.#hash = /^(Ed|ML)/.test(algorithm) ? null : `sha${algorithm.slice(2)}`;
    this.#isPss = algorithm.startsWith("PS");
    this.#isMlDsa = algorithm.startsWith("ML");
    // Workers take a key of a kind that they do not know. Then they sign with no bytes and find no signature valid.
    if (this.#isMlDsa && key.asymmetricKeyType !== algorithm.toLowerCase()) throw new RangeError("not a key of ML-DSA");
    this.#key = key;
    // RFC 7518 §3.5: the salt is as long as the digest.
    if (this.#isPss) setPss(key, Number(algorithm.slice(2)) / 8);
  }

  static ofPublic(algorithm: string, spki: Bytes): NodeKey {
    const isRight = algorithm.startsWith("PS") ? verifiesPss() : !algorithm.startsWith("Ed") || isStrict();
    if (!isRight) throw new RangeError("this platform has other rules");
    return new NodeKey(algorithm, nodeCrypto().createPublicKey({ key: spki, format: "der", type: "spki" }));
  }

  static ofPrivate(algorithm: string, pkcs8: Uint8Array): NodeKey {
    if (algorithm.startsWith("PS") && !verifiesPss()) throw new RangeError("this platform has other rules");
    return new NodeKey(algorithm, nodeCrypto().createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" }));
  }

  verify(message: Uint8Array, signature: Uint8Array): boolean {
    return this.#isPss
      ? verifyPss(this.#hash as string, message, this.#key, signature)
      : nodeCrypto().verify(this.#hash, message, this.#key, signature);
  }

  sign(message: Uint8Array): Uint8Array {
    if (this.#signsRight === false) throw new RangeError("this platform has other rules");
    const signature = this.#isPss
      ? nodeCrypto()
          .createSign(this.#hash as string)
          .update(message)
          .sign(this.#key)
      : nodeCrypto().sign(this.#hash, message, this.#key);
    if (this.#isPss || this.#isMlDsa) {
      this.#signsRight ??= this.#isOwnSignature(message, signature);
      if (!this.#signsRight) throw new RangeError("not a signature of this algorithm");
    }
    return signature;
  }

  #isOwnSignature(message: Uint8Array, signature: Uint8Array): boolean {
    const key = nodeCrypto().createPublicKey(this.#key);
    if (!this.#isPss) return nodeCrypto().verify(this.#hash, message, key, signature);
    return verifyPss(this.#hash as string, message, setPss(key, this.#key.saltLength as number), signature);
  }
}

/**
 * Makes an RSA key one for PSS. The padding is a property of the key itself: `node:crypto` looks for it wherever it accepts a
 * key. Workers refuse an object with options and such a key in it, and an object with options takes Node 24 ten microseconds.
 */
function setPss(key: NodeKeyObject, saltLength: number): NodeKeyObject {
  return Object.assign(key, { padding: nodeCrypto().constants.RSA_PKCS1_PSS_PADDING, saltLength });
}

/** The functions that take the whole message ignore the padding in Workers, and sometimes in Deno. */
function verifyPss(hash: string, message: Uint8Array, key: NodeKeyObject, signature: Uint8Array): boolean {
  return nodeCrypto().createVerify(hash).update(message).verify(key, signature);
}

let pss: boolean | undefined;

/**
 * Whether this platform does what a key of PSS says. Some versions silently used PKCS #1 v1.5 instead
 * (https://github.com/denoland/deno/pull/32269). Tried once.
 */
function verifiesPss(): boolean {
  pss ??= [
    [32, true],
    [20, false],
  ].every(([saltLength, expected]) => {
    const [spki, signature, message] = PSS_SIGNED.map(fromBase64url) as [Bytes, Bytes, Bytes];
    const key = setPss(nodeCrypto().createPublicKey({ key: spki, format: "der", type: "spki" }), saltLength as number);
    return verifyPss("sha256", message, key, signature) === expected;
  });
  return pss;
}

/** A key of 1,024 bits, a signature with SHA-256 and a salt of 32 bytes, and the message. */
const PSS_SIGNED = [
  "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCeoitk9KPaNnId8EVl2ZgrlvldHT9h3gwa3Z4YCyPXEsLshvrp-dAlg45NsVOGN5_ZXbQK16VsuJho2_oiCIdqvebNT3khgX5HW_zk-TdIfgp7S_6utXHaXDHRzWHF3py1Vt1bmPIFCM758itCkewa82sI4nQfMPw_mLy9JTnjCwIDAQAB",
  "lX-GgAUEtvQI04xrPTRMaie8NDb7GDL4wgkFokwL7Rcv5gUXnOlrf0LfNLrAdB6dhtFYvetn-YrSWwPUz7t-OVRpGYtGUuKVuM51W2izgI2HwqA2MS5iWjT0_sxWeimZ00dpBf3LmpoUms6_zwUGKKG_MRhw-glddR-G0Zb84vM",
  "Y291bnRlcnNpZ24",
];

let strict: boolean | undefined;

/** Whether this platform verifies Ed25519 without the cofactor, as the core does: see `COFACTORED`. Tried once. */
function isStrict(): boolean {
  if (strict === undefined) {
    const [x, signature, message] = COFACTORED.map(fromHex) as [Bytes, Bytes, Bytes];
    const spki = new Uint8Array([...ED25519_SPKI, ...x]);
    const key = nodeCrypto().createPublicKey({ key: spki, format: "der", type: "spki" });
    strict = !nodeCrypto().verify(null, message, key, signature);
  }
  return strict;
}

/** What comes before the 32 bytes of an Ed25519 key in SPKI (RFC 8410 §4). */
const ED25519_SPKI = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
