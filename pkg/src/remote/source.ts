/**
 * What `Verifier` knows of keys that come from elsewhere. The class that fetches them is not named here, so that it is
 * in no bundle of a program that does not use it.
 */

import type { Verified, VerifyOptions } from "../types.js";

/** Keys that a verifier does not hold, but asks for with each token. */
export abstract class KeySource {
  /** @internal A verifier that asks this source. It reads the options now, once. */
  abstract verifier(options?: VerifyOptions): AsyncVerifier;
}

/** What checks tokens with the keys of a source. */
export interface AsyncVerifier {
  verify<C extends object>(token: string, options?: VerifyOptions): Promise<Verified<C>>;
  free(): void;
}
