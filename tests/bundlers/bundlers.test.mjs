// The package through the bundlers people use, with no configuration, and what comes out run in Node, in Chromium and,
// bundled as wrangler does, in workerd.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { Key, sign } from "countersign/jwt";
import * as esbuild from "esbuild";
import { makeConsumer } from "../runtimes/consumer.mjs";
import { evaluateModule, findChromium } from "../runtimes/runners/chromium.mjs";
import { MARK, resultOf } from "../runtimes/runners/process.mjs";
import { configuration } from "../runtimes/runners/workerd.mjs";
import { bundlers } from "./bundle.mjs";

const root = resolve(fileURLToPath(import.meta.url), "../../..");
const chromium = findChromium();

/** A program that uses both modules and says what it found. */
const PROGRAM = `import { CountersignError, Key, PasswordHasher, Signer, verify } from "countersign";
export async function use() {
  const key = Key.generate("EdDSA");
  const token = new Signer(key).sign({ sub: "alice" }, { issuer: "issuer" });
  const { claims } = verify(token, key.publicKey(), { issuer: "issuer" });
  const hasher = new PasswordHasher();
  const stored = hasher.hash("correct horse");
  let code;
  try {
    verify(token, key, { issuer: "another" });
  } catch (error) {
    code = error instanceof CountersignError ? error.code : String(error);
  }
  // Only while another thread computes does a timer have its turn.
  let beside = false;
  setTimeout(() => { beside = true; }, 0);
  const { ok: later } = await hasher.verifyAsync("correct horse", stored);
  const result = { sub: claims.sub, right: hasher.verify("correct horse", stored).ok, wrong: hasher.verify("wrong", stored).ok };
  return JSON.stringify({ ...result, later, beside, code });
}
`;
const EXPECTED = { sub: "alice", right: true, wrong: false, later: true, beside: true, code: "CLAIM_INVALID" };

let consumer;
before(() => {
  consumer = makeConsumer();
  const write = (name, text) => writeFileSync(join(consumer.directory, name), text);
  write("program.mjs", PROGRAM);
  write(
    "main.mjs",
    `import { use } from "./program.mjs";
use().then((result) => {
  globalThis.result = result;
  console.log(result);
});
`,
  );
  write(
    "worker.mjs",
    `import { use } from "./program.mjs";\nexport default { async test() { console.log(${JSON.stringify(MARK)} + (await use())); } };\n`,
  );
  write("verify-only.mjs", 'import { verify } from "countersign/jwt";\nglobalThis.verify = verify;\n');
  write("fetch-keys.mjs", 'import { RemoteKeySet } from "countersign/jwt";\nglobalThis.RemoteKeySet = RemoteKeySet;\n');
  write(
    "decode-only.mjs",
    'import { decodeUnverified } from "countersign/decode";\nglobalThis.decodeUnverified = decodeUnverified;\n',
  );
  write("prove-only.mjs", 'import { DpopSigner } from "countersign/dpop";\nglobalThis.DpopSigner = DpopSigner;\n');
  const pair = Key.generate("ES256", { kid: "1" });
  const jwks = JSON.stringify({ keys: [pair.publicKey().toJwk()] });
  write(
    "lite.mjs",
    `import { RemoteKeySet, verifyAsync } from "countersign/lite";
globalThis.result = (async () => {
  const answer = async () => new Response(${JSON.stringify(jwks)}, { headers: { "content-type": "application/json" } });
  const keys = new RemoteKeySet("https://login.example/jwks.json", { fetch: answer });
  const token = ${JSON.stringify(sign({ sub: "alice" }, pair))};
  const { claims } = await verifyAsync(token, keys);
  const { code } = await verifyAsync(token.slice(0, -9) + "AAAAAAAAA", keys).catch((error) => error);
  return JSON.stringify({ sub: claims.sub, code });
})();
`,
  );
  write("verify.mjs", readFileSync(join(consumer.directory, "lite.mjs"), "utf8").replace("/lite", "/verify"));
  write("empty.mjs", "globalThis.empty = true;\n");
  write("encrypt-only.mjs", 'import { encrypt } from "countersign/jwe";\nglobalThis.encrypt = encrypt;\n');
  write(
    "hash-only.mjs",
    'import { hashPassword } from "countersign/password";\nglobalThis.hashPassword = hashPassword;\n',
  );
});
after(() => consumer.remove());

