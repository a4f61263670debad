// Windows and macOS, as far as another system can tell: how programs are started, how paths are written, line ends, and that no task
// needs a shell.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { Failure, isProgram, started } from "../../tools/command.mjs";
import { workerdConfig } from "../../tools/start/config.mjs";
import { manifest, read, root } from "./package.mjs";

const NODE = "C:\\Program Files\\nodejs\\node.exe";
const windows = (files, env = {}) => ({
  platform: "win32",
  execPath: NODE,
  env,
  exists: (path) => files.includes(path),
});

test("starts_npm_on_windows_without_a_shell", () => {
  const args = ["pack", "--pack-destination", "C:\\Users\\Zoë Müller\\release"];
  const beside = "C:\\Program Files\\nodejs\\node_modules\\npm\\bin\\npm-cli.js";
  const updated = "C:\\Users\\Zoë Müller\\AppData\\Roaming\\npm\\node_modules\\npm\\bin\\npm-cli.js";
  const roaming = { APPDATA: "C:\\Users\\Zoë Müller\\AppData\\Roaming" };
  const running = "D:\\tools\\npm\\bin\\npm-cli.js";
  for (const [npm, system] of [
    [beside, windows([beside, updated], roaming)],
    [updated, windows([updated], roaming)],
    [running, windows([beside, running], { npm_execpath: running })],
    [beside, windows([beside, "D:\\pnpm.cjs"], { npm_execpath: "D:\\pnpm.cjs" })],
  ]) {
    assert.deepEqual(started("npm", args, system), [NODE, [npm, ...args]]);
  }
  assert.throws(
    () => started("npm", args, windows([])),
    (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.message, `npm is not beside ${NODE}: run the command with npm run`);
      return true;
    },
  );
});

test("starts_every_other_program_as_it_is", () => {
  assert.deepEqual(started("cargo", ["build"], windows([])), ["cargo", ["build"]]);
  assert.deepEqual(started("npm", ["ci"], { platform: "darwin", execPath: "/usr/bin/node", env: {} }), ["npm", ["ci"]]);
});

test("knows_its_own_program_by_every_path_that_leads_to_it", (t) => {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "a folder, für dich-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "pro gram #1 100%.mjs");
  writeFileSync(file, "");
  const link = join(folder, "link");
  mkdirSync(join(folder, "inner"));
  symlinkSync(folder, link, "junction");
  const { href } = pathToFileURL(file);
  assert.ok(isProgram(href, ["node", file]));
  assert.ok(isProgram(href, ["node", join(link, "pro gram #1 100%.mjs")]));
  assert.ok(!isProgram(href, ["node", join(folder, "inner")]));
  // `node --eval` starts no file.
  assert.ok(!isProgram(href, ["node"]));
});

test("writes_paths_of_windows_into_the_configuration_of_workerd", () => {
  const www = "C:\\Users\\Zoë Müller\\countersign\\www";
  const text = workerdConfig({
    address: "a:1",
    hosts: [],
    modules: ["m.js"],
    www,
    dist: "/d",
    objects: "/o",
    vars: {},
  });
  const written = text.match(/name = "www", disk = \(path = ("[^"]*")\)/)[1];
  assert.equal(JSON.parse(written), www);
});

test("checks_every_file_out_with_the_same_line_ends", () => {
  const files = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" }).split("\0").filter(Boolean);
  const attributes = execFileSync("git", ["check-attr", "-z", "--stdin", "text", "eol"], {
    cwd: root,
    input: files.join("\0"),
    encoding: "utf8",
  }).split("\0");
  const wrong = [];
  for (let at = 0; at + 5 < attributes.length; at += 6) {
    const [path, , text, , , eol] = attributes.slice(at, at + 6);
    if (text !== "unset" && eol !== "lf") wrong.push(path);
  }
  assert.ok(500 < files.length, `${files.length} files`);
  assert.deepEqual(wrong, []);
});

test("needs_no_shell_for_any_task", () => {
  const examples = ["hono-d1", "node", "worker"].map((name) => JSON.parse(read(`examples/${name}/package.json`)));
  for (const { name, scripts = {} } of [JSON.parse(read("package.json")), manifest, ...examples]) {
    for (const [task, command] of Object.entries(scripts)) {
      // Programs of npm, and `&&`, which every shell knows. No variables, globs, quotes, pipes or paths of one system.
      assert.match(command, /^(?:(?:node|tsc|wrangler)(?: [\w./:=-]+)*(?: && |$))+$/, `${name}: ${task}`);
    }
  }
});

/** The scripts that people start, with their texts. */
function scripts() {
  const files = execFileSync("git", ["ls-files", "-z", "tools", "site", "benches", "tests/**/*.mjs"], {
    cwd: root,
    encoding: "utf8",
  });
  const paths = files.split("\0").filter((name) => name.endsWith(".mjs"));
  assert.ok(200 < paths.length, `${paths.length} scripts`);
  return paths.map((path) => [path, readFileSync(join(root, path), "utf8")]);
}

test("takes_no_path_out_of_a_url_by_itself", () => {
  // The path of a file URL is percent-encoded, and on Windows begins with a slash before the drive.
  const taken = /new URL\([^)]*import\.meta\.url\)\s*\.pathname|import\.meta\.url\.(?:slice|replace)/;
  for (const [path, text] of scripts()) assert.doesNotMatch(text, taken, path);
});

test("starts_npm_nowhere_as_a_program", () => {
  // On Windows, npm and npx are scripts. Suites that need bash run in WSL there, and so does this one.
  const direct = /\b(?:spawn|spawnSync|execFile|execFileSync)\)?\(\s*"np[mx]"/;
  assert.match('spawn("npm", [])', direct);
  const found = scripts().filter(([path, text]) => direct.test(text) && path !== "tests/packaging/systems.test.mjs");
  assert.deepEqual(
    found.map(([path]) => path),
    ["tests/cli/package.test.mjs"],
  );
});
