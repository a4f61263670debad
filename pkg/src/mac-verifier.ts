/** Checks tokens with an HMAC secret that WebCrypto keeps. */

import { type Bytes, fromBase64url, utf8 } from "./bytes.js";
import type { Elsewhere } from "./elsewhere.js";
import { CountersignError } from "./errors.js";
import { type RawKey, RawVerifier } from "./glue/jwt.js";
import { release } from "./handle.js";
import type { Key } from "./key.js";
import type { AsyncVerifier } from "./key-set.js";
import { callModule, tokens } from "./load/instances.js";
import type { Verified, VerifyOptions } from "./types.js";

/**
 * The core judges everything but the MAC. It first judges the token with a key that verifies nothing. If it finds no other
 * fault than the signature, WebCrypto is asked about that, and the core judges again with a key that verifies only this MAC.
 */
export class MacVerifier implements AsyncVerifier {
  readonly #key: RawKey;
  readonly #verifier: RawVerifier;
  readonly #elsewhere: Elsewhere;
  /** The calls that wait for WebCrypto. They still use the handles after `free()`. */
  #waiting = 0;
  #isFreed = false;

  constructor(key: Key, elsewhere: Elsewhere, options: VerifyOptions | undefined) {
    this.#elsewhere = elsewhere;
    this.#key = callModule(tokens, () => key.raw().having_verified(new Uint8Array(0), undefined));
    try {
      this.#verifier = callModule(tokens, () => RawVerifier.with_key(this.#key, options));
    } catch (thrown) {
      release(this.#key);
      throw thrown;
    }
  }

  async verify<C extends object>(token: string, options?: VerifyOptions): Promise<Verified<C>> {
    if (typeof token !== "string") throw new CountersignError("TOKEN_MALFORMED", "token is not a string");
    const fault = this.#faultOf(token, options);
    const end = token.lastIndexOf(".");
    const input = utf8(token.slice(0, end)) as Bytes;
    const signature = fromBase64url(token.slice(end + 1));
    this.#waiting += 1;
    try {
      const isValid = await this.#elsewhere.verify?.(input, signature);
      if (isValid !== true) throw fault;
      return this.#judge<C>(token, options, input, signature);
    } finally {
      this.#waiting -= 1;
      if (this.#isFreed) this.#release();
    }
  }

  free(): void {
    this.#isFreed = true;
    this.#release();
  }

  #release(): void {
    if (0 < this.#waiting) return;
    release(this.#verifier);
    release(this.#key);
  }

  /** The core's judgment with a key that verifies only this MAC. */
  #judge<C extends object>(
    token: string,
    options: VerifyOptions | undefined,
    input: Bytes,
    signature: Bytes,
  ): Verified<C> {
    const known = callModule(tokens, () => this.#key.having_verified(input, signature));
    try {
      const verifier = callModule(tokens, () => this.#verifier.with_other_key(known));
      try {
        return JSON.parse(callModule(tokens, () => verifier.verify_with(token, options)));
      } finally {
        release(verifier);
      }
    } finally {
      release(known);
    }
  }

  /** The error about the signature. Throws any other. */
  #faultOf(token: string, options: VerifyOptions | undefined): unknown {
    try {
      this.#verifier.verify_with(token, options);
    } catch (thrown) {
      if (thrown instanceof CountersignError && thrown.code === "TOKEN_SIGNATURE_INVALID") return thrown;
      throw tokens.recover(thrown);
    }
    throw new CountersignError("INTERNAL", "internal error");
  }
}
