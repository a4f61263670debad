// What there is to load: the WebAssembly modules, and bundles of what a page or a Worker uses of the package.
//
// node benches/sizes.mjs    prints both

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { inSizes } from "./report.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** By file: bytes, gzipped at the highest level, and with brotli. */
export function sizes() {
  return Object.fromEntries(
    ["jwt.wasm", "password.wasm", "argon2.wasm", "formats.wasm", "jwe.wasm"].map((file) => [
      file,
      weigh([readFileSync(join(root, "pkg/dist", file))]),
    ]),
  );
}

const PROGRAMS = {
  "countersign/jwt": 'export { KeySet, verify } from "countersign/jwt";',
  "countersign/password": 'export { PasswordHasher } from "countersign/password";',
  "countersign/argon2": 'export { PasswordHasher } from "countersign/argon2";',
  countersign: 'export { KeySet, PasswordHasher, verify } from "countersign";',
};

/**
 * The same of programs that use one entry, minified: for a page, where the module is inside the script, and for a Worker,
 * where it is a file beside it and the two are counted together.
 */
export async function bundles() {
  const places = { "a page": ["browser"], "a Worker": ["workerd", "worker", "browser"] };
  const weighed = [];
  for (const [entry, contents] of Object.entries(PROGRAMS)) {
    for (const [place, conditions] of Object.entries(places)) {
      const { outputFiles } = await build({
        bundle: true,
        conditions,
        external: ["cloudflare:*"],
        format: "esm",
        loader: { ".wasm": "copy" },
        minify: true,
        outdir: "out",
        stdin: { contents, resolveDir: root },
        write: false,
      });
      weighed.push([`${entry} in ${place}`, weigh(outputFiles.map((file) => file.contents))]);
    }
  }
  return Object.fromEntries(weighed);
}

function weigh(files) {
  const sum = (size) => files.map(size).reduce((left, right) => left + right);
  return {
    bytes: sum((file) => file.length),
    gzip: sum((file) => gzipSync(file, { level: 9 }).length),
    brotli: sum((file) => brotliCompressSync(file).length),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(inSizes({ ...sizes(), ...(await bundles()) }));
