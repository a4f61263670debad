// The calls of docs/command-line.md do what the page says, one after the other.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { COMMANDS } from "../../pkg/dist/cli/shared.js";
import { blocks, read, root, tableRows } from "./blocks.mjs";

const page = read("docs/command-line.md");
const folder = mkdtempSync(join(tmpdir(), "countersign-page-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("runs_every_call_of_the_page", async () => {
  const npx = join(folder, "npx");
  // In place of `npx`, which would ask the registry.
  writeFileSync(npx, `#!/bin/sh\nshift\nexec "${process.execPath}" "${root}pkg/dist/cli/main.js" "$@"\n`, {
    mode: 0o755,
  });
  const lines = blocks(page).flatMap(({ code }) => code.trimEnd().split("\n"));
  assert.ok(15 < lines.length);
  for (const line of lines) {
    const expected = Number(line.match(/ # exits with (\d)$/)?.[1] ?? 0);
    const { exitCode, stderr } = await shell(line);
    assert.equal(exitCode, expected, `${line}\n${stderr}`);
  }
});

function shell(line) {
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
  return new Promise((resolve) => {
    const child = execFile("sh", ["-c", line], { cwd: folder, env }, (error, stdout, stderr) =>
      resolve({ exitCode: error?.code ?? 0, stdout, stderr }),
    );
    child.stdin?.end();
  });
}

test("shows_every_command_and_only_options_that_there_are", () => {
  const named = new Set(COMMANDS.map(({ name }) => name));
  const shown = new Set(Array.from(page.matchAll(/\bcountersign ([a-z]+)/g), ([, name]) => name));
  assert.deepEqual([...shown].sort(), [...named].sort());
  const options = new Set(["json", "help", ...COMMANDS.flatMap((command) => command.options.map(({ name }) => name))]);
  for (const [, option] of page.matchAll(/--([a-z][\w-]*)/g)) assert.ok(options.has(option), `--${option}`);
  const from = COMMANDS.find(({ name }) => name === "import").options.find(({ name }) => name === "from");
  for (const system of from.choices) assert.ok(page.includes(`\`${system}\``), system);
  assert.ok(tableRows(page).length > 20);
});
