// The size of the WebAssembly modules, as they are and as they travel.

import { readFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";

const dist = new URL("../pkg/dist/", import.meta.url);

/** By file: bytes, gzipped at the highest level, and with brotli. */
export function sizes() {
  return Object.fromEntries(
    ["jwt.wasm", "password.wasm", "argon2.wasm", "jwe.wasm"].map((file) => {
      const bytes = readFileSync(new URL(file, dist));
      return [
        file,
        {
          bytes: bytes.length,
          gzip: gzipSync(bytes, { level: 9 }).length,
          brotli: brotliCompressSync(bytes).length,
        },
      ];
    }),
  );
}
