// Each command, and each error with its sentence.

import assert from "node:assert/strict";
import { createPublicKey } from "node:crypto";
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { PasswordHasher as Argon2Hasher } from "countersign/argon2";
import { makeKeyPair } from "../interop/key-pair.mjs";
import { answered, countersign, folder } from "./program.mjs";

/** The code with which a call is refused. */
function refusalOf(call) {
  try {
    call();
  } catch (error) {
    return error.code;
  }
}

/** The table of the commands, in a file whose exports have short names. */
function tableIn(shared) {
  const COMMANDS = Object.values(shared).find((each) => Array.isArray(each) && each[0]?.name === "keygen");
  return { COMMANDS };
}

const env = { PASS: "correct horse battery staple" };
const PASS = ["--passphrase-env", "PASS"];

const read = (cwd, name) => readFileSync(join(cwd, name), "utf8");
const mode = (cwd, name) => statSync(join(cwd, name)).mode & 0o777;

test("generates_a_key_for_every_algorithm", { concurrency: 4 }, async (t) => {
  const { options } = await answered(["help", "keygen"]);
  assert.ok(options.some(({ name }) => name === "modulus-length"));
  const { error } = await answered(["keygen", "XS256"]);
  const algorithms = error.message.replace(/^.*choose from /, "").split(", ");
  assert.equal(algorithms.length, 32);
  // RSA keys take long, so not all of them.
  const quick = algorithms.filter((alg) => !/^(RS|PS|RSA)/.test(alg) || /^(RS256|PS384|RSA-OAEP-256)$/.test(alg));
  await Promise.all(
    quick.map((alg) =>
      t.test(alg, async () => {
        const enc = alg === "dir" ? ["--enc", "A256CBC-HS512"] : [];
        const length = /^RSA/.test(alg) ? ["--modulus-length", "2048"] : [];
        const { exitCode, key, type, kid } = await answered(["keygen", alg, ...enc, ...length]);
        assert.equal(exitCode, 0);
        assert.equal(key.kid, kid);
        assert.equal(key.alg, alg === "dir" ? "A256CBC-HS512" : alg);
        assert.equal(type === "secret" ? typeof key.k : typeof (key.d ?? key.priv), "string");
      }),
    ),
  );
});

test("encrypts_a_private_key_that_goes_to_a_file", async (t) => {
  const cwd = folder(t);
  for (const name of ["key.pem", "key.json"]) {
    const made = await answered(["keygen", "ES256", "--out", name, ...PASS], { cwd, env });
    assert.deepEqual([made.exitCode, made.encrypted, mode(cwd, name)], [0, true, 0o600]);
    assert.doesNotMatch(read(cwd, name), /"d"|BEGIN PRIVATE/);
    const back = await answered(["convert", name, "--to", "jwk", ...PASS], { cwd, env });
    assert.equal(back.key.x, made.public.x);
  }
  assert.match(read(cwd, "key.pem"), /^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
  const wrong = await answered(["convert", "key.json", "--to", "jwk", ...PASS], { cwd, env: { PASS: "other" } });
  assert.deepEqual([wrong.exitCode, wrong.error.message], [2, "the passphrase does not decrypt key.json"]);
  const pem = await answered(["convert", "key.pem", "--to", "jwk", ...PASS], { cwd, env: { PASS: "other" } });
  assert.deepEqual([pem.exitCode, pem.error.message], [2, "the passphrase does not decrypt this key"]);
  assert.deepEqual(readdirSync(cwd).sort(), ["key.json", "key.pem"]);
});

test("replaces_no_file_without_force", async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, "mine"), "mine", { mode: 0o644 });
  for (const call of [
    ["keygen", "EdDSA", "--no-passphrase", "--out", "mine"],
    ["keygen", "EdDSA", "--no-passphrase", "--out", "new.json", "--public-out", "mine"],
  ]) {
    const { exitCode, error } = await answered(call, { cwd });
    assert.equal(exitCode, 2);
    assert.deepEqual(error, {
      code: "FILE_EXISTS",
      message: "mine exists: use another name, or --force to replace it",
    });
    assert.deepEqual([read(cwd, "mine"), readdirSync(cwd)], ["mine", ["mine"]]);
  }
  const forced = await answered(["keygen", "EdDSA", "--no-passphrase", "--out", "mine", "--force"], { cwd });
  assert.deepEqual([forced.exitCode, mode(cwd, "mine"), readdirSync(cwd)], [0, 0o600, ["mine"]]);
  const device = await answered(["keygen", "EdDSA", "--no-passphrase", "--out", "/dev/null", "--force"]);
  assert.deepEqual([device.exitCode, device.error.message], [2, "cannot write /dev/null: it is not a regular file"]);
  const absent = await answered(["keygen", "EdDSA", "--no-passphrase", "--out", "no/where.json"], { cwd });
  assert.deepEqual(absent.error, {
    code: "FILE_UNWRITABLE",
    message: "cannot write no/where.json: there is no folder no",
  });
});

test("publishes_the_public_halves_of_keys", async (t) => {
  const cwd = folder(t);
  await countersign(["keygen", "ES256", "--out", "a.json", ...PASS], { cwd, env });
  await countersign(["keygen", "EdDSA", "--out", "b.pem", "--no-passphrase"], { cwd });
  await countersign(["keygen", "HS256"], { cwd }).then(({ stdout }) => writeFileSync(join(cwd, "secret.json"), stdout));
  const { exitCode, jwks } = await answered(["jwks", "a.json", "b.pem", "a.json", "--out", "set.json", ...PASS], {
    cwd,
    env,
  });
  assert.equal(exitCode, 0);
  assert.deepEqual(
    jwks.keys.map(({ alg, use, kid, d }) => [alg, use, typeof kid, d]),
    [
      ["ES256", "sig", "string", undefined],
      ["EdDSA", "sig", "string", undefined],
    ],
  );
  assert.deepEqual(JSON.parse(read(cwd, "set.json")), jwks);
  const secret = await answered(["jwks", "secret.json"], { cwd });
  assert.deepEqual(
    [secret.exitCode, secret.error.message],
    [2, "a secret has no public half, and nobody else may have it"],
  );
  const none = await answered(["jwks", "a.json"], { cwd });
  assert.deepEqual(
    [none.exitCode, none.error.message],
    [2, "a.json is encrypted: give --passphrase-file, --passphrase-env or --passphrase-stdin"],
  );
});

test("rotates_a_key_set_and_keeps_old_tokens_valid_for_a_while", async (t) => {
  const cwd = folder(t);
  const rotate = () =>
    answered(["rotate", "keys.json", "--alg", "ES256", "--public-out", "jwks.json", ...PASS], { cwd, env });
  const token = async () => (await answered(["sign", "--key", "keys.json", ...PASS], { cwd, env })).token;
  const first = await rotate();
  assert.deepEqual(
    first.keys.map(({ status }) => status),
    ["current", "next"],
  );
  const old = await token();
  const second = await rotate();
  assert.deepEqual(
    second.keys.map(({ status }) => status),
    ["current", "next", "retired"],
  );
  assert.equal(second.keys[0].kid, first.keys[1].kid, "the next key, which was published, signs");
  assert.equal(second.keys[2].kid, first.keys[0].kid);
  for (const each of [old, await token()]) {
    const { exitCode } = await answered(["verify", "--key", "jwks.json", "--any"], { cwd, input: each });
    assert.equal(exitCode, 0);
  }
  assert.deepEqual([second.encrypted, mode(cwd, "keys.json"), mode(cwd, "jwks.json")], [true, 0o600, 0o644]);
  assert.deepEqual(readdirSync(cwd).sort(), ["jwks.json", "keys.json"]);
});

