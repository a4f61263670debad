/// <reference lib="esnext.disposable" preserve="true" />
/**
 * Encryption (RFC 7516).
 *
 * The Rust core makes every decision. This file checks what only JavaScript can see, calls the core, and turns traps into
 * errors. It imports nothing of `countersign/jwt`: the caller passes the signer or verifier of a nested token.
 */

import { copyOfBytes, wipeAfter } from "./bytes.js";
import { refuseCallback } from "./callback.js";
import { jsonTextOf } from "./claims.js";
import { type AnyDecryptionKeys, type AsyncOptions, withAnyKeys, withKeys, withSeveral } from "./decryption-keys.js";
import { type EncryptionKey, expectEncryptionKey } from "./encryption-key.js";
import { takeEngine } from "./engine-option.js";
import { CountersignError } from "./errors.js";
import type {
  Decrypted,
  DecryptedClaims,
  DecryptedClaimsAs,
  DecryptedJson,
  DecryptOptions,
  EncryptJsonOptions,
  EncryptOptions,
  FlattenedJwe,
  GeneralJwe,
  Nested,
  NestedAsyncSigner,
  NestedAsyncVerifier,
  NestedSigner,
  NestedVerifier,
} from "./jwe-types.js";
import { callWithSecrets, encryption } from "./load/instances.js";
import { checkMethod, elementsOf, hasMethod, NEW_SIGNER, NEW_VERIFIER } from "./options.js";
import { fit, fitAsync, takeSchema } from "./schema.js";
import { type SignalOption, withoutSignal } from "./signal-option.js";
import { checkSigner } from "./token-signer.js";
import type { Claims, EngineOption, OutputOf, StandardSchema, VerifyOptions } from "./types.js";

export type { AnyDecryptionKeys } from "./decryption-keys.js";
export { EncryptionKey } from "./encryption-key.js";
export { CountersignError, type ErrorCode, type SchemaIssue } from "./errors.js";
export type { ExternalDecrypter } from "./external-decrypter.js";
export type * from "./jwe-types.js";
export type { SignalOption } from "./signal-option.js";
export type {
  Claims,
  Cryptography,
  Engine,
  EngineOption,
  JsonWebKey,
  KeyDocumentOptions,
  OutputOf,
  RegisteredClaims,
  StandardSchema,
  VerifyOptions,
} from "./types.js";

/**
 * Encrypts bytes for the owner of a key, in the compact serialization (RFC 7516 §7.1).
 *
 * The token proves who encrypted it only if both sides share a secret. Otherwise, anybody with the public key can make one:
 * use {@link signAndEncrypt}. The length of the content is visible.
 *
 * @param plaintext The content.
 * @param key A secret, a password or a public key. Of a private key, the public half is used.
 * @param options See {@link EncryptOptions}.
 * @returns The compact token.
 * @throws {CountersignError} `KEY_USAGE`: the key may not encrypt. `KEY_INVALID`: it is not a key. `OPTION_INVALID`.
 * @example
 * ```ts
 * const token = encrypt(new TextEncoder().encode("attack at dawn"), theirPublicKey);
 * ```
 */
export function encrypt(plaintext: Uint8Array, key: EncryptionKey, options?: EncryptOptions): string;
export function encrypt(
  plaintext: Uint8Array,
  key: EncryptionKey,
  options?: EncryptOptions,
  callback?: unknown,
): string {
  refuseCallback(options, callback);
  const bytes = copyOfBytes("plaintext", plaintext, "a Uint8Array", "OPTION_INVALID");
  return wipeAfter(bytes, () =>
    callWithSecrets(encryption, () => expectEncryptionKey(key).raw().encrypt(bytes, options)),
  );
}

/**
 * Decrypts a token.
 *
 * @param token The compact token, without anything around it.
 * @param keys A key, which is used whatever `kid` the token names; or several, from which `kid` and `alg` choose one.
 * @param options `enc`, `typ`, `cty`: what to accept. `maxLength`, `maxIterations`: what it may cost.
 * @returns The header and the content.
 * @throws {CountersignError} The first of these, in this order: `TOKEN_TOO_LONG`, `TOKEN_MALFORMED`, `TOKEN_HEADER_INVALID`,
 * `TOKEN_ALGORITHM_MISMATCH`, `KEY_NOT_FOUND`, `KEY_AMBIGUOUS`, `KEY_USAGE`, `DECRYPTION_FAILED`. The last one does not tell
 * whether the key is wrong or the token was altered. Also `OPTION_INVALID`.
 * @example
 * ```ts
 * const { plaintext } = decrypt(token, key, { enc: "A256GCM" });
 * ```
 */
