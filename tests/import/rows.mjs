// Rows as other systems export them, and the stored string of each. Hashes are made with node:crypto, bcryptjs and argon2,
// by what the systems document, or are those systems' own samples.

import { createHash, pbkdf2Sync, scryptSync } from "node:crypto";
import { readFileSync } from "node:fs";
import argon2 from "argon2";
import bcryptjs from "bcryptjs";

export const PASSWORD = "correct horse battery staple";
const SALT = Buffer.from("somesaltsomesalt");

const base64 = (bytes) => Buffer.from(bytes).toString("base64");
const unpadded = (bytes) => base64(bytes).replaceAll("=", "");
const adapted = (bytes) => unpadded(bytes).replaceAll("+", ".");
const web = (text) => text.replaceAll("+", "-").replaceAll("/", "_");
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const digest = (name, ...parts) => parts.reduce((hash, part) => hash.update(part), createHash(name)).digest();
/** Symfony's MessageDigestPasswordHasher. */
const symfony = (name, iterations, salt) => {
  const salted = salt === undefined ? PASSWORD : `${PASSWORD}{${salt}}`;
  let state = digest(name, salted);
  for (let round = 1; round < iterations; round += 1) state = digest(name, state, salted);
  return state;
};
const pbkdf2 = (name, iterations, bytes, salt = SALT) => pbkdf2Sync(PASSWORD, salt, iterations, bytes, name);

const BCRYPT = bcryptjs.hashSync(PASSWORD, 4);
const { cases } = JSON.parse(readFileSync(new URL("../interop/passwords/stored.json", import.meta.url), "utf8"));
const made = (software, format) => cases.filter((one) => one.software === software && one.format === format);
const [ARGON2] = made("argon2", "argon2id").filter(({ password }) => password === PASSWORD);

/** Firebase's own sample. */
export const PROJECT = {
  signerKey: "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==",
  saltSeparator: "Bw==",
  rounds: 8,
  memCost: 14,
};
const SAMPLE = {
  passwordHash: "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==",
  salt: "42xEC+ixf3L2lw==",
};
const fbscrypt = ({ memCost, rounds, saltSeparator, signerKey }, { salt, passwordHash }) =>
  `$fbscrypt$v=1,n=${memCost},r=${rounds},p=1,ss=${saltSeparator},sk=${signerKey}$${salt}$${passwordHash}`;
export const STORED_SAMPLE = fbscrypt(PROJECT, SAMPLE);

const keycloak = (secretData, credentialData, more = {}) => ({
  type: "password",
  secretData: JSON.stringify(secretData),
  credentialData: JSON.stringify(credentialData),
  ...more,
});
const keycloakPbkdf2 = (algorithm, name, bytes) =>
  keycloak(
    { value: base64(pbkdf2(name, 1000, bytes)), salt: base64(SALT), additionalParameters: {} },
    { hashIterations: 1000, algorithm, additionalParameters: {} },
  );
const argon2Fields = ARGON2.stored.split("$");
/** A credential of an export before Keycloak 8. */
const former = (algorithm, name, bytes) => ({
  type: "password",
  hashedSaltedValue: base64(pbkdf2(name, 1000, bytes)),
  salt: base64(SALT),
  hashIterations: 1000,
  counter: 0,
  algorithm,
  digits: 0,
  period: 0,
  config: {},
});
const keycloakArgon2 = keycloak(
  { value: `${argon2Fields[5]}=`, salt: `${argon2Fields[4]}==`, additionalParameters: {} },
  {
    hashIterations: 2,
    algorithm: "argon2",
    additionalParameters: { hashLength: ["32"], memory: ["64"], type: ["id"], version: ["1.3"], parallelism: ["2"] },
  },
);

/** Whole hashes whose tags have 8, 9, 33 and 50 bytes. */
const ARGON2_LENGTHS = await Promise.all(
  [8, 9, 33, 50].map((hashLength) =>
    argon2.hash(PASSWORD, {
      memoryCost: 64,
      timeCost: 1,
      parallelism: 1,
      salt: Buffer.from("somesaltsomesalt"),
      hashLength,
    }),
  ),
);
function keycloakOf(stored) {
  const [, , , , salt, tag] = stored.split("$");
  const padded = (text) => Buffer.from(text, "base64").toString("base64");
  const length = Buffer.from(tag, "base64").length;
  return keycloak(
    { value: padded(tag), salt: padded(salt), additionalParameters: {} },
    {
      hashIterations: 1,
      algorithm: "argon2",
      additionalParameters: {
        hashLength: [`${length}`],
        memory: ["64"],
        type: ["id"],
        version: ["1.3"],
        parallelism: ["1"],
      },
    },
  );
}

const sha256 = (salt, position) => ({
  algorithm: "sha256",
  hash: {
    value: hex(position === "prefix" ? digest("sha256", salt, PASSWORD) : digest("sha256", PASSWORD, salt)),
    encoding: "hex",
  },
  salt: { value: salt, position },
});
const tagOf = (custom) => unpadded(Buffer.from(custom.hash.value, "hex"));
const scryptKey = scryptSync(PASSWORD, SALT, 64, { N: 1024, r: 8, p: 2 });
const auth0Scrypt = {
  algorithm: "scrypt",
  hash: { value: hex(scryptKey), encoding: "hex" },
  salt: { value: "somesaltsomesalt", encoding: "utf8" },
  keylen: 64,
  cost: 1024,
  blockSize: 8,
  parallelization: 2,
};
const SSHA = `{SSHA}${base64(Buffer.concat([digest("sha1", PASSWORD, "salt"), Buffer.from("salt")]))}`;
const phc = `$pbkdf2-sha512$i=1000,l=20$${unpadded(SALT)}$${unpadded(pbkdf2("sha512", 1000, 20))}`;

const nodeSalt = hex(SALT);
const nodeKey = scryptSync(PASSWORD, nodeSalt, 64);

