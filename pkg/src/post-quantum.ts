/** `countersign/post-quantum`: signatures that quantum computers cannot forge, with ML-DSA (FIPS 204, RFC 9964). */

import { postQuantum } from "./load/instances.js";

/**
 * Lets all functions of `countersign/jwt`, `countersign/jws` and the others sign and verify with ML-DSA-44, ML-DSA-65 and
 * ML-DSA-87, and read and write keys of the type AKP. Call it once, before the first such key is read: a key set leaves out
 * what it cannot use when it is made. Called again, it does nothing.
 *
 * @throws {CountersignError} `INTERNAL`: the module is not loaded. With `countersign/post-quantum/slim`, call `init` first.
 * @example
 * ```ts
 * import { Key, Verifier, sign } from "countersign/jwt";
 * import { enablePostQuantum } from "countersign/post-quantum";
 *
 * enablePostQuantum();
 * const key = Key.generate("ML-DSA-44", { kid: "2026-11" });
 * const token = sign({ sub: "alice" }, key);
 * new Verifier(key.publicKey()).verify(token).claims.sub; // "alice"
 * ```
 */
export function enablePostQuantum(): void {
  postQuantum.enable();
}