test("removes_retired_keys_and_refuses_files_that_it_does_not_understand", async (t) => {
  const cwd = folder(t);
  await countersign(["rotate", "keys.json", "--no-passphrase", "--keep-for", "1s"], { cwd });
  await countersign(["rotate", "keys.json", "--keep-for", "1s"], { cwd });
  const set = JSON.parse(read(cwd, "keys.json"));
  set.keys[2].exp = 1;
  set.note = "kept";
  writeFileSync(join(cwd, "keys.json"), JSON.stringify(set));
  const { removed, keys } = await answered(["rotate", "keys.json"], { cwd });
  assert.deepEqual([removed, keys.length], [[set.keys[2].kid], 3]);
  assert.equal(JSON.parse(read(cwd, "keys.json")).note, "kept");
  for (const change of [
    (other) => (other.keys[0].status = "next"),
    (other) => delete other.keys[2].exp,
    (other) => delete other.keys[0].d,
    (other) => (other.keys[1].x = "AAAA"),
  ]) {
    const other = JSON.parse(read(cwd, "keys.json"));
    change(other);
    const text = JSON.stringify(other);
    writeFileSync(join(cwd, "other.json"), text);
    const { exitCode, error } = await answered(["rotate", "other.json"], { cwd });
    assert.equal(exitCode, 2);
    assert.match(
      error.message,
      /^other\.json(: key 1 cannot be read: | needs one key with | holds a key that is not )/,
    );
    assert.equal(read(cwd, "other.json"), text);
  }
  writeFileSync(join(cwd, "keys.json.lock"), "");
  const locked = await answered(["rotate", "keys.json"], { cwd });
  assert.deepEqual(
    [locked.exitCode, locked.error.message],
    [2, "another process changes keys.json: if there is none, remove keys.json.lock"],
  );
  assert.ok(existsSync(join(cwd, "keys.json.lock")));
});

test("rotate_writes_over_nothing_but_a_set_that_it_keeps", async (t) => {
  const cwd = folder(t);
  const pem = (type, options) => makeKeyPair(type, options).privateKey;
  const plain = { type: "pkcs8", format: "pem" };
  const p256 = pem("ec", { namedCurve: "P-256" });
  const jwk = p256.export({ format: "jwk" });
  const alone = (name) =>
    `${name} is a single key, not a set that rotate keeps: name a new file, and take the key over with --adopt ${name}`;
  const bare = (name) => alone(name).replace("is a single key", 'is a key set without "status"');
  const more = (name) => alone(name).replace("is a single key", "holds more than a key set");
  const isPublic = (name) => `${name} holds a key that is not private`;
  const status =
    'NAME needs one key with "status": "current", at most one "next", and an "exp" for each that is "retired"';
  const encrypted = { ...plain, cipher: "aes-256-cbc", passphrase: env.PASS };
  await countersign(["keygen", "ES256", "--out", "encrypted.json", ...PASS], { cwd, env });
  const sets = {
    one: JSON.stringify({ keys: [jwk] }),
    several: JSON.stringify({ keys: [jwk, pem("ed25519").export({ format: "jwk" })] }),
  };
  const cases = [
    ["tls.pem", p256.export(plain), alone],
    ["rsa.key", pem("rsa", { modulusLength: 2048 }).export({ type: "pkcs1", format: "pem" }), alone],
    ["ed25519.pem", pem("ed25519").export(encrypted), alone],
    ["key.der", p256.export({ type: "pkcs8", format: "der" }), alone],
    ["key.json", JSON.stringify({ ...jwk, alg: "ES256", status: "current" }), alone],
    ["encrypted.json", read(cwd, "encrypted.json"), alone],
    ["set.json", sets.one, bare],
    ["sets.json", sets.several, bare],
    ["settings.env", `SIGNING_KEY=${JSON.stringify({ keys: [{ ...jwk, alg: "ES256", status: "current" }] })}\n`, more],
    ["half.json", JSON.stringify({ keys: [jwk, { ...jwk, kid: "a", status: "current" }] }), () => status],
    ["public.json", JSON.stringify({ keys: [{ ...jwk, d: undefined }] }), isPublic],
    ["empty.json", '{"keys":[]}', () => status],
  ];
  await Promise.all(
    cases.map(async ([name, content, message]) => {
      writeFileSync(join(cwd, name), content);
      const { exitCode, error } = await answered(["rotate", name, ...PASS], { cwd, env });
      const expected = message(name).replace("NAME", name);
      assert.deepEqual([exitCode, error], [2, { code: "INPUT_INVALID", message: expected }], name);
      assert.deepEqual(readFileSync(join(cwd, name)), Buffer.from(content), name);
    }),
  );
  assert.deepEqual(readdirSync(cwd).sort(), cases.map(([name]) => name).sort());
});

