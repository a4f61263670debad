// Every example on the pages works: each block is compiled and run with the packed package, as the pages say.

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { createHmac, createPublicKey } from "node:crypto";
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { initTRPC } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { Key, sign } from "countersign/jwt";
import jsonwebtoken from "jsonwebtoken";
import { cookieToRefresh, GUARDS } from "../adapters/cases.mjs";
import { makeConsumer } from "../runtimes/consumer.mjs";
import { findChromium, launch } from "../runtimes/runners/chromium.mjs";
import { addEstimator } from "../strength/peers.mjs";
import { block, blocks, PAGES, read, root } from "./blocks.mjs";
import { freePort, program, serveWorker } from "./server.mjs";

const shown = PAGES.flatMap((page) => blocks(read(page)).map((each) => ({ ...each, page })));
const workers = read("docs/workers.md");
const shell = block(workers, "sh", "wrangler dev");
const curl = block(workers, "sh", "curl ");

/** The blocks that are files, by the name in their first line. */
const files = Object.fromEntries(
  shown.filter(({ language }) => ["js", "ts"].includes(language)).map(({ code }) => [nameOf(code), code]),
);
/** The examples that run in Node and end: all except the servers. */
const SERVERS = ["api.mjs", "cutover-app.mjs", "log-in.mjs", "server.mjs"];
const programs = Object.keys(files).filter((name) => name.endsWith(".mjs") && !SERVERS.includes(name));
/**
 * The examples that are not type-checked. Servers, `fetch` and `json()` give `unknown`, jsonwebtoken has no types, one example is a
 * mistake on purpose, and only a browser's types know WebAssembly.
 */
const UNTYPED = [
  ...SERVERS,
  "as-fastapi.mjs",
  "aws-kms.mjs",
  "azure-key-vault.mjs",
  "google-kms.mjs",
  "kms.mjs",
  "check.mjs",
  "cutover.mjs",
  "dpop-page.mjs",
  // tests/types/frameworks.ts has these in TypeScript. Declarations and decorators are not for JavaScript.
  "auth.mjs",
  "elysia.mjs",
  "express.mjs",
  "fastify.mjs",
  "h3.mjs",
  "hono.mjs",
  "hooks.server.mjs",
  "mcp.mjs",
  "nest.mjs",
  "route.mjs",
  "trpc.mjs",
  "trpc-stream.mjs",
  "jsonwebtoken.mjs",
  "fastify-jwt.mjs",
  "two-secrets.mjs",
  "misspelled.mjs",
  "new-password.mjs",
  "session-endpoints.mjs",
  "sister.mjs",
  "slim.mjs",
  "token-endpoint.mjs",
];
/** Libraries that the pages move from or build on. */
const OTHERS = [
  "@modelcontextprotocol/sdk",
  "@nestjs/common",
  "@nestjs/core",
  "@trpc/server",
  "elysia",
  "express",
  "fast-jwt",
  "fastify",
  "h3",
  "hono",
  "jose",
  "jsonwebtoken",
  "reflect-metadata",
  "swagger-ui-dist",
  "zod",
];

/** As `openssl rand -base64 32` prints them. */
const PEPPERS = {
  PEPPER_2027: Buffer.alloc(32, "one").toString("base64"),
  PEPPER_2028: Buffer.alloc(32, "two").toString("base64"),
};

/** Bindings of the Workers. */
const ENV = "SIGNING_KEY: string; USERS: KVNamespace; SESSIONS: DurableObjectNamespace; SESSION_SECRET: string";

let consumer;
let worker;
let hono;
before(async () => {
  consumer = makeConsumer();
  mkdirSync(join(consumer.directory, "src"));
  for (const [name, code] of Object.entries(files)) write(name, code);
  // What `npx wrangler types` writes from wrangler.toml and .dev.vars.
  write("src/env.d.ts", `declare namespace Cloudflare { interface Env { ${ENV} } }\n`);
  addEstimator(consumer.directory);
  for (const name of OTHERS) {
    const link = join(consumer.directory, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, "node_modules", name), link);
  }
  // Unchanged, except that it asks a list that contains only padding.
  const asking = files["new-password.mjs"];
  write("new-password.mjs", asking.replace("https://api.pwnedpasswords.com", `data:text/plain,${"0".repeat(35)}:0#`));
  const made = makeKeyAndUser();
  worker = await deploy("src/plain.ts", made);
  hono = await deploy("src/index.ts", made);
});
after(async () => {
  await worker?.stop();
  await hono?.stop();
  consumer?.remove();
});

