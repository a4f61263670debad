// The program as it is installed, how fast it starts, and its completions.

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { COMMANDS } from "../../pkg/dist/cli/shared.js";
import { makeConsumer } from "../runtimes/consumer.mjs";
import { countersign, folder, needs, root } from "./program.mjs";

test("runs_with_npx_from_the_tarball", async () => {
  const consumer = makeConsumer();
  try {
    const cwd = consumer.directory;
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_")));
    const npx = async (...args) =>
      (await promisify(execFile)("npx", ["--offline", "countersign", ...args], { cwd, env })).stdout;
    const { key } = JSON.parse(await npx("keygen", "ES256", "--json"));
    assert.equal(key.alg, "ES256");
    assert.match(await npx("help"), /^countersign COMMAND/);
    // The program is a link to a file that may be executed.
    const linked = join(cwd, "node_modules/.bin/countersign");
    assert.match(execFileSync(linked, ["--version"], { encoding: "utf8" }), /^\d+\.\d+\.\d+\n$/);
  } finally {
    consumer.remove();
  }
});

test("loads_no_more_than_a_command_needs", async () => {
  // Of the modules, by the files that hold them as base64.
  const loaded = async (args, input) => {
    const { stderr } = await countersign(args, {
      input,
      runtime: [process.execPath, "--import", `${root}tests/cli/loaded.mjs`],
    });
    return [...new Set(Array.from(stderr.matchAll(/^loaded base64\/(\w+)\.js$/gm), ([, name]) => name))].sort();
  };
  const SECRET = "x".repeat(32);
  assert.deepEqual(await loaded(["help"]), []);
  assert.deepEqual(await loaded(["inspect"], "a.b.c"), []);
  assert.deepEqual(await loaded(["completions", "bash"]), []);
  assert.deepEqual(await loaded(["keygen", "EdDSA"]), ["jwt"]);
  assert.deepEqual(await loaded(["sign", "--secret-stdin"], SECRET), ["jwt"]);
  assert.deepEqual(await loaded(["hash", "--password-stdin", "--memory-kib", "64"], "x"), ["password"]);
});

test("starts_quickly", async (t) => {
  const main = `${root}pkg/dist/cli/main.js`;
  const time = (args) => {
    const start = performance.now();
    execFileSync(process.execPath, args);
    return performance.now() - start;
  };
  const median = (args) => Array.from({ length: 7 }, () => time(args)).sort((one, other) => one - other)[3];
  const [bare, help, sign] = [median(["-e", "0"]), median([main, "help"]), median([main, "keygen", "HS256"])];
  t.diagnostic(`node ${bare.toFixed(0)} ms, help ${help.toFixed(0)} ms, keygen HS256 ${sign.toFixed(0)} ms`);
  // What the program adds to the start of Node. 120 ms with it are the aim; a busy machine takes a multiple.
  assert.ok(help < 3 * bare + 60, `${help} ms`);
});

test("completes_in_bash", { skip: needs("bash") }, async (t) => {
  const cwd = folder(t);
  const { stdout } = await countersign(["completions", "bash"]);
  writeFileSync(join(cwd, "countersign.bash"), stdout);
  const complete = (...words) => {
    const quoted = words.map((word) => `'${word}'`).join(" ");
    const script = `source ./countersign.bash && COMP_WORDS=(countersign ${quoted}) && COMP_CWORD=${words.length} && { _countersign; :; } && printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync("bash", ["-uc", script], { cwd, encoding: "utf8" }).split("\n").filter(Boolean);
  };
  assert.deepEqual(complete("ve"), ["verify"]);
  assert.deepEqual(
    complete(""),
    COMMANDS.map(({ name }) => name),
  );
  assert.deepEqual(complete("keygen", "ES2"), ["ES256"]);
  assert.deepEqual(complete("keygen", "--form"), ["--format"]);
  assert.deepEqual(complete("keygen", "--format", ""), ["jwk", "pem", "der"]);
  assert.deepEqual(complete("import", "--format", ""), ["json", "jsonl", "csv"]);
  assert.deepEqual(complete("verify", "--key", "counter"), ["countersign.bash"]);
  assert.deepEqual(complete("sign", "--subject", ""), []);
  assert.deepEqual(complete("help", "imp"), ["import"]);
});

test("completes_in_zsh", { skip: needs("zsh") }, async (t) => {
  const cwd = folder(t);
  const { stdout } = await countersign(["completions", "zsh"]);
  writeFileSync(join(cwd, "_countersign"), stdout);
  execFileSync("zsh", ["-n", "_countersign"], { cwd });
  const script =
    "fpath=(. $fpath); autoload -Uz compinit; compinit -u -d ./dump; source ./_countersign; print $_comps[countersign]";
  assert.equal(execFileSync("zsh", ["-fc", script], { cwd, encoding: "utf8" }), "_countersign\n");
});

test("completes_in_fish", { skip: needs("fish") }, async (t) => {
  const cwd = folder(t);
  const { stdout } = await countersign(["completions", "fish"]);
  writeFileSync(join(cwd, "countersign.fish"), stdout);
  const complete = (line) =>
    execFileSync("fish", ["--no-config", "-c", `source countersign.fish; complete -C '${line}'`], {
      cwd,
      encoding: "utf8",
      env: { ...process.env, HOME: cwd },
    });
  assert.match(complete("countersign ver"), /^verify\t/m);
  assert.match(complete("countersign keygen --form"), /^--format\t/m);
  assert.match(complete("countersign keygen --format "), /^pem/m);
});

test("names_no_file_that_is_not_there", () => {
  const shared = readFileSync(`${root}pkg/dist/cli/shared.js`, "utf8");
  const loads = [...shared.matchAll(/import\("(\.\/commands\/[\w-]+\.js)"\)/g)];
  assert.equal(loads.length, COMMANDS.length);
  for (const [, path] of loads) assert.ok(existsSync(`${root}pkg/dist/cli/${path}`), path);
});
