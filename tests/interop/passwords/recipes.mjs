// Hashes and checks passwords as software does that cannot be run here, by its documentation or its source, with
// node:crypto, bcryptjs and argon2: by jobs of the form that peer.py describes. Where hashes of the software itself are
// known (originals.json), the recipe is checked with them.

import { createCipheriv, createHash, createHmac, pbkdf2Sync, randomBytes, scryptSync } from "node:crypto";
import argon2 from "argon2";
import bcryptjs from "bcryptjs";

const hex = (bytes) => bytes.toString("hex");
const base64 = (bytes) => bytes.toString("base64");
const unpadded = (bytes) => base64(bytes).replaceAll("=", "");
/** passlib's base64: `.` for `+`, no padding. */
const adapted = (bytes) => unpadded(bytes).replaceAll("+", ".");
const digest = (name, ...parts) => parts.reduce((hash, part) => hash.update(part), createHash(name)).digest();
const saltText = (bytes) => hex(randomBytes(bytes));

/** The way of hashing of a form whose check hashes again: `write` takes the password and what `read` finds in a hash. */
const again = (fresh, read, write) => ({
  hash: (password, options) => write(password, { ...options, ...fresh(options) }),
  verify: async (password, stored) => (await write(password, read(stored))) === stored,
});
/** A label before a hash of bcrypt or Argon2. */
const labeled = (label, inner) => ({
  hash: async (password, options) => label + (await inner.hash(password, options)),
  verify: (password, stored) => stored.startsWith(label) && inner.verify(password, stored.slice(label.length)),
});

const bcryptOver = (prepare, prefix = "$2a$") => ({
  hash: (password, { rounds }) =>
    bcryptjs.hashSync(prepare(password), bcryptjs.genSaltSync(rounds).replace("$2b$", prefix)),
  verify: (password, stored) => bcryptjs.compareSync(prepare(password), stored),
});
const plain = (password) => password;
const argon2id = {
  hash: (password, { time, memory, threads, type = "argon2id" }) =>
    argon2
      .hash(password, { timeCost: time, memoryCost: memory, parallelism: threads, type: argon2[type] })
      // All software but npm's argon2 writes this order.
      .then((text) => text.replace(/m=(\d+),p=(\d+),t=(\d+)/, "m=$1,t=$3,p=$2")),
  verify: (password, stored) => argon2.verify(stored, password),
};

/** What tutorials of Node.js store: node's scrypt with its defaults, the salt and the key in hexadecimal. */
function ofNode(write, read, salted = (text) => text) {
  return again(
    () => ({ salt: saltText(16) }),
    (stored) => ({ salt: read.exec(stored).groups.salt }),
    (password, { salt }) => write(salt, hex(scryptSync(password, salted(salt), 64))),
  );
}
const bytesOfHex = (text) => Buffer.from(text, "hex");

/** The same with PBKDF2. */
function ofNodePbkdf2(iterations, digestName, keyBytes) {
  return again(
    () => ({ salt: saltText(16) }),
    (stored) => ({ salt: stored.split(":")[0] }),
    (password, { salt }) => `${salt}:${hex(pbkdf2Sync(password, salt, iterations, keyBytes, digestName))}`,
  );
}

/** Keycloak's columns in passlib's form. */
const ofKeycloak = again(
  () => ({ salt: randomBytes(16) }),
  (stored) => {
    const [, name, iterations, salt, tag] = stored.split("$");
    const bytes = (text) => Buffer.from(text.replaceAll(".", "+"), "base64");
    return { digest: name.slice(7), iterations: Number(iterations), salt: bytes(salt), bytes: bytes(tag).length };
  },
  (password, { digest: name, iterations, salt, bytes }) =>
    `$pbkdf2-${name}$${iterations}$${adapted(salt)}$${adapted(pbkdf2Sync(password, salt, iterations, bytes, name))}`,
);

/** Pbkdf2PasswordEncoder of Spring Security 5.8 and of before. */
const springPbkdf2 = (label, saltBytes, iterations, name, encoding = "hex") =>
  again(
    () => ({ salt: randomBytes(saltBytes) }),
    (stored) => ({ salt: Buffer.from(stored.slice(label.length), encoding).subarray(0, saltBytes) }),
    (password, { salt }) =>
      label + Buffer.concat([salt, pbkdf2Sync(password, salt, iterations, 32, name)]).toString(encoding),
  );
