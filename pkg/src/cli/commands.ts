/** The file of each command. It is loaded when the command is called. */

import type { CommandModule } from "./call.js";

export const LOADERS: Readonly<Record<string, () => Promise<CommandModule>>> = {
  keygen: () => import("./commands/keygen.js"),
  jwks: () => import("./commands/jwks.js"),
  rotate: () => import("./commands/rotate.js"),
  convert: () => import("./commands/convert.js"),
  sign: () => import("./commands/sign.js"),
  verify: () => import("./commands/verify.js"),
  inspect: () => import("./commands/inspect.js"),
  doctor: () => import("./commands/doctor.js"),
  hash: () => import("./commands/hash.js"),
  check: () => import("./commands/check.js"),
  import: () => import("./commands/import.js"),
  completions: () => import("./commands/completions.js"),
  help: () => import("./commands/help.js"),
};
