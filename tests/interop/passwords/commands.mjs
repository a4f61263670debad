// Hashes and checks passwords with command-line programs of a Unix system, by jobs of the form that peer.py describes.
// Programs that only hash are checked by another one, or by node:crypto.

import { spawnSync } from "node:child_process";
import { createHash, pbkdf2Sync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import argon2 from "argon2";

const ofMkpasswd = {
  hash: (password, { rounds, salt }, format) =>
    run("mkpasswd", ["-s", "-m", format, ...given("-R", rounds), ...given("-S", salt)], `${password}\n`).trim(),
  verify: cryptVerifies,
};
const ofPerl = {
  hash: (password, { setting }) => crypt(password, setting),
  verify: cryptVerifies,
};
const ofHtpasswd = {
  hash: (password, { args }) =>
    run("htpasswd", ["-ni", ...args, "somebody"], password)
      .trim()
      .slice("somebody:".length),
  verify: (password, stored) =>
    inFolder((folder) => {
      const file = join(folder, "users");
      writeFileSync(file, `somebody:${stored}\n`);
      const { status } = spawnSync("htpasswd", ["-vi", file, "somebody"], { input: password });
      if (status !== 0 && status !== 3) throw new Error(`htpasswd exits with ${status}`);
      return status === 0;
    }),
};
const ofSlappasswd = {
  hash: (password, { scheme, module, crypt: setting }) =>
    run("slappasswd", [
      "-n",
      "-s",
      password,
      "-h",
      `{${scheme}}`,
      ...given("-c", setting),
      ...(module === undefined ? [] : ["-o", `module-load=${module}`]),
    ]),
  verify: (password, stored) => {
    const [, scheme, rest] = /^\{([^}]+)\}(.*)$/.exec(stored);
    if (scheme === "ARGON2") return argon2.verify(rest, password);
    if (scheme === "CRYPT") return cryptVerifies(password, rest);
    const digest = { PBKDF2: "sha1", "PBKDF2-SHA256": "sha256", "PBKDF2-SHA512": "sha512" }[scheme];
    if (digest === undefined) return saltedVerifies(password, stored);
    const [iterations, salt, tag] = rest.split("$");
    const bytes = [salt, tag].map((text) => Buffer.from(text.replaceAll(".", "+"), "base64"));
    return pbkdf2Sync(password, bytes[0], Number(iterations), bytes[1].length, digest).equals(bytes[1]);
  },
};
const ofMosquitto = {
  hash: (password, { algorithm }) =>
    inFolder((folder) => {
      const file = join(folder, "users");
      run("mosquitto_passwd", ["-H", algorithm, "-c", "-b", file, "somebody", password]);
      return readFileSync(file, "utf8").trim().slice("somebody:".length);
    }),
  verify: (password, stored) => {
    const [, form, ...fields] = stored.split("$");
    if (form === "6") {
      const [salt, tag] = fields.map((field) => Buffer.from(field, "base64"));
      return createHash("sha512").update(password).update(salt).digest().equals(tag);
    }
    const [salt, tag] = fields.slice(1).map((field) => Buffer.from(field, "base64"));
    return pbkdf2Sync(password, salt, Number(fields[0]), tag.length, "sha512").equals(tag);
  },
};
const ofDoveadm = {
  hash: (password, { args = [] }, format) => run("doveadm", ["pw", "-s", format, ...args, "-p", password]).trim(),
  verify: (password, stored) => {
    const { status, stderr } = spawnSync("doveadm", ["pw", "-t", stored, "-p", password], { encoding: "utf8" });
    if (status !== 0 && !stderr.includes("mismatch")) throw new Error(stderr);
    return status === 0;
  },
};

/** For each program, how Debian calls the package, and what hashes and checks. */
export const COMMANDS = {
  mkpasswd: { package: "whois", ...ofMkpasswd },
  perl: { package: "libcrypt1", ...ofPerl },
  htpasswd: { package: "apache2-utils", ...ofHtpasswd },
  slappasswd: { package: "slapd", ...ofSlappasswd },
  mosquitto_passwd: { package: "mosquitto", ...ofMosquitto },
  doveadm: { package: "dovecot-core", ...ofDoveadm },
};

/** Why the hashes of a program cannot be made or checked here, or `undefined`. */
export function whyNoCommand(name) {
  const missing = [name, "perl"].find((program) => spawnSync(program, ["-h"]).error !== undefined);
  return missing === undefined ? undefined : `there is no ${missing} on this machine`;
}

/** The answers to a list of jobs. */
export async function askCommands(jobs) {
  const answers = [];
  for (const { software, format, op, password, stored, options } of jobs) {
    try {
      const command = COMMANDS[software];
      if (op === "version") answers.push({ ok: versionOf(command.package) });
      else if (op === "hash") answers.push({ ok: await command.hash(password, options, format) });
      else answers.push({ ok: await command.verify(password, stored) });
    } catch (error) {
      answers.push({ error: String(error) });
    }
  }
  return answers;
}

/** crypt(3), by perl. */
function crypt(password, setting) {
  const program = "print crypt($ENV{PASSWORD}, $ENV{SETTING})";
  return run("perl", ["-e", program], "", { PASSWORD: password, SETTING: setting });
}

function cryptVerifies(password, stored) {
  return crypt(password, stored) === stored;
}

/** RFC 2307's `{SSHA}` and its kin: base64 of a digest of the password and the salt, and the salt. */
function saltedVerifies(password, stored) {
  const [, scheme, rest] = /^\{S?(SHA|MD5|SHA256|SHA384|SHA512)\}(.*)$/.exec(stored);
  const [name, bytes] = { SHA: ["sha1", 20], MD5: ["md5", 16] }[scheme] ?? [
    scheme.toLowerCase(),
    Number(scheme.slice(3)) / 8,
  ];
  const all = Buffer.from(rest, "base64");
  return createHash(name).update(password).update(all.subarray(bytes)).digest().equals(all.subarray(0, bytes));
}

function versionOf(name) {
  return run("dpkg-query", ["--show", "--showformat", `\${source:Upstream-Version}`, name]);
}

function given(option, value) {
  return value === undefined ? [] : [option, String(value)];
}

function run(program, args, input = "", env = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C.UTF-8", ...env },
    input,
    timeout: 60_000,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} exits with ${status}: ${stderr}`);
  return stdout;
}

function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), "countersign-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
