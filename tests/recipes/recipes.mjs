// How each recipe is called: the table, the row of one user, the column of the hash, and the log-in.

import { createHash, pbkdf2Sync, scryptSync } from "node:crypto";

export const PASSWORD = "correct horse battery staple";
export const PEPPER = "3f9b".repeat(32);

const salt = "5de8a1e0c1b6c1a04c0b1dd5f5a9f3e2";
const scrypt = (r) => scryptSync(PASSWORD, salt, 64, { N: 16384, r, p: 1, maxmem: 64 * 1024 * 1024 }).toString("hex");
const pbkdf2 = pbkdf2Sync(PASSWORD, "seasoning", 1000, 32, "sha256").toString("base64");
const digest = createHash("sha256").update("nothing").digest("hex");

// By the package bcrypt of Python, at the least cost.
export const RECIPES = {
  lucia: {
    table: "user",
    row: { id: "u1", username: "alice", password_hash: null },
    column: "password_hash",
    id: "u1",
    logIn: ({ logIn }, { d1 }, password, name = "alice") => logIn(d1, name, password),
    old: { "salt:key": `${salt}:${scrypt(16)}`, "s2:salt:key": `s2:${salt}:${scrypt(16)}` },
  },
  "auth-js": {
    table: "users",
    row: { id: "u1", email: "alice@example.com", password_hash: null },
    column: "password_hash",
    id: "u1",
    logIn: async ({ passwords }, { pg }, password, email = "alice@example.com") => {
      const user = await passwords(pg).options.authorize({ email, password });
      return user === null ? null : user.id;
    },
    old: {},
  },
  django: {
    table: "auth_user",
    row: { id: 7, username: "alice", password: null, is_active: 1 },
    column: "password",
    id: 7,
    prefix: "argon2",
    logIn: ({ logIn }, { pg }, password, name = "alice") => logIn(pg, name, password),
    old: { pbkdf2_sha256: `pbkdf2_sha256$1000$seasoning$${pbkdf2}` },
    never: ["!", `!${digest.slice(0, 40)}`],
  },
  rails: {
    table: "users",
    row: { id: 7, email: "alice@example.com", password_digest: null },
    column: "password_digest",
    id: 7,
    logIn: ({ logIn }, { pg }, password, email = "alice@example.com") => logIn(pg, email, password),
    old: { bcrypt: "$2a$04$RBM0ExP/ISND2fjvw4lSA.C7Kr1oyIG3UidqmbfDSeyBVdHyP3PPS" },
  },
  devise: {
    table: "users",
    row: { id: 7, email: "alice@example.com", encrypted_password: null },
    column: "encrypted_password",
    id: 7,
    logIn: ({ logIn }, { pg }, password, email = "alice@example.com") => logIn(pg, email, password, PEPPER),
    old: { "bcrypt with a pepper": "$2a$04$CCudWGP5kK4ngPlFnxLEc.YboZ3kkdMTOSDhMsRhDO1f4N4XcQdTi" },
    never: [""],
  },
};
