// The frameworks: what each installs, its files, and how it is built and asked. Versions are pinned, so that a failure is ours.
//
// `run` are commands that must end with 0. `serve` are commands that serve at $PORT until they are stopped, one after the
// other; `ask` says which paths answer with the result of the program. `needs` names a program that the machine must have.

import { ADAPTERS } from "./apps/adapters.mjs";
import { BROWSERS } from "./apps/browsers.mjs";
import { CLOUDFLARE } from "./apps/cloudflare.mjs";
import { ENGINES } from "./apps/engines.mjs";
import { EXAMPLES } from "./apps/examples.mjs";
import { NEXT } from "./apps/next.mjs";
import { SERVERS } from "./apps/servers.mjs";
import { TESTS } from "./apps/tests.mjs";
import { COMMONJS, PROGRAM } from "./program.mjs";

/** Every one, the quick ones first. */
export const FRAMEWORKS = [
  ...TESTS,
  ...ENGINES,
  ...SERVERS,
  ...EXAMPLES,
  ...CLOUDFLARE,
  ...NEXT,
  ...ADAPTERS,
  ...BROWSERS,
];

/** Files that every project has. */
export const COMMON = { "program.mjs": PROGRAM, "program.cjs": COMMONJS };
