/** `rotate`: retires the current key of a key set file, and adds a next one. It writes over nothing but such a set. */

import { existsSync } from "node:fs";
import type { Algorithm, JsonWebKey } from "../../inline/jwt.js";
import { fromJwk, isJwe, type KeyFile, textOf } from "../../report/read-keys.js";
import { json, shown } from "../../report/text.js";
import type { Call, Outcome } from "../call.js";
import { expectSigning, isPublicSet, publicSet } from "../choose-keys.js";
import { DONE, Failure, usage } from "../failure.js";
import { expectAbsent, isSameFile, PUBLIC_MODE, readBytes, targetOf, withLock, writeWhole } from "../files.js";
import { Passphrase, readKeys } from "../keys.js";
import { encryptJson, kidOf, passphraseFor } from "../write-key.js";

/** How long a retired key verifies by default: longer than tokens and caches of key sets live. */
const KEEP_FOR = "1d";

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

export async function run(call: Call): Promise<Outcome> {
  const [path] = call.positionals;
  if (path === undefined || path === "-") throw usage("name the file with the key set");
  const keepFor = seconds(call.text("keep-for") ?? KEEP_FOR);
  const publicOut = call.text("public-out");
  const adopt = call.text("adopt");
  // The public half is written first. Over the private keys, they would be lost if the command were stopped then.
  if (publicOut !== undefined && isSameFile(path, publicOut))
    throw usage("the key set and --public-out are the same file");
  if (publicOut !== undefined && adopt !== undefined && adopt !== "-" && isSameFile(adopt, publicOut))
    throw usage("--adopt and --public-out are the same file");
  return withLock(path, async () => {
    const isPublished = publicOut !== undefined && expectReplaceable(publicOut, call.has("force"));
    const passphrase = new Passphrase(call);
    const isNew = !existsSync(path);
    if (adopt !== undefined && !isNew)
      throw new Failure("FILE_EXISTS", `${shown(path)} exists: --adopt makes a new set, so use another name`);
    const file = isNew ? undefined : await readSet(call, path, passphrase);
    if (!isNew && call.has("no-passphrase")) throw usage("--no-passphrase is for new files: others stay as they are");
    const adopted = adopt === undefined ? undefined : await readAdopted(call, adopt, passphrase);
    const secret = await passphraseOf(call, path, file ?? adopted, isNew, passphrase);
    const now = Math.floor(Date.now() / 1000);
    const { keys, removed } = await rotated(call, file?.keys ?? adopted?.keys ?? [], now, keepFor);
    const set = { ...file?.set, keys };
    const found = await Promise.all(keys.map((jwk) => fromJwk(jwk)));
    const published = publicSet(
      found.map((each) => ({ ...each, form: "JWK Set" })),
      now,
    );
    const text = secret === undefined ? json(set, 2) : await encryptJson(set, secret);
    // First what others need: a key must be published before it signs.
    if (publicOut !== undefined)
      writeWhole(publicOut, `${json(published, 2)}\n`, { mode: PUBLIC_MODE, force: isPublished });
    writeWhole(path, `${text}\n`, { force: !isNew });
    const states = keys.map(({ kid, alg, status, exp }) => ({ kid, alg, status, ...(exp !== undefined && { exp }) }));
    return {
      exitCode: DONE,
      json: {
        file: path,
        ...(adopt !== undefined && { adopted: adopt }),
        keys: states,
        removed,
        encrypted: secret !== undefined,
      },
      text: inWords(states, removed),
    };
  });
}

/** Whether there is a file to replace. Without `--force`, it must be what an earlier rotation could have written. */
function expectReplaceable(path: string, force: boolean): boolean {
  const target = targetOf(path);
  if (!existsSync(target)) {
    expectAbsent(path, false);
    return false;
  }
  if (force || isPublicSet(textOf(readBytes(path)))) return true;
  throw new Failure(
    "FILE_EXISTS",
    `${shown(path)} exists and is not a JWK Set of public keys: use another name, or --force to replace it`,
  );
}

/** The passphrase of the file: the one that it has or that an adopted key had, or a new one. */
async function passphraseOf(
  call: Call,
  path: string,
  source: Keys | undefined,
  isNew: boolean,
  passphrase: Passphrase,
): Promise<string | undefined> {
  if (source?.isEncrypted === true) return call.has("no-passphrase") ? undefined : passphrase.known;
  return isNew ? passphraseFor(call, path) : undefined;
}

interface Rotation {
  keys: JsonWebKey[];
  removed: string[];
}

async function rotated(call: Call, all: readonly JsonWebKey[], now: number, keepFor: number): Promise<Rotation> {
  const current = all.find(({ status }) => status === "current");
  const alg = (call.text("alg") ?? current?.alg ?? "EdDSA") as Algorithm;
  const added = await newKey(call, alg, now, "next");
  if (current === undefined) return { keys: [await newKey(call, alg, now, "current"), added], removed: [] };
  const next = all.find(({ status }) => status === "next");
  const retired = all.filter(({ status }) => status === "retired");
  const isOver = ({ exp }: JsonWebKey) => (exp as number) <= now;
  // Without a next key, no other key is published that could sign.
  const signing: JsonWebKey[] = [next === undefined ? current : { ...next, status: "current" }, added];
  const replaced = next === undefined ? [] : [{ ...current, status: "retired", exp: now + keepFor }];
  return {
    keys: [...signing, ...replaced, ...retired.filter((jwk) => !isOver(jwk))],
    removed: retired.filter(isOver).map(({ kid }) => String(kid)),
  };
}

