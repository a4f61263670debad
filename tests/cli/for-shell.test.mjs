// Messages name the options of the command, and not those of a function.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeKeyPair } from "../interop/key-pair.mjs";
import { answered, countersign, folder, needs } from "./program.mjs";

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const token = (claims) => `${part({ alg: "HS256" })}.${part(claims)}.${"A".repeat(43)}`;

/** What a call says: its error, or all that `doctor` and `inspect` find. */
async function said(args, options) {
  const { error, findings = [], keys = [] } = await answered(args, options);
  const all = [...findings, ...keys.flatMap((key) => key.findings)].map(({ message }) => message);
  return error === undefined ? all : [error.message];
}

const env = { PASSWORD: "password" };

test("names_the_options_of_the_command", async (t) => {
  const cwd = folder(t);
  const { privateKey: ec } = makeKeyPair("ec", { namedCurve: "P-256" });
  const { privateKey: rsa } = makeKeyPair("rsa", { modulusLength: 2048 });
  for (const [name, content] of [
    ["short.json", '{"kty":"oct","k":"c2hvcnQ","alg":"HS256"}'],
    ["no-alg.json", '{"kty":"oct","k":"c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3JldA"}'],
    ["dir.json", '{"kty":"oct","k":"c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3JldA","alg":"dir"}'],
    ["set.json", '{"keys":[{"kty":"oct","k":"c2hvcnQ","alg":"HS256"}]}'],
    ["ec.pem", ec.export({ type: "pkcs8", format: "pem" })],
    ["rsa.pem", rsa.export({ type: "pkcs8", format: "pem" })],
    ["sha.txt", "*F4AF2E5D85456A908E0F552F0366375B06267295"],
  ])
    writeFileSync(join(cwd, name), content);
  const short = "HS256 needs a secret of at least 32 bytes";
  const length = "--modulus-length is not a multiple of 8 between 2048 and 8192";
  const withPassword = ["--password-env", "PASSWORD"];
  const noAlg = 'JWK has no "alg": pass --alg';
  const cases = [
    [["sign", "--key", "no-alg.json"], noAlg],
    [["jwks", "no-alg.json"], noAlg],
    [["convert", "no-alg.json", "--to", "jwk"], noAlg],
    [["doctor", "no-alg.json"], `KEY_INVALID: ${noAlg}`],
    [["sign", "--key", "short.json"], `${short}: --allow-short accepts it during a migration`],
    [["sign", "--secret-file", "short.json"], /./],
    [["sign", "--secret-env", "PASSWORD"], `${short}: --allow-short accepts it during a migration`],
    [["convert", "short.json", "--to", "jwk"], short],
    [["doctor", "short.json"], `KEY_TOO_WEAK: ${short}: --allow-short of verify accepts it during a migration`],
    [["doctor", "set.json"], `key 0 is left out: ${short}: --allow-short of verify accepts it during a migration`],
    [
      ["sign", "--key", "dir.json"],
      'JWK member "alg" is "dir": pass the option "enc"; no command has this option: write the content encryption as "alg" into the JWK, such as A256GCM',
    ],
    [["doctor", "rsa.pem"], /^the key does not say its algorithm: pass --alg, one of RS256, /],
    [["keygen", "RS256", "--modulus-length", "1000"], length],
    [["rotate", "new.json", "--no-passphrase", "--alg", "RS256", "--modulus-length", "1000"], length],
    [["sign", "--key", "ec.pem", "--profile", "at+jwt", "--typ", "JWT"], "--profile contradicts --typ"],
    [["verify", "--key", "ec.pem", "--any", "--profile", "at+jwt"], "--profile contradicts --any"],
    [
      ["verify", "--key", "ec.pem", "--any", "--max-token-length", "0"],
      "--max-token-length is not between 1 and 1048576",
    ],
    [
      ["convert", "ec.pem", "--to", "pem", "--public", "--form", "pkcs8"],
      "--form pkcs8 is for private keys: leave out --public",
    ],
    [["convert", "ec.pem", "--to", "pem", "--form", "spki"], "--form spki is for public keys: give --public"],
    [["convert", "ec.pem", "--to", "pem", "--form", "pkcs1"], "PKCS#1 is for RSA keys only"],
    [
      ["check", "--hash-file", "sha.txt", ...withPassword],
      "stored hash uses a scheme that is not in --accept: give --accept plain-digest",
    ],
    [["hash", ...withPassword, "--scheme", "bcrypt", "--cost", "25"], "--cost is more than the package allows"],
    [
      ["check", "--hash-file", "sha.txt", "--accept", "sha", ...withPassword],
      "--accept is not a known scheme: countersign doctor names that of a stored hash",
    ],
    [["hash", ...withPassword, "--memory-kib", "3"], "--memory-kib is less than 8 for each lane"],
    [
      ["hash", ...withPassword, "--scheme", "bcrypt", "--block-size", "3"],
      "--block-size does not apply to this scheme",
    ],
    [["inspect"], 'there is no "exp": it is refused, unless --allow-missing-expiry of verify is set', { aud: "a" }],
    [
      ["doctor"],
      /: --clock-tolerance of verify accepts it, if clocks differ$/,
      { aud: "a", exp: Date.now() / 1000 - 9 },
    ],
    [
      ["doctor"],
      /^claim "sub" is a number: it is refused, unless --allow-numeric-subject /,
      { aud: "a", exp: 4e9, sub: 7 },
    ],
  ];
  await Promise.all(
    cases.map(async ([args, expected, claims = {}]) => {
      const messages = await said(args, { cwd, env, input: token(claims) });
      const found = messages.some((each) => (typeof expected === "string" ? each === expected : expected.test(each)));
      assert.ok(found, `${args.join(" ")}: ${messages.join(" | ")}`);
    }),
  );
  // Claims are shown as they are.
  const { claims } = await answered(["inspect"], { input: token({ text: 'the option "alg"' }) });
  assert.equal(claims.text, 'the option "alg"');
});

