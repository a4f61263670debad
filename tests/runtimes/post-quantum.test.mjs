// ML-DSA: the same on Node 20, where the module computes, and on Node 24, where node:crypto does, exchanged with jose. And what
// happens while it is not enabled. Each case runs in a process of its own, because what is enabled stays enabled.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { ml_dsa44, ml_dsa65, ml_dsa87 } from "@noble/post-quantum/ml-dsa.js";
import { makeConsumer } from "./consumer.mjs";

const consumer = makeConsumer();
const require = createRequire(import.meta.url);
const NODE_20 = process.execPath;
const NODE_24 = join(dirname(require.resolve("node24/package.json")), "bin/node");
const JOSE = pathToFileURL(require.resolve("jose")).href.replace("/cjs/", "/webapi/");
const ALGORITHMS = ["ML-DSA-44", "ML-DSA-65", "ML-DSA-87"];
const NOBLE = { "ML-DSA-44": ml_dsa44, "ML-DSA-65": ml_dsa65, "ML-DSA-87": ml_dsa87 };
const MISSING = 'ML-DSA is a module of its own: call enablePostQuantum() of "countersign/post-quantum" first';

const PRELUDE = `
import * as jwt from "countersign/jwt";
import { enablePostQuantum } from "countersign/post-quantum";
const { Key, KeySet, Signer, Verifier, sign, verify, usePlatformCryptography } = jwt;
const outcome = (action) => { try { return action(); } catch (error) { return error.code + ": " + error.message; } };
const algorithms = ${JSON.stringify(ALGORITHMS)};
`;

let programs = 0;
/** What a program leaves in \`result\`, run by this Node. */
function run(node, program, ...given) {
  programs += 1;
  const file = join(consumer.directory, `program-${programs}.mjs`);
  const end = "\nconsole.log(JSON.stringify(result));\n";
  writeFileSync(file, `${PRELUDE}const given = ${JSON.stringify(given)};\n${program}${end}`);
  return JSON.parse(execFileSync(node, ["--no-warnings", file], { cwd: consumer.directory, encoding: "utf8" }));
}

/** A key pair of another implementation. */
function foreign(alg, byte) {
  const seed = new Uint8Array(32).fill(byte);
  const { publicKey, secretKey } = NOBLE[alg].keygen(seed);
  const [pub, priv] = [publicKey, seed].map((bytes) => Buffer.from(bytes).toString("base64url"));
  return { jwk: { kty: "AKP", alg, pub, priv, kid: `${alg} ${byte}` }, publicKey, secretKey };
}

test("refuses_ml_dsa_keys_with_advice_until_it_is_enabled", () => {
  const { jwk } = foreign("ML-DSA-44", 1);
  const [before, after] = run(
    NODE_20,
    `const ask = () => {
      const ed25519 = Key.generate("EdDSA", { kid: "e" });
      const set = KeySet.fromJwks({ keys: [given[0], ed25519.toJwk()] });
      const header = Buffer.from(JSON.stringify({ alg: "ML-DSA-44", kid: given[0].kid })).toString("base64url");
      const unnamed = Buffer.from(JSON.stringify({ alg: "ML-DSA-44" })).toString("base64url");
      return {
        imported: outcome(() => Key.fromJwk(given[0]).alg),
        generated: outcome(() => Key.generate("ML-DSA-65").alg),
        rejected: set.rejected,
        other: verify(sign({ sub: "alice" }, ed25519), set).claims.sub,
        token: outcome(() => verify(header + ".e30.AA", set)),
        unnamed: outcome(() => verify(unnamed + ".e30.AA", set)),
        elsewhere: outcome(() => Key.fromPem(given[1], { alg: "ML-DSA-44" }).alg),
      };
    };
    const before = ask();
    enablePostQuantum();
    enablePostQuantum();
    const result = [before, ask()];`,
    jwk,
    "-----BEGIN PRIVATE KEY-----\nMDQCAQAwCwYJYIZIAWUDBAMRBCKAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB\n-----END PRIVATE KEY-----\n",
  );
  assert.deepEqual(before, {
    imported: `KEY_INVALID: ${MISSING}`,
    generated: `KEY_INVALID: ${MISSING}`,
    rejected: [{ index: 0, kid: jwk.kid, code: "KEY_INVALID", message: MISSING }],
    other: "alice",
    token: `KEY_NOT_FOUND: the token's key cannot be used: ${MISSING}`,
    unnamed: 'KEY_NOT_FOUND: no key for the token\'s "kid" and "alg"',
    elsewhere: `KEY_INVALID: ${MISSING}`,
  });
  assert.deepEqual(after, {
    imported: "ML-DSA-44",
    generated: "ML-DSA-65",
    rejected: [],
    other: "alice",
    token: "TOKEN_SIGNATURE_INVALID: signature does not match",
    unnamed: "TOKEN_SIGNATURE_INVALID: signature does not match",
    elsewhere: "ML-DSA-44",
  });
});

