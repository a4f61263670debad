/**
 * Verifying by WebCrypto, which answers later. The core runs a check twice. In the first run, `Question` notes what the core
 * asks and answers that the signature is invalid. In the second run, it gives WebCrypto's answer, and only to the same
 * question. The core judges header and claims itself, in the second run.
 */

import type { Bytes } from "./bytes.js";
import { once } from "./once.js";

// What the core understands as the answer to `verify`.
export const VALID = 1;
export const INVALID = 0;
/** The core computes the answer itself. */
export const DECLINED = -1;

/** How WebCrypto names an algorithm. The declarations of this package do without those of browsers. */
interface WebAlgorithm {
  readonly name: string;
  readonly hash?: string;
  readonly namedCurve?: string;
  readonly saltLength?: number;
}

/** WebCrypto, or `undefined` where there is none: in a page without TLS, for example. */
export function subtleCrypto(): SubtleCrypto | undefined {
  try {
    return globalThis.crypto?.subtle;
  } catch {
    return undefined;
  }
}

/** Whether this is Cloudflare's runtime, where WebCrypto answers on the same thread, without the delay of browsers. */
export function isWorkers(): boolean {
  return (globalThis as { navigator?: { userAgent?: string } }).navigator?.userAgent === "Cloudflare-Workers";
}

/** A public key, imported when it is first asked. */
export class WebKey {
  readonly #importAs: WebAlgorithm;
  readonly #operation: WebAlgorithm;
  readonly #imported: (subtle: SubtleCrypto) => Promise<CryptoKey>;
  #key: CryptoKey | undefined;

  /** @param spki A copy of the key, which this class keeps. */
  constructor(algorithm: string, spki: Bytes) {
    this.#importAs = importOf(algorithm);
    this.#operation = operationOf(algorithm);
    this.#imported = once((subtle) => subtle.importKey("spki", spki, this.#importAs, false, ["verify"]));
  }

  async verify(message: Bytes, signature: Bytes): Promise<number> {
    const subtle = subtleCrypto();
    if (subtle === undefined) return DECLINED;
    try {
      // Each `await` takes a turn of the queue of promises, so a key that is ready is not awaited.
      if (this.#key === undefined) {
        if (this.#importAs.name === "Ed25519" && !(await isStrict(subtle))) return DECLINED;
        this.#key = await this.#imported(subtle);
      }
      return (await subtle.verify(this.#operation, this.#key, signature, message)) ? VALID : INVALID;
    } catch {
      // A key or an algorithm that this platform does not support.
      return DECLINED;
    }
  }
}

/** What the core asks during one check, and the answer. */
export class Question {
  #key: WebKey | undefined;
  #message!: Bytes;
  #signature!: Bytes;
  #answer = DECLINED;
  #isAnswered = false;

  /** Whether the core has asked and has no answer yet. What the first run said does then not count. */
  get isPending(): boolean {
    return this.#key !== undefined && !this.#isAnswered;
  }

  /** Whether WebCrypto has not answered, and the core is to compute. */
  get isDeclined(): boolean {
    return this.#isAnswered && this.#answer === DECLINED;
  }

  /** The core's call. The bytes are views of its memory, valid during the call. */
  verify(key: WebKey, message: Bytes, signature: Bytes): number {
    if (this.#key === undefined) {
      this.#key = key;
      this.#message = message.slice();
      this.#signature = signature.slice();
      return INVALID;
    }
    const isSame = this.#key === key && areEqual(this.#message, message) && areEqual(this.#signature, signature);
    return isSame ? this.#answer : DECLINED;
  }

  /** Asks WebCrypto. Never rejects. */
  async ask(): Promise<void> {
    if (this.#key !== undefined) this.#answer = await this.#key.verify(this.#message, this.#signature);
    this.#isAnswered = true;
  }
}

/**
 * Whether the platform verifies Ed25519 without the cofactor, as the core does. Platforms may verify with it (RFC 8032 §8.9), and
 * then accept more. All differences but this one are in the form of keys and signatures, which the core checks. So the platform is
 * asked about a signature that only such a check accepts.
 */
const isStrict = /* @__PURE__ */ once(async (subtle: SubtleCrypto) => {
  const [x, signature, message] = COFACTORED.map(fromHex) as [Bytes, Bytes, Bytes];
  const key = await subtle.importKey("raw", x, "Ed25519", false, ["verify"]);
  return !(await subtle.verify("Ed25519", key, signature, message));
});

/** A key with a component of order 8, a signature, and a message whose challenge is not a multiple of 8. */
export const COFACTORED = [
  "9ea3f11f5bd34f0cd7147fd0a436c088f624c6100c1df6a53c0a29e05d60cea0",
  "c9a3f86aae465f0e56513864510f3997561fa2c9e85ea21dc2292309f3cd60220d093cb3f3e586b2e93d7fcd98f22cdb16def9328d2a6a11558e497c06ea6207",
  "65",
];

export function fromHex(text: string): Bytes {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** RFC 7518 §3 in the terms of WebCrypto. PSS has a salt as long as the digest. */
export function operationOf(algorithm: string): WebAlgorithm {
  const bits = Number(algorithm.slice(2));
  if (algorithm.startsWith("Ed")) return { name: "Ed25519" };
  if (algorithm.startsWith("ML")) return { name: algorithm };
  if (algorithm.startsWith("ES")) return { name: "ECDSA", hash: `SHA-${bits}` };
  if (algorithm.startsWith("PS")) return { name: "RSA-PSS", saltLength: bits / 8 };
  return { name: "RSASSA-PKCS1-v1_5" };
}

export function importOf(algorithm: string): WebAlgorithm {
  const bits = algorithm.slice(2);
  if (algorithm.startsWith("Ed")) return { name: "Ed25519" };
  if (algorithm.startsWith("ML")) return { name: algorithm };
  if (algorithm.startsWith("ES")) return { name: "ECDSA", namedCurve: `P-${bits === "512" ? "521" : bits}` };
  return { name: algorithm.startsWith("PS") ? "RSA-PSS" : "RSASSA-PKCS1-v1_5", hash: `SHA-${bits}` };
}

function areEqual(one: Bytes, other: Bytes): boolean {
  if (one.length !== other.length) return false;
  const [left, right] = [one, other].map(
    ({ buffer, byteOffset, length }) => new DataView(buffer, byteOffset, length),
  ) as [DataView, DataView];
  let index = 0;
  // A quarter of the time that single bytes take.
  for (; index + 4 <= one.length; index += 4) if (left.getInt32(index) !== right.getInt32(index)) return false;
  for (; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}