const columns = { algorithm: "pbkdf2", digest: "sha256", iterations: 1000, hash: "00".repeat(32), salt: "somesalt" };
class Odd extends Uint8Array {
  get [Symbol.toStringTag]() {
    throw new TypeError("odd");
  }
}

/** [name, function, arguments, stored] */
export const CONVERTED = [
  [
    "PBKDF2 in columns with a stated length",
    "fromColumns",
    [{ ...columns, salt: "somesaltsomesalt", keyLength: 128, hash: hex(pbkdf2("sha256", 1000, 128)) }],
    `$pbkdf2-sha256$i=1000,l=128$${unpadded(SALT)}$${unpadded(pbkdf2("sha256", 1000, 128))}`,
  ],
  [
    "PBKDF2 in columns with a short stated length",
    "fromColumns",
    [
      {
        ...columns,
        digest: "sha512",
        salt: "somesaltsomesalt",
        keyLength: "32",
        hash: hex(pbkdf2("sha512", 1000, 32)),
      },
    ],
    `$pbkdf2-sha512$i=1000,l=32$${unpadded(SALT)}$${unpadded(pbkdf2("sha512", 1000, 32))}`,
  ],
  ["a row of a Firebase export", "fromFirebase", [SAMPLE, PROJECT], STORED_SAMPLE],
  [
    "a row of Firebase's Admin SDK, in the other alphabet",
    "fromFirebase",
    [{ uid: "1", passwordHash: web(SAMPLE.passwordHash), passwordSalt: web(SAMPLE.salt) }, PROJECT],
    STORED_SAMPLE,
  ],
  [
    "a row of Firebase without padding",
    "fromFirebase",
    [{ ...SAMPLE, salt: "42xEC+ixf3L2lw" }, PROJECT],
    STORED_SAMPLE,
  ],
  ["a user of Firebase without a password", "fromFirebase", [{ uid: "1" }, PROJECT], null],
  ["a user of a Firebase export without a password", "fromFirebase", [{ localId: "1" }, PROJECT], null],
  [
    "a user of Firebase who logs in with a provider",
    "fromFirebase",
    [{ providerUserInfo: [{ providerId: "google.com" }] }, PROJECT],
    null,
  ],
  ["a user of a Firebase CSV without a password", "fromFirebase", [{ passwordHash: "", salt: "" }, PROJECT], null],

  [
    "Keycloak's PBKDF2 with SHA-256 of 64 bytes",
    "fromKeycloak",
    [keycloakPbkdf2("pbkdf2-sha256", "sha256", 64)],
    `$pbkdf2-sha256$1000$${adapted(SALT)}$${adapted(pbkdf2("sha256", 1000, 64))}`,
  ],
  [
    "Keycloak's PBKDF2 with SHA-512 among other credentials",
    "fromKeycloak",
    [[{ type: "otp", secretData: "{}", credentialData: "{}" }, keycloakPbkdf2("pbkdf2-sha512", "sha512", 64)]],
    `$pbkdf2-sha512$1000$${adapted(SALT)}$${adapted(pbkdf2("sha512", 1000, 64))}`,
  ],
  [
    "Keycloak's PBKDF2 with SHA-1",
    "fromKeycloak",
    [keycloakPbkdf2("pbkdf2", "sha1", 20)],
    `$pbkdf2$1000$${adapted(SALT)}$${adapted(pbkdf2("sha1", 1000, 20))}`,
  ],
  ...ARGON2_LENGTHS.flatMap((stored) => [
    [`Supabase's Argon2 of ${stored.length} characters`, "fromSupabase", [{ encrypted_password: stored }], stored],
    [
      `Clerk's Argon2 of ${stored.length} characters`,
      "fromClerk",
      [{ password_hasher: "argon2id", password_digest: stored }],
      stored,
    ],
    [
      `Keycloak's Argon2 of ${stored.length} characters`,
      "fromKeycloak",
      [keycloakOf(stored)],
      stored.replace("m=64,p=1,t=1", "m=64,t=1,p=1"),
    ],
  ]),
  ["Keycloak's Argon2", "fromKeycloak", [keycloakArgon2], ARGON2.stored.replace("m=64,p=2,t=2", "m=64,t=2,p=2")],
  [
    "a row of Keycloak's table",
    "fromKeycloak",
    [{ secret_data: keycloakArgon2.secretData, credential_data: keycloakArgon2.credentialData }],
    ARGON2.stored.replace("m=64,p=2,t=2", "m=64,t=2,p=2"),
  ],
  [
    "bcrypt in Keycloak",
    "fromKeycloak",
    [keycloak({ value: BCRYPT }, { algorithm: "bcrypt", hashIterations: 4 })],
    BCRYPT,
  ],
  [
    "Keycloak's PBKDF2 with SHA-256 before Keycloak 8",
    "fromKeycloak",
    [[{ type: "totp", hashedSaltedValue: "x", algorithm: "HmacSHA1" }, former("pbkdf2-sha256", "sha256", 64)]],
    `$pbkdf2-sha256$1000$${adapted(SALT)}$${adapted(pbkdf2("sha256", 1000, 64))}`,
  ],
  [
    "Keycloak's PBKDF2 with SHA-1 before Keycloak 8",
    "fromKeycloak",
    [former("pbkdf2", "sha1", 64)],
    `$pbkdf2$1000$${adapted(SALT)}$${adapted(pbkdf2("sha1", 1000, 64))}`,
  ],
  ["a user of Keycloak without a password", "fromKeycloak", [[{ type: "webauthn" }]], null],
  ["a user of Keycloak without credentials", "fromKeycloak", [[]], null],
  [
    "a row of Keycloak's table that is no password",
    "fromKeycloak",
    [{ type: "otp", secret_data: "{}", credential_data: "{}" }],
    null,
  ],

  ["Auth0's own hash", "fromAuth0", [{ passwordHash: BCRYPT, email: "a@example.com" }], BCRYPT],
  ["a hash for Auth0's import", "fromAuth0", [{ password_hash: BCRYPT }], BCRYPT],
  ["a user of Auth0 without a password", "fromAuth0", [{ passwordHash: null }], null],
  ["a user of Auth0 without a password, in CSV", "fromAuth0", [{ user_id: "auth0|1", password_hash: "" }], null],
  [
    "a user of Auth0's export of hashes who has none",
    "fromAuth0",
    [{ _id: { $oid: "5f" }, connection: "Username-Password-Authentication" }],
    null,
  ],
  ["a user of Auth0 with the identifier of a provider", "fromAuth0", [{ user_id: "google-oauth2|1" }], null],
  [
    "a user of Auth0 with the identities of providers",
    "fromAuth0",
    [{ identities: [{ provider: "github", connection: "github", user_id: 1 }, { provider: "email" }] }],
    null,
  ],
  [
    "Auth0's bcrypt",
    "fromAuth0",
    [{ custom_password_hash: { algorithm: "bcrypt", hash: { value: BCRYPT, encoding: "utf8" } } }],
    BCRYPT,
  ],
  [
    "Auth0's Argon2",
    "fromAuth0",
    [{ custom_password_hash: { algorithm: "argon2", hash: { value: ARGON2.stored, encoding: "utf8" } } }],
    ARGON2.stored,
  ],
  [
    "Auth0's PBKDF2",
    "fromAuth0",
    [{ custom_password_hash: { algorithm: "pbkdf2", hash: { value: phc, encoding: "utf8" } } }],
    phc,
  ],
  [
    "Auth0's LDAP",
    "fromAuth0",
    [
      {
        custom_password_hash: {
          algorithm: "ldap",
          hash: { value: SSHA, encoding: "utf8" },
        },
      },
    ],
    SSHA,
  ],
  [
    "Auth0's SHA-256 with a salt before the password",
    "fromAuth0",
    [{ custom_password_hash: sha256("keyboardcat", "prefix") }],
    `$digest$d=sha256,s=before$${unpadded("keyboardcat")}$${tagOf(sha256("keyboardcat", "prefix"))}`,
  ],
  [
    "Auth0's SHA-256 with a salt after the password",
    "fromAuth0",
    [{ custom_password_hash: sha256("keyboardcat", "suffix") }],
    `$digest$d=sha256,s=after$${unpadded("keyboardcat")}$${tagOf(sha256("keyboardcat", "suffix"))}`,
  ],
  [
    "Auth0's MD5 without a salt, in base64",
    "fromAuth0",
    [
      {
        custom_password_hash: {
          algorithm: "md5",
          hash: { value: base64(digest("md5", PASSWORD)), encoding: "base64" },
        },
      },
    ],
    `$digest$d=md5,s=none$$${unpadded(digest("md5", PASSWORD))}`,
  ],
  [
    "Auth0's scrypt",
    "fromAuth0",
    [{ custom_password_hash: auth0Scrypt }],
    `$scrypt$ln=10,r=8,p=2$${unpadded(SALT)}$${unpadded(scryptKey)}`,
  ],

  ["Clerk's bcrypt", "fromClerk", [{ password_digest: BCRYPT, password_hasher: "bcrypt" }], BCRYPT],
  [
    "Clerk's PBKDF2",
    "fromClerk",
    [
      {
        password_digest: `pbkdf2_sha256$1000$${base64(SALT)}$${base64(pbkdf2("sha256", 1000, 32))}`,
        password_hasher: "pbkdf2_sha256",
      },
    ],
    `$pbkdf2-sha256$1000$${adapted(SALT)}$${adapted(pbkdf2("sha256", 1000, 32))}`,
  ],
  ...made("Django", "pbkdf2_sha256")
    .slice(1, 2)
    .map(({ stored }) => [
      "Clerk's PBKDF2 of Django",
      "fromClerk",
      [{ password_digest: stored, password_hasher: "pbkdf2_sha256_django" }],
      stored,
    ]),
  [
    "Clerk's PBKDF2 with SHA-1",
    "fromClerk",
    [
      {
        password_digest: `pbkdf2_sha1$1000$salt$${hex(pbkdf2("sha1", 1000, 20, "salt"))}`,
        password_hasher: "pbkdf2_sha1",
      },
    ],
    `pbkdf2_sha1$1000$salt$${base64(pbkdf2("sha1", 1000, 20, "salt"))}`,
  ],
  [
    "Clerk's scrypt of Firebase",
    "fromClerk",
    [
      {
        password_digest: `${SAMPLE.passwordHash}$${SAMPLE.salt}$${PROJECT.signerKey}$${PROJECT.saltSeparator}$8$14`,
        password_hasher: "scrypt_firebase",
      },
    ],
    STORED_SAMPLE,
  ],
  [
    "Clerk's SHA-256",
    "fromClerk",
    [{ password_digest: hex(digest("sha256", PASSWORD)), password_hasher: "sha256" }],
    `$digest$d=sha256,s=none$$${unpadded(digest("sha256", PASSWORD))}`,
  ],
  ["a user of Clerk without a password", "fromClerk", [{ password_digest: "", password_hasher: "" }], null],

  ["Supabase's bcrypt", "fromSupabase", [{ id: "1", encrypted_password: BCRYPT }], BCRYPT],
  ["Supabase's scrypt of Firebase", "fromSupabase", [{ encrypted_password: STORED_SAMPLE }], STORED_SAMPLE],
  ["a user of Supabase without a password", "fromSupabase", [{ encrypted_password: "" }], null],
  ["a user of Supabase who logs in with a provider", "fromSupabase", [{ encrypted_password: null }], null],

  ...made("passport-local-mongoose", "pbkdf2").map(({ password, stored }, index) => {
    const [, name, iterations, salt, tag] = stored.split("$");
    const bytes = (text) => Buffer.from(text.replaceAll(".", "+"), "base64");
    return [
      `columns of passport-local-mongoose ${index}`,
      "fromColumns",
      [
        {
          algorithm: "pbkdf2",
          digest: name === "pbkdf2-sha1" ? "sha1" : name.slice(7),
          iterations: Number(iterations),
          hash: hex(bytes(tag)),
          salt: bytes(salt).toString(),
        },
      ],
      stored.replace("$pbkdf2-sha1$", "$pbkdf2$"),
      password,
    ];
  }),
  [
    "columns of Node's scrypt",
    "fromColumns",
    [{ algorithm: "scrypt", hash: hex(nodeKey), salt: nodeSalt }],
    `$scrypt$ln=14,r=8,p=1$${unpadded(nodeSalt)}$${unpadded(nodeKey)}`,
  ],
  [
    "columns of bytes",
    "fromColumns",
    [{ algorithm: "scrypt", hash: new Uint8Array(scryptKey), salt: new Uint8Array(SALT), cost: 1024, parallelism: 2 }],
    `$scrypt$ln=10,r=8,p=2$${unpadded(SALT)}$${unpadded(scryptKey)}`,
  ],
  [
    "columns of PBKDF2 with a salt in hexadecimal, from a table of CSV",
    "fromColumns",
    [
      {
        algorithm: "pbkdf2",
        digest: "SHA-256",
        iterations: "1000",
        hash: base64(pbkdf2("sha256", 1000, 32)),
        hashEncoding: "base64",
        salt: hex(SALT).toUpperCase(),
        saltEncoding: "hex",
      },
    ],
    `$pbkdf2-sha256$1000$${adapted(SALT)}$${adapted(pbkdf2("sha256", 1000, 32))}`,
  ],
  [
    "columns of a digest",
    "fromColumns",
    [
      {
        algorithm: "digest",
        digest: "sha1",
        hash: hex(digest("sha1", PASSWORD, "pepper")),
        salt: "pepper",
        saltPosition: "after",
      },
    ],
    `$digest$d=sha1,s=after$${unpadded("pepper")}$${unpadded(digest("sha1", PASSWORD, "pepper"))}`,
  ],
  [
    "columns of Symfony's message-digest encoder",
    "fromColumns",
    [
      {
        algorithm: "digest",
        digest: "sha512",
        iterations: "5000",
        hash: base64(symfony("sha512", 5000, "c2FsdHNhbHQ")),
        hashEncoding: "base64",
        salt: "c2FsdHNhbHQ",
        saltPosition: "braces",
      },
    ],
    `$digest$d=sha512,s=braces,i=5000$${unpadded("c2FsdHNhbHQ")}$${unpadded(symfony("sha512", 5000, "c2FsdHNhbHQ"))}`,
  ],
  [
    "columns of Symfony's encoder without a salt",
    "fromColumns",
    [{ algorithm: "digest", digest: "sha1", iterations: 10, hash: hex(symfony("sha1", 10)), salt: null }],
    `$digest$d=sha1,s=none,i=10$$${unpadded(symfony("sha1", 10))}`,
  ],
  [
    "a user of the Firebase Admin SDK who logs in by link",
    "fromFirebase",
    [{ passwordHash: null, providerData: [{ providerId: "password" }] }, PROJECT],
    null,
  ],
  [
    "a user of the Firebase Admin SDK who logs in with a provider",
    "fromFirebase",
    [{ providerData: [{ providerId: "google.com" }, null] }, PROJECT],
    null,
  ],
  ["columns with an empty hash", "fromColumns", [{ algorithm: "pbkdf2", hash: "" }], null],
  ["columns without a hash", "fromColumns", [{ algorithm: "scrypt", hash: null, salt: "x" }], null],
];