export function decrypt(
  token: string,
  keys: EncryptionKey | readonly EncryptionKey[],
  options?: DecryptOptions,
): Decrypted;
export function decrypt(
  token: string,
  keys: EncryptionKey | readonly EncryptionKey[],
  options?: DecryptOptions,
  callback?: unknown,
): Decrypted {
  refuseCallback(options, callback);
  return withKeys(token, keys, (raw) => {
    const [header, plaintext] = raw.decrypt(token, options);
    return { header: JSON.parse(header), plaintext };
  });
}

/**
 * Like {@link decrypt}, with any keys, also with some that are kept elsewhere. Header, limits and form of the token are judged
 * before anybody is asked.
 *
 * @param token The compact token.
 * @param keys A key, a key of `EncryptionKey.fromCryptoKey`, an `ExternalDecrypter`, or several of these.
 * @param options As for {@link decrypt}; `signal`: stops waiting; `engine`: what computes for a single private key. By default,
 * WebCrypto does so for RSA-OAEP, and for ECDH-ES on P-256 and P-384. It then also holds the key, until the key is collected.
 * @returns The header and the content.
 * @throws {CountersignError} Rejects as {@link decrypt} throws. `DECRYPTION_FAILED`: also if WebCrypto or the decrypter rejects.
 * `KEY_UNAVAILABLE`: the decrypter took too long, did not return bytes, or says so. Rejects with the reason of `signal` once
 * that is aborted.
 * @example
 * ```ts
 * const key = await EncryptionKey.fromCryptoKey(env.DECRYPTION_KEY, { alg: "RSA-OAEP-256" });
 * const { plaintext } = await decryptAsync(token, key);
 * ```
 */
export async function decryptAsync(
  token: string,
  keys: AnyDecryptionKeys,
  options?: DecryptOptions & EngineOption & SignalOption,
): Promise<Decrypted> {
  const [asyncOptions, coreOptions] = splitOptions<DecryptOptions>(options);
  const [header, plaintext] = await withAnyKeys(token, keys, asyncOptions, (raw) => raw.decrypt(token, coreOptions));
  return { header: JSON.parse(header), plaintext };
}

/**
 * Signs claims and encrypts the signed token (RFC 7519 §5.2). Only the owner of `key` can read it, and knows who signed it.
 *
 * @param claims What `signer` accepts.
 * @param signer A `Signer` of `countersign/jwt`.
 * @param key The recipient's key.
 * @param options As for {@link encrypt}, without `cty`, which is always `"JWT"`.
 * @returns The compact token.
 * @throws {CountersignError} As `signer.sign` and {@link encrypt}.
 * @example
 * ```ts
 * const token = signAndEncrypt({ sub: "alice" }, new Signer(ourKey, { audience: "them" }), theirPublicKey);
 * ```
 */
export function signAndEncrypt(
  claims: object,
  signer: NestedSigner,
  key: EncryptionKey,
  options?: Omit<EncryptOptions, "cty">,
): string {
  checkMethod("signer", signer, "sign", NEW_SIGNER);
  return encryptToken(signer.sign(claims), key, options);
}

/**
 * Like {@link signAndEncrypt}, with a signer whose key may be kept elsewhere.
 *
 * @param claims What `signer` accepts.
 * @param signer A `Signer` of `countersign/jwt`.
 * @param key The recipient's key.
 * @param options As for {@link signAndEncrypt}; `signal`: stops waiting for the signer.
 * @returns The compact token.
 * @throws {CountersignError} Rejects as `signer.signAsync` and {@link encrypt}.
 * @example
 * ```ts
 * const token = await signAndEncryptAsync({ sub: "alice" }, new Signer(kms, { audience: "them" }), theirPublicKey);
 * ```
 */
