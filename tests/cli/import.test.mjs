// `import`: every form of file, rows that cannot be read, interruptions, and memory.

import assert from "node:assert/strict";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  createWriteStream,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { answered, countersign, ended, folder, start } from "./program.mjs";

const BCRYPT = "$2b$04$8O6muQn/.sWdjqlsN8KxB.2SIR1bpIV9o19rqb1IzgEhbo4IwTmDm";
const KEYCLOAK = {
  type: "password",
  secretData: '{"value":"xiyANeGLsyMSyaOnlmzZPFiWnFc=","salt":"c29tZXNhbHRzb21lc2FsdA==","additionalParameters":{}}',
  credentialData: '{"hashIterations":1000,"algorithm":"pbkdf2","additionalParameters":{}}',
};
const PROJECT = JSON.stringify({
  signerKey: "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==",
  saltSeparator: "Bw==",
  rounds: 8,
  memCost: 14,
});
const lines = (path) =>
  readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

/** Systems: what `--from` names, an export, and the formats in it. */
const SYSTEMS = [
  {
    from: "firebase",
    file: "users.json",
    text: JSON.stringify({
      users: [
        {
          localId: "u1",
          email: "a@example.com",
          passwordHash: "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==",
          salt: "42xEC+ixf3L2lw==",
        },
        { localId: "u2", providerUserInfo: [] },
      ],
    }),
    config:
      "hash_config {\n  algorithm: SCRYPT,\n  base64_signer_key: jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==,\n  base64_salt_separator: Bw==,\n  rounds: 8,\n  mem_cost: 14,\n}\n",
    formats: { "firebase-scrypt, firebase": 1 },
    ids: ["u1", "u2"],
  },
  {
    from: "firebase",
    file: "users.csv",
    text: "u1,a@example.com,false,lSrfV15cpx95/sZS2W9c9Kp6i_LVgQNDNC_qzrCnh1SAyZvqmZqAjTdn3aoItz-VHjoZilo78198JAdRuid5lQ==,42xEC-ixf3L2lw==,Name,,,,\n",
    config: PROJECT,
    formats: { "firebase-scrypt, firebase": 1 },
    ids: ["u1"],
  },
  {
    from: "keycloak",
    file: "realm.json",
    text: JSON.stringify(
      {
        realm: "r",
        clients: [{ users: ["no"] }],
        users: [
          {
            id: "k1",
            username: "al",
            credentials: [KEYCLOAK],
          },
          { id: "k2", username: "passkey", credentials: [] },
          { id: "k3", username: "federated", federatedIdentities: [{ identityProvider: "github", userId: "1" }] },
          { id: "k4", username: "ldap", federationLink: "f:1", credentials: null },
          { id: "k5", username: "service-account-x", serviceAccountClientId: "x" },
        ],
        roles: { realm: [] },
      },
      undefined,
      2,
    ),
    formats: { "pbkdf2-sha1, passlib": 1 },
    ids: ["k1", "k2", "k3", "k4", "k5"],
  },
  {
    from: "auth0",
    file: "users.ndjson",
    text: `{"_id":{"$oid":"5f"},"email":"a@example.com","passwordHash":"${BCRYPT}"}\n\n{"_id":{"$oid":"60"},"connection":"c"}\n{"user_id":"github|1","identities":[{"provider":"github"}]}\n`,
    formats: { "bcrypt, mcf": 1 },
    ids: ["5f", "60", "github|1"],
  },
  {
    from: "clerk",
    file: "users.csv",
    text: `id,primary_email_address,password_digest,password_hasher\r\nuser_1,a@example.com,${BCRYPT},bcrypt\r\nuser_2,"b, ""B""@example.com",,\r\n`,
    formats: { "bcrypt, mcf": 1 },
    ids: ["user_1", "user_2"],
  },
  {
    from: "supabase",
    file: "users.json",
    text: `[{"id":"1","encrypted_password":"${BCRYPT}"},\n{"id":"2","encrypted_password":""}]`,
    formats: { "bcrypt, mcf": 1 },
    ids: ["1", "2"],
  },
  {
    from: "columns",
    file: "users.tsv",
    text: "user_id\tpassword_salt\tpassword_hash\n7\t73616c7473616c74\t18b2eb2c28b0d7d0c9e5ba0c08d25cba3cd3c5a7dd0d5a1d0d9a9f6ff5d54c64\n",
    config:
      '{"algorithm":"pbkdf2","digest":"sha256","iterations":25000,"columns":{"hash":"password_hash","salt":"password_salt"}}',
    formats: { "pbkdf2-sha256, passlib": 1 },
    ids: ["7"],
  },
  {
    from: "hashes",
    file: "users.jsonl",
    text: `{"id":1,"password_hash":"${BCRYPT}"}\n{"id":2,"password_hash":"{SSHA}bxSCLCS1hGDMzkwYOAGZuZmBwSV9wfTP"}`,
    formats: { "bcrypt, mcf": 1, "salted-digest, ldap": 1 },
    ids: ["1", "2"],
  },
];

