// A report names the imports that read a stored hash, is right for every stored hash of the vectors, and takes no quadratic time.

import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { PasswordHasher } from "countersign/password";
import { build } from "esbuild";
import { findSources } from "../../tools/workbench/sources.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const vectors = join(root, "tests/vectors");

/** Every text in a value. */
function* textsIn(value) {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null) for (const each of Object.values(value)) yield* textsIn(each);
}

/** Every text of the vectors of passwords. */
async function textsOfVectors() {
  const texts = new Set();
  for (const name of await readdir(vectors)) {
    if (!/^password-.*\.json$/.test(name)) continue;
    for (const text of textsIn(JSON.parse(await readFile(join(vectors, name), "utf8")))) texts.add(text);
  }
  return texts;
}

/** A file of the reports, with a module of its own: in one process, `countersign/formats` would replace that of `countersign/password`. */
async function load(context, name) {
  const folder = await mkdtemp(join(tmpdir(), "countersign-report-"));
  context.after(() => rm(folder, { recursive: true }));
  const file = join(folder, "report.mjs");
  await build({
    absWorkingDir: root,
    bundle: true,
    entryPoints: [`pkg/src/report/${name}.ts`],
    format: "esm",
    outfile: file,
    platform: "node",
    plugins: [{ name: "sources", setup: (hooks) => findSources(hooks, join(root, "pkg/dist")) }],
  });
  return import(pathToFileURL(file).href);
}

test("names_the_imports_that_read_a_stored_hash", async (t) => {
  const plain = new PasswordHasher();
  const isPlain = (stored) => {
    try {
      return Boolean(plain.describe(stored));
    } catch {
      return false;
    }
  };
  const { reportOnHash } = await load(t, "hash");
  const kinds = { plain: new Set(), rare: new Set() };
  for (const text of await textsOfVectors()) {
    const { description, readBy } = await reportOnHash(text);
    if (description === null) continue;
    const expected = isPlain(text);
    const kind = `${description.scheme}, ${description.format}`;
    assert.equal(readBy.includes("countersign"), expected, kind);
    assert.ok(readBy.includes("countersign/formats"));
    kinds[expected ? "plain" : "rare"].add(kind);
  }
  assert.ok(kinds.plain.size > 25 && kinds.rare.size > 35, `${kinds.plain.size} and ${kinds.rare.size} kinds`);
});

test("recognizes_every_stored_hash_also_in_a_row", async (t) => {
  const [{ reportOnHash }, { recognize }] = [await load(t, "hash"), await load(t, "recognize")];
  let count = 0;
  for (const text of await textsOfVectors()) {
    const { description } = await reportOnHash(text);
    if (description === null) continue;
    assert.deepEqual(recognize(text), { kind: "hash", text });
    assert.deepEqual(recognize(`42,alice,"${text}",2019-01-01`), { kind: "hash", text, place: "a line" });
    count += 1;
  }
  assert.ok(count > 1000, `${count} hashes`);
});

test("takes_time_in_proportion_to_the_length_of_a_text", async (t) => {
  const { recognize } = await load(t, "recognize");
  const texts = (length) => {
    const filled = (before, part, after) => before + part.repeat(length / part.length).slice(0, length) + after;
    return [
      filled("a: b", " ", "c"),
      filled("a: b\t", "\t ", "c"),
      filled("SECRET=", " ", "c"),
      filled("", "=s:", ""),
      filled("", "s:a", ""),
      filled("", "=s%3a.", ""),
      filled("s:", "a.", ""),
      filled("s:", "A", `.${"A".repeat(44)}`),
      filled("Cookie: ", "a=s:ey.", ""),
      filled("", "a=", ""),
      filled("", "a: ", ""),
      filled("", "ey", ""),
      filled("", "ey.", ""),
      filled("'", "'\\", ""),
    ];
  };
  const cost = (text) => {
    const start = process.cpuUsage();
    recognize(text);
    return process.cpuUsage(start).user / 1000;
  };
  // 60,000 characters took 4 s, and 240,000 of other texts 2 s, when time was quadratic.
  for (const length of [60_000, 240_000]) {
    for (const text of texts(length)) {
      const least = Math.min(...Array.from({ length: 3 }, () => cost(text)));
      assert.ok(least < 400, `${JSON.stringify(text.slice(0, 20))} of ${length} took ${least} ms`);
    }
  }
});
