/**
 * JSON Web Signatures over any bytes (RFC 7515), with the keys of `countersign/jwt`.
 *
 * A JWS may have features that a token must not have, such as an unencoded payload or critical header parameters. `verify`
 * of `countersign/jwt` refuses those.
 */

import { type Bytes, copyOfBytes } from "./bytes.js";
import { refuseCallback } from "./callback.js";
import { jsonTextOf } from "./claims.js";
import type { Elsewhere } from "./elsewhere.js";
import { CountersignError } from "./errors.js";
import { type ExternalSigner, type SigningKey, signed, signingKey } from "./external-signer.js";
import {
  prepare_jws,
  type RawKey,
  RawSignatories,
  type RawUnsigned,
  verify_jws_json_with_key,
  verify_jws_json_with_set,
  verify_jws_with_key,
  verify_jws_with_set,
} from "./glue/jwt.js";
import { release } from "./handle.js";
import type {
  FlattenedJws,
  GeneralJws,
  JwsAsyncSigner,
  JwsSigner,
  SignJwsJsonOptions,
  SignJwsOptions,
  VerifiedJws,
  VerifiedJwsJson,
  VerifyJwsJsonOptions,
  VerifyJwsOptions,
} from "./jws-types.js";
import type { Key } from "./key.js";
import { expectOneKey, type LocalKeys, withKeys } from "./key-set.js";
import { callModule, callWithSecrets, tokens } from "./load/instances.js";
import { elementsOf } from "./options.js";
import { type SignalOption, withoutSignal } from "./signal-option.js";

export { CountersignError, type ErrorCode } from "./errors.js";
export type { ExternalSigner } from "./external-signer.js";
export type * from "./jws-types.js";
export { Key } from "./key.js";
export { KeySet, type KeyUntil, type LocalKeys, type RejectedKey } from "./key-set.js";
export type { SignalOption } from "./signal-option.js";

/**
 * Signs bytes as a compact JWS: `header.payload.signature`, or `header..signature` with `detached`.
 *
 * @param payload The bytes. Encode text with `new TextEncoder().encode(text)`.
 * @param key An HMAC secret or a private key.
 * @param options The header, and how the payload is treated.
 * @returns The JWS.
 * @throws {CountersignError} `KEY_USAGE`: the key may not sign. `KEY_INVALID`: it is not a key. `OPTION_INVALID`: also if a
 * payload with `b64: false` is not detached and contains a dot or anything but printable ASCII.
 * @example
 * ```ts
 * const signature = signJws(file, key, { detached: true, b64: false });
 * ```
 */
export function signJws(payload: Uint8Array, key: Key, options?: SignJwsOptions): string;
export function signJws(payload: Uint8Array, key: Key, options?: SignJwsOptions, callback?: unknown): string {
  refuseCallback(options, callback);
  return callWithSecrets(tokens, () => prepare_jws(payloadBytes(payload), expectOneKey(key).raw(), options).finish());
}

/**
 * Like `signJws`, with any key, also with one that is kept elsewhere.
 *
 * @param payload The bytes.
 * @param key An HMAC secret, a private key, a key of `Key.fromCryptoKey`, or an `ExternalSigner`.
 * @param options As for `signJws`; `signal`: stops waiting.
 * @returns The JWS.
 * @throws {CountersignError} Rejects as `signJws` throws. `KEY_UNAVAILABLE`: the service that has the key failed, took too long, or
 * returned no signature that its public half verifies. Rejects with the reason of `signal` once that is aborted.
 * @example
 * ```ts
 * const signature = await signJwsAsync(file, kms, { detached: true, b64: false });
 * ```
 */
export async function signJwsAsync(
  payload: Uint8Array,
  key: Key | ExternalSigner,
  options?: SignJwsOptions & SignalOption,
): Promise<string> {
  const { signal, others } = withoutSignal<SignJwsOptions>(options);
  const bytes = payloadBytes(payload);
  return signedBy([key], signal, ([raw]) => prepare_jws(bytes, raw as RawKey, others));
}