for (const { from, file, text, config, formats, ids } of SYSTEMS) {
  test(`reads_an_export_of_${from}_as_${file}`, async (t) => {
    const cwd = folder(t);
    writeFileSync(join(cwd, file), text);
    const more = config === undefined ? [] : ["--config", "config"];
    if (config !== undefined) writeFileSync(join(cwd, "config"), config);
    const before = readdirSync(cwd);
    const dry = await answered(["import", "--from", from, file, ...more, "--dry-run"], { cwd });
    assert.deepEqual([dry.exitCode, dry.formats, dry.unreadable, dry.rows], [0, formats, 0, ids.length], dry.stderr);
    assert.deepEqual(readdirSync(cwd), before, "nothing was written");
    const made = await answered(["import", "--from", from, file, ...more, "--out", "out.jsonl"], { cwd });
    assert.deepEqual([made.exitCode, made.formats], [0, formats]);
    const rows = lines(join(cwd, "out.jsonl"));
    assert.deepEqual(
      rows.map(({ id }) => id),
      ids,
    );
    assert.equal(statSync(join(cwd, "out.jsonl")).mode & 0o777, 0o600);
    assert.ok(!existsSync(join(cwd, "out.jsonl.partial")));
    const piped = await countersign(["import", "--from", from, file, ...more], { cwd });
    assert.equal(piped.stdout, readFileSync(join(cwd, "out.jsonl"), "utf8"));
  });
}

test("names_the_rows_that_cannot_be_read_with_their_lines", async (t) => {
  const cwd = folder(t);
  const cases = {
    "a.json": [
      `[\n{"encrypted_password":"${BCRYPT}"},\n{"encrypted_password":"x"},\n7,\n{"a":1},\n{"encrypted_password":null}\n]`,
      [3, 4, 5],
    ],
    "b.jsonl": [`{"encrypted_password":null}\nnot json\n{"encrypted_password":\n{"encrypted_password":null}\n`, [2, 3]],
    "c.csv": [`id,encrypted_password\n1,"two\nlines"\n2,\n3,,,\n4,x\n`, [2, 5, 6]],
    "d.json": [`[{"encrypted_password":null},\n{"encrypted_password":"`, [2]],
    "e.json": [`[{"encrypted_password":null}`, [1]],
    "f.jsonl": [`{"encrypted_password":null}\n{"x":"${"y".repeat(1_048_600)}"}\n{"encrypted_password":null}`, [2]],
    "g.csv": [Buffer.from([...Buffer.from("encrypted_password\n"), 0xff, 0xfe, 10]), [2]],
  };
  for (const [file, [content, expected]] of Object.entries(cases)) {
    writeFileSync(join(cwd, file), content);
    const { exitCode, problems } = await answered(["import", "--from", "supabase", file, "--dry-run"], { cwd });
    assert.deepEqual([exitCode, problems.map(({ line }) => line)], [1, expected], file);
  }
  const shown = await countersign(["import", "--from", "supabase", "a.json", "--out", "out", "--rejects", "bad"], {
    cwd,
  });
  assert.equal(shown.exitCode, 1);
  assert.match(
    shown.stderr,
    /^line 3: row's "encrypted_password" is not a hash of bcrypt, Argon2 or Firebase, or is cut short\nline 4: row is not a JSON object\nline 5: /,
  );
  assert.match(
    shown.stdout,
    /^5 rows\n +1 {2}bcrypt, mcf\n +1 {2}without a password\n +3 {2}cannot be read\nwrote out\n$/,
  );
  assert.deepEqual(
    lines(join(cwd, "bad")).map(({ row, line }) => [row, line]),
    [
      [2, 3],
      [3, 4],
      [4, 5],
    ],
  );
  assert.equal(lines(join(cwd, "out")).length, 2);
});