const withSecret = (secretData) => ({ ...keycloakArgon2, secretData });
const withData = (change) => {
  const data = JSON.parse(keycloakArgon2.credentialData);
  change(data);
  return { ...keycloakArgon2, credentialData: JSON.stringify(data) };
};
const auth0 = (change) => ({ custom_password_hash: { ...sha256("keyboardcat", "prefix"), ...change } });
const proxy = new Proxy(
  {},
  {
    getOwnPropertyDescriptor: () => {
      throw new Error("no");
    },
  },
);

const DEFAULT_HASH = `$argon2id$v=19$m=19456,t=2,p=1$${"A".repeat(22)}$${"x".repeat(42)}A`;
const LIST = "row is a list: pass one at a time";

const AUTH0_FOREIGN =
  'row has no "passwordHash", "password_hash" or "custom_password_hash", and no "identities" or "connection" either: it seems to be of another system';
const AUTH0_LOST =
  'row has the provider "auth0" and no "passwordHash": Auth0\'s support exports the hashes; without a password, pass null';
const FIREBASE_FOREIGN =
  'row has no "passwordHash", and no "localId" or "uid" either: it seems to be of another system';
/** A row whose hash has another name. */
const foreign = { id: "1", email: "a@example.com", password: BCRYPT };

/** [name, function, arguments, code, message] */
export const REFUSED = [
  ["a row of another system", "fromAuth0", [foreign], "HASH_MALFORMED", AUTH0_FOREIGN],
  [
    "a row of MongoDB",
    "fromAuth0",
    [{ _id: { $oid: "5f" }, identities: [], user_id: "1" }],
    "HASH_MALFORMED",
    AUTH0_FOREIGN,
  ],
  ["a hash that is undefined", "fromAuth0", [{ ...foreign, passwordHash: undefined }], "HASH_MALFORMED", AUTH0_FOREIGN],
  ["an identifier of Auth0 without a hash", "fromAuth0", [{ user_id: "auth0|1" }], "HASH_MALFORMED", AUTH0_LOST],
  [
    "identities of Auth0 without a hash",
    "fromAuth0",
    [{ identities: [{ provider: "github" }, { provider: "auth0" }], connection: "github" }],
    "HASH_MALFORMED",
    AUTH0_LOST,
  ],
  [
    "identities that cannot be read",
    "fromAuth0",
    [{ identities: [revoked()] }],
    "HASH_MALFORMED",
    "row cannot be read",
  ],
  ["a row of another system", "fromFirebase", [foreign, PROJECT], "HASH_MALFORMED", FIREBASE_FOREIGN],
  [
    "an identifier that is empty",
    "fromFirebase",
    [{ localId: "", password: BCRYPT }, PROJECT],
    "HASH_MALFORMED",
    FIREBASE_FOREIGN,
  ],
  ["a row of another system", "fromKeycloak", [foreign], "HASH_MALFORMED", 'row has no "secretData"'],
  [
    "a row of another system with a type",
    "fromKeycloak",
    [{ ...foreign, type: "admin" }],
    "HASH_MALFORMED",
    'row has no "secretData"',
  ],
  ["a row that is none", "fromFirebase", [null, PROJECT], "HASH_MALFORMED", "row is not an object"],
  ["a list of users", "fromFirebase", [[SAMPLE], PROJECT], "HASH_MALFORMED", LIST],
  ["a whole export", "fromFirebase", [{ users: [SAMPLE] }, PROJECT], "HASH_MALFORMED", LIST],
  ["a list of users", "fromAuth0", [[{}]], "HASH_MALFORMED", LIST],
  ["a list of users", "fromClerk", [[{}]], "HASH_MALFORMED", LIST],
  ["a list of users", "fromSupabase", [[{}]], "HASH_MALFORMED", LIST],
  ["a list of columns", "fromColumns", [[{}]], "HASH_MALFORMED", LIST],
  [
    "a former credential of Keycloak with another algorithm",
    "fromKeycloak",
    [{ ...former("pbkdf2", "sha1", 64), algorithm: "md5-crypt" }],
    "HASH_UNSUPPORTED",
    'row\'s "algorithm" is none of pbkdf2, pbkdf2-sha256 and pbkdf2-sha512',
  ],
  [
    "a former credential of Keycloak without an algorithm",
    "fromKeycloak",
    [{ ...former("pbkdf2", "sha1", 64), algorithm: null }],
    "HASH_MALFORMED",
    'row has no "algorithm"',
  ],
  [
    "a former credential of Keycloak without a salt",
    "fromKeycloak",
    [{ ...former("pbkdf2", "sha1", 64), salt: "" }],
    "HASH_MALFORMED",
    'row has no "salt"',
  ],
  [
    "a former credential of Keycloak that is cut short",
    "fromKeycloak",
    [former("pbkdf2-sha256", "sha256", 31)],
    "HASH_MALFORMED",
    "row's hash is cut short: it has 31 of 32 bytes",
  ],
  [
    "a user of Firebase whose hash is redacted",
    "fromFirebase",
    [{ localId: "1", passwordHash: "UkVEQUNURUQ=" }, PROJECT],
    "HASH_MALFORMED",
    'row\'s "passwordHash" is "REDACTED" in base64: export it with the permission "firebaseauth.configs.getHashConfig"',
  ],
  ["credentials of several users", "fromKeycloak", [[[{}]]], "HASH_MALFORMED", LIST],
  [
    "a project with the names of the console",
    "fromFirebase",
    [SAMPLE, { ...PROJECT, mem_cost: 14 }],
    "OPTION_INVALID",
    'unknown option "mem_cost": a project has memCost, rounds, saltSeparator, signerKey',
  ],
  ["a row that throws", "fromSupabase", [proxy], "HASH_MALFORMED", "row cannot be read"],
  [
    "a hash that is a number",
    "fromFirebase",
    [{ ...SAMPLE, passwordHash: 1 }, PROJECT],
    "HASH_MALFORMED",
    'row\'s "passwordHash" is not a string',
  ],
  [
    "a row without a salt",
    "fromFirebase",
    [{ passwordHash: SAMPLE.passwordHash }, PROJECT],
    "HASH_MALFORMED",
    'row has no "salt"',
  ],
  [
    "a salt that is not base64",
    "fromFirebase",
    [{ ...SAMPLE, salt: "42xEC ixf3L2lw==" }, PROJECT],
    "HASH_MALFORMED",
    'row\'s "salt" is not base64',
  ],
  [
    "a salt with wrong padding",
    "fromFirebase",
    [{ ...SAMPLE, salt: "42xEC+ixf3L2lw=" }, PROJECT],
    "HASH_MALFORMED",
    'row\'s "salt" is not base64',
  ],
  [
    "a hash that Firebase got from elsewhere",
    "fromFirebase",
    [{ ...SAMPLE, passwordHash: base64("x".repeat(32)) }, PROJECT],
    "HASH_UNSUPPORTED",
    "row's \"passwordHash\" is not as long as the signer key, so it is not made by Firebase's scrypt",
  ],
  ["no project", "fromFirebase", [SAMPLE], "OPTION_INVALID", "project is not an object"],
  [
    "a project without its key",
    "fromFirebase",
    [SAMPLE, { ...PROJECT, signerKey: undefined }],
    "OPTION_INVALID",
    'option "signerKey" is not base64',
  ],
  [
    "a project with costs as text",
    "fromFirebase",
    [SAMPLE, { ...PROJECT, rounds: "8" }],
    "OPTION_INVALID",
    'option "rounds" is not a whole number from 1 to 255',
  ],
  [
    "a project whose cost is N",
    "fromFirebase",
    [SAMPLE, { ...PROJECT, memCost: 16384 }],
    "OPTION_INVALID",
    'option "memCost" is not a whole number from 1 to 31',
  ],

  [
    "two passwords",
    "fromKeycloak",
    [[keycloakArgon2, keycloakArgon2]],
    "HASH_MALFORMED",
    'row has several credentials of type "password"',
  ],
  [
    "secret data that is not JSON",
    "fromKeycloak",
    [withSecret("{")],
    "HASH_MALFORMED",
    'row\'s "secretData" is not JSON',
  ],
  ["secret data that is no object", "fromKeycloak", [withSecret("1")], "HASH_MALFORMED", "row is not an object"],
  [
    "secret data without a salt",
    "fromKeycloak",
    [withSecret('{"value":"AAAA"}')],
    "HASH_MALFORMED",
    'row has no "salt"',
  ],
  [
    "a credential without data",
    "fromKeycloak",
    [{ secretData: "{}" }],
    "HASH_MALFORMED",
    'row has no "credentialData"',
  ],
  [
    "an algorithm of a provider",
    "fromKeycloak",
    [
      withData((data) => {
        data.algorithm = "scrypt";
      }),
    ],
    "HASH_UNSUPPORTED",
    'row\'s "algorithm" is none of argon2, bcrypt, pbkdf2, pbkdf2-sha256 and pbkdf2-sha512',
  ],
  [
    "Argon2 without its parameters",
    "fromKeycloak",
    [
      withData((data) => {
        delete data.additionalParameters;
      }),
    ],
    "HASH_MALFORMED",
    'row\'s "type" is none of id, i and d',
  ],
  [
    "Argon2 of an unknown version",
    "fromKeycloak",
    [
      withData((data) => {
        data.additionalParameters.version = ["1.4"];
      }),
    ],
    "HASH_MALFORMED",
    'row\'s "version" is neither 1.3 nor 1.0',
  ],
  [
    "Argon2 of a version that is the name of a method",
    "fromKeycloak",
    [
      withData((data) => {
        data.additionalParameters.version = ["toString"];
      }),
    ],
    "HASH_MALFORMED",
    'row\'s "version" is neither 1.3 nor 1.0',
  ],
  ...[
    [7, ["7"]],
    [15, undefined],
    [27, undefined],
  ].map(([bytes, hashLength]) => [
    `Argon2 with a tag of ${bytes} bytes and ${hashLength === undefined ? "no" : "its"} length`,
    "fromKeycloak",
    [
      {
        ...withData((data) => {
          data.additionalParameters.hashLength = hashLength;
        }),
        secretData: JSON.stringify({ value: base64(Buffer.alloc(bytes, "tag")), salt: base64(SALT) }),
      },
    ],
    "HASH_MALFORMED",
    `row's hash has ${bytes} bytes: it may be cut short`,
  ]),
  [
    "Argon2 with two costs",
    "fromKeycloak",
    [
      withData((data) => {
        data.additionalParameters.memory = ["64", "65"];
      }),
    ],
    "HASH_MALFORMED",
    'row\'s "memory" is not a whole number above zero',
  ],
  [
    "iterations that are none",
    "fromKeycloak",
    [
      withData((data) => {
        data.hashIterations = 0;
      }),
    ],
    "HASH_MALFORMED",
    'row\'s "hashIterations" is not a whole number above zero',
  ],

  ["two hashes", "fromAuth0", [{ ...auth0({}), password_hash: BCRYPT }], "HASH_MALFORMED", "row has several hashes"],
  [
    "an HMAC",
    "fromAuth0",
    [auth0({ algorithm: "hmac" })],
    "HASH_UNSUPPORTED",
    'row\'s "algorithm" is none of argon2, bcrypt, ldap, md5, pbkdf2, scrypt, sha1, sha256 and sha512',
  ],
  [
    "a salt without its place",
    "fromAuth0",
    [auth0({ salt: { value: "x" } })],
    "HASH_MALFORMED",
    'row\'s "position" is neither prefix nor suffix',
  ],
  [
    "a hash without its encoding",
    "fromAuth0",
    [auth0({ hash: { value: "00" } })],
    "HASH_MALFORMED",
    'row\'s "encoding" is none of base64, hex and utf8',
  ],
  [
    "a hash cut short",
    "fromAuth0",
    [auth0({ hash: { value: "00", encoding: "hex" } })],
    "HASH_MALFORMED",
    "row's hash is not as long as its digest",
  ],
  ["a hash that is none", "fromAuth0", [auth0({ hash: null })], "HASH_MALFORMED", 'row has no "hash"'],
  [
    "a password in UTF-16",
    "fromAuth0",
    [auth0({ password: { encoding: "utf16le" } })],
    "HASH_UNSUPPORTED",
    "row's password was not hashed as UTF-8",
  ],
  [
    "scrypt of another length",
    "fromAuth0",
    [{ custom_password_hash: { ...auth0Scrypt, keylen: 32 } }],
    "HASH_MALFORMED",
    'row\'s "value" is not as long as its "keylen"',
  ],
  [
    "scrypt whose cost is no power of two",
    "fromAuth0",
    [{ custom_password_hash: { ...auth0Scrypt, cost: 1000 } }],
    "HASH_MALFORMED",
    'row\'s "cost" is not a power of two',
  ],

  [
    "a user of Cognito",
    "fromClerk",
    [{ password_digest: "awscognito#pool#client#name", password_hasher: "awscognito" }],
    "HASH_UNSUPPORTED",
    "row has no hash: Amazon Cognito exports none, so ask it when the user logs in",
  ],
  [
    "a digest without a hasher",
    "fromClerk",
    [{ password_digest: BCRYPT }],
    "HASH_MALFORMED",
    'row has no "password_hasher"',
  ],
  [
    "an unknown hasher",
    "fromClerk",
    [{ password_digest: "x", password_hasher: "rot13" }],
    "HASH_UNSUPPORTED",
    'row\'s "password_hasher" is not one that is read',
  ],
  [
    "a digest of another hasher",
    "fromClerk",
    [{ password_digest: BCRYPT, password_hasher: "pbkdf2_sha256" }],
    "HASH_MALFORMED",
    'row\'s "password_digest" does not begin with the name of its hasher',
  ],
  [
    "a digest with a field too few",
    "fromClerk",
    [{ password_digest: "a$b$c", password_hasher: "scrypt_firebase" }],
    "HASH_MALFORMED",
    'row\'s "password_digest" does not have as many fields as its hasher writes',
  ],

  [
    "a column that holds no hash",
    "fromSupabase",
    [{ encrypted_password: "secret" }],
    "HASH_MALFORMED",
    'row\'s "encrypted_password" is not a hash of bcrypt, Argon2 or Firebase, or is cut short',
  ],

  ...[
    ["fromSupabase", { encryptedPassword: BCRYPT }, "encrypted_password"],
    ["fromSupabase", {}, "encrypted_password"],
    ["fromSupabase", { encrypted_password: undefined }, "encrypted_password"],
    ["fromClerk", { passwordDigest: BCRYPT, passwordHasher: "bcrypt" }, "password_digest"],
    ["fromClerk", { password_hasher: "bcrypt" }, "password_digest"],
    ["fromColumns", { ...columns, hash: undefined, passwordHash: "00" }, "hash"],
    ["fromColumns", { algorithm: "digest", digest: "md5" }, "hash"],
    ["fromColumns", { algorithm: "scrypt", salt: "x" }, "hash"],
  ].map(([name, row, member], place) => [
    `a row with another name for its hash ${place}`,
    name,
    [row],
    "HASH_MALFORMED",
    `row has no "${member}"`,
  ]),
  ...[{}, { salt: SAMPLE.salt }].map((rest, place) => [
    `a user of the Firebase Admin SDK whose hash was not exported ${place}`,
    "fromFirebase",
    [{ ...rest, providerData: [{ providerId: "google.com" }, { providerId: "password" }] }, PROJECT],
    "HASH_MALFORMED",
    'row has the provider "password" and no "passwordHash": export it with the permission to read hashes, or pass null',
  ]),
  [
    "a user of the Firebase Admin SDK whose providers cannot be read",
    "fromFirebase",
    [{ providerData: revoked() }, PROJECT],
    "HASH_MALFORMED",
    "row cannot be read",
  ],
  ...["scrypt", "pbkdf2", "digest"].map((algorithm) => [
    `a salt of 129 bytes of ${algorithm}`,
    "fromColumns",
    [{ ...columns, algorithm, saltPosition: "before", salt: "x".repeat(129), hash: "00".repeat(32) }],
    "HASH_UNSUPPORTED",
    "row's salt is longer than 128 bytes, which no module reads: let its user set a new password",
  ]),
  // 86 characters hold 24 bytes, which may be a whole tag.
  ...[64, 72, 75, 80, 85, 88, 89, 91, 95, 96]
    .map((length) => DEFAULT_HASH.slice(0, length))
    .flatMap((cut) => [
      [
        `a hash of Supabase that a column of ${cut.length} characters cut short`,
        "fromSupabase",
        [{ encrypted_password: cut }],
        "HASH_MALFORMED",
        'row\'s "encrypted_password" is not a hash of bcrypt, Argon2 or Firebase, or is cut short',
      ],
      [
        `a hash of Clerk that a column of ${cut.length} characters cut short`,
        "fromClerk",
        [{ password_hasher: "argon2id", password_digest: cut }],
        "HASH_MALFORMED",
        'row\'s "password_digest" is not a hash of argon2id, or is cut short',
      ],
    ]),
  [
    "no algorithm and no hash",
    "fromColumns",
    [{ algorithm: "bogus", hash: null }],
    "OPTION_INVALID",
    'option "algorithm" is none of "digest", "pbkdf2" and "scrypt"',
  ],
  [
    "an unknown algorithm",
    "fromColumns",
    [{ ...columns, algorithm: "bcrypt" }],
    "OPTION_INVALID",
    'option "algorithm" is none of "digest", "pbkdf2" and "scrypt"',
  ],
  [
    "an unknown encoding",
    "fromColumns",
    [{ ...columns, hashEncoding: "text" }],
    "OPTION_INVALID",
    'option "hashEncoding" is none of "base64" and "hex"',
  ],
  [
    "an unknown encoding of a salt",
    "fromColumns",
    [{ ...columns, saltEncoding: "utf8" }],
    "OPTION_INVALID",
    'option "saltEncoding" is none of "base64", "hex" and "text"',
  ],
  [
    "a plain digest with the name of an HMAC",
    "fromColumns",
    [{ algorithm: "digest", digest: "HmacSHA256", hash: "00".repeat(32), hashEncoding: "hex" }],
    "HASH_UNSUPPORTED",
    'row\'s "digest" is none of md5, sha1, sha256, sha384 and sha512',
  ],
  [
    "an unknown digest",
    "fromColumns",
    [{ ...columns, digest: "whirlpool" }],
    "HASH_UNSUPPORTED",
    'row\'s "digest" is none of md5, sha1, sha256, sha384 and sha512',
  ],
  [
    "PBKDF2 with MD5",
    "fromColumns",
    [{ ...columns, digest: "md5" }],
    "HASH_UNSUPPORTED",
    'row\'s "digest" is none of sha1, sha256 and sha512',
  ],
  [
    "a hash that is not hexadecimal",
    "fromColumns",
    [{ ...columns, hash: "0g" }],
    "HASH_MALFORMED",
    'row\'s "hash" is not hexadecimal',
  ],
  ["a column without a salt", "fromColumns", [{ ...columns, salt: "" }], "HASH_MALFORMED", 'row has no "salt"'],
  [
    "an empty array of bytes",
    "fromColumns",
    [{ ...columns, salt: new Uint8Array() }],
    "HASH_MALFORMED",
    'row\'s "salt" is empty',
  ],
  [
    "a salt of another array",
    "fromColumns",
    [{ ...columns, salt: new Uint16Array(8) }],
    "HASH_MALFORMED",
    'row\'s "salt" is not a string or a Uint8Array',
  ],
  [
    "no iterations",
    "fromColumns",
    [{ ...columns, iterations: undefined }],
    "HASH_MALFORMED",
    'row has no "iterations"',
  ],
  [
    "iterations with a fraction",
    "fromColumns",
    [{ ...columns, iterations: 1.5 }],
    "HASH_MALFORMED",
    'row\'s "iterations" is not a whole number above zero',
  ],
  [
    "a digest with a salt that has no place",
    "fromColumns",
    [{ algorithm: "digest", digest: "md5", hash: "00".repeat(16), salt: "x" }],
    "OPTION_INVALID",
    'option "saltPosition" is none of "before", "after" and "braces"',
  ],
  ...[
    ["sha256", 20, "row's hash is cut short: it has 20 of 32 bytes"],
    ["sha512", 50, "row's hash is cut short: it has 50 of 64 bytes"],
    ["sha256", 256, 'row\'s hash has 256 bytes: it may be cut short; pass "keyLength" if that is how many there are'],
  ].map(([name, bytes, message]) => [
    `a hash of ${bytes} bytes of ${name} that a column cut short`,
    "fromColumns",
    [{ ...columns, digest: name, hash: hex(pbkdf2(name, 1000, 512).subarray(0, bytes)) }],
    "HASH_MALFORMED",
    message,
  ]),
  [
    "a hash shorter than its stated length",
    "fromColumns",
    [{ ...columns, keyLength: 64, hash: hex(pbkdf2("sha256", 1000, 32)) }],
    "HASH_MALFORMED",
    'row\'s hash is not as long as "keyLength" says: it may be cut short',
  ],
  [
    "a stated length of 15 bytes",
    "fromColumns",
    [{ ...columns, keyLength: 15, hash: hex(pbkdf2("sha256", 1000, 15)) }],
    "HASH_MALFORMED",
    "row's hash is not 16 to 512 bytes long",
  ],
  [
    "scrypt in columns that a column cut short",
    "fromColumns",
    [{ algorithm: "scrypt", salt: "somesalt", hash: "00".repeat(63) }],
    "HASH_MALFORMED",
    "row's hash is neither 32 nor 64 bytes long: it may be cut short",
  ],
  [
    "Keycloak's PBKDF2 that a column cut short",
    "fromKeycloak",
    [keycloakPbkdf2("pbkdf2-sha256", "sha256", 31)],
    "HASH_MALFORMED",
    "row's hash is cut short: it has 31 of 32 bytes",
  ],
  [
    "Clerk's PBKDF2 that a column cut short",
    "fromClerk",
    [
      {
        password_hasher: "pbkdf2_sha256",
        password_digest: `pbkdf2_sha256$1000$${base64(SALT)}$${base64(pbkdf2("sha256", 1000, 30))}`,
      },
    ],
    "HASH_MALFORMED",
    "row's hash is cut short: it has 30 of 32 bytes",
  ],
  ...[
    ["bcrypt", BCRYPT.slice(0, 59)],
    ["bcrypt", "correct horse battery staple"],
    ["argon2id", ARGON2.stored.slice(0, 60)],
    ["argon2i", ARGON2.stored],
    ["phpass", "$P$5saltsaltUP"],
    ["scrypt_werkzeug", `scrypt:32768:8:1$salt$${"0".repeat(127)}`],
    ["pbkdf2_sha256_django", `pbkdf2_sha256$1000$salt$${"A".repeat(42)}`],
    ["bcrypt_sha256_django", `bcrypt_sha256$${BCRYPT.slice(0, 59)}`],
    ["ldap_ssha", "{SSHA}AAAA"],
  ].map(([hasher, stored]) => [
    `a hash that Clerk says is ${hasher}: ${stored}`,
    "fromClerk",
    [{ password_hasher: hasher, password_digest: stored }],
    "HASH_MALFORMED",
    `row's "password_digest" is not a hash of ${hasher}, or is cut short`,
  ]),
  ...[
    ["argon2", ARGON2.stored.slice(0, -30)],
    ["bcrypt", BCRYPT.slice(0, 59)],
    ["pbkdf2", "$pbkdf2-sha512$i=100000,l=64$"],
    ["ldap", "password"],
  ].map(([algorithm, value]) => [
    `a hash that Auth0 says is ${algorithm}`,
    "fromAuth0",
    [{ custom_password_hash: { algorithm, hash: { value } } }],
    "HASH_MALFORMED",
    `row's "value" is not a hash of ${algorithm}, or is cut short`,
  ]),
  [
    "a hash of Auth0 that is cut short",
    "fromAuth0",
    [{ passwordHash: BCRYPT.slice(0, 59) }],
    "HASH_MALFORMED",
    'row\'s "passwordHash" is not a hash of bcrypt, or is cut short',
  ],
  [
    "16 MB of hexadecimal",
    "fromColumns",
    [{ ...columns, hash: "0".repeat(16_000_000) }],
    "HASH_MALFORMED",
    'row\'s "hash" is longer than 2048 characters',
  ],
  [
    "16 MB of bytes",
    "fromColumns",
    [{ ...columns, hash: new Uint8Array(16_000_000) }],
    "HASH_MALFORMED",
    'row\'s "hash" is longer than 2048 bytes',
  ],
  [
    "16 MB of JSON",
    "fromKeycloak",
    [{ secretData: "[".repeat(16_000_000), credentialData: "{}" }],
    "HASH_MALFORMED",
    'row\'s "secretData" is longer than 16384 characters',
  ],
  ...[Symbol("x"), Object.create(null), { toString: null }, () => {}, 1n].map((digestName, place) => [
    `a digest of a strange type ${place}`,
    "fromColumns",
    [{ ...columns, digest: digestName }],
    "HASH_MALFORMED",
    'row\'s "digest" is not a string',
  ]),
  ["credentials that cannot be read", "fromKeycloak", [revoked()], "HASH_MALFORMED", "row cannot be read"],
  ["a credential that cannot be read", "fromKeycloak", [[revoked()]], "HASH_MALFORMED", "row cannot be read"],
  ["a project that cannot be read", "fromFirebase", [SAMPLE, revoked()], "OPTION_INVALID", "project cannot be read"],
  [
    "bytes whose type throws",
    "fromColumns",
    [{ ...columns, hash: new Odd(32) }],
    "HASH_MALFORMED",
    'row\'s "hash" is not a string or a Uint8Array',
  ],
];

function revoked() {
  const { proxy: object, revoke } = Proxy.revocable([], {});
  revoke();
  return object;
}