test("gives_every_file_a_name_of_its_own", () => {
  const named = shown.filter(({ language }) => ["js", "ts"].includes(language));
  assert.equal(named.length, Object.keys(files).length);
  assert.ok(25 < named.length);
});

test("shows_no_block_that_is_not_tested", () => {
  const languages = new Set(shown.map(({ language }) => language));
  assert.deepEqual([...languages].sort(), ["html", "js", "rust", "sh", "toml", "ts"]);
  const of = (language) => shown.filter((each) => each.language === language).map(({ page }) => page);
  assert.deepEqual(of("html"), ["README.md"]);
  assert.deepEqual(
    Object.keys(files)
      .filter((name) => name.endsWith(".ts"))
      .sort(),
    ["src/api.ts", "src/index.ts", "src/key-ring.ts", "src/plain.ts", "src/sessions.ts"],
  );
  // rustdoc compiles and runs the blocks of these pages.
  const documented = Array.from(
    read("src/lib.rs").matchAll(/^#\[cfg\(.*doctest.*\)\]\n#\[doc = include_str!\("\.\.\/([\w/.]+)"\)\]/gm),
    ([, page]) => page,
  );
  assert.deepEqual([...new Set(of("rust"))].sort(), documented.sort());
});

test("shows_typescript_that_compiles_for_workers", async () => {
  await compile(["src/env.d.ts", "src/index.ts", "src/api.ts", "src/key-ring.ts", "src/plain.ts", "src/sessions.ts"], {
    customConditions: ["workerd"],
    module: "ESNext",
    moduleResolution: "Bundler",
    skipLibCheck: true,
    typeRoots: [`${root}node_modules`],
    types: ["@cloudflare/workers-types"],
  });
});

test("shows_javascript_that_type_checks", async () => {
  const checked = Object.keys(files).filter((name) => name.endsWith(".mjs") && !UNTYPED.includes(name));
  assert.ok(15 < checked.length);
  await compile(checked, {
    allowJs: true,
    checkJs: true,
    module: "NodeNext",
    typeRoots: [`${root}node_modules/@types`],
    types: ["node"],
  });
});

for (const name of programs) {
  test(`prints_what_the_comments_in_${name}_say`, async () => {
    const promised = (files[name].match(/^ *console\.log\(.*\/\/ .*$/gm) ?? []).map((line) => line.split(" // ")[1]);
    const output = await runNode([name]);
    const printed = output === "" ? [] : output.trimEnd().split("\n");
    assert.equal(printed.length, promised.length);
    for (const [index, line] of printed.entries()) {
      assert.ok(promised[index].startsWith(line), `${line} is not ${promised[index]}`);
    }
  });
}

test("guards_the_route_of_next_and_the_paths_of_sveltekit", async () => {
  const own = (name) => import(join(consumer.directory, name));
  const [{ GET }, { handle }, { asAlice }] = await Promise.all(["route.mjs", "hooks.server.mjs", "auth.mjs"].map(own));
  const url = "http://localhost/api/me";
  const [known, unknown] = [new Request(url, await asAlice()), new Request(url)];
  assert.deepEqual(await (await GET(known, {})).json(), { hello: "alice" });
  assert.equal((await GET(unknown, {})).status, 401);
  const resolve = ({ locals }) => new Response(locals.auth?.claims.sub);
  const ask = (request, id, isRemoteRequest = false) => {
    return handle({ event: { request, locals: {}, route: { id }, isRemoteRequest }, resolve });
  };
  // SvelteKit 3 and 2 find the route like this.
  const routing = join(root, "node_modules/@sveltejs/kit/src/utils/routing.js");
  const { find_route: findRoute, parse_route_id: parse } = await import(pathToFileURL(routing).href);
  for (const id of ["/api/me", "/(app)/api/me", "/[[lang]]/api/me", "/[...path]", "/api/[name]", "/(app)"]) {
    const path = id === "/(app)" ? "/" : "/api/me";
    assert.equal(findRoute(path, [{ id, ...parse(id) }], {}).route.id, id);
    assert.equal((await ask(unknown, id)).status, 401, id);
    assert.equal(await (await ask(known, id)).text(), "alice");
  }
  assert.equal((await ask(unknown, "/api")).status, 401);
  assert.equal((await ask(unknown, null)).status, 401);
  for (const id of ["/", "/login", "/token"]) {
    assert.equal((await ask(unknown, id)).status, 200, id);
    // The client of a remote function may name any page.
    assert.equal((await ask(unknown, id, true)).status, 401, id);
    assert.equal((await ask(known, id, true)).status, 200, id);
  }
});

test("refreshes_a_session_before_trpc_streams_the_answer", async () => {
  const { contextWith, signedIn } = await import(join(consumer.directory, "trpc-stream.mjs"));
  const me = signedIn.query(({ ctx }) => ctx.auth.claims.sub);
  const router = initTRPC.context().create().router({ me });
  const ask = async (cookies, headers) => {
    const req = new Request("http://localhost/me,me?batch=1&input=%7B%7D", { headers });
    const answer = await fetchRequestHandler({ endpoint: "", req, router, createContext: contextWith(cookies) });
    return { answer, text: await answer.text() };
  };
  const [cookies] = GUARDS["/page"];
  const unscoped = { guard: (request) => cookies.guard(request) };
  for (const headers of [{ "trpc-accept": "application/jsonl" }, {}]) {
    const { answer, text } = await ask(unscoped, { ...headers, ...(await cookieToRefresh()) });
    assert.equal(answer.headers.getSetCookie().length, 2);
    assert.equal(answer.headers.get("cache-control"), "no-store");
    assert.equal(text.match(/carol/g).length, 2);
    for (const [source, cookie, code] of [
      [unscoped, {}, "UNAUTHORIZED"],
      [cookies, await cookieToRefresh(), "FORBIDDEN"],
      [{ guard: async () => new Response(null, { status: 503 }) }, {}, "SERVICE_UNAVAILABLE"],
    ]) {
      const refused = await ask(source, { ...headers, ...cookie });
      assert.ok(refused.text.includes(`"code":"${code}"`), refused.text);
      assert.ok(!refused.text.includes("carol"));
    }
  }
});

test("gives_a_token_for_a_password", async () => {
  const answer = await logIn();
  assert.equal(answer.status, 200);
  const { access_token, ...rest } = await answer.json();
  assert.deepEqual(rest, { token_type: "bearer", expires_in: 900, scope: "profile" });
  const page = await get("/", access_token);
  assert.deepEqual(await page.json(), { username: "alice", scopes: ["profile"] });
});

test("logs_users_in_on_hono", async () => {
  const answer = await logIn((body) => body, hono);
  assert.equal(answer.status, 200);
  const { access_token, ...rest } = await answer.json();
  assert.deepEqual(rest, { token_type: "bearer", expires_in: 900, scope: "profile" });
  const page = await get("/me", access_token, hono);
  assert.deepEqual(await page.json(), { username: "alice", scopes: ["profile"] });
  const [unsigned, wrong] = [await get("/me", undefined, hono), await logIn((body) => `${body}&password=x`, hono)];
  assert.deepEqual([unsigned.status, unsigned.headers.get("WWW-Authenticate"), wrong.status], [401, "Bearer", 400]);
  const [theirs, ours] = await Promise.all([hono, worker].map((at) => get("/.well-known/jwks.json", undefined, at)));
  assert.deepEqual(await theirs.json(), await ours.json());
});

test("extracts_the_token_by_the_command_on_the_page", async () => {
  const text = await (await logIn()).text();
  write("answer.json", text);
  const [command] = curl.match(/^TOKEN=.*$/m);
  const script = `${command}\nprintf %s "$TOKEN"`;
  const token = execFileSync("sh", ["-c", script], { cwd: consumer.directory, encoding: "utf8" });
  assert.equal(token, JSON.parse(text).access_token);
});

test("keeps_the_private_key_out_of_version_control", () => {
  const [command] = shell.match(/^printf .* >> \.gitignore/m);
  execFileSync("sh", ["-c", command], { cwd: consumer.directory });
  assert.match(readFileSync(join(consumer.directory, ".gitignore"), "utf8"), /^\.dev\.vars$/m);
  assert.ok(shell.indexOf(command) < shell.indexOf("> .dev.vars"), "before the key is made");
});

test("refuses_a_wrong_password_an_unknown_user_and_a_missing_token", async () => {
  const wrong = await logIn((body) => body.replace("staple", "stable"));
  const unknown = await logIn((body) => body.replace("alice", "mallory"));
  for (const answer of [wrong, unknown]) assert.equal((await answer.json()).error, "invalid_grant");
  const page = await get("/");
  assert.equal(page.status, 401);
  assert.equal(page.headers.get("WWW-Authenticate"), "Bearer");
});

for (const name of ["api.mjs", "server.mjs"]) {
  test(`accepts_the_tokens_of_the_worker_in_${name}_on_node`, async () => {
    const port = await freePort();
    const env = { LOGIN_URL: worker.url, PORT: String(port) };
    const api = await program(process.execPath, [name], { cwd: consumer.directory, port, env });
    try {
      const { access_token } = await (await logIn()).json();
      const answer = await fetch(api.url, { headers: { Authorization: `Bearer ${access_token}` } });
      assert.equal(await answer.text(), "hello alice\n");
      const refused = await fetch(api.url);
      assert.equal(refused.status, 401);
      assert.equal(refused.headers.get("WWW-Authenticate"), "Bearer");
    } finally {
      await api.stop();
    }
  });
}

for (const name of ["api.mjs", "server.mjs"]) {
  test(`lives_on_while_the_login_server_stops_and_starts_with_${name}`, async () => {
    const [port, keyPort] = [await freePort(), await freePort()];
    const env = { LOGIN_URL: `http://127.0.0.1:${keyPort}`, PORT: String(port) };
    const api = await program(process.execPath, [name], { cwd: consumer.directory, port, env });
    let keyServer;
    try {
      const { access_token } = await (await logIn()).json();
      const ask = () => fetch(api.url, { headers: { Authorization: `Bearer ${access_token}` } });
      for (let times = 0; times < 3; times += 1) {
        const answer = await ask();
        assert.deepEqual([answer.status, answer.headers.get("Retry-After")], [503, "3"]);
        assert.equal((await answer.json()).error, "temporarily_unavailable");
      }
      assert.equal((await fetch(api.url)).status, 401);
      const jwks = await (await get("/.well-known/jwks.json")).text();
      keyServer = createServer((_, response) => response.end(jwks)).listen(keyPort, "127.0.0.1");
      let answer = await ask();
      // After a failure, the server is not asked again for a second.
      for (let times = 0; times < 50 && answer.status === 503; times += 1) {
        await setTimeout(100);
        answer = await ask();
      }
      assert.equal(await answer.text(), "hello alice\n");
      keyServer.closeAllConnections();
      keyServer.close();
      assert.equal(await (await ask()).text(), "hello alice\n", "the last good keys are used");
    } finally {
      keyServer?.close();
      await api.stop();
    }
  });
}

test("logs_users_in_on_node_and_survives_clients_that_hang_up", async () => {
  const port = await freePort();
  const server = await program(process.execPath, ["log-in.mjs"], {
    cwd: consumer.directory,
    port,
    env: { PORT: String(port) },
  });
  const logInAs = (password, signal) =>
    fetch(`${server.url}/token`, {
      method: "POST",
      body: new URLSearchParams({ grant_type: "password", username: "alice", password }),
      signal,
    });
  try {
    const answer = await logInAs("correct horse battery staple");
    assert.equal(answer.status, 200);
    assert.equal((await answer.json()).token_type, "bearer");
    const leaving = Array.from({ length: 8 }, () => logInAs("Tr0ub4dor&3", AbortSignal.timeout(20)));
    for (const { reason } of await Promise.allSettled(leaving)) assert.equal(reason?.name, "TimeoutError");
    const wrong = await logInAs("Tr0ub4dor&3");
    assert.deepEqual([wrong.status, (await wrong.json()).error], [400, "invalid_grant"]);
  } finally {
    await server.stop();
  }
});

test("keeps_the_key_of_log-in.mjs_over_a_restart", async () => {
  const keys = [];
  for (let times = 0; times < 2; times += 1) {
    const port = await freePort();
    const env = { PORT: String(port), SIGNING_KEY_FILE: "kept-key.json" };
    const server = await program(process.execPath, ["log-in.mjs"], { cwd: consumer.directory, port, env });
    keys.push(await (await fetch(`${server.url}/.well-known/jwks.json`)).json());
    await server.stop();
  }
  assert.deepEqual(keys[0], keys[1]);
  assert.match(keys[0].keys[0].kid, /^\d{4}-/);
  if (process.platform !== "win32")
    assert.equal(statSync(join(consumer.directory, "kept-key.json")).mode & 0o777, 0o600);
});

test("cuts_over_from_jsonwebtoken_without_logging_anyone_out", async () => {
  const secret = "a secret of 20 chars";
  const day = 24 * 3600;
  const now = Math.floor(Date.now() / 1000);
  const signedOld = (claims, options) => jsonwebtoken.sign(claims, secret, options);
  const start = async (ISSUE_NEW) => {
    const port = await freePort();
    const env = { PORT: String(port), ISSUE_NEW, ES256_FILE: "cutover-key.json" };
    const server = await program(process.execPath, ["cutover-app.mjs"], { cwd: consumer.directory, port, env });
    const me = async (headers) => {
      const answer = await fetch(`${server.url}/me`, { headers });
      const [renewed] = answer.headers.getSetCookie().map((text) => text.match(/^token=([^;]+);.*HttpOnly; Secure/)[1]);
      return { status: answer.status, id: answer.ok ? (await answer.json()).id : undefined, renewed };
    };
    const byCookie = (token) => me({ Cookie: `theme=dark; token=${token}` });
    const jwks = async () => (await fetch(`${server.url}/.well-known/jwks.json`)).json();
    return { ...server, byCookie, byHeader: (token) => me({ Authorization: `Bearer ${token}` }), jwks };
  };
  const theirs = [
    signedOld({ sub: 42 }),
    signedOld({ sub: 42 }, { expiresIn: "1h" }),
    signedOld({ sub: 42, iat: now - 29 * day }),
    jsonwebtoken.sign({}, secret, { subject: "42" }),
    signedOld({ id: 42 }),
    signedOld({ id: "42" }),
  ];

  // Step 1: both are accepted, and the old kind is issued.
  let server = await start("no");
  const [publicJwk] = (await server.jwks()).keys;
  for (const token of theirs) {
    for (const ask of [server.byCookie, server.byHeader]) {
      const { status, id, renewed } = await ask(token);
      assert.deepEqual([status, id], [200, 42]);
      assert.equal(jsonwebtoken.verify(renewed, secret, { algorithms: ["HS256"] }).sub, 42);
    }
  }
  await server.stop();

  // Step 3: the same tokens are accepted, and a new one is given for them.
  server = await start("yes");
  assert.deepEqual((await server.jwks()).keys, [publicJwk], "the key is on disk");
  const kept = [];
  for (const token of theirs) {
    const { status, id, renewed } = await server.byCookie(token);
    assert.deepEqual([status, id], [200, 42]);
    const key = createPublicKey({ key: publicJwk, format: "jwk" });
    const claims = jsonwebtoken.verify(renewed, key, { algorithms: ["ES256"], audience: "https://api.example" });
    assert.deepEqual([claims.sub, claims.exp - claims.iat], ["42", 7 * day]);
    assert.equal(jsonwebtoken.decode(renewed, { complete: true }).header.kid, publicJwk.kid);
    kept.push(renewed);
  }
  await server.stop();

  server = await start("yes");
  for (const token of kept) assert.deepEqual(await server.byCookie(token), { status: 200, id: 42, renewed: undefined });
  // What must stay out: the public key as a secret, no algorithm, another secret, a token that is too old.
  const pem = createPublicKey({ key: publicJwk, format: "jwk" }).export({ type: "spki", format: "pem" });
  const [head, payload] = theirs[0].split(".");
  for (const token of [
    [head, payload, createHmac("sha256", pem).update(`${head}.${payload}`).digest("base64url")].join("."),
    `${Buffer.from('{"alg":"none"}').toString("base64url")}.${payload}.`,
    jsonwebtoken.sign({ sub: 42 }, "another secret of 20"),
    signedOld({ sub: 42, iat: now - 31 * day }),
    signedOld({ sub: 42, iat: now - 60, exp: now - 1 }),
    signedOld({ sub: 4.2 }),
    "abc",
  ]) {
    assert.equal((await server.byCookie(token)).status, 401);
  }
  // Right signatures, but no user, or for another purpose than to log in.
  const made = Key.fromJwk(JSON.parse(readFileSync(join(consumer.directory, "cutover-key.json"), "utf8")));
  const ours = { issuer: "https://login.example", audience: "https://api.example" };
  const largest = Number.MAX_SAFE_INTEGER;
  for (const token of [
    ...[{}, { name: "alice" }, { purpose: "verify", email: "alice@mail.example" }].map((claims) => signedOld(claims)),
    ...[
      { id: 42, purpose: "reset" },
      { sub: 42, email: "alice@mail.example" },
    ].map((claims) => signedOld(claims)),
    ...["", "0", "-1", "NaN", "null", "alice", "4e1", "0x2a", " 42", "42.0", "042", `${largest + 1}`].flatMap(
      (text) => [signedOld({ sub: text }), signedOld({ id: text }), sign({ sub: text }, made, ours)],
    ),
    ...[0, -1, largest + 1].map((sub) => signedOld({ sub })),
    ...[null, true, 0, -1, 4.2, largest + 1, [42], { id: 42 }].map((id) => signedOld({ id })),
    ...[{}, { id: 42 }].map((claims) => sign(claims, made, ours)),
  ]) {
    const answer = await server.byCookie(token);
    assert.deepEqual(answer, { status: 401, id: undefined, renewed: undefined }, token.split(".")[1]);
  }
  assert.equal((await server.byCookie(signedOld({ id: largest }))).id, largest);
  assert.equal((await server.byCookie(`${kept[0]}; token=${kept[1]}`)).status, 400);
  await server.stop();
});

test("treats_a_hash_that_cannot_be_checked_as_a_wrong_password", async () => {
  const program = `import { check } from "./check.mjs";
const right = "correct horse battery staple";
console.log(JSON.stringify([await check(right, "not a hash"), await check("\\ud800", null), await check("a".repeat(5000), null)]));
await check(right, null, AbortSignal.abort(new Error("gone"))).catch(({ message }) => console.log(message));
`;
  write("checks.mjs", program);
  const no = { ok: false };
  assert.equal(await runNode(["checks.mjs"]), `${JSON.stringify([no, no, no])}\ngone\n`);
});

test("accepts_the_tokens_of_the_worker_in_the_worker_that_fetches_its_keys", async () => {
  const api = await serveWorker({
    directory: consumer.directory,
    entry: "src/api.ts",
    compatibilityDate: "2026-01-01",
    texts: {},
    kv: { binding: "KEYS", values: {} },
    // All its requests go to the first Worker.
    outbound: new URL(worker.url).host,
  });
  try {
    const { access_token } = await (await logIn()).json();
    for (let times = 0; times < 2; times += 1) {
      const answer = await fetch(api.url, { headers: { Authorization: `Bearer ${access_token}` } });
      assert.deepEqual(await answer.json(), { username: "alice" });
    }
    assert.equal((await fetch(api.url)).status, 401);
  } finally {
    await api.stop();
  }
});

test("workers_refuse_to_compile_hash_wasm_as_the_readme_says", async () => {
  const directory = join(consumer.directory, "compared");
  mkdirSync(directory);
  const source = `import { argon2id } from "hash-wasm";
export default {
  async fetch() {
    const options = { password: "x", salt: new Uint8Array(16), parallelism: 1, iterations: 2, memorySize: 64, hashLength: 32 };
    return new Response(await argon2id(options).then(() => "hashed", String));
  },
};
`;
  writeFileSync(join(directory, "index.js"), source);
  symlinkSync(join(root, "node_modules"), join(directory, "node_modules"));
  const kv = { binding: "USERS", values: {} };
  const other = await serveWorker({ directory, entry: "index.js", compatibilityDate: "2026-01-01", texts: {}, kv });
  try {
    assert.match(await (await fetch(other.url)).text(), /^CompileError: .*disallowed/);
  } finally {
    await other.stop();
  }
  assert.match(read("README.md"), /^\| runs on Cloudflare Workers \| yes \| yes \|.*\| no \| – \|$/m);
});

const chromium = findChromium();
test("shows_a_page_that_knows_who_is_logged_in", { skip: skipWithoutBrowser() }, async () => {
  const { access_token } = await (await logIn()).json();
  const browser = await launch(chromium);
  try {
    assert.equal(await whoIs(browser, access_token), "alice");
    assert.equal(await whoIs(browser, ""), "nobody (there is no token)");
    const malformed = "nobody (TOKEN_MALFORMED: token is not three segments separated by dots)";
    assert.equal(await whoIs(browser, "x"), malformed);
  } finally {
    await browser.close();
  }
});

function nameOf(code) {
  return code.match(/^\/\/ (\S+)\n/)?.[1];
}

function write(path, code) {
  writeFileSync(join(consumer.directory, path), code);
}

async function compile(files, options) {
  const compilerOptions = {
    exactOptionalPropertyTypes: true,
    lib: ["ES2023", "ESNext.Disposable"],
    noEmit: true,
    noUncheckedIndexedAccess: true,
    strict: true,
    target: "ES2022",
    ...options,
  };
  write("tsconfig.json", JSON.stringify({ compilerOptions, files }));
  await runNode([join(root, "node_modules/typescript/bin/tsc"), "--project", "tsconfig.json"]);
}

/** Runs a program without blocking this process, which must notice when a server closes a connection. */
async function runNode(args) {
  const env = { ...process.env, ...PEPPERS };
  try {
    return (await promisify(execFile)(process.execPath, args, { cwd: consumer.directory, env })).stdout;
  } catch (error) {
    throw new Error(error.stdout || error.message);
  }
}

/** The key and the user that the commands of docs/workers.md make. */
function makeKeyAndUser() {
  const [makeKey] = shell.match(/^node -p .* > \.dev\.vars$/m);
  execFileSync("sh", ["-c", makeKey], { cwd: consumer.directory });
  const [, SIGNING_KEY] = readFileSync(join(consumer.directory, ".dev.vars"), "utf8").match(/^SIGNING_KEY=(\{.*\})$/m);
  const [, user, makeHash] = shell.match(/ kv key put .* (\w+) "\$\((.*)\)"$/m);
  const hash = execFileSync("sh", ["-c", makeHash], { cwd: consumer.directory, encoding: "utf8" }).trimEnd();
  return { SIGNING_KEY, users: { [user]: hash } };
}

/** A Worker on workerd as wrangler.toml has it, with that key and that user. */
function deploy(entry, { SIGNING_KEY, users }) {
  const toml = block(workers, "toml", 'main = "src/plain.ts"');
  const [, compatibilityDate] = toml.match(/^compatibility_date = "(.*)"$/m);
  const [, binding] = toml.match(/binding = "(\w+)"/);
  const directory = join(consumer.directory, "deployed", entry.replaceAll(/\W/g, "-"));
  mkdirSync(directory, { recursive: true });
  return serveWorker({
    directory,
    entry: join(consumer.directory, entry),
    compatibilityDate,
    texts: { SIGNING_KEY },
    kv: { binding, values: users },
  });
}

/** Sends what the first `curl` of docs/workers.md sends, or a variation of it. */
function logIn(alter = (body) => body, at = worker) {
  const [line] = curl.match(/^curl localhost:8787\/token .*$/m);
  const fields = [...line.matchAll(/ -d (?:'([^']*)'|(\S+))/g)].map(([, quoted, plain]) => quoted ?? plain);
  return fetch(`${at.url}/token`, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: alter(fields.join("&")),
  });
}

function get(path, token, at = worker) {
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  return fetch(at.url + path, { headers });
}

/** What the page of the README says, served from the project as it stands, with the Worker's keys. */
async function whoIs(browser, token) {
  const page = await browser.newPage();
  const failed = new Promise((_, reject) => page.on("pageerror", reject));
  await page.route("**/*", async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === "/")
      return route.fulfill({ contentType: "text/html", body: block(read("README.md"), "html", "importmap") });
    if (pathname === "/.well-known/jwks.json") return route.fulfill({ body: await (await get(pathname)).text() });
    const contentType = extname(pathname) === ".js" ? "text/javascript" : "text/plain";
    return route.fulfill({ contentType, path: join(consumer.directory, pathname) });
  });
  await page.addInitScript((value) => sessionStorage.setItem("token", value), token);
  await page.goto("http://localhost/");
  const said = page
    .waitForFunction(() => document.getElementById("who").textContent !== "nobody")
    .then(() => page.textContent("#who"));
  return Promise.race([said, failed]);
}

function skipWithoutBrowser() {
  if (chromium !== undefined) return false;
  if (process.env.CI) throw new Error("no Chromium found, and CI is set");
  return "no Chromium found";
}
