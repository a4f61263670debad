// Hostile input, closed pipes, signals, and secrets that must not be seen.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { answered, countersign, ended, folder, needs, RUNTIMES, root, start } from "./program.mjs";

const part = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

/** Moves the cursor, sets the title, hides text, and turns it around. */
const EVIL = "\u001b]0;owned\u0007\u001b[2J\u009b31m\u202egnp\u200b\u2028\u0000\r\b";
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be printed
const CONTROLS = /[\0-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

const HOSTILE_TOKEN = `${part({ alg: "HS256", kid: EVIL, [EVIL]: 1 })}.${part({ [EVIL]: EVIL, exp: 4e9 })}.${"A".repeat(43)}`;

test("lets_no_token_control_the_terminal", async (t) => {
  const cwd = folder(t);
  const key = { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", alg: "EdDSA", kid: EVIL };
  writeFileSync(join(cwd, "set.json"), JSON.stringify({ keys: [key, { kid: EVIL, kty: EVIL }] }));
  writeFileSync(join(cwd, "key.json"), JSON.stringify(key));
  writeFileSync(
    join(cwd, "rows.json"),
    JSON.stringify([
      { id: EVIL, email: EVIL, encrypted_password: EVIL },
      { id: EVIL, email: EVIL, encrypted_password: null },
    ]),
  );
  const name = "\u001b[31mname";
  const calls = [
    [["inspect"], HOSTILE_TOKEN],
    [["inspect", "--json"], HOSTILE_TOKEN],
    [["inspect"], EVIL],
    [["inspect"], `${part(EVIL)}.${part(EVIL)}.AAAA`],
    [["doctor"], HOSTILE_TOKEN],
    [["doctor"], EVIL],
    [["doctor", "set.json"]],
    [["doctor", "set.json", "--json"]],
    [["jwks", "set.json"]],
    [["convert", "key.json", "--to", "jwk"]],
    [["convert", "key.json", "--to", "jwk", "--json"]],
    [["keygen", "EdDSA", "--kid", "\u009b31m\u202e"]],
    [["verify", "--key", "set.json", "--any"], HOSTILE_TOKEN],
    [["import", "--from", "supabase", "rows.json"]],
    [["import", "--from", "supabase", "rows.json", "--dry-run", "--json"]],
    [["convert", name, "--to", "jwk"]],
    [[name]],
    [["verify", `--${name}`]],
    [["keygen", name]],
    [["sign", "--secret-env", name]],
  ];
  await Promise.all(
    calls.map(async ([args, input = ""]) => {
      const { stdout, stderr } = await countersign(args, { cwd, input });
      assert.ok(stdout.length + stderr.length > 0);
      assert.doesNotMatch(stdout + stderr, CONTROLS, args.join(" "));
    }),
  );
});

test("escapes_a_kid_without_changing_it", async (t) => {
  const cwd = folder(t);
  const kid = "\u009b31m\u202e";
  await countersign(["keygen", "EdDSA", "--kid", kid, "--out", "key.json", "--no-passphrase"], { cwd });
  const text = readFileSync(join(cwd, "key.json"), "utf8");
  assert.ok(text.includes("\\u009b31m\\u202e"), text);
  assert.equal(JSON.parse(text).kid, kid);
  const { key } = await answered(["convert", "key.json", "--to", "jwk"], { cwd });
  assert.equal(key.kid, kid);
});

test("colors_nothing_but_a_terminal_and_obeys_no_color", async () => {
  const call = (env) => countersign(["inspect"], { input: HOSTILE_TOKEN, env });
  const hasColors = async (env) => (await call(env)).stdout.includes("\u001b[31m");
  assert.equal(await hasColors({}), false);
  assert.equal(await hasColors({ FORCE_COLOR: "1" }), true);
  assert.equal(await hasColors({ FORCE_COLOR: "1", NO_COLOR: "1" }), false);
});

const SECRET = "hunter2-hunter2-hunter2-hunter2-hunter2";

test("shows_no_secret_and_warns_of_secrets_in_arguments", async (t) => {
  const cwd = folder(t);
  const warning = (name) =>
    `warning: --${name} in an argument is visible to other users and stays in the shell's history: use --${name}-stdin, --${name}-file or --${name}-env\n`;
  const calls = [
    [["sign", "--secret", SECRET], warning("secret"), 0],
    [["keygen", "EdDSA", "--out", "key.pem", "--passphrase", SECRET], warning("passphrase"), 0],
    [["hash", "--password", SECRET, "--memory-kib", "64"], warning("password"), 0],
    [
      ["check", "$2b$04$8O6muQn/.sWdjqlsN8KxB.2SIR1bpIV9o19rqb1IzgEhbo4IwTmDm", "--password", SECRET],
      warning("password"),
      1,
    ],
    [["sign", `--secret=${SECRET}`, "--alg", "RS256"], undefined, 2],
    [["sign", "--secrte", SECRET], undefined, 2],
    [["sign", SECRET], undefined, 2],
    [["verify", "--any", "--secret", SECRET, "a.b.c"], undefined, 1],
    [["sign", "--claims", `{"${SECRET}`], undefined, 2],
    [["sign", "--secret-encoding", "hex", "--secret", SECRET], undefined, 2],
    [["sign", "--secret-encoding", SECRET], undefined, 2],
    [["sign", "--secret", SECRET, "--secret-env", "X"], undefined, 2],
    [
      ["sign", "--secret-env", SECRET],
      "countersign sign: the environment has no such variable: --secret-env takes its name, not its value\n",
      2,
    ],
    [["sign", "--secret-env", SECRET, "--json"], undefined, 2],
    [["keygen", "EdDSA", "--out", "no.pem", "--passphrase-env", SECRET], undefined, 2],
    [["hash", "--password-env", SECRET], undefined, 2],
    [["check", "--hash-env", SECRET, "--password-env", "X"], undefined, 2],
    [["inspect", "--token-env", SECRET], undefined, 2],
  ];
  for (const [args, expected, code] of calls) {
    const { exitCode, stdout, stderr } = await countersign(args, { cwd });
    assert.equal(exitCode, code, args.join(" ") + stderr);
    assert.ok(!(stdout + stderr).includes(SECRET), args.join(" "));
    if (expected !== undefined) assert.ok(stderr.startsWith(expected), stderr);
  }
  assert.ok(!readFileSync(join(cwd, "key.pem"), "utf8").includes(SECRET));
});

test("takes_a_secret_as_it_is_from_each_source", async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, "text"), `${SECRET}\n`);
  writeFileSync(join(cwd, "crlf"), `${SECRET}\r\n`);
  const random = Buffer.from(Array.from({ length: 32 }, (_, index) => (index === 31 ? 10 : 200 + index)));
  writeFileSync(join(cwd, "random"), random);
  writeFileSync(join(cwd, "hex"), `${random.toString("hex")}\n`);
  const sign = async (args, options) =>
    (await answered(["sign", "--claims", '{"iat":1,"exp":4000000000}', ...args], { cwd, ...options })).token;
  const token = await sign(["--secret-env", "S"], { env: { S: SECRET } });
  assert.equal(await sign(["--secret-file", "text"]), token);
  assert.equal(await sign(["--secret-file", "crlf"]), token);
  assert.equal(await sign(["--secret-stdin"], { input: SECRET }), token);
  assert.notEqual(await sign(["--secret-env", "S"], { env: { S: `${SECRET}\n` } }), token);
  // Random bytes may end with the byte of a line break.
  assert.equal(
    await sign(["--secret-file", "random"]),
    await sign(["--secret-file", "hex", "--secret-encoding", "hex"]),
  );
  const both = await answered(["verify", "--any", "--secret-stdin"], { cwd, input: SECRET });
  assert.equal(both.error.message, "standard input cannot be the secret: it is already the token");
});