test("rotate_takes_over_the_key_of_another_file_and_goes_on_signing_with_it", { concurrency: 3 }, async (t) => {
  const cwd = folder(t);
  const make = (type, options) => makeKeyPair(type, options).privateKey;
  const plain = { type: "pkcs8", format: "pem" };
  const rsa = make("rsa", { modulusLength: 2048 });
  const p256 = make("ec", { namedCurve: "P-256" });
  const jwk = { ...p256.export({ format: "jwk" }), alg: "ES256" };
  const ring = { keys: [{ ...jwk, kid: "old", status: "retired", exp: 1 }] };
  for (const [name, content] of [
    ["tls.pem", p256.export({ type: "sec1", format: "pem" })],
    ["rsa.pem", rsa.export({ type: "pkcs1", format: "pem" })],
    ["rsa.der", rsa.export({ type: "pkcs8", format: "der" })],
    ["locked.pem", make("ed25519").export({ ...plain, cipher: "aes-256-cbc", passphrase: env.PASS })],
    ["p384.pem", make("ec", { namedCurve: "P-384" }).export(plain)],
    ["key.json", JSON.stringify({ ...jwk, kid: "mine", note: "kept" })],
    ["set.json", JSON.stringify({ keys: [{ ...jwk, kid: "of a set" }] })],
    ["sets.json", JSON.stringify({ keys: [jwk, { ...jwk, kid: "b" }] })],
    ["over.json", JSON.stringify(ring)],
    ["public.pem", createPublicKey(p256).export({ type: "spki", format: "pem" })],
    ["secret.json", '{"kty":"oct","alg":"HS256","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}'],
  ])
    writeFileSync(join(cwd, name), content);
  const open = ["--no-passphrase"];
  const cases = [
    ["tls.pem", open, ["ES256", "ES256"]],
    ["rsa.pem", open, ["RS256", "RS256"]],
    ["rsa.pem", ["--alg", "PS256", ...open], ["PS256", "PS256"]],
    ["rsa.der", ["--alg", "EdDSA", ...open], ["RS256", "EdDSA"]],
    ["locked.pem", PASS, ["EdDSA", "EdDSA"], true],
    ["locked.pem", [...PASS, ...open], ["EdDSA", "EdDSA"]],
    ["p384.pem", PASS, ["ES384", "ES384"], true],
    ["key.json", ["--alg", "EdDSA", ...open], ["ES256", "EdDSA"]],
    ["set.json", open, ["ES256", "ES256"]],
  ];
  await Promise.all(
    cases.map(([name, more, algs, isEncrypted = false], index) =>
      t.test(`${name} ${more.join(" ")}`, async () => {
        const before = readFileSync(join(cwd, name));
        const set = `ring-${index}.json`;
        const publish = ["--public-out", `jwks-${index}.json`];
        const run = (...args) => answered(args, { cwd, env });
        const first = await run("rotate", set, "--adopt", name, ...publish, ...more);
        assert.equal(first.exitCode, 0, first.error?.message);
        assert.deepEqual([first.adopted, first.encrypted], [name, isEncrypted]);
        const kind = first.keys.map(({ status, alg }) => [status, alg]);
        assert.deepEqual(kind, [
          ["current", algs[0]],
          ["next", algs[1]],
        ]);
        // Earlier tokens are still accepted, also those that carry the name that `jwks` gives the key.
        const { jwks } = await run("jwks", name, ...PASS);
        assert.equal(first.keys[0].kid, jwks.keys[0].kid);
        const published = JSON.parse(read(cwd, `jwks-${index}.json`));
        assert.deepEqual(
          published.keys.map(({ kid }) => kid),
          first.keys.map(({ kid }) => kid),
        );
        const signed = await run("sign", "--key", set, ...PASS);
        assert.deepEqual([signed.kid, signed.alg], [first.keys[0].kid, algs[0]]);
        const second = await run("rotate", set, ...publish, ...(isEncrypted ? PASS : []));
        assert.deepEqual(
          second.keys.map(({ kid, status }) => [kid, status]).filter((_, place) => place !== 1),
          [
            [first.keys[1].kid, "current"],
            [first.keys[0].kid, "retired"],
          ],
        );
        assert.deepEqual(readFileSync(join(cwd, name)), before);
      }),
    ),
  );
  const several =
    "sets.json holds several keys, and --adopt takes one: countersign convert sets.json --kid KID --out ONE.json writes one";
  const refused = [
    [["new.json", "--adopt", "sets.json", ...open], "INPUT_INVALID", several],
    [["new.json", "--adopt", "over.json", ...open], "INPUT_INVALID", 'over.json holds a key whose "exp" has passed'],
    [["new.json", "--adopt", "public.pem", ...open], "INPUT_INVALID", "public.pem holds a key that is not private"],
    [["new.json", "--adopt", "secret.json", ...open], "INPUT_INVALID", "secret.json holds a key that is not private"],
    [
      ["new.json", "--adopt", "nothing.pem", ...open],
      "FILE_UNREADABLE",
      "cannot read nothing.pem: there is no such file",
    ],
    [
      ["tls.pem", "--adopt", "tls.pem", ...open],
      "FILE_EXISTS",
      "tls.pem exists: --adopt makes a new set, so use another name",
    ],
    [
      ["set.json", "--adopt", "tls.pem", ...open],
      "FILE_EXISTS",
      "set.json exists: --adopt makes a new set, so use another name",
    ],
    [
      ["new.json", "--adopt", "tls.pem", "--public-out", "tls.pem", "--force", ...open],
      "USAGE",
      "--adopt and --public-out are the same file",
    ],
  ];
  await Promise.all(
    refused.map(async ([[path, ...args], code, message], index) => {
      // Two rotations of one file would wait for each other.
      const set = path.replace("new", `new-${index}`);
      const { exitCode, error } = await answered(["rotate", set, ...args], { cwd });
      assert.deepEqual([exitCode, error], [2, { code, message }]);
    }),
  );
  assert.deepEqual(
    readdirSync(cwd).filter((name) => /^new/.test(name)),
    [],
  );
});

test("rotate_keeps_the_current_key_while_no_other_is_published", async (t) => {
  const cwd = folder(t);
  await countersign(["rotate", "keys.json", "--alg", "ES256", "--no-passphrase"], { cwd });
  await countersign(["rotate", "keys.json", "--alg", "EdDSA"], { cwd });
  const { keys } = JSON.parse(read(cwd, "keys.json"));
  const [current, next, retired] = keys;
  for (const [name, before, after] of [
    ["one", [current], [current.kid, "new"]],
    ["two", [retired, current], [current.kid, "new", retired.kid]],
    ["three", [next, retired, current], [next.kid, "new", current.kid, retired.kid]],
  ]) {
    writeFileSync(join(cwd, `${name}.json`), JSON.stringify({ keys: before }));
    const { keys: rotated, removed } = await answered(["rotate", `${name}.json`], { cwd });
    const known = rotated.map(({ kid }) => (keys.some((each) => each.kid === kid) ? kid : "new"));
    assert.deepEqual([known, removed], [after, []], name);
    assert.deepEqual([rotated[0].status, rotated[1].status], ["current", "next"]);
  }
});

test("rotate_replaces_a_public_set_and_nothing_else", async (t) => {
  const cwd = folder(t);
  await countersign(["rotate", "ring.json", "--no-passphrase", "--public-out", "set.json"], { cwd });
  const [ring, { keys }] = [JSON.parse(read(cwd, "ring.json")), JSON.parse(read(cwd, "set.json"))];
  const rotate = (name, content, ...more) => {
    writeFileSync(join(cwd, name), content);
    return answered(["rotate", `ring-${name}`, "--no-passphrase", "--public-out", name, ...more], { cwd });
  };
  const kept = {
    "private-set": JSON.stringify(ring),
    "one-of-them-private": JSON.stringify({ keys: [...keys, ring.keys[0]] }),
    "another-algorithm": JSON.stringify({ keys: [{ kty: "AKP", priv: "AAAA" }] }),
    "public-key": JSON.stringify(keys[0]),
    secret: '{"keys":[{"kty":"oct","k":"AAAA"}]}',
    encrypted: "eyJhbGciOiJQQkVTMi1IUzI1NitBMTI4S1cifQ....",
    bytes: Buffer.from([0xff, 0]),
    empty: "",
  };
  await Promise.all(
    Object.entries(kept).map(async ([name, content]) => {
      const { exitCode, error } = await rotate(name, content);
      assert.deepEqual(
        [exitCode, error],
        [
          2,
          {
            code: "FILE_EXISTS",
            message: `${name} exists and is not a JWK Set of public keys: use another name, or --force to replace it`,
          },
        ],
      );
      assert.deepEqual(readFileSync(join(cwd, name)), Buffer.from(content));
      assert.ok(!existsSync(join(cwd, `ring-${name}`)));
    }),
  );
  const replaced = [
    ["older", JSON.stringify({ keys, note: "" })],
    ["none-yet", '{"keys":[]}'],
    ["of-other-kinds", '{"keys":[{"kty":"AKP","pub":"AAAA"}]}'],
    ["forced", "hello", "--force"],
  ];
  await Promise.all(
    replaced.map(async ([name, ...more]) => {
      assert.equal((await rotate(name, ...more)).exitCode, 0, name);
      assert.equal(JSON.parse(read(cwd, name)).keys.length, 2);
    }),
  );
});

