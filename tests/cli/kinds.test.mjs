// Whatever somebody passes, `doctor` and `inspect` say what it is, or that they do not know.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { KINDS } from "./kinds.mjs";
import { answered, folder } from "./program.mjs";

/** The checks of what `doctor` says, by what a text is. */
const DOCTOR = {
  token({ name }, { exitCode, is, findings }) {
    assert.deepEqual([exitCode, is], [2, "token"]);
    const message = `this is ${name}: only the token was looked at`;
    assert.equal(
      findings.some((finding) => finding.message === message),
      / in it$/.test(name),
    );
  },
  hash({ name, text }, { is, findings }) {
    assert.equal(is, "hash");
    const message = `this is ${name}: only the hash was looked at`;
    assert.equal(
      findings.some((finding) => finding.message === message),
      / in it$/.test(name),
      text,
    );
  },
  key({ refused, told, passphrase }, { exitCode, is, keys, findings, error }) {
    if (passphrase) return assert.match(error.message, / is encrypted: give --passphrase-file/);
    assert.equal(is, told === "A JWK Set with 1 usable key." ? "key-set" : "key");
    if (refused === undefined) return assert.equal(keys.length, 1);
    assert.equal(exitCode, 1);
    return assert.match(findings[0].message, refused);
  },
  several: ({ name, names }, { exitCode, error }) =>
    assert.deepEqual(
      [exitCode, error],
      [2, { code: "INPUT_INVALID", message: `this is ${name} (${names}): give one of them alone` }],
    ),
  hashes: ({ name }, { exitCode, error }) =>
    assert.deepEqual(
      [exitCode, error],
      [2, { code: "INPUT_INVALID", message: `this is ${name}: give one of them alone` }],
    ),
  answer: (_, { exitCode, error }) =>
    assert.deepEqual(
      [exitCode, error.message],
      [2, "the key is the answer of a token endpoint: pass one of its tokens alone"],
    ),
  discovery: (_, { exitCode, error }) =>
    assert.deepEqual(
      [exitCode, error.message],
      [2, 'the key is the discovery document of an issuer: pass the keys that its "jwks_uri" names'],
    ),
  url: (_, { exitCode, error }) =>
    assert.deepEqual([exitCode, error.message], [2, "this is a URL: countersign verify --jwks fetches keys"]),
  array: ({ name }, { exitCode, error }) =>
    assert.deepEqual([exitCode, error.message], [2, `this is ${name}: a JWK Set is an object, {"keys": […]}`]),
  opaque: ({ name, advice = "only its issuer can say what it stands for" }, { exitCode, error }) =>
    assert.deepEqual([exitCode, error.message], [2, `this is ${name}: ${advice}`]),
  document: ({ name, advice }, { exitCode, error }) =>
    assert.deepEqual([exitCode, error.message], [2, `this is ${name}: ${advice}`]),
  secret: ({ name, text }, { exitCode, error }) => {
    const message = `this is ${name}: give its value alone to --secret-file or --secret-env`;
    assert.deepEqual([exitCode, error.message], [2, message], text);
  },
  unknown: (_, { exitCode }) => assert.ok(exitCode > 0),
};

test("doctor_says_what_it_is", { concurrency: 4 }, async (t) => {
  await Promise.all(
    Object.entries(KINDS).map(([title, kind]) =>
      t.test(title, async () => DOCTOR[kind.is](kind, await answered(["doctor"], { input: kind.text }))),
    ),
  );
});

test("inspect_finds_the_token_and_nothing_else", { concurrency: 4 }, async (t) => {
  const others = ["a public key in PEM", "a JWK Set", "a hash of bcrypt", "a row of CSV", "a secret"];
  const chosen = Object.entries(KINDS).filter(
    ([title, { is }]) => others.includes(title) || !/^(key|hash|unk)/.test(is),
  );
  await Promise.all(
    chosen.map(([title, { text, is, name, names, advice }]) =>
      t.test(title, async () => {
        const { exitCode, kind, header, findings } = await answered(["inspect"], { input: text });
        assert.equal(exitCode, 2);
        if (is === "token") return assert.equal(typeof header.alg, "string");
        assert.equal(kind, "unknown");
        const more = advice ?? "only its issuer can say what it stands for";
        const isAdvised = is === "opaque" || is === "document";
        const message =
          is === "several"
            ? `this is ${name} (${names}): give one of them alone`
            : `this is ${name}, not a token${isAdvised ? `: ${more}` : ""}`;
        return assert.equal(
          findings.some((finding) => finding.message === message),
          is !== "unknown",
        );
      }),
    ),
  );
});

