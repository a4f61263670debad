// Secrets where names belong: no output repeats eight characters of one, and no file gets its name.

import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { Key } from "countersign/jwt";
import { countersign, folder } from "./program.mjs";

const key = Key.generate("ES256").withKid("one");
const jwk = key.toJwk({ private: true });
const json = JSON.stringify(jwk);
const bytes = Buffer.from(Array.from({ length: 50 }, (_, index) => (index * 67 + 251) % 256));
const base64 = bytes.toString("base64");
const PASSWORD = "Zq9xPlugh.Zq9xFrotz";
// The bytes are those of a slash in base64, so that it looks like a path.
const path = Buffer.concat([Buffer.from("ab/fFGhj", "base64"), bytes]).toString("base64");

/** The texts, each with the part that is secret. */
const SECRETS = {
  "a JWK whose quotes a shell took away": [json.replaceAll('"', ""), jwk.d],
  "a longer JWK whose quotes are gone": [`{kty:RSA,n:${"qZ7".repeat(90)},d:${base64.repeat(4)}}`, base64],
  "the same without braces": [`kty:RSA,n:${"qZ7".repeat(90)},d:${base64.repeat(4)}`, base64],
  "a JWK in base64": [Buffer.from(json).toString("base64"), Buffer.from(json).toString("base64").slice(40)],
  "a secret in base64": [base64, base64.slice(0, -1)],
  "a secret in base64 with slashes": [path, path.slice(3, -2)],
  "a line of settings": [`JWT_SECRET=${PASSWORD}`, PASSWORD],
  "a name and its value": [`NAME=JWT_SECRET=${PASSWORD}`, PASSWORD],
  "a token that was cut": [
    `.${base64url({ alg: "HS256" })}.${base64url({ sub: "alice" })}.sig`,
    base64url({ sub: "alice" }),
  ],
  "a URL with a password": [`https://user:${PASSWORD}@login.example`, PASSWORD],
  "a pass phrase": [`~${PASSWORD} ${PASSWORD}`, PASSWORD],
};

function base64url(value) {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** Where they are put. The first ones name files that are written. */
const WRITTEN = {
  "the file of rotate": (text) => ["rotate", text],
  "--public-out of rotate": (text) => ["rotate", "no/keys.json", "--public-out", text, "--no-passphrase"],
  "--out of keygen": (text) => ["keygen", "EdDSA", "--passphrase-env", "NONE", "--out", text],
  "--out of convert": (text) => ["convert", "es.json", "--to", "pem", "--passphrase-env", "NONE", "--out", text],
  "--out of jwks": (text) => ["jwks", "none.json", "--out", text],
  "--out of import": (text) => ["import", "rows.json", "--from", "supabase", "--rejects", "no/bad", "--out", text],
};
const OTHERS = {
  "the algorithm": (text) => ["keygen", text],
  "an option": (text) => ["sign", `--${text}`],
  "a claim": (text) => ["sign", "--key", "es.json", "--claim-json", text],
  "a command": (text) => [text],
  "the file of doctor": (text) => ["doctor", text],
  "the token": (text) => ["inspect", text],
};

let cwd;
before((t) => {
  cwd = folder(t);
  writeFileSync(join(cwd, "es.json"), json);
  writeFileSync(join(cwd, "rows.json"), "[]");
});

/** Whether an output has eight characters in a row of a secret. */
function repeats(output, secret) {
  for (let at = 0; at + 8 <= secret.length; at += 1) if (output.includes(secret.slice(at, at + 8))) return true;
  return false;
}

async function eachOf(cases, check) {
  const waiting = [...cases];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await check(next);
  };
  await Promise.all([work(), work(), work()]);
}

for (const [name, [text, secret]] of Object.entries(SECRETS)) {
  test(`repeats_nothing_of_${name.replaceAll(" ", "_")}`, async () => {
    const wrong = [];
    const places = Object.entries({ ...WRITTEN, ...OTHERS });
    await eachOf(places, async ([place, call]) => {
      const { stdout, stderr, exitCode } = await countersign([...call(text), "--json"], { cwd });
      const output = stdout + stderr;
      if (repeats(output, secret) || output.includes("INTERNAL") || (exitCode !== 2 && place !== "the file of doctor"))
        wrong.push([place, exitCode, output]);
    });
    assert.deepEqual(wrong, []);
    assert.deepEqual(readdirSync(cwd).sort(), ["es.json", "rows.json"]);
  });
}

test("says_why_a_file_cannot_be_written", async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, "es.json"), json);
  writeFileSync(join(cwd, "rows.json"), "[]");
  const long = `${"long name ".repeat(30)}.json`;
  const calls = {
    rotate: (text) => ["rotate", text, "--no-passphrase"],
    keygen: (text) => ["keygen", "EdDSA", "--no-passphrase", "--out", text],
    public: (text) => ["keygen", "EdDSA", "--public-out", text],
    convert: (text) => ["convert", "es.json", "--no-passphrase", "--out", text],
    jwks: (text) => ["jwks", "es.json", "--out", text],
    import: (text) => ["import", "rows.json", "--from", "supabase", "--out", text],
    rejects: (text) => ["import", "rows.json", "--from", "supabase", "--out", "o.jsonl", "--rejects", text],
  };
  const reasons = {
    [long]: "the file: the name is too long",
    "es.json/y.json": "es.json/y.json: a part of the path is not a directory",
    "es.json/y": "the file: a part of the path is not a directory",
    "nowhere/y.json": "nowhere/y.json: there is no folder nowhere",
  };
  const cases = Object.entries(calls).flatMap((call) => Object.entries(reasons).map((reason) => [...call, ...reason]));
  await eachOf(cases, async ([, call, text, reason]) => {
    const { error } = JSON.parse((await countersign([...call(text), "--json"], { cwd })).stdout);
    assert.equal(error.code, "FILE_UNWRITABLE", `${call(text)} ${error.message}`);
    assert.equal(error.message.replace(/\.(?:lock|partial):/, ":"), `cannot write ${reason}`);
  });
  // Neither a lock nor the beginning of a file is left.
  assert.deepEqual(readdirSync(cwd).sort(), ["es.json", "rows.json"]);
  const missing = await countersign(["import", "none.json", "--from", "supabase", "--out", "o.jsonl"], { cwd });
  assert.equal(missing.exitCode, 2);
  assert.deepEqual(readdirSync(cwd).sort(), ["es.json", "rows.json"]);
});

