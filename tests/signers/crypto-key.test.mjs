// CryptoKeys while they are asked: signals, and verifiers that are freed meanwhile.

import assert from "node:assert/strict";
import { test } from "node:test";

// Otherwise node:crypto signs, which does not wait.
process.getBuiltinModule = undefined;
const { decryptAsync, EncryptionKey, encrypt } = await import("countersign/jwe");
const { signJwsAsync, signJwsJsonAsync } = await import("countersign/jws");
const { Key, Signer, signAsync, Verifier, verify, verifyAsync } = await import("countersign/jwt");

const { subtle } = globalThis.crypto;
const bytes = new Uint8Array(1);

/** Replaces a method of WebCrypto while `work` runs. */
async function replacing(method, replacement, work) {
  const own = subtle[method];
  subtle[method] = replacement;
  try {
    return await work();
  } finally {
    subtle[method] = own;
  }
}

const hanging = () => new Promise(() => {});

/** Expects a call to reject with the reason of its signal, which is aborted while the call waits. */
async function expectAborted(call) {
  const reason = new Error("the user left");
  const controller = new AbortController();
  const late = new Promise((resolve) => setTimeout(resolve, 5000, "still waiting").unref());
  const result = call(controller.signal).then(
    () => "done",
    (thrown) => thrown,
  );
  setTimeout(() => controller.abort(reason), 5);
  assert.equal(await Promise.race([result, late]), reason);
}

const hmacKey = async () => {
  const raw = await subtle.importKey("raw", new Uint8Array(32).fill(3), { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
    "verify",
  ]);
  return Key.fromCryptoKey(raw, { alg: "HS256" });
};

test("stops_waiting_for_a_crypto_key_that_signs_once_the_signal_is_aborted", async () => {
  const pair = await subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const key = await Key.fromCryptoKey(pair.privateKey, { alg: "ES256", publicKey: pair.publicKey });
  const secret = await hmacKey();
  await replacing("sign", hanging, async () => {
    for (const each of [key, secret]) {
      await expectAborted((signal) => signAsync({}, each, { signal }));
      await expectAborted((signal) => new Signer(each).signAsync({}, { signal }));
      await expectAborted((signal) => signJwsAsync(bytes, each, { signal }));
      await expectAborted((signal) => signJwsJsonAsync(bytes, [{ key: each }], { signal }));
    }
  });
  // The key goes on.
  const { signal } = new AbortController();
  assert.ok(verify(await signAsync({}, key, { signal }), key.publicKey()));
});

test("stops_waiting_for_web_crypto_with_a_key_of_the_core_once_the_signal_is_aborted", async () => {
  const key = Key.generate("ES256");
  const signer = new Signer(key, { engine: "platform" });
  await replacing("sign", hanging, () => expectAborted((signal) => signer.signAsync({}, { signal })));
  assert.ok(verify(await signer.signAsync({}), key));
});

test("stops_waiting_for_a_crypto_key_that_decrypts_once_the_signal_is_aborted", async () => {
  const pair = await subtle.generateKey(
    { name: "RSA-OAEP", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" },
    false,
    ["encrypt", "decrypt"],
  );
  const key = await EncryptionKey.fromCryptoKey(pair.privateKey, { alg: "RSA-OAEP-256" });
  const unreadable = EncryptionKey.fromCryptoKey(pair.privateKey, { alg: "RSA-OAEP-256", kid: "a\ud800" });
  await assert.rejects(unreadable, { code: "OPTION_INVALID", message: 'option "kid" is not a string' });
  const token = encrypt(bytes, await EncryptionKey.fromCryptoKey(pair.publicKey, { alg: "RSA-OAEP-256" }));
  await replacing("decrypt", hanging, () => expectAborted((signal) => decryptAsync(token, key, { signal })));
  assert.deepEqual((await decryptAsync(token, key)).plaintext, bytes);
});

test("finishes_the_calls_of_a_verifier_that_was_freed_meanwhile", async () => {
  const key = await hmacKey();
  const token = await signAsync({ sub: "alice" }, key);
  const altered = `${token.slice(0, -2)}${token.at(-2) === "A" ? "B" : "A"}${token.at(-1)}`;
  const verifier = new Verifier(key);
  const calls = [token, altered, token].map((each) => verifier.verifyAsync(each));
  verifier.free();
  verifier.free();
  const [first, second, third] = await Promise.allSettled(calls);
  assert.deepEqual([first.value?.claims.sub, third.value?.claims.sub], ["alice", "alice"]);
  assert.equal(second.reason.code, "TOKEN_SIGNATURE_INVALID");
  await assert.rejects(verifier.verifyAsync(token), { code: "KEY_INVALID", message: "verifier has been freed" });
  assert.equal((await verifyAsync(token, key)).claims.sub, "alice");
});
