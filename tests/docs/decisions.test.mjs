// The pages in docs/decisions have their parts, and the commands that they give as evidence exist.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { alternatives } from "../../benches/decisions/alternatives.mjs";
import { root } from "../../tools/command.mjs";

const folder = join(root, "docs/decisions");
const pages = readdirSync(folder)
  .filter((name) => name !== "README.md")
  .map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));

test("gives_every_decision_its_parts_on_one_page", () => {
  for (const { name, text } of pages) {
    assert.match(name, /^\d{4}-[a-z0-9-]+\.md$/);
    assert.ok(text.startsWith(`# ${name.slice(0, 4)}: `), name);
    assert.deepEqual(text.match(/^## .*/gm), ["## Context", "## Decision", "## Evidence", "## Cost"], name);
    assert.ok(text.split("\n").length <= 61, `${name} is longer than a page`);
  }
  assert.equal(new Set(pages.map(({ name }) => name.slice(0, 4))).size, pages.length);
});

test("names_only_commands_that_exist", () => {
  const commands = pages.flatMap(({ name, text }) =>
    [...text.matchAll(/node (benches\/\S+\.mjs) ?([a-z0-9-]*)/g)].map(([, file, argument]) => ({
      name,
      file,
      argument,
    })),
  );
  assert.ok(5 <= commands.length);
  for (const { name, file, argument } of commands) {
    assert.ok(existsSync(join(root, file)), `${name}: ${file}`);
    if (file.endsWith("/compare.mjs")) assert.ok(Object.hasOwn(alternatives, argument), `${name}: ${argument}`);
  }
});
