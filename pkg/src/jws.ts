/**
 * JSON Web Signatures over any bytes (RFC 7515): the documented face of the Rust core's `jwt::jws`.
 *
 * Nothing of it reaches the token functions: what a token must not have (an unencoded payload, a critical extension) a
 * JWS may have, and `verify` of `countersign/jwt` refuses as before. Keys are those of `countersign/jwt`.
 */

import { type Bytes, copyOfBytes } from "./bytes.js";
import { toJson } from "./claims.js";
import { CountersignError } from "./errors.js";
import {
  RawSignatories,
  sign_flattened_jws,
  sign_jws,
  verify_jws_json_with_key,
  verify_jws_json_with_set,
  verify_jws_with_key,
  verify_jws_with_set,
} from "./glue/jwt.js";
import { release } from "./handle.js";
import type {
  FlattenedJws,
  GeneralJws,
  JwsSigner,
  SignJwsJsonOptions,
  SignJwsOptions,
  VerifiedJws,
  VerifiedJwsJson,
  VerifyJwsJsonOptions,
  VerifyJwsOptions,
} from "./jws-types.js";
import { expectKey, expectOneKey, type Key, KeySet } from "./key-set.js";
import { tokens } from "./load/instances.js";
import { guard } from "./trap.js";

export { CountersignError, type ErrorCode } from "./errors.js";
export type * from "./jws-types.js";
export { Key, KeySet, type KeyUntil, type RejectedKey } from "./key-set.js";

/**
 * Signs bytes into a compact JWS: `header.payload.signature`, or `header..signature` where the payload is detached.
 *
 * @param payload The bytes. Text is made of them with `new TextEncoder().encode(text)`.
 * @param key A secret or private key.
 * @param options What stands in the header, and how the payload is treated.
 * @returns The JWS.
 * @throws {CountersignError} `KEY_USAGE` the key must not sign; `KEY_INVALID` not a key; `OPTION_INVALID` among others
 * where a payload with `b64: false` is not detached and holds anything but printable ASCII, or a dot.
 * @example
 * ```ts
 * const signature = signJws(file, key, { detached: true, b64: false });
 * ```
 */
export function signJws(payload: Uint8Array, key: Key, options?: SignJwsOptions): string {
  return signing(() => sign_jws(bytesOf(payload), expectOneKey(key).raw(), options));
}

/**
 * Checks a compact JWS.
 *
 * @param jws The JWS, with nothing around it.
 * @param keys A key, used whatever `kid` the header names, or a set to choose from.
 * @param options The detached payload, the extensions you understand, the longest JWS you read.
 * @returns The header and the payload, both as they were signed.
 * @throws {CountersignError} In this order: `TOKEN_TOO_LONG`, `TOKEN_MALFORMED`, `TOKEN_HEADER_INVALID`,
 * `TOKEN_ALGORITHM_MISMATCH`, `KEY_NOT_FOUND`, `KEY_AMBIGUOUS`, `TOKEN_SIGNATURE_INVALID`; and `KEY_USAGE`,
 * `KEY_INVALID`, `OPTION_INVALID`.
 * @example
 * ```ts
 * const { payload } = verifyJws(request.headers.get("x-signature") ?? "", keys, {
 *   detached: new Uint8Array(await request.arrayBuffer()),
 * });
 * ```
 */
export function verifyJws(jws: string, keys: Key | KeySet, options?: VerifyJwsOptions): VerifiedJws {
  if (typeof jws !== "string") throw new CountersignError("TOKEN_MALFORMED", "JWS is not a string");
  const [header, payload] = guard(tokens, () =>
    keys instanceof KeySet
      ? verify_jws_with_set(jws, keys.raw(), options)
      : verify_jws_with_key(jws, expectKey(keys).raw(), options),
  );
  return { header: JSON.parse(header), payload };
}