/** SCryptPasswordEncoder: log2 N, r and p in one hexadecimal number. */
const springScrypt = (label) =>
  again(
    ({ saltBytes }) => ({ salt: randomBytes(saltBytes) }),
    (stored) => {
      const [, costs, salt] = stored.split("$");
      const number = Number.parseInt(costs, 16);
      return { cost: number >> 16, r: (number >> 8) & 255, p: number & 255, salt: Buffer.from(salt, "base64") };
    },
    (password, { cost, r, p, salt }) => {
      const key = scryptSync(password, salt, 32, { N: 2 ** cost, r, p, maxmem: 2 ** 28 });
      return `${label}$${((cost << 16) | (r << 8) | p).toString(16)}$${base64(salt)}$${base64(key)}`;
    },
  );
/** MessageDigestPasswordEncoder: the salt in braces goes into the digest with them. */
const springDigest = (label, name, encoding = "hex") =>
  again(
    () => ({ salt: base64(randomBytes(32)) }),
    (stored) => ({ salt: /^\{[^}]+\}\{([^}]*)\}/.exec(stored)[1] }),
    (password, { salt }) => `${label}{${salt}}${digest(name, `${password}{${salt}}`).toString(encoding)}`,
  );
/** The same without a salt, as before Spring Security 5. */
const springBare = (label, name) =>
  again(
    () => ({}),
    () => ({}),
    (password) => label + hex(digest(name, password)),
  );
/** StandardPasswordEncoder: 1024 rounds of SHA-256 over the salt and the password. */
const springStandard = again(
  () => ({ salt: randomBytes(8) }),
  (stored) => ({ salt: bytesOfHex(stored.slice("{sha256}".length)).subarray(0, 8) }),
  (password, { salt }) => {
    let state = digest("sha256", salt, password);
    for (let round = 1; round < 1024; round += 1) state = digest("sha256", state);
    return `{sha256}${hex(Buffer.concat([salt, state]))}`;
  },
);

const aspnetV2 = again(
  () => ({ salt: randomBytes(16) }),
  (stored) => ({ salt: Buffer.from(stored, "base64").subarray(1, 17) }),
  (password, { salt }) => base64(Buffer.concat([Buffer.alloc(1), salt, pbkdf2Sync(password, salt, 1000, 32, "sha1")])),
);

const ITOA64 = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const itoa64 = (bytes) => {
  let text = "";
  for (let place = 0; place < bytes.length; place += 3) {
    const three = bytes.subarray(place, place + 3);
    const value = three.reduce((sum, byte, index) => sum | (byte << (8 * index)), 0);
    for (let digit = 0; digit <= three.length; digit += 1) text += ITOA64[(value >>> (6 * digit)) & 63];
  }
  return text;
};
const saltOf64 = (length) => [...randomBytes(length)].map((byte) => ITOA64[byte & 63]).join("");
/** Drupal 7 to 10.0: phpass with SHA-512, cut to 55 characters. */
const ofDrupal = (prefix, prepare) =>
  again(
    () => ({ salt: saltOf64(8) }),
    (stored) => {
      const [cost, ...salt] = stored.slice(prefix.length, prefix.length + 9);
      return { cost: ITOA64.indexOf(cost), salt: salt.join("") };
    },
    (password, { cost, salt }) => {
      const input = prepare(password);
      let state = digest("sha512", salt, input);
      for (let round = 0; round < 2 ** cost; round += 1) state = digest("sha512", state, input);
      return prefix.slice(0, -3) + `$S$${ITOA64[cost]}${salt}${itoa64(state)}`.slice(0, 55);
    },
  );