test("loses_no_hashes_of_a_file_of_another_shape", async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, "config"), PROJECT);
  const columns = JSON.stringify({
    algorithm: "pbkdf2",
    digest: "sha256",
    iterations: 1000,
    columns: { hash: "h", salt: "s" },
  });
  writeFileSync(join(cwd, "columns"), columns);
  writeFileSync(join(cwd, "users.csv"), `id,email,password\n1,a@example.com,${BCRYPT}\n2,b@example.com,${BCRYPT}\n`);
  writeFileSync(join(cwd, "wide.csv"), `id,email,name,created,group,password\n1,a@example.com,A,,x,${BCRYPT}\n`);
  writeFileSync(join(cwd, "users.jsonl"), `{"id":"1","password":"${BCRYPT}"}\n{"id":"2","password":"${BCRYPT}"}\n`);
  const systems = {
    auth0: [],
    clerk: [],
    columns: ["--config", "columns"],
    firebase: ["--config", "config"],
    hashes: [],
    keycloak: [],
    supabase: [],
  };
  await Promise.all(
    Object.entries(systems).flatMap(([from, more]) =>
      ["users.csv", "wide.csv", "users.jsonl"].map(async (file) => {
        const call = ["import", "--from", from, file, ...more, "--dry-run"];
        const { exitCode, rows, unreadable, withoutPassword } = await answered(call, { cwd });
        assert.deepEqual([exitCode, unreadable, withoutPassword], [1, rows, 0], `${from} ${file}`);
      }),
    ),
  );
  const { stderr } = await countersign(["import", "--from", "keycloak", "users.csv", "--dry-run"], { cwd });
  const lost = 'row has no "credentials": "kc.sh export" writes them, and the Admin API does not';
  assert.equal(
    stderr,
    `line 2: ${lost}\nline 3: ${lost}\nis this an export of keycloak? For a column with stored hashes, use --from hashes --column NAME\n`,
  );
  const unnamed = await countersign(["import", "--from", "hashes", "users.csv", "--dry-run"], { cwd });
  assert.match(unnamed.stderr, /^line 2: row has no "password_hash": name its column with --column\n/);
  const other = await countersign(["import", "--from", "hashes", "--column", "x", "users.csv", "--dry-run"], { cwd });
  assert.match(other.stderr, /^line 2: row has no "x"\n/);
});

test("warns_if_no_row_has_a_password", async (t) => {
  const cwd = folder(t);
  const warning = "warning: no row has a password: the export has no hashes, or is not one of this system\n";
  for (const [from, text] of [
    ["keycloak", `{"id":"1","credentials":[]}\n`],
    ["keycloak", `{"user_id":"1","type":"otp","secretData":"{}"}\n`],
    ["auth0", `{"user_id":"github|1","password":"${BCRYPT}"}\n`],
    ["supabase", `{"id":1,"encrypted_password":null}\n{"id":2,"encrypted_password":""}\n`],
    ["hashes", `{"id":1,"password_hash":""}\n`],
    ["hashes", `{"id":1,"password_hash":"!"}\n`],
  ]) {
    writeFileSync(join(cwd, "users.jsonl"), text);
    const call = ["import", "--from", from, "users.jsonl"];
    const { exitCode, stderr } = await countersign([...call, "--dry-run"], { cwd });
    assert.deepEqual([exitCode, stderr], [1, warning], from);
    const made = await answered([...call, "--out", from, "--force"], { cwd });
    assert.deepEqual(
      [made.exitCode, made.ok, made.withoutPassword + made.notPasswords, made.formats],
      [1, false, made.rows, {}],
    );
    const written = readFileSync(join(cwd, from), "utf8").split("\n").filter(Boolean);
    assert.ok(written.every((line) => JSON.parse(line).hash === null));
    assert.equal(written.length, made.withoutPassword);
  }
  // One is enough.
  const users = `{"id":1,"encrypted_password":null}\n{"id":2,"encrypted_password":"${BCRYPT}"}\n`;
  writeFileSync(join(cwd, "users.jsonl"), users);
  const { exitCode, stderr } = await countersign(["import", "--from", "supabase", "users.jsonl", "--dry-run"], { cwd });
  assert.deepEqual([exitCode, stderr], [0, ""]);
});

