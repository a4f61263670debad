// `npm start`: builds what is missing and serves the login system and its pages until it is stopped.

import { build } from "./build.mjs";
import { main } from "./command.mjs";

await main(async () => {
  await build();
  await import("./start/serve.mjs");
});
