/** `hash`: hashes a password. */

import type { PasswordPolicy } from "../../inline/password.js";
import type { Call, Outcome } from "../call.js";
import { DONE, usage } from "../failure.js";
import { readSecretText } from "../secrets.js";

/** The options for costs, and the names that the package has for them. */
const COSTS = {
  "memory-kib": "memoryKib",
  passes: "passes",
  lanes: "lanes",
  cost: "cost",
  "block-size": "blockSize",
  parallelism: "parallelism",
  iterations: "iterations",
} as const;

export async function run(call: Call): Promise<Outcome> {
  const { PasswordHasher } = await import("../../inline/password.js");
  // Before the password is asked for, so that nobody types it in vain.
  const hasher = new PasswordHasher(readPolicy(call));
  const password = await readSecretText(call, "password", { text: "password", twice: true });
  if (password === undefined) throw usage("give the password: --password-stdin, --password-file or --password-env");
  if (password === "") throw usage("the password is empty");
  const stored = hasher.hash(password);
  const { scheme, format, ...costs } = hasher.describe(stored);
  return { exitCode: DONE, json: { hash: stored, scheme, costs }, text: stored };
}

function readPolicy(call: Call): PasswordPolicy {
  const params = Object.fromEntries(
    Object.entries(COSTS).flatMap(([option, name]) => {
      const value = call.count(option);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const [scheme, preset] = [call.text("scheme"), call.text("preset")];
  if (preset !== undefined && (scheme !== undefined || Object.keys(params).length > 0)) {
    throw usage("--preset stands alone: it includes the scheme and its costs");
  }
  return {
    ...(preset !== undefined && { preset }),
    ...(scheme !== undefined && { scheme }),
    ...(Object.keys(params).length > 0 && { params }),
  } as PasswordPolicy;
}
