// The program that builds the package again says how to call it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
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