/**
 * Checks a compact JWS.
 *
 * @param jws The JWS, without anything around it.
 * @param keys A key, which is used whatever `kid` the header names; a set to choose from; or an array of these, each for
 * other algorithms.
 * @param options See {@link VerifyJwsOptions}.
 * @returns The header and the payload, as they were signed.
 * @throws {CountersignError} The first of these, in this order: `TOKEN_TOO_LONG`, `TOKEN_MALFORMED`,
 * `TOKEN_HEADER_INVALID`, `TOKEN_ALGORITHM_MISMATCH`, `KEY_NOT_FOUND`, `KEY_AMBIGUOUS`, `TOKEN_SIGNATURE_INVALID`. Also
 * `KEY_USAGE`, `KEY_INVALID`, `OPTION_INVALID`.
 * @example
 * ```ts
 * const { payload } = verifyJws(request.headers.get("x-signature") ?? "", keys, {
 *   detached: new Uint8Array(await request.arrayBuffer()),
 * });
 * ```
 */
export function verifyJws(jws: string, keys: LocalKeys, options?: VerifyJwsOptions): VerifiedJws;
export function verifyJws(jws: string, keys: LocalKeys, options?: VerifyJwsOptions, callback?: unknown): VerifiedJws {
  refuseCallback(options, callback);
  if (typeof jws !== "string") throw new CountersignError("TOKEN_MALFORMED", "JWS is not a string");
  const [header, payload] = withKeys(
    keys,
    (key) => verify_jws_with_key(jws, key, options),
    (set) => verify_jws_with_set(jws, set, options),
  );
  return { header: JSON.parse(header), payload };
}

/**
 * Signs bytes as a JWS in the JSON serialization (RFC 7515 §7.2): flattened with one signer, general with an array.
 *
 * @param payload The bytes.
 * @param signer Who signs, and with which header. At most 16 signers, each with another key.
 * @param options How the payload is treated.
 * @returns The JWS as an object, for `JSON.stringify`.
 * @throws {CountersignError} `KEY_USAGE`: a key may not sign. `KEY_INVALID`: it is not a key. `OPTION_INVALID`: also if a
 * parameter is both protected and unprotected, or if a payload with `b64: false` is neither detached nor UTF-8.
 * @example
 * ```ts
 * const contract = signJwsJson(text, [{ key: alice }, { key: bob, header: { place: "Vienna" } }]);
 * await save(JSON.stringify(contract));
 * ```
 */
export function signJwsJson(payload: Uint8Array, signer: JwsSigner, options?: SignJwsJsonOptions): FlattenedJws;
export function signJwsJson(
  payload: Uint8Array,
  signers: readonly JwsSigner[],
  options?: SignJwsJsonOptions,
): GeneralJws;
export function signJwsJson(
  payload: Uint8Array,
  signers: JwsSigner | readonly JwsSigner[],
  options?: SignJwsJsonOptions,
): FlattenedJws | GeneralJws {
  const bytes = payloadBytes(payload);
  const several = elementsOf(signers, "signers");
  const all = several ?? [signers];
  const isGeneral = several !== undefined;
  return JSON.parse(
    callWithSecrets(tokens, () => {
      const keys = all.map((signer) => rawKeyOf(signer as JwsSigner));
      return withSignatories(keys, all, (raw) => raw.prepare(bytes, isGeneral, options).finish());
    }),
  );
}

/**
 * Like `signJwsJson`, with any keys, also with some that are kept elsewhere. These are asked at the same time.
 *
 * @param payload The bytes.
 * @param signer As for `signJwsJson`, also with a key of `Key.fromCryptoKey` or an `ExternalSigner`.
 * @param options As for `signJwsJson`; `signal`: stops waiting.
 * @returns The JWS as an object, for `JSON.stringify`.
 * @throws {CountersignError} Rejects as `signJwsJson` throws, and with `KEY_UNAVAILABLE` as `signJwsAsync`.
 * @example
 * ```ts
 * const contract = await signJwsJsonAsync(text, [{ key: ours }, { key: kms }]);
 * ```
 */
