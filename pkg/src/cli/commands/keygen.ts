/** `keygen`: generates a key. */

import type { EncryptionKey } from "../../inline/jwe.js";
import type { Algorithm, Key } from "../../inline/jwt.js";
import { ENCRYPTION_ALGORITHMS, SIGNATURE_ALGORITHMS } from "../../report/algorithms.js";
import { shown } from "../../report/text.js";
import { nearest } from "../arguments.js";
import type { Call, Outcome } from "../call.js";
import { DONE, usage } from "../failure.js";
import { expectAbsent, isSameFile, PUBLIC_MODE } from "../files.js";
import { formatByName, type KeyFormat, kidOf, passphraseFor, writeKey, written } from "../write-key.js";

export async function run(call: Call): Promise<Outcome> {
  const [alg] = call.positionals;
  if (alg === undefined) throw usage("name an algorithm, such as EdDSA, ES256 or HS256");
  const out = call.text("out");
  const publicOut = call.text("public-out");
  const force = call.has("force");
  const format = formatOf(call, out);
  expectOptions(call, alg, format, out, publicOut);
  // Before a key is made: RSA takes long, and a person should not type a passphrase in vain.
  for (const path of [out, publicOut]) if (path !== undefined) expectAbsent(path, force);
  const passphrase = out === undefined ? undefined : await passphraseFor(call, out);
  const key = await generated(call, alg);
  if (publicOut !== undefined) {
    const publicFormat = call.has("format") ? format : formatByName(publicOut);
    await writeKey(key, { format: publicFormat, path: publicOut, isPrivate: false, mode: PUBLIC_MODE, force });
  }
  const description = describe(key);
  if (out === undefined) {
    const content = await written(key, { format, isPrivate: true });
    return {
      exitCode: DONE,
      json: { ...description, key: format === "jwk" ? JSON.parse(content as string) : content },
      text: content as string,
    };
  }
  await writeKey(key, { format, path: out, isPrivate: true, passphrase, force });
  const encrypted = passphrase !== undefined;
  const publicJwk = key.type === "secret" ? undefined : key.toJwk();
  const names = [`wrote ${shown(out)}: a key for ${key.alg}, ${encrypted ? "encrypted" : "not encrypted"}`];
  // PEM and DER have no place for it.
  if (key.kid !== undefined && format === "jwk") names.push(`kid ${shown(key.kid)}`);
  if (publicOut !== undefined) names.push(`wrote ${shown(publicOut)}: its public half`);
  return {
    exitCode: DONE,
    json: {
      ...description,
      file: out,
      format,
      encrypted,
      ...(publicOut && { publicFile: publicOut }),
      ...(publicJwk && { public: publicJwk }),
    },
    text: names.join("\n"),
  };
}

function describe(key: EncryptionKey | Key) {
  return { alg: key.alg, type: key.type, ...(key.kid !== undefined && { kid: key.kid }) };
}

/** The format that `--format` names, or the name of the file. */
function formatOf(call: Call, out: string | undefined): KeyFormat {
  return (call.text("format") as KeyFormat | undefined) ?? formatByName(out ?? "");
}

function expectOptions(call: Call, alg: string, format: KeyFormat, out?: string, publicOut?: string): void {
  const known = [...SIGNATURE_ALGORITHMS, ...ENCRYPTION_ALGORITHMS] as readonly string[];
  const near = known.find((each) => each.toLowerCase() === alg.toLowerCase());
  if (near !== undefined && near !== alg) throw usage(`the algorithm is written ${near}`);
  if (near === undefined) {
    const meant = nearest(
      alg.toUpperCase(),
      known.map((each) => each.toUpperCase()),
    );
    const problem = meant === undefined ? "there is no such algorithm" : `there is no algorithm ${shown(alg)}`;
    throw usage(`${problem}: choose from ${known.join(", ")}`);
  }
  const isSecret = /^(HS\d|dir$|A\d)/.test(alg);
  if (isSecret && format !== "jwk")
    throw usage(`a secret has no ${format.toUpperCase()}: use --format jwk or a name that ends with .json`);
  if (isSecret && publicOut !== undefined) throw usage("a secret has no public half");
  if (format === "der" && out === undefined) throw usage("DER is binary: name a file with --out");
  if (out !== undefined && publicOut !== undefined && isSameFile(out, publicOut))
    throw usage("--out and --public-out are the same file");
  if (out === undefined && call.has("no-passphrase"))
    throw usage("--no-passphrase is for --out: standard output is not encrypted");
  for (const [option, fits] of [
    ["modulus-length", /^(RS|PS|RSA)/],
    ["crv", /^ECDH/],
    ["enc", /^dir$/],
  ] as const) {
    if (call.has(option) && !fits.test(alg)) throw usage(`--${option} is not for ${alg}`);
  }
  if (alg === "dir" && !call.has("enc")) throw usage("dir needs --enc, such as --enc A256GCM");
}

async function generated(call: Call, alg: string): Promise<EncryptionKey | Key> {
  const modulusLength = call.count("modulus-length");
  const length = modulusLength === undefined ? {} : { modulusLength };
  const [enc, crv] = [call.text("enc"), call.text("crv")];
  let key: EncryptionKey | Key;
  if ((SIGNATURE_ALGORITHMS as readonly string[]).includes(alg)) {
    const { Key } = await import("../../inline/jwt.js");
    key = await Key.generateAsync(alg as Algorithm, length);
  } else {
    const { EncryptionKey } = await import("../../inline/jwe.js");
    if (alg.startsWith("RSA")) return named(call, await generatedRsa(alg as "RSA-OAEP", modulusLength ?? 3072));
    const options = { ...(enc !== undefined && { enc }), ...(crv !== undefined && { crv }) };
    key = EncryptionKey.generate(alg as "ECDH-ES", options as object);
  }
  return named(call, key);
}

/** An RSA key for signatures comes from the platform, ten times faster. It is the same key for encryption. */
async function generatedRsa(alg: "RSA-OAEP", modulusLength: number): Promise<EncryptionKey> {
  const { Key } = await import("../../inline/jwt.js");
  const { EncryptionKey } = await import("../../inline/jwe.js");
  const der = (await Key.generateAsync("RS256", { modulusLength })).toDer({ private: true });
  try {
    return EncryptionKey.fromDer(der, { alg });
  } finally {
    der.fill(0);
  }
}

/** A secret's thumbprint is a digest of the secret, so its name is random. */
function named(call: Call, key: EncryptionKey | Key): EncryptionKey | Key {
  if (call.has("no-kid")) {
    if (call.has("kid")) throw usage("--kid and --no-kid exclude each other");
    return key;
  }
  return key.withKid(call.text("kid") ?? kidOf(key));
}
