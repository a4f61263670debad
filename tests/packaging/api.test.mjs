// The interface for TypeScript is what etc/api says, and a change of it is seen there.

import assert from "node:assert/strict";
import { test } from "node:test";
import { declarationsOf, exportsOf } from "../../tools/api/declarations.mjs";
import { outdated, reports } from "../../tools/api/report.mjs";
import { manifest } from "./package.mjs";

test("has_the_interface_that_the_committed_pages_describe", () => {
  assert.deepEqual(outdated(), [], "run node tools/api/report.mjs --write, and describe the change in CHANGELOG.md");
});

test("describes_every_import_with_types", async () => {
  const pages = reports();
  const typed = Object.values(manifest.exports).filter(({ import: imported }) => imported?.types !== undefined);
  assert.equal(Object.keys(pages).length, typed.length);
  // Names that exist at run time are on the page.
  for (const name of ["jwt", "jwe", "jws", "password", "http", "session", "issuers", "decode", "key-ring", "testing"]) {
    const page = pages[`${name}.md`];
    for (const exported of Object.keys(await import(`countersign/${name}`))) {
      assert.match(page, new RegExp(`(?:class|function|const) ${exported}\\b|\`${exported}\``), `${name}: ${exported}`);
    }
  }
});

test("describes_each_declaration_once", () => {
  const found = Object.values(reports()).flatMap(
    (page) => page.match(/^export declare (?:abstract )?class \w+/gm) ?? [],
  );
  assert.ok(10 < found.length);
  assert.deepEqual(found.length, new Set(found).size);
});

const FILES = {
  "a.d.ts": `/** Text with "export". */
import type { Hidden } from "./b.js";
export declare class A {
    #private;
    /** What it gives. */
    give(/* inside */ value: string): Hidden;
}
export declare function give(value: string): void;
export declare function give(value: number): void;
export type { B as C } from "./b.js";
export * from "./c.js";
export type { Context } from "hono";
`,
  "b.d.ts": "export interface Hidden {\n    x: 1;\n}\nexport interface B {\n    y: 2;\n}\n",
  "c.d.ts": 'type Own = "own";\nexport type D = Own;\nexport {};\n',
};
const read = (path) => FILES[path];

test("finds_what_a_file_exports_without_comments", () => {
  const found = exportsOf("a.d.ts", read);
  assert.deepEqual([...found.keys()], ["A", "C", "Context", "D", "give"]);
  assert.equal(found.get("A").text, "export declare class A {\n    give( value: string): Hidden;\n}");
  assert.equal(found.get("give").text.split("\n").length, 2);
  assert.deepEqual(found.get("C"), { path: "b.d.ts", name: "B", text: "export interface B {\n    y: 2;\n}" });
  assert.equal(declarationsOf("a.d.ts", read).get("Hidden").path, "b.d.ts");
});

test("refuses_a_form_that_it_does_not_know", () => {
  assert.throws(() => exportsOf("x.d.ts", () => "export = Thing;\n"), /statement of an unknown form: export = Thing;/);
  assert.throws(() => exportsOf("x.d.ts", () => "export { Missing };\n"), /exports Missing, which is declared nowhere/);
});
