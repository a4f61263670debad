/** Signing by WebCrypto, with a private key of the core. */

import type { Bytes } from "./bytes.js";
import { unlessAborted } from "./deadline.js";
import type { RawUnsigned } from "./glue/jwt.js";
import { release } from "./handle.js";
import { callModule, callWithSecrets, tokens } from "./load/instances.js";
import { importOf, isWorkers, operationOf, subtleCrypto } from "./web-crypto.js";

/**
 * A private key that WebCrypto holds and does not export. The platform frees it some time after this object is collected.
 */
export class WebSigner {
  readonly #operation: ReturnType<typeof operationOf>;
  readonly #importing: Promise<CryptoKey | undefined>;
  #key: CryptoKey | undefined;

  /** @param pkcs8 Returns the private key. Its bytes are wiped when WebCrypto has them. */
  constructor(algorithm: string, pkcs8: () => Bytes | undefined) {
    this.#operation = operationOf(algorithm);
    this.#importing = imported(algorithm, pkcs8);
  }

  /**
   * @internal The token, and whether WebCrypto has signed it. If it cannot, the core does. Frees `unsigned`.
   *
   * @throws Rejects with the reason of `signal` if that was aborted meanwhile.
   */
  async sign(unsigned: RawUnsigned, signal: AbortSignal | undefined): Promise<[token: string, isSigned: boolean]> {
    let isSigned = false;
    try {
      const input = callModule(tokens, () => unsigned.input(0)) as Bytes;
      const signature = await unlessAborted(() => this.#signatureOf(input), signal);
      if (signature !== undefined) callModule(tokens, () => unsigned.add_computed(0, signature));
      isSigned = signature !== undefined;
    } catch (thrown) {
      release(unsigned);
      throw thrown;
    }
    const finish = () => unsigned.finish();
    return [isSigned ? callModule(tokens, finish) : callWithSecrets(tokens, finish), isSigned];
  }

  async #signatureOf(input: Bytes): Promise<Bytes | undefined> {
    try {
      this.#key ??= await this.#importing;
      if (this.#key === undefined) return undefined;
      const signature = await subtleCrypto()?.sign(this.#operation, this.#key, input);
      return signature && new Uint8Array(signature);
    } catch {
      return undefined;
    }
  }
}

async function imported(algorithm: string, pkcs8: () => Bytes | undefined): Promise<CryptoKey | undefined> {
  const bytes = pkcs8();
  try {
    if (bytes === undefined) return undefined;
    return await subtleCrypto()?.importKey("pkcs8", bytes, importOf(algorithm), false, ["sign"]);
  } catch {
    // A key or an algorithm that this platform does not support.
    return undefined;
  } finally {
    bytes?.fill(0);
  }
}

/** Whether WebAssembly signs as fast as WebCrypto: with Ed25519 except in Workers, and on P-521. */
export function isSlowToSignByWeb(algorithm: string): boolean {
  return algorithm.startsWith("Ed") ? !isWorkers() : algorithm === "ES512";
}