test("a_key_file_that_is_something_else_is_named", async (t) => {
  const cwd = folder(t);
  const name = "file";
  const others = Object.values(KINDS).filter(
    ({ is, isDoubtful }) => /^(token|hash|hashes|several|url|array|opaque|secret|document)$/.test(is) && !isDoubtful,
  );
  await Promise.all(
    others.map(async ({ text, name: named }, index) => {
      const path = `${name}${index}`;
      writeFileSync(join(cwd, path), text);
      const { exitCode, error } = await answered(["convert", path, "--to", "jwk"], { cwd });
      const isAnswer = /^the answer/.test(named);
      const said = isAnswer ? "the answer of a token endpoint: pass one of its tokens alone" : `${named}, not a key`;
      assert.deepEqual([exitCode, error.code], [2, "INPUT_INVALID"]);
      assert.ok(error.message.startsWith(`${path} is ${said}`), error.message);
    }),
  );
});

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const life = { iat: 1_700_000_000, exp: 4_000_000_000 };
const tokenOf = (header, claims) => `${part(header)}.${part({ ...life, ...claims })}.${"A".repeat(342)}`;
const OPAQUE = { alg: "dir", enc: "A256GCM", iss: "https://example.eu.auth0.com/" };
const encrypted = (header) => `${part(header)}..${"A".repeat(16)}.${"A".repeat(40)}.${"A".repeat(22)}`;
const MICROSOFT = { alg: "RS256", typ: "JWT", kid: "k", nonce: "n" };
const POOL = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab3dEfGhI";
const GRAPH = { aud: "00000003-0000-0000-c000-000000000000", iss: "https://sts.windows.net/9b8f/" };

test("says_what_is_peculiar_to_tokens_of_known_issuers", async () => {
  for (const [token, said] of [
    [tokenOf(MICROSOFT, GRAPH), /^header has "nonce": this token of Microsoft is for its own API/],
    [tokenOf({ alg: "RS256", kid: "k" }, GRAPH), undefined],
    [tokenOf(MICROSOFT, { aud: "a", iss: "https://login.example" }), undefined],
    [encrypted(OPAQUE), /^only its issuer can decrypt it: Auth0 gives such access tokens/],
    // Others repeat the issuer in the header as well.
    [encrypted({ ...OPAQUE, kid: "k" }), undefined],
    [encrypted({ alg: "dir", enc: "A256GCM" }), undefined],
    [
      tokenOf({ alg: "RS256" }, { iss: POOL, token_use: "access", client_id: "c" }),
      /"client_id" for "aud": cognito\(\)/,
    ],
    [tokenOf({ alg: "RS256" }, { iss: POOL, token_use: "id", aud: "c" }), undefined],
    [
      tokenOf({ alg: "RS256" }, { iss: "https://session.firebase.google.com/p", aud: "p" }),
      /^this is a session cookie of Firebase/,
    ],
    [tokenOf({ alg: "RS256" }, { iss: "https://securetoken.google.com/p", aud: "p" }), undefined],
    [tokenOf({ alg: "RS256" }, { iss: "https://accounts.google.com", aud: "p" }), undefined],
    [tokenOf({ alg: "RS256" }, { iss: "https://appleid.apple.com", aud: "p" }), undefined],
  ]) {
    const { findings } = await answered(["inspect"], { input: token });
    const found = findings.filter(({ message }) => /Microsoft|Auth0|Cognito|Firebase/.test(message));
    assert.equal(found.length, said === undefined ? 0 : 1, JSON.stringify(findings));
    if (said !== undefined) assert.match(found[0].message, said);
  }
});

test("reads_a_key_in_a_line_of_settings_and_warns_of_a_secret_that_is_one", async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, "key"), KINDS["a JWK in a line of .env"].text);
  const { exitCode, key } = await answered(["convert", "key", "--to", "jwk"], { cwd });
  assert.deepEqual([exitCode, key?.kty], [0, "EC"]);
  writeFileSync(join(cwd, "secret"), `${KINDS["a secret in a line of .env"].text}\n`);
  const args = ["sign", "--secret-file", "secret", "--subject", "alice"];
  const whole = await answered(args, { cwd });
  assert.match(whole.stderr, /^warning: the secret is a whole line of settings: /);
  assert.equal(whole.exitCode, 0);
  writeFileSync(join(cwd, "secret"), "hT6mYz8Jq0XnV1s5rUa3kE7wBd9cGf2LpO4iQxRtZyM\n");
  assert.equal((await answered(args, { cwd })).stderr, "");
});

test("says_that_a_pem_ends_early_wherever_it_was_cut", async () => {
  const lines = KINDS["a private key in PEM"].text.trim().split("\n");
  const texts = lines
    .slice(1)
    .flatMap((line, index) => [lines.slice(0, index + 1), [...lines.slice(0, index + 1), line.slice(0, 20)]])
    .map((kept) => kept.join("\n"));
  await Promise.all(
    texts.map(async (input) => {
      const { exitCode, findings } = await answered(["doctor"], { input });
      const message = 'KEY_INVALID: PEM is not well-formed: the text ends early, before "-----END PRIVATE KEY-----"';
      assert.deepEqual([exitCode, findings[0].message], [1, message], input);
    }),
  );
});

