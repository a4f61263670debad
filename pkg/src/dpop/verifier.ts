/** Checks DPoP proofs (RFC 9449 §4.3). The core checks the key, the signature and the time; the rules here come after it. */

import { base64url } from "../bytes.js";
import { CountersignError, type ErrorCode } from "../errors.js";
import { checkRequest, headerOf, type RequestLike } from "../http/request.js";
import { decodeUnverified } from "../jwt.js";
import { lifetime } from "../lifetime.js";
import { invalid, type OptionReader, readOptions, unchecked } from "../options.js";
import type { SessionSecret } from "../secrets.js";
import { secretOption } from "../session/mac.js";
import { memoryStore } from "../stores/memory.js";
import { CheckedStore, type Store } from "../stores/store.js";
import type { AsymmetricAlgorithm, Claims, Verified } from "../types.js";
import { Nonces } from "./nonces.js";
import { ProofKeys } from "./proof-keys.js";
import { normalizedUri, publicUrlOption, targetsOf } from "./target-uri.js";

/** Options of {@link DpopVerifier}. */
export interface DpopVerifierOptions {
  /**
   * Where clients reach this server, such as `"https://api.example"`, or a list. With a path, if a proxy removes it:
   * `"https://example.com/api"`. Set it behind a proxy and wherever the server learns its name from `Host`, as on Node. Default: as
   * the URL of the standard `Request` says. Node's own requests need it.
   */
  publicUrl?: string | readonly string[];
  /** The algorithms that a proof may have. Default: ES256, ES384, ES512, EdDSA (Ed25519), PS256 to PS512 and RS256 to RS512. */
  algorithms?: readonly AsymmetricAlgorithm[];
  /**
   * How old a proof may be, in seconds or as text such as `"1m"`. At most 1 hour. Default 5 minutes, because clocks of clients differ.
   * A proof may be up to 60 seconds ahead. With `nonceSecret`, the age of the nonce counts, and the client's clock does not.
   */
  maxAge?: number | string;
  /**
   * Where it is kept which proofs were used. Default: in the memory of this process, so that each process accepts a proof once.
   * Several processes need a common store.
   */
  store?: Store;
  /**
   * Makes every proof contain a nonce of this server (RFC 9449 §8, §9): at least 32 random bytes, or a list to replace them, as
   * for `Sessions`. Nobody can then make proofs in advance. Default: no nonces.
   */
  nonceSecret?: SessionSecret | readonly SessionSecret[];
  /** How long a nonce is accepted, in seconds or as text. At most 1 hour. Default 5 minutes. */
  nonceExpiresIn?: number | string;
}

/** What a proof must match beside the request. */
export interface ExpectedProof {
  /** The access token of the request. The proof must have the `ath` of it. Default: none, as at the token endpoint. */
  accessToken?: string;
  /** The thumbprint of the key that the token is bound to: its `cnf.jkt`. Default: any key. */
  thumbprint?: string;
  /** The time at which the proof is judged. Default: now. */
  now?: Date;
}

/** A proof that was checked. */
export interface DpopProof extends Verified {
  /** The thumbprint of the key (RFC 7638, SHA-256), for `cnf.jkt`. */
  readonly thumbprint: string;
  /** A nonce for the header `DPoP-Nonce` of the response, if the client needs the next one. */
  readonly nextNonce?: string;
}

/** A proof that was checked, and may have been used before. */
export interface CheckedProof extends DpopProof {
  /**
   * Uses the proof up.
   *
   * @throws {CountersignError} `TOKEN_USED`: it was used before. `STORE_UNAVAILABLE`.
   */
  use(): Promise<void>;
}

const ALGORITHMS: readonly AsymmetricAlgorithm[] = [
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
  "PS256",
  "PS384",
  "PS512",
  "RS256",
  "RS384",
  "RS512",
];
const MAX_PROOF_LENGTH = 8192;
const MAX_JTI_LENGTH = 256;
const HOUR = 3600;

/**
 * Checks DPoP proofs. Create one and keep it, for `tokenEndpoint` and `bearerGuard`, or for servers of your own.
 *
 * @example
 * ```ts
 * const dpop = new DpopVerifier({ publicUrl: "https://api.example", store: d1Store(env.DB) });
 *
 * const token = tokenEndpoint({ authenticate, sessions, dpop });
 * const guard = bearerGuard(verifier, { dpop, requireDpop: true });
 * ```
 */
