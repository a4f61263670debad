/** The keys that callers pass to the functions that decrypt: one or several, ours or kept elsewhere. */

import type { Bytes } from "./bytes.js";
import { unlessAborted } from "./deadline.js";
import { type CoreKey, decryptAsking } from "./decrypting-elsewhere.js";
import { EncryptionKey, expectEncryptionKey } from "./encryption-key.js";
import { CountersignError } from "./errors.js";
import { type ExternalDecrypter, isDecrypter, readDecrypter } from "./external-decrypter.js";
import { RawEncryptionKey, RawEncryptionKeys } from "./glue/jwe.js";
import { release } from "./handle.js";
import { callModule, callWithSecrets, encryption } from "./load/instances.js";
import { elementsOf } from "./options.js";
import type { Engine } from "./types.js";

/** Keys for decrypting, of which some may be kept elsewhere. */
export type AnyDecryptionKeys = EncryptionKey | ExternalDecrypter | readonly (EncryptionKey | ExternalDecrypter)[];

/** @internal What decrypts in the core: a key, or a set of several. */
export type RawKeys = RawEncryptionKey | RawEncryptionKeys;

/** @internal Calls `use` with one key, or with a temporary set of several. */
export function withKeys<T>(
  token: string,
  keys: EncryptionKey | readonly EncryptionKey[],
  use: (raw: RawKeys) => T,
): T {
  expectText(token);
  const several = elementsOf(keys);
  if (several === undefined) return callWithSecrets(encryption, () => use(expectEncryptionKey(keys).raw()));
  return withSeveral(several, use);
}

/** @internal Calls `use` with a temporary set. */
export function withSeveral<T>(keys: readonly unknown[], use: (set: RawEncryptionKeys) => T): T {
  return withRawKeys(
    keys.map((key) => expectEncryptionKey(key).raw()),
    use,
  );
}

function withRawKeys<T>(keys: readonly RawEncryptionKey[], use: (set: RawEncryptionKeys) => T): T {
  const set = callModule(encryption, () => new RawEncryptionKeys());
  try {
    return callWithSecrets(encryption, () => {
      for (const key of keys) set.add(key);
      return use(set);
    });
  } finally {
    // Otherwise the keys would stay in memory, in a set that nobody can free.
    release(set, encryption);
  }
}

/** @internal What the functions that end in `Async` know beside the options of the core. */
export interface AsyncOptions {
  readonly signal: AbortSignal | undefined;
  readonly engine: Engine | undefined;
}

/** @internal Like {@link withKeys}, with keys of which some may be kept elsewhere. `use` is called again after each answer. */
export async function withAnyKeys<T>(
  token: string,
  keys: AnyDecryptionKeys,
  { signal, engine }: AsyncOptions,
  use: (raw: RawKeys) => T,
): Promise<T> {
  expectText(token);
  const several = elementsOf(keys);
  const copies: RawEncryptionKey[] = [];
  const take = (make: () => RawEncryptionKey) => {
    const raw = callModule(encryption, make);
    copies.push(raw);
    return raw;
  };
  try {
    if (several === undefined) {
      const key = coreKeyOf(keys, take, { signal, engine });
      return await decryptAsking([key], () => callWithSecrets(encryption, () => use(key.raw)), signal);
    }
    // Of several keys, two may be the same one, which only the core can tell.
    const held = several.map((key) => coreKeyOf(key, take, { signal, engine: "wasm" }));
    const rawKeys = () => held.map(({ raw }) => raw);
    return await decryptAsking(held, () => withRawKeys(rawKeys(), use), signal);
  } finally {
    for (const raw of copies) release(raw, encryption);
  }
}

/** Makes the core's key with `take`, which frees it when the call ends. */
function coreKeyOf(
  key: unknown,
  take: (make: () => RawEncryptionKey) => RawEncryptionKey,
  { signal, engine }: AsyncOptions,
): CoreKey {
  if (!EncryptionKey.isEncryptionKey(key) && isDecrypter(key)) {
    const { alg, kid, crv, answer } = readDecrypter(key);
    return { raw: take(() => RawEncryptionKey.elsewhere(alg, kid, crv)), elsewhere: { answer } };
  }
  const ours = expectEncryptionKey(key);
  // A copy: the caller may free the key meanwhile.
  const copyOf = (raw: RawEncryptionKey) => take(() => raw.with_kid(raw.kid()));
  const raw = copyOf(ours.raw());
  const elsewhere = ours.kept();
  if (elsewhere !== undefined) return { raw, elsewhere };
  const web = engine === "wasm" ? undefined : ours.web();
  ours.record("wasm");
  if (web === undefined) return { raw, elsewhere };
  const byWebCrypto = async (question: Bytes) => {
    const answer = await unlessAborted(() => web.answer(question), signal);
    if (answer !== undefined) ours.record("webcrypto");
    return answer;
  };
  return { raw: copyOf(web.raw), elsewhere: { answer: byWebCrypto }, otherwise: raw };
}

function expectText(token: unknown): void {
  if (typeof token !== "string") throw new CountersignError("TOKEN_MALFORMED", "token is not a string");
}
