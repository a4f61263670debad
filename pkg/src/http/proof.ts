/** Asks for DPoP proofs (RFC 9449), which `countersign/dpop` checks. */

import type { CountersignError } from "../errors.js";
import { checkMethod, invalid, type OptionReader } from "../options.js";
import type { Claims } from "../types.js";
import { hasOwn, inKind } from "./answer.js";
import { headerOf, type RequestLike } from "./request.js";

/** Checks DPoP proofs: a `DpopVerifier` of `countersign/dpop`, or an object of the same shape. */
export interface ProofVerifier {
  /** The algorithms that a proof may have. */
  readonly algorithms: readonly string[];
  /** Checks the proof of a request, and does not use it up. */
  check(request: RequestLike, expected: { accessToken?: string; thumbprint?: string }): Promise<UsableProof>;
  /** The nonce for clients that have none; `undefined` if none is needed. */
  nonce(): Promise<string | undefined>;
}

/** A proof that was checked. */
export interface UsableProof {
  /** The thumbprint of its key. */
  readonly thumbprint: string;
  /** The nonce for the client's next request, if it needs another. */
  readonly nextNonce?: string;
  /** Uses it up; throws `TOKEN_USED` if it was used before. */
  use(): Promise<void>;
}

/** Why a proof is not accepted. */
export interface ProofProblem {
  readonly error: "invalid_dpop_proof" | "invalid_token" | "temporarily_unavailable" | "use_dpop_nonce";
  readonly problem: string;
  /** For the header `DPoP-Nonce`. */
  readonly nonce?: string | undefined;
}

/** Reads the option `dpop`. */
export const proofVerifierOption: OptionReader<ProofVerifier | undefined> = (name, value) => {
  if (value === undefined) return undefined;
  for (const method of ["check", "nonce"]) checkMethod(name, value, method);
  const { algorithms } = value as Partial<ProofVerifier>;
  if (!Array.isArray(algorithms)) throw invalid(`option "${name}" has no list "algorithms"`);
  return value as ProofVerifier;
};

/**
 * A proof as a verifier of any make has checked it, whose `use` throws unless it was used up.
 *
 * @param thumbprint The key that it must be of. Default: any.
 * @throws {CountersignError} `OPTION_INVALID`: the verifier returned something else, or the proof of another key.
 */
export function usable(proof: unknown, thumbprint?: string): UsableProof {
  const { nextNonce, thumbprint: key, use } = (proof ?? {}) as Partial<UsableProof>;
  if (!hasOwn(proof, "thumbprint") || typeof key !== "string" || key === "" || typeof use !== "function") {
    throw invalid(`option "dpop" returned ${inKind(proof)} that is no proof: it must return { thumbprint, use }`);
  }
  if (thumbprint !== undefined && key !== thumbprint) throw invalid('option "dpop" accepted the proof of another key');
  return { thumbprint: key, ...(nextNonce !== undefined && { nextNonce }), use: () => useUp(() => use.call(proof)) };
}

/**
 * Uses a proof up. Its method has no answer, so one that says `false` for a proof that was used before must not pass.
 *
 * @throws {CountersignError} `OPTION_INVALID`: it returned something. Its own errors reach you unchanged.
 */
export async function useUp(use: () => unknown): Promise<void> {
  const answer = await use();
  if (answer === undefined) return;
  throw invalid(
    `"use" of the proof returned ${inKind(answer)}: it must return nothing, and throw if it was used before`,
  );
}

/** Whether a request has a proof, or something in its place. */
export function hasProof(request: RequestLike): boolean {
  return headerOf(request, "DPoP") !== null;
}

/** What `ask` resolves to, or what is wrong with the proof. Other errors are those of the server. */
export async function proofOrProblem<T>(verifier: ProofVerifier, ask: () => Promise<T>): Promise<T | ProofProblem> {
  try {
    return await ask();
  } catch (error) {
    // By the code, not the class: verifier and guard may be of different builds.
    const { claim, code, message = "" } = (error ?? {}) as Partial<CountersignError>;
    if (code === "STORE_UNAVAILABLE") {
      return { error: "temporarily_unavailable", problem: "the used proofs are not available" };
    }
    if (code === undefined || !/^(TOKEN|CLAIM)_/.test(code)) throw error;
    if (claim === "nonce") return { error: "use_dpop_nonce", problem: message, nonce: await verifier.nonce() };
    // RFC 9449 §7.1: the proof is right, and the token is not this key's.
    return { error: claim === "cnf" ? "invalid_token" : "invalid_dpop_proof", problem: message };
  }
}

/** The thumbprint of the key that a token is bound to (RFC 9449 §6.1); `undefined` if it is not bound. */
export function boundKeyOf(claims: object): string | undefined {
  const { cnf } = claims as Claims;
  if (cnf === undefined || cnf === null) return undefined;
  // No key has this one. What is not an object (RFC 7800 §3.1) binds in a way that we cannot read, and must not pass as not bound.
  if (typeof cnf !== "object" || Array.isArray(cnf)) return "";
  // Another member, such as that of a certificate (RFC 8705 §3.1), is judged where the certificate is seen.
  if (!Object.hasOwn(cnf, "jkt")) return undefined;
  const { jkt } = cnf as { jkt: unknown };
  return typeof jkt === "string" ? jkt : "";
}
