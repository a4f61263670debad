// Imports point down, and no two files import each other, not even for a type: the import graphs of both languages.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { cycles, inWords, upwardArrows } from "./imports/graph.mjs";
import { RUST_LAYERS, rustLayer, TYPESCRIPT_LAYERS, typeScriptLayer } from "./imports/layers.mjs";
import { rustGraph } from "./imports/rust.mjs";
import { typeScriptGraph } from "./imports/typescript.mjs";
import { read, root } from "./package.mjs";

const rust = rustGraph(
  Object.fromEntries(
    readdirSync(join(root, "src"), { recursive: true })
      .filter((name) => name.endsWith(".rs"))
      .map((name) => `src/${name.replaceAll("\\", "/")}`)
      .map((path) => [path, read(path)]),
  ),
);
// The command line is a project of its own, because only it knows the types of Node.
const typeScript = new Map([
  ...typeScriptGraph("pkg/tsconfig.cli.json", "pkg/src"),
  ...typeScriptGraph("pkg/tsconfig.json", "pkg/src"),
]);

const folder = mkdtempSync(join(tmpdir(), "countersign-imports-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("reads_every_file_of_both_graphs", () => {
  for (const graph of [rust, typeScript]) {
    const arrows = [...graph.values()].reduce((sum, targets) => sum + targets.size, 0);
    assert.ok(50 < graph.size && graph.size < arrows, `${graph.size} files, ${arrows} arrows`);
  }
});

test("lets_rust_imports_point_down", () => {
  assertNone(upwardArrows(rust, RUST_LAYERS, rustLayer).map(inWords));
});

test("lets_typescript_imports_point_down", () => {
  assertNone(upwardArrows(typeScript, TYPESCRIPT_LAYERS, typeScriptLayer).map(inWords));
});

test("has_no_cycle_of_rust_files", () => {
  assertNone(cyclesInWords(rust));
});

test("has_no_cycle_of_typescript_files", () => {
  assertNone(cyclesInWords(typeScript));
});

const cyclesInWords = (graph) => cycles(graph).map((arrows) => ["a cycle:", ...arrows.map(inWords)].join("\n  "));

function assertNone(found) {
  assert.ok(found.length === 0, `\n${found.join("\n")}`);
}

// The tests of the tests: small crates and projects with one mistake each, and some with none.

const LAYERS = { top: ["bottom"], bottom: [] };

test("finds_an_upward_arrow_in_rust", () => {
  for (const use of [
    "use crate::top::Top;",
    "use super::top::{self, Top as _};\nfn f() { top::g(); }",
    "use crate::{top::{Top}};",
    "fn f() { crate::top::g(); }",
    "pub use crate::top::Top;",
    "fn f() -> Vec<super::top::Top> { Vec::new() }",
    "mod inner { fn f() { super::super::top::g(); } }",
    "use crate::top::*;",
    // Reached through what another module exports again.
    "use crate::Top;",
  ]) {
    const graph = rustGraph({
      "src/lib.rs": "mod bottom;\nmod top;\npub use top::Top;\n",
      "src/bottom.rs": `${use}\n`,
      "src/top.rs": "pub struct Top;\npub fn g() {}\n",
    });
    const arrows = upwardArrows(graph, LAYERS, rustLayer);
    assert.deepEqual(
      arrows.map(({ from, to }) => [from, to]),
      [["src/bottom.rs", "src/top.rs"]],
      use,
    );
  }
});

