// A browser for the suites that need one.

import { join } from "node:path";
import { Failure, root, run } from "../command.mjs";

/** Looks for a Chrome or Chromium, and has playwright download one where there is none. */
export async function findBrowser() {
  // Imported after the set-up, because it imports a package that the set-up installs.
  const { findChromium } = await import("../../tests/runtimes/runners/chromium.mjs");
  if (findChromium() !== undefined) return;
  console.log("no Chrome or Chromium was found: downloading one");
  try {
    await run(
      process.execPath,
      [join(root, "node_modules/playwright-core/cli.js"), "install", "--no-shell", "chromium"],
      { show: true },
    );
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.log(
      "that did not work: the tests in a browser will be skipped. Install Chromium, or name one in COUNTERSIGN_CHROMIUM",
    );
  }
}