export async function signAndEncryptAsync(
  claims: object,
  signer: NestedAsyncSigner,
  key: EncryptionKey,
  options?: Omit<EncryptOptions, "cty"> & { signal?: AbortSignal },
): Promise<string> {
  checkSigner("signer", signer);
  const { signal, others } = withoutSignal<Omit<EncryptOptions, "cty">>(options);
  const { sign, signAsync } = signer as Required<NestedAsyncSigner>;
  const token = hasMethod(signer, "signAsync")
    ? await signAsync.call(signer, claims, signal && { signal })
    : await sign.call(signer, claims);
  return encryptToken(token, key, others);
}

function encryptToken(token: unknown, key: EncryptionKey, options: EncryptOptions | undefined): string {
  if (typeof token !== "string") throw new CountersignError("OPTION_INVALID", "signer did not return a string");
  return callWithSecrets(encryption, () => expectEncryptionKey(key).raw().encrypt_token(token, options));
}

/**
 * Decrypts a nested token and checks the signed token inside.
 *
 * @typeParam V What the verifier returns.
 * @param token The compact token, without anything around it.
 * @param keys As for {@link decrypt}.
 * @param verifier A `Verifier` of `countersign/jwt`.
 * @param options As for {@link decrypt}, without `cty`, which must be `"JWT"`. With `allowMissingCty`, it may also be missing,
 * as in the tokens of some issuers.
 * @returns The header of the encrypted token, and what the verifier returned for the signed token.
 * @throws {CountersignError} As {@link decrypt} and `verifier.verify`.
 * @example
 * ```ts
 * const { verified } = decryptAndVerify(token, ourKey, new Verifier(theirKeys, { audience: "us" }));
 * console.log(verified.claims.sub);
 * ```
 *
 * @example Keys from a server
 * ```ts
 * const remote = { verify: (inner: string) => verifier.verifyAsync(inner) };
 * const { claims } = await decryptAndVerify(token, ourKey, remote).verified;
 * ```
 */
export function decryptAndVerify<V>(
  token: string,
  keys: EncryptionKey | readonly EncryptionKey[],
  verifier: NestedVerifier<V>,
  options?: Omit<DecryptOptions, "cty">,
): Nested<V> {
  checkMethod("verifier", verifier, "verify", NEW_VERIFIER);
  const [header, inner] = withKeys(token, keys, (raw) => raw.decrypt_token(token, options));
  return { outerHeader: JSON.parse(header), verified: verifier.verify(inner) };
}

/**
 * Like {@link decryptAndVerify}, with any keys, and a verifier that may wait.
 *
 * @typeParam V What the verifier returns.
 * @param token The compact token.
 * @param keys As for {@link decryptAsync}.
 * @param verifier A `Verifier` of `countersign/jwt`, also with a `RemoteKeySet`.
 * @param options As for {@link decryptAndVerify}; `signal`: stops waiting for the decrypter.
 * @returns The header of the encrypted token, and what the verifier resolved to.
 * @throws {CountersignError} Rejects as {@link decryptAsync}, and as the verifier.
 * @example
 * ```ts
 * const { verified } = await decryptAndVerifyAsync(token, kms, new Verifier(remoteKeys, { audience: "us" }));
 * ```
 */
export async function decryptAndVerifyAsync<V>(
  token: string,
  keys: AnyDecryptionKeys,
  verifier: NestedAsyncVerifier<V>,
  options?: Omit<DecryptOptions, "cty"> & EngineOption & SignalOption,
): Promise<Nested<V>> {
  const waits = hasMethod(verifier, "verifyAsync");
  if (!waits) checkMethod("verifier", verifier, "verify", NEW_VERIFIER);
  const [asyncOptions, coreOptions] = splitOptions<Omit<DecryptOptions, "cty">>(options);
  const [header, inner] = await withAnyKeys(token, keys, asyncOptions, (raw) => raw.decrypt_token(token, coreOptions));
  const { verify, verifyAsync } = verifier as Required<NestedAsyncVerifier<V>>;
  const verified = await (waits ? verifyAsync : verify).call(verifier, inner);
  return { outerHeader: JSON.parse(header), verified };
}

