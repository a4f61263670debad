/** `sign`: signs a token. */

import { existsSync } from "node:fs";
import type { Algorithm, Key, SignOptions } from "../../inline/jwt.js";
import { holdsPrivateKey } from "../../report/private-key.js";
import { textOf } from "../../report/read-keys.js";
import { parsed, parseStrict } from "../../report/strict-json.js";
import { shown } from "../../report/text.js";
import type { Call, Outcome } from "../call.js";
import { expectSigning, onlyKey } from "../choose-keys.js";
import { DONE, Failure, usage } from "../failure.js";
import { readDuration, readSecretKey } from "../inputs.js";
import { readKeys } from "../keys.js";
import { holdsRandom } from "../looks-secret.js";

export async function run(call: Call): Promise<Outcome> {
  const claims = await readClaims(call);
  const options = readOptions(call);
  if (holdsPrivateKey([claims, options, call.text("kid")]))
    throw new Failure(
      "INPUT_INVALID",
      "the claims hold a private key or a secret, which all who get the token could read",
    );
  const key = await readKey(call);
  const { sign } = await import("../../inline/jwt.js");
  const token = sign(claims, key, options);
  return { exitCode: DONE, json: { token, alg: key.alg, kid: key.kid ?? null }, text: token };
}

async function readKey(call: Call): Promise<Key> {
  const path = call.text("key");
  const secret = await readSecretKey(call);
  if (path !== undefined && secret !== undefined) throw usage("--key and --secret exclude each other");
  if (secret !== undefined) return secret;
  if (path === undefined) throw usage("give a key: --key FILE, or --secret-file, --secret-env or --secret-stdin");
  const file = await readKeys(call, path);
  const kid = call.text("kid");
  const found = onlyKey(chosen(file, kid), kid, path);
  const alg = call.text("alg") as Algorithm | undefined;
  const key = expectSigning(found.key);
  const signing = alg === undefined || alg === key.alg ? key : key.withAlg(alg);
  if (key.type === "public") throw new Failure("INPUT_INVALID", `${shown(path)} holds a public key, which cannot sign`);
  return kid === undefined || file.form === "JWK Set" ? signing : signing.withKid(kid);
}

/** Of a set that `rotate` keeps, the current key signs. */
function chosen<File extends Awaited<ReturnType<typeof readKeys>>>(file: File, kid: string | undefined): File {
  const current = file.keys.filter(({ jwk }) => jwk?.status === "current");
  return kid === undefined && current.length === 1 ? { ...file, keys: current } : file;
}

async function readClaims(call: Call): Promise<Record<string, unknown>> {
  const inline = call.text("claims");
  const path = call.text("claims-file");
  if (inline !== undefined && path !== undefined) throw usage("--claims and --claims-file exclude each other");
  if (inline !== undefined) expectJson(inline);
  let text = inline ?? "{}";
  if (path !== undefined) {
    const read = textOf(call.readFile(path, "the claims"));
    if (read === undefined) throw new Failure("INPUT_INVALID", "the claims: not UTF-8");
    text = read;
  }
  const claims = new Map(Object.entries(await parseStrict(text, "the claims")));
  for (const [name, value] of [
    ...call.texts("claim").map((pair) => split(pair, "claim")),
    ...call.texts("claim-json").map((pair) => {
      const [name, json] = split(pair, "claim-json");
      return [
        name,
        parsed(json, holdsRandom(name) ? "the value of --claim-json" : `the value of --claim-json ${shown(name)}`),
      ] as const;
    }),
  ]) {
    if (claims.has(name)) throw usage(`the claim ${holdsRandom(name) ? "" : `${shown(name)} `}is given twice`);
    claims.set(name, value);
  }
  return Object.fromEntries(claims);
}

/** Names what else the value of `--claims` is, if it is known. */
function expectJson(text: string): void {
  if (/^[A-Za-z_][\w:./-]*=/.test(text)) throw usage("--claims is not JSON: one claim is given with --claim");
  if (!text.startsWith("{") && (existsSync(text) || /^[\w ./\\-]+\.json$/i.test(text)))
    throw usage("--claims is the name of a file: give it with --claims-file");
  // cmd.exe, and PowerShell before 7.3, take them away.
  if (/^\{\s*'?[A-Za-z_]/.test(text))
    throw usage(
      "--claims has no double quotes around the names: put the claims in a file, and give it with --claims-file",
    );
}

function split(pair: string, option: string): [name: string, value: string] {
  if (pair.startsWith("{")) throw usage(`--${option} is not NAME=VALUE: a whole JSON object is given with --claims`);
  const end = pair.indexOf("=");
  // A secret in base64 may end so.
  if (end < 1 || pair.slice(end) === "==" || (pair.slice(end) === "=" && holdsRandom(pair)))
    throw usage(`--${option} is not NAME=VALUE`);
  return [pair.slice(0, end), pair.slice(end + 1)];
}

function readOptions(call: Call): SignOptions {
  const audience = call.texts("audience");
  const [issuer, subject, jwtId, typ] = ["issuer", "subject", "jwt-id", "typ"].map((name) => call.text(name));
  const profile = call.text("profile") as SignOptions["profile"] | undefined;
  const expiresIn = call.text("expires-in") === "none" ? null : readDuration(call, "expires-in");
  const notBefore = readDuration(call, "not-before");
  return {
    ...(issuer !== undefined && { issuer }),
    ...(subject !== undefined && { subject }),
    ...(audience.length > 0 && { audience: audience.length === 1 ? (audience[0] as string) : audience }),
    ...(jwtId !== undefined && { jwtId: jwtId === "random" ? true : jwtId }),
    ...(typ !== undefined && { typ: typ === "none" ? null : typ }),
    ...(profile !== undefined && { profile }),
    ...(expiresIn !== undefined && { expiresIn }),
    ...(notBefore !== undefined && { notBefore }),
  };
}