/** The private keys of a file, each as a JWK. */
interface Keys {
  keys: JsonWebKey[];
  isEncrypted: boolean;
  /** The set itself. */
  set?: Record<string, unknown> | undefined;
}

/** The keys of the file, each with its status. A file that is not a set with `status` is refused: it is not replaced. */
async function readSet(call: Call, path: string, passphrase: Passphrase): Promise<Keys> {
  const text = textOf(readBytes(path));
  const isSet = isSetAlone(text);
  // Of a single key, nobody needs to give the passphrase.
  if (!isSet && /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text ?? "")) throw notKept(path, "is a single key");
  const file = await readKeys(call, path, passphrase, { alg: undefined });
  const all = privateKeys(file, path);
  if (file.form !== "JWK Set") throw notKept(path, "is a single key");
  if (!isSet) throw notKept(path, "holds more than a key set");
  if (all.length > 0 && all.every(({ status }) => status === undefined))
    throw notKept(path, 'is a key set without "status"');
  const count = (status: string) => all.filter((jwk) => jwk.status === status).length;
  const isKnown = ({ status, exp }: JsonWebKey) =>
    status === "current" || status === "next" || (status === "retired" && typeof exp === "number");
  if (!all.every(isKnown) || count("current") !== 1 || 1 < count("next")) {
    throw new Failure(
      "INPUT_INVALID",
      `${shown(path)} needs one key with "status": "current", at most one "next", and an "exp" for each that is "retired"`,
    );
  }
  return { keys: all, isEncrypted: file.isEncrypted, set: file.set };
}

/** Whether a text is a JWK Set or an encrypted one, and nothing else. Keys are also read from lines of settings. */
function isSetAlone(text: string | undefined): boolean {
  const alone = (text ?? "").replace(/^\ufeff/, "").trim();
  if (isJwe(alone)) return true;
  try {
    return Array.isArray(JSON.parse(alone).keys);
  } catch {
    return false;
  }
}

function notKept(path: string, what: string): Failure {
  const name = shown(path);
  return new Failure(
    "INPUT_INVALID",
    `${name} ${what}, not a set that rotate keeps: name a new file, and take the key over with --adopt ${name}`,
  );
}

/** The key of another file, which becomes the current one of a new set. Its file stays as it is. */
async function readAdopted(call: Call, path: string, passphrase: Passphrase): Promise<Keys> {
  const file = await readKeys(call, path, passphrase, { alg: undefined });
  const [jwk, another] = privateKeys(file, path, call.text("alg"));
  const name = path === "-" ? "standard input" : shown(path);
  if (jwk === undefined) throw new Failure("INPUT_INVALID", `${name} holds no key`);
  if (another !== undefined) {
    const command = `countersign convert ${path === "-" ? "FILE" : name} --kid KID --out ONE.json`;
    throw new Failure("INPUT_INVALID", `${name} holds several keys, and --adopt takes one: ${command} writes one`);
  }
  if (typeof jwk.exp === "number" && jwk.exp <= Date.now() / 1000)
    throw new Failure("INPUT_INVALID", `${name} holds a key whose "exp" has passed`);
  return { keys: [{ ...jwk, status: "current" }], isEncrypted: file.isEncrypted };
}

/** The keys of a file as JWKs. Nothing is lost that is not understood: the file is then refused. */
function privateKeys(file: KeyFile, path: string, alg?: string): JsonWebKey[] {
  const [bad] = file.rejected;
  if (bad !== undefined)
    throw new Failure("INPUT_INVALID", `${shown(path)}: key ${bad.index} cannot be read: ${bad.message}`);
  return file.keys.map(({ key: found, jwk, isGuessed }) => {
    const key = expectSigning(found);
    if (key.type !== "private") throw new Failure("INPUT_INVALID", `${shown(path)} holds a key that is not private`);
    // The file of an RSA key does not always say its algorithm. The new keys then have the same, if it is for RSA.
    const stated = isGuessed && alg !== undefined && /^[RP]S/.test(alg) ? alg : key.alg;
    return { ...(jwk ?? key.toJwk({ private: true })), alg: stated, kid: key.kid ?? kidOf(key) };
  });
}

async function newKey(call: Call, alg: Algorithm, now: number, status: string): Promise<JsonWebKey> {
  const { Key } = await import("../../inline/jwt.js");
  const modulusLength = call.count("modulus-length");
  const key = await Key.generateAsync(alg, modulusLength === undefined ? {} : { modulusLength });
  return { ...key.withKid(kidOf(key)).toJwk({ private: true }), iat: now, status };
}

function seconds(text: string): number {
  const [, count, unit] = /^(\d{1,9})([smhdw])$/.exec(text) ?? [];
  if (count === undefined || unit === undefined) throw usage("--keep-for is not a duration such as 12h or 7d");
  return Number(count) * (UNITS[unit] ?? 0);
}

function inWords(keys: { kid?: unknown; status?: unknown; exp?: unknown }[], removed: readonly string[]): string {
  const lines = keys.map(({ kid, status, exp }) => {
    const until = typeof exp === "number" ? `, until ${new Date(exp * 1000).toISOString()}` : "";
    return `${String(status).padEnd(8)} ${shown(String(kid))}${until}`;
  });
  return [...lines, ...removed.map((kid) => `removed  ${shown(kid)}`)].join("\n");
}
