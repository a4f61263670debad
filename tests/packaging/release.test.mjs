// What a release publishes: once, whatever was published before it failed, and never over other bytes.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { notes } from "../../tools/release/collect.mjs";
import { checksumIn, readView, tagOf } from "../../tools/release/publish.mjs";
import { manifest, read, root } from "./package.mjs";

const { version } = manifest;
const TARBALL = Buffer.from("the package");
const CRATE = Buffer.from("the crate");
const integrity = `sha512-${createHash("sha512").update(TARBALL).digest("base64")}`;
const checksum = createHash("sha256").update(CRATE).digest("hex");
const lock = (sum) =>
  `version = 4\n\n[[package]]\nname = "asks"\nversion = "0.0.0"\n\n[[package]]\nname = "countersign"\nversion = "${version}"\nsource = "registry+https://example"\nchecksum = "${sum}"\n`;

/** Stands for npm or cargo: notes how it was called, and answers as `ANSWERS` says. */
const STAND_IN = `#!${process.execPath}
const { appendFileSync, writeFileSync } = require("node:fs");
const { basename } = require("node:path");
const args = process.argv.slice(2);
const answer = JSON.parse(process.env.ANSWERS)[[basename(process.argv[1]), ...args.slice(0, 3)].join(" ")] ?? {};
if (args[0] === "publish") appendFileSync(process.env.CALLS, args.join(" ") + "\\n");
if (answer.lock !== undefined) writeFileSync("Cargo.lock", answer.lock);
if (answer.stdout !== undefined) console.log(JSON.stringify(answer.stdout));
process.exitCode = answer.status ?? 0;
`;

// On Windows, a program cannot be put in npm's place like this.
const options = { skip: process.platform === "win32" ? "needs a script in the PATH" : false };