test("finds_a_cycle_in_rust", () => {
  const crates = {
    siblings: {
      "src/a.rs": "use crate::b::B;\npub struct A;",
      "src/b.rs": "pub struct B;\nfn f() { super::a::A; }",
    },
    "a parent that uses its child, which uses what the parent defines": {
      "src/a.rs": "mod child;\nuse child::f;\npub struct A;\nfn g() { f() }",
      "src/a/child.rs": "use super::A;\npub fn f() -> A { A }",
      "src/b.rs": "",
    },
    "a parent that exports its child and uses it as well": {
      "src/a.rs": "mod child;\npub use child::f;\npub struct A;\nfn g() { f() }",
      "src/a/child.rs": "use super::A;\npub fn f() -> A { A }",
      "src/b.rs": "",
    },
    "around three files, through an export": {
      "src/a.rs": "pub mod c;\nuse crate::b::B;\npub struct A(B);",
      "src/a/c.rs": "pub struct C(super::A);",
      "src/b.rs": "pub use crate::a::c::C;\npub struct B(C);",
    },
  };
  for (const [name, files] of Object.entries(crates)) {
    const graph = rustGraph({ "src/lib.rs": "mod a;\nmod b;", ...files });
    assert.equal(cycles(graph).length, 1, name);
  }
});

test("takes_nothing_else_in_rust_for_an_arrow", () => {
  const graph = rustGraph({
    "src/lib.rs": "mod a;\nmod b;\npub use a::Child;",
    // It exports a child and does not use it.
    "src/a.rs": "mod child;\npub(crate) use child::Child;\npub struct A;\n",
    "src/a/child.rs": "use super::A;\npub struct Child(A);\n",
    "src/b.rs": `// use crate::c::C;
/* crate::c::f() */
use argon2::argon2;
const TEXT: &str = "crate::c::f()";
const RAW: &str = r#"crate::c::f() " "#;
fn f<'a>(text: &'a str) -> char { ':' }
#[cfg(test)]
mod tests { use crate::a::A; }
`,
  });
  assert.deepEqual(cycles(graph), []);
  assert.equal(graph.get("src/b.rs").size, 0);
  assert.deepEqual([...graph.get("src/a/child.rs").keys()], ["src/a.rs"]);
});

test("finds_an_upward_arrow_in_typescript", () => {
  for (const text of [
    'import { top } from "./top.js";\nexport const bottom = top;',
    'import type { Top } from "./top.js";\nexport type Bottom = Top;',
    'export type { Top } from "./top.js";',
    'export * from "./top.js";',
    'export type Bottom = import("./top.js").Top;',
    'export const bottom = () => import("./top.js");',
  ]) {
    const graph = project({ "bottom.ts": text, "top.ts": "export const top = 1;\nexport type Top = number;" });
    const arrows = upwardArrows(graph, LAYERS, (file) => file.replace(".ts", ""));
    assert.deepEqual(
      arrows.map(({ from, to }) => [from, to]),
      [["bottom.ts", "top.ts"]],
      text,
    );
  }
});

test("finds_a_cycle_in_typescript_of_values_and_of_types_alone", () => {
  const values = project({
    "a.ts": 'import { b } from "./b.js";\nexport const a = () => b;',
    "b.ts": 'import { c } from "./c.js";\nexport const b = () => c;',
    "c.ts": 'import { a } from "./a.js";\nexport const c = () => a;',
  });
  assert.equal(cycles(values).length, 1);
  const types = project({
    "a.ts": 'import { b } from "./b.js";\nexport const a = b;\nexport type A = string;',
    "b.ts": 'import type { A } from "./a.js";\nexport const b: A = "";',
  });
  assert.equal(cycles(types).length, 1);
  const none = project({
    "a.ts": 'import { b } from "./b.js";\nimport { c } from "./c.js";\nexport const a = b + c;',
    "b.ts": 'import { c } from "./c.js";\nexport const b = c;',
    "c.ts": "export const c = 1;",
  });
  assert.deepEqual(cycles(none), []);
});

test("refuses_a_typescript_file_that_is_in_no_layer", () => {
  assert.throws(() => typeScriptLayer("helpers.ts"), /^Error: pkg\/src\/helpers\.ts is in no layer/);
});

/** The graph of a TypeScript project with these files. */
function project(files) {
  const directory = mkdtempSync(join(folder, "project-"));
  const options = { module: "NodeNext", target: "ES2022", strict: true, verbatimModuleSyntax: true, types: [] };
  const all = {
    ...files,
    "package.json": '{ "type": "module" }',
    "tsconfig.json": JSON.stringify({ compilerOptions: options }),
  };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  return typeScriptGraph(join(directory, "tsconfig.json"), directory);
}
