// The password libraries at equal costs, each used as its documentation advises. A library is imported when it is asked for.

import { PasswordHasher } from "countersign/password";

const PASSWORD = "correct horse battery staple";
/** `Algorithm.Argon2id` of @node-rs/argon2, which is a type-only enum. */
const NODE_RS_ARGON2ID = 2;
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const LANES = { memoryCost: 65_536, timeCost: 3, parallelism: 4 };
const SCRYPT = { N: 2 ** 17, r: 8, p: 1 };
const ROUNDS = 600_000;
const BCRYPT_COST = 10;

const salt16 = () => crypto.getRandomValues(new Uint8Array(16));

/**
 * By scheme: a policy of ours, and the peers, which give `hash(password)` and `verify(password, stored)`, perhaps by a
 * promise. `everywhere` schemes are measured in every runtime, the others on one.
 */
export const SCHEMES = {
  "Argon2id (19,456 KiB, 2 passes, 1 lane)": { everywhere: true, policy: {}, peers: argon2Peers(ARGON2) },
  "Argon2id (65,536 KiB, 3 passes, 4 lanes)": {
    policy: { preset: "rfc9106-low-memory" },
    peers: without("@noble/hashes", argon2Peers(LANES)), // takes more than a second
  },
  "bcrypt (cost 10)": {
    policy: { scheme: "bcrypt", params: { cost: BCRYPT_COST } },
    peers: {
      "hash-wasm": async () => {
        const { bcrypt, bcryptVerify } = await import("hash-wasm");
        return {
          hash: (password) => bcrypt({ password, salt: salt16(), costFactor: BCRYPT_COST, outputType: "encoded" }),
          verify: (password, hash) => bcryptVerify({ password, hash }),
        };
      },
      bcryptjs: async () => {
        const { default: bcryptjs } = await import("bcryptjs");
        return {
          hash: (password) => bcryptjs.hashSync(password, BCRYPT_COST),
          verify: (password, stored) => bcryptjs.compareSync(password, stored),
        };
      },
      "@node-rs/bcrypt (native)": async () => {
        const { hashSync, verifySync } = await import("@node-rs/bcrypt");
        return { hash: (password) => hashSync(password, { cost: BCRYPT_COST }), verify: verifySync };
      },
    },
  },
  "scrypt (N = 2^17, r = 8, p = 1)": {
    policy: { scheme: "scrypt", params: { cost: 17, blockSize: 8, parallelism: 1 } },
    peers: {
      "hash-wasm": async () => {
        const { scrypt } = await import("hash-wasm");
        const { N: costFactor, r: blockSize, p: parallelism } = SCRYPT;
        const options = { costFactor, blockSize, parallelism, hashLength: 32, outputType: "binary" };
        return { hash: (password) => scryptPhc((salt) => scrypt({ password, salt, ...options })) };
      },
      "@noble/hashes": async () => {
        const { scrypt } = await import("@noble/hashes/scrypt.js");
        return { hash: (password) => scryptPhc((salt) => scrypt(password, salt, { ...SCRYPT, dkLen: 32 })) };
      },
      "node:crypto (native)": async () => {
        const { scryptSync } = await import("node:crypto");
        return {
          hash: (password) => scryptPhc((salt) => scryptSync(password, salt, 32, { ...SCRYPT, maxmem: 2 ** 28 })),
        };
      },
    },
  },
  "PBKDF2-SHA256 (600,000 iterations)": {
    policy: { scheme: "pbkdf2-sha256", params: { iterations: ROUNDS } },
    peers: {
      "hash-wasm": async () => {
        const { createSHA256, pbkdf2 } = await import("hash-wasm");
        const options = { iterations: ROUNDS, hashLength: 32, outputType: "binary" };
        return {
          hash: (password) =>
            pbkdf2Passlib((salt) => pbkdf2({ password, salt, ...options, hashFunction: createSHA256() })),
        };
      },
      "@noble/hashes": async () => {
        const [{ pbkdf2 }, { sha256 }] = await Promise.all([
          import("@noble/hashes/pbkdf2.js"),
          import("@noble/hashes/sha2.js"),
        ]);
        return {
          hash: (password) => pbkdf2Passlib((salt) => pbkdf2(sha256, password, salt, { c: ROUNDS, dkLen: 32 })),
        };
      },
      "node:crypto (native)": async () => {
        const { pbkdf2Sync } = await import("node:crypto");
        return { hash: (password) => pbkdf2Passlib((salt) => pbkdf2Sync(password, salt, ROUNDS, 32, "sha256")) };
      },
    },
  },
};

