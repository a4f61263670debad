// The recipes of examples/recipes: what they show compiles, and on a real database it does what they say. Run by
// program.mjs in a Node that has SQLite.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import * as esbuild from "esbuild";
import { blocks, read, root } from "../docs/blocks.mjs";
import { resultOf } from "../runtimes/runners/process.mjs";
import { RECIPES } from "./recipes.mjs";

const folder = "examples/recipes";
const names = readdirSync(join(root, folder)).filter((name) => name !== "README.md");
// Inside the checkout, so that what they import is found.
const compiled = join(root, ".cache/recipes");
const node24 = join(root, "node_modules/node24/bin/node");

/** Each block by the name in its first line. */
const shown = ["README.md", ...names].flatMap((name) => blocks(read(`${folder}/${name}`)));
const sources = Object.fromEntries(shown.map(({ code }) => [code.match(/^\/\/ (\S+)\.ts\n/)[1], code]));

mkdirSync(compiled, { recursive: true });
for (const [name, code] of Object.entries(sources)) {
  writeFileSync(join(compiled, `${name}.ts`), code);
  const { code: script } = await esbuild.transform(code, { loader: "ts", format: "esm" });
  writeFileSync(join(compiled, `${name}.js`), script);
}
writeFileSync(join(compiled, "package.json"), '{ "type": "module" }');
after(() => rmSync(compiled, { recursive: true, force: true }));

test("shows_no_block_that_is_not_tested", () => {
  assert.deepEqual(new Set(shown.map(({ language }) => language)), new Set(["ts"]));
  assert.deepEqual(Object.keys(sources).sort(), [
    "auth-js",
    "better-auth",
    "check",
    "devise",
    "django",
    "lucia",
    "rails",
  ]);
});

test("lists_every_recipe", () => {
  const listed = Array.from(
    read(`${folder}/README.md`).matchAll(/^\| \[[^\]]+\]\(([\w-]+\.md)\)/gm),
    ([, name]) => name,
  );
  assert.deepEqual(listed.sort(), names.sort());
});

test("shows_only_updates_that_compare_and_swap", () => {
  const updates = shown.flatMap(({ code }) => code.match(/UPDATE .*/g) ?? []);
  assert.equal(updates.length, 5);
  for (const update of updates) {
    assert.match(update, /^UPDATE \w+ SET (\w+) = (\?|\$1) WHERE id = (\?|\$2) AND \1 = (\?|\$3)"/);
  }
});

test("shows_typescript_that_compiles", () => {
  const compilerOptions = {
    exactOptionalPropertyTypes: true,
    lib: ["ES2023"],
    module: "ESNext",
    moduleResolution: "Bundler",
    noEmit: true,
    noUncheckedIndexedAccess: true,
    // Those of better-auth, which name what is not installed.
    skipLibCheck: true,
    strict: true,
    target: "ES2022",
    typeRoots: [`${root}node_modules`],
    types: ["@cloudflare/workers-types"],
  };
  const files = Object.keys(sources).map((name) => `${name}.ts`);
  writeFileSync(join(compiled, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  try {
    execFileSync(process.execPath, [tsc, "--project", join(compiled, "tsconfig.json")], { encoding: "utf8" });
  } catch (error) {
    throw new Error(error.stdout || error.message);
  }
});

const skip = existsSync(node24) || process.env.CI ? false : `there is no ${dirname(node24)}`;
const followed = skip
  ? undefined
  : resultOf(node24, ["--no-warnings", join(root, "tests/recipes/program.mjs"), compiled], root);

for (const [name, { id, never = [], old, prefix = "" }] of Object.entries(RECIPES)) {
  test(`moves_a_table_to_argon2id_as_${name}_says`, { skip }, async () => {
    const { replaced } = (await followed).results[name];
    assert.deepEqual(Object.keys(replaced), [...Object.keys(old), "a weaker Argon2id"]);
    for (const [kind, { stored, ...answers }] of Object.entries(replaced)) {
      const expected = { wrong: null, untouched: true, first: id, second: id, updates: [1] };
      assert.deepEqual(answers, expected, `one update, at the first log-in: ${kind}`);
      assert.ok(stored.startsWith(`${prefix}$argon2id$v=19$m=19456,t=2,p=1$`), kind);
    }
  });

  test(`loses_nothing_when_two_log_in_at_once_as_${name}_says`, { skip }, async () => {
    const { atOnce, changed } = (await followed).results[name];
    assert.deepEqual(atOnce, { entered: [id, id], updates: [0, 1], again: id });
    assert.deepEqual(changed, { entered: id, kept: true }, "a password that was changed in the meantime");
  });

  test(`lets_nobody_else_in_as_${name}_says`, { skip }, async () => {
    const { notText, refused, tooLong, unknown, unreadable } = (await followed).results[name];
    assert.deepEqual({ notText, tooLong, unknown }, { notText: null, tooLong: null, unknown: null });
    assert.deepEqual(unreadable, { entered: null, checks: 2 }, "no, in the time of a wrong password");
    assert.deepEqual(
      refused,
      never.map(() => null),
    );
  });
}

test("moves_the_accounts_of_better_auth_to_argon2id", { skip }, async () => {
  for (const [kind, { first, stored }] of Object.entries((await followed).betterAuth)) {
    assert.equal(first, "alice@example.com", kind);
    assert.match(stored, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/, kind);
  }
});