test("refuses_input_without_end", async (t) => {
  const cwd = folder(t);
  const large = "x".repeat(9_000_000);
  for (const args of [
    ["inspect"],
    ["doctor"],
    ["verify", "--any", "--secret-env", "S"],
    ["check", "-", "--password-env", "S"],
  ]) {
    const { exitCode, error } = await answered(args, { input: large, env: { S: SECRET } });
    assert.deepEqual([exitCode, error?.message], [2, "standard input is longer than 8388608 bytes"]);
  }
  writeFileSync(join(cwd, "deep.json"), `${'{"keys":['.repeat(5000)}${"]}".repeat(5000)}`);
  const deep = await answered(["doctor", "deep.json"], { cwd });
  assert.ok([1, 2].includes(deep.exitCode));
  const nested = `{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
  const header = part({ alg: "HS256" });
  await Promise.all(
    ["inspect", "doctor"].flatMap((command) =>
      [`${header}.${part(nested)}.AAAA`, `${part(nested)}.${header}.AAAA`, `${part(nested)}..AAAA.AAAA.AAAA`].map(
        async (token) => {
          const { exitCode, error, findings } = await answered([command], { input: token });
          assert.deepEqual([exitCode, error], [2, undefined]);
          assert.ok(findings.some(({ level }) => level === "error"));
        },
      ),
    ),
  );
  // Claims that are no deeper than a token's may be are shown beside the error.
  const level = (depth) => `{"a":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
  for (const [depth, isShown] of [
    [64, true],
    [65, false],
  ]) {
    const { claims } = await answered(["inspect"], { input: `${header}.${part(level(depth))}.!` });
    assert.equal(claims !== null, isShown, `${depth}`);
  }
  for (const [name, message] of [
    [".", "cannot read .: it is a directory"],
    ["missing", "cannot read missing: there is no such file"],
  ]) {
    const { exitCode, error } = await answered(["convert", name, "--to", "pem"], { cwd });
    assert.deepEqual([exitCode, error], [2, { code: "FILE_UNREADABLE", message }]);
  }
});

test("ends_without_a_trace_when_the_reader_of_its_output_goes", async (t) => {
  const cwd = folder(t);
  const row = `${JSON.stringify({ id: "1", encrypted_password: null })}\n`;
  writeFileSync(join(cwd, "users.jsonl"), row.repeat(200_000));
  const child = start(["import", "--from", "supabase", "users.jsonl"], { cwd });
  let stderr = "";
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  child.stdout.once("data", () => child.stdout.destroy());
  assert.equal(await ended(child), 2, "the import was not finished");
  assert.equal(stderr, "");
  const help = await new Promise((resolve) => {
    const { execPath } = process;
    const line = `set -o pipefail; "${execPath}" "${root}pkg/dist/cli/main.js" help import | true; echo "\${PIPESTATUS[0]}"`;
    execFile("bash", ["-c", line], (_, stdout, errors) => resolve({ stdout, errors }));
  });
  assert.deepEqual(help, { stdout: "0\n", errors: "" });
});

test("leaves_nothing_half_written_when_a_signal_comes", async (t) => {
  await Promise.all(
    ["SIGINT", "SIGTERM", "SIGHUP"].map(async (signal) => {
      const cwd = folder(t);
      // It takes many seconds to find the primes.
      const call = ["keygen", "RS256", "--modulus-length", "8192", "--out", "key.pem", "--no-passphrase"];
      const child = start(call, { cwd });
      const end = ended(child);
      await setTimeout(800);
      child.kill(signal);
      // The key may have been ready before; then it is there as a whole.
      const how = await end;
      assert.ok([signal, 0].includes(how), `${how}`);
      assert.deepEqual(readdirSync(cwd), how === 0 ? ["key.pem"] : []);
    }),
  );
  // Stopped at an arbitrary moment, a file that is replaced is the old one or the new one.
  const cwd = folder(t);
  await countersign(["rotate", "keys.json", "--no-passphrase"], { cwd });
  for (const wait of [40, 80, 120, 160]) {
    const child = start(["rotate", "keys.json"], { cwd });
    const end = ended(child);
    await setTimeout(wait);
    child.kill("SIGKILL");
    await end;
    const { keys } = JSON.parse(readFileSync(join(cwd, "keys.json"), "utf8"));
    assert.deepEqual(keys.map(({ status }) => status).slice(0, 2), ["current", "next"]);
    rmSync(join(cwd, "keys.json.lock"), { force: true });
  }
});

test("follows_a_link_and_keeps_it", async (t) => {
  const cwd = folder(t);
  await countersign(["rotate", "real.json", "--no-passphrase"], { cwd });
  symlinkSync("real.json", join(cwd, "link.json"));
  const { exitCode, keys } = await answered(["rotate", "link.json"], { cwd });
  assert.deepEqual([exitCode, keys.length], [0, 3]);
  assert.equal(JSON.parse(readFileSync(join(cwd, "real.json"), "utf8")).keys.length, 3);
});

test("says_by_its_exit_code_that_it_was_stopped_where_there_are_no_signals", async (t) => {
  const cwd = folder(t);
  const windows = 'data:text/javascript,Object.defineProperty(process,"platform",{value:"win32"})';
  const runtime = [...RUNTIMES["Node 20"], "--import", windows];
  const child = start(["import", "--from", "supabase", "-", "--out", "out"], { cwd, runtime });
  const end = ended(child);
  child.stdin.write('[{"encrypted_password":""},');
  while (!existsSync(join(cwd, "out.partial"))) await setTimeout(20);
  child.kill("SIGINT");
  assert.equal(await end, 130);
});

test("rotates_once_at_a_time", async (t) => {
  const cwd = folder(t);
  await countersign(["rotate", "keys.json", "--no-passphrase"], { cwd });
  const all = await Promise.all(Array.from({ length: 5 }, () => answered(["rotate", "keys.json"], { cwd })));
  const done = all.filter(({ exitCode }) => exitCode === 0).length;
  assert.ok(done > 0);
  for (const { error } of all.filter(({ exitCode }) => exitCode !== 0)) assert.equal(error.code, "FILE_EXISTS");
  assert.equal(JSON.parse(readFileSync(join(cwd, "keys.json"), "utf8")).keys.length, 2 + done);
  assert.deepEqual(readdirSync(cwd), ["keys.json"]);
});

test("asks_a_person_without_showing_what_is_typed", { skip: needs("python3") }, async (t) => {
  const cwd = folder(t);
  const typed = async (args, ...answers) => {
    const program = join(root, "tests/cli/terminal.py");
    const command = [process.execPath, join(root, "pkg/dist/cli/main.js"), ...args];
    return new Promise((resolve) => {
      execFile("python3", [program, JSON.stringify(answers), ...command], { cwd }, (error, stdout) =>
        resolve({ exitCode: error?.code ?? 0, screen: stdout.replaceAll("\r", "") }),
      );
    });
  };
  const made = await typed(["keygen", "EdDSA", "--out", "key.pem"], "wrongx\u007f pass", "wrong pass");
  assert.deepEqual(made.exitCode, 0, made.screen);
  assert.match(made.screen, /^new passphrase of key\.pem: \nnew passphrase of key\.pem, again: \nwrote key\.pem: /);
  assert.doesNotMatch(made.screen, /wrong|pass\b/);
  const { exitCode } = await countersign(["convert", "key.pem", "--to", "jwk", "--passphrase-env", "P"], {
    cwd,
    env: { P: "wrong pass" },
  });
  assert.equal(exitCode, 0);
  const differs = await typed(["keygen", "EdDSA", "--out", "other.pem"], "one", "two");
  assert.equal(differs.exitCode, 2);
  assert.match(differs.screen, /INPUT_INVALID: the two are not the same/);
  const pasted = await typed(["keygen", "EdDSA", "--out", "pasted.pem"], "hidden one\rhidden one\rhidden two");
  assert.equal(pasted.exitCode, 0, pasted.screen);
  assert.doesNotMatch(pasted.screen, /hidden/);
  const stopped = await typed(["hash"], "\u0003");
  assert.equal(stopped.exitCode, 130);
  // It removes the files that it has begun.
  const before = readdirSync(cwd);
  assert.equal((await typed(["rotate", "ring.json"], "\u0003")).exitCode, 130);
  assert.deepEqual(readdirSync(cwd), before);
  const colored = await typed(["help"]);
  assert.ok(colored.screen.includes("\u001b[1mcountersign COMMAND"));
});

test("fetches_keys_from_a_url_and_by_discovery", async (t) => {
  const cwd = folder(t);
  await countersign(["keygen", "ES256", "--out", "key.json", "--no-passphrase"], { cwd });
  const { jwks } = await answered(["jwks", "key.json"], { cwd });
  let issuer;
  const server = createServer(({ url }, response) => {
    if (url === "/.well-known/openid-configuration")
      response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/jwks` }));
    else if (url === "/jwks") response.end(JSON.stringify(jwks));
    else if (url === "/elsewhere") response.writeHead(302, { location: "/jwks" }).end();
    else response.writeHead(url === "/denied" ? 403 : 500).end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  issuer = `http://127.0.0.1:${server.address().port}`;
  const { token } = await answered(["sign", "--key", "key.json", "--issuer", issuer, "--audience", "api"], { cwd });
  const verify = (...args) =>
    answered(["verify", "--issuer", issuer, "--audience", "api", "--allow-insecure-loopback", ...args], {
      input: token,
    });
  for (const args of [["--jwks", `${issuer}/jwks`], ["--discover"]]) {
    const { exitCode, claims } = await verify(...args);
    assert.deepEqual([exitCode, claims?.iss], [0, issuer]);
  }
  const down = await verify("--jwks", `${issuer}/missing`);
  assert.deepEqual([down.exitCode, down.error.code], [2, "JWKS_UNAVAILABLE"]);
  assert.equal(down.error.message, "the key set's server answered with status 500");
  const denied = await verify("--jwks", `${issuer}/denied`);
  assert.equal(denied.error.message, "the key set's server answered with status 403");
  const elsewhere = await verify("--jwks", `${issuer}/elsewhere`);
  assert.match(elsewhere.error.message, /^the key set's server redirects( with status 302)?$/);
  const other = ["--issuer", `${issuer}/other`, "--audience", "api", "--allow-insecure-loopback"];
  const metadata = await answered(["verify", "--discover", ...other], { input: token });
  assert.equal(metadata.error.message, "the issuer's server answered with status 500");
  const plain = await answered(["verify", "--any", "--jwks", `${issuer}/jwks`], { input: token });
  assert.deepEqual(
    [plain.exitCode, plain.error.code, plain.error.message],
    [2, "USAGE", "--jwks is not https: --allow-insecure-loopback allows http for localhost"],
  );
});