test("says_that_the_slim_module_is_not_loaded", () => {
  const result = run(
    NODE_20,
    `const slim = await import("countersign/post-quantum/slim");
    const { readFileSync } = await import("node:fs");
    const { createRequire } = await import("node:module");
    // This program has loaded it by the other entry, so another process asks.
    const { execFileSync } = await import("node:child_process");
    const code = 'import { enablePostQuantum, init } from "countersign/post-quantum/slim";' +
      'import { readFileSync } from "node:fs"; import { createRequire } from "node:module"; import { Key } from "countersign/jwt";' +
      'const said = []; try { enablePostQuantum(); } catch (error) { said.push(error.code + ": " + error.message); }' +
      'const file = createRequire(process.cwd() + "/x.js").resolve("countersign/post-quantum.wasm");' +
      'await init(readFileSync(file)); await init(readFileSync(file)); enablePostQuantum(); said.push(Key.generate("ML-DSA-87").alg);' +
      'try { await init(readFileSync(createRequire(process.cwd() + "/x.js").resolve("countersign/jwt.wasm"))); } catch (error) { said.push(error.code); }' +
      'console.log(JSON.stringify(said));';
    const result = JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" }));`,
  );
  assert.deepEqual(result, ["INTERNAL: the wasm module is not loaded: call init or initSync first", "ML-DSA-87"]);
});

for (const [name, node, engine] of [
  ["Node 20", NODE_20, "wasm"],
  ["Node 24", NODE_24, "node:crypto"],
]) {
  for (const used of [true, false]) {
    test(`exchanges_keys_and_tokens_with_another_implementation_on_${name}_${used ? "with" : "without"}_the_platform`, () => {
      const pairs = ALGORITHMS.map((alg, index) => foreign(alg, index + 1));
      const signing = pairs.map(({ jwk, secretKey }) => {
        const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
        const input = `${part({ alg: jwk.alg, kid: jwk.kid })}.${part({ sub: "bob", exp: 4_000_000_000 })}`;
        const signature = NOBLE[jwk.alg].sign(new Uint8Array(Buffer.from(input)), secretKey);
        return `${input}.${Buffer.from(signature).toString("base64url")}`;
      });
      const result = run(
        node,
        `enablePostQuantum();
        usePlatformCryptography(${used});
        const [jwks, tokens] = given;
        const set = KeySet.fromJwks({ keys: jwks.map(({ priv, ...jwk }) => jwk) });
        const ours = jwks.map((jwk) => {
          const key = Key.fromJwk(jwk);
          const signer = new Signer(key);
          const verifier = new Verifier(key.publicKey());
          const token = signer.sign({ sub: "alice" });
          const [head, body, signature] = token.split(".");
          const bytes = Buffer.from(signature, "base64url");
          const flipped = [0, 500, bytes.length - 1].map((place) => {
            const changed = Buffer.from(bytes);
            changed[place] ^= 1;
            return outcome(() => verifier.verify(head + "." + body + "." + changed.toString("base64url")));
          });
          return { token, flipped, sub: verifier.verify(token).claims.sub, engines: [signer.engine, verifier.engine],
            public: key.toJwk(), same: Key.fromPem(key.toPem({ private: true }), { alg: key.alg }).toJwk({ private: true }).priv === jwk.priv };
        });
        const later = [];
        for (const jwk of jwks) {
          const key = Key.fromJwk(jwk);
          later.push((await new Verifier(key).verifyAsync(await new Signer(key).signAsync({ sub: "carol" }))).claims.sub);
        }
        const result = { ours, later, theirs: tokens.map((token) => verify(token, set).claims.sub), rejected: set.rejected };`,
        pairs.map(({ jwk }) => jwk),
        signing,
      );
      assert.deepEqual(
        [result.theirs, result.later, result.rejected],
        [["bob", "bob", "bob"], ["carol", "carol", "carol"], []],
      );
      for (const [index, { token, flipped, sub, engines, same, public: jwk }] of result.ours.entries()) {
        const { publicKey, jwk: expected } = pairs[index];
        const [head, body, signature] = token.split(".");
        assert.ok(
          NOBLE[expected.alg].verify(
            new Uint8Array(Buffer.from(signature, "base64url")),
            new Uint8Array(Buffer.from(`${head}.${body}`)),
            publicKey,
          ),
        );
        assert.deepEqual(flipped, new Array(3).fill("TOKEN_SIGNATURE_INVALID: signature does not match"));
        assert.deepEqual([sub, same, engines], ["alice", true, new Array(2).fill(used ? engine : "wasm")]);
        const { priv, ...half } = expected;
        assert.deepEqual(jwk, half);
      }
    });
  }
}

