// The files for CDNs: a page loads them from another origin under a strict policy, with the tags that the build wrote, and refuses
// any other bytes.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { findChromium, launch } from "../runtimes/runners/chromium.mjs";
import { complaintsOf } from "./complaints.mjs";
import { skip } from "./stage.mjs";

const folder = new URL("../../pkg/dist/cdn/", import.meta.url);
const read = (name) => readFileSync(new URL(name, folder));
const { version } = JSON.parse(read("../../package.json"));
const hashes = JSON.parse(read("integrity.json"));
const TAG = read("README.md")
  .toString()
  .match(/```html\n([\s\S]*?)```/)[1];

const PROGRAM = `
import { CountersignError, Key, Signer, verify, verifyAsync } from "countersign/jwt";
import { CountersignError as OtherError, PasswordHasher } from "countersign/argon2";
import { Key as SmallKey, verifyAsync as verifyByWebCrypto } from "countersign/lite";
import { KeySet, verifyAsync as verifyOnly } from "countersign/verify";
const key = Key.generate("ES256");
const token = new Signer(key).sign({ sub: "alice" }, { audience: "page" });
const options = { audience: "page" };
const small = SmallKey.fromJwk(key.publicKey().toJwk());
const found = [verify(token, key, options), await verifyAsync(token, key, options), await verifyByWebCrypto(token, small, options)];
found.push(await verifyOnly(token, KeySet.fromJwks({ keys: [key.publicKey().toJwk()] }), options));
const claims = found.map((one) => one.claims.sub);
let error;
try { verify(token + "x", key); } catch (thrown) { error = thrown; }
const hasher = new PasswordHasher();
const { ok } = await hasher.verifyAsync("right", await hasher.hashAsync("right"));
globalThis.result = { claims, ok, code: error.code, known: [error instanceof CountersignError, error instanceof OtherError] };
`;
const WORKED = { claims: ["alice", "alice", "alice", "alice"], ok: true, code: "TOKEN_MALFORMED", known: [true, true] };

let browser;
let cdn;
let altered = false;
before(async () => {
  if (skip) return;
  browser = await launch(findChromium());
  cdn = await listen((request, response) => {
    const name = request.url.split("/").at(-1);
    // What jsDelivr and unpkg answer. Without the first header, no page could check what it gets.
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("content-type", "text/javascript; charset=utf-8");
    response.setHeader("cache-control", "no-store");
    response.end(altered ? Buffer.concat([read(name), Buffer.from("\n")]) : read(name));
  });
});
after(async () => {
  await browser?.close();
  cdn?.server.close();
});

/** Opens a page with these tags, served by another origin than the files. Gives what its program found, and what it complained of. */
async function open(tags, { program = PROGRAM, demand = true } = {}) {
  // Modules run in order. What a refused import belongs to does not run at all.
  const html = `<!doctype html><html lang="en"><title>page</title>${tags.replace("<script", '<script nonce="n"')}
<script type="module" nonce="n">globalThis.started = true;${program}</script>
<script type="module" nonce="n">globalThis.ended = true;</script>`;
  const site = await listen((_request, response) => {
    const policy = `default-src 'none'; script-src 'nonce-n' ${cdn.origin}/countersign@${version}/ 'wasm-unsafe-eval'; worker-src blob:`;
    response.setHeader("content-security-policy", policy);
    if (demand) response.setHeader("integrity-policy", "blocked-destinations=(script)");
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(html);
  });
  const page = await browser.newPage();
  const complaints = complaintsOf(page);
  try {
    await page.goto(site.origin);
    await page.waitForFunction(() => globalThis.started || globalThis.ended);
    if (await page.evaluate(() => globalThis.started)) await page.waitForFunction(() => globalThis.result);
    return { result: await page.evaluate(() => globalThis.result), complaints };
  } finally {
    await page.close();
    site.server.close();
  }
}

function listen(answer) {
  const server = createServer((request, response) =>
    request.url === "/favicon.ico" ? response.writeHead(204).end() : answer(request, response),
  );
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve({ server, origin: `http://127.0.0.1:${server.address().port}` })),
  );
}

/** The tags of the build, with the address of the server here. */
const tags = () => TAG.replaceAll("https://cdn.jsdelivr.net/npm/", `${cdn.origin}/`);

