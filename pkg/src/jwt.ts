/// <reference lib="esnext.disposable" preserve="true" />
/**
 * Signing and checking tokens.
 *
 * The Rust core makes every decision. This file and those of `Signer`, `Verifier` and `Key` check what only JavaScript can see
 * (types, lone surrogates, values that JSON would drop silently), call the core, and turn traps into errors.
 */

import { refuseCallback } from "./callback.js";
import { toJson } from "./claims.js";
import type { ExternalSigner } from "./external-signer.js";
import { decode_header_unverified, decode_unverified, judge_claims } from "./glue/jwt.js";
import type { Key } from "./key.js";
import type { LocalKeys } from "./key-set.js";
import { callModule, tokens } from "./load/instances.js";
import { fit, takeSchema } from "./schema.js";
import { type SignalOption, withoutSignal } from "./signal-option.js";
import { Signer } from "./signer.js";
import { refuseCache } from "./token-cache.js";
import type {
  Claims,
  Header,
  OutputOf,
  SignerOptions,
  SignOptions,
  StandardSchema,
  Verified,
  VerifiedAs,
  VerifierOptions,
  VerifyOptions,
} from "./types.js";
import { expectToken, type VerificationKeys, Verifier } from "./verifier.js";

export { usePlatformCryptography } from "./engine.js";
export { CountersignError, type ErrorCode, type SchemaIssue } from "./errors.js";
export type { ExternalSigner } from "./external-signer.js";
export { Key } from "./key.js";
export { KeySet, type KeyUntil, type LocalKeys, type RejectedKey } from "./key-set.js";
export type { SignalOption } from "./signal-option.js";
export { Signer } from "./signer.js";
export type * from "./types.js";
export { type VerificationKeys, Verifier } from "./verifier.js";

/**
 * Signs one token. For many tokens, a `Signer` is faster, because it reads its options once.
 *
 * @param claims A plain object.
 * @param key An HMAC secret or a private key.
 * @param options See {@link SignOptions}.
 * @returns The compact token.
 * @throws {CountersignError} As the constructor of `Signer` and its `sign`.
 * @example
 * ```ts
 * const token = sign({ sub: "alice" }, key, { expiresIn: "1h" });
 * ```
 */
export function sign(claims: object, key: Key, options?: SignerOptions): string;
export function sign(claims: object, key: Key, options?: SignerOptions, callback?: unknown): string {
  refuseCallback(options, callback);
  const signer = new Signer(key, options);
  try {
    return signer.sign(claims);
  } finally {
    signer.free();
  }
}

/**
 * Signs one token with any key, also with one that is kept elsewhere. For many tokens, a `Signer` is faster, because it reads
 * its options once.
 *
 * @param claims A plain object.
 * @param key An HMAC secret, a private key, or a key that is kept elsewhere.
 * @param options See {@link SignOptions}; `signal`: stops waiting for the signature.
 * @returns The compact token.
 * @throws {CountersignError} Rejects as the constructor of `Signer` throws, and as its `signAsync`.
 * @example
 * ```ts
 * const key = await Key.fromCryptoKey(env.SIGNING_KEY, { alg: "ES256", kid: "2026-11" });
 * const token = await signAsync({ sub: "alice" }, key, { audience: "api" });
 * ```
 */
export function signAsync(
  claims: object,
  key: Key | ExternalSigner,
  options?: SignOptions & SignalOption,
): Promise<string>;
export async function signAsync(
  claims: object,
  key: Key | ExternalSigner,
  options?: SignOptions & SignalOption,
  callback?: unknown,
): Promise<string> {
  refuseCallback(options, callback);
  const { signal, others } = withoutSignal<SignOptions>(options);
  const signer = new Signer(key, others);
  try {
    return await signer.signAsync(claims, signal && { signal });
  } finally {
    signer.free();
  }
}

/**
 * Checks one token. For many tokens, a `Verifier` is faster, because it reads its options once.
 *
 * @typeParam C The claims that you expect beside the registered ones. Nothing checks that they are there.
 * @param token The compact token, without anything around it.
 * @param keys A key, a set to choose from, or an array of these, each for other algorithms.
 * @param options What the token must satisfy.
 * @returns The header and the claims, as they were signed.
 * @throws {CountersignError} As the constructor of `Verifier` and its `verify`.
 * @example
 * ```ts
 * const { claims } = verify(token, key, { audience: "api" });
 * ```
 */
export function verify<S extends StandardSchema>(
  token: string,
  keys: LocalKeys,
  options: VerifierOptions & { schema: S },
): VerifiedAs<OutputOf<S>>;
export function verify<C extends object = Claims>(
  token: string,
  keys: LocalKeys,
  options?: VerifierOptions,
): Verified<C>;
export function verify(token: string, keys: LocalKeys, options?: VerifierOptions, callback?: unknown): Verified {
  refuseCallback(options, callback);
  refuseCache(options);
  const verifier = new Verifier(keys, options);
  try {
    return verifier.verify(token);
  } finally {
    verifier.free();
  }
}