test("refuses_keycloaks_users_whose_credentials_were_left_out", async (t) => {
  const cwd = folder(t);
  const lost = 'row has no "credentials": "kc.sh export" writes them, and the Admin API does not';
  for (const [row, message] of [
    [{ id: "1", username: "al", totp: false, federatedIdentities: [], federationLink: null }, lost],
    [{ id: "1", credentials: null, serviceAccountClientId: "" }, lost],
    [{ id: "1", credentials: "[]" }, 'row\'s "credentials" is not a list'],
    [{ id: "1", type: "admin", password: BCRYPT }, lost],
  ]) {
    writeFileSync(join(cwd, "users.json"), JSON.stringify([row, { credentials: [KEYCLOAK] }]));
    const { exitCode, problems } = await answered(["import", "--from", "keycloak", "users.json", "--dry-run"], { cwd });
    assert.deepEqual([exitCode, problems.map(({ message }) => message)], [1, [message]]);
  }
});

/** Rows of Keycloak's table `credential`: the user, the type, and whether the row is a password. */
const CREDENTIALS = [
  ["u1", "password", true],
  ["u1", "otp", false],
  ["u1", "password-history", false],
  ["u2", "webauthn", false],
  ["u2", "webauthn-passwordless", false],
  ["u3", "recovery-authn-codes", false],
  // The name of older versions, and a row without a type, as in files that people make.
  ["u4", "totp", false],
  ["u5", "", true],
];

for (const [form, database] of [
  ["csv", "PostgreSQL"],
  ["csv", "MySQL"],
  ["jsonl", "PostgreSQL"],
  ["jsonl", "MySQL"],
]) {
  test(`leaves_out_what_is_no_password_in_keycloaks_table_of_credentials_in_${database}_as_${form}`, async (t) => {
    const cwd = folder(t);
    const file = `credential.${form}`;
    const rows = CREDENTIALS.map(([user_id, type, isPassword], index) => {
      const row = {
        id: `c${index}`,
        type,
        user_id,
        secret_data: isPassword ? KEYCLOAK.secretData : '{"value":"x"}',
        credential_data: isPassword ? KEYCLOAK.credentialData : '{"subType":"totp"}',
      };
      const named = ([name, value]) => [database === "MySQL" ? name.toUpperCase() : name, value];
      return Object.fromEntries(Object.entries(row).map(named));
    });
    const field = (value) => `"${value.replaceAll('"', '""')}"`;
    const table = [Object.keys(rows[0]), ...rows.map((row) => Object.values(row).map(field))].join("\n");
    writeFileSync(join(cwd, file), form === "csv" ? table : rows.map((row) => JSON.stringify(row)).join("\n"));
    const dry = await answered(["import", "--from", "keycloak", file, "--dry-run"], { cwd });
    assert.deepEqual(
      [dry.exitCode, dry.rows, dry.formats, dry.notPasswords, dry.withoutPassword, dry.unreadable],
      [0, 8, { "pbkdf2-sha1, passlib": 2 }, 6, 0, 0],
    );
    const made = await countersign(["import", "--from", "keycloak", file, "--out", "out"], { cwd });
    assert.equal(made.stdout, "8 rows\n        2  pbkdf2-sha1, passlib\n        6  not a password\nwrote out\n");
    // A user, not a credential.
    assert.deepEqual(
      lines(join(cwd, "out")).map(({ row, id, hash }) => [row, id, hash === null]),
      [
        [1, "u1", false],
        [8, "u5", false],
      ],
    );
  });
}