const mediawiki = {
  A: again(
    () => ({}),
    () => ({}),
    (password) => `:A:${hex(digest("md5", password))}`,
  ),
  B: again(
    () => ({ salt: saltText(4) }),
    (stored) => ({ salt: stored.split(":")[2] }),
    (password, { salt }) => `:B:${salt}:${hex(digest("md5", `${salt}-${hex(digest("md5", password))}`))}`,
  ),
  pbkdf2: again(
    () => ({ salt: base64(randomBytes(16)) }),
    (stored) => {
      const [, , name, iterations, bytes, salt] = stored.split(":");
      return { digest: name, iterations: Number(iterations), bytes: Number(bytes), salt };
    },
    (password, { digest: name, iterations, bytes, salt }) => {
      const tag = pbkdf2Sync(password, Buffer.from(salt, "base64"), iterations, bytes, name);
      return `:pbkdf2:${name}:${iterations}:${bytes}:${salt}:${base64(tag)}`;
    },
  ),
  bcrypt: {
    hash: (password, { rounds }) =>
      bcryptjs.hashSync(password, rounds).replace(/^\$2b\$0?(\d+)\$(.{22})/, ":bcrypt:$1$$$2$$"),
    verify: (password, stored) => {
      const [, rounds, salt, tag] = /^:bcrypt:(\d+)\$(.{22})\$(.{31})$/.exec(stored);
      return bcryptjs.compareSync(password, `$2y$${rounds.padStart(2, "0")}$${salt}${tag}`);
    },
  },
  argon2: labeled(":argon2:", argon2id),
};

/** Clerk documents salt and hash in base64, behind the name that Django uses with the salt as text. */
const clerk = {
  pbkdf2_sha256: again(
    () => ({ salt: base64(randomBytes(16)) }),
    (stored) => ({ iterations: Number(stored.split("$")[1]), salt: stored.split("$")[2] }),
    (password, { iterations, salt }) => {
      const tag = pbkdf2Sync(password, Buffer.from(salt, "base64"), iterations, 32, "sha256");
      return `pbkdf2_sha256$${iterations}$${salt}$${base64(tag)}`;
    },
  ),
  pbkdf2_sha1: again(
    () => ({ salt: saltText(6) }),
    (stored) => ({ iterations: Number(stored.split("$")[1]), salt: stored.split("$")[2] }),
    (password, { iterations, salt }) =>
      `pbkdf2_sha1$${iterations}$${salt}$${hex(pbkdf2Sync(password, salt, iterations, 20, "sha1"))}`,
  ),
};

/** Discourse keeps 32 hexadecimal characters as salt and hashes with them as text; its PHC string has them in base64. */
const discourse = again(
  () => ({ salt: saltText(16) }),
  (stored) => {
    const [, , costs, salt] = stored.split("$");
    return { iterations: Number(/i=(\d+)/.exec(costs)[1]), salt: Buffer.from(salt, "base64").toString() };
  },
  (password, { iterations, salt }) => {
    const tag = pbkdf2Sync(password, salt, iterations, 32, "sha256");
    return `$pbkdf2-sha256$i=${iterations},l=32$${unpadded(Buffer.from(salt))}$${unpadded(tag)}`;
  },
);

/** github.com/firebase/scrypt, with the key of its README. */
const FIREBASE_KEY = "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==";
const firebase = again(
  () => ({ salt: base64(randomBytes(10)) }),
  (stored) => {
    const { n, r, salt } = /n=(?<n>\d+),r=(?<r>\d+).*\$(?<salt>[^$]+)\$[^$]+$/.exec(stored).groups;
    return { n: Number(n), r: Number(r), salt };
  },
  (password, { n, r, salt }) => {
    const key = Buffer.from(FIREBASE_KEY, "base64");
    const derived = scryptSync(
      password,
      Buffer.concat([Buffer.from(salt, "base64"), Buffer.from("Bw==", "base64")]),
      32,
      {
        N: 2 ** n,
        r,
        p: 1,
      },
    );
    const cipher = createCipheriv("aes-256-ctr", derived, Buffer.alloc(16));
    return `$fbscrypt$v=1,n=${n},r=${r},p=1,ss=Bw==,sk=${FIREBASE_KEY}$${salt}$${base64(cipher.update(key))}`;
  },
);

/** Seafile's form, as DokuWiki writes it: the salt in hexadecimal. */
const seafile = again(
  () => ({ salt: saltText(32) }),
  (stored) => ({ iterations: Number(stored.split("$")[1]), salt: stored.split("$")[2] }),
  (password, { iterations, salt }) =>
    `PBKDF2SHA256$${iterations}$${salt}$${hex(pbkdf2Sync(password, bytesOfHex(salt), iterations, 32, "sha256"))}`,
);

