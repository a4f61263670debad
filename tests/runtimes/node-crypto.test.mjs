// What happens where `node:crypto` has other rules than the core, as some versions of Deno and Workers had: the platform is tried
// before it is used, and what it cannot do is computed by WebAssembly or WebCrypto.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as crypto from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { makeConsumer } from "./consumer.mjs";

const consumer = makeConsumer();

/**
 * The engines that sign and check with `alg` twice at once and twice later, in a process of its own whose `node:crypto` is
 * `altered`, the text of a function of the real one. The tokens are checked in WebAssembly too.
 */
function engines(alg, altered) {
  const script = `
    import crypto from "node:crypto";
    const altered = { ...crypto, ...(${altered})(crypto) };
    process.getBuiltinModule = (name) => (name === "crypto" ? altered : {});
    const { Key, Signer, Verifier } = await import("countersign/jwt");
    const key = Key.generate(${JSON.stringify(alg)});
    const [signer, verifier, judge] = [new Signer(key), new Verifier(key), new Verifier(key, { engine: "wasm" })];
    const used = { sign: [], signAsync: [], verify: [], verifyAsync: [] };
    for (const sign of ["sign", "sign", "signAsync", "signAsync"]) {
      judge.verify(await signer[sign]({ sub: "alice" }));
      used[sign].push(signer.engine);
    }
    const token = new Signer(key, { engine: "wasm" }).sign({ sub: "alice" });
    const forged = token.slice(0, -8) + (token.endsWith("AAAAAAAA") ? "BBBBBBBB" : "AAAAAAAA");
    for (const verify of ["verify", "verify", "verifyAsync", "verifyAsync"]) {
      await verifier[verify](token);
      used[verify].push(verifier.engine);
      const code = await (async () => verifier[verify](forged))().then(() => "accepted", (error) => error.code);
      if (code !== "TOKEN_SIGNATURE_INVALID") throw new Error(code);
    }
    console.log(JSON.stringify(used));`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: consumer.directory,
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

const always = (engine) => ({
  sign: [engine, engine],
  signAsync: [engine, engine],
  verify: [engine, engine],
  verifyAsync: [engine, engine],
});

/** `node:crypto` that uses these properties of a key in the place of its own. */
const withKeys = (properties) => `(crypto) => {
  const changed = (key) => Object.assign(key.type === "private" ? crypto.createPrivateKey(key.export({ format: "pem", type: "pkcs8" }))
    : crypto.createPublicKey(key.export({ format: "pem", type: "spki" })), (${properties})(key));
  const streamed = (make, end) => (hash) => ({ update(message) {
    const stream = make(hash).update(message);
    return { [end]: (key, signature) => stream[end](changed(key), signature) };
  } });
  return { createSign: streamed(crypto.createSign, "sign"), createVerify: streamed(crypto.createVerify, "verify") };
}`;

test("uses_node_crypto_for_everything_that_it_does_right", () => {
  for (const alg of ["PS256", "PS512", "EdDSA", "RS256"])
    assert.deepEqual(engines(alg, "() => ({})"), always("node:crypto"));
});

test("does_not_use_a_node_crypto_that_ignores_the_padding_or_the_length_of_the_salt", () => {
  const left = { ...always("wasm"), signAsync: ["webcrypto", "webcrypto"], verifyAsync: ["webcrypto", "webcrypto"] };
  const anySalt = withKeys(
    "({ padding, saltLength }) => ({ padding, saltLength: crypto.constants.RSA_PSS_SALTLEN_AUTO })",
  );
  for (const altered of [withKeys("() => ({})"), anySalt, "() => ({ createVerify: undefined })"]) {
    assert.deepEqual(engines("PS256", altered), left, altered);
    assert.deepEqual(engines("PS384", altered), left, altered);
  }
  assert.deepEqual(engines("RS256", withKeys("() => ({})")), always("node:crypto"));
});

test("does_not_sign_with_a_node_crypto_that_only_verifies_with_the_padding", () => {
  const altered = withKeys("({ type, padding, saltLength }) => (type === 'private' ? {} : { padding, saltLength })");
  const used = engines("PS256", altered);
  assert.deepEqual(
    [used.sign, used.signAsync],
    [
      ["wasm", "wasm"],
      ["webcrypto", "webcrypto"],
    ],
  );
  assert.deepEqual(used.verify, ["node:crypto", "node:crypto"]);
});

test("does_not_check_ed25519_with_a_node_crypto_that_uses_the_cofactor", () => {
  const { sign, verify } = engines("EdDSA", "() => ({ verify: () => true })");
  assert.deepEqual(
    [sign, verify],
    [
      ["node:crypto", "node:crypto"],
      ["wasm", "wasm"],
    ],
  );
});

test("tries_node_crypto_with_a_signature_that_openssl_accepts_with_its_salt_only", () => {
  const source = readFileSync(new URL("../../pkg/src/node-key.ts", import.meta.url), "utf8");
  const [spki, signature, message] = [...source.match(/PSS_SIGNED = \[([^\]]+)\]/)[1].matchAll(/"([\w-]+)"/g)].map(
    ([, text]) => Buffer.from(text, "base64url"),
  );
  const key = crypto.createPublicKey({ key: spki, format: "der", type: "spki" });
  const accepted = (options) => crypto.verify("sha256", message, { key, ...options }, signature);
  const padding = crypto.constants.RSA_PKCS1_PSS_PADDING;
  assert.deepEqual(
    [32, 20].map((saltLength) => accepted({ padding, saltLength })),
    [true, false],
  );
  assert.equal(accepted({}), false);
});

test.after(() => consumer.remove());
