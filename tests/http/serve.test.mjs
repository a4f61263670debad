// `npm start` as a person meets it: what it prints, which port it takes, and how it ends.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const SERVE = fileURLToPath(new URL("../../tools/start/serve.mjs", import.meta.url));
const WRANGLER = new URL("../../examples/worker/wrangler.toml", import.meta.url);

/** A running `serve.mjs` whose output can be waited for. */
function serve(t, environment) {
  const child = spawn(process.execPath, [SERVE], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    // A process group of its own, which a signal can be sent to as a terminal does.
    detached: true,
  });
  const run = { child, output: "" };
  const waiting = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      run.output += text;
      for (const look of waiting) look();
    });
  }
  run.ended = new Promise((resolve) => {
    child.on("close", (code) => {
      resolve(code);
      for (const look of waiting) look(true);
    });
  });
  run.says = (pattern) =>
    new Promise((resolve, reject) => {
      const look = (over = false) => {
        const found = pattern.exec(run.output);
        if (found) resolve(found);
        else if (over) reject(new Error(`it ended without saying ${pattern}:\n${run.output}`));
      };
      waiting.push(look);
      look();
    });
  t.after(() => {
    child.kill("SIGTERM");
    return run.ended;
  });
  return run;
}

async function directory(t) {
  const path = await mkdtemp(join(tmpdir(), "countersign is served, für dich-"));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** A port that is held on this machine until the test ends. */
async function heldPort(t, host) {
  const server = createServer();
  await new Promise((resolve, reject) => server.once("error", reject).listen({ port: 0, host }, resolve));
  t.after(() => server.close());
  return server.address().port;
}

test("serves, says where, and stops when asked to", async (t) => {
  const dataDir = await directory(t);
  const run = serve(t, { PORT: "0", DATA_DIR: join(dataDir, "new") });
  const [, url] = await run.says(/Log in\s+(http:\/\/localhost:\d+)\/\n/);
  assert.match(run.output, new RegExp(`Workbench\\s+${url}/bench.html`));
  for (const path of ["/", "/bench.html", "/.well-known/jwks.json"])
    assert.equal((await fetch(url + path)).status, 200);
  // The private key is in there.
  assert.equal((await stat(join(dataDir, "new"))).mode & 0o077, 0);

  process.kill(-run.child.pid, "SIGINT");
  assert.equal(await run.ended, 0);
  assert.match(run.output, /Stopped\.\n$/);
  await assert.rejects(fetch(url), "the port is free again");
});

test("the commands it prints work as they are printed", async (t) => {
  const run = serve(t, { PORT: "0", DATA_DIR: await directory(t) });
  await run.says(/Ctrl-C stops/);
  const commands = run.output
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("curl"));
  assert.equal(commands.length, 6);
  const script = commands.map((command) => `${command}\n`);
  const statuses = [];
  let token = "";
  for (const command of script) {
    const { stdout } = await bash(command, { TOKEN: token });
    statuses.push(Number(/^HTTP\/1.1 (\d+)/.exec(stdout)[1]));
    token = /"access_token":"([^"]+)"/.exec(stdout)?.[1] ?? token;
  }
  assert.deepEqual(statuses, [201, 200, 200, 200, 401, 200]);
});

test("takes the next port if one is taken, and says so", async (t) => {
  for (const host of ["127.0.0.1", "::1"]) {
    const port = await heldPort(t, host).catch(() => null);
    // A machine without IPv6.
    if (port === null) continue;
    const run = serve(t, { PORT: String(port), DATA_DIR: await directory(t) });
    const [, other] = await run.says(/Port \d+ is taken; using (\d+) instead\./);
    assert.ok(port < Number(other));
    await run.says(new RegExp(`http://localhost:${other}/`));
    run.child.kill("SIGTERM");
    assert.equal(await run.ended, 0);
  }
});

