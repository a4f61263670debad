/** Checks proofs with the keys that they bring. */

import { CountersignError } from "../errors.js";
import { Verifier } from "../jwt.js";
import { Key } from "../key.js";
import { isPrivateJwk } from "../private-jwk.js";
import type { AsymmetricAlgorithm, Verified, VerifyOptions } from "../types.js";

interface Known {
  readonly verifier: Verifier;
  readonly thumbprint: string;
}

/** A page sends many proofs of one key, and to read the key takes longer than to check a signature. */
const MOST_KEYS = 256;

/** The keys that were used last. Only somebody who has signed a proof has a key here. */
export class ProofKeys {
  readonly #options: VerifyOptions;
  readonly #known = new Map<string, Known>();

  /** @param options What every proof must satisfy. */
  constructor(options: VerifyOptions) {
    this.#options = options;
  }

  /**
   * Checks a proof with the JWK of its header.
   *
   * @param now Default: the time of the call.
   * @throws {CountersignError} As `Key.fromJwk` and `verify`.
   */
  verify(proof: string, jwk: unknown, alg: AsymmetricAlgorithm, now?: Date): Verified & { thumbprint: string } {
    const name = `${alg} ${JSON.stringify(jwk)}`;
    const found = this.#known.get(name) ?? this.#read(jwk, alg);
    try {
      const { verifier, thumbprint } = found;
      const { claims, header } = verifier.verify(proof, now && { now });
      this.#known.delete(name);
      this.#known.set(name, found);
      return { claims, header, thumbprint };
    } finally {
      if (!this.#known.has(name)) found.verifier.free();
      this.#makeRoom();
    }
  }

  #read(jwk: unknown, alg: AsymmetricAlgorithm): Known {
    if (jwk === undefined) throw new CountersignError("TOKEN_HEADER_INVALID", 'missing "jwk" header');
    if (isPrivateJwk(jwk)) throw new CountersignError("TOKEN_HEADER_INVALID", 'header "jwk" contains a private key');
    const key = Key.fromJwk(jwk as object, { alg });
    try {
      return { verifier: new Verifier(key, this.#options), thumbprint: key.thumbprint() };
    } finally {
      key.free();
    }
  }

  #makeRoom(): void {
    const [oldest] = this.#known;
    if (oldest === undefined || this.#known.size <= MOST_KEYS) return;
    const [name, { verifier }] = oldest;
    this.#known.delete(name);
    verifier.free();
  }
}
