// The program of Node, Deno and Bun: measures what its only argument says, and prints each result as a line of JSON.

import { run } from "./program.mjs";

/** Marks the lines with results, among whatever a library prints. */
const MARK = "@@result@@";

await run(JSON.parse(process.argv.at(-1)), (result) => console.log(MARK + JSON.stringify(result)));
// A library may keep a thread or a timer.
process.exit(0);