test("refuses_two_names_of_one_file", async (t) => {
  const cwd = folder(t);
  mkdirSync(join(cwd, "folder"));
  symlinkSync("folder", join(cwd, "same-folder"));
  await countersign(["rotate", "ring.json", "--no-passphrase"], { cwd });
  const ring = read(cwd, "ring.json");
  symlinkSync("ring.json", join(cwd, "link.json"));
  linkSync(join(cwd, "ring.json"), join(cwd, "hard-link.json"));
  const set = "the key set and --public-out are the same file";
  const halves = "--out and --public-out are the same file";
  const rotate = (path, publicOut) => ["rotate", path, "--no-passphrase", "--public-out", publicOut, "--force"];
  const keygen = (out, publicOut) => ["keygen", "EdDSA", "--no-passphrase", "--out", out, "--public-out", publicOut];
  const cases = [
    [rotate("ring.json", "ring.json"), set],
    [rotate("ring.json", "./ring.json"), set],
    [rotate("ring.json", join(cwd, "ring.json")), set],
    [rotate("ring.json", "link.json"), set],
    [rotate("link.json", "ring.json"), set],
    [rotate("ring.json", "hard-link.json"), set],
    [rotate("new.json", "./new.json"), set],
    [rotate("folder/new.json", "same-folder/new.json"), set],
    [rotate("same-folder/../new.json", "new.json"), set],
    [keygen("new.json", "./new.json"), halves],
    [keygen("folder/new.json", "same-folder/new.json"), halves],
    [[...keygen("ring.json", "link.json"), "--force"], halves],
  ];
  await Promise.all(
    cases.map(async ([args, message]) => {
      const { exitCode, error } = await answered(args, { cwd });
      assert.deepEqual([exitCode, error], [2, { code: "USAGE", message }], args.join(" "));
    }),
  );
  assert.equal(read(cwd, "ring.json"), ring);
  assert.deepEqual(readdirSync(cwd).sort(), ["folder", "hard-link.json", "link.json", "ring.json", "same-folder"]);
  assert.deepEqual(readdirSync(join(cwd, "folder")), []);
  // The same name in another folder is another file.
  const other = await answered(keygen("new.json", "folder/new.json"), { cwd });
  assert.deepEqual([other.exitCode, typeof JSON.parse(read(cwd, "new.json")).d], [0, "string"]);
});

test("says_which_folder_is_missing_before_it_makes_a_key", async (t) => {
  const cwd = folder(t);
  const { privateKey } = makeKeyPair("ed25519");
  writeFileSync(join(cwd, "key.pem"), privateKey.export({ type: "pkcs8", format: "pem" }));
  writeFileSync(join(cwd, "users.json"), "[]");
  const open = "--no-passphrase";
  const none = (path) => `cannot write ${path}: there is no folder a/b`;
  const cases = [
    [["keygen", "EdDSA", "--out", "a/b/c.json"], none("a/b/c.json")],
    [["keygen", "EdDSA", "--out", "a/b/c.json", "--force", open], none("a/b/c.json")],
    [["keygen", "EdDSA", "--out", "c.json", "--public-out", "a/b/c.json", open], none("a/b/c.json")],
    [["convert", "key.pem", "--out", "a/b/c.json"], none("a/b/c.json")],
    [["jwks", "key.pem", "--out", "a/b/c.json"], none("a/b/c.json")],
    [["rotate", "a/b/c.json", open], none("a/b/c.json")],
    [["rotate", "c.json", "--public-out", "a/b/c.json", open], none("a/b/c.json")],
    [["import", "--from", "supabase", "users.json", "--out", "a/b/c.jsonl"], none("a/b/c.jsonl")],
    [
      ["import", "--from", "supabase", "users.json", "--out", "c.jsonl", "--rejects", "a/b/c.jsonl"],
      none("a/b/c.jsonl"),
    ],
    [
      ["keygen", "EdDSA", "--out", "key.pem/c.json", open],
      "cannot write key.pem/c.json: a part of the path is not a directory",
    ],
    [["rotate", "key.pem/c.json", open], "cannot write key.pem/c.json: a part of the path is not a directory"],
  ];
  await Promise.all(
    cases.map(async ([args, message]) => {
      const { exitCode, error } = await answered(args, { cwd });
      const expected = [2, { code: "FILE_UNWRITABLE", message }];
      assert.deepEqual([exitCode, error && { ...error, message: error.message.replace(".partial:", ":") }], expected);
    }),
  );
  assert.deepEqual(
    readdirSync(cwd).filter((name) => !/^(key\.pem|users\.json)$/.test(name)),
    [],
  );
});

test("the_help_names_each_value_and_the_unit_of_a_number", async () => {
  const { COMMANDS } = await import("../../pkg/dist/cli/shared.js").then((shared) => tableIn(shared));
  for (const { name, options } of COMMANDS) {
    for (const { name: option, value, choices = [], about } of options) {
      // The algorithms are listed by keygen, where a wrong name is refused.
      if (choices.length <= 8)
        for (const choice of choices) assert.ok(about.includes(choice), `${name} --${option}: ${choice}`);
      if (value === "DURATION" && option !== "keep-for")
        assert.match(about, /a number without a unit is seconds/, `${name} --${option}`);
    }
  }
});

test("locks_a_key_set_by_each_of_its_names", async (t) => {
  const cwd = folder(t);
  mkdirSync(join(cwd, "folder"));
  await countersign(["rotate", "folder/ring.json", "--no-passphrase"], { cwd });
  const ring = read(cwd, "folder/ring.json");
  symlinkSync("folder/ring.json", join(cwd, "link.json"));
  symlinkSync("link.json", join(cwd, "link-to-link.json"));
  symlinkSync("nowhere.json", join(cwd, "dangling.json"));
  const lock = join(realpathSync(cwd), "folder/ring.json.lock");
  writeFileSync(lock, "");
  await Promise.all(
    ["link.json", "link-to-link.json"].map(async (name) => {
      const { exitCode, error } = await answered(["rotate", name], { cwd });
      const message = `another process changes ${name}: if there is none, remove ${lock}`;
      assert.deepEqual([exitCode, error], [2, { code: "FILE_EXISTS", message }]);
    }),
  );
  assert.equal(read(cwd, "folder/ring.json"), ring);
  rmSync(lock);
  const { exitCode, keys } = await answered(["rotate", "link.json"], { cwd });
  assert.deepEqual([exitCode, keys.length, readdirSync(join(cwd, "folder"))], [0, 3, ["ring.json"]]);
  const dangling = await answered(["rotate", "dangling.json", "--no-passphrase"], { cwd });
  assert.equal(dangling.error.message, "cannot write dangling.json: it is not a regular file");
  assert.deepEqual(readdirSync(cwd).sort(), ["dangling.json", "folder", "link-to-link.json", "link.json"]);
});

