/**
 * Reads a `CryptoKey` of WebCrypto: what it is for, and whether an algorithm may use it. Only JavaScript can see these
 * facts. The key itself stays with the platform.
 */

import { type Bytes, runtimeLacks } from "./bytes.js";
import { CountersignError } from "./errors.js";
import { invalid } from "./options.js";

/** What a `CryptoKey` tells about itself. */
export interface CryptoKeyFacts {
  readonly key: CryptoKey;
  readonly type: "secret" | "private" | "public";
  readonly extractable: boolean;
  readonly usages: readonly string[];
  /** Such as `"ECDSA with P-256"`. */
  readonly purpose: string;
}

/** How WebCrypto is asked for a signature. */
type SignParameters = AlgorithmIdentifier | EcdsaParams | RsaPssParams;

/** The members of `CryptoKey.algorithm`. Each algorithm has some of these. */
interface KeyAlgorithmFacts {
  readonly name: string;
  readonly hash?: { readonly name: string };
  readonly length?: number;
  readonly modulusLength?: number;
  readonly namedCurve?: string;
  readonly publicExponent?: Uint8Array;
}

/** The algorithms of WebCrypto for signatures, by the `alg` of JOSE. */
const FAMILIES: Readonly<Record<string, string>> = {
  ES: "ECDSA",
  HS: "HMAC",
  PS: "RSA-PSS",
  RS: "RSASSA-PKCS1-v1_5",
};
const CURVES: Readonly<Record<string, string>> = { ES256: "P-256", ES384: "P-384", ES512: "P-521" };

/** Which `CryptoKey` an algorithm needs, such as `"RSA-PSS with SHA-256"`, and how to sign with it. */
function signing(alg: string): { purpose: string; parameters: SignParameters } {
  if (alg === "EdDSA" || alg === "Ed25519") return { purpose: "Ed25519", parameters: { name: "Ed25519" } };
  if (/^ML-DSA-(44|65|87)$/.test(alg)) return { purpose: alg, parameters: { name: alg } };
  const [, family, digest] = /^([EHPR]S)(256|384|512)$/.exec(alg) ?? [];
  const name = family === undefined ? undefined : FAMILIES[family];
  if (name === undefined) throw invalid('option "alg" is not a supported algorithm');
  const hash = `SHA-${digest}`;
  const parameters = { name, hash, saltLength: Number(digest) / 8 };
  return { purpose: `${name} with ${CURVES[alg] ?? hash}`, parameters };
}

/**
 * Checks that a `CryptoKey` is for a signature algorithm.
 *
 * @throws {CountersignError} `KEY_INVALID`: it is not a `CryptoKey`, or for another algorithm. `KEY_TOO_WEAK`: it is too
 * short. `OPTION_INVALID`: there is no such algorithm.
 */
export function readSigningKey(key: unknown, alg: string, allowShort: boolean): CryptoKeyFacts {
  const { purpose } = signing(alg);
  const facts = readCryptoKey(key);
  if (facts.purpose !== purpose) {
    throw new CountersignError("KEY_INVALID", `this CryptoKey is for ${facts.purpose}; alg "${alg}" needs ${purpose}`);
  }
  const { length } = facts.algorithm;
  const needed = Number(alg.slice(2));
  if (facts.type === "secret" && !((allowShort ? 1 : needed) <= (length ?? 0))) {
    const advice = allowShort ? "" : ': option "allowShort" accepts it during a migration';
    throw new CountersignError("KEY_TOO_WEAK", `${alg} needs a secret of at least ${needed / 8} bytes${advice}`);
  }
  return facts;
}

/**
 * Reads a `CryptoKey`.
 *
 * @throws {CountersignError} `KEY_INVALID`: it is not one, or its RSA numbers are refused. `KEY_TOO_WEAK`: RSA below 2048
 * bits.
 */
export function readCryptoKey(value: unknown): CryptoKeyFacts & { algorithm: KeyAlgorithmFacts } {
  const facts = factsOf(value);
  if (facts === undefined) throw new CountersignError("KEY_INVALID", "not a CryptoKey");
  const { modulusLength, publicExponent } = facts.algorithm;
  if (modulusLength !== undefined) checkRsa(modulusLength, publicExponent);
  return facts;
}

function factsOf(value: unknown): (CryptoKeyFacts & { algorithm: KeyAlgorithmFacts }) | undefined {
  try {
    // By name, because the key may come from another realm.
    if (Object.prototype.toString.call(value) !== "[object CryptoKey]") return undefined;
    const key = value as CryptoKey;
    const { type, extractable, usages } = key;
    const algorithm = key.algorithm as KeyAlgorithmFacts;
    const { name, hash, length, namedCurve } = algorithm;
    const detail = namedCurve ?? hash?.name ?? (length === undefined ? undefined : `${length} bits`);
    const purpose = detail === undefined ? name : `${name} with ${detail}`;
    return { key, type: type as CryptoKeyFacts["type"], extractable, usages: [...usages], purpose, algorithm };
  } catch {
    // A getter of an object that only looks like a key.
    return undefined;
  }
}

/** The limits of the core, which sees no `CryptoKey`. */
function checkRsa(bits: number, exponent: Uint8Array | undefined): void {
  if (!(2048 <= bits)) throw new CountersignError("KEY_TOO_WEAK", "the RSA key is shorter than 2048 bits");
  if (8192 < bits) throw new CountersignError("KEY_INVALID", "the RSA key is longer than 8192 bits");
  const e = (exponent ?? new Uint8Array(0)).reduce((sum, byte) => sum * 256 + byte, 0);
  if (e % 2 !== 1 || e < 3 || 2 ** 33 <= e) {
    const message = "the public exponent of the RSA key must be odd, at least 3 and at most 33 bits long";
    throw new CountersignError("KEY_INVALID", message);
  }
}

