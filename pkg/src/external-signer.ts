/** `ExternalSigner`: a private key in a key management service or a hardware module. */

import { type Bytes, isText } from "./bytes.js";
import { ask, type Elsewhere } from "./elsewhere.js";
import { checking } from "./engine.js";
import { RawKey, type RawUnsigned } from "./glue/jwt.js";
import { release } from "./handle.js";
import { Key } from "./key.js";
import { expectOneKey } from "./key-set.js";
import { callModule, callWithSecrets, tokens } from "./load/instances.js";
import { hasMethod, invalid } from "./options.js";
import type { AsymmetricAlgorithm } from "./types.js";

/**
 * A private key that this process does not have: in a KMS, an HSM, or another service. It goes where a key for signing goes,
 * and signs with `signAsync`, `signJwsAsync` and `signJwsJsonAsync`.
 *
 * @example
 * ```ts
 * const kms: ExternalSigner = {
 *   alg: "ES256",
 *   kid: "2026-11",
 *   publicKey: Key.fromPem(await readFile("kms-public.pem", "utf8"), { alg: "ES256" }),
 *   sign: async (data, { signal }) => askTheService(data, signal),
 * };
 * const signer = new Signer(kms, { issuer: "https://login.example", audience: "api" });
 * const token = await signer.signAsync({ sub: "alice" });
 * ```
 */
export interface ExternalSigner {
  /** The algorithm of the key. */
  readonly alg: AsymmetricAlgorithm;
  /** The key's identifier, for the header. */
  readonly kid?: string;
  /**
   * The public half, with the same `alg`. With it, every signature is checked before it is returned, so that a signature by
   * another key or over other data never leaves. Without it, only the form of a signature is checked.
   */
  readonly publicKey?: Key;
  /** How long `sign` may take, from 1 to 60000. Default 10000. */
  readonly timeoutMs?: number;
  /**
   * Signs.
   *
   * @param data The bytes to sign, not their digest.
   * @param options `signal` is aborted when nobody waits for the answer any more.
   * @returns The signature. For ECDSA: r followed by s, each as long as a coordinate, or DER. An answer that is exactly as
   * long as r and s together is read as r and s.
   */
  sign(data: Uint8Array<ArrayBuffer>, options: { signal: AbortSignal }): Promise<Uint8Array | ArrayBuffer>;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/** A key that signs: a `Key`, or one made of an `ExternalSigner`. */
export interface SigningKey {
  readonly key: Key;
  /** Frees the key if it was made here. */
  readonly release: () => void;
}

/** Reads a `Key` or an `ExternalSigner`. */
export function signingKey(value: unknown): SigningKey {
  // A `Signer` has a method `sign` too, and no `alg`.
  const alg = Key.isKey(value) || !hasMethod(value, "sign") ? undefined : algOf(value);
  if (alg === undefined) return { key: expectOneKey(value), release: () => {} };
  const key = keyOf(value as ExternalSigner, alg);
  return { key, release: () => key.free() };
}

/** Its algorithm. A `Proxy` or a getter may throw anything. */
function algOf(value: unknown): string | undefined {
  try {
    const { alg } = value as { alg?: unknown };
    return typeof alg === "string" ? alg : undefined;
  } catch {
    return undefined;
  }
}

function keyOf(signer: ExternalSigner, alg: string): Key {
  const { kid, publicKey, timeoutMs } = partsOf(signer);
  if (/^HS/.test(alg)) throw invalid('option "alg" of an external signer is not an algorithm with a public key');
  if (kid !== undefined && !isText(kid)) throw invalid('option "kid" is not a string');
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs < 1 || 60_000 < timeoutMs) {
    throw invalid('option "timeoutMs" is not a whole number from 1 to 60000');
  }
  const elsewhere: Elsewhere = {
    sign: (data, signal) => ask("signer", timeoutMs, signal, async (inner) => signer.sign(data, { signal: inner })),
  };
  const raw = () =>
    publicKey === undefined
      ? RawKey.elsewhere(alg, kid)
      : expectOneKey(publicKey).raw().with_private_elsewhere(alg, kid);
  return Key.elsewhere(raw, elsewhere);
}

/** A `Proxy` or a getter may throw anything. */
function partsOf(signer: ExternalSigner): { kid?: string; publicKey?: Key; timeoutMs: number } {
  try {
    const { kid, publicKey, timeoutMs = DEFAULT_TIMEOUT_MS } = signer;
    return { ...(kid !== undefined && { kid }), ...(publicKey !== undefined && { publicKey }), timeoutMs };
  } catch {
    throw invalid("the external signer cannot be read");
  }
}

/** @internal Asks the keys that are kept elsewhere for their signatures, and writes the JWS. Frees `unsigned`. */
export async function signed(
  unsigned: RawUnsigned,
  keys: readonly (Elsewhere | undefined)[],
  signal: AbortSignal | undefined,
): Promise<string> {
  // Without waiting, if every key is here.
  if (keys.every((key) => key === undefined)) return callWithSecrets(tokens, () => unsigned.finish());
  let answers: (Bytes | undefined)[];
  try {
    answers = await Promise.all(
      keys.map((key, index) => key?.sign(callModule(tokens, () => unsigned.input(index)) as Bytes, signal)),
    );
    for (const [index, answer] of answers.entries()) {
      if (answer !== undefined) await checking(() => unsigned.add(index, answer));
    }
  } catch (thrown) {
    release(unsigned);
    throw thrown;
  }
  return callWithSecrets(tokens, () => unsigned.finish());
}
