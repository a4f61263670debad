// The other schemes and costs that passwords are stored with: what it takes to hash one.

import { pbkdf2Sync, randomBytes, scryptSync } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { pbkdf2 } from "@noble/hashes/pbkdf2.js";
import { scrypt } from "@noble/hashes/scrypt.js";
import { sha256 } from "@noble/hashes/sha2.js";
import * as nodeRs from "@node-rs/argon2";
import * as native from "argon2";
import bcryptjs from "bcryptjs";
import { PasswordHasher } from "countersign/password";
import { argon2id, bcrypt } from "hash-wasm";

const PASSWORD = "correct horse battery staple";
/** Its `Algorithm.Argon2id`, which is a type-only enum. */
const NODE_RS_ARGON2ID = 2;
const LANES = { memoryCost: 65_536, timeCost: 3, parallelism: 4 };
const SCRYPT = { N: 2 ** 17, r: 8, p: 1 };
const ROUNDS = 600_000;

/** A policy of ours, and peers that hash a password at the same costs, in a form that we check. */
const SCHEMES = {
  "Argon2id (65536 KiB, 3 passes, 4 lanes)": {
    policy: { preset: "rfc9106-low-memory" },
    peers: {
      "hash-wasm": () =>
        argon2id({
          password: PASSWORD,
          salt: randomBytes(16),
          memorySize: LANES.memoryCost,
          iterations: LANES.timeCost,
          parallelism: LANES.parallelism,
          hashLength: 32,
          outputType: "encoded",
        }),
      "argon2 (native)": () => native.hash(PASSWORD, { ...LANES, type: native.argon2id, hashLength: 32 }),
      "@node-rs/argon2 (native)": () => nodeRs.hash(PASSWORD, { ...LANES, algorithm: NODE_RS_ARGON2ID, outputLen: 32 }),
    },
  },
  "bcrypt (cost 10)": {
    policy: { scheme: "bcrypt", params: { cost: 10 } },
    peers: {
      "hash-wasm": () => bcrypt({ password: PASSWORD, salt: randomBytes(16), costFactor: 10, outputType: "encoded" }),
      bcryptjs: () => bcryptjs.hashSync(PASSWORD, 10),
    },
  },
  "scrypt (N = 2^17, r = 8, p = 1)": {
    policy: { scheme: "scrypt", params: { cost: 17, blockSize: 8, parallelism: 1 } },
    peers: {
      "@noble/hashes": () => scryptPhc((salt) => scrypt(PASSWORD, salt, { ...SCRYPT, dkLen: 32 })),
      "node:crypto (native)": () => scryptPhc((salt) => scryptSync(PASSWORD, salt, 32, { ...SCRYPT, maxmem: 2 ** 28 })),
    },
  },
  "PBKDF2-SHA256 (600,000 iterations)": {
    policy: { scheme: "pbkdf2-sha256", params: { iterations: ROUNDS } },
    peers: {
      "@noble/hashes": () => pbkdf2Passlib((salt) => pbkdf2(sha256, PASSWORD, salt, { c: ROUNDS, dkLen: 32 })),
      "node:crypto (native)": () => pbkdf2Passlib((salt) => pbkdf2Sync(PASSWORD, salt, ROUNDS, 32, "sha256")),
    },
  },
};

/** By scheme and costs: calls that hash the password, of ours and of its peers, which may answer with a promise. */
export const contenders = Object.fromEntries(
  Object.entries(SCHEMES).map(([name, { policy, peers }]) => {
    const hasher = new PasswordHasher(policy);
    return [name, { countersign: () => hasher.hash(PASSWORD), ...peers }];
  }),
);

/** Proves that what is timed is the work: each peer's hash says that it has the costs of ours, and is the password's. */
export async function expectAgreement() {
  for (const [scheme, { policy, peers }] of Object.entries(SCHEMES)) {
    const hasher = new PasswordHasher(policy);
    const costs = hasher.describe(hasher.hash(PASSWORD));
    for (const [name, hash] of Object.entries(peers)) {
      const stored = await hash();
      if (!isDeepStrictEqual(hasher.describe(stored), costs)) throw new Error(`${name} has another ${scheme}`);
      const { ok, needsRehash } = hasher.verify(PASSWORD, stored);
      if (!ok || needsRehash) throw new Error(`${name} computes another ${scheme}`);
    }
  }
}

function scryptPhc(compute) {
  const salt = randomBytes(16);
  return `$scrypt$ln=17,r=8,p=1$${unpadded(salt)}$${unpadded(compute(salt))}`;
}

/** As passlib writes it, with a dot for a plus. */
function pbkdf2Passlib(compute) {
  const salt = randomBytes(16);
  return `$pbkdf2-sha256$${ROUNDS}$${[salt, compute(salt)].map(unpadded).join("$").replaceAll("+", ".")}`;
}

function unpadded(bytes) {
  return Buffer.from(bytes).toString("base64").replaceAll("=", "");
}
