// `npm test`: sets up, builds, and runs every suite. The last line is "N passed, N failed"; where CI is set, skipped
// tests count as failed.

import { build } from "./build.mjs";
import { isProgram, main } from "./command.mjs";
import { findBrowser } from "./test/browser.mjs";
import { inWords } from "./test/counts.mjs";
import { runAll } from "./test/run-all.mjs";
import { runSuite } from "./test/run-suite.mjs";

/** Builds, runs the suites, and gives their counts. */
export async function test() {
  await build({ trap: true });
  await findBrowser();
  const { suites } = await import("./test/suites.mjs");
  const total = await runAll(suites, runSuite);
  if (!process.env.CI || total.skipped === 0) return total;
  console.log(`${total.skipped} skipped, and in CI that is a failure`);
  return { passed: total.passed, failed: total.failed + total.skipped, skipped: 0 };
}

if (isProgram(import.meta.url)) {
  await main(async () => {
    const counts = await test();
    console.log(inWords(counts));
    process.exitCode = counts.failed === 0 ? 0 : 1;
  });
}