export function signJwsJsonAsync(
  payload: Uint8Array,
  signer: JwsAsyncSigner,
  options?: SignJwsJsonOptions & SignalOption,
): Promise<FlattenedJws>;
export function signJwsJsonAsync(
  payload: Uint8Array,
  signers: readonly JwsAsyncSigner[],
  options?: SignJwsJsonOptions & SignalOption,
): Promise<GeneralJws>;
export async function signJwsJsonAsync(
  payload: Uint8Array,
  signers: JwsAsyncSigner | readonly JwsAsyncSigner[],
  options?: SignJwsJsonOptions & SignalOption,
): Promise<FlattenedJws | GeneralJws> {
  const { signal, others } = withoutSignal<SignJwsJsonOptions>(options);
  const bytes = payloadBytes(payload);
  const several = elementsOf(signers, "signers");
  const all = several ?? [signers];
  const jws = await signedBy(all.map(keyOf), signal, (raws) =>
    withSignatories(raws, all, (raw) => raw.prepare(bytes, several !== undefined, others)),
  );
  return JSON.parse(jws);
}

/**
 * Checks a JWS in the JSON serialization, flattened or general, and returns the valid signatures.
 *
 * **Look at `signatures` to learn who signed.** Anybody who passes a JWS on can remove a signature, so `require: "all"` does
 * not prove that all signers have signed. If two must have signed, look for the `kid` of both.
 *
 * Of several valid signatures with one key, only the first is returned. Unprotected headers are not signed, so they are not
 * returned; find them in the JWS at the same `index`. RFC 7515 allows an unprotected `alg`; this function refuses it.
 *
 * @param jws The JSON text, or the parsed object. In an object, repeated names cannot be detected.
 * @param keys A key, which is used whatever `kid` a header names; a set to choose from; or an array of these, each for other
 * algorithms.
 * @param options See {@link VerifyJwsJsonOptions}.
 * @returns The payload and the valid signatures.
 * @throws {CountersignError} `TOKEN_TOO_LONG`. `TOKEN_MALFORMED`. `TOKEN_HEADER_INVALID`. `TOKEN_SIGNATURE_INVALID`: none of
 * several signatures is valid. With a single signature, or with `require: "all"`: the code of `verifyJws` for the first
 * signature that is not valid. Also `KEY_USAGE`, `KEY_INVALID`, `OPTION_INVALID`.
 * @example
 * ```ts
 * const { payload, signatures } = verifyJwsJson(await request.text(), keys);
 * const signedBy = (kid: string) => signatures.some((signature) => signature.kid === kid);
 * if (!signedBy("alice") || !signedBy("bob")) throw new Error("a signature is missing");
 * ```
 */
export function verifyJwsJson(
  jws: string | FlattenedJws | GeneralJws,
  keys: LocalKeys,
  options?: VerifyJwsJsonOptions,
): VerifiedJwsJson {
  const text = jsonTextOf("JWS", jws);
  const [signatures, payload] = withKeys(
    keys,
    (key) => verify_jws_json_with_key(text, key, options),
    (set) => verify_jws_json_with_set(text, set, options),
  );
  return { payload, signatures: JSON.parse(signatures) };
}

function withSignatories<T>(keys: readonly RawKey[], signers: readonly unknown[], use: (raw: RawSignatories) => T): T {
  const raw = new RawSignatories();
  try {
    for (const [index, signer] of signers.entries()) raw.add(keys[index] as RawKey, signer);
    return use(raw);
  } finally {
    release(raw);
  }
}

/** Signs with keys of which some may be kept elsewhere. */
async function signedBy(
  keys: readonly unknown[],
  signal: AbortSignal | undefined,
  prepare: (raws: RawKey[]) => RawUnsigned,
): Promise<string> {
  const signing: SigningKey[] = [];
  let unsigned: RawUnsigned;
  let elsewhere: (Elsewhere | undefined)[];
  try {
    for (const key of keys) signing.push(signingKey(key));
    elsewhere = signing.map(({ key }) => key.kept());
    unsigned = callModule(tokens, () => prepare(signing.map(({ key }) => key.raw())));
  } finally {
    for (const { release: releaseKey } of signing) releaseKey();
  }
  return signed(unsigned, elsewhere, signal);
}

function payloadBytes(payload: unknown): Bytes {
  return copyOfBytes("payload", payload, "a Uint8Array", "OPTION_INVALID");
}

/** The core reads all other members of the signer. */
function rawKeyOf(signer: JwsSigner | undefined): RawKey {
  return expectOneKey(keyOf(signer)).raw();
}

/** A `Proxy` or a getter may throw anything. */
function keyOf(signer: unknown): unknown {
  try {
    return (signer as JwsSigner | undefined)?.key;
  } catch {
    throw new CountersignError("OPTION_INVALID", "options cannot be read");
  }
}
