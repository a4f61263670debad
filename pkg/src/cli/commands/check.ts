/** `check`: checks a password against a stored hash. */

import { existsSync } from "node:fs";
import type { PasswordPolicy } from "../../inline/formats.js";
import type { Call, Outcome } from "../call.js";
import { DONE, Failure, REFUSED, usage } from "../failure.js";
import { readSecretText, withoutLineBreak } from "../secrets.js";

export async function run(call: Call): Promise<Outcome> {
  const stored = readStored(call);
  const { PasswordHasher } = await import("../../inline/formats.js");
  const accept = call.texts("accept");
  const prehash = call.text("prehash");
  const hasher = new PasswordHasher({
    ...(accept.length > 0 && { accept: accept }),
    ...(prehash !== undefined && { prehash }),
  } as PasswordPolicy);
  const password = await readSecretText(call, "password", { text: "password" });
  if (password === undefined) throw usage("give the password: --password-stdin, --password-file or --password-env");
  const { ok, needsRehash, scheme } = hasher.verify(password, stored);
  const text = ok ? `right (${scheme})${needsRehash ? "; hash it again: it is weaker than new hashes" : ""}` : "wrong";
  return { exitCode: ok ? DONE : REFUSED, json: { right: ok, needsRehash, scheme }, text };
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
    stored = new TextDecoder().decode(withoutLineBreak(call.readFile(path, "the stored hash")));
  }
  if (stored === undefined || stored === "") throw new Failure("INPUT_INVALID", "the stored hash is empty");
  return stored;
}