for (const [name, bundle] of Object.entries(bundlers)) {
  test(`builds_for_node_with_${name}`, async () => {
    const script = await bundle(consumer.directory, "main.mjs", "node");
    assertAlone(script);
    assert.ok(!carries(built(script), "jwe"), "the encryption module is in a bundle that did not ask for it");
    assert.deepEqual(
      JSON.parse(execFileSync(process.execPath, [script], { cwd: consumer.directory, encoding: "utf8" })),
      EXPECTED,
    );
  });

  test(`builds_for_a_page_with_${name}`, { skip: skipWithoutBrowser() }, async () => {
    const script = await bundle(consumer.directory, "main.mjs", "browser");
    assertAlone(script);
    assert.deepEqual(JSON.parse(await evaluateModule(consumer.directory, script, chromium)), EXPECTED);
  });

  test(`leaves_the_other_module_out_with_${name}`, async () => {
    const jwt = built(await bundle(consumer.directory, "verify-only.mjs", "browser"));
    assert.ok(carries(jwt, "jwt"), "the token module is missing");
    assert.ok(!carries(jwt, "password"), "the password module is in the bundle");
    assert.ok(!carries(jwt, "jwe"), "the encryption module is in the bundle");
    const jwe = built(await bundle(consumer.directory, "encrypt-only.mjs", "browser"));
    assert.ok(carries(jwe, "jwe"), "the encryption module is missing");
    assert.ok(!carries(jwe, "jwt"), "the token module is in the bundle");
    const password = built(await bundle(consumer.directory, "hash-only.mjs", "browser"));
    assert.ok(carries(password, "password"), "the password module is missing");
    assert.ok(!carries(password, "jwt"), "the token module is in the bundle");
  });
}

for (const [name, bundle] of Object.entries(bundlers)) {
  test(`leaves_out_what_fetches_keys_with_${name}`, async () => {
    // Words of the only file that calls fetch, by which it is known however it was minified.
    const words = "server answered with a status other than 200";
    assert.ok(!built(await bundle(consumer.directory, "verify-only.mjs", "browser")).includes(words));
    assert.ok(built(await bundle(consumer.directory, "fetch-keys.mjs", "browser")).includes(words));
  });
}

for (const [name, bundle] of Object.entries(bundlers)) {
  test(`shows_a_token_for_the_weight_of_a_page_of_text_with_${name}`, async () => {
    const script = built(await bundle(consumer.directory, "decode-only.mjs", "browser"));
    for (const module of ["jwt", "jwe", "password"]) assert.ok(!carries(script, module), module);
    assert.match(script, /is not canonical base64url/);
    // What the bundler adds to every page is not ours: Vite adds 300 bytes.
    const empty = built(await bundle(consumer.directory, "empty.mjs", "browser"));
    const bytes = (await minifiedBytes(script)) - (await minifiedBytes(empty));
    assert.ok(1000 < bytes && bytes <= 1536, `${bytes} bytes`);
  });
}

for (const [name, bundle] of Object.entries(bundlers)) {
  for (const [entry, kib] of [
    ["lite", 92],
    ["verify", 60],
  ]) {
    test(`checks_tokens_of_a_server_with_${entry}_for_${kib}_kib_with_${name}`, {
      skip: skipWithoutBrowser(),
    }, async () => {
      const script = await bundle(consumer.directory, `${entry}.mjs`, "browser");
      assertAlone(script);
      const text = built(script);
      for (const module of ["jwt", "jwe", "password"]) assert.ok(!carries(text, module), module);
      const empty = built(await bundle(consumer.directory, "empty.mjs", "browser"));
      const bytes = (await minifiedBytes(text)) - (await minifiedBytes(empty));
      assert.ok(0.8 * kib * 1024 < bytes && bytes <= kib * 1024, `${bytes} bytes`);
      assert.deepEqual(JSON.parse(await evaluateModule(consumer.directory, script, chromium)), {
        sub: "alice",
        code: "TOKEN_SIGNATURE_INVALID",
      });
    });
  }
}

