/**
 * The platform's own cryptography, which is up to thirty times faster than WebAssembly. The core parses and checks every
 * key, header and claim itself. It asks the platform only to compute.
 */

import { builtin, hasBuiltins, type NodeCrypto, type NodeKeyInput, type NodeKeyObject } from "./builtin.js";
import type { Bytes } from "./bytes.js";
import { set_platform, use_platform } from "./glue/jwt.js";
import { callModule, tokens } from "./load/instances.js";

let platform: NodePlatform | undefined;

/** Offers Node's `crypto` to the core, in runtimes that have it. */
export function offerPlatform(): void {
  if (!hasBuiltins()) return;
  platform = new NodePlatform(() => tokens.memory);
  set_platform(platform);
  use_platform(true);
}

/**
 * Chooses whether the platform's cryptography (Node's `crypto`) computes RSA, ECDSA and Ed25519 signatures. It is several
 * times faster than WebAssembly, and the default where it exists: Node from 20.16, Deno, Bun, and Workers with
 * `nodejs_compat`. Keys, headers, claims and the form of signatures are checked by the core in either case.
 *
 * With the platform, ECDSA signatures use a random nonce; without it, the deterministic nonce of RFC 6979. A private key
 * that signs is also held by the platform until it is freed.
 *
 * @param used `false` computes everything in WebAssembly from now on, as in browsers.
 * @returns Whether the platform is used now.
 * @example
 * ```ts
 * usePlatformCryptography(false);
 * ```
 */
export function usePlatformCryptography(used: boolean): boolean {
  const isUsed = used === true && platform?.isAvailable === true;
  callModule(tokens, () => use_platform(isUsed));
  return isUsed;
}

interface ImportedKey {
  /** `null` for Ed25519, which has a fixed hash. */
  hash: string | null;
  input: NodeKeyInput;
}

// What `verify` returns, and what `take` returns for a key that it does not import.
const VALID = 1;
const INVALID = 0;
const DECLINED = -1;
const NOT_TAKEN = 0;

/**
 * The object that the core calls. Its methods never throw. When Node's `crypto` cannot do something, they decline and the
 * core computes it. Addresses are offsets into the memory of the token module.
 */
class NodePlatform {
  #crypto: NodeCrypto | undefined;
  readonly #memory: () => ArrayBuffer;
  readonly #keys = new Map<number, ImportedKey>();
  #lastHandle = NOT_TAKEN;

  /** @param memory Returns the current memory of the token module. */
  constructor(memory: () => ArrayBuffer) {
    this.#memory = memory;
  }

  get isAvailable(): boolean {
    try {
      return this.#loadCrypto() !== undefined;
    } catch {
      return false;
    }
  }

  /** Imports a key from DER and returns its handle, or `NOT_TAKEN`. */
  take(algorithm: string, isPrivate: boolean, start: number, length: number): number {
    if (isSlow(algorithm, isPrivate)) return NOT_TAKEN;
    try {
      const der = this.#bytes(start, length);
      const crypto = this.#loadCrypto();
      const key = isPrivate
        ? crypto.createPrivateKey({ key: der, format: "der", type: "pkcs8" })
        : crypto.createPublicKey({ key: der, format: "der", type: "spki" });
      this.#lastHandle += 1;
      this.#keys.set(this.#lastHandle, { hash: hashOf(algorithm), input: this.#inputOf(algorithm, key) });
      return this.#lastHandle;
    } catch {
      return NOT_TAKEN;
    }
  }

  verify(key: number, message: number, messageLength: number, signature: number, signatureLength: number): number {
    try {
      const { hash, input } = this.#imported(key);
      const [bytes, signed] = [this.#bytes(message, messageLength), this.#bytes(signature, signatureLength)];
      return this.#loadCrypto().verify(hash, bytes, input, signed) ? VALID : INVALID;
    } catch {
      return DECLINED;
    }
  }

  sign(key: number, message: number, messageLength: number): Uint8Array | undefined {
    try {
      const { hash, input } = this.#imported(key);
      return this.#loadCrypto().sign(hash, this.#bytes(message, messageLength), input);
    } catch {
      return undefined;
    }
  }

  forget(key: number): void {
    this.#keys.delete(key);
  }

  #loadCrypto(): NodeCrypto {
    // Only when it is needed: loading it takes milliseconds.
    this.#crypto ??= builtin("crypto");
    if (this.#crypto === undefined) throw new RangeError("there is no crypto module");
    return this.#crypto;
  }

  #imported(key: number): ImportedKey {
    const imported = this.#keys.get(key);
    if (imported === undefined) throw new RangeError("no such key");
    return imported;
  }

  #inputOf(algorithm: string, key: NodeKeyObject): NodeKeyInput {
    if (!algorithm.startsWith("PS")) return key;
    // RFC 7518 §3.5: the salt is as long as the digest.
    const saltLength = Number(algorithm.slice(2)) / 8;
    return { key, padding: this.#loadCrypto().constants.RSA_PKCS1_PSS_PADDING, saltLength };
  }

  #bytes(start: number, length: number): Uint8Array {
    return new Uint8Array(this.#memory(), start, length);
  }
}

/**
 * Whether WebAssembly is faster, with its precomputed tables: for verifying on P-521, and in Deno, whose `crypto` is not
 * OpenSSL, for verifying all ECDSA and for signing on P-256.
 */
function isSlow(algorithm: string, isPrivate: boolean): boolean {
  if (!isPrivate && algorithm === "ES512") return true;
  return "Deno" in globalThis && algorithm.startsWith("ES") && (!isPrivate || algorithm === "ES256");
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