function argon2Peers(cost) {
  return {
    "hash-wasm": async () => {
      const { argon2id, argon2Verify } = await import("hash-wasm");
      const { memoryCost: memorySize, timeCost: iterations, parallelism } = cost;
      const options = { memorySize, iterations, parallelism, hashLength: 32, outputType: "encoded" };
      return {
        hash: (password) => argon2id({ password, salt: salt16(), ...options }),
        verify: (password, hash) => argon2Verify({ password, hash }),
      };
    },
    "argon2 (native)": async () => {
      const argon2 = await import("argon2");
      return {
        hash: (password) => argon2.hash(password, { ...cost, type: argon2.argon2id, hashLength: 32 }),
        verify: (password, stored) => argon2.verify(stored, password),
      };
    },
    "@node-rs/argon2 (native)": async () => {
      const { hash, verify } = await import("@node-rs/argon2");
      return {
        hash: (password) => hash(password, { ...cost, algorithm: NODE_RS_ARGON2ID, outputLen: 32 }),
        verify: (password, stored) => verify(stored, password),
      };
    },
    "@noble/hashes": async () => {
      const { argon2id } = await import("@noble/hashes/argon2.js");
      const { memoryCost: m, timeCost: t, parallelism: p } = cost;
      return {
        hash: (password) => {
          const salt = salt16();
          const tag = argon2id(password, salt, { m, t, p, dkLen: 32 });
          return `$argon2id$v=19$m=${m},t=${t},p=${p}$${unpadded(salt)}$${unpadded(tag)}`;
        },
      };
    },
  };
}

function without(name, { [name]: _, ...others }) {
  return others;
}

/**
 * The contenders that hash, or verify, a password. Each proves before it is timed that its hash has the costs of ours and
 * matches the password, and that it refuses another password.
 */
export function contendersFor({ policy, peers }, task) {
  const hasher = new PasswordHasher(policy);
  const stored = hasher.hash(PASSWORD);
  const costs = JSON.stringify(hasher.describe(stored));
  const ours = {
    hash: (password) => hasher.hash(password),
    verify: (password, hash) => hasher.verify(password, hash).ok,
  };
  const prepare = (load) => async () => {
    const library = await load();
    if (library[task] === undefined) throw new Error(`has no ${task} for this form`);
    const made = await library.hash(PASSWORD);
    if (JSON.stringify(hasher.describe(made)) !== costs) throw new Error("stores another hash");
    const { ok, needsRehash } = hasher.verify(PASSWORD, made);
    if (!ok || needsRehash) throw new Error("computes another hash");
    if (task === "hash") return () => library.hash(PASSWORD);
    if (!(await library.verify(PASSWORD, stored)) || (await library.verify("another", stored)))
      throw new Error("checks in another way");
    return () => library.verify(PASSWORD, stored);
  };
  return Object.fromEntries(
    Object.entries({ countersign: async () => ours, ...peers }).map(([name, load]) => [name, prepare(load)]),
  );
}

async function scryptPhc(compute) {
  const salt = salt16();
  return `$scrypt$ln=17,r=8,p=1$${unpadded(salt)}$${unpadded(await compute(salt))}`;
}

/** As passlib writes it, with a dot for a plus. */
async function pbkdf2Passlib(compute) {
  const salt = salt16();
  const texts = [salt, await compute(salt)].map(unpadded);
  return `$pbkdf2-sha256$${ROUNDS}$${texts.join("$").replaceAll("+", ".")}`;
}

function unpadded(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("=", "");
}