/** Werkzeug before 3 with a digest as method: an HMAC whose key is the salt. */
const werkzeug = again(
  () => ({ salt: saltText(8) }),
  (stored) => ({ digest: stored.split("$")[0], salt: stored.split("$")[1] }),
  (password, { digest: name, salt }) => `${name}$${salt}$${createHmac(name, salt).update(password).digest("hex")}`,
);

/** For each software, its forms. */
export const RECIPES = {
  "ASP.NET Identity v2": { v2: aspnetV2 },
  "BCrypt.Net": { "enhanced-sha384": bcryptOver((password) => base64(digest("sha384", password))) },
  Clerk: clerk,
  Discourse: { phc: discourse },
  Drupal: {
    sha512: ofDrupal("$S$", plain),
    "sha512-of-md5": ofDrupal("U$S$", (password) => hex(digest("md5", password))),
  },
  Firebase: { fbscrypt: firebase },
  Jenkins: { jbcrypt: labeled("#jbcrypt:", bcryptOver(plain)) },
  Jupyter: { argon2: labeled("argon2:", argon2id) },
  Keycloak: { pbkdf2: ofKeycloak },
  MediaWiki: mediawiki,
  Meteor: { bcrypt: bcryptOver((password) => hex(digest("sha256", password)), "$2b$") },
  Nextcloud: {
    1: labeled("1|", bcryptOver(plain, "$2y$")),
    2: labeled("2|", argon2id),
    3: labeled("3|", argon2id),
  },
  "Node.js": {
    "scrypt-salt:key": ofNode((salt, key) => `${salt}:${key}`, /^(?<salt>\w+):/),
    "scrypt-bytes:key": ofNode((salt, key) => `${salt}:${key}`, /^(?<salt>\w+):/, bytesOfHex),
    "scrypt-key.salt": ofNode((salt, key) => `${key}.${salt}`, /\.(?<salt>\w+)$/),
    "scrypt-salt.key": ofNode((salt, key) => `${salt}.${key}`, /^(?<salt>\w+)\./),
    "scrypt:salt:key": ofNode((salt, key) => `scrypt:${salt}:${key}`, /^scrypt:(?<salt>\w+):/),
    scrypt$salt$key: ofNode((salt, key) => `scrypt$${salt}$${key}`, /^scrypt\$(?<salt>\w+)\$/),
    "pbkdf2-1000-sha512": ofNodePbkdf2(1000, "sha512", 64),
    "pbkdf2-10000-sha512": ofNodePbkdf2(10_000, "sha512", 64),
    "pbkdf2-100000-sha512": ofNodePbkdf2(100_000, "sha512", 64),
  },
  Seafile: { pbkdf2: seafile },
  "Spring Security": {
    bcrypt: labeled("{bcrypt}", bcryptOver(plain)),
    "argon2@5.8": labeled("{argon2@SpringSecurity_v5_8}", argon2id),
    argon2: labeled("{argon2}", argon2id),
    "pbkdf2@5.8": springPbkdf2("{pbkdf2@SpringSecurity_v5_8}", 16, 310_000, "sha256"),
    "pbkdf2-5.8": springPbkdf2("{pbkdf2}", 16, 310_000, "sha256"),
    pbkdf2: springPbkdf2("{pbkdf2}", 8, 185_000, "sha1"),
    "scrypt@5.8": springScrypt("{scrypt@SpringSecurity_v5_8}"),
    scrypt: springScrypt("{scrypt}"),
    MD5: springDigest("{MD5}", "md5"),
    "SHA-1": springDigest("{SHA-1}", "sha1"),
    "SHA-1 alone": springBare("{SHA-1}", "sha1"),
    "SHA-256": springDigest("{SHA-256}", "sha256"),
    "SHA-256 in base64": springDigest("{SHA-256}", "sha256", "base64"),
    "SHA-512": springDigest("{SHA-512}", "sha512"),
    sha256: springStandard,
  },
  "Werkzeug 2": { digest: werkzeug },
};

/** The answers to a list of jobs. */
export async function askRecipes(jobs) {
  const answers = [];
  for (const job of jobs) {
    try {
      answers.push({ ok: await answer(job) });
    } catch (error) {
      answers.push({ error: String(error) });
    }
  }
  return answers;
}

function answer({ software, format, op, password, stored, options }) {
  if (op === "version") return "as documented";
  const { hash, verify } = RECIPES[software][format];
  return op === "hash" ? hash(password, options) : verify(password, stored);
}
