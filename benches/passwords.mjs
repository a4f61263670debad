// The password libraries: Argon2id with OWASP's 19456 KiB, 2 passes and 1 lane, a salt of 16 bytes and a tag of 32.

import { randomBytes } from "node:crypto";
import * as nodeRs from "@node-rs/argon2";
import * as native from "argon2";
import { PasswordHasher } from "countersign/password";
import { argon2id, argon2Verify } from "hash-wasm";

const PASSWORD = "correct horse battery staple";
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Its `Algorithm.Argon2id`, which is a type-only enum. */
const NODE_RS_ARGON2ID = 2;

const hasher = new PasswordHasher();

/** `hash(password)` gives a PHC string, `verify(password, stored)` a boolean; both perhaps as a promise. */
export const libraries = {
  countersign: {
    hash: (password) => hasher.hash(password),
    verify: (password, stored) => hasher.verify(password, stored).ok,
  },
  "hash-wasm": {
    hash: (password) =>
      argon2id({
        password,
        salt: randomBytes(16),
        memorySize: COST.memoryCost,
        iterations: COST.timeCost,
        parallelism: COST.parallelism,
        hashLength: 32,
        outputType: "encoded",
      }),
    verify: (password, hash) => argon2Verify({ password, hash }),
  },
  "argon2 (native)": {
    hash: (password) => native.hash(password, { ...COST, type: native.argon2id, hashLength: 32 }),
    verify: (password, stored) => native.verify(stored, password),
  },
  "@node-rs/argon2 (native)": {
    hash: (password) => nodeRs.hash(password, { ...COST, algorithm: NODE_RS_ARGON2ID, outputLen: 32 }),
    verify: (password, stored) => nodeRs.verify(stored, password),
  },
};

/** The contenders of a comparison. All verify the same stored hash. */
export function contenders(task) {
  const stored = hasher.hash(PASSWORD);
  const call = task === "hash" ? ({ hash }) => hash(PASSWORD) : ({ verify }) => verify(PASSWORD, stored);
  return Object.fromEntries(Object.entries(libraries).map(([name, library]) => [name, () => call(library)]));
}

/** Proves that what is timed is the work: each library's hashes have this cost, and each checks another's. */
export async function expectAgreement() {
  const ours = hasher.hash(PASSWORD);
  for (const [name, { hash, verify }] of Object.entries(libraries)) {
    const stored = await hash(PASSWORD);
    const asDemanded = /^\$argon2id\$v=19\$m=19456,(t=2,p=1|p=1,t=2)\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/.test(
      stored,
    );
    if (!asDemanded || !hasher.verify(PASSWORD, stored).ok) throw new Error(`${name} stores another hash`);
    const answers = [await verify(PASSWORD, ours), await verify("another password", ours)];
    if (answers.join() !== "true,false") throw new Error(`${name} checks in another way`);
  }
}
