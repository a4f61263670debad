// `npm start`: builds what is missing and serves the login system and its pages until it is stopped.
//
// `npm start -- --optimized` serves the package as it is published, whose build takes some minutes.

import { parseArgs } from "node:util";
import { main } from "./command.mjs";

await main(async () => {
  const { values } = parseArgs({ options: { optimized: { type: "boolean", default: false } } });
  const folder = values.optimized ? await optimized() : await demo();
  const { serve } = await import("./start/serve.mjs");
  await serve(folder);
});

async function demo() {
  const { buildDemo, DEMO_PACKAGE } = await import("./start/build.mjs");
  await buildDemo();
  return DEMO_PACKAGE;
}

async function optimized() {
  const { build } = await import("./build.mjs");
  await build();
  return "pkg";
}
