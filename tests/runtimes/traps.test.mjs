// A trap in a wasm module becomes INTERNAL and leaves everything as it was: the next call works, so do the handles made
// before, and thousands of traps cost nothing. Runs on the test-only build in target/trap-pkg, whose modules export a
// function that panics.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const TRAPS = 20_000;
/** How much of the shadow stack a trap leaves taken: this many frames of 256 bytes. */
const DEPTH = 12;

const dist = resolve(fileURLToPath(import.meta.url), "../../../target/trap-pkg/dist");
assert.ok(existsSync(dist), "target/trap-pkg is missing: run node tools/build.mjs --trap");
const load = (path) => import(pathToFileURL(join(dist, path)).href);

const countersign = await load("inline/index.js");
const jwe = await load("inline/jwe.js");
const instances = await load("load/instances.js");
const { callModule } = instances;
const glues = {
  tokens: await load("glue/jwt.js"),
  passwords: await load("glue/password.js"),
  encryption: await load("glue/jwe.js"),
};

// Passwords are loaded by the first call.
new countersign.PasswordHasher();

const now = new Date(1_800_000_000_000);
const quick = { params: { memoryKib: 8, passes: 1, lanes: 1 } };

/** A call into a module that panics, guarded as every call of the package is. */
const trap = (name) => callModule(instances[name], () => glues[name].test_trap(DEPTH));

function assertTraps(name) {
  assert.throws(
    () => trap(name),
    (error) => {
      assert.ok(error instanceof countersign.CountersignError);
      assert.deepEqual({ code: error.code, message: error.message }, { code: "INTERNAL", message: "internal error" });
      return true;
    },
  );
}

test("survives_thousands_of_traps_in_the_token_module", () => {
  const before = handles();
  const token = before.signer.sign({ sub: "alice" }, { now });
  assertTraps("tokens");
  const memory = instances.tokens.memoryBytes;
  for (let count = 1; count < TRAPS; count += 1) {
    assertTraps("tokens");
    if (count % 100 === 0) assert.equal(before.signer.sign({ sub: "alice" }, { now }), token);
  }
  assert.equal(instances.tokens.memoryBytes, memory, "the memory has grown");
  for (const { signer, verifier, set, key } of [before, handles()]) {
    assert.equal(signer.sign({ sub: "alice" }, { now }), token);
    assert.equal(verifier.verify(token, { now }).claims.sub, "alice");
    assert.equal(countersign.verify(token, set, { now }).claims.sub, "alice");
    assert.equal(key.toJwk({ private: true }).d, SEED);
    for (const handle of [set, verifier, signer, key]) handle.free();
  }
});

test("survives_thousands_of_traps_in_the_password_module", () => {
  const hasher = new countersign.PasswordHasher(quick);
  const stored = hasher.hash("correct horse");
  assertTraps("passwords");
  const memory = instances.passwords.memoryBytes;
  for (let count = 1; count < TRAPS; count += 1) {
    assertTraps("passwords");
    if (count % 100 === 0) assert.equal(hasher.verify("correct horse", stored).ok, true);
  }
  assert.ok(instances.passwords.memoryBytes <= memory, "the memory has grown");
  assert.equal(hasher.verify("correct horse", stored).ok, true);
  assert.equal(hasher.verify("wrong", stored).ok, false);
  assert.equal(countersign.verifyPassword("correct horse", countersign.hashPassword("correct horse")), true);
});

test("survives_thousands_of_traps_in_the_encryption_module", () => {
  const content = new TextEncoder().encode("attack at dawn");
  const key = jwe.EncryptionKey.generate("ECDH-ES+A256KW");
  const token = jwe.encrypt(content, key);
  assertTraps("encryption");
  const memory = instances.encryption.memoryBytes;
  for (let count = 1; count < TRAPS; count += 1) {
    assertTraps("encryption");
    if (count % 1000 === 0) assert.deepEqual(jwe.decrypt(token, key).plaintext, content);
  }
  assert.equal(instances.encryption.memoryBytes, memory, "the memory has grown");
  const another = jwe.EncryptionKey.fromJwk(key.toJwk({ private: true }));
  assert.deepEqual(jwe.decrypt(jwe.encrypt(content, another), [key]).plaintext, content);
  for (const handle of [key, another]) handle.free();
});

test("keeps_the_options_of_a_call_inside_which_another_traps", () => {
  const { key } = handles();
  const token = countersign.sign({ sub: "alice" }, key, { now });
  const options = {
    now,
    get subject() {
      assertTraps("tokens");
      return undefined;
    },
    issuer: "issuer",
  };
  assert.throws(() => countersign.verify(token, key, options), { code: "CLAIM_MISSING", claim: "iss" });
});

// Without this, the tests above might pass because a trap does no harm in the first place.
for (const [name, file] of [
  ["tokens", "jwt"],
  ["passwords", "password"],
  ["encryption", "jwe"],
]) {
  test(`would_die_of_as_many_unguarded_traps_in_the_module_of_${name}`, () => {
    const program = `
      const all = await import(${JSON.stringify(pathToFileURL(join(dist, "inline/index.js")).href)});
      new all.PasswordHasher();
      await import(${JSON.stringify(pathToFileURL(join(dist, "inline/jwe.js")).href)});
      const { test_trap } = await import(${JSON.stringify(pathToFileURL(join(dist, `glue/${file}.js`)).href)});
      const messages = new Set();
      for (let count = 0; count < ${TRAPS}; count += 1) try { test_trap(${DEPTH}) } catch (error) { messages.add(error.message) }
      console.log(JSON.stringify([...messages]));
    `;
    const output = execFileSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8" });
    assert.deepEqual(JSON.parse(output), ["unreachable", "memory access out of bounds"]);
  });
}

/** The private key of RFC 8037 appendix A. */
const SEED = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";

function handles() {
  const jwk = { kty: "OKP", crv: "Ed25519", d: SEED, x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" };
  const key = countersign.Key.fromJwk(jwk, { alg: "EdDSA" });
  return {
    key,
    signer: new countersign.Signer(key),
    verifier: new countersign.Verifier(key),
    set: new countersign.KeySet([key]),
  };
}