test("judges_keys_as_at_the_time_that_now_names", async (t) => {
  const cwd = folder(t);
  await countersign(["keygen", "EdDSA", "--out", "key.json", "--no-passphrase"], { cwd });
  const key = JSON.parse(read(cwd, "key.json"));
  writeFileSync(join(cwd, "ended.json"), JSON.stringify({ keys: [{ ...key, exp: 1_000_000 }] }));
  writeFileSync(join(cwd, "ends.json"), JSON.stringify({ keys: [{ ...key, exp: 4_000_000_000 }] }));
  const { token } = await answered(["sign", "--key", "key.json", "--claims", '{"iat":1,"exp":5000000000}'], { cwd });
  const cases = [
    ["ended.json", ["--now", "999999"], 0],
    ["ended.json", ["--now", "1000000"], 2],
    ["ended.json", [], 2],
    ["ends.json", ["--now", "4000000000"], 2],
    ["ends.json", ["--now", "3999999999"], 0],
    ["ends.json", [], 0],
  ];
  await Promise.all(
    cases.map(async ([name, now, code]) => {
      const { exitCode, error } = await answered(["verify", "--key", name, "--any", ...now], { cwd, input: token });
      assert.equal(exitCode, code, `${name} ${now}`);
      if (code === 2) assert.equal(error.message, "the exp of every key has passed");
    }),
  );
});

test("signs_and_verifies", async (t) => {
  const cwd = folder(t);
  await countersign(["keygen", "RS256", "--out", "key.pem", "--public-out", "public.pem", "--no-passphrase"], { cwd });
  writeFileSync(join(cwd, "claims.json"), '{"scope":"read"}');
  const call = [
    "sign",
    "--key",
    "key.pem",
    "--alg",
    "PS256",
    "--claims-file",
    "claims.json",
    "--claim",
    "name=Zoë",
    "--claim-json",
  ];
  const named = [
    "--issuer",
    "https://i.example",
    "--audience",
    "api",
    "--audience",
    "web",
    "--expires-in",
    "1h",
    "--jwt-id",
    "random",
  ];
  const { token } = await answered([...call, 'roles=["a"]', ...named], { cwd });
  const verify = [
    "verify",
    "--key",
    "public.pem",
    "--alg",
    "PS256",
    "--issuer",
    "https://i.example",
    "--audience",
    "web",
  ];
  const { exitCode, header, claims } = await answered(verify, { cwd, input: token });
  assert.equal(exitCode, 0);
  assert.deepEqual(
    [header.alg, claims.exp - claims.iat, claims.aud, claims.roles],
    ["PS256", 3600, ["api", "web"], ["a"]],
  );
  assert.deepEqual([claims.scope, claims.name, claims.jti.length], ["read", "Zoë", 22]);
  const plain = await countersign(verify, { cwd, input: `${token}\n` });
  assert.deepEqual(JSON.parse(plain.stdout), claims);

  const refusals = [
    [[...verify.slice(0, -1), "other"], 1, "CLAIM_INVALID", '"aud" claim names no accepted audience'],
    [[...verify, "--now", "2100-01-01"], 1, "TOKEN_EXPIRED", "token has expired"],
    [[...verify, "--subject", "x"], 1, "CLAIM_MISSING", 'missing "sub" claim'],
    [["verify", "--key", "public.pem", "--any"], 1, "TOKEN_ALGORITHM_MISMATCH", undefined],
  ];
  for (const [args, code, name, message] of refusals) {
    const { error, exitCode: refused } = await answered(args, { cwd, input: token });
    assert.deepEqual([refused, error.code], [code, name]);
    if (message !== undefined) assert.equal(error.message, message);
  }
  const changed = await countersign(verify, { cwd, input: `${token.slice(0, -8)}AAAAAAAA` });
  assert.deepEqual(
    [changed.exitCode, changed.stdout, changed.stderr],
    [1, "", "countersign verify: TOKEN_SIGNATURE_INVALID: signature does not match\n"],
  );
});

test("says_how_much_of_a_signature_is_there", async (t) => {
  const cwd = folder(t);
  await countersign(["keygen", "ES256", "--out", "key.json", "--no-passphrase"], { cwd });
  const { token } = await answered(["sign", "--key", "key.json", "--subject", "al", "--audience", "a"], { cwd });
  const start = token.slice(0, token.lastIndexOf(".") + 1);
  const signature = (bytes) => start + Buffer.alloc(bytes, 1).toString("base64url");
  const length = (bytes, why = "the token may be cut short") =>
    `: the signature has ${bytes} bytes; one of ES256 has 64: ${why}`;
  const longer = "something may have been added to the token";
  // R and S of 32 bytes, each as an INTEGER.
  const integer = Buffer.concat([Buffer.from([0x02, 32]), Buffer.alloc(32, 1)]);
  const inDer = start + Buffer.concat([Buffer.from([0x30, 68]), integer, integer]).toString("base64url");
  const der = "it is in DER, and a token has R and S one after the other (RFC 7518 §3.4)";
  for (const [cut, code, message] of [
    [signature(57), "TOKEN_SIGNATURE_INVALID", `signature does not match${length(57)}`],
    [signature(65), "TOKEN_SIGNATURE_INVALID", `signature does not match${length(65, longer)}`],
    [inDer, "TOKEN_SIGNATURE_INVALID", `signature does not match${length(70, der)}`],
    [signature(64), "TOKEN_SIGNATURE_INVALID", "signature does not match"],
    [`${signature(55)}B`, "TOKEN_MALFORMED", `signature is not canonical base64url${length(56)}`],
  ]) {
    const { exitCode, error } = await answered(["verify", "--key", "key.json", "--any"], { cwd, input: cut });
    assert.deepEqual([exitCode, error], [1, { code, message }]);
  }
});