/** Publishes a part where the registries answer so. Returns what was published, and what was said. */
function publish(t, part, answers) {
  const folder = mkdtempSync(join(tmpdir(), "a folder, für dich-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ["npm", "cargo"]) writeFileSync(join(folder, name), STAND_IN, { mode: 0o755 });
  writeFileSync(join(folder, `countersign-${version}.tgz`), TARBALL);
  writeFileSync(join(folder, `countersign-${version}.crate`), CRATE);
  const calls = join(folder, "calls");
  writeFileSync(calls, "");
  const { status, stdout, stderr } = spawnSync(process.execPath, ["tools/release/publish.mjs", part, folder], {
    cwd: root,
    encoding: "utf8",
    env: {
      ...process.env,
      ANSWERS: JSON.stringify(answers),
      CALLS: calls,
      PATH: `${folder}${delimiter}${process.env.PATH}`,
    },
  });
  const published = readFileSync(calls, "utf8").trimEnd().replaceAll(folder, "FOLDER");
  return { status, published, said: (stdout + stderr).trimEnd() };
}

const VERSIONS = "npm view countersign versions";
const INTEGRITY = `npm view countersign@${version} dist.integrity`;
const NEVER = { status: 1, stdout: { error: { code: "E404", summary: "not found" } } };
const BY_NPM = `publish --provenance --access public --tag latest FOLDER/countersign-${version}.tgz`;

test("publishes_a_new_version_on_npm", options, (t) => {
  for (const versions of [NEVER, { stdout: "0.0.1" }, { stdout: ["0.0.1", "0.0.2"] }]) {
    const { status, published } = publish(t, "npm", { [VERSIONS]: versions });
    assert.deepEqual([status, published], [0, BY_NPM]);
  }
});

test("passes_over_what_an_earlier_run_has_published", options, (t) => {
  const onNpm = publish(t, "npm", { [VERSIONS]: { stdout: [version] }, [INTEGRITY]: { stdout: integrity } });
  assert.deepEqual(onNpm, { status: 0, published: "", said: `npm has ${version} already, with the same bytes` });
  const asCrate = publish(t, "crate", { "cargo generate-lockfile --quiet": { lock: lock(checksum) } });
  assert.deepEqual(asCrate, {
    status: 0,
    published: "",
    said: `crates.io has ${version} already, with the same bytes`,
  });
});

test("publishes_nothing_under_a_version_that_has_other_bytes", options, (t) => {
  const advice = "a version cannot be replaced, so release the next one";
  const onNpm = publish(t, "npm", { [VERSIONS]: { stdout: version }, [INTEGRITY]: { stdout: "sha512-other" } });
  assert.deepEqual(onNpm, {
    status: 1,
    published: "",
    said: `error: npm has other bytes as ${version}, sha512-other, and not ${integrity}: ${advice}`,
  });
  const other = "0".repeat(64);
  const asCrate = publish(t, "crate", { "cargo generate-lockfile --quiet": { lock: lock(other) } });
  assert.deepEqual(asCrate, {
    status: 1,
    published: "",
    said: `error: crates.io has other bytes as ${version}, ${other}, and not ${checksum}: ${advice}`,
  });
});

test("publishes_nothing_while_npm_does_not_answer", options, (t) => {
  const { status, published, said } = publish(t, "npm", {
    [VERSIONS]: { status: 1, stdout: { error: { code: "ENOTFOUND", summary: "no network" } } },
  });
  assert.deepEqual([status, published, said], [1, "", "error: npm does not say what it has: no network"]);
});

test("publishes_a_new_crate", options, (t) => {
  const { status, published } = publish(t, "crate", { "cargo generate-lockfile --quiet": { status: 101 } });
  assert.deepEqual([status, published], [0, "publish --locked --package countersign"]);
});

test("says_how_it_is_called", () => {
  for (const args of [[], ["npm"], ["pypi", "x"], ["toString", "x"]]) {
    const { status, stderr } = spawnSync(process.execPath, ["tools/release/publish.mjs", ...args], {
      cwd: root,
      encoding: "utf8",
    });
    assert.deepEqual(
      [status, stderr],
      [1, "error: usage: node tools/release/publish.mjs npm|crate|jsr FOLDER\n"],
      args.join(" "),
    );
  }
});

test("gives_the_tag_latest_to_no_fix_of_an_older_version", () => {
  for (const [wanted, versions, tag] of [
    ["0.1.0", [], "latest"],
    ["0.2.0", ["0.1.0", "0.1.9"], "latest"],
    ["0.10.0", ["0.9.0"], "latest"],
    ["0.1.5", ["0.1.4", "0.2.0"], "release-0.1"],
    ["1.9.1", ["1.9.0", "1.10.0"], "release-1.9"],
    ["0.9.1", ["0.9.0", "1.0.0"], "release-0.9"],
    ["0.9.1", ["0.9.0", "1.0.0-rc.1"], "latest"],
    ["1.0.0-rc.1", ["0.9.0"], "next"],
    ["1.0.0-rc.2", ["1.0.0-rc.1"], "next"],
    ["1.0.0", ["0.9.0", "1.0.0-rc.1"], "latest"],
  ]) {
    assert.equal(tagOf(wanted, versions), tag, `${wanted} after ${versions}`);
  }
});

test("reads_what_npm_and_cargo_answer", () => {
  assert.equal(readView({ status: 0, stdout: "\n", stderr: "" }), undefined);
  assert.throws(
    () => readView({ status: 0, stdout: "<html>", stderr: "" }),
    /npm answers with what is not JSON: <html>/,
  );
  assert.throws(() => readView({ status: 1, stdout: "", stderr: "no\n" }), /npm does not say what it has: no$/);
  assert.equal(checksumIn(lock(checksum)), checksum);
  // A crate of a folder has no checksum.
  assert.equal(checksumIn('[[package]]\nname = "countersign"\nversion = "0.1.0"\n'), undefined);
  assert.equal(checksumIn(read("Cargo.lock")), undefined);
});

test("publishes_everywhere_before_the_page_of_the_release", () => {
  const workflow = read(".github/workflows/release.yml");
  const needs = (job) => workflow.match(new RegExp(`\n {2}${job}:\n {4}needs: (.+)\n`))?.[1];
  assert.deepEqual(["npm", "crate", "jsr", "page"].map(needs), [
    "build",
    "[build, npm]",
    "[build, npm]",
    "[npm, crate, jsr]",
  ]);
});

test("leads_from_the_notes_to_the_files_of_the_version", () => {
  const changes =
    "- [Releases](docs/releases.md#what-is-in-a-release), [license](LICENSE-MIT), [npm](https://npmjs.com).";
  const tree = `https://github.com/countersign/countersign/blob/v${version}`;
  assert.equal(
    notes(changes, "# CDN\n\nText."),
    `- [Releases](${tree}/docs/releases.md#what-is-in-a-release), [license](${tree}/LICENSE-MIT), [npm](https://npmjs.com).

## From a CDN

Text.`,
  );
});