/**
 * Decrypts a token that contains claims, and judges them with the rules of `verify` in `countersign/jwt`.
 *
 * **Only with a secret or a password does this prove who made the token.** With a public key, anybody can make one: use
 * {@link decryptAndVerify}.
 *
 * @typeParam C The claims that you expect beside the registered ones. Nothing checks that they are there.
 * @param token The compact token, without anything around it.
 * @param keys As for {@link decrypt}.
 * @param options What the claims must satisfy. `typ` and `profile` also demand the `typ` of the header. `maxTokenLength` is
 * 65536 by default.
 * @returns The header and the claims.
 * @throws {CountersignError} As {@link decrypt}, then `CLAIM_INVALID`, `CLAIM_MISSING`, `TOKEN_EXPIRED`, `TOKEN_NOT_YET_VALID`,
 * `TOKEN_ISSUED_IN_FUTURE`, `TOKEN_TOO_OLD`. `TOKEN_HEADER_INVALID`: also if a signed token is inside. `CLAIM_INVALID`: also
 * if the header repeats `iss`, `sub` or `aud` with another value, and last if the claims do not fit the option `schema`.
 * `OPTION_INVALID`: also for a schema that is asynchronous.
 * @example
 * ```ts
 * const { claims } = decryptClaims(cookie, EncryptionKey.fromSecret(secret, { alg: "dir", enc: "A256GCM" }));
 * ```
 */
export function decryptClaims<S extends StandardSchema>(
  token: string,
  keys: EncryptionKey | readonly EncryptionKey[],
  options: VerifyOptions & { schema: S },
): DecryptedClaimsAs<OutputOf<S>>;
export function decryptClaims<C extends object = Claims>(
  token: string,
  keys: EncryptionKey | readonly EncryptionKey[],
  options?: VerifyOptions,
): DecryptedClaims<C>;
export function decryptClaims(
  token: string,
  keys: EncryptionKey | readonly EncryptionKey[],
  all?: VerifyOptions,
  callback?: unknown,
): DecryptedClaimsAs<unknown> {
  refuseCallback(all, callback);
  const [validate, options] = takeSchema(all);
  const [header, claims] = withKeys(token, keys, (raw) => JSON.parse(raw.decrypt_claims(token, options)));
  return { header, claims: validate === undefined ? claims : fit(validate, claims, ADVICE) };
}

const ADVICE = "validate the claims yourself";

/**
 * Like {@link decryptClaims}, with any keys, and with schemas that are asynchronous too.
 *
 * @typeParam C The claims that you expect beside the registered ones. Nothing checks that they are there.
 * @param token The compact token.
 * @param keys As for {@link decryptAsync}.
 * @param options As for {@link decryptClaims}; `signal`: stops waiting for the decrypter.
 * @returns The header and the claims.
 * @throws {CountersignError} Rejects as {@link decryptClaims} and {@link decryptAsync}.
 * @example
 * ```ts
 * const { claims } = await decryptClaimsAsync(cookie, kms);
 * ```
 */
export function decryptClaimsAsync<S extends StandardSchema>(
  token: string,
  keys: AnyDecryptionKeys,
  options: VerifyOptions & EngineOption & SignalOption & { schema: S },
): Promise<DecryptedClaimsAs<OutputOf<S>>>;
export function decryptClaimsAsync<C extends object = Claims>(
  token: string,
  keys: AnyDecryptionKeys,
  options?: VerifyOptions & EngineOption & SignalOption,
): Promise<DecryptedClaims<C>>;
export async function decryptClaimsAsync(
  token: string,
  keys: AnyDecryptionKeys,
  all?: VerifyOptions & EngineOption & SignalOption,
): Promise<DecryptedClaimsAs<unknown>> {
  const [asyncOptions, coreOptions] = splitOptions<VerifyOptions>(all);
  const [validate, options] = takeSchema(coreOptions);
  const [header, claims] = await withAnyKeys(token, keys, asyncOptions, (raw) =>
    JSON.parse(raw.decrypt_claims(token, options)),
  );
  return { header, claims: validate === undefined ? claims : await fitAsync(validate, claims) };
}

