/**
 * The platform's own cryptography, which is up to thirty times faster than WebAssembly. The core parses and checks every
 * key, header and claim itself. It asks the platform only to compute.
 */

import type { Bytes } from "./bytes.js";
import { callWithSecrets, type PostQuantumGlue, postQuantum } from "./load/instances.js";
import { NodeKey, nodeCrypto } from "./node-key.js";
import type { Cryptography } from "./types.js";
import { DECLINED, INVALID, isWorkers, type Question, VALID, WebKey } from "./web-crypto.js";

/** What `take` returns for a key that it does not import. */
const NOT_TAKEN = 0;

/** A key that the core has given. A public key is kept as it came, and imported by what is first asked. */
interface TakenKey {
  readonly algorithm: string;
  /** Whether WebAssembly is faster than `node:crypto`. */
  readonly isSlow: boolean;
  /** Whether WebAssembly is faster than WebCrypto. */
  readonly isSlowByWeb: boolean;
  readonly spki: Bytes | undefined;
  /** `null`: Node's `crypto` cannot use it. */
  node: NodeKey | null | undefined;
  web: WebKey | undefined;
}

/**
 * The object that the core calls. Its methods never throw. When the platform cannot do something, they decline and the core
 * computes it. Addresses are offsets into the memory of the token module.
 */
export class Platform {
  /** Set while a call into the core may ask WebCrypto. */
  question: Question | undefined;
  /** Whether the platform is asked also where WebAssembly is faster. */
  isForced = false;
  /** The cryptography that computed a signature last, since this was set. */
  computed: Cryptography = "wasm";
  /**
   * The algorithms for which WebCrypto is worth asking, because this platform's `node:crypto` turned out not to have them. ML-DSA is
   * never one of them: it has a module of its own, and no platform is known that has it in WebCrypto alone.
   */
  readonly leftToWebCrypto = new Set<string>();
  /** The algorithms with which it has computed. A key that it refuses is then an odd key, such as one with a long exponent. */
  readonly #proven = new Set<string>();
  readonly #memory: () => ArrayBuffer;
  readonly #keys = new Map<number, TakenKey>();
  #view: Bytes = new Uint8Array(0);
  #lastHandle = NOT_TAKEN;

  /** @param memory Returns the current memory of the token module. */
  constructor(memory: () => ArrayBuffer) {
    this.#memory = memory;
  }

  get hasNode(): boolean {
    try {
      return nodeCrypto() !== undefined;
    } catch {
      return false;
    }
  }

  /** Takes a key in DER and returns its handle, or `NOT_TAKEN`. */
  take(algorithm: string, isPrivate: boolean, start: number, length: number): number {
    try {
      const der = this.#bytes(start, length);
      const key: TakenKey = {
        algorithm,
        isSlow: isPrivate ? isSlowToSign(algorithm) : isSlow(algorithm, false),
        isSlowByWeb: isSlow(algorithm, true),
        spki: isPrivate ? undefined : der.slice(),
        node: isPrivate ? this.#privateKey(algorithm, der) : undefined,
        web: undefined,
      };
      this.#lastHandle += 1;
      this.#keys.set(this.#lastHandle, key);
      return this.#lastHandle;
    } catch {
      return NOT_TAKEN;
    }
  }

  verify(handle: number, message: number, messageLength: number, signature: number, signatureLength: number): number {
    try {
      const key = this.#taken(handle);
      const { question } = this;
      if (!this.isForced && (question === undefined ? key.isSlow : key.isSlowByWeb)) return DECLINED;
      const bytes = this.#bytes(message, messageLength);
      const signed = this.#bytes(signature, signatureLength);
      if (question === undefined) {
        const isValid = this.#nodeKey(key).verify(bytes, signed);
        this.#computedByNode(key);
        return isValid ? VALID : INVALID;
      }
      const answer = question.verify(this.#webKey(key), bytes, signed);
      if (answer !== DECLINED) this.computed = "webcrypto";
      return answer;
    } catch {
      return DECLINED;
    }
  }

  sign(handle: number, message: number, messageLength: number): Uint8Array | undefined {
    try {
      const key = this.#taken(handle);
      if (!this.isForced && key.isSlow) return undefined;
      const bytes = this.#bytes(message, messageLength);
      const signature = this.#byNode(key.algorithm, () => this.#nodeKey(key).sign(bytes));
      this.#computedByNode(key);
      return signature;
    } catch {
      return undefined;
    }
  }

  /** Asks the module of ML-DSA: the bytes that it returns, or no bytes for `true`. `undefined` if it is not enabled. */
  ml_dsa(
    question: number,
    set: number,
    key: number,
    keyLength: number,
    message: number,
    messageLength: number,
    signature: number,
    signatureLength: number,
  ): Uint8Array | undefined {
    const glue = postQuantum.enabled;
    if (glue === undefined) return undefined;
    try {
      const bytes = [
        this.#bytes(key, keyLength),
        this.#bytes(message, messageLength),
        this.#bytes(signature, signatureLength),
      ] as const;
      return callWithSecrets(postQuantum, () => askMlDsa(glue, question, set, bytes));
    } catch {
      return undefined;
    }
  }

  forget(handle: number): void {
    this.#keys.delete(handle);
  }

  #taken(handle: number): TakenKey {
    const key = this.#keys.get(handle);
    if (key === undefined) throw new RangeError("no such key");
    return key;
  }