test("says_why_a_token_is_refused", async (t) => {
  const cwd = folder(t);
  await countersign(["keygen", "ES256", "--out", "key.json", "--no-passphrase"], { cwd });
  await countersign(["keygen", "HS256", "--out", "secret.json", "--no-passphrase"], { cwd });
  writeFileSync(join(cwd, "secret.txt"), "a secret that is no key document\n");
  const { token } = await answered(["sign", "--key", "key.json", "--subject", "al", "--audience", "a"], { cwd });
  const header = "header is not canonical base64url";
  const segments = "token is not three segments separated by dots";
  const alone = "with a token in it: give the token alone";
  const bearer = 'the token is after "Bearer", which belongs to the header field and not to the token';
  const cases = [
    [`Bearer ${token}`, "TOKEN_MALFORMED", `${header}: ${bearer}`],
    [`"${token}"`, "TOKEN_MALFORMED", `${header}: the token is in quotes, which do not belong to it`],
    [
      token.replace(/\.(.{40})/, ".$1\n"),
      "TOKEN_SIGNATURE_INVALID",
      "signature does not match: the token has white space inside: it may have been cut into lines",
    ],
    [
      `curl https://a.example -H 'Authorization: Bearer ${token}'`,
      "TOKEN_MALFORMED",
      `${segments}: this is a curl command ${alone}`,
    ],
    [`https://a.example/#id_token=${token}`, "TOKEN_MALFORMED", `${segments}: this is a URL ${alone}`],
    ["no token", "TOKEN_MALFORMED", segments],
  ];
  for (const [input, code, message] of cases) {
    const { exitCode, error } = await answered(["verify", "--key", "key.json", "--any"], { cwd, input });
    assert.deepEqual([exitCode, error], [1, { code, message }]);
  }
  const refused = async (key) => {
    const { exitCode, error } = await answered(["verify", "--key", key, "--any"], { cwd, input: token });
    return [exitCode, error.code, error.message];
  };
  assert.deepEqual(await refused("secret.json"), [
    1,
    "TOKEN_ALGORITHM_MISMATCH",
    '"alg" header is not the key\'s algorithm: the token says ES256, the key is for HS256',
  ]);
  assert.deepEqual(await refused("secret.txt"), [
    2,
    "KEY_INVALID",
    'no PEM block found: pass the text from "-----BEGIN" on, or DER as bytes; an HMAC secret is given with --secret-file',
  ]);
});

test("says_which_keys_are_not_supported", async () => {
  const curves = "P-256, P-384, P-521, Ed25519 and X25519";
  const supported = `${curves} are supported`;
  for (const [type, options, message] of [
    ["ec", { namedCurve: "secp256k1" }, `this is a key on the curve secp256k1, which is not supported: ${curves} are`],
    ["ec", { namedCurve: "brainpoolP256r1" }, `this is a key on an unsupported curve: ${supported}`],
    ["ec", { namedCurve: "secp224r1" }, `this is a key on an unsupported curve: ${supported}`],
    ["ed448", {}, `this is a key on the curve Ed448, which is not supported: ${curves} are`],
    ["x448", {}, `this is a key on the curve X448, which is not supported: ${curves} are`],
    ["dsa", { modulusLength: 1024, divisorLength: 160 }, "this is a DSA key, which is not supported"],
  ]) {
    const { publicKey, privateKey } = makeKeyPair(type, options);
    for (const input of [
      publicKey.export({ type: "spki", format: "pem" }),
      privateKey.export({ type: "pkcs8", format: "pem" }),
    ]) {
      const { exitCode, findings } = await answered(["doctor"], { input });
      assert.deepEqual([exitCode, findings[0].message], [1, `KEY_INVALID: ${message}`]);
    }
  }
  // With --alg, the message says what that algorithm needs.
  const { publicKey } = makeKeyPair("ec", { namedCurve: "secp256k1" });
  const input = publicKey.export({ type: "spki", format: "pem" });
  const named = await answered(["doctor", "--alg", "RS256"], { input });
  assert.equal(named.findings[0].message, 'KEY_INVALID: this is a secp256k1 key; alg "RS256" needs an RSA key');
});

test("says_what_kind_an_ml_dsa_key_is", async () => {
  for (const alg of ["ML-DSA-44", "ML-DSA-65", "ML-DSA-87"]) {
    const { stdout } = await countersign(["keygen", alg]);
    const { exitCode, keys } = await answered(["doctor"], { input: stdout });
    assert.deepEqual([exitCode, keys[0].kind, keys[0].type], [0, alg, "private"]);
  }
});

test("demands_an_issuer_and_an_audience", async (t) => {
  const cwd = folder(t);
  const { token } = await answered(["sign", "--secret-env", "SECRET", "--subject", "al"], {
    env: { SECRET: "x".repeat(32) },
  });
  const keys = ["--secret-env", "SECRET"];
  for (const [more, message] of [
    [[], "say what you expect: give --issuer and --audience, or --any to accept every one"],
    [["--issuer", "i"], "say what you expect: give --audience, or --any to accept every one"],
    [["--audience", "a"], "say what you expect: give --issuer, or --any to accept every one"],
  ]) {
    const { exitCode, error } = await answered(["verify", ...keys, ...more], {
      cwd,
      input: token,
      env: { SECRET: "x".repeat(32) },
    });
    assert.deepEqual([exitCode, error], [2, { code: "USAGE", message }]);
  }
  const any = await answered(["verify", ...keys, "--any"], { input: token, env: { SECRET: "x".repeat(32) } });
  assert.equal(any.exitCode, 0);
  const short = await answered(["sign", ...keys], { env: { SECRET: "short" } });
  assert.deepEqual([short.exitCode, short.error.code], [2, "KEY_TOO_WEAK"]);
  const allowed = await answered(["sign", ...keys, "--allow-short"], { env: { SECRET: "short" } });
  assert.equal(allowed.exitCode, 0);
});

test("refuses_claims_that_would_change", async () => {
  const env = { SECRET: "x".repeat(32) };
  for (const [args, message] of [
    [["--claims", "{"], "the claims: not JSON in line 1, at character 2"],
    [["--claims", "[]"], "the claims: not a JSON object"],
    [["--claims", '{"a":1,"a":2}'], 'the claims: the name "a" is repeated'],
    [
      ["--claims", '{"id":9007199254740993}'],
      "the claims: a whole number is beyond 2^53, and JavaScript would change it",
    ],
    [["--claims-file", process.execPath], /^(the claims: not UTF-8|.* is longer than 8388608 bytes)$/],
    [["--claim", "novalue"], "--claim is not NAME=VALUE"],
    [["--claim", "a=1", "--claim-json", "a=1"], "the claim a is given twice"],
    [["--claim-json", "a={"], "the value of --claim-json a: not JSON in line 1, at character 2"],
    [["--expires-in", "soon"], "--expires-in is not a duration such as 90s, 15m, 2h, 1d or 1w"],
  ]) {
    const { exitCode, error } = await answered(["sign", "--secret-env", "SECRET", ...args], { env });
    assert.equal(exitCode, 2);
    if (typeof message === "string") assert.equal(error.message, message);
    else assert.match(error.message, message);
  }
});

test("inspects_without_claiming_to_have_verified", async () => {
  const env = { SECRET: "x".repeat(32) };
  const { token } = await answered(["sign", "--secret-env", "SECRET", "--subject", "al"], { env });
  const report = await answered(["inspect"], { input: token });
  assert.deepEqual([report.exitCode, report.ok, report.verified, report.kind], [2, false, false, "JWS"]);
  assert.deepEqual(report.findings, [
    { level: "warning", message: 'there is no "aud": a verifier with --audience of verify refuses it' },
  ]);
  const { stdout, exitCode } = await countersign(["inspect"], { input: token });
  assert.equal(exitCode, 2);
  assert.match(stdout, /nothing was verified: anybody can have written this\n$/);
});

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const signature = "A".repeat(43);
const good = { sub: "al", aud: "api", exp: 4e9 };