/**
 * Encrypts bytes in the JSON serialization (RFC 7516 §7.2): flattened for one key, general for an array.
 *
 * For one key, all header parameters are protected. For several, `alg`, `kid` and what else a recipient needs are in that
 * recipient's own header, which cannot be protected.
 *
 * @param plaintext The content.
 * @param keys The recipient's key, or the keys of up to 16 recipients. Among several, `dir` and `ECDH-ES` without key wrap
 * are refused, because they determine the content key.
 * @param options See {@link EncryptJsonOptions}.
 * @returns The token as an object, for `JSON.stringify`.
 * @throws {CountersignError} As {@link encrypt}. `OPTION_INVALID`: also if a parameter is in two headers.
 * @example
 * ```ts
 * const token = encryptJson(content, [alicesKey, bobsKey], { aad: new TextEncoder().encode("for both") });
 * await send(JSON.stringify(token));
 * ```
 */
export function encryptJson<K extends EncryptionKey | readonly EncryptionKey[]>(
  plaintext: Uint8Array,
  keys: K,
  options?: EncryptJsonOptions,
): K extends EncryptionKey ? FlattenedJwe : FlattenedJwe | GeneralJwe {
  const bytes = copyOfBytes("plaintext", plaintext, "a Uint8Array", "OPTION_INVALID");
  const all = elementsOf(keys) ?? [keys];
  return JSON.parse(wipeAfter(bytes, () => withSeveral(all, (set) => set.encrypt_json(bytes, options))));
}

/**
 * Decrypts a token in the JSON serialization, flattened or general.
 *
 * Of the recipients that a key fits, each is tried until one succeeds; with a password, only the first. A `typ` or `cty` that
 * you demand must be protected.
 *
 * @param jwe The JSON text, or the parsed object. In an object, repeated names cannot be detected.
 * @param keys As for {@link decrypt}.
 * @param options As for {@link decrypt}.
 * @returns The protected header, the content, the additional data, and which recipient the key belongs to.
 * @throws {CountersignError} With one recipient, as {@link decrypt}. With several: `KEY_NOT_FOUND`: no key fits any of them.
 * `DECRYPTION_FAILED`. `TOKEN_TOO_LONG`: also with more than 16 recipients.
 * @example
 * ```ts
 * const { plaintext, aad } = decryptJson(await request.text(), ourKey);
 * ```
 */
export function decryptJson(
  jwe: string | FlattenedJwe | GeneralJwe,
  keys: EncryptionKey | readonly EncryptionKey[],
  options?: DecryptOptions,
): DecryptedJson {
  const text = jsonTextOf("JWE", jwe);
  const [header, recipient, plaintext, aad] = withKeys(text, keys, (raw) => raw.decrypt_json(text, options));
  return { header: JSON.parse(header), plaintext, ...(aad !== undefined && { aad }), recipient };
}

/**
 * Like {@link decryptJson}, with any keys.
 *
 * @param jwe The JSON text, or the parsed object.
 * @param keys As for {@link decryptAsync}.
 * @param options As for {@link decryptAsync}.
 * @returns As {@link decryptJson}.
 * @throws {CountersignError} Rejects as {@link decryptJson} and {@link decryptAsync}.
 * @example
 * ```ts
 * const { plaintext } = await decryptJsonAsync(await request.text(), kms);
 * ```
 */
export async function decryptJsonAsync(
  jwe: string | FlattenedJwe | GeneralJwe,
  keys: AnyDecryptionKeys,
  options?: DecryptOptions & EngineOption & SignalOption,
): Promise<DecryptedJson> {
  const [asyncOptions, coreOptions] = splitOptions<DecryptOptions>(options);
  const text = jsonTextOf("JWE", jwe);
  const [header, recipient, plaintext, aad] = await withAnyKeys(text, keys, asyncOptions, (raw) =>
    raw.decrypt_json(text, coreOptions),
  );
  return { header: JSON.parse(header), plaintext, ...(aad !== undefined && { aad }), recipient };
}

/** Takes the options that the core does not know out of the others. */
function splitOptions<Options extends object>(
  options: (Options & EngineOption & SignalOption) | undefined,
): [AsyncOptions, others: Options | undefined] {
  const { signal, others } = withoutSignal<Options & EngineOption>(options);
  const [engine, own] = takeEngine<Options>(others);
  return [{ signal, engine }, own];
}