test("counts_users_who_log_in_without_a_password_as_users", async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, "config"), PROJECT);
  const otp = { type: "otp", secretData: "{}", credentialData: "{}" };
  for (const [from, users, withoutPassword, more = []] of [
    [
      "keycloak",
      [
        { id: "1", credentials: [KEYCLOAK, otp] },
        { id: "2", credentials: [otp] },
      ],
      1,
    ],
    [
      "keycloak",
      [
        { user_id: "1", ...KEYCLOAK },
        { user_id: "1", ...otp },
        { id: "3", credentials: [] },
      ],
      1,
    ],
    ["firebase", [{ localId: "1", providerUserInfo: [{ providerId: "google.com" }] }], 1, ["--config", "config"]],
    [
      "auth0",
      [
        { user_id: "auth0|1", passwordHash: BCRYPT },
        { user_id: "google-oauth2|2", identities: [] },
      ],
      1,
    ],
    ["clerk", [{ id: "1", password_digest: "", password_hasher: "" }], 1],
    ["supabase", [{ id: "1", encrypted_password: "" }], 1],
  ]) {
    writeFileSync(join(cwd, "users.json"), JSON.stringify(users));
    const found = await answered(["import", "--from", from, "users.json", ...more, "--dry-run"], { cwd });
    const isTable = users.some((user) => "secretData" in user);
    assert.deepEqual(
      [found.withoutPassword, found.notPasswords, found.unreadable],
      [withoutPassword, isTable ? 1 : 0, 0],
      from,
    );
  }
});

test("names_the_option_for_digests_and_other_systems", async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, "users.jsonl"), '{"password_hash":"5f4dcc3b5aa765d61d8327deb882cf99"}');
  const digest = await answered(["import", "--from", "hashes", "users.jsonl", "--dry-run"], { cwd });
  assert.equal(
    digest.problems[0].message,
    "stored hash seems to be a digest without its scheme: convert it with --from columns --config FILE",
  );
  const django = await answered(["import", "--from", "django", "users.jsonl", "--dry-run"], { cwd });
  assert.deepEqual(
    [django.exitCode, django.error.message],
    [
      2,
      "--from is none of auth0, clerk, columns, firebase, hashes, keycloak, supabase: for a column with stored hashes, as of Django or WordPress, use hashes; for a hash and its salt, columns",
    ],
  );
});

test("stops_at_what_is_wrong_for_every_row", async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, "users.json"), '[{"localId":"1"}]');
  writeFileSync(join(cwd, "config"), '{"rounds":8}');
  for (const [args, code, message] of [
    [["--from", "firebase", "users.json"], "USAGE", "--from firebase needs --config FILE"],
    [["--from", "firebase", "users.json", "--config", "config"], "OPTION_INVALID", undefined],
    [["--from", "keycloak", "users.json", "--config", "config"], "USAGE", "--config is not for keycloak"],
    [["--from", "keycloak", "missing.json"], "FILE_UNREADABLE", "cannot read missing.json: there is no such file"],
    [["--from", "columns", "users.json", "--config", "config"], "INPUT_INVALID", undefined],
  ]) {
    const { exitCode, error } = await answered(["import", ...args, "--dry-run"], { cwd });
    assert.deepEqual([exitCode, error.code], [2, code]);
    if (message !== undefined) assert.equal(error.message, message);
  }
  writeFileSync(join(cwd, "bad.json"), "}");
  const bad = await answered(["import", "--from", "auth0", "--format", "json", "bad.json", "--dry-run"], { cwd });
  assert.deepEqual([bad.exitCode, bad.error.message], [2, "line 1 is not JSON"]);
  for (const [more, message] of [
    [["--dry-run", "--out", "x"], "--dry-run writes nothing: leave out --out"],
    [["--resume"], "--resume needs --out"],
    [["--resume", "--out", "x"], "there is nothing to resume: x.partial does not exist"],
  ]) {
    const { stderr } = await countersign(["import", "--from", "auth0", "users.json", ...more], { cwd });
    assert.ok(stderr.startsWith(`countersign import: ${message}\n`), stderr);
  }
});

