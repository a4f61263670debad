// The names of the CommonJS modules, as `import` finds them: Node, Bun's and esbuild's interoperability read them from the text
// with a lexer (cjs-module-lexer), without running it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { manifest, root } from "./package.mjs";

const paths = Object.values(manifest.exports).flatMap(({ require }) =>
  require === undefined ? [] : [pathToFileURL(`${root}pkg/${require.default}`).href],
);

const PROGRAM = `
import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
const found = [];
for (const url of ${JSON.stringify(paths)}) {
  const names = Object.keys(await import(url)).filter((name) => !["default", "module.exports"].includes(name));
  const wanted = Object.keys(require(new URL(url))).filter((name) => name !== "__esModule");
  const classes = Object.entries(require(new URL(url))).filter(([, own]) => /^class/.test(own));
  const renamed = classes.filter(([name, own]) => own.name !== name).map(([name, own]) => [name, own.name]);
  found.push([url.split("/dist/")[1], names.sort().join(), wanted.sort().join(), renamed]);
}
console.log(JSON.stringify(found));
`.replaceAll("require(new URL(url))", 'require((await import("node:url")).fileURLToPath(url))');

for (const version of ["20", "22", "24"]) {
  const node = `${root}node_modules/node${version}/bin/node`;
  test(`gives_every_name_of_commonjs_to_import_in_node_${version}`, {
    skip: !existsSync(node) && "not installed",
  }, () => {
    const output = execFileSync(node, ["--input-type=module", "--eval", PROGRAM], { cwd: root, encoding: "utf8" });
    const found = JSON.parse(output);
    assert.ok(20 < found.length, `${found.length} entries`);
    for (const [path, names, wanted, renamed] of found) {
      assert.notEqual(wanted, "", path);
      assert.equal(names, wanted, path);
      // What stacks and `constructor.name` say.
      assert.deepEqual(renamed, [], path);
    }
  });
}

test("keeps_the_names_of_classes_where_a_bundler_renames_variables", async () => {
  const contents = 'export { CountersignError, Key, KeySet, Signer, Verifier } from "countersign/jwt";';
  const { outputFiles } = await build({
    bundle: true,
    format: "esm",
    logLevel: "silent",
    platform: "node",
    stdin: { contents, resolveDir: root },
    write: false,
  });
  const bundle = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
  assert.equal(Object.keys(bundle).length, 5);
  for (const [name, own] of Object.entries(bundle)) assert.equal(own.name, name);
});
