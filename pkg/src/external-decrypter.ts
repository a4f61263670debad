/** `ExternalDecrypter`: a key for decrypting in a key management service or a hardware module. */

import { type Bytes, base64url, isText } from "./bytes.js";
import { askOrNot, type DecryptsElsewhere } from "./elsewhere.js";
import type { EncryptionCurve, ExternalDecryptionAlgorithm } from "./jwe-types.js";
import { checkMethod, hasMethod, invalid } from "./options.js";
import type { JsonWebKey } from "./types.js";

/** The bytes that a decrypter returns; nothing if the key does not fit. */
type Answer = Promise<Uint8Array | ArrayBuffer | null | undefined>;

/**
 * A key for decrypting that this process does not have: in a KMS, an HSM, or another service. It goes where a key of
 * `decryptAsync`, `decryptAndVerifyAsync`, `decryptClaimsAsync` and `decryptJsonAsync` goes. The core judges header, limits and
 * form of a token before the service is asked, and decrypts the content itself.
 *
 * If the service rejects, the token counts as made for another key: that is `DECRYPTION_FAILED`, as for any altered token.
 * To say that the service cannot be reached, reject with `new CountersignError("KEY_UNAVAILABLE", "…")`.
 *
 * @example
 * ```ts
 * const kms: ExternalDecrypter = {
 *   alg: "RSA-OAEP-256",
 *   kid: "2026-11",
 *   unwrap: async (encryptedKey, { signal }) => askTheService(encryptedKey, signal),
 * };
 * const { plaintext } = await decryptAsync(token, kms);
 * ```
 */
export interface ExternalDecrypter {
  /** The algorithm of the key. */
  readonly alg: ExternalDecryptionAlgorithm;
  /** The key's identifier, by which the header of a token chooses among several keys. */
  readonly kid?: string;
  /** For `ECDH-ES`: the curve of the key. */
  readonly crv?: EncryptionCurve;
  /** How long the service may take, from 1 to 60000. Default 10000. */
  readonly timeoutMs?: number;
  /**
   * For RSA-OAEP and AES key wrap: decrypts a content key.
   *
   * @param encryptedKey The encrypted content key of the token.
   * @param options `signal` is aborted when nobody waits for the answer any more.
   * @returns The content key.
   */
  unwrap?(encryptedKey: Uint8Array<ArrayBuffer>, options: { signal: AbortSignal }): Answer;
  /**
   * For `ECDH-ES`: agrees on a secret.
   *
   * @param publicKey The sender's ephemeral public key, which is on the curve of this key.
   * @param options As for `unwrap`.
   * @returns The shared secret, as long as a coordinate: 32 bytes for P-256 and X25519, 48 for P-384, 66 for P-521.
   */
  deriveBits?(publicKey: JsonWebKey, options: { signal: AbortSignal }): Answer;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/** Whether a value may be an `ExternalDecrypter`. */
export function isDecrypter(value: unknown): value is ExternalDecrypter {
  return hasMethod(value, "unwrap") || hasMethod(value, "deriveBits");
}

/**
 * Reads an `ExternalDecrypter`.
 *
 * @throws {CountersignError} `OPTION_INVALID`: a member is missing or of the wrong type.
 */
export function readDecrypter(decrypter: ExternalDecrypter): DecryptsElsewhere & {
  readonly alg: string;
  readonly kid: string | undefined;
  readonly crv: string | undefined;
} {
  const { alg, kid, crv, timeoutMs } = partsOf(decrypter);
  if (typeof alg !== "string") throw invalid('missing option "alg"');
  if (kid !== undefined && !isText(kid)) throw invalid('option "kid" is not a string');
  if (crv !== undefined && typeof crv !== "string") throw invalid('option "crv" is not a string');
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs < 1 || 60_000 < timeoutMs) {
    throw invalid('option "timeoutMs" is not a whole number from 1 to 60000');
  }
  const agrees = alg.startsWith("ECDH-ES");
  checkMethod("decrypter", decrypter, agrees ? "deriveBits" : "unwrap");
  const call = async (question: Bytes, signal: AbortSignal) =>
    agrees
      ? decrypter.deriveBits?.(jwkOf(crv as string, question), { signal })
      : decrypter.unwrap?.(question, { signal });
  return {
    alg,
    kid,
    crv,
    answer: (question, signal) => askOrNot("decrypter", timeoutMs, signal, (inner) => call(question, inner)),
  };
}

/** A `Proxy` or a getter may throw anything. */
function partsOf(decrypter: ExternalDecrypter): { alg: unknown; kid?: string; crv?: string; timeoutMs: number } {
  try {
    const { alg, kid, crv, timeoutMs = DEFAULT_TIMEOUT_MS } = decrypter;
    return { alg, ...(kid !== undefined && { kid }), ...(crv !== undefined && { crv }), timeoutMs };
  } catch {
    throw invalid("the external decrypter cannot be read");
  }
}

/** The JWK of an uncompressed point, or of the 32 bytes of X25519. */
function jwkOf(crv: string, bytes: Bytes): JsonWebKey {
  if (crv === "X25519") return { kty: "OKP", crv, x: base64url(bytes) };
  const middle = (bytes.length + 1) / 2;
  return { kty: "EC", crv, x: base64url(bytes.slice(1, middle)), y: base64url(bytes.slice(middle)) };
}
