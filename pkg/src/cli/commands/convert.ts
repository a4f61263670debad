/** `convert`: writes a key in another form. */

import { isCountersignError } from "../../report/failure.js";
import type { KeyFile } from "../../report/read-keys.js";
import { shown } from "../../report/text.js";
import type { Call, Outcome } from "../call.js";
import { onlyKey } from "../choose-keys.js";
import { DONE, Failure, usage } from "../failure.js";
import { expectAbsent, PRIVATE_MODE, PUBLIC_MODE } from "../files.js";
import { Passphrase, readKeys } from "../keys.js";
import { readSecretText } from "../secrets.js";
import { formatByName, type KeyFormat, passphraseFor, writeKey, written } from "../write-key.js";

export async function run(call: Call): Promise<Outcome> {
  const [path] = call.positionals;
  if (path === undefined) throw usage("name the file with the key, or - for standard input");
  const out = call.text("out");
  const force = call.has("force");
  const format = (call.text("to") as KeyFormat | undefined) ?? (out === undefined ? undefined : formatByName(out));
  if (format === undefined) throw usage("say what to convert it to: --to jwk, --to pem or --to der");
  if (format === "der" && out === undefined) throw usage("DER is binary: name a file with --out");
  if (format === "jwk" && call.has("form")) throw usage("--form is for PEM and DER");
  if (out !== undefined) expectAbsent(out, force);
  const passphrase = new Passphrase(call);
  const file = await read(call, path, passphrase);
  const kid = call.text("kid");
  // In a file of one key, `--kid` names the key anew.
  const found = onlyKey(file, file.keys.length === 1 ? undefined : kid, path);
  const key = kid === undefined ? found.key : found.key.withKid(kid);
  if (file.form === "certificate")
    call.note("nothing of the certificate was verified: use its key only if you trust it by other means");
  const isPrivate = !call.has("public") && key.type !== "public";
  if (key.type === "secret" && (format !== "jwk" || !isPrivate))
    throw usage("a secret is only written as JWK, and has no public half");
  const form = call.text("form");
  if (!isPrivate && (form === "pkcs8" || form === "sec1"))
    throw usage(
      `--form ${form} is for private keys${key.type === "public" ? ", and this is a public key" : ": leave out --public"}`,
    );
  if (isPrivate && form === "spki") throw usage("--form spki is for public keys: give --public");
  const what = { format, isPrivate, form, withoutAlg: found.isGuessed };
  const description = {
    from: file.form,
    to: format,
    alg: found.isGuessed ? null : key.alg,
    type: isPrivate ? key.type : "public",
  };
  if (out === undefined) {
    const secret = isPrivate ? await readSecretText(call, "out-passphrase") : undefined;
    const text = (await written(key, { ...what, passphrase: secret })) as string;
    const isObject = format === "jwk" && secret === undefined;
    return { exitCode: DONE, json: { ...description, key: isObject ? JSON.parse(text) : text }, text };
  }
  const secret = isPrivate ? await passphraseOf(call, file, passphrase, out) : undefined;
  await writeKey(key, { ...what, path: out, passphrase: secret, mode: isPrivate ? PRIVATE_MODE : PUBLIC_MODE, force });
  const half = isPrivate
    ? secret === undefined
      ? "private key, not encrypted"
      : "private key, encrypted"
    : "public key";
  return {
    exitCode: DONE,
    json: { ...description, file: out, encrypted: secret !== undefined },
    text: `wrote ${shown(out)}: ${half}`,
  };
}

/** Adds the name of the file to the commands of `openssl` in messages. */
async function read(call: Call, path: string, passphrase: Passphrase): Promise<KeyFile> {
  try {
    return await readKeys(call, path, passphrase);
  } catch (thrown) {
    if (!isCountersignError(thrown) || path === "-" || !thrown.message.includes("-topk8")) throw thrown;
    const name = /^[\w./-]+$/.test(path) && !path.startsWith("-") ? path : "OLD";
    const command = `openssl pkcs8 -topk8 -v2 aes256 -in ${name} -out ${name === "OLD" ? "NEW" : `${name}.new`}`;
    const [what] = thrown.message.split(":");
    throw new Failure(
      "INPUT_INVALID",
      `${what}: run "${command}", for DES, RC2 or RC4 with "-provider legacy -provider default", and convert the result`,
    );
  }
}

/** The passphrase of the result: a new one, or that of the file that was read. */
async function passphraseOf(
  call: Call,
  file: KeyFile,
  passphrase: Passphrase,
  out: string,
): Promise<string | undefined> {
  const isNew = ["", "-file", "-env", "-stdin"].some((end) => call.has(`out-passphrase${end}`));
  if (file.isEncrypted && !isNew && !call.has("no-passphrase")) return passphrase.known;
  return passphraseFor(call, out, "out-passphrase");
}