test("writes_no_file_that_is_called_as_a_secret_is_unless_it_is_meant_so", async (t) => {
  const cwd = folder(t);
  const refused = await countersign(["keygen", "EdDSA", "--public-out", "A=b"], { cwd });
  assert.match(
    refused.stderr,
    /^countersign keygen: --public-out takes the name of a file, and this looks like none: begin it with \.\/ if it is meant so\n/,
  );
  const names = [
    "./A=b",
    "my keys of 2026",
    "clés.json",
    "keys.2026-01-01",
    "a-name-without-any-extension-that-is-longer",
  ];
  await eachOf(names, async (name) => {
    assert.equal((await countersign(["keygen", "EdDSA", "--public-out", name], { cwd })).exitCode, 0, name);
  });
  assert.equal(readdirSync(cwd).length, names.length);
  await eachOf(["--out", "--public-out"], async (option) => {
    const { exitCode, stderr } = await countersign(["keygen", "EdDSA", "--no-passphrase", option, "-"], { cwd });
    const instead = option === "--out" ? "without it, standard output is written to" : "name the file to write";
    assert.equal(exitCode, 2);
    assert.ok(stderr.startsWith(`countersign keygen: ${option} takes the name of a file: ${instead}\n`), stderr);
  });
});

test("signs_no_claims_with_a_private_key_in_them", async (t) => {
  const cwd = folder(t);
  const secret = { kty: "oct", k: base64.slice(0, 43) };
  const { kty, crv, x, y } = jwk;
  for (const [name, value] of Object.entries({ "es.json": jwk, "set.json": { keys: [jwk] } }))
    writeFileSync(join(cwd, name), JSON.stringify(value));
  const claims = (value) => ["--claims", JSON.stringify(value)];
  const refused = [
    claims(jwk),
    ["--claims-file", "es.json"],
    ["--claims-file", "set.json"],
    claims(secret),
    claims({ cnf: { jwk } }),
    claims({ cnf: { jwk: { crv, x, y, d: jwk.d } } }),
    claims({ jwks: { keys: [secret] } }),
    ["--claim", `key=${json}`],
    ["--claim", `key=${key.toPem({ private: true })}`],
    ["--claim", `key=${Buffer.from(json).toString("base64url")}`],
    ["--claim-json", `sub_jwk=${json}`],
    ["--subject", json],
    ["--audience", json],
    ["--kid", json],
  ];
  const accepted = [
    claims({ kty, crv, x, y }),
    claims({ cnf: { jwk: { kty, crv, x, y } } }),
    claims({ kty: "a word", sub: "x" }),
    claims({ d: 1, k: "a", p: [] }),
    claims({ keys: ["a"] }),
    ["--claim", `key=${key.toPem()}`],
    ["--claim", "note={not JSON"],
    ["--claim", "empty="],
  ];
  await eachOf(refused, async (args) => {
    const { stdout, stderr } = await countersign(["sign", "--key", "es.json", ...args], { cwd });
    const message = "INPUT_INVALID: the claims hold a private key or a secret, which all who get the token could read";
    assert.deepEqual([stdout, stderr], ["", `countersign sign: ${message}\n`], args.join(" "));
  });
  await eachOf(accepted, async (args) => {
    const { exitCode, stderr } = await countersign(["sign", "--key", "es.json", ...args], { cwd });
    assert.deepEqual([exitCode, stderr], [0, ""], args.join(" "));
  });
});

test("reads_a_jwk_in_base64_as_a_key", async (t) => {
  const cwd = folder(t);
  const encoded = ["base64", "base64url"].flatMap((form) => {
    const text = Buffer.from(JSON.stringify({ ...jwk, kid: "???>>>" })).toString(form);
    return [text, `${text.replace(/.{76}/g, "$&\n")}\n`];
  });
  const k = bytes.toString("base64url");
  const secret = Buffer.from(JSON.stringify({ kty: "oct", k, alg: "HS256" })).toString("base64");
  await eachOf([...encoded, secret], async (text) => {
    const doctor = await countersign(["doctor"], { cwd, input: text });
    assert.match(doctor.stdout, /^a key as JWK\n/);
    for (const [around, args] of [
      [text, ["inspect"]],
      [`"${text.trim()}"`, ["inspect", "--json"]],
      [`${text.trim()}.`, ["inspect"]],
      [`${text.trim()}.e30.AAAA`, ["inspect", "--json"]],
      [`${text.trim()}.AAAA.AAAA.AAAA.AAAA`, ["inspect"]],
    ]) {
      const { stdout, stderr } = await countersign(args, { cwd, input: around });
      assert.ok(!repeats(stdout + stderr, jwk.d) && !repeats(stdout + stderr, k), stdout);
      assert.match(stdout, /this is a (?:private )?key\b/, around);
    }
  });
});