test("accepts_a_short_secret_of_a_jwk", async (t) => {
  const cwd = folder(t);
  const jwk = { kty: "oct", k: "c2hvcnQ", alg: "HS256", kid: "a" };
  writeFileSync(join(cwd, "key.json"), JSON.stringify(jwk));
  writeFileSync(join(cwd, "set.json"), JSON.stringify({ keys: [jwk] }));
  for (const key of ["key.json", "set.json"]) {
    const signed = await answered(["sign", "--key", key, "--allow-short"], { cwd });
    const verify = (...more) => answered(["verify", "--key", key, "--any", ...more], { cwd, input: signed.token });
    assert.deepEqual([(await verify("--allow-short")).exitCode, (await verify()).exitCode], [0, 2]);
  }
});

test("gives_whole_commands_of_other_programs", { skip: needs("openssl") }, async (t) => {
  const cwd = folder(t);
  const openssl = (...args) => execFileSync("openssl", args, { cwd, stdio: "pipe" });
  const subject = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=a"];
  openssl("req", "-new", ...subject, "-keyout", "key.pem", "-out", "request.pem");
  openssl("req", "-x509", "-key", "key.pem", "-subj", "/CN=a", "-out", "certificate.pem");
  const both = ["-inkey", "key.pem", "-in", "certificate.pem", "-passout", "pass:a"];
  openssl("pkcs12", "-export", "-legacy", ...both, "-out", "old.p12");
  openssl("pkcs12", "-export", ...both, "-out", "new.p12");
  writeFileSync(join(cwd, "store.jks"), Buffer.from("feedfeed000000020000000000000000", "hex"));
  const extract = '"openssl pkcs12 -nocerts -nodes -in OLD -out NEW"';
  const legacy = extract.replace("pkcs12", "pkcs12 -legacy");
  const pkcs12 = `this is a PKCS#12 file: extract the key with ${extract}. If OpenSSL 3 then names RC2-40-CBC, the file is old: run ${legacy}`;
  const request =
    'this is a certificate request: write its public key with "openssl req -pubkey -noout -in OLD -out NEW"';
  const store =
    'this is a Java keystore: make it PKCS#12 with "keytool -importkeystore -deststoretype pkcs12 -srckeystore OLD -destkeystore NEW", then extract the key with "openssl pkcs12 -nocerts -nodes -in NEW -out KEY"';
  for (const [name, message] of [
    ["old.p12", pkcs12],
    ["new.p12", pkcs12],
    ["request.pem", request],
    ["store.jks", store],
  ]) {
    assert.deepEqual(await said(["doctor", name], { cwd }), [`KEY_INVALID: ${message}`]);
    assert.deepEqual(await said(["convert", name, "--to", "jwk"], { cwd }), [message]);
  }
  const run = (command, OLD, NEW) => {
    const [program, ...args] = command.replaceAll('"', "").replace("OLD", OLD).replace("NEW", NEW).split(" ");
    execFileSync(program, [...args, ...(program === "openssl" && args[0] === "pkcs12" ? ["-passin", "pass:a"] : [])], {
      cwd,
      stdio: "pipe",
    });
    return countersign(["convert", NEW, "--to", "jwk"], { cwd });
  };
  for (const [command, old] of [
    [extract, "new.p12"],
    [legacy, "old.p12"],
    ["openssl req -pubkey -noout -in OLD -out NEW", "request.pem"],
  ]) {
    const { stdout } = await run(command, old, `${old}.pem`);
    assert.equal(JSON.parse(stdout).kty, "EC");
  }
});