test("sees_what_is_wrong_with_a_token_without_a_key", async () => {
  const cases = [
    [`${part({ alg: "none" })}.${part(good)}.`, 'alg "none": nobody signed the token, and no key accepts it'],
    [`${part({ alg: "HS256" })}.${part({ ...good, exp: 1 })}.${signature}`, /^the token has expired, \d+ years/],
    [
      `${part({ alg: "HS256" })}.${part({ ...good, exp: 4e12 })}.${signature}`,
      'claim "exp" looks like milliseconds: it must be seconds',
    ],
    [`${part({ alg: "HS256" })}.${part({ ...good, exp: "1" })}.${signature}`, 'claim "exp" is not a number'],
    [`${part({ alg: "HS256" })}.${part({ ...good, nbf: 3.9e9 })}.${signature}`, /^the token is not valid yet, for /],
    [
      `${part({ alg: "HS256" })}.${part({ ...good, iat: 3.9e9 })}.${signature}`,
      "the token was issued in the future: a clock is wrong",
    ],
    [
      `${part({ alg: "HS256" })}.${part({ aud: "a" })}.${signature}`,
      'there is no "exp": it is refused, unless --allow-missing-expiry of verify is set',
    ],
    [
      `${part({ alg: "ES256" })}.${part(good)}.${signature}`,
      "the signature has 32 bytes; one of ES256 has 64: the token may be cut short",
    ],
    [
      `${part({ alg: "HS256", jku: "https://evil.example" })}.${part(good)}.${signature}`,
      /^header has "jku": whoever made the token chose it/,
    ],
    [
      `${part({ alg: "HS256", crit: ["x"] })}.${part(good)}.${signature}`,
      'header has "crit": a token that needs extensions is refused',
    ],
    [`Bearer ${part({ alg: "HS256" })}.${part(good)}.${signature}`, /^the token is after "Bearer"/],
    [`"${part({ alg: "HS256" })}.${part(good)}.${signature}"`, "the token is in quotes, which do not belong to it"],
    [`${part({ alg: "HS256" })}.${part(good)}`, "token is not three segments separated by dots"],
    [`${part({ alg: "HS256" })}.${part({ ...good, sub: 7 })}.${signature}`, /^claim "sub" is a number/],
    ["hello", "token is not three segments separated by dots"],
  ];
  await Promise.all(
    cases.map(async ([token, expected]) => {
      const { exitCode, findings } = await answered(["inspect"], { input: token });
      assert.equal(exitCode, 2);
      const found = findings.map(({ message }) => message);
      const matches = (message) => (typeof expected === "string" ? message === expected : expected.test(message));
      assert.ok(found.some(matches), `${found} has no ${expected}`);
    }),
  );
});

test("shows_the_header_of_an_encrypted_token", async (t) => {
  const cwd = folder(t);
  await countersign(["keygen", "ES256", "--out", "key.json", ...PASS], { cwd, env });
  const report = await answered(["inspect", "--token-file", "key.json"], { cwd });
  assert.deepEqual([report.exitCode, report.kind, report.claims], [2, "JWE", null]);
  assert.deepEqual([report.header.alg, report.header.cty], ["PBES2-HS512+A256KW", "jwk+json"]);
});

test("says_what_something_is", async (t) => {
  const cwd = folder(t);
  await countersign(["keygen", "ES384", "--out", "key.pem", ...PASS], { cwd, env });
  await countersign(["rotate", "set.json", "--no-passphrase"], { cwd });
  const key = await answered(["doctor", "key.pem", ...PASS], { cwd, env });
  assert.deepEqual([key.exitCode, key.is, key.keys[0].kind, key.keys[0].alg], [0, "key", "P-384", "ES384"]);
  const set = await answered(["doctor", "set.json"], { cwd });
  assert.deepEqual([set.exitCode, set.is, set.keys.length], [0, "key-set", 2]);
  const cases = [
    ['{"kty":"oct","k":"c2hvcnQ","alg":"HS256"}', 1, /KEY_TOO_WEAK.*--allow-short of verify accepts it/],
    [
      '{"kty":"oct","k":"c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3JldA","alg":"HS256"}',
      1,
      /the secret is text, not random bytes/,
    ],
    ['{"kty":"oct","k":"c2VjcmV0"}', 1, /JWK has no "alg": pass --alg/],
    ['{"keys":[{"kty":"EC"}]}', 1, /key 0 is left out/],
    ["{SSHA}bxSCLCS1hGDMzkwYOAGZuZmBwSV9wfTP", 1, /salted-digest is weak/],
    ["5f4dcc3b5aa765d61d8327deb882cf99", 1, /convert it with fromColumns/],
    ["$2b$04$8O6muQn/.sWdjqlsN8KxB.2SIR1bpIV9o19rqb1IzgEhbo4IwTmDm", 1, /cost is below the 10 that OWASP recommends/],
    ["$2b$31$8O6muQn/.sWdjqlsN8KxB.2SIR1bpIV9o19rqb1IzgEhbo4IwTmDm", 1, /HASH_COST_TOO_HIGH.*limits\.bcryptCost/],
    [
      "$argon2id$v=19$m=64,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
      1,
      /its memory and passes are below/,
    ],
    ['{"access_token":"a.b.c"}', 2, /^$/],
    ["MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", 0, /^a key as DER\nEd25519, public\n/],
    ["*F4AF2E5D85456A908E0F552F0366375B06267295", 1, /only if the option "accept" contains "plain-digest"/],
    ["-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----", 1, /KEY_INVALID/],
  ];
  await Promise.all(
    cases.map(async ([input, code, pattern]) => {
      const { exitCode, stdout } = await countersign(["doctor"], { input });
      assert.equal(exitCode, code, input);
      assert.match(stdout, pattern);
    }),
  );
  const fine = await answered(["doctor"], { input: "$2b$12$8O6muQn/.sWdjqlsN8KxB.2SIR1bpIV9o19rqb1IzgEhbo4IwTmDm\n" });
  assert.deepEqual(
    [fine.exitCode, fine.is, fine.description],
    [0, "hash", { scheme: "bcrypt", format: "mcf", cost: 12 }],
  );
  assert.deepEqual(fine.readBy, ["countersign", "countersign/password", "countersign/formats"]);
  const argon2 = "$argon2id$v=19$m=64,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  for (const [input, refusal] of [
    [argon2],
    [`argon2${argon2}`],
    [`3|${argon2}`, "HASH_MALFORMED"],
    [`$account${argon2.replace("p=1", "p=1,keyid=MjAyNw")}`, "HASH_UNSUPPORTED"],
  ]) {
    const { description, readBy } = await answered(["doctor"], { input });
    assert.deepEqual([description.scheme, readBy.includes("countersign/argon2")], ["argon2id", refusal === undefined]);
    assert.equal(
      refusalOf(() => new Argon2Hasher().verify("x", input)),
      refusal,
    );
  }
  const unknown = await answered(["doctor"], { input: "hello world" });
  assert.deepEqual([unknown.exitCode, unknown.error.code], [2, "INPUT_INVALID"]);
});

