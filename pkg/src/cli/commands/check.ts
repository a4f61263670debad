/** `check`: checks a password against a stored hash. */

import { existsSync } from "node:fs";
import { CountersignError } from "../../import.js";
import type { PasswordHasher, PasswordPolicy } from "../../inline/formats.js";
import { isCountersignError } from "../../report/failure.js";
import { limitsAsOption, limitsInWords, neededLimits } from "../../report/needed-limits.js";
import { meaningOfMark } from "../../report/no-password.js";
import type { Call, Outcome } from "../call.js";
import { DONE, Failure, REFUSED, usage } from "../failure.js";
import { readSecretText } from "../secrets.js";
import { explained, takenFrom } from "../stored-hash.js";

/** The scheme of new hashes, which a policy must accept. This command makes none. */
const NEW = "argon2id";

export async function run(call: Call): Promise<Outcome> {
  const text = readStored(call);
  const { PasswordHasher: Hasher } = await import("../../inline/formats.js");
  const accept = call.texts("accept");
  const prehash = call.text("prehash");
  const isAccepted = (scheme: string | null) => accept.length === 0 || scheme === null || accept.includes(scheme);
  const hasher = new Hasher({
    ...(accept.length > 0 && { accept: isAccepted(NEW) ? accept : [...accept, NEW] }),
    ...(prehash !== undefined && { prehash }),
    ...(call.has("limit") && { limits: readLimits(call) }),
  } as PasswordPolicy);
  const { stored, outOf } = takenFrom(text, (whole) => describes(hasher, whole));
  if (outOf !== undefined) call.note(`this is ${outOf}: only the hash was checked`);
  const password = await readSecretText(call, "password", { text: "password" });
  if (password === undefined) throw usage("give the password: --password-stdin, --password-file or --password-env");
  const mark = meaningOfMark(stored);
  if (mark !== undefined) {
    const json = { right: false, needsRehash: false, scheme: null };
    return { exitCode: REFUSED, json, text: `wrong: ${mark}` };
  }
  try {
    expectAccepted(isAccepted, hasher.identify(stored));
    const { ok, needsRehash, scheme } = hasher.verify(password, stored);
    expectAccepted(isAccepted, scheme);
    if (!ok && scheme?.startsWith("argon2") && hasher.describe(stored).pepper === undefined) {
      call.note(
        'an Argon2 hash does not say if it was made with a secret; such a hash is only checked with the option "argon2Secret" of PasswordHasher',
      );
    }
    const words = ok
      ? `right (${scheme})${needsRehash ? "; hash it again: it is weaker than new hashes" : ""}`
      : "wrong";
    return { exitCode: ok ? DONE : REFUSED, json: { right: ok, needsRehash, scheme }, text: words };
  } catch (thrown) {
    if (isCountersignError(thrown) && thrown.code === "HASH_COST_TOO_HIGH") {
      const limits = neededLimits(Hasher, stored, hasher.describe(stored)) ?? {};
      const options = Object.entries(limits).map(([name, value]) => `--limit ${name}=${value}`);
      if (options.length > 0)
        thrown.message += `: needs ${limitsInWords(limits)}: give ${options.join(" ")}, and pass ${limitsAsOption(limits)} to the hasher`;
      throw thrown;
    }
    throw explained(thrown, stored, hasher.identify(stored));
  }
}

/** The scheme of new hashes is in the policy, also if the call does not accept it. */
function expectAccepted(isAccepted: (scheme: string | null) => boolean, scheme: string | null): void {
  if (scheme === NEW && !isAccepted(scheme))
    throw new CountersignError("HASH_UNSUPPORTED", 'stored hash uses a scheme that is not in "accept"');
}

function describes(hasher: PasswordHasher, text: string): boolean {
  try {
    hasher.describe(text);
    return true;
  } catch (thrown) {
    if (isCountersignError(thrown)) return false;
    throw thrown;
  }
}

/** `--limit memoryKib=102400`. The policy knows the names. */
function readLimits(call: Call): Record<string, number> {
  const pairs = call.texts("limit").map((text) => {
    const [, name, value] = /^([A-Za-z]{1,30})=(\d{1,15})$/.exec(text) ?? [];
    if (name === undefined) throw usage("--limit is not a name and a whole number, such as memoryKib=102400");
    return [name, Number(value)] as const;
  });
  if (new Set(pairs.map(([name]) => name)).size < pairs.length) throw usage("--limit gives one limit twice");
  return Object.fromEntries(pairs);
}

function readStored(call: Call): string {
  const [argument] = call.positionals;
  const [file, variable] = [call.text("hash-file"), call.text("hash-env")];
  const given = [argument, file, variable].filter((each) => each !== undefined);
  if (given.length !== 1) throw usage("give one stored hash: as an argument, with --hash-file or with --hash-env");
  let stored = argument;
  if (variable !== undefined) stored = call.variable("hash-env");
  else if (argument !== undefined && argument !== "-" && existsSync(argument))
    throw usage("the stored hash is the name of a file: give it with --hash-file");
  const path = argument === "-" ? "-" : file;
  if (path !== undefined) {
    stored = new TextDecoder().decode(call.readFile(path, "the stored hash"));
  }
  // Programs such as htpasswd end their output with an empty line.
  stored = stored?.replace(/^\ufeff/, "").trim();
  if (stored === undefined || stored === "") throw new Failure("INPUT_INVALID", "the stored hash is empty");
  return stored;
}