test("goes_on_after_an_interruption", async (t) => {
  const cwd = folder(t);
  const rows = Array.from({ length: 3000 }, (_, index) =>
    JSON.stringify({ id: String(index), encrypted_password: BCRYPT }),
  );
  writeFileSync(join(cwd, "users.jsonl"), rows.join("\n"));
  const call = ["import", "--from", "supabase", "users.jsonl", "--out", "out"];
  await countersign(call, { cwd });
  const whole = readFileSync(join(cwd, "out"), "utf8");
  // Stopped within a line.
  for (const length of [0, 1, 5000, whole.length - 1, whole.length]) {
    const again = [...call.slice(0, -1), `out-${length}`];
    writeFileSync(join(cwd, `out-${length}.partial`), whole.slice(0, length));
    const refused = await answered(again, { cwd });
    assert.equal(refused.error.message, `out-${length}.partial exists: --resume continues it, --force begins again`);
    const { exitCode, rows: counted } = await answered([...again, "--resume"], { cwd });
    assert.deepEqual([exitCode, counted], [0, 3000]);
    assert.equal(readFileSync(join(cwd, `out-${length}`), "utf8"), whole);
  }
  writeFileSync(join(cwd, "other.partial"), whole.slice(0, 5000).replaceAll(BCRYPT, "$2b$04$other"));
  const other = await answered([...call.slice(0, -1), "other", "--resume"], { cwd });
  assert.equal(other.error.message, "other.partial is of another export: --force begins again");
  writeFileSync(join(cwd, "foreign.partial"), "hello\n");
  const foreign = await answered([...call.slice(0, -1), "foreign", "--resume"], { cwd });
  assert.equal(foreign.error.message, "foreign.partial was not written by an import: --force begins again");
});

test("writes_to_no_file_that_another_user_has_put_in_its_place", async (t) => {
  const cwd = folder(t);
  const at = (name) => join(cwd, name);
  const [row, bad] = [`{"id":"1","encrypted_password":"${BCRYPT}"}\n`, "bad\n"];
  writeFileSync(at("users.jsonl"), row + bad);
  writeFileSync(at("theirs"), "theirs", { mode: 0o644 });
  const call = (...more) => answered(["import", "--from", "supabase", "users.jsonl", ...more], { cwd });
  await call("--out", "whole");
  const whole = lines(at("whole"));
  const message = (name) => `${name}.partial exists: --resume continues it, --force begins again`;
  const isPrivate = (name) => assert.equal(statSync(at(name)).mode & 0o777, 0o600, name);

  // A link, whether it leads to a file or not, and a file that everybody can read.
  const plant = {
    dangling: (name) => symlinkSync("nowhere", at(name)),
    link: (name) => symlinkSync("theirs", at(name)),
    open: (name) => {
      writeFileSync(at(name), "", { mode: 0o666 });
      chmodSync(at(name), 0o666);
    },
  };
  await Promise.all(
    Object.entries(plant).flatMap(([kind, put]) => [
      (async () => {
        const [out, rejects] = [`out-${kind}`, `bad-${kind}`];
        put(`${out}.partial`);
        assert.equal((await call("--out", out)).error.message, message(out));
        put(`${rejects}.partial`);
        const refused = await call("--out", `other-${kind}`, "--rejects", rejects);
        assert.deepEqual(
          [refused.error.message, existsSync(at(`other-${kind}.partial`))],
          [message(rejects), false],
          "the other file is not begun",
        );
        assert.equal((await call("--out", out, "--rejects", rejects, "--force")).exitCode, 1);
        for (const name of [out, rejects]) {
          assert.ok(lstatSync(at(name)).isFile());
          isPrivate(name);
        }
        assert.deepEqual([lines(at(out)), lines(at(rejects)).length], [whole, 1]);
      })(),
      (async () => {
        const out = `resumed-${kind}`;
        put(`${out}.partial`);
        const resumed = await call("--out", out, "--resume");
        if (kind === "open") {
          isPrivate(out);
          assert.deepEqual(lines(at(out)), whole);
        } else {
          assert.deepEqual(resumed.error, {
            code: "FILE_UNWRITABLE",
            message: `cannot write ${out}.partial: it is a link`,
          });
        }
      })(),
    ]),
  );
  assert.equal(readFileSync(at("theirs"), "utf8"), "theirs");
  assert.ok(!existsSync(at("nowhere")));

  // Rejects are written again when an import goes on.
  writeFileSync(at("on.partial"), "");
  writeFileSync(at("on-bad.partial"), "old");
  assert.equal((await call("--out", "on", "--rejects", "on-bad", "--resume")).exitCode, 1);
  assert.equal(lines(at("on-bad")).length, 1);

  mkdirSync(at("folder.partial"));
  const notFile = await call("--out", "folder", "--resume");
  assert.match(notFile.error.message, /^cannot write folder\.partial: it is (a directory|not a regular file)$/);

  // A file that no import has written stays as it is.
  for (const text of ["hello", "hello\nworld", '{"row":1}\nworld', "{row"]) {
    writeFileSync(at("foreign.partial"), text);
    const { error } = await call("--out", "foreign", "--resume");
    assert.equal(error.message, "foreign.partial was not written by an import: --force begins again");
    assert.equal(readFileSync(at("foreign.partial"), "utf8"), text);
  }
});

