/** `jwks`: the public key set of keys. */

import type { FoundKey } from "../../report/read-keys.js";
import { json, shown } from "../../report/text.js";
import type { Call, Outcome } from "../call.js";
import { publicSet } from "../choose-keys.js";
import { DONE, Failure, usage } from "../failure.js";
import { expectAbsent, PUBLIC_MODE, writeWhole } from "../files.js";
import { Passphrase, readKeys } from "../keys.js";

export async function run(call: Call): Promise<Outcome> {
  if (call.positionals.length === 0) throw usage("name one or more files with keys");
  const out = call.text("out");
  if (out !== undefined) expectAbsent(out, call.has("force"));
  const passphrase = new Passphrase(call);
  const keys: FoundKey[] = [];
  for (const path of call.positionals) {
    const file = await readKeys(call, path, passphrase);
    for (const { index, message } of file.rejected)
      call.warn(`${shown(path)}: key ${index} is left out: ${shown(message)}`);
    if (file.keys.length === 0) throw new Failure("INPUT_INVALID", `${shown(path)} holds no usable key`);
    keys.push(...file.keys);
  }
  const set = publicSet(keys, Date.now() / 1000);
  const text = json(set, 2);
  const kids = set.keys.map(({ kid }) => kid ?? null);
  if (out === undefined) return { exitCode: DONE, json: { jwks: set }, text };
  writeWhole(out, `${text}\n`, { mode: PUBLIC_MODE, force: call.has("force") });
  return {
    exitCode: DONE,
    json: { file: out, kids, jwks: set },
    text: `wrote ${shown(out)}: ${set.keys.length} public key${set.keys.length === 1 ? "" : "s"}`,
  };
}