test("writes_the_hash_of_every_file_into_the_tags", () => {
  assert.deepEqual(Object.keys(hashes), ["argon2.js", "jwt.js", "lite.js", "verify.js"]);
  for (const [name, hash] of Object.entries(hashes)) {
    assert.equal(hash, `sha384-${createHash("sha384").update(read(name)).digest("base64")}`);
    const url = `https://cdn.jsdelivr.net/npm/countersign@${version}/dist/cdn/${name}`;
    const map = JSON.parse(TAG.match(/>([\s\S]*)</)[1]);
    assert.equal(map.imports[`countersign/${name.replace(".js", "")}`], url);
    assert.equal(map.integrity[url], hash);
    assert.ok(read(name).toString().startsWith(`/*! countersign ${version}, MIT OR Apache-2.0 */`));
  }
});

test("weighs_what_the_documentation_says", () => {
  const page = readFileSync(new URL("../../docs/browsers.md", import.meta.url), "utf8");
  const stated = page
    .match(
      /`dist\/cdn\/lite\.js`,\s+`dist\/cdn\/verify\.js`\s+and\s+`dist\/cdn\/argon2\.js`,\s+(\d+) KB,\s+(\d+) KB,\s+(\d+) KB\s+and\s+(\d+) KB\s+gzipped/,
    )
    .slice(1)
    .map(Number);
  const measured = ["jwt.js", "lite.js", "verify.js", "argon2.js"].map(
    (name) => gzipSync(read(name), { level: 9 }).length / 1000,
  );
  for (const [at, size] of measured.entries()) assert.ok(Math.abs(size / stated[at] - 1) < 0.03, `${size} KB`);
  for (const name of ["jwt", "lite", "verify", "argon2"]) {
    const [, gzipped, brotli] = page.match(
      new RegExp(`^\\| .*\`countersign/${name}\`.* \\| \\d+ \\| (\\d+) \\| (\\d+) \\| \\d+, in`, "m"),
    );
    const bytes = read(`${name}.js`);
    for (const [stated, packed] of [
      [gzipped, gzipSync(bytes, { level: 9 })],
      [brotli, brotliCompressSync(bytes)],
    ]) {
      const size = packed.length / 1000;
      assert.ok(Math.abs(size / stated - 1) < 0.03, `${name}: ${size} KB, not ${stated}`);
    }
  }
});

test("serves_a_page_of_another_origin_under_a_strict_policy", { skip }, async () => {
  assert.deepEqual(await open(tags()), { result: WORKED, complaints: [] });
});

test("refuses_a_file_whose_hash_is_another", { skip }, async () => {
  for (const name of Object.keys(hashes)) {
    const wrong = `sha384-${createHash("sha384").update("other").digest("base64")}`;
    const { result, complaints } = await open(tags().replace(hashes[name], wrong));
    assert.equal(result, undefined, name);
    assert.match(complaints.join("\n"), new RegExp(`digest .*'${cdn.origin}/countersign@.*/${name}'`), name);
  }
});

test("refuses_a_file_that_the_server_altered", { skip }, async () => {
  altered = true;
  try {
    const { result, complaints } = await open(tags());
    assert.equal(result, undefined);
    assert.match(complaints.join("\n"), /digest/);
  } finally {
    altered = false;
  }
});

test("refuses_a_file_without_a_hash_where_the_page_demands_one", { skip }, async () => {
  const bare = tags().replace(/,\s*"integrity": \{[^}]*\}/, "");
  assert.equal((await open(bare)).result, undefined);
  assert.deepEqual((await open(bare, { demand: false })).result, WORKED);
});

test("takes_the_hash_of_a_script_element_for_what_is_imported_later", { skip }, async () => {
  const url = `${cdn.origin}/countersign@${version}/dist/cdn/jwt.js`;
  const script = (hash) => `<script type="module" crossorigin integrity="${hash}" src="${url}"></script>`;
  const program = `import { decodeUnverified, Key, sign } from "${url}";
globalThis.result = decodeUnverified(sign({ sub: "alice" }, Key.generate("HS256"))).claims.sub;`;
  assert.deepEqual(await open(script(hashes["jwt.js"]), { program }), { result: "alice", complaints: [] });
  const refused = await open(script(hashes["argon2.js"]), { program });
  assert.equal(refused.result, undefined);
  assert.match(refused.complaints.join("\n"), /digest/);
});
