// The check through bundlers with no configuration, and the package without the check.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { bundlers } from "../bundlers/bundle.mjs";
import { makeConsumer } from "../runtimes/consumer.mjs";
import { addEstimator } from "./peers.mjs";

let consumer;
before(() => {
  consumer = makeConsumer();
  addEstimator(consumer.directory);
  writeFileSync(
    join(consumer.directory, "checking.mjs"),
    'import { checkPassword } from "countersign/strength";\nconsole.log((await checkPassword("internationalization")).reasons[0]);\n',
  );
  writeFileSync(
    join(consumer.directory, "hashing.mjs"),
    'import { PasswordHasher } from "countersign";\nglobalThis.hasher = new PasswordHasher();\n',
  );
});
after(() => consumer.remove());

// Rollup is asked for one file by the other tests, and makes one of each package that is loaded when it is needed.
for (const name of ["esbuild", "vite", "webpack"]) {
  test(`finds_the_words_in_a_bundle_of_${name}`, async () => {
    const script = await bundlers[name](consumer.directory, "checking.mjs", "node");
    assert.doesNotMatch(read(script), /import\("@zxcvbn-ts/);
    // What webpack puts beside its script is CommonJS, in a project whose scripts are modules.
    if (name === "webpack") writeFileSync(join(consumer.directory, dirname(script), "package.json"), "{}");
    assert.equal(execFileSync(process.execPath, [script], { cwd: consumer.directory, encoding: "utf8" }), "COMMON\n");
  });

  test(`leaves_the_words_out_of_what_only_hashes_with_${name}`, async () => {
    const script = read(await bundlers[name](consumer.directory, "hashing.mjs", "node"));
    assert.doesNotMatch(script, /zxcvbn/);
  });
}

function read(script) {
  return readFileSync(join(consumer.directory, script), "utf8");
}