test("exchanges_keys_key_sets_and_tokens_with_jose_on_node_24", () => {
  const result = run(
    NODE_24,
    `const jose = await import(${JSON.stringify(JOSE)});
    enablePostQuantum();
    const result = [];
    for (const alg of algorithms) {
      const key = Key.generate(alg, { kid: alg });
      const thumbprints = [key.thumbprint(), await jose.calculateJwkThumbprint(key.toJwk())];
      const jwks = { keys: [...new KeySet([key.publicKey(), Key.generate("ES256", { kid: "e" })]).toJwks().keys] };
      const ours = (await jose.jwtVerify(sign({ sub: "alice" }, key), jose.createLocalJWKSet(jwks))).payload.sub;
      const pair = await jose.generateKeyPair(alg, { extractable: true });
      const jwk = { ...(await jose.exportJWK(pair.privateKey)), alg, kid: "j" };
      const imported = Key.fromJwk(jwk);
      const token = await new jose.SignJWT({ sub: "bob" }).setProtectedHeader({ alg, kid: "j" }).setExpirationTime("5m").sign(pair.privateKey);
      const set = KeySet.fromJwks({ keys: [{ ...(await jose.exportJWK(pair.publicKey)), alg, kid: "j" }, ...jwks.keys] });
      const back = await jose.importJWK(imported.toJwk({ private: true }), alg);
      const again = await new jose.SignJWT({ sub: "carol" }).setProtectedHeader({ alg }).sign(back);
      const pem = await jose.exportPKCS8(pair.privateKey);
      const fromCryptoKey = await Key.fromCryptoKey(pair.privateKey, { alg, publicKey: pair.publicKey });
      result.push({
        ours, theirs: verify(token, set).claims.sub, again: verify(again, imported, { allowMissingExpiry: true }).claims?.sub,
        thumbprints: thumbprints[0] === thumbprints[1],
        spki: Key.fromPem(await jose.exportSPKI(pair.publicKey), { alg }).thumbprint() === imported.thumbprint(),
        pkcs8: Key.fromPem(pem, { alg }).thumbprint() === imported.thumbprint(),
        sealed: verify(await jwt.signAsync({ sub: "dan" }, fromCryptoKey), imported).claims.sub,
        ourPem: (await jose.jwtVerify(await new jose.SignJWT({}).setProtectedHeader({ alg }).sign(await jose.importPKCS8(key.toPem({ private: true }), alg)), await jose.importSPKI(key.toPem(), alg))).protectedHeader.alg === alg,
      });
    }`,
  );
  const right = {
    ours: "alice",
    theirs: "bob",
    again: "carol",
    thumbprints: true,
    spki: true,
    pkcs8: true,
    sealed: "dan",
    ourPem: true,
  };
  assert.deepEqual(
    result,
    ALGORITHMS.map(() => right),
  );
});

test("leaves_no_seed_and_nothing_that_was_computed_from_it_in_the_module", () => {
  const pairs = ALGORITHMS.map((alg, index) => foreign(alg, index + 65));
  // FIPS 204, algorithm 24: the second part of the expanded key, K, is secret. s1 follows the public hash.
  const secrets = pairs.map(({ jwk, secretKey }) => [
    jwk.priv,
    ...[secretKey.subarray(32, 64), secretKey.subarray(128, 160)].map((part) =>
      Buffer.from(part).toString("base64url"),
    ),
  ]);
  const result = run(
    NODE_20,
    `const { postQuantum } = await import("./node_modules/countersign/dist/load/instances.js");
    enablePostQuantum();
    usePlatformCryptography(false);
    const memory = () => Buffer.from(postQuantum.memory);
    const found = (texts) => texts.filter((text) => memory().includes(Buffer.from(text, "base64url"))).length;
    const result = [];
    for (const [index, jwk] of given[0].entries()) {
      const key = Key.fromJwk(jwk);
      for (let round = 0; round < 5; round += 1) verify(sign({ round }, key), key);
      const stack = memory().subarray(0, postQuantum.stackPointer);
      const left = found(given[1][index]);
      new Uint8Array(postQuantum.memory).set(Buffer.from(jwk.priv, "base64url"), 1000);
      result.push([left, found(given[1][index])]);
      new Uint8Array(postQuantum.memory).fill(0, 1000, 1032);
      result.push(stack.every((byte) => byte === 0));
    }`,
    pairs.map(({ jwk }) => jwk),
    secrets,
  );
  assert.deepEqual(result, [[0, 1], true, [0, 1], true, [0, 1], true]);
});

test("shows_no_seed", () => {
  const { jwk } = foreign("ML-DSA-65", 9);
  const result = run(
    NODE_20,
    `enablePostQuantum();
    const { inspect } = await import("node:util");
    const key = Key.fromJwk(given[0]);
    const wrong = outcome(() => Key.fromJwk({ ...given[0], pub: given[0].pub.replace(/^./, "A") }));
    const result = [inspect(key, { showHidden: true, depth: 9 }), JSON.stringify(key), String(key), wrong];`,
    jwk,
  );
  for (const shown of result) assert.ok(!JSON.stringify(shown ?? "").includes(jwk.priv.slice(0, 20)), shown);
  assert.equal(result[3], 'KEY_INVALID: JWK members "pub" and "priv" do not match');
});
