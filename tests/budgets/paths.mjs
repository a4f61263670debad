// How many instructions the modules execute on the paths that programs take most. The modules of pkg/dist run in their own
// glue, with a counter, with a clock that stands still and without chance, so that the numbers are the same everywhere.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { ecJwks, ed25519Jwk, rsaJwk } from "../runtimes/javascript/materials.mjs";
import { COUNTER, metered } from "./meter.mjs";

const NOW = 1_800_000_000;
const KEYS = 1000;
const claims = { sub: "alice", scope: "profile orders:read" };
const expected = { issuer: "https://login.example", audience: "https://api.example" };

/** By path: the instructions of one call, in the mean of a few. */
export async function instructions() {
  withoutChance();
  const instances = watchInstances();
  const { argon2, jwt, password } = await load();
  const count = (call, calls = 4) => {
    // These calls compute tables that later ones use.
    for (let index = 0; index < calls; index += 1) call(index);
    const before = sum(instances);
    for (let index = 0; index < calls; index += 1) call(index);
    return Math.round(Number(sum(instances) - before) / calls);
  };
  return { ...tokens(jwt, count), ...keys(jwt, count), ...passwords({ argon2, password }, count) };
}

async function load() {
  const [jwt, argon2, password] = await Promise.all(
    ["jwt", "argon2", "password"].map((name) => import(`countersign/${name}/slim`)),
  );
  for (const [name, entry] of Object.entries({ jwt, argon2, password })) {
    const path = createRequire(import.meta.url).resolve(`countersign/${name}.wasm`);
    entry.initSync(metered(readFileSync(path)));
  }
  // RSA, ECDSA and Ed25519 are counted as they run in browsers.
  jwt.usePlatformCryptography(false);
  return { argon2, jwt, password };
}

function tokens(jwt, count) {
  const { Key, Signer, Verifier } = jwt;
  const found = {};
  const secret = Key.fromSecret(new Uint8Array(32).fill(7), { alg: "HS256" });
  const pairs = {
    HS256: secret,
    EdDSA: Key.fromJwk(ed25519Jwk, { alg: "EdDSA" }),
    ES256: Key.fromJwk(ecJwks.ES256, { alg: "ES256" }),
    RS256: Key.fromJwk(rsaJwk, { alg: "RS256" }),
    PS256: Key.fromJwk(rsaJwk, { alg: "PS256" }),
  };
  for (const [alg, key] of Object.entries(pairs)) {
    const signer = new Signer(key, expected);
    const verifier = new Verifier(alg === "HS256" ? key : key.publicKey(), expected);
    const token = signer.sign(claims);
    found[`sign ${alg}`] = count(() => signer.sign(claims));
    found[`verify ${alg}`] = count(() => verifier.verify(token));
  }
  const signer = new Signer(secret, expected);
  const verifier = new Verifier(secret, expected);
  const long = signer.sign({ ...claims, permissions: Array.from({ length: 300 }, (_, index) => `orders:${index}`) });
  found["verify HS256, 5 KB"] = count(() => verifier.verify(long));
  const good = signer.sign(claims);
  const wrong = {
    "another signature": good.slice(0, -2) + (good.endsWith("AA") ? "BA" : "AA"),
    expired: new Signer(secret, expected).sign({ ...claims, exp: NOW - 1 }),
    "another audience": new Signer(secret, { ...expected, audience: "https://other.example" }).sign(claims),
  };
  for (const [what, token] of Object.entries(wrong)) {
    found[`refuse HS256, ${what}`] = count(() => refuse(() => verifier.verify(token)));
  }
  return found;
}

function keys({ Key, KeySet, Signer, Verifier }, count) {
  const all = Array.from({ length: KEYS }, (_, index) => {
    const bytes = new Uint8Array(32).fill(1);
    bytes.set([index >> 8, index & 255]);
    return Key.fromSecret(bytes, { alg: "HS256", kid: `key-${index}` });
  });
  const tokensOf = (set) => set.map((key) => new Signer(key, expected).sign(claims));
  const verifyWith = (set, chosen) => {
    const verifier = new Verifier(new KeySet(set), expected);
    const made = tokensOf(chosen);
    return count((index = 0) => verifier.verify(made[index]));
  };
  const pem = Object.fromEntries(
    Object.entries({ EdDSA: ed25519Jwk, ES256: ecJwks.ES256, RS256: rsaJwk }).map(([alg, jwk]) => [
      alg,
      Key.fromJwk(jwk, { alg }).toPem(),
    ]),
  );
  return {
    "verify HS256, 4 keys in the set": verifyWith(all.slice(0, 4), all.slice(0, 4)),
    "verify HS256, 1,000 keys in the set": verifyWith(all, [all[1], all[333], all[666], all[999]]),
    ...Object.fromEntries(
      Object.entries(pem).map(([alg, text]) => [`import ${alg}`, count(() => Key.fromPem(text, { alg }).free())]),
    ),
  };
}

function passwords({ argon2, password }, count) {
  const small = { params: { memoryKib: 64, passes: 1, lanes: 1 } };
  const hasher = new argon2.PasswordHasher(small);
  const bcrypt = new password.PasswordHasher({ scheme: "bcrypt", params: { cost: 10 } });
  const stored = hasher.hash("a password");
  return {
    "hash Argon2id, 64 KiB": count(() => hasher.hash("a password")),
    "verify Argon2id, 64 KiB": count(() => hasher.verify("a password", stored)),
    "hash bcrypt, cost 10": count(() => bcrypt.hash("a password"), 1),
  };
}

function refuse(call) {
  try {
    call();
  } catch {
    return;
  }
  throw new Error("the token is accepted");
}

/** All instances that are made from now on. */
function watchInstances() {
  const instances = [];
  const { Instance } = WebAssembly;
  WebAssembly.Instance = class extends Instance {
    constructor(...given) {
      super(...given);
      instances.push(this);
    }
  };
  return instances;
}

const sum = (instances) => instances.reduce((all, { exports }) => all + (exports[COUNTER]?.value ?? 0n), 0n);

/** The clock stands still, and random bytes come from a generator of fixed numbers (xorshift). */
function withoutChance() {
  Date.now = () => 1000 * NOW;
  let state = 0x9e3779b9;
  crypto.getRandomValues = (array) => {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    for (let index = 0; index < bytes.length; index += 1) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      bytes[index] = state >>> 24;
    }
    return array;
  };
}
