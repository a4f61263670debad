/**
 * The platform's own cryptography, which is up to thirty times faster than WebAssembly. The core parses and checks every
 * key, header and claim itself. It asks the platform only to compute.
 */

import { builtin, type NodeCrypto, type NodeKeyInput, type NodeKeyObject } from "./builtin.js";
import type { Bytes } from "./bytes.js";
import type { Cryptography } from "./types.js";
import { DECLINED, INVALID, isWorkers, type Question, VALID, WebKey } from "./web-crypto.js";

/** What `take` returns for a key that it does not import. */
const NOT_TAKEN = 0;

interface NodeKey {
  /** `null` for Ed25519, which has a fixed hash. */
  hash: string | null;
  input: NodeKeyInput;
}

/** A key that the core has given. A public key is kept as it came, and imported by what is first asked. */
interface TakenKey {
  readonly algorithm: string;
  readonly spki: Bytes | undefined;
  /** `null`: Node's `crypto` cannot import it. */
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
  #crypto: NodeCrypto | undefined;
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
      return this.#loadCrypto() !== undefined;
    } catch {
      return false;
    }
  }

  /** Takes a key in DER and returns its handle, or `NOT_TAKEN`. */
  take(algorithm: string, isPrivate: boolean, start: number, length: number): number {
    try {
      const der = this.#bytes(start, length);
      const key: TakenKey = isPrivate
        ? { algorithm, spki: undefined, node: this.#privateKey(algorithm, der), web: undefined }
        : { algorithm, spki: der.slice(), node: undefined, web: undefined };
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
      if (!this.isForced && isSlow(key.algorithm)) return DECLINED;
      const [bytes, signed] = [this.#bytes(message, messageLength), this.#bytes(signature, signatureLength)];
      const answer =
        this.question === undefined
          ? this.#verifyByNode(key, bytes, signed)
          : this.question.verify(this.#webKey(key), bytes, signed);
      if (answer !== DECLINED) this.computed = this.question === undefined ? "node:crypto" : "webcrypto";
      return answer;
    } catch {
      return DECLINED;
    }
  }

  sign(handle: number, message: number, messageLength: number): Uint8Array | undefined {
    try {
      const { hash, input } = this.#nodeKey(this.#taken(handle));
      const signature = this.#loadCrypto().sign(hash, this.#bytes(message, messageLength), input);
      this.computed = "node:crypto";
      return signature;
    } catch {
      return undefined;
    }
  }

  forget(handle: number): void {
    this.#keys.delete(handle);
  }

  #verifyByNode(key: TakenKey, message: Uint8Array, signature: Uint8Array): number {
    const { hash, input } = this.#nodeKey(key);
    return this.#loadCrypto().verify(hash, message, input, signature) ? VALID : INVALID;
  }

  #loadCrypto(): NodeCrypto {
    // Only when it is needed: loading it takes milliseconds.
    this.#crypto ??= builtin("crypto");
    if (this.#crypto === undefined) throw new RangeError("there is no crypto module");
    return this.#crypto;
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
      const imported = this.#loadCrypto().createPublicKey({ key: key.spki as Bytes, format: "der", type: "spki" });
      key.node = { hash: hashOf(key.algorithm), input: this.#inputOf(key.algorithm, imported) };
    }
    if (key.node === null) throw new RangeError("the key cannot be imported");
    return key.node;
  }

  #privateKey(algorithm: string, der: Uint8Array): NodeKey {
    if (isSlowToSign(algorithm)) throw new RangeError("WebAssembly is faster");
    const key = this.#loadCrypto().createPrivateKey({ key: der, format: "der", type: "pkcs8" });
    return { hash: hashOf(algorithm), input: this.#inputOf(algorithm, key) };
  }

  #inputOf(algorithm: string, key: NodeKeyObject): NodeKeyInput {
    if (!algorithm.startsWith("PS")) return key;
    // RFC 7518 §3.5: the salt is as long as the digest.
    const saltLength = Number(algorithm.slice(2)) / 8;
    return { key, padding: this.#loadCrypto().constants.RSA_PKCS1_PSS_PADDING, saltLength };
  }

  #bytes(start: number, length: number): Bytes {
    // When the memory grows, its views become empty. Chromium takes a microsecond to give its buffer.
    if (this.#view.length === 0) this.#view = new Uint8Array(this.#memory());
    return this.#view.subarray(start, start + length);
  }
}

/**
 * Whether WebAssembly verifies faster, with its precomputed tables: Ed25519 except in Workers, on P-521, and in Deno, whose
 * `crypto` is not OpenSSL, on all curves.
 */
function isSlow(algorithm: string): boolean {
  if (algorithm.startsWith("Ed")) return !isWorkers();
  return algorithm === "ES512" || ("Deno" in globalThis && algorithm.startsWith("ES"));
}

/** Whether WebAssembly signs faster. */
function isSlowToSign(algorithm: string): boolean {
  return "Deno" in globalThis && algorithm === "ES256";
}

function hashOf(algorithm: string): string | null {
  return algorithm.startsWith("Ed") ? null : `sha${algorithm.slice(2)}`;
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
