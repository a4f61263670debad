/**
 * `countersign/dpop`: tokens that only the holder of a key can use (RFC 9449).
 *
 * `DpopSigner` makes the proofs, in a browser or any other client. It needs no wasm. `DpopVerifier` checks them, for
 * `tokenEndpoint` and `bearerGuard`. It uses the module of `countersign` or `countersign/jwt`, which the program imports anyway.
 *
 * @module
 */

export { DpopSigner, type DpopSignerOptions, type ProofOptions } from "./dpop/signer.js";
export {
  type CheckedProof,
  type DpopProof,
  DpopVerifier,
  type DpopVerifierOptions,
  type ExpectedProof,
} from "./dpop/verifier.js";
export { CountersignError, type ErrorCode } from "./errors.js";
