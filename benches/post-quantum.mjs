// How long ML-DSA takes, in WebAssembly and in node:crypto where that has it, and what the module weighs.
//
//   node benches/post-quantum.mjs [signatures]     default: 300
//
// Processor time of this process, so that a busy machine changes little. Signing takes another time for each message.

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { Key, Signer, Verifier } from "countersign/jwt";
import { enablePostQuantum } from "countersign/post-quantum";

const signatures = Number(process.argv[2] ?? 300);
const wasm = readFileSync(new URL("../pkg/dist/post-quantum.wasm", import.meta.url));
console.log(`post-quantum.wasm: ${wasm.length} bytes, ${gzipSync(wasm, { level: 9 }).length} gzipped`);
enablePostQuantum();

for (const engine of ["wasm", "platform"]) {
  for (const alg of ["ML-DSA-44", "ML-DSA-65", "ML-DSA-87"]) {
    const key = Key.generate(alg);
    const signer = new Signer(key, { engine });
    const verifier = new Verifier(key.publicKey(), { engine });
    const [signing, verifying] = [[], []];
    for (let index = 0; index < signatures; index += 1) {
      const token = timed(signing, () => signer.sign({ sub: `user ${index}` }));
      timed(verifying, () => verifier.verify(token));
    }
    console.log(`${alg} by ${verifier.engine}: sign ${summary(signing)}, verify ${summary(verifying)}`);
  }
}

function timed(times, run) {
  const before = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(before);
  times.push((user + system) / 1000);
  return result;
}

function summary(times) {
  const sorted = times.sort((one, other) => one - other);
  const at = (share) => sorted[Math.floor(share * (sorted.length - 1))].toFixed(2);
  return `${at(0.5)} ms (95%: ${at(0.95)})`;
}
