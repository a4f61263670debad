// Hashes and checks passwords with the packages of package.json, by jobs on standard input; peer.py describes their form.
// It runs from a copy beside node_modules, which npm.mjs makes.

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { Argon } from "@adonisjs/hash/drivers/argon";
import { Bcrypt } from "@adonisjs/hash/drivers/bcrypt";
import { Scrypt } from "@adonisjs/hash/drivers/scrypt";
import phcPbkdf2 from "@phc/pbkdf2";
import aspnet from "aspnet-identity-pw";
import bcrypt from "bcrypt";
import { FirebaseScrypt } from "firebase-scrypt";
import mongoose from "mongoose";
import passportLocalMongoose from "passport-local-mongoose";

/** passlib's base64: `.` for `+`, no padding. */
const adapted = (bytes) => Buffer.from(bytes).toString("base64").replaceAll("+", ".").replaceAll("=", "");

const ofDriver = (Driver) => ({
  hash: (password, options) => new Driver(options).make(password),
  verify: (password, stored) => new Driver({}).verify(stored, password),
});

/** Firebase's own published project (github.com/firebase/scrypt). */
const PROJECT = {
  signerKey: "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==",
  saltSeparator: "Bw==",
};
/** A row of an export, written as the one string in which each of these systems keeps it. */
const FIREBASE = {
  fbscrypt: {
    write: ({ memCost, rounds, salt, hash }) =>
      `$fbscrypt$v=1,n=${memCost},r=${rounds},p=1,ss=${PROJECT.saltSeparator},sk=${PROJECT.signerKey}$${salt}$${hash}`,
    read: /^\$fbscrypt\$v=1,n=(?<memCost>\d+),r=(?<rounds>\d+),p=1,ss=[^,]+,sk=[^$]+\$(?<salt>[^$]+)\$(?<hash>.+)$/,
  },
  firescrypt: {
    write: ({ memCost, rounds, salt, hash }) =>
      `$firescrypt$ln=${memCost},r=${rounds},p=1$${salt}$${hash}$${PROJECT.saltSeparator}$${PROJECT.signerKey}`,
    read: /^\$firescrypt\$ln=(?<memCost>\d+),r=(?<rounds>\d+),p=1\$(?<salt>[^$]+)\$(?<hash>[^$]+)\$/,
  },
};
const ofFirebase = {
  hash: async (password, { memCost, rounds }, format) => {
    const salt = randomBytes(10).toString("base64");
    const hash = await new FirebaseScrypt({ ...PROJECT, memCost, rounds }).hash(password, salt);
    return FIREBASE[format].write({ memCost, rounds, salt, hash });
  },
  verify: (password, stored, format) => {
    const { memCost, rounds, salt, hash } = FIREBASE[format].read.exec(stored).groups;
    return new FirebaseScrypt({ ...PROJECT, memCost: Number(memCost), rounds: Number(rounds) }).verify(
      password,
      salt,
      hash,
    );
  },
};

/** Two columns of a collection. The salt is the text of its column; passlib's form holds both. */
const ofMongoose = {
  hash: async (password, options) => {
    const user = await modelOf(options)({ username: "somebody" }).setPassword(password);
    const [hash, salt] = [user.get("hash"), user.get("salt")];
    return `$pbkdf2-${options.digestAlgorithm}$${options.iterations}$${adapted(salt)}$${adapted(Buffer.from(hash, "hex"))}`;
  },
  verify: async (password, stored) => {
    const [, name, iterations, salt, hash] = stored.split("$");
    const [saltBytes, hashBytes] = [salt, hash].map((text) => Buffer.from(text.replaceAll(".", "+"), "base64"));
    const options = {
      digestAlgorithm: name.slice("pbkdf2-".length),
      iterations: Number(iterations),
      keylen: hashBytes.length,
    };
    const user = modelOf(options)({ username: "somebody" });
    user.set({ salt: saltBytes.toString(), hash: hashBytes.toString("hex") });
    const { user: known } = await user.authenticate(password);
    return known !== false;
  },
};

function modelOf(options) {
  const schema = new mongoose.Schema({});
  schema.plugin(passportLocalMongoose.default ?? passportLocalMongoose, options);
  const name = "User";
  if (mongoose.models[name] !== undefined) mongoose.deleteModel(name);
  const Model = mongoose.model(name, schema, undefined, { autoIndex: false });
  return (fields) => new Model(fields);
}

const PACKAGES = {
  "@adonisjs/hash": { argon2: ofDriver(Argon), bcrypt: ofDriver(Bcrypt), scrypt: ofDriver(Scrypt) },
  "@phc/pbkdf2": {
    pbkdf2: {
      hash: (password, options) => phcPbkdf2.hash(password, options),
      verify: (password, stored) => phcPbkdf2.verify(stored, password),
    },
  },
  "aspnet-identity-pw": {
    v2: {
      hash: (password) => promised((done) => aspnet.hashPassword(password, done)),
      verify: (password, stored) => promised((done) => aspnet.validatePassword(password, stored, done)),
    },
  },
  "npm bcrypt": {
    bcrypt: {
      hash: (password, { rounds, minor }) => bcrypt.hash(password, bcrypt.genSaltSync(rounds, minor)),
      verify: (password, stored) => bcrypt.compare(password, stored),
    },
  },
  "firebase-scrypt": { fbscrypt: ofFirebase, firescrypt: ofFirebase },
  "passport-local-mongoose": { pbkdf2: ofMongoose },
};

const promised = (run) =>
  new Promise((resolve, reject) => run((error, result) => (error ? reject(error) : resolve(result))));

async function answer({ software, format, op, password, stored, options }) {
  if (op === "version") return versionOf(software.replace(/^npm /, ""));
  const { hash, verify } = PACKAGES[software][format];
  return op === "hash" ? hash(password, options, format) : verify(password, stored, format);
}

function versionOf(name) {
  const manifest = new URL(`node_modules/${name}/package.json`, import.meta.url);
  return JSON.parse(readFileSync(manifest, "utf8")).version;
}

const answers = [];
for (const job of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    answers.push({ ok: await answer(job) });
  } catch (error) {
    answers.push({ error: String(error) });
  }
}
process.stdout.write(JSON.stringify(answers));
