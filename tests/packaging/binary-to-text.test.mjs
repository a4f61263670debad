// The text that carries a module inside the JavaScript: what is in it, what minifiers leave of it, and what happens if it is damaged.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import * as esbuild from "esbuild";
import { encodePrintable } from "../../tools/build/binary-to-text.mjs";
import { read, root, tool } from "./package.mjs";

// What webpack minifies with.
const { minify } = createRequire(createRequire(import.meta.url).resolve("webpack"))("terser");
const { decodePrintable } = await import(`${root}pkg/dist/load/instances.js`);
const MODULES = ["argon2", "formats", "jwe", "jwt", "password", "post-quantum"];
const folder = mkdtempSync(join(tmpdir(), "countersign-printable-"));
after(() => rmSync(folder, { recursive: true }));

const textOf = async (name) => (await import(`${root}pkg/dist/printable/${name}.js`)).default;

test("has_the_decoder_that_its_comment_describes", () => {
  const source = read("pkg/src/load/binary-to-text.ts");
  const [, commented] = source.match(/ \* ```wat\n([\s\S]*?) \* ```/);
  const [, numbers] = source.match(/const DECODER = \[([^\]]*)\]/);
  writeFileSync(join(folder, "decoder.wat"), commented.replaceAll(/^ \* /gm, ""));
  const assembler = tool("binaryen/bin/wasm-as");
  execFileSync(process.execPath, [assembler, join(folder, "decoder.wat"), "-o", join(folder, "decoder.wasm")]);
  const stated = numbers.match(/\d+/g).map(Number);
  assert.deepEqual(stated, [...readFileSync(join(folder, "decoder.wasm"))]);
});

test("decodes_what_the_build_encodes", async () => {
  for (const name of MODULES) {
    const bytes = readFileSync(`${root}pkg/dist/${name}.wasm`);
    assert.ok(Buffer.from(decodePrintable(await textOf(name))).equals(bytes), name);
  }
  const everyByte = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7919) >> 3);
  for (const bytes of [everyByte, new Uint8Array(1), Uint8Array.from({ length: 256 }, (_, index) => 255 - index)]) {
    assert.deepEqual(new Uint8Array(decodePrintable(encodePrintable(bytes))), bytes);
  }
});

test("needs_no_escape_in_javascript_html_xml_and_templates", async () => {
  for (const name of MODULES) {
    assert.match(await textOf(name), /^[ -~]+$/);
    assert.doesNotMatch(await textOf(name), /["'`\\$<>&{]/);
    assert.equal(read(`pkg/dist/printable/${name}.js`), `export default "${await textOf(name)}";\n`);
  }
});

for (const [name, transform] of Object.entries({
  esbuild: async (code) => (await esbuild.transform(code, { format: "esm", minify: true })).code,
  esbuild_in_utf_8: async (code) =>
    (await esbuild.transform(code, { charset: "utf8", format: "esm", minify: true })).code,
  terser: async (code) => (await minify(code, { compress: { passes: 3, unsafe: true }, module: true })).code,
  terser_for_scripts_in_pages: async (code) =>
    (await minify(code, { format: { ascii_only: true, inline_script: true, quote_style: 1 }, module: true })).code,
})) {
  test(`survives_${name}`, async () => {
    const code = await transform(read("pkg/dist/printable/jwt.js"));
    assert.ok(code.length < read("pkg/dist/printable/jwt.js").length + 20, "something was escaped");
    const path = join(folder, `${name}.mjs`);
    writeFileSync(path, code);
    assert.equal((await import(path)).default, await textOf("jwt"));
  });
}

const DAMAGES = {
  empty: () => "",
  cut_in_the_table: (text) => text.slice(0, 300),
  cut_after_the_table: (text) => text.slice(0, 512),
  cut: (text) => text.slice(0, -1),
  longer: (text) => `${text}a`,
  with_a_changed_table: (text) => `ppap${text.slice(4)}`,
  with_a_changed_beginning: (text) => `${text.slice(0, 512)}}${text.slice(513)}`,
  read_in_another_encoding: (text) => text.replaceAll("e", "é"),
  with_other_characters: (text) => text.replaceAll("a", "\uffff"),
  with_line_breaks: (text) => text.replaceAll(/.{76}/g, "$&\r\n"),
};
for (const [name, damage] of Object.entries(DAMAGES)) {
  test(`says_that_a_module_cannot_be_loaded_whose_text_is_${name}`, async () => {
    const load = async ({ path }) => {
      const text = damage((await import(path)).default);
      return { contents: `export default ${JSON.stringify(text)};` };
    };
    const damaged = {
      name: "damaged",
      setup: (hooks) => hooks.onLoad({ filter: /printable\/(argon2|jwt)\.js$/ }, load),
    };
    const path = join(folder, `${name}-damaged.mjs`);
    const contents = 'export { Key } from "countersign/jwt";\nexport { hashPassword } from "countersign/argon2";\n';
    await esbuild.build({
      bundle: true,
      format: "esm",
      outfile: path,
      plugins: [damaged],
      stdin: { contents, resolveDir: join(root, "tests") },
    });
    const { hashPassword, Key } = await import(path);
    for (const call of [() => Key.generate("HS256"), () => hashPassword("correct horse")]) {
      assert.throws(call, { code: "INTERNAL", message: "the wasm module cannot be loaded here" });
    }
  });
}
