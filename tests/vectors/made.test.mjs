// The committed vectors are what their definitions make: nobody has edited an answer by hand.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

for (const [what, file] of [
  ["tokens and keys", "make-tokens.mjs"],
  ["passwords", "make-passwords.mjs"],
]) {
  test(`the vectors for ${what} are what their definitions make`, () => {
    const maker = fileURLToPath(new URL(file, import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [maker, "--check"], { encoding: "utf8" });
    assert.equal(status, 0, stderr);
  });
}
