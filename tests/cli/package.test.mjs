// The program as it is installed, how fast it starts, and its completions.

import assert from "node:assert/strict";
import { execFile, execFileSync, spawnSync } from "node:child_process";
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
  // Of the modules, by the files that hold them as text.
  const loaded = async (args, input) => {
    const { stderr } = await countersign(args, {
      input,
      runtime: [process.execPath, "--import", `${root}tests/cli/loaded.mjs`],
    });
    return [...new Set(Array.from(stderr.matchAll(/^loaded printable\/(\w+)\.js$/gm), ([, name]) => name))].sort();
  };
  const SECRET = "x".repeat(32);
  assert.deepEqual(await loaded(["help"]), []);
  assert.deepEqual(await loaded(["inspect"], "a.b.c"), []);
  assert.deepEqual(await loaded(["completions", "bash"]), []);
  assert.deepEqual(await loaded(["keygen", "EdDSA"]), ["jwt"]);
  assert.deepEqual(await loaded(["sign", "--secret-stdin"], SECRET), ["jwt"]);
  assert.deepEqual(await loaded(["hash", "--password-stdin", "--memory-kib", "64"], "x"), ["password"]);
});

test("starts_quickly", (t) => {
  const main = `${root}pkg/dist/cli/main.js`;
  const commands = {
    "node -e 0": ["-e", "0"],
    "--version": [main, "--version"],
    help: [main, "help"],
    "keygen HS256": [main, "keygen", "HS256"],
    "keygen EdDSA": [main, "keygen", "EdDSA"],
  };
  // The time on a clock is that of all programs that run: on a busy machine, Node alone takes from 90 to 300 ms. The CPU time
  // differs by a few percent.
  const report =
    'import { writeSync } from "node:fs"; process.on("exit", () => { const { system, user } = process.cpuUsage(); ' +
    'writeSync(2, "\\ncpu " + (system + user) / 1000); });';
  const run = (args) => {
    const start = performance.now();
    const { status, stderr } = spawnSync(process.execPath, ["--import", `data:text/javascript,${report}`, ...args]);
    assert.equal(status, 0, `${stderr}`);
    return { clock: performance.now() - start, cpu: Number(/cpu (\S+)$/.exec(stderr)?.[1]) };
  };
  const least = Object.fromEntries(Object.keys(commands).map((name) => [name, { clock: Infinity, cpu: Infinity }]));
  for (let round = 0; round < 5; round += 1) {
    for (const [name, args] of Object.entries(commands)) {
      const { clock, cpu } = run(args);
      least[name] = { clock: Math.min(clock, least[name].clock), cpu: Math.min(cpu, least[name].cpu) };
    }
  }
  for (const [name, { clock, cpu }] of Object.entries(least)) {
    t.diagnostic(`${name}: ${cpu.toFixed(0)} ms of CPU time, ${clock.toFixed(0)} ms by the clock`);
  }
  const bare = least["node -e 0"].cpu;
  // What the program adds to Node, about twice what it was when this was written: 14 ms for help and 35 ms with a module, where
  // Node 20 takes 59 ms, and 18 and 37 ms where Node 24 takes 26 ms.
  for (const [name, limit] of Object.entries({
    "--version": Math.max(30, bare / 2),
    help: Math.max(30, bare / 2),
    "keygen HS256": Math.max(70, 1.25 * bare),
    "keygen EdDSA": Math.max(70, 1.25 * bare),
  })) {
    const added = least[name].cpu - bare;
    assert.ok(added < limit, `${name} adds ${added} ms to ${bare} ms, ${limit} ms are allowed`);
  }
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
