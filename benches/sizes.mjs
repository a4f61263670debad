// What there is to load: the WebAssembly modules, and bundles of what a page or a Worker uses of a library.
//
// node benches/sizes.mjs    prints both

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/** By file: bytes, gzipped at the highest level, and with brotli. */
export function sizes() {
  const files = readdirSync(join(root, "pkg/dist")).filter((name) => name.endsWith(".wasm"));
  return Object.fromEntries(files.sort().map((file) => [file, weigh([readFileSync(join(root, "pkg/dist", file))])]));
}

const VERIFY = "RemoteKeySet, Verifier";
const PROGRAMS = {
  countersign: 'export { KeySet, PasswordHasher, verify } from "countersign";',
  "countersign/jwt": `export { ${VERIFY} } from "countersign/jwt";`,
  "countersign/lite": `export { ${VERIFY} } from "countersign/lite";`,
  "countersign/verify": `export { ${VERIFY} } from "countersign/verify";`,
  "countersign/decode": 'export { decodeUnverified } from "countersign/decode";',
  "countersign/password": 'export { PasswordHasher } from "countersign/password";',
  "countersign/argon2": 'export { PasswordHasher } from "countersign/argon2";',
  jose: 'export { createRemoteJWKSet, jwtVerify } from "jose";',
  "hono/jwt": 'export { verifyWithJwks } from "hono/jwt";',
  "@tsndr/cloudflare-worker-jwt": 'export { verify } from "@tsndr/cloudflare-worker-jwt";',
  "hash-wasm, Argon2 alone": 'export { argon2id, argon2Verify } from "hash-wasm";',
  "@noble/hashes, Argon2 alone": 'export { argon2id } from "@noble/hashes/argon2.js";',
  bcryptjs: 'export { hash, compare } from "bcryptjs";',
};

const PLACES = { page: ["browser"], Worker: ["workerd", "worker", "browser"] };

/**
 * What a program loads that uses a library, minified: in a page, where the module is inside the script, and in a Worker,
 * where it is a file beside it and the two are counted together. By library, then by place.
 */
export async function bundles() {
  const found = {};
  for (const [name, contents] of Object.entries(PROGRAMS)) {
    found[name] = {};
    for (const [place, conditions] of Object.entries(PLACES)) {
      try {
        found[name][place] = weigh(await bundled(contents, conditions));
      } catch {
        found[name][place] = { error: "cannot be bundled" };
      }
    }
  }
  return found;
}

/** What a page loads that uses an import of ours, by the import. */
export async function pages() {
  const ours = Object.entries(PROGRAMS).filter(([name]) => name.startsWith("countersign"));
  const weighed = ours.map(async ([name, contents]) => [name, weigh(await bundled(contents, PLACES.page))]);
  return Object.fromEntries(await Promise.all(weighed));
}

async function bundled(contents, conditions) {
  const { outputFiles } = await build({
    bundle: true,
    conditions,
    external: ["cloudflare:*", "crypto"],
    format: "esm",
    loader: { ".wasm": "copy" },
    logLevel: "silent",
    minify: true,
    outdir: "out",
    stdin: { contents, resolveDir: root },
    write: false,
  });
  return outputFiles.map((file) => file.contents);
}

function weigh(files) {
  const sum = (size) => files.map(size).reduce((left, right) => left + right);
  return {
    bytes: sum((file) => file.length),
    gzip: sum((file) => gzipSync(file, { level: 9 }).length),
    brotli: sum((file) => brotliCompressSync(file).length),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const line = (name, { bytes, gzip, brotli, error }) =>
    console.log(`${name.padEnd(44)} ${error ?? `${bytes} bytes, ${gzip} gzipped, ${brotli} with brotli`}`);
  for (const [file, weight] of Object.entries(sizes())) line(file, weight);
  for (const [name, places] of Object.entries(await bundles())) {
    for (const [place, weight] of Object.entries(places)) line(`${name} in a ${place}`, weight);
  }
}