export class DpopVerifier {
  /** The algorithms that a proof may have. */
  readonly algorithms: readonly AsymmetricAlgorithm[];
  readonly #publicUrls: readonly string[];
  readonly #maxAge: number;
  readonly #keys: ProofKeys;
  readonly #nonces: Nonces | undefined;
  readonly #store: CheckedStore;

  /**
   * @param options See {@link DpopVerifierOptions}.
   * @throws {CountersignError} `OPTION_INVALID`: an option is unknown or of the wrong type.
   */
  constructor(options: DpopVerifierOptions = {}) {
    const { algorithms, maxAge, nonceExpiresIn, nonceSecret, publicUrl, store } = readOptions(options, {
      algorithms: readAlgorithms,
      maxAge: upToAnHour,
      nonceExpiresIn: upToAnHour,
      nonceSecret: (name, value) => (value === undefined ? undefined : secretOption(name, value)),
      publicUrl: publicUrlOption,
      store: (name, value) => new CheckedStore(name, value ?? memoryStore()),
    });
    this.algorithms = algorithms;
    this.#publicUrls = publicUrl;
    this.#maxAge = maxAge;
    this.#nonces = nonceSecret && new Nonces(nonceSecret, nonceExpiresIn);
    this.#store = store;
    this.#keys = new ProofKeys({
      typ: "dpop+jwt",
      allowMissingExpiry: true,
      ignoreAudience: true,
      requiredClaims: ["jti", "htm", "htu", "iat"],
      maxTokenLength: MAX_PROOF_LENGTH,
      // RFC 9449 §4.3, 11: the time of the nonce serves as well.
      ...(this.#nonces === undefined ? { maxAge } : { clockTolerance: "1d" }),
    });
  }

  /**
   * Checks the proof of a request, and uses it up. Of several requests with the same proof at once, one succeeds.
   *
   * The error names what is wrong with the proof. `error.claim` is `"nonce"` if the client must try again with a nonce: answer
   * `use_dpop_nonce` and send `nonce()` in the header `DPoP-Nonce`.
   *
   * @param request A standard `Request`, or that of Node, Express or Fastify.
   * @param expected See {@link ExpectedProof}.
   * @throws {CountersignError} `TOKEN_MALFORMED`: no proof, several, or not a token. `TOKEN_TOO_LONG`: more than 8192 bytes.
   * `TOKEN_HEADER_INVALID`: `typ`, `alg` or `jwk`. `TOKEN_SIGNATURE_INVALID`. `CLAIM_MISSING`, `CLAIM_INVALID`: `jti`, `htm`, `htu`,
   * `iat`, `ath`, `nonce`, or `cnf` if the key is not that of the token. `TOKEN_TOO_OLD`, `TOKEN_ISSUED_IN_FUTURE`, and
   * `TOKEN_EXPIRED` and `TOKEN_NOT_YET_VALID` for a proof with `exp` or `nbf`. `TOKEN_USED`: the proof was used before.
   * `STORE_UNAVAILABLE`. `OPTION_INVALID`: not a request, or one of Node without the option `publicUrl`.
   */
  async verify(request: RequestLike, expected: ExpectedProof = {}): Promise<DpopProof> {
    const { use, ...proof } = await this.check(request, expected);
    await use();
    return proof;
  }

  /**
   * The same, and does not use the proof up. Call `use` when the request is right in every other respect, and before it has an
   * effect: strangers, who can make proofs too, then cannot fill the store.
   *
   * @throws {CountersignError} As `verify`, without `TOKEN_USED` and `STORE_UNAVAILABLE`.
   */
  async check(request: RequestLike, expected: ExpectedProof = {}): Promise<CheckedProof> {
    checkRequest(request);
    const read = readOptions(expected, { accessToken: text, thumbprint: text, now: unchecked<Date>() });
    const { accessToken, thumbprint: expectedKey } = read;
    // The core refuses what is not a `Date`.
    const { claims, header, thumbprint } = this.#authenticate(proofOf(request), read.now);
    const now = (read.now ?? new Date()).getTime();
    if (claims.htm !== request.method) throw refused("htm", "is not the method of the request");
    const target = typeof claims.htu === "string" ? normalizedUri(claims.htu) : null;
    // Read in any case: a server that does not know its name is told so by its first request.
    const targets = targetsOf(request, this.#publicUrls);
    if (target === null || !targets.includes(target)) throw refused("htu", "is not the URL of the request");
    const jti = claims.jti as string;
    if (jti === "" || MAX_JTI_LENGTH < jti.length) throw refused("jti", `is not 1 to ${MAX_JTI_LENGTH} characters`);
    if (accessToken !== undefined)
      expectEqual(claims, "ath", await sha256(accessToken), "is not the hash of the token");
    if (expectedKey !== undefined && thumbprint !== expectedKey) throw refused("cnf", "names another key");
    const next = await this.#judgeNonce(claims, now);
    const endsAt = this.#nonces?.endOf(now) ?? ((claims.iat as number) + this.#maxAge + 1) * 1000;
    const use = async () => this.#use(`dpop:${await sha256(`${thumbprint}\n${jti}`)}`, endsAt);
    return { header, claims, thumbprint, ...next, use };
  }

  /** The nonce for the header `DPoP-Nonce`; `undefined` without `nonceSecret`. */
  async nonce(): Promise<string | undefined> {
    return this.#nonces?.current(Date.now());
  }

  /** Asks the core about the proof, with the key that it brings. */
  #authenticate(proof: string, now: Date | undefined): Verified & { thumbprint: string } {
    try {
      const { alg, jwk } = decodeUnverified(proof).header;
      const same = alg === "Ed25519" ? "EdDSA" : alg === "EdDSA" ? "Ed25519" : alg;
      if (!this.algorithms.some((each) => each === alg || each === same)) {
        throw new CountersignError("TOKEN_HEADER_INVALID", 'header "alg" is not an accepted algorithm');
      }
      return this.#keys.verify(proof, jwk, alg as AsymmetricAlgorithm, now);
    } catch (error) {
      throw ofProof(error);
    }
  }

  async #judgeNonce({ nonce }: Claims, now: number): Promise<{ nextNonce?: string }> {
    if (this.#nonces === undefined) return {};
    if (nonce === undefined) throw missing("nonce");
    const judged = typeof nonce === "string" ? await this.#nonces.judge(nonce, now) : "invalid";
    if (judged === "invalid") throw refused("nonce", "is not a recent nonce of this server");
    return judged === "ending" ? { nextNonce: await this.#nonces.current(now) } : {};
  }

  async #use(key: string, endsAt: number): Promise<void> {
    const row = { value: String(endsAt), owner: "", expiresAt: endsAt };
    if (!(await this.#store.replace(key, undefined, row))) throw refusal("TOKEN_USED", "was used before");
  }
}

/** The one proof of a request. */
function proofOf(request: RequestLike): string {
  const proof = headerOf(request, "DPoP");
  if (proof === null) throw refusal("TOKEN_MALFORMED", "is missing from the request");
  // Several headers arrive as one with a comma.
  if (proof.includes(",")) throw refusal("TOKEN_MALFORMED", "is not the only one");
  return proof;
}

/** The same error, whose message says that it is about the proof and not about the token. A bad key is the client's fault. */
function ofProof(error: unknown): unknown {
  const { claim, code, message = "", reason } = error as Partial<CountersignError>;
  if (code?.startsWith("KEY_")) {
    return new CountersignError("TOKEN_HEADER_INVALID", `DPoP proof: header "jwk" is not a usable key: ${message}`);
  }
  if (code === undefined || !/^(TOKEN|CLAIM)_/.test(code)) return error;
  // Without the advice to set an option of `verify`.
  const [what] = message.split("; if ");
  return new CountersignError(code, `DPoP proof: ${what}`, claim, reason);
}

function refusal(code: ErrorCode, what: string): CountersignError {
  return new CountersignError(code, `the DPoP proof ${what}`);
}

function refused(claim: string, clause: string): CountersignError {
  return new CountersignError("CLAIM_INVALID", `DPoP proof: "${claim}" claim ${clause}`, claim);
}

function missing(claim: string): CountersignError {
  return new CountersignError("CLAIM_MISSING", `DPoP proof: missing "${claim}" claim`, claim);
}

function expectEqual(claims: Claims, name: string, expected: string, clause: string): void {
  if (claims[name] === undefined) throw missing(name);
  if (claims[name] !== expected) throw refused(name, clause);
}

async function sha256(value: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(value))));
}

function text(name: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  throw invalid(`option "${name}" is not a string`);
}

const readAlgorithms: OptionReader<readonly AsymmetricAlgorithm[]> = (name, value = ALGORITHMS) => {
  const isKnown = (each: unknown) => (ALGORITHMS as readonly unknown[]).includes(each);
  if (Array.isArray(value) && value.length > 0 && value.every(isKnown)) return Object.freeze([...value]);
  throw invalid(`option "${name}" is not a list of algorithms with public keys`);
};

const upToAnHour: OptionReader<number> = (name, value) => {
  const seconds = lifetime(300)(name, value);
  if (HOUR < seconds) throw invalid(`option "${name}" is longer than 1 hour`);
  return seconds;
};
