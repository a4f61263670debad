// The types of keys that stay elsewhere. This file is compiled but never run. If the line below a `@ts-expect-error`
// compiles, the compiler reports it.

import { tokenEndpoint } from "countersign/http";
import {
  type Decrypted,
  decryptAndVerifyAsync,
  decryptAsync,
  decryptClaimsAsync,
  decryptJsonAsync,
  EncryptionKey,
  type ExternalDecrypter,
  encrypt,
  signAndEncryptAsync,
} from "countersign/jwe";
import { type FlattenedJws, type GeneralJws, signJwsAsync, signJwsJsonAsync } from "countersign/jws";
import { type ExternalSigner, Key, Signer, sign, signAsync, type Verified, Verifier } from "countersign/jwt";
import { memoryStore, Sessions } from "countersign/session";
import { proven, type Same } from "./same.js";

declare const cryptoKey: CryptoKey;
declare const signal: AbortSignal;
declare const payload: Uint8Array;

/** The interface, as little of it as there may be. */
const least: ExternalSigner = { alg: "ES256", sign: async (data) => data };
/** What WebCrypto returns will do. */
const buffer: ExternalSigner = {
  alg: "RS256",
  kid: "k",
  timeoutMs: 10,
  sign: (data) => crypto.subtle.sign("RSASSA-PKCS1-v1_5", cryptoKey, data),
};
class Kms implements ExternalSigner {
  readonly alg = "EdDSA";
  constructor(readonly publicKey: Key) {}
  async sign(data: Uint8Array, { signal: inner }: { signal: AbortSignal }): Promise<Uint8Array> {
    inner.throwIfAborted();
    return data;
  }
}
// @ts-expect-error: an algorithm of secrets
export const secret: ExternalSigner = { alg: "HS256", sign: async (data) => data };
// @ts-expect-error: nothing that signs
export const nothing: ExternalSigner = { alg: "ES256" };

const key = await Key.fromCryptoKey(cryptoKey, { alg: "ES256", kid: "k", publicKey: cryptoKey });
await Key.fromCryptoKey(cryptoKey, { alg: "HS256", allowShort: true });
// @ts-expect-error: without alg
await Key.fromCryptoKey(cryptoKey, {});

for (const each of [least, buffer, new Kms(key), key]) {
  const signer = new Signer(each, { issuer: "https://login.example" });
  proven<Same<Promise<string>, ReturnType<typeof signer.signAsync>>>();
  await signAsync({ sub: "alice" }, each, { expiresIn: "1h", signal });
  await signJwsAsync(payload, each, { detached: true, signal });
  tokenEndpoint({ authenticate: async () => null, signer });
  new Sessions({ signer, store: memoryStore(), secret: payload });
}
// @ts-expect-error: `sign` does not wait
sign({}, least);
const flattened = await signJwsJsonAsync(payload, { key: least });
const general = await signJwsJsonAsync(payload, [{ key: least }, { key }], { signal });
proven<Same<FlattenedJws, typeof flattened>>();
proven<Same<GeneralJws, typeof general>>();

const kms: ExternalDecrypter = { alg: "RSA-OAEP-256", unwrap: async (encryptedKey) => encryptedKey };
const hsm: ExternalDecrypter = { alg: "ECDH-ES", crv: "P-256", deriveBits: async () => undefined };
// @ts-expect-error: content encryption is not for a KMS
export const direct: ExternalDecrypter = { alg: "dir", unwrap: async (encryptedKey) => encryptedKey };
const own = await EncryptionKey.fromCryptoKey(cryptoKey, { alg: "RSA-OAEP-256" });
const token = encrypt(payload, own.publicKey());
const decrypted = await decryptAsync(token, [kms, hsm, own], { enc: "A256GCM", signal });
proven<Same<Decrypted, typeof decrypted>>();
const { claims } = await decryptClaimsAsync<{ scope: string }>(token, kms, { audience: "us", signal });
proven<Same<string, typeof claims.scope>>();
await decryptJsonAsync(token, kms);
const nested = await signAndEncryptAsync({}, new Signer(least), own.publicKey(), { signal });
const { verified } = await decryptAndVerifyAsync(nested, kms, {
  verifyAsync: (inner) => new Verifier(key).verifyAsync(inner),
});
proven<Same<Verified, typeof verified>>();