test("continues_no_file_of_another_user", {
  skip: process.geteuid?.() !== 0 && "only root can give files away",
}, async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, "users.jsonl"), `{"encrypted_password":null}`);
  writeFileSync(join(cwd, "out.partial"), "");
  chownSync(join(cwd, "out.partial"), 65_534, 65_534);
  const { error } = await answered(["import", "--from", "supabase", "users.jsonl", "--out", "out", "--resume"], {
    cwd,
  });
  assert.deepEqual(error, {
    code: "FILE_UNWRITABLE",
    message: "cannot write out.partial: it belongs to another user",
  });
});

test("reads_and_writes_different_files", async (t) => {
  const cwd = folder(t);
  const users = `{"id":"1","encrypted_password":"${BCRYPT}"}\nbad\n`;
  for (const name of ["users.jsonl", "u.partial"]) writeFileSync(join(cwd, name), users);
  symlinkSync("users.jsonl", join(cwd, "link.jsonl"));
  const one = "--out and --rejects are the same file";
  const is = (path, option) => `${path} is a file that --${option} writes: use another name`;
  const cases = [
    ["users.jsonl", "m", "m", one],
    ["users.jsonl", "m", "./m", one],
    ["users.jsonl", "m.partial", "m", one],
    ["users.jsonl", "m", "m.partial", one],
    ["users.jsonl", "m", "users.jsonl", is("users.jsonl", "rejects")],
    ["users.jsonl", "m", "link.jsonl", is("users.jsonl", "rejects")],
    ["u.partial", "u", "m", is("u.partial", "out")],
    ["u.partial", "m", "u", is("u.partial", "rejects")],
  ];
  const before = readdirSync(cwd);
  await Promise.all(
    cases.flatMap(([path, out, rejects, message], index) =>
      (index === 4 ? ["--force", "--resume"] : ["--force"]).map(async (how) => {
        const { exitCode, error } = await answered(
          ["import", "--from", "supabase", path, "--format", "jsonl", "--out", out, "--rejects", rejects, how],
          { cwd },
        );
        assert.deepEqual([exitCode, error], [2, { code: "USAGE", message }], `${path} ${out} ${rejects} ${how}`);
      }),
    ),
  );
  assert.deepEqual(readdirSync(cwd), before);
  for (const name of ["users.jsonl", "u.partial"]) assert.equal(readFileSync(join(cwd, name), "utf8"), users);
  const replaced = await answered(
    ["import", "--from", "supabase", "users.jsonl", "--out", "users.jsonl", "--rejects", "bad", "--force"],
    { cwd },
  );
  assert.deepEqual([replaced.exitCode, lines(join(cwd, "users.jsonl")).length], [1, 1]);
});

test("reads_the_rows_after_a_hostile_one", async (t) => {
  const cwd = folder(t);
  const ids = [{ $oid: { toString: 1 } }, { $oid: [] }, { $oid: "" }, { $oid: null }, [], {}, null, { toString: 1 }];
  const columns = {
    auth0: { passwordHash: BCRYPT },
    clerk: { password_digest: BCRYPT, password_hasher: "bcrypt" },
    hashes: { password_hash: BCRYPT },
    keycloak: { credentials: [KEYCLOAK] },
    supabase: { encrypted_password: BCRYPT },
  };
  await Promise.all(
    Object.entries(columns).map(async ([from, others]) => {
      const rows = [...ids, { $oid: "right" }].map((id) => JSON.stringify({ id, user_id: id, _id: id, ...others }));
      const out = join(cwd, from);
      const made = await answered(["import", "--from", from, "-", "--out", out], { input: rows.join("\n") });
      assert.deepEqual([made.exitCode, made.rows, made.unreadable], [0, rows.length, 0], from);
      assert.deepEqual(
        lines(out).map(({ id }) => id),
        [...ids.map(() => null), "right"],
      );
    }),
  );
});