/**
 * Signs bytes into a JWS in JSON: flattened by one signer, general by an array of them (RFC 7515 §7.2).
 *
 * @param payload The bytes.
 * @param signers Who signs, and with which headers; at most 16, each key once.
 * @param options How the payload is treated.
 * @returns The JWS, an object for `JSON.stringify`.
 * @throws {CountersignError} `KEY_USAGE` a key must not sign; `KEY_INVALID` not a key; `OPTION_INVALID` among others
 * where a parameter is protected and unprotected, or a payload with `b64: false` is not detached and not UTF-8.
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
  const bytes = bytesOf(payload);
  if (Array.isArray(signers)) return JSON.parse(signing(() => signGeneral(bytes, signers, options)));
  const signer = signers as JwsSigner;
  return JSON.parse(signing(() => sign_flattened_jws(bytes, rawKeyOf(signer), signer, options)));
}

/**
 * Checks a JWS in JSON, flattened or general. The answer has the signatures that held, at least one, and no others.
 *
 * *Who* signed is in the answer and nowhere else: whoever passes a JWS on can leave a signature out, so "all held" does
 * not say that all are there. Where two must have signed, look for the `kid` of both. Of several signatures by one key
 * the first that holds counts. What an unprotected header says was not signed and is not in the answer; it stands in the
 * JWS, at the same `index`. Stricter than RFC 7515 allows, `alg` has to be protected.
 *
 * @param jws The JSON text; or the object it was parsed to, in which repeated names can no longer be seen.
 * @param keys A key, used whatever `kid` a header names, or a set to choose from.
 * @param options As for `verifyJws`; `require`: how many signatures must hold.
 * @returns The payload, and the signatures that held.
 * @throws {CountersignError} `TOKEN_TOO_LONG`; `TOKEN_MALFORMED`; `TOKEN_HEADER_INVALID`; `TOKEN_SIGNATURE_INVALID` none
 * of several signatures holds; where there is one alone, or with `require: "all"`, what is wrong with the first that does
 * not hold, with the codes of `verifyJws`; and `KEY_USAGE`, `KEY_INVALID`, `OPTION_INVALID`.
 * @example
 * ```ts
 * const { payload, signatures } = verifyJwsJson(await request.text(), keys);
 * const signedBy = (kid: string) => signatures.some((signature) => signature.kid === kid);
 * if (!signedBy("alice") || !signedBy("bob")) throw new Error("a signature is missing");
 * ```
 */
export function verifyJwsJson(
  jws: string | FlattenedJws | GeneralJws,
  keys: Key | KeySet,
  options?: VerifyJwsJsonOptions,
): VerifiedJwsJson {
  const text = jsonOf(jws);
  const [signatures, payload] = guard(tokens, () =>
    keys instanceof KeySet
      ? verify_jws_json_with_set(text, keys.raw(), options)
      : verify_jws_json_with_key(text, expectKey(keys).raw(), options),
  );
  return { payload, signatures: JSON.parse(signatures) };
}

function signGeneral(payload: Bytes, signers: readonly JwsSigner[], options?: SignJwsJsonOptions): string {
  const raw = new RawSignatories();
  try {
    for (const signer of signers) raw.add(rawKeyOf(signer), signer);
    return raw.sign(payload, options);
  } finally {
    release(raw);
  }
}

function signing(sign: () => string): string {
  try {
    return guard(tokens, sign);
  } finally {
    // Whoever knows the nonce of a signature can calculate the private key.
    tokens.wipeStack();
  }
}

function bytesOf(payload: unknown): Bytes {
  return copyOfBytes("payload", payload, "a Uint8Array", "OPTION_INVALID");
}

/** The signer's key, which the core cannot see. What else the signer says, the core reads. */
function rawKeyOf(signer: JwsSigner | undefined): ReturnType<Key["raw"]> {
  return expectOneKey(signer?.key).raw();
}

function jsonOf(jws: unknown): string {
  if (typeof jws === "string") return jws;
  try {
    return toJson(jws);
  } catch {
    throw new CountersignError("TOKEN_MALFORMED", "JWS is not a string or an object that JSON can carry");
  }
}