/**
 * Checks one token with keys that may have to be fetched first. For many tokens, a `Verifier` is faster, because it reads
 * its options once.
 *
 * @typeParam C The claims that you expect beside the registered ones. Nothing checks that they are there.
 * @param token The compact token, without anything around it.
 * @param keys A key, a set, a `RemoteKeySet`, or an array of these, each for other algorithms. Keep a `RemoteKeySet`
 * between calls, because it remembers the keys.
 * @param options What the token must satisfy.
 * @returns The header and the claims, as they were signed.
 * @throws {CountersignError} Rejects as the constructor of `Verifier` and its `verifyAsync`.
 * @example
 * ```ts
 * const keys = new RemoteKeySet("https://login.example/.well-known/jwks.json"); // once
 * const { claims } = await verifyAsync(token, keys, { issuer: "https://login.example", audience: "api" });
 * ```
 */
export function verifyAsync<S extends StandardSchema>(
  token: string,
  keys: VerificationKeys,
  options: VerifierOptions & { schema: S },
): Promise<VerifiedAs<OutputOf<S>>>;
export function verifyAsync<C extends object = Claims>(
  token: string,
  keys: VerificationKeys,
  options?: VerifierOptions,
): Promise<Verified<C>>;
export async function verifyAsync(
  token: string,
  keys: VerificationKeys,
  options?: VerifierOptions,
  callback?: unknown,
): Promise<Verified> {
  refuseCallback(options, callback);
  refuseCache(options);
  const verifier = new Verifier(keys, options);
  try {
    return await verifier.verifyAsync(token);
  } finally {
    verifier.free();
  }
}

/**
 * Reads the header and claims of a token **without checking anything**. Use it to display or debug a token, never to decide
 * something.
 *
 * @param token The compact token, at most 16384 bytes.
 * @returns The header and the claims. Anybody can have written them.
 * @throws {CountersignError} `TOKEN_TOO_LONG`, `TOKEN_MALFORMED`.
 * @example
 * ```ts
 * console.log(decodeUnverified(token).header.kid);
 * ```
 */
export function decodeUnverified<C extends object = Claims>(token: string): Verified<C>;
export function decodeUnverified(token: string, options?: unknown, callback?: unknown): Verified {
  refuseCallback(options, callback);
  expectToken(token);
  return callModule(tokens, () => JSON.parse(decode_unverified(token)));
}

/**
 * Reads the header of any JWS or JWE in the compact serialization **without checking anything**. Use it to find out where a
 * token comes from, for example which issuer's keys to ask for. Nothing after the header is read, and the header may be
 * padded.
 *
 * @param token The compact token, at most 65536 bytes.
 * @returns The header. Anybody can have written it.
 * @throws {CountersignError} `TOKEN_TOO_LONG`, `TOKEN_MALFORMED`.
 * @example
 * ```ts
 * const { kid } = decodeHeaderUnverified(request.headers.get("x-amzn-oidc-data") ?? "");
 * ```
 */
export function decodeHeaderUnverified(token: string): Header {
  expectToken(token);
  return callModule(tokens, () => JSON.parse(decode_header_unverified(token)));
}

/**
 * Judges claims that came without a token, with the rules of `verify`: which must be present, whom they name, and when they
 * are valid. Use it for claims that another service has verified or returned, such as an introspection response. **It proves
 * nothing about who wrote them.**
 *
 * @param claims The claims, a plain object.
 * @param options What the claims must satisfy. `typ` is refused, because it is for a header. `maxTokenLength` has no effect.
 * @throws {CountersignError} `CLAIM_INVALID`, `CLAIM_MISSING`, `TOKEN_EXPIRED`, `TOKEN_NOT_YET_VALID`,
 * `TOKEN_ISSUED_IN_FUTURE`, `TOKEN_TOO_OLD`. `CLAIMS_NOT_SERIALIZABLE`: not an object that JSON can carry. `OPTION_INVALID`:
 * also for a schema that is asynchronous.
 * @returns Nothing; with the option `schema`, the claims that it gives.
 * @example
 * ```ts
 * const { payload } = verifyJws(request.headers.get("x-amzn-oidc-data") ?? "", key, { allowPadding: true });
 * const claims = JSON.parse(new TextDecoder().decode(payload));
 * judgeClaims(claims, { issuer: "https://login.example" });
 * ```
 */
export function judgeClaims<S extends StandardSchema>(
  claims: object,
  options: VerifierOptions & { schema: S },
): OutputOf<S>;
export function judgeClaims(claims: object, options?: VerifyOptions): void;
export function judgeClaims(claims: object, all?: VerifyOptions, callback?: unknown): unknown {
  refuseCallback(all, callback);
  const [validate, options] = takeSchema(all);
  const json = toJson(claims);
  callModule(tokens, () => judge_claims(json, options));
  return validate && fit(validate, JSON.parse(json), "validate the claims yourself");
}
