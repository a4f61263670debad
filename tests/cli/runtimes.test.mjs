// The same calls with the same answers on Node 20 and 24, Bun and Deno.

import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { answered, countersign, ended, folder, RUNTIMES, start } from "./program.mjs";

const env = { PASS: "correct horse battery staple" };
const PASS = ["--passphrase-env", "PASS"];
const BCRYPT = "$2b$04$8O6muQn/.sWdjqlsN8KxB.2SIR1bpIV9o19rqb1IzgEhbo4IwTmDm";

for (const [name, runtime] of Object.entries(RUNTIMES)) {
  test(`works_on_${name.replace(" ", "_")}`, async (t) => {
    const cwd = folder(t);
    const call = (args, more) => answered(args, { cwd, env, runtime, ...more });

    const made = await call(["keygen", "ES256", "--out", "key.pem", "--public-out", "public.pem", ...PASS]);
    assert.deepEqual([made.exitCode, made.encrypted], [0, true], made.error?.message);
    if (process.platform !== "win32") assert.equal(statSync(join(cwd, "key.pem")).mode & 0o777, 0o600);
    const again = await call(["keygen", "ES256", "--out", "key.pem", ...PASS]);
    assert.deepEqual([again.exitCode, again.error.code], [2, "FILE_EXISTS"]);
    const converted = await call(["convert", "key.pem", "--out", "key.json", ...PASS]);
    assert.deepEqual([converted.exitCode, converted.from, converted.encrypted], [0, "PEM", true]);
    const rotated = await call(["rotate", "keys.json", "--public-out", "jwks.json", ...PASS]);
    assert.deepEqual([rotated.exitCode, rotated.keys.length], [0, 2]);
    const set = await call(["jwks", "public.pem"]);
    assert.equal(set.jwks.keys.length, 1);

    const { token } = await call([
      "sign",
      "--key",
      "key.json",
      "--issuer",
      "i",
      "--audience",
      "a",
      "--subject",
      "é",
      ...PASS,
    ]);
    const verify = ["verify", "--key", "public.pem", "--issuer", "i", "--audience"];
    const valid = await call([...verify, "a"], { input: token });
    assert.deepEqual([valid.exitCode, valid.claims.sub], [0, "é"]);
    const refused = await call([...verify, "b"], { input: token });
    assert.deepEqual([refused.exitCode, refused.error.code], [1, "CLAIM_INVALID"]);
    const plain = await countersign([...verify, "b"], { cwd, runtime, input: token });
    assert.deepEqual(
      [plain.exitCode, plain.stdout, plain.stderr],
      [1, "", 'countersign verify: CLAIM_INVALID: "aud" claim names no accepted audience\n'],
    );
    const seen = await call(["inspect"], { input: token });
    assert.deepEqual([seen.exitCode, seen.findings], [2, []]);
    const told = await call(["doctor"], { input: BCRYPT });
    assert.deepEqual([told.exitCode, told.description.scheme], [1, "bcrypt"]);

    const { hash } = await call(["hash", "--password-stdin", "--memory-kib", "64"], { input: "x" });
    const right = await call(["check", "--hash-env", "H", "--password-stdin"], { input: "x", env: { H: hash } });
    const wrong = await call(["check", "--hash-env", "H", "--password-stdin"], { input: "y", env: { H: hash } });
    assert.deepEqual([right.exitCode, wrong.exitCode], [0, 1]);

    writeFileSync(
      join(cwd, "users.json"),
      `[{"id":"1","encrypted_password":"${BCRYPT}"},\n{"id":"2","encrypted_password":"x"}]`,
    );
    const users = await call(["import", "--from", "supabase", "users.json", "--out", "out"]);
    assert.deepEqual([users.exitCode, users.rows, users.problems[0].line], [1, 2, 2]);
    assert.equal(readFileSync(join(cwd, "out"), "utf8"), `{"row":1,"line":1,"id":"1","hash":"${BCRYPT}"}\n`);
    const piped = await countersign(["import", "--from", "supabase", "-", "--format", "json"], {
      cwd,
      runtime,
      input: readFileSync(join(cwd, "users.json")),
    });
    assert.equal(piped.stdout, readFileSync(join(cwd, "out"), "utf8"));

    const unknown = await countersign(["verify", "--isuer", "x"], { runtime });
    assert.match(unknown.stderr, /^countersign verify: unknown option --isuer: did you mean --issuer\?\n/);
    const version = await call(["--version"]);
    assert.equal(
      version.version,
      JSON.parse(readFileSync(new URL("../../pkg/package.json", import.meta.url), "utf8")).version,
    );
  });

  test(`ends_quietly_when_nobody_reads_on_${name.replace(" ", "_")}`, async () => {
    const child = start(["help", "import"], { runtime });
    child.stdout.destroy();
    let stderr = "";
    child.stderr.on("data", (text) => {
      stderr += text;
    });
    child.stdin.end();
    assert.deepEqual([await ended(child), stderr], [0, ""]);
  });
}