  #webKey(key: TakenKey): WebKey {
    key.web ??= new WebKey(key.algorithm, key.spki as Bytes);
    return key.web;
  }

  #nodeKey(key: TakenKey): NodeKey {
    if (key.node === undefined) {
      // Stays if the import throws.
      key.node = null;
      key.node = this.#byNode(key.algorithm, () => NodeKey.ofPublic(key.algorithm, key.spki as Bytes));
    }
    if (key.node === null) throw new RangeError("the key cannot be used");
    return key.node;
  }

  #privateKey(algorithm: string, der: Uint8Array): NodeKey {
    if (!this.isForced && isSlowToSign(algorithm)) throw new RangeError("WebAssembly is faster");
    return this.#byNode(algorithm, () => NodeKey.ofPrivate(algorithm, der));
  }

  #computedByNode(key: TakenKey): void {
    this.computed = "node:crypto";
    if (this.#proven.has(key.algorithm) && this.leftToWebCrypto.size === 0) return;
    this.#proven.add(key.algorithm);
    this.leftToWebCrypto.delete(key.algorithm);
  }

  /** A call of `node:crypto`. If it fails before it has ever worked with the algorithm, `node:crypto` seems not to have that. */
  #byNode<T>(algorithm: string, call: () => T): T {
    try {
      return call();
    } catch (thrown) {
      if (!algorithm.startsWith("ML") && !this.#proven.has(algorithm)) this.leftToWebCrypto.add(algorithm);
      throw thrown;
    }
  }

  #bytes(start: number, length: number): Bytes {
    // When the memory grows, its views become empty. Chromium takes a microsecond to give its buffer.
    if (this.#view.length === 0) this.#view = new Uint8Array(this.#memory());
    return this.#view.subarray(start, start + length);
  }
}

/** No bytes, which stand for `true`. */
const TRUE: Uint8Array = new Uint8Array(0);

function askMlDsa(
  glue: PostQuantumGlue,
  question: number,
  set: number,
  [key, message, signature]: readonly [Bytes, Bytes, Bytes],
): Uint8Array | undefined {
  switch (question) {
    case 0:
      return TRUE;
    case 1:
      return glue.public_key(set, key);
    case 2:
      return glue.sign(set, key, message);
    case 3:
      return glue.verify(set, key, message, signature) ? TRUE : undefined;
    default:
      return glue.expands_to(set, key, message) ? TRUE : undefined;
  }
}

/**
 * Whether WebAssembly verifies faster, with its precomputed tables: on P-521, in Deno, whose `crypto` is not OpenSSL, on all
 * curves, and with Ed25519 where the answer comes from another thread.
 */
function isSlow(algorithm: string, isWeb: boolean): boolean {
  if (algorithm.startsWith("Ed")) return isWeb && !isWorkers();
  return algorithm === "ES512" || ("Deno" in globalThis && algorithm.startsWith("ES"));
}

/** Whether WebAssembly signs faster: on P-521 except in Bun, and in Deno on P-256. */
function isSlowToSign(algorithm: string): boolean {
  return algorithm === "ES512" ? !("Bun" in globalThis) : "Deno" in globalThis && algorithm === "ES256";
}

/** A new RSA private key in PKCS#8 from WebCrypto, or `undefined` if the platform cannot make one of this length. */
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
