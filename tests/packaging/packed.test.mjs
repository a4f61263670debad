// The text that carries a module for pages inside the JavaScript, compressed.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { encodePacked } from "../../tools/build/packed.mjs";
import { read, root, tool } from "./package.mjs";

const folder = mkdtempSync(join(tmpdir(), "countersign-packed-"));
after(() => rmSync(folder, { recursive: true }));
await build({
  bundle: true,
  entryPoints: [`${root}pkg/src/load/packed.ts`],
  format: "esm",
  outfile: join(folder, "packed.mjs"),
});
const { decodePacked } = await import(join(folder, "packed.mjs"));

test("has_the_decoder_that_its_comment_describes", () => {
  const source = read("pkg/src/load/packed.ts");
  const [, commented] = source.match(/ \* ```wat\n([\s\S]*?) \* ```/);
  const [, numbers] = source.match(/const DECODER = \[([^\]]*)\]/);
  writeFileSync(join(folder, "decoder.wat"), commented.replaceAll(/^ \* /gm, ""));
  const assembler = tool("binaryen/bin/wasm-as");
  execFileSync(process.execPath, [assembler, join(folder, "decoder.wat"), "-o", join(folder, "decoder.wasm")]);
  assert.deepEqual(numbers.match(/\d+/g).map(Number), [...readFileSync(join(folder, "decoder.wasm"))]);
});

/** Bytes that do not compress, the same on every run. */
const noise = (length) =>
  Buffer.concat(
    Array.from({ length: Math.ceil(length / 32) }, (_, index) => createHash("sha256").update(`${index}`).digest()),
  ).subarray(0, length);
const repeated = Buffer.from(Array.from({ length: 40 }, (_, index) => `${index % 7} of the same, `).join(""));

for (const [name, bytes] of Object.entries({
  one_byte: Buffer.from([7]),
  two_bytes: Buffer.from([255, 255]),
  zeros: Buffer.alloc(5000),
  ones: Buffer.alloc(700, 255),
  every_byte: Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
  text: repeated,
  noise: noise(4000),
  a_surprise_after_much_of_the_same: Buffer.concat([Buffer.alloc(3000), Buffer.from([9, 200, 3]), Buffer.alloc(300)]),
  a_copy_from_far_away: Buffer.concat([repeated, Buffer.alloc(20_000, 1), noise(70_000), repeated, noise(30)]),
})) {
  test(`gives_back_${name}`, () => {
    const text = encodePacked(bytes);
    assert.ok(Buffer.from(decodePacked(text)).equals(bytes));
    assert.ok(text.length <= (bytes.length * 1.02 + 16) * (4 / 3) + 4, `${bytes.length} bytes became ${text.length}`);
  });
}

for (const name of ["lite", "verify"]) {
  test(`makes_${name}_an_eighth_smaller_than_gzip_does`, async () => {
    const bytes = readFileSync(`${root}pkg/dist/${name}.wasm`);
    const { default: text } = await import(`${root}pkg/dist/packed/${name}.js`);
    assert.ok(Buffer.from(decodePacked(text)).equals(bytes));
    assert.match(text, /^[\w+/=]+$/);
    assert.ok(gzipSync(text, { level: 9 }).length < 0.875 * gzipSync(bytes, { level: 9 }).length);
  });
}

test("makes_no_module_of_a_damaged_text", async () => {
  const { default: text } = await import(`${root}pkg/dist/packed/verify.js`);
  const bytes = readFileSync(`${root}pkg/dist/verify.wasm`);
  for (const damaged of [text.slice(0, -400), `${text.slice(0, 400)}AAAA${text.slice(404)}`, `AA${text.slice(2)}`]) {
    let found;
    try {
      found = Buffer.from(decodePacked(damaged));
    } catch (thrown) {
      assert.ok(thrown instanceof WebAssembly.RuntimeError || thrown instanceof RangeError, String(thrown));
    }
    assert.ok(found?.equals(bytes) !== true);
  }
});
