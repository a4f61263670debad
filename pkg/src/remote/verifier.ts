/** A verifier whose keys come from a server: for each set that comes, a verifier of the core's. */

import { KeySet, Verifier } from "../jwt.js";
import type { Verified, VerifyOptions } from "../types.js";
import type { Keeper } from "./keeper.js";
import type { AsyncVerifier } from "./source.js";

export class RemoteVerifier implements AsyncVerifier {
  readonly #keeper: Keeper;
  /** Has the options and no keys: it finds what is wrong with a token before there are any. */
  readonly #bare: Verifier;
  #keySet: KeySet | undefined;
  #verifier: Verifier | undefined;

  constructor(keeper: Keeper, options?: VerifyOptions) {
    this.#keeper = keeper;
    const none = new KeySet([]);
    try {
      this.#bare = new Verifier(none, options);
    } finally {
      none.free();
    }
  }

  verify<C extends object>(token: string, options?: VerifyOptions): Promise<Verified<C>> {
    return this.#keeper.use((keySet) => this.#with(keySet).verify<C>(token, options));
  }

  free(): void {
    this.#verifier?.free();
    this.#verifier = undefined;
    this.#keySet = undefined;
    this.#bare.free();
  }

  #with(keySet: KeySet | undefined): Verifier {
    if (keySet === undefined) return this.#bare;
    if (this.#verifier === undefined || this.#keySet !== keySet) {
      const verifier = this.#bare.over(keySet);
      this.#verifier?.free();
      this.#verifier = verifier;
      this.#keySet = keySet;
    }
    return this.#verifier;
  }
}
