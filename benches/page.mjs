// The program of a page: measures what the bundle was built with, and leaves the results in `globalThis.result`.

import { run } from "./program.mjs";

const results = [];
await run(OPTIONS, (result) => results.push(result));
globalThis.result = JSON.stringify(results);
