// `npm run setup`, and the first thing every other task does: installs what the checkout needs, and says what a person
// must install. With everything in place it takes a few tenths of a second and prints nothing.

import { isProgram, main } from "./command.mjs";
import { installNodeModules } from "./setup/node-modules.mjs";
import { expectNode, prepareRust } from "./setup/toolchain.mjs";

/** Everything that building and testing needs, apart from a browser. */
export async function setUp() {
  expectNode();
  await installNodeModules();
  await prepareRust();
}

if (isProgram(import.meta.url)) {
  await main(async () => {
    await setUp();
    console.log("set-up complete");
  });
}
