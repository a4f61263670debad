/** Decrypts with keys that are kept elsewhere. The core says what it needs from such a key, and the service with the key answers. */

import type { Bytes } from "./bytes.js";
import type { RawEncryptionKey } from "./glue/jwe.js";
import { release } from "./handle.js";
import { callModule, callWithSecrets, encryption } from "./load/instances.js";

/** @internal A key for the core, and the service that has the private key. */
export interface CoreKey {
  /** The core's key. An answer replaces it by one that has the answer. */
  raw: RawEncryptionKey;
  /** The service that answers. Without it, the core computes everything. */
  readonly elsewhere: KeyService | undefined;
  /** The key with which the core computes if the answer is `undefined`. Without it, that means the same as `null`. */
  readonly otherwise?: RawEncryptionKey;
}

/** A KMS, an HSM, or WebCrypto. */
interface KeyService {
  /** A content key or a shared secret; `null` if the key does not fit. */
  answer(question: Bytes, signal: AbortSignal | undefined): Promise<Bytes | null | undefined>;
}

/**
 * @internal Calls `decrypt`, which uses the keys as they are at each call. If the core lacks an answer, it asks for that and calls again.
 *
 * @throws {CountersignError} As `decrypt`, and as the service. Rejects with the reason of `signal` once that is aborted.
 */
export async function decryptAsking<T>(
  keys: readonly CoreKey[],
  decrypt: () => T,
  signal: AbortSignal | undefined,
): Promise<T> {
  const answered: RawEncryptionKey[] = [];
  try {
    // A token has at most 16 recipients, and each needs one answer.
    for (;;) {
      // Forgets what earlier calls asked.
      for (const key of keys) takeQuestion(key);
      try {
        return decrypt();
      } catch (thrown) {
        const open = keys.map((key) => ({ key, question: takeQuestion(key) })).find(({ question }) => question);
        const { key, question } = open ?? {};
        if (key?.elsewhere === undefined || question === undefined) throw thrown;
        signal?.throwIfAborted();
        // A copy: a decrypter may work in place.
        const answer = await key.elsewhere.answer(question.slice(), signal);
        if (answer === undefined && key.otherwise !== undefined) {
          key.raw = key.otherwise;
          continue;
        }
        const { raw } = key;
        key.raw = callWithSecrets(encryption, () => raw.with_answer(question, answer ?? undefined));
        answered.push(key.raw);
        answer?.fill(0);
      }
    }
  } finally {
    for (const raw of answered) release(raw, encryption);
  }
}

/** What the core asks about a key, if that made decrypting fail. It is asked once. */
function takeQuestion({ raw }: CoreKey): Bytes | undefined {
  return callModule(encryption, () => raw.question()) as Bytes | undefined;
}