test("doctor_accepts_no_token", async () => {
  const right = `${part({ alg: "HS256" })}.${part(good)}.${signature}`;
  const encrypted = `${part({ alg: "dir", enc: "A128GCM" })}..AAAA.AAAA.AAAA`;
  const expired = `${part({ alg: "HS256" })}.${part({ ...good, exp: 1 })}.${signature}`;
  await Promise.all(
    [right, `Bearer ${right}`, expired, encrypted].map(async (input) => {
      const { exitCode, ok, is, verified } = await answered(["doctor"], { input });
      assert.deepEqual([exitCode, ok, is, verified], [2, false, "token", false], input);
    }),
  );
  const { stdout, exitCode } = await countersign(["doctor"], { input: right });
  assert.equal(exitCode, 2);
  assert.match(stdout, /\nnothing was verified: anybody can have written this\n$/);
});

test("doctor_tells_a_missing_file_from_a_value", async (t) => {
  const cwd = folder(t);
  const files = [
    "keys/jwks.json",
    "ssh-keys.pem",
    "_keys.json",
    "scrypt:x.json",
    `${"0".repeat(32)}.json`,
    "longname13.key",
  ];
  await Promise.all(
    files.map(async (name) => {
      const { exitCode, error, stderr } = await answered(["doctor", name], { cwd });
      const message = `cannot read ${name}: there is no such file`;
      assert.deepEqual([exitCode, error, stderr], [2, { code: "FILE_UNREADABLE", message }, ""]);
    }),
  );
  const values = [
    ["$2b$12$8O6muQn/.sWdjqlsN8KxB.2SIR1bpIV9o19rqb1IzgEhbo4IwTmDm", "hash"],
    ["*F4AF2E5D85456A908E0F552F0366375B06267295", "hash"],
    [":B:salt:5f4dcc3b5aa765d61d8327deb882cf99", "hash"],
    ["SCRAM-SHA-256$4096:c2FsdA==$AAAA:AAAA", "hash"],
    ["MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "key"],
    ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA name", "key"],
    ['{"kty":"oct","k":"AAAA"}', "key"],
    [`${part({ alg: "HS256" })}.${part(good)}.${signature}`, "token"],
  ];
  await Promise.all(
    values.map(async ([value, expected]) => {
      const { is, stderr } = await answered(["doctor", value], { cwd });
      assert.equal(is, expected, value);
      assert.match(stderr, /^warning: a value in an argument is visible/);
    }),
  );
  // On standard input there is no name of a file.
  const des = await answered(["doctor"], { input: "abJnggxhB/yWI" });
  assert.deepEqual([des.exitCode, des.is], [1, "hash"]);
});

test("hashes_and_checks_passwords", async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, "password"), "correct horse\n");
  const made = await countersign(["hash", "--password-file", "password", "--memory-kib", "64"], { cwd });
  assert.match(made.stdout, /^\$argon2id\$v=19\$m=64,t=2,p=1\$/);
  writeFileSync(join(cwd, "stored"), made.stdout);
  const right = await answered(["check", "--hash-file", "stored", "--password-stdin"], { cwd, input: "correct horse" });
  assert.deepEqual([right.exitCode, right.right, right.needsRehash, right.scheme], [0, true, true, "argon2id"]);
  const wrong = await answered(["check", "--hash-file", "stored", "--password-stdin"], { cwd, input: "wrong" });
  assert.deepEqual([wrong.exitCode, wrong.right], [1, false]);
  const cut = await answered(["check", made.stdout.trim().slice(0, -9), "--password-stdin"], {
    input: "correct horse",
  });
  assert.deepEqual([cut.exitCode, cut.error.code], [1, "HASH_MALFORMED"]);
  const bcrypt = await answered(["hash", "--password-stdin", "--scheme", "bcrypt", "--cost", "10"], { input: "x" });
  assert.deepEqual([bcrypt.scheme, bcrypt.costs], ["bcrypt", { cost: 10 }]);
  const none = await answered(["hash"]);
  assert.deepEqual(
    [none.exitCode, none.error.message],
    [2, "give the password: --password-stdin, --password-file or --password-env"],
  );
});

test("explains_wrong_calls", async () => {
  const cases = [
    [["verfy"], "there is no command verfy: did you mean verify?"], // typos: ignore
    [["--key", "verify"], "the command comes first: countersign COMMAND [OPTIONS]"],
    [["verify", "--isuer", "x"], "unknown option --isuer: did you mean --issuer?"],
    [["keygen", "--alg", "ML-DSA-65"], "unknown option --alg: the algorithm is the first word, as in keygen ES256"],
    [["verify", "--key"], "--key needs a value: FILE"],
    [["verify", "--key", "--any"], "--key needs a value: write one that begins with - as --key=VALUE"],
    [["verify", "--any=yes"], "--any takes no value"],
    [["sign", "--alg", "none"], /^--alg is none of EdDSA, /],
    [["sign", "--key", "a", "--key", "b"], "--key is given twice"],
    [["keygen"], "name an algorithm, such as EdDSA, ES256 or HS256"],
    [["keygen", "HS256", "--format", "pem"], "a secret has no PEM: use --format jwk or a name that ends with .json"],
    [["keygen", "ES256", "--modulus-length", "2048"], "--modulus-length is not for ES256"],
    [["keygen", "dir"], "dir needs --enc, such as --enc A256GCM"],
    [["sign"], "give a key: --key FILE, or --secret-file, --secret-env or --secret-stdin"],
    [["verify", "--any"], "say where the keys are: --key FILE, --jwks URL, --discover, or --secret-file"],
    [["verify", "--any", "--jwks", "jwks.json", "x"], "--jwks is not a URL: name a file with --key"],
    [["verify", "--any", "--discover", "https://login.example"], /^the token is a URL: /],
    [
      ["verify", "--any", "--jwks", "http://localhost:8787/jwks.json", "x"],
      "--jwks is not https: --allow-insecure-loopback allows http for localhost",
    ],
    [["verify", "--any", "--discover", "--key", "x"], "--key and --discover exclude each other"],
    [["check", "--password-env", "X"], "give one stored hash: as an argument, with --hash-file or with --hash-env"],
    [
      ["import", "x"],
      "say where the file is from: --from firebase, keycloak, auth0, clerk, supabase, columns or hashes",
    ],
    [["completions", "tcsh"], "name a shell: bash, zsh or fish"],
  ];
  await Promise.all(
    cases.map(async ([args, expected]) => {
      const { exitCode, stderr, stdout } = await countersign(args);
      const message = stderr.match(/^countersign(?: \w+)?: (.*)$/m)?.[1];
      if (typeof expected === "string") assert.equal(message, expected);
      else assert.match(message, expected);
      assert.deepEqual([exitCode, stdout], [2, ""], args.join(" "));
    }),
  );
});

test("shows_a_help_with_examples_for_every_command", async () => {
  const { commands } = await answered(["help"]);
  assert.equal(commands.length, 13);
  await Promise.all(
    commands.map(async ({ name, examples }) => {
      const { exitCode, stdout } = await countersign([name, "--help"]);
      assert.equal(exitCode, 0);
      assert.match(stdout, /\nExamples\n {2}countersign /);
      assert.ok(examples.length > 0);
      // The examples are calls that the command would take.
      for (const { call } of examples)
        for (const [option] of call.matchAll(/--[\w-]+/g)) assert.ok(stdout.includes(`  ${option}`), call);
    }),
  );
});
