// The program that builds the package again says how to call it.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../tools/reproduce.mjs", import.meta.url));
const USAGE =
  /^node tools\/reproduce\.mjs \[--modules jwt,…\] .*\nnode tools\/reproduce\.mjs --published 1\.2\.3 .*\n$/;

test("says_how_to_call_it", () => {
  const call = (...args) => spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });
  for (const help of ["--help", "-h"]) {
    const { status, stdout, stderr } = call(help);
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, USAGE);
  }
  for (const wrong of [["--publish", "1.2.3"], ["1.2.3"], ["--published"]]) {
    const { status, stderr } = call(...wrong);
    const [first, ...others] = stderr.split("\n");
    assert.equal(status, 1);
    assert.match(first, /^error: (Unknown option|Unexpected argument|Option) '/);
    assert.match(others.join("\n"), USAGE);
  }
});

test("says_that_the_clone_has_no_such_version", () => {
  for (const version of ["999.0.0", "v1.2.3", "1.2"]) {
    const { status, stderr } = spawnSync(process.execPath, [program, "--published", version], { encoding: "utf8" });
    const advice = "give a version such as 1.2.3, and run git fetch --tags before";
    assert.deepEqual([status, stderr], [1, `error: this clone has no tag v${version}: ${advice}\n`]);
  }
});

// A repository with the program and a build that writes one file, and an npm that serves what the test has packed.
test("compares_all_that_npm_serves_with_the_tag", (t) => {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "a repository "));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const write = (path, text) => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const tools = fileURLToPath(new URL("../../tools/", import.meta.url));
  for (const name of ["command.mjs", "reproduce.mjs"]) cpSync(join(tools, name), join(folder, "source/tools", name));
  const manifest = { name: "countersign", version: "1.2.3", files: ["dist"] };
  write("source/pkg/package.json", JSON.stringify(manifest));
  write("source/tools/build.mjs", 'import { cpSync } from "node:fs";\ncpSync("pkg/package.json", "pkg/dist/built");\n');
  const source = { cwd: join(folder, "source") };
  const identity = ["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false"];
  for (const args of [
    ["init", "-q"],
    ["add", "."],
    [...identity, "commit", "-qm", "x"],
    ["tag", "v1.2.3"],
  ])
    execFileSync("git", args, source);

  write(
    "bin/npm",
    '#!/bin/sh\n[ "$1" = ci ] || case "$3" in countersign@*) cp "$SERVED" "$5";; *) "$NPM" "$@";; esac\n',
  );
  chmodSync(join(folder, "bin/npm"), 0o755);
  const NPM = execFileSync("sh", ["-c", "command -v npm"], { encoding: "utf8" }).trim();
  const PATH = [join(folder, "bin"), process.env.PATH].join(delimiter);
  const serving = (name, files) => {
    for (const [path, text] of Object.entries(files)) write(join(name, "package", path), text);
    const SERVED = join(folder, name, "countersign-1.2.3.tgz");
    execFileSync("tar", ["-czf", SERVED, "package"], { cwd: join(folder, name) });
    const { stdout, stderr } = spawnSync(process.execPath, ["tools/reproduce.mjs", "--published", "1.2.3"], {
      ...source,
      encoding: "utf8",
      env: { ...process.env, NPM, PATH, SERVED },
    });
    return stdout.replace(/^sha512-[A-Za-z0-9+/]{86}==/, "HASH") + stderr;
  };
  const made = { "package.json": JSON.stringify(manifest), "dist/built": JSON.stringify(manifest) };
  assert.equal(serving("same", made), "HASH  the package on npm\n2 files are the same, byte for byte\n");
  const installing = JSON.stringify({ ...manifest, scripts: { postinstall: "node x.js" } });
  const other = serving("other", { ...made, "package.json": installing, "x.js": "" });
  assert.equal(other, "error: not the same bytes: package.json, x.js\n");
  assert.equal(serving("less", { "package.json": made["package.json"] }), "error: not the same bytes: dist/built\n");
});