test("keeps_nothing_of_rows_that_are_too_long", async () => {
  // In a heap that could not hold the fields.
  const env = { NODE_OPTIONS: "--max-old-space-size=64" };
  const dry = (format, input) =>
    answered(["import", "--from", "supabase", "-", "--format", format, "--dry-run"], { input, env });
  const header = "id,encrypted_password\n";
  const commas = await dry("csv", `${header}${",".repeat(8_000_000)}\n1,\n${"\r".repeat(1_100_000)}\n2,\n`);
  assert.deepEqual(
    [commas.exitCode, commas.rows, commas.problems],
    [
      1,
      4,
      [
        { row: 1, line: 2, message: "row is longer than 1048576 bytes" },
        { row: 3, line: 4, message: "row is longer than 1048576 bytes" },
      ],
    ],
    commas.stderr,
  );
  const row = '{"encrypted_password":null}';
  for (const [format, space] of [
    ["jsonl", "\n"],
    ["json", " "],
  ]) {
    const { exitCode, error } = await dry(format, space.repeat(3_000_000) + row);
    assert.deepEqual(
      [exitCode, error],
      [2, { code: "INPUT_INVALID", message: "standard input begins with more than 1048576 bytes of white space" }],
    );
    assert.equal((await dry(format, space.repeat(900_000) + row)).rows, 1);
  }
});

test("leaves_a_part_that_can_be_resumed_when_it_is_stopped", async (t) => {
  const cwd = folder(t);
  const row = `${JSON.stringify({ id: "1", encrypted_password: BCRYPT })}\n`;
  writeFileSync(join(cwd, "users.jsonl"), row.repeat(5000));
  // A pipe that stays open: the import has read everything, and waits for more.
  const child = start(["import", "--from", "supabase", "-", "--format", "jsonl", "--out", "out"], { cwd });
  child.stdin.write(readFileSync(join(cwd, "users.jsonl")));
  while (!existsSync(join(cwd, "out.partial")) || statSync(join(cwd, "out.partial")).size === 0)
    await new Promise((resolve) => setTimeout(resolve, 20));
  const end = ended(child);
  let stderr = "";
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  child.kill("SIGINT");
  assert.deepEqual([await end, stderr], ["SIGINT", "out.partial has the rows until here: --resume continues\n"]);
  assert.deepEqual(readdirSync(cwd).sort(), ["out.partial", "users.jsonl"]);
  const resumed = await answered(["import", "--from", "supabase", "users.jsonl", "--out", "out", "--resume"], { cwd });
  assert.deepEqual([resumed.exitCode, lines(join(cwd, "out")).length], [0, 5000]);
});

test("reads_a_large_file_in_bounded_memory", async (t) => {
  const cwd = folder(t);
  const path = join(cwd, "users.json");
  const file = createWriteStream(path);
  const part = Array.from(
    { length: 1000 },
    (_, index) => ` {"id": "${index}", "about": "${"x".repeat(900)}", "encrypted_password": "${BCRYPT}"},\n`,
  ).join("");
  file.write('{"users": [\n');
  for (let index = 0; index < 100; index += 1) if (!file.write(part)) await once(file, "drain");
  file.end(' {"encrypted_password": null}\n]}\n');
  await once(file, "finish");
  // 100 MB, in a heap that could not hold a tenth of it.
  const env = { NODE_OPTIONS: "--max-old-space-size=48" };
  const { exitCode, rows, formats } = await answered(["import", "--from", "supabase", "users.json", "--dry-run"], {
    cwd,
    env,
  });
  assert.deepEqual([exitCode, rows, formats], [0, 100_001, { "bcrypt, mcf": 100_000 }]);
});
