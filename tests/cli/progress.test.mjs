// The progress of `import` in terminals of several widths, with a file that is read slowly.

import assert from "node:assert/strict";
import { execFile, spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { folder, needs, plain, root } from "./program.mjs";

const BCRYPT = "$2b$04$8O6muQn/.sWdjqlsN8KxB.2SIR1bpIV9o19rqb1IzgEhbo4IwTmDm";
const CHUNKS = 8;
/** In a chunk of 4096 bytes. The second row of each cannot be read. */
const ROWS = 16;

function writeUsers(cwd) {
  const row = (index) => {
    const hash = index % ROWS === 1 ? "?" : BCRYPT;
    const text = JSON.stringify({ id: String(index), encrypted_password: hash, about: "" });
    return `${text.slice(0, -2)}${" ".repeat(255 - text.length)}"}\n`;
  };
  writeFileSync(join(cwd, "users.jsonl"), Array.from({ length: CHUNKS * ROWS }, (_, index) => row(index)).join(""));
}

/** What a terminal shows meanwhile: the lines that the bar was, and what came before and after them. */
async function shownWhile(cwd, args, columns, env = {}) {
  const program = [process.execPath, "--import", join(root, "tests/cli/slow.mjs"), join(root, "pkg/dist/cli/main.js")];
  const command = [join(root, "tests/cli/terminal.py"), "[]", ...program, "import", "--from", "supabase", ...args];
  const all = { ...plain, TERM: "xterm", TERMINAL_COLUMNS: String(columns), ...env };
  const screen = await new Promise((resolve) => {
    execFile("python3", command, { cwd, env: all }, (_, stdout) => resolve(stdout.replaceAll("\r\n", "\n")));
  });
  const [before, ...lines] = screen.split("\r\u001b[K");
  return { before, bars: lines.slice(0, -1), rest: lines.at(-1) };
}

const rowsOf = (bar) => Number(/(\d+) rows/.exec(bar)?.[1]);

/** By the width of the terminal: what each line is. */
const FORMS = {
  80: /^\[(?=.{24}\])#+-*\] \d+ % {2}\d+ rows(, \d+ cannot be read)?$/,
  48: /^\[(?=.{8,24}\])#+-*\] \d+ % {2}\d+ rows(, \d+ cannot be read)?$/,
  30: /^(\[#+-*\] )?(\d+ % {2})?\d+ rows(, \d+ cannot be read)?$/,
  12: /^(\d+ % )?\d+ rows(, .*)?$/,
};

describe("the progress of import", { concurrency: 4, skip: needs("python3") }, () => {
  for (const [columns, form] of Object.entries(FORMS)) {
    test(`fits_into_${columns}_columns`, async (t) => {
      const cwd = folder(t);
      writeUsers(cwd);
      const { before, bars, rest } = await shownWhile(cwd, ["users.jsonl", "--out", "out"], columns);
      assert.equal(before, "");
      for (const bar of bars) assert.match(bar, form);
      // A longer line would be broken, and its first part would stay.
      assert.ok(Math.max(...bars.map(({ length }) => length)) < Number(columns), bars.join("\n"));
      const counts = bars.map(rowsOf);
      assert.deepEqual(
        counts,
        counts.toSorted((one, other) => one - other),
      );
      // The first row of each chunk. That of the first chunk may come too early.
      for (let chunk = 1; chunk < CHUNKS; chunk += 1) assert.ok(counts.includes(chunk * ROWS + 1), counts.join());
      if (columns === "80") {
        const fourth = bars[counts.indexOf(3 * ROWS + 1)];
        assert.equal(fourth, `[${"#".repeat(12)}${"-".repeat(12)}] 50 %  49 rows, 3 cannot be read`);
      }
      assert.match(rest, /^line 2: .*\n(?:line .*\n){7}128 rows\n/);
    });
  }

  test("is_only_counts_where_the_size_is_not_known", async (t) => {
    const cwd = folder(t);
    writeUsers(cwd);
    assert.equal(spawnSync("mkfifo", ["pipe"], { cwd }).status, 0);
    spawn("sh", ["-c", "cat users.jsonl > pipe"], { cwd });
    const { bars } = await shownWhile(cwd, ["pipe", "--format", "jsonl", "--dry-run"], 80);
    assert.ok(CHUNKS - 1 <= bars.length, `${bars.length}`);
    for (const bar of bars) assert.match(bar, /^\d+ rows(, \d+ cannot be read)?$/);
  });

  test("is_not_shown_where_the_rows_are", async (t) => {
    const cwd = folder(t);
    writeUsers(cwd);
    const { before, bars } = await shownWhile(cwd, ["users.jsonl"], 80);
    assert.deepEqual(bars, []);
    assert.match(before, /^\{"row":1,/);
  });

  test("is_not_shown_by_a_terminal_without_control_sequences", async (t) => {
    const cwd = folder(t);
    writeUsers(cwd);
    const { before, bars } = await shownWhile(cwd, ["users.jsonl", "--out", "out"], 80, { TERM: "dumb" });
    assert.deepEqual(bars, []);
    assert.match(before, /^line 2: /);
  });

  test("is_cleared_when_the_import_is_stopped", async (t) => {
    const cwd = folder(t);
    writeUsers(cwd);
    const { bars, rest } = await shownWhile(cwd, ["users.jsonl", "--out", "out"], 80, { STOP_AT: "5" });
    assert.ok(2 < bars.length, `${bars.length}`);
    assert.equal(rest, "out.partial has the rows until here: --resume continues\n");
  });
});
