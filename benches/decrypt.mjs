// How long a token takes to decrypt, in WebAssembly and by WebCrypto.
//
//   node benches/decrypt.mjs [tokens]     default: 60
//
// Both take turns. Medians in milliseconds, of a whole call of decryptAsync with a token of 100 bytes.

import { randomBytes } from "node:crypto";
import { decryptAsync, EncryptionKey, encrypt } from "countersign/jwe";

const tokens = Number(process.argv[2] ?? 60);
const ENGINES = ["wasm", "platform"];

for (const [alg, options] of [
  ["RSA-OAEP-256", {}],
  ["ECDH-ES+A256KW", { crv: "P-256" }],
  ["ECDH-ES+A256KW", { crv: "P-384" }],
]) {
  const key = EncryptionKey.generate(alg, options);
  const times = { wasm: [], platform: [] };
  const used = {};
  for (let index = -3; index < tokens; index += 1) {
    const token = encrypt(randomBytes(100), key.publicKey());
    for (const engine of ENGINES) {
      const before = performance.now();
      await decryptAsync(token, key, { engine });
      // The first ones compile, and hand the key to WebCrypto.
      if (0 <= index) times[engine].push(performance.now() - before);
      used[engine] = key.engine;
    }
  }
  const medians = ENGINES.map((engine) => `${used[engine]} ${median(times[engine]).toFixed(2)}`);
  console.log(`${alg}${options.crv === undefined ? "" : ` on ${options.crv}`}: ${medians.join(", ")}`);
}

function median(values) {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
}
