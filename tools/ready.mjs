// `npm run ready`: everything a change has to pass. `npm run ready -- --checks` leaves the tests out.

import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { isProgram, main } from "./command.mjs";
import { checks, expectOldestRust } from "./ready/checks.mjs";
import { cargoTool } from "./setup/cargo-tool.mjs";
import { pythonTool } from "./setup/python-tool.mjs";
import { add, inWords, none } from "./test/counts.mjs";
import { runAll } from "./test/run-all.mjs";
import { runCheck } from "./test/run-suite.mjs";
import { test } from "./test.mjs";

async function ready({ testsToo }) {
  let total = none;
  if (testsToo) total = add(total, await test());
  else await build();
  expectOldestRust();
  const programs = {
    cargoDeny: await cargoTool("cargo-deny", "0.20.2"),
    typos: await pythonTool("typos", "1.52.0"),
    zizmor: await pythonTool("zizmor", "1.32.0"),
  };
  return add(total, await runAll(checks(programs), runCheck));
}

if (isProgram(import.meta.url)) {
  await main(async () => {
    const { values } = parseArgs({ options: { checks: { type: "boolean", default: false } } });
    const counts = await ready({ testsToo: !values.checks });
    console.log(inWords(counts));
    process.exitCode = counts.failed === 0 ? 0 : 1;
  });
}