test("refuses a data directory that another one uses, until that one has ended", async (t) => {
  const DATA_DIR = await directory(t);
  const first = serve(t, { PORT: "0", DATA_DIR });
  await first.says(/Ctrl-C stops/);
  const second = serve(t, { PORT: "0", DATA_DIR });
  assert.equal(await second.ended, 1);
  assert.match(second.output, /^npm start: .* is in use by process \d+: stop it, or/);
  first.child.kill("SIGINT");
  assert.equal(await first.ended, 0);
  const third = serve(t, { PORT: "0", DATA_DIR });
  await third.says(/Ctrl-C stops/);
});

test("answers to no name that somebody else controls", async (t) => {
  const run = serve(t, { PORT: "0", DATA_DIR: await directory(t), ALLOWED_HOSTS: "box.example, Other.example" });
  const [, port] = await run.says(/http:\/\/localhost:(\d+)\//);
  const ask = (host, path, method = "GET") =>
    new Promise((resolve, reject) => {
      const headers = { Host: host, "Content-Type": "application/json" };
      const asking = request({ host: "127.0.0.1", port, path, method, headers }, (answer) => {
        answer.resume().on("end", () => resolve(answer.statusCode));
      });
      asking
        .on("error", reject)
        .end(method === "POST" ? '{"username":"mallory","password":"correct horse battery"}' : "");
    });
  const foreign = [
    "evil.example",
    `evil.example:${port}`,
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "notlocalhost",
    "evil.box.example",
    "other.example.evil",
    "localhost.",
  ];
  for (const host of foreign) {
    for (const path of ["/", "/script/login.js", "/users/me", "/.well-known/jwks.json"]) {
      assert.equal(await ask(host, path), 421, `${host} ${path}`);
    }
    assert.equal(await ask(host, "/register", "POST"), 421, host);
  }
  const ours = [
    "localhost",
    "LOCALHOST",
    "app.localhost",
    "127.0.0.1",
    "[::1]",
    "192.0.2.7",
    "box.example",
    "other.example",
  ];
  for (const host of ours) {
    assert.equal(await ask(`${host}:${port}`, "/"), 200, host);
    assert.equal(await ask(host, "/.well-known/jwks.json"), 200, host);
  }
  assert.equal(await ask(`localhost:${port}`, "/register", "POST"), 201, "the name was not taken");
});

test("says what is wrong with a port that is none", async (t) => {
  for (const PORT of ["abc", "65536", "-1", "80.5"]) {
    const run = serve(t, { PORT, DATA_DIR: await directory(t) });
    assert.equal(await run.ended, 1);
    assert.equal(run.output, "npm start: PORT is not a number from 0 to 65535\n");
  }
});

test("gives the Worker the bindings that its wrangler.toml names", async (t) => {
  const DATA_DIR = await directory(t);
  const run = serve(t, { PORT: "0", DATA_DIR });
  await run.says(/Ctrl-C stops/);
  const config = await readFile(join(DATA_DIR, "code/workerd.capnp"), "utf8");
  const toml = await readFile(WRANGLER, "utf8");
  const objects = [...toml.matchAll(/^name = "(\w+)"\nclass_name = "(\w+)"/gm)];
  assert.equal(objects.length, 3);
  for (const [, name, className] of objects) {
    assert.ok(config.includes(`(name = "${name}", durableObjectNamespace = "${className}")`), name);
  }
  const variables = [.../\[vars\]\n((?:\w+ = .*\n)+)/.exec(toml)[1].matchAll(/^(\w+) =/gm)].map(([, name]) => name);
  assert.deepEqual(variables, [
    "ISSUER",
    "AUDIENCE",
    "ADMIN_USERS",
    "ACCESS_TOKEN_SECONDS",
    "OLD_SECRET",
    "KEYS_PUBLISHED_AHEAD",
    "SHOW_TOKEN",
    "ADDRESS_HEADER",
    "SWAGGER_UI",
  ]);
  for (const name of variables) assert.ok(config.includes(`(name = "${name}", text = `), name);
  const [, date] = /^compatibility_date = "(.*)"$/m.exec(toml);
  assert.ok(config.includes(`compatibilityDate = "${date}"`));
});

function bash(command, environment) {
  return new Promise((resolve, reject) => {
    const child = spawn("bash", ["-c", command], { env: { ...process.env, ...environment } });
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    child.on("error", reject);
    child.on("close", () => resolve({ stdout }));
  });
}