for (const [name, bundle] of Object.entries(bundlers)) {
  test(`proves_a_key_for_little_more_than_2_kib_with_${name}`, async () => {
    const script = built(await bundle(consumer.directory, "prove-only.mjs", "browser"));
    for (const module of ["jwt", "jwe", "password"]) assert.ok(!carries(script, module), module);
    assert.match(script, /dpop\+jwt/);
    const empty = built(await bundle(consumer.directory, "empty.mjs", "browser"));
    const bytes = (await minifiedBytes(script)) - (await minifiedBytes(empty));
    assert.ok(1500 < bytes && bytes <= 2304, `${bytes} bytes`);
  });
}

async function minifiedBytes(script) {
  const { code } = await esbuild.transform(script, { minify: true, format: "esm" });
  return gzipSync(code, { level: 9 }).length;
}

test("builds_for_workerd_as_wrangler_does", async () => {
  const { metafile, warnings } = await esbuild.build({
    absWorkingDir: consumer.directory,
    bundle: true,
    conditions: ["workerd", "worker", "browser"],
    entryPoints: ["worker.mjs"],
    format: "esm",
    loader: { ".wasm": "copy" },
    logLevel: "silent",
    metafile: true,
    outdir: "out/workerd",
    outExtension: { ".js": ".mjs" },
  });
  assert.deepEqual(warnings, []);
  const files = Object.keys(metafile.outputs).map((path) => path.slice("out/workerd/".length));
  assert.equal(files.filter((path) => path.endsWith(".wasm")).length, 2, "two wasm files beside the script");
  const script = built("out/workerd/worker.mjs");
  assert.ok(!carries(script, "jwt") && !carries(script, "password"), "an inline module in the bundle");
  const modules = ["worker.mjs", ...files.filter((path) => path !== "worker.mjs")];
  const directory = join(consumer.directory, "out/workerd");
  writeFileSync(join(directory, "config.capnp"), configuration(modules));
  const workerd = join(root, "node_modules/.bin/workerd");
  // There are no threads there.
  assert.deepEqual(await resultOf(workerd, ["test", "config.capnp"], directory), { ...EXPECTED, beside: false });
});

test("gives_the_address_of_the_worker_in_a_bundle_of_vite", async () => {
  const program = 'import url from "countersign/password/worker.js?url";\nglobalThis.result = url;\n';
  writeFileSync(join(consumer.directory, "address.mjs"), program);
  const script = await bundlers.vite(consumer.directory, "address.mjs", "browser");
  const [address] = readFileSync(join(consumer.directory, script), "utf8").match(
    /\/assets\/password-worker-[\w-]+\.js/,
  );
  const worker = readFileSync(join(consumer.directory, script, "..", address), "utf8");
  assert.equal(worker, readFileSync(join(root, "pkg/dist/pool/password-worker.js"), "utf8"));
});

function built(script) {
  return readFileSync(join(consumer.directory, script), "utf8");
}

// A bundle that still imports the package proves nothing about bundling.
function assertAlone(script) {
  assert.doesNotMatch(built(script), /(from|import|require\()\s*["']countersign/u);
}

/**
 * Whether a module is in a script in its inline form: pieces of its text from several places are. One alone may be code that two
 * modules share.
 */
function carries(script, name) {
  const text = readFileSync(join(consumer.installed, `dist/printable/${name}.js`), "utf8");
  const places = [1, 2, 3, 4, 5, 6, 7].map((eighth) => Math.floor((text.length * eighth) / 8));
  return places.every((start) => script.includes(text.slice(start, start + 80)));
}

function skipWithoutBrowser() {
  if (chromium !== undefined) return false;
  if (process.env.CI) throw new Error("no Chromium found, and CI is set");
  return "no Chromium found";
}
