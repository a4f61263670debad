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
    throw new CountersignError("KEY_TOO_WEAK", `${alg} needs a secret of at least ${needed / 8} bytes`);
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
    const { name, hash, namedCurve } = algorithm;
    const detail = namedCurve ?? hash?.name;
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

/** The SPKI of a public `CryptoKey`. */
export async function spkiOf({ key, extractable }: CryptoKeyFacts): Promise<Bytes> {
  if (!extractable) {
    throw new CountersignError("KEY_INVALID", "the public CryptoKey is not extractable: import it as extractable");
  }
  return new Uint8Array(await subtle().exportKey("spki", key));
}

/** WebCrypto, which a page has only in a secure context. */
export function subtle(): SubtleCrypto {
  const found = globalThis.crypto?.subtle;
  if (found === undefined) throw runtimeLacks("crypto.subtle");
  return found;
}
