// examples/hono-d1 with the packed package, in workerd with a D1 database.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Key } from "countersign/jwt";
import { bundleWorker } from "../docs/server.mjs";
import { makeConsumer } from "../runtimes/consumer.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const SERVE = fileURLToPath(new URL("hono-d1/serve.mjs", import.meta.url));
const PASSWORD = "correct horse battery staple";

const secrets = {
  SIGNING_KEY: JSON.stringify(Key.generate("EdDSA", { kid: "1" }).toJwk({ private: true })),
  SESSION_SECRET: "c2l4dGVlbiBieXRlcyBhbmQgc2l4dGVlbiBtb3Jl",
};
let consumer;
let server;

before(async () => {
  consumer = makeConsumer();
  const { directory } = consumer;
  cpSync(join(root, "examples/hono-d1"), directory, {
    recursive: true,
    filter: (path) => !path.includes("node_modules"),
  });
  for (const name of ["hono", "@cloudflare"])
    symlinkSync(join(root, "node_modules", name), join(directory, "node_modules", name));
  const modules = await bundleWorker({ directory, entry: "src/index.ts" });
  mkdirSync(join(directory, "out"));
  for (const name of modules) renameSync(join(directory, name), join(directory, "out", name));
  server = await serve();
});
after(async () => {
  await server?.stop();
  consumer?.remove();
});

/** Starts the server on the data of the folder. */
async function serve() {
  const node = join(root, "node_modules/node22/bin/node");
  const child = spawn(node, [SERVE, consumer.directory, JSON.stringify(secrets)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const url = await new Promise((resolve, reject) => {
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
      const [found] = output.match(/^http:\S+(?=\n)/m) ?? [];
      if (found !== undefined) resolve(found);
    });
    exited.then((code) => reject(new Error(`the server ended with ${code}: ${output}`)));
  });
  const stop = async () => {
    child.kill();
    await exited;
  };
  return { url, stop };
}

const post = (path, form) => fetch(new URL(path, server.url), { method: "POST", body: new URLSearchParams(form) });
const register = (body) => fetch(new URL("/register", server.url), { method: "POST", body: JSON.stringify(body) });
const me = ({ access_token }) =>
  fetch(new URL("/me", server.url), { headers: { Authorization: `Bearer ${access_token}` } });

test("is_shorter_than_60_lines", () => {
  const source = readFileSync(join(root, "examples/hono-d1/src/index.ts"), "utf8");
  assert.ok(source.trimEnd().split("\n").length < 60);
});

test("compiles", () => {
  execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.json"], {
    cwd: consumer.directory,
    stdio: "inherit",
  });
});

test("registers_logs_in_refreshes_and_logs_out", async () => {
  const registered = await register({ username: "alice", password: PASSWORD });
  assert.deepEqual([registered.status, await registered.json()], [201, { username: "alice" }]);
  assert.equal((await register({ username: "alice", password: `another ${PASSWORD}` })).status, 409);

  const answer = await post("/token", { username: "alice", password: PASSWORD, scope: "profile" });
  assert.equal(answer.status, 200);
  const login = await answer.json();
  assert.deepEqual(await (await me(login)).json(), { username: "alice", scopes: ["profile"] });

  const next = await (await post("/token", { grant_type: "refresh_token", refresh_token: login.refresh_token })).json();
  assert.notEqual(next.refresh_token, login.refresh_token);
  assert.equal((await me(next)).status, 200);

  assert.equal((await post("/revoke", { token: next.refresh_token })).status, 200);
  for (const { access_token, refresh_token } of [login, next]) {
    assert.equal((await me({ access_token })).status, 401);
    assert.equal((await post("/token", { grant_type: "refresh_token", refresh_token })).status, 400);
  }
});

test("keeps_users_sessions_and_keys_over_a_restart", async () => {
  await register({ username: "bob", password: PASSWORD });
  const login = await (await post("/token", { username: "bob", password: PASSWORD })).json();
  await server.stop();
  server = await serve();
  assert.equal((await me(login)).status, 200);
  const { refresh_token } = login;
  assert.equal((await post("/token", { grant_type: "refresh_token", refresh_token })).status, 200);
});

test("limits_registrations_of_one_name", async () => {
  const statuses = [];
  // On a slow machine, the first waits may be over before the next attempt.
  while (statuses.length < 12 && statuses.at(-1) !== 429) {
    const { status } = await register({ username: "dora", password: PASSWORD });
    statuses.push(status);
  }
  assert.deepEqual(statuses.slice(0, 6), [201, 409, 409, 409, 409, 409]);
  assert.equal(statuses.at(-1), 429);
});

test("refuses_wrong_passwords_and_bad_registrations", async () => {
  for (const username of ["alice", "nobody"]) {
    const answer = await post("/token", { username, password: "wrong horse battery staple" });
    assert.deepEqual([answer.status, (await answer.json()).error], [400, "invalid_grant"]);
  }
  const bodies = [
    null,
    {},
    { username: "carol" },
    { username: "Carol", password: PASSWORD },
    { username: "carol", password: "short" },
    { username: "carol", password: `a lone surrogate \ud800` },
    { username: ["carol"], password: PASSWORD },
  ];
  for (const body of bodies) assert.equal((await register(body)).status, 400, JSON.stringify(body));
  assert.equal((await fetch(new URL("/register", server.url), { method: "POST", body: "no JSON" })).status, 400);
  assert.equal((await fetch(new URL("/me", server.url))).status, 401);
});
