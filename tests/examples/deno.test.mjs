// examples/deno with the package as JSR gets it: its deno.json, with a link to the folder in place of the registry.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Key, KeySet, sign } from "countersign/jwt";
import { writeJsr } from "../../tools/release/jsr.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
// The program itself: its wrapper would leave it running.
const DENO = join(root, "node_modules/deno", process.platform === "win32" ? "deno.exe" : "deno");
const EXPECTED = { issuer: "https://login.example", audience: "https://api.example" };

const key = Key.generate("EdDSA", { kid: "a" });
let folder;
let project;
let login;
before(async () => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), "countersign-deno-"));
  const jsr = join(folder, "jsr");
  writeJsr(jsr);
  // A link is found by this name.
  renameSync(join(jsr, "jsr.json"), join(jsr, "deno.json"));
  project = join(folder, "project");
  cpSync(join(root, "examples/deno"), project, { recursive: true });
  const settings = JSON.parse(readFileSync(join(project, "deno.json"), "utf8"));
  writeFileSync(join(project, "deno.json"), JSON.stringify({ ...settings, links: ["../jsr"] }));
  const jwks = JSON.stringify(new KeySet([key.publicKey()]).toJwks());
  login = createServer((_request, response) => response.setHeader("content-type", "application/json").end(jwks));
  await new Promise((resolve) => login.listen(0, "127.0.0.1", resolve));
});
after(() => {
  login?.close();
  rmSync(folder, { recursive: true, force: true });
});

const environment = { ...process.env, DENO_NO_UPDATE_CHECK: "1", DENO_DIR: join(root, ".cache/deno"), NO_COLOR: "1" };

test("has_the_version_of_the_package_on_jsr", () => {
  const { version } = JSON.parse(readFileSync(join(folder, "jsr/deno.json"), "utf8"));
  assert.equal(version, JSON.parse(readFileSync(join(root, "pkg/package.json"), "utf8")).version);
});

test("has_types_of_its_own_on_deno", () => {
  execFileSync(DENO, ["check", "main.ts"], { cwd: project, env: environment, stdio: "pipe" });
});

test("checks_tokens_on_deno_with_the_permissions_it_names", async () => {
  const { tasks } = JSON.parse(readFileSync(join(project, "deno.json"), "utf8"));
  const address = `127.0.0.1:${login.address().port}`;
  const args = tasks.start.replace("login.example", address).replace("0.0.0.0:8000", "0.0.0.0").split(" ").slice(1);
  const child = spawn(DENO, args, {
    cwd: project,
    env: { ...environment, LOGIN_URL: `http://${address}`, PORT: "0" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  try {
    const url = await new Promise((resolve, reject) => {
      let output = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text) => {
          output += text;
          const port = /Listening on http:\/\/0\.0\.0\.0:(\d+)/.exec(output)?.[1];
          if (port !== undefined) resolve(`http://127.0.0.1:${port}/`);
        });
      }
      child.once("exit", () => reject(new Error(output)));
    });
    const ask = (token) => fetch(url, { headers: token === undefined ? {} : { Authorization: `Bearer ${token}` } });
    assert.equal((await ask()).status, 401);
    const token = sign({ sub: "alice", scope: "profile" }, key, EXPECTED);
    const answer = await ask(token);
    assert.deepEqual([answer.status, await answer.json()], [200, { username: "alice", scopes: ["profile"] }]);
    assert.equal((await ask(sign({ sub: "alice" }, key, EXPECTED))).status, 403);
    assert.equal((await ask(sign({ sub: "alice" }, Key.generate("EdDSA", { kid: "a" }), EXPECTED))).status, 401);
  } finally {
    child.kill();
  }
});
