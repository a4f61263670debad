// `import`: every form of file, rows that cannot be read, interruptions, and memory.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createWriteStream, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { answered, countersign, ended, folder, start } from "./program.mjs";

const BCRYPT = "$2b$04$8O6muQn/.sWdjqlsN8KxB.2SIR1bpIV9o19rqb1IzgEhbo4IwTmDm";
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
    config:
      '{"signerKey":"jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==","saltSeparator":"Bw==","rounds":8,"memCost":14}',
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
            credentials: [
              {
                type: "password",
                secretData:
                  '{"value":"xiyANeGLsyMSyaOnlmzZPFiWnFc=","salt":"c29tZXNhbHRzb21lc2FsdA==","additionalParameters":{}}',
                credentialData: '{"hashIterations":1000,"algorithm":"pbkdf2","additionalParameters":{}}',
              },
            ],
          },
          { id: "k2", username: "federated" },
        ],
        roles: { realm: [] },
      },
      undefined,
      2,
    ),
    formats: { "pbkdf2-sha1, passlib": 1 },
    ids: ["k1", "k2"],
  },
  {
    from: "auth0",
    file: "users.ndjson",
    text: `{"_id":{"$oid":"5f"},"email":"a@example.com","passwordHash":"${BCRYPT}"}\n\n{"_id":{"$oid":"60"}}\n`,
    formats: { "bcrypt, mcf": 1 },
    ids: ["5f", "60"],
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