test("names_utf_16_wherever_a_file_is_read", async (t) => {
  const cwd = folder(t);
  const mark = (text) => `\ufeff${text}`;
  const little = (text) => Buffer.from(text, "utf16le");
  const big = (text) => Buffer.from(text, "utf16le").swap16();
  const { text: token } = KINDS["a token"];
  const files = {
    "key.pem": little(mark(KINDS["a private key in PEM"].text)),
    "key.json": little(KINDS["a JWK"].text),
    "set.json": big(mark(KINDS["a JWK Set"].text)),
    "token.txt": big(token),
    "secret.txt": little("hT6mYz8Jq0XnV1s5rUa3kE7wBd9cGf2LpO4iQxRtZyM\r\n"),
    "hash.txt": little(mark(KINDS["a hash of bcrypt"].text)),
    "users.json": little(mark('[{"id":"1","name":"\u0410\u043b\u0438\u0441\u0430","encrypted_password":null}]')),
    "password.txt": little(mark("p\u00e4ssword")),
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(cwd, name), bytes);
  const said = (name) => `${name} is UTF-16, as PowerShell writes it: save it as UTF-8`;
  await Promise.all(
    [
      [["doctor", "key.pem"], "key.pem"],
      [["doctor", "hash.txt"], "hash.txt"],
      [["convert", "key.json", "--to", "pem"], "key.json"],
      [["jwks", "set.json"], "set.json"],
      [["inspect", "--token-file", "token.txt"], "token.txt"],
      [["inspect"], "standard input", files["token.txt"]],
      [["verify", "--any", "--key", "key.pem", "--token-file", "token.txt"], "token.txt"],
      [["sign", "--secret-file", "secret.txt", "--subject", "a"], "secret.txt"],
      [["check", "--hash-file", "hash.txt", "--password", "p"], "hash.txt"],
      [["hash", "--password-file", "password.txt"], "password.txt"],
      [["import", "--from", "supabase", "users.json", "--dry-run"], "users.json"],
    ].map(async ([args, name, input]) => {
      const { exitCode, error } = await answered(args, { cwd, input });
      assert.deepEqual([exitCode, error.code, error.message], [2, "INPUT_INVALID", said(name)], args.join(" "));
    }),
  );
  // Random bytes may begin as a byte order mark.
  for (const bytes of [
    Buffer.from([0xff, 0xfe, ...Array(62).keys()]),
    Buffer.from([0xff, 0xfe, ...Array(32).fill(7)]),
  ]) {
    writeFileSync(join(cwd, "random"), bytes);
    assert.equal((await answered(["sign", "--secret-file", "random", "--subject", "a"], { cwd })).exitCode, 0);
  }
});

test("says_why_a_jwk_is_not_json", async (t) => {
  const cwd = folder(t);
  const { text: jwk } = KINDS["a private JWK"];
  const oneLine = JSON.stringify(JSON.parse(jwk));
  const { length } = oneLine;
  for (const [text, why] of [
    [
      jwk.replace(/\n\}$/, ",\n}"),
      `: a comma stands before "}" or "]" in line ${jwk.split("\n").length - 1}, at character `,
    ],
    [`{"keys":[${oneLine},]}`, `: a comma stands before "}" or "]" in line 1, at character ${length + 10}`],
    [
      oneLine.replaceAll('"', "'"),
      ": its strings are in single quotes, as Python prints them, and JSON has double ones",
    ],
    [oneLine.replaceAll('"', "\u201c"), ": its quotation marks are typographic, and JSON has straight ones"],
    [oneLine.replace(',"', '"'), " in line 1, at character "],
    [oneLine.replace('"EC",', '"E,}",;'), " in line 1, at character "],
  ]) {
    writeFileSync(join(cwd, "key"), text);
    for (const args of [
      ["doctor", "key"],
      ["convert", "key", "--to", "pem"],
    ]) {
      const { exitCode, error } = await answered(args, { cwd });
      assert.deepEqual([exitCode, error.code], [2, "INPUT_INVALID"]);
      assert.ok(error.message.startsWith(`key: not JSON${why}`), error.message);
      assert.ok(!error.message.includes(JSON.parse(jwk).d), error.message);
    }
  }
});

