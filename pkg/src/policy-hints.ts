/** What to write instead of an option of other password libraries, for the message of an unknown option. */

import { CountersignError } from "./errors.js";

const INSTEAD = new Map([
  ["hashLength", "the length is fixed"],
  ["memoryCost", 'use "memoryKib" in "params"'],
  ["parallelism", 'use "lanes" in "params"'],
  ["saltRounds", 'use "scheme": "bcrypt", and "cost" in "params"'],
  ["timeCost", 'use "passes" in "params"'],
]);

/** The error to throw for a policy that the core refused. */
export function policyRefusal(thrown: unknown): unknown {
  if (!(thrown instanceof CountersignError)) return thrown;
  const { code, message } = thrown;
  const [, name = ""] = /^unknown option "(?:params\.)?(\w+)"$/.exec(message) ?? [];
  const instead = INSTEAD.get(name);
  return instead === undefined ? thrown : new CountersignError(code, `${message}: ${instead}`);
}