/** The error for a job that the usages of a `CryptoKey` do not name. */
export function lacksUsage(usage: string): CountersignError {
  return new CountersignError("KEY_USAGE", `the CryptoKey does not have the usage "${usage}"`);
}

/** Signs with a `CryptoKey`. */
export async function signWithCryptoKey({ key, usages }: CryptoKeyFacts, alg: string, data: Bytes): Promise<Bytes> {
  if (!usages.includes("sign")) throw lacksUsage("sign");
  return new Uint8Array(await subtle().sign(signing(alg).parameters, key, data));
}

/** Checks a MAC with a secret `CryptoKey`. */
export async function verifyWithCryptoKey(facts: CryptoKeyFacts, data: Bytes, mac: Bytes): Promise<boolean> {
  if (!facts.usages.includes("verify")) throw lacksUsage("verify");
  return subtle().verify("HMAC", facts.key, mac, data);
}

/** The hashes of RSA-OAEP (RFC 7518 §4.3). */
export const OAEP: Readonly<Record<string, string>> = {
  "RSA-OAEP": "SHA-1",
  "RSA-OAEP-256": "SHA-256",
  "RSA-OAEP-384": "SHA-384",
  "RSA-OAEP-512": "SHA-512",
};

/** What a `CryptoKey` for an encryption algorithm is for, as a pattern and in words. */
function decrypting(alg: string): { pattern: RegExp; words: string; usages: string[] } {
  const hash = OAEP[alg];
  if (hash !== undefined) {
    const words = `RSA-OAEP with ${hash}`;
    return { pattern: new RegExp(`^${words}$`), words, usages: ["decrypt", "unwrapKey"] };
  }
  if (/^ECDH-ES(?:\+A(?:128|192|256)KW)?$/.test(alg)) {
    return { pattern: /^(?:ECDH with P-\d+|X25519)$/, words: "ECDH or X25519", usages: ["deriveBits"] };
  }
  const [, bits] = /^A(128|192|256)KW$/.exec(alg) ?? [];
  if (bits === undefined)
    throw invalid('option "alg" is not RSA-OAEP, AES key wrap or ECDH-ES, which a CryptoKey can have');
  const words = `AES-KW with ${bits} bits`;
  return { pattern: new RegExp(`^${words}$`), words, usages: ["unwrapKey"] };
}

/**
 * Checks that a `CryptoKey` is for an encryption algorithm.
 *
 * @throws {CountersignError} `KEY_INVALID`: it is not a `CryptoKey`, or for another algorithm. `KEY_TOO_WEAK`.
 * `KEY_USAGE`: it may not decrypt or, if it is public, not encrypt. `OPTION_INVALID`: there is no such algorithm.
 */
export function readDecryptionKey(key: unknown, alg: string): CryptoKeyFacts {
  const { pattern, usages, words } = decrypting(alg);
  const facts = readCryptoKey(key);
  if (!pattern.test(facts.purpose)) {
    throw new CountersignError("KEY_INVALID", `this CryptoKey is for ${facts.purpose}; alg "${alg}" needs ${words}`);
  }
  // A public key for an agreement has no usages.
  const needed = facts.type !== "public" ? usages : alg in OAEP ? ["encrypt", "wrapKey"] : undefined;
  if (needed?.some((usage) => facts.usages.includes(usage)) === false) throw lacksUsage(needed[0] as string);
  return facts;
}

/** The curve of a `CryptoKey` for an agreement. */
export const curveOf = ({ purpose }: CryptoKeyFacts): string | undefined => /P-\d+$|^X25519$/.exec(purpose)?.[0];

/** The bits of a shared secret. */
const SHARED_BITS: Readonly<Record<string, number>> = { "P-256": 256, "P-384": 384, "P-521": 528, X25519: 256 };

/** Decrypts a content key, or agrees on a secret with an ephemeral public key, with a `CryptoKey`. */
export async function decryptWithCryptoKey(facts: CryptoKeyFacts, question: Bytes): Promise<Bytes> {
  const { key, usages } = facts;
  const curve = curveOf(facts);
  if (curve !== undefined) {
    const parameters = curve === "X25519" ? { name: curve } : { name: "ECDH", namedCurve: curve };
    const theirs = await subtle().importKey("raw", question, parameters, false, []);
    const agreement = { name: parameters.name, public: theirs };
    return new Uint8Array(await subtle().deriveBits(agreement, key, SHARED_BITS[curve] as number));
  }
  const { name } = key.algorithm;
  if (usages.includes("decrypt")) return new Uint8Array(await subtle().decrypt({ name }, key, question));
  // An HMAC key may have any length, as content keys do.
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const contentKey = await subtle().unwrapKey("raw", question, key, { name }, hmac, true, ["sign"]);
  return new Uint8Array(await subtle().exportKey("raw", contentKey));
}

/** The SPKI of a public `CryptoKey`. */
export async function spkiOf({ key, extractable }: CryptoKeyFacts): Promise<Bytes> {
  if (!extractable) {
    throw new CountersignError("KEY_INVALID", "the public CryptoKey is not extractable: import it as extractable");
  }
  try {
    return new Uint8Array(await subtle().exportKey("spki", key));
  } catch {
    // It only looked like a key.
    throw new CountersignError("KEY_INVALID", "not a CryptoKey");
  }
}

/** WebCrypto, which a page has only in a secure context. */
export function subtle(): SubtleCrypto {
  const found = globalThis.crypto?.subtle;
  if (found === undefined) throw runtimeLacks("crypto.subtle");
  return found;
}