test("an_rsa_pss_key_needs_an_algorithm_if_it_allows_several", async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, "key.pem"), KINDS["a key of RSA-PSS"].text);
  const said = "this is an RSA-PSS key: give --alg PS256, PS384 or PS512";
  for (const [args, input] of [
    [["convert", "key.pem", "--to", "jwk"]],
    [["jwks", "key.pem"]],
    [["sign", "--key", "key.pem", "--subject", "a"]],
    [["verify", "--key", "key.pem", "--any"], KINDS["a token"].text],
  ]) {
    const { exitCode, error } = await answered(args, { cwd, input });
    assert.deepEqual([exitCode, error], [2, { code: "KEY_INVALID", message: said }]);
  }
  const named = await answered(["convert", "key.pem", "--to", "jwk", "--public", "--alg", "PS512"], { cwd });
  assert.deepEqual([named.exitCode, named.key.alg], [0, "PS512"]);
});

test("doctor_says_where_a_secret_is_given", async () => {
  const said = "if it is an HMAC secret, give it to sign or verify with --secret-file";
  const { exitCode, error } = await answered(["doctor"], { input: KINDS["a secret"].text });
  assert.deepEqual(
    [exitCode, error.message],
    [2, `this is no key, key set, token or stored hash that is known: ${said}`],
  );
  const { findings } = await answered(["doctor"], { input: KINDS["a secret in base64url"].text });
  assert.equal(findings.at(-1).message, said);
});

test("verify_says_how_a_secret_fits", async (t) => {
  const cwd = folder(t);
  const bytes = Buffer.from("0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1ffb", "hex");
  const secretOf = async (text, encoding = "text") => {
    writeFileSync(join(cwd, "signing"), text);
    const args = ["sign", "--secret-file", "signing", "--secret-encoding", encoding, "--subject", "a"];
    return (await answered(args, { cwd })).token;
  };
  const binary = await secretOf(bytes.toString("hex"), "hex");
  const ofText = await secretOf(bytes.toString("hex"));
  const refused = "signature does not match";
  for (const [token, text, args, message] of [
    [binary, bytes.toString("base64"), [], `${refused}: the secret fits as base64: give --secret-encoding base64`],
    [
      binary,
      bytes.toString("base64url"),
      [],
      `${refused}: the secret fits as base64url: give --secret-encoding base64url`,
    ],
    [binary, bytes.toString("hex"), [], `${refused}: the secret fits as hex: give --secret-encoding hex`],
    [
      ofText,
      bytes.toString("hex"),
      ["--secret-encoding", "hex"],
      `${refused}: the secret fits as text: leave out --secret-encoding`,
    ],
    [ofText, ` ${bytes.toString("hex")}\n\n`, [], `${refused}: the secret fits without the white space around it`],
    [binary, bytes.toString("base64").replace("A", "B"), [], refused],
    [`${binary.slice(0, -4)}AAAA`, bytes.toString("base64"), [], refused],
  ]) {
    writeFileSync(join(cwd, "secret"), text);
    const verify = ["verify", "--any", "--secret-file", "secret", ...args];
    const { exitCode, error } = await answered(verify, { cwd, input: token });
    assert.deepEqual([exitCode, error], [1, { code: "TOKEN_SIGNATURE_INVALID", message }]);
  }
});

test("says_that_a_token_was_cut", async () => {
  const { text: token } = KINDS["a token"];
  for (const [input, message] of [
    [token.split(".").slice(0, 2).join("."), "the signature is missing: the token was cut"],
    [token.split(".")[0], "the claims and the signature are missing: the token was cut"],
  ]) {
    const { findings } = await answered(["inspect"], { input });
    assert.ok(
      findings.some((finding) => finding.message === message),
      JSON.stringify(findings),
    );
    const secret = ["--secret", "hT6mYz8Jq0XnV1s5rUa3kE7wBd9cGf2LpO4iQxRtZyM"];
    const { exitCode, error } = await answered(["verify", "--any", ...secret], { input });
    assert.equal(exitCode, 1);
    assert.ok(error.message.endsWith(`: ${message}`), error.message);
  }
});

test("shows_the_dates_of_a_certificate", async (t) => {
  const cwd = folder(t);
  const { text: pem } = KINDS["a certificate"];
  writeFileSync(join(cwd, "der"), Buffer.from(pem.replace(/-----.*-----/g, ""), "base64"));
  writeFileSync(join(cwd, "pem"), `${pem}${pem}`);
  const dates =
    "nothing of the certificate was verified: it only says that it is valid from 2026-11-30T11:57:36Z until 2126-11-06T11:57:36Z";
  for (const name of ["der", "pem"]) {
    for (const [now, exitCode, messages] of [
      ["2027-01-01T00:00:00Z", 0, [dates]],
      ["2026-11-30T11:57:35Z", 1, ["the certificate is not valid yet, for 1 s", dates]],
      ["2126-11-06T11:57:38Z", 1, ["the certificate has expired, 2 s ago", dates]],
    ]) {
      const report = await answered(["doctor", name, "--now", now], { cwd });
      assert.deepEqual([report.exitCode, report.findings.map(({ message }) => message)], [exitCode, messages], now);
    }
  }
});
