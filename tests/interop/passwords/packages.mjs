// Hashes and checks passwords with npm's packages, by jobs of the form that peer.py describes.

import { randomInt, scryptSync } from "node:crypto";
import { readFileSync } from "node:fs";
import * as betterAuth from "@better-auth/utils/password";
import * as nodeRs from "@node-rs/argon2";
import argon2 from "argon2";
import bcryptjs from "bcryptjs";
import { LegacyScrypt, Scrypt as LuciaScrypt } from "lucia";
import { generateLuciaPasswordHash, validateLuciaPasswordHash } from "lucia-2/utils";
import { Scrypt as OsloScrypt } from "oslo/password";

const ofArgon2 = {
  hash: (password, options, format) => argon2.hash(password, { ...options, type: argon2[format] }),
  verify: (password, stored) => argon2.verify(stored, password),
};
const ofNodeRs = {
  hash: (password, options) => nodeRs.hash(password, options),
  verify: (password, stored) => nodeRs.verify(stored, password),
};

/** For each package, its formats. */
export const PACKAGES = {
  argon2: { argon2d: ofArgon2, argon2i: ofArgon2, argon2id: ofArgon2 },
  "@node-rs/argon2": { argon2id: ofNodeRs },
  bcryptjs: {
    bcrypt: {
      hash: (password, { rounds }) => bcryptjs.hash(password, rounds),
      verify: (password, stored) => bcryptjs.compare(password, stored),
    },
  },
  "@better-auth/utils": {
    scrypt: {
      hash: (password) => betterAuth.hashPassword(password),
      verify: (password, stored) => betterAuth.verifyPassword(stored, password),
    },
  },
  oslo: { scrypt: ofClass(OsloScrypt) },
  lucia: {
    scrypt: ofClass(LuciaScrypt),
    s2: ofClass(LegacyScrypt),
    // Of the first version, which nobody installs any more; the last one still checks them.
    legacy: {
      hash: (password) => {
        const salt = Array.from({ length: 16 }, () => randomInt(36).toString(36)).join("");
        const key = scryptSync(password.normalize("NFKC"), salt, 64, { N: 16384, r: 8, p: 1 });
        return `${salt}:${key.toString("hex")}`;
      },
      verify: ofClass(LegacyScrypt).verify,
    },
  },
  "lucia-2": {
    s2: {
      hash: (password) => generateLuciaPasswordHash(password),
      verify: (password, stored) => validateLuciaPasswordHash(password, stored),
    },
  },
};

/** The answers to a list of jobs. */
export async function askPackages(jobs) {
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
  if (op === "version") return versionOf(software);
  const { hash, verify } = PACKAGES[software][format];
  return op === "hash" ? hash(password, options, format) : verify(password, stored);
}

function versionOf(software) {
  const manifest = new URL(`../../../node_modules/${software}/package.json`, import.meta.url);
  return JSON.parse(readFileSync(manifest, "utf8")).version;
}

function ofClass(Scrypt) {
  return {
    hash: (password) => new Scrypt().hash(password),
    verify: (password, stored) => new Scrypt().verify(stored, password),
  };
}
