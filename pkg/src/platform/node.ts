/**
 * RSA, ECDSA and signing with Ed25519 by Node's `crypto`, in Node and wherever else it is: up to thirty times faster than in
 * WebAssembly.
 *
 * The core has read and judged the key, and has seen that a signature is well-formed, before this is asked whether it is
 * right. Whatever this cannot do it declines, and the core does it. It throws nothing.
 */

import { builtin } from "../builtin.js";

/** What of Node's `crypto` is used. */
export interface NodeCrypto {
  constants: { RSA_PKCS1_PSS_PADDING: number };
  createPrivateKey(key: { key: Uint8Array; format: "der"; type: "pkcs8" }): KeyObject;
  createPublicKey(key: { key: Uint8Array; format: "der"; type: "spki" }): KeyObject;
  sign(hash: string | null, message: Uint8Array, key: KeyInput): Uint8Array;
  verify(hash: string | null, message: Uint8Array, key: KeyInput, signature: Uint8Array): boolean;
}

/** What Node's `crypto` has made of a key. */
interface KeyObject {
  readonly type: string;
}

/** A key, with how it is used only where that is not the usual way: being told costs Node 24 as much as half a signature. */
type KeyInput = KeyObject | { key: KeyObject; padding: number; saltLength: number };

interface Taken {
  /** Ed25519 has its own. */
  hash: string | null;
  input: KeyInput;
}

const RIGHT = 1;
const WRONG = 0;
const DECLINED = -1;
const NOT_TAKEN = 0;

/** What the core asks. `memory` gives the memory of its module as it now is. */
export class NodePlatform {
  #crypto: NodeCrypto | undefined;
  readonly #memory: () => ArrayBuffer;
  readonly #keys = new Map<number, Taken>();
  #last = NOT_TAKEN;

  constructor(memory: () => ArrayBuffer) {
    this.#memory = memory;
  }

  /** Whether it is there. */
  get isThere(): boolean {
    try {
      return this.#loaded() !== undefined;
    } catch {
      return false;
    }
  }

  take(algorithm: string, isPrivate: boolean, start: number, length: number): number {
    if (this.#isSlowAt(algorithm, isPrivate)) return NOT_TAKEN;
    try {
      const der = this.#bytes(start, length);
      const crypto = this.#loaded();
      const key = isPrivate
        ? crypto.createPrivateKey({ key: der, format: "der", type: "pkcs8" })
        : crypto.createPublicKey({ key: der, format: "der", type: "spki" });
      this.#last += 1;
      this.#keys.set(this.#last, { hash: digestOf(algorithm), input: this.#input(algorithm, key) });
      return this.#last;
    } catch {
      return NOT_TAKEN;
    }
  }

  verify(key: number, message: number, messageLength: number, signature: number, signatureLength: number): number {
    try {
      const { hash, input } = this.#taken(key);
      const [bytes, signed] = [this.#bytes(message, messageLength), this.#bytes(signature, signatureLength)];
      return this.#loaded().verify(hash, bytes, input, signed) ? RIGHT : WRONG;
    } catch {
      return DECLINED;
    }
  }

  sign(key: number, message: number, messageLength: number): Uint8Array | undefined {
    try {
      const { hash, input } = this.#taken(key);
      return this.#loaded().sign(hash, this.#bytes(message, messageLength), input);
    } catch {
      return undefined;
    }
  }

  forget(key: number): void {
    this.#keys.delete(key);
  }

  #loaded(): NodeCrypto {
    // When it is needed, and not before: loading it takes milliseconds.
    this.#crypto ??= builtin("crypto");
    if (this.#crypto === undefined) throw new RangeError("there is none");
    return this.#crypto;
  }

  /**
   * What WebAssembly is faster at, with its tables of a key's multiples: checks on P-521, and in Deno, whose `crypto` is not
   * OpenSSL, all checks of ECDSA and signing on P-256.
   */
  #isSlowAt(algorithm: string, isPrivate: boolean): boolean {
    if (!isPrivate && algorithm === "ES512") return true;
    return "Deno" in globalThis && algorithm.startsWith("ES") && (!isPrivate || algorithm === "ES256");
  }

  #taken(key: number): Taken {
    const taken = this.#keys.get(key);
    if (taken === undefined) throw new RangeError("no such key");
    return taken;
  }

  #input(algorithm: string, key: KeyObject): KeyInput {
    if (!algorithm.startsWith("PS")) return key;
    // RFC 7518 §3.5: the salt is as long as the digest.
    const saltLength = Number(algorithm.slice(2)) / 8;
    return { key, padding: this.#loaded().constants.RSA_PKCS1_PSS_PADDING, saltLength };
  }

  #bytes(start: number, length: number): Uint8Array {
    return new Uint8Array(this.#memory(), start, length);
  }
}

function digestOf(algorithm: string): string | null {
  return algorithm.startsWith("Ed") ? null : `sha${algorithm.slice(2)}`;
}
