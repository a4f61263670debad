/** `rotate`: retires the current key of a key set file, and adds a next one. */

import { existsSync } from "node:fs";
import type { Algorithm, JsonWebKey } from "../../inline/jwt.js";
import { fromJwk, type KeyFile, textOf } from "../../report/keys.js";
import { json, shown } from "../../report/text.js";
import type { Call, Outcome } from "../call.js";
import { expectSigning, isPublicSet, publicSet } from "../choose-keys.js";
import { DONE, Failure, usage } from "../failure.js";
import { isSameFile, PUBLIC_MODE, readBytes, targetOf, withLock, writeWhole } from "../files.js";
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
  // The public half is written first. Over the private keys, they would be lost if the command were stopped then.
  if (publicOut !== undefined && isSameFile(path, publicOut))
    throw usage("the key set and --public-out are the same file");
  return withLock(path, async () => {
    const isPublished = publicOut !== undefined && expectReplaceable(publicOut, call.has("force"));
    const passphrase = new Passphrase(call);
    const isNew = !existsSync(path);
    const file = isNew ? undefined : await readKeys(call, path, passphrase);
    if (!isNew && call.has("no-passphrase")) throw usage("--no-passphrase is for new files: others stay as they are");
    const secret =
      file === undefined ? await passphraseFor(call, path) : file.isEncrypted ? passphrase.known : undefined;
    const now = Math.floor(Date.now() / 1000);
    const { keys, removed } = await rotated(call, file, path, now, keepFor);
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
      json: { file: path, keys: states, removed, encrypted: secret !== undefined },
      text: inWords(states, removed),
    };
  });
}

/** Whether there is a file to replace. Without `--force`, it must be what an earlier rotation could have written. */
function expectReplaceable(path: string, force: boolean): boolean {
  const target = targetOf(path);
  if (!existsSync(target)) return false;
  if (force || isPublicSet(textOf(readBytes(path)))) return true;
  throw new Failure(
    "FILE_EXISTS",
    `${shown(path)} exists and is not a JWK Set of public keys: use another name, or --force to replace it`,
  );
}

interface Rotation {
  keys: JsonWebKey[];
  removed: string[];
}

async function rotated(
  call: Call,
  file: KeyFile | undefined,
  path: string,
  now: number,
  keepFor: number,
): Promise<Rotation> {
  const all = await readSet(file, path);
  const current = all.find(({ status }) => status === "current");
  const alg = (call.text("alg") ?? current?.alg ?? "EdDSA") as Algorithm;
  if (current === undefined) {
    return { keys: [await newKey(call, alg, now, "current"), await newKey(call, alg, now, "next")], removed: [] };
  }
  const next = all.find(({ status }) => status === "next") ?? (await newKey(call, alg, now, "next"));
  const retired = all.filter(({ status }) => status === "retired");
  const isOver = ({ exp }: JsonWebKey) => (exp as number) <= now;
  return {
    keys: [
      { ...next, status: "current" },
      await newKey(call, alg, now, "next"),
      { ...current, status: "retired", exp: now + keepFor },
      ...retired.filter((jwk) => !isOver(jwk)),
    ],
    removed: retired.filter(isOver).map(({ kid }) => String(kid)),
  };
}

/** The keys of the file, each with its status. Nothing is lost that is not understood: the file is then refused. */
async function readSet(file: KeyFile | undefined, path: string): Promise<JsonWebKey[]> {
  if (file === undefined) return [];
  const [bad] = file.rejected;
  if (bad !== undefined)
    throw new Failure("INPUT_INVALID", `${shown(path)}: key ${bad.index} cannot be read: ${bad.message}`);
  const isSingle = file.keys.length === 1;
  const all = file.keys.map(({ key, jwk }) => {
    if (expectSigning(key).type !== "private")
      throw new Failure("INPUT_INVALID", `${shown(path)} holds a key that is not private`);
    // A file of one key, as keygen writes it, becomes a set.
    const status = jwk?.status ?? (isSingle ? "current" : undefined);
    return { ...(jwk ?? key.toJwk({ private: true })), alg: key.alg, kid: key.kid ?? kidOf(key), status } as JsonWebKey;
  });
  const count = (status: string) => all.filter((jwk) => jwk.status === status).length;
  const isKnown = ({ status, exp }: JsonWebKey) =>
    status === "current" || status === "next" || (status === "retired" && typeof exp === "number");
  if (all.length === 0 || !all.every(isKnown) || count("current") !== 1 || 1 < count("next")) {
    throw new Failure(
      "INPUT_INVALID",
      `${shown(path)} needs one key with "status": "current", at most one "next", and an "exp" for each that is "retired"`,
    );
  }
  return all;
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
