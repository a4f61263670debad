// Runs the flow in Node, Deno and Bun, and prints what was done.

import { runFlow } from "./flow.mjs";

console.log((await runFlow()).join(", "));
