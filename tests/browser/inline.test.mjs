// A script that stands inside the page itself, with the module inside the script: for every entry that has a module, in HTML of
// another encoding than UTF-8, and in XHTML, under a policy that allows this script and WebAssembly and nothing else.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { findChromium, launch } from "../runtimes/runners/chromium.mjs";
import { complaintsOf } from "./complaints.mjs";
import { skip } from "./stage.mjs";

const HASHED = `const policy = { params: { memoryKib: 8, passes: 1, lanes: 1 } };
  return new PasswordHasher(policy).verify("right", new PasswordHasher(policy).hash("right")).ok;`;
const SIGNED = `const key = Key.generate(alg);
  return verify(sign({ sub: "alice" }, key), key).claims.sub === "alice";`;

/** What a page does with each entry: it gives true. */
const PROGRAMS = {
  countersign: `import { Key, PasswordHasher, sign, verify } from "countersign";
const signed = (alg) => { ${SIGNED} };
const use = () => { if (!signed("ES256")) return false; ${HASHED} };`,
  "countersign/jwt": `import { Key, sign, verify } from "countersign/jwt";
const use = (alg = "RS256") => { ${SIGNED} };`,
  "countersign/jws": `import { Key, signJws, verifyJws } from "countersign/jws";
const use = () => {
  const key = Key.generate("EdDSA");
  return new TextDecoder().decode(verifyJws(signJws(new TextEncoder().encode("text"), key), key).payload) === "text";
};`,
  "countersign/lite": `import { Key, sign, verify } from "countersign/lite";
const use = () => {
  const key = Key.fromSecret(new Uint8Array(32).fill(7), { alg: "HS256" });
  return verify(sign({ sub: "alice" }, key), key).claims.sub === "alice";
};`,
  "countersign/verify": `import { CountersignError, KeySet, Verifier } from "countersign/verify";
const use = () => {
  const jwk = { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" };
  const verifier = new Verifier(KeySet.fromJwks({ keys: [jwk] }));
  try {
    return verifier.verify("a.b.c");
  } catch (error) {
    return error instanceof CountersignError && error.code === "TOKEN_MALFORMED";
  }
};`,
  "countersign/jwe": `import { decrypt, encrypt, EncryptionKey } from "countersign/jwe";
const use = () => {
  const key = EncryptionKey.generate("A256KW");
  return new TextDecoder().decode(decrypt(encrypt(new TextEncoder().encode("text"), key), key).plaintext) === "text";
};`,
  "countersign/password": `import { PasswordHasher } from "countersign/password";\nconst use = () => { ${HASHED} };`,
  "countersign/argon2": `import { PasswordHasher } from "countersign/argon2";\nconst use = () => { ${HASHED} };`,
  "countersign/formats": `import { verifyPassword } from "countersign/formats";
const use = () => verifyPassword("hello", "{SSHA}FPvT+WAOz8Kj1D5MB6mKh1x5EKJzYWx0");`,
  "countersign/post-quantum": `import { Key, sign, verify } from "countersign/jwt";
import { enablePostQuantum } from "countersign/post-quantum";
const use = (alg = "ML-DSA-44") => { enablePostQuantum(); ${SIGNED} };`,
  "countersign/key-ring": `import { KeyRing } from "countersign/key-ring";
import { Key } from "countersign/jwt";
const use = () => typeof KeyRing === "function" && Key.generate("HS256").alg === "HS256";`,
};

/** The page around a script, and the header of its media type. */
const PAGES = {
  "HTML in Latin-1": {
    type: "text/html; charset=iso-8859-1",
    around: (script) => `<!doctype html><html lang="en"><title>page</title><script>${script}</script></html>`,
    inside: (script) => script,
  },
  XHTML: {
    type: "application/xhtml+xml; charset=utf-8",
    around: (
      script,
    ) => `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml" lang="en"><head><title>page</title>
</head><body><script>${script}</script></body></html>`,
    inside: (script) => `//<![CDATA[\n${script}\n//]]>`,
    /** What the policy names is the content without the marks of CDATA. */
    content: (script) => `//\n${script}\n//`,
  },
};

let browser;
before(async () => {
  if (!skip) browser = await launch(findChromium());
});
after(() => browser?.close());

for (const [entry, program] of Object.entries(PROGRAMS)) {
  test(`works_inside_a_page_with_${entry}`, { skip }, async () => {
    const { outputFiles } = await build({
      bundle: true,
      format: "iife",
      minify: true,
      stdin: {
        contents: `${program}\ntry { globalThis.result = String(use()); } catch (error) { globalThis.result = String(error); }`,
        resolveDir: fileURLToPath(new URL("..", import.meta.url)),
      },
      write: false,
    });
    for (const [name, page] of Object.entries(PAGES)) {
      assert.deepEqual(await open(outputFiles[0].text.trim(), page), { result: "true", complaints: [] }, name);
    }
  });
}

async function open(script, { type, around, inside, content = (text) => text }) {
  const digest = createHash("sha256").update(content(script)).digest("base64");
  const server = createServer((request, response) => {
    if (request.url === "/favicon.ico") return response.writeHead(204).end();
    response.setHeader(
      "content-security-policy",
      `default-src 'none'; script-src 'sha256-${digest}' 'wasm-unsafe-eval'`,
    );
    response.setHeader("content-type", type);
    return response.end(around(inside(script)));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const page = await browser.newPage();
  const complaints = complaintsOf(page);
  try {
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    const result = await page.evaluate(() => globalThis.result);
    return { result, complaints };
  } finally {
    await page.close();
    server.close();
  }
}
