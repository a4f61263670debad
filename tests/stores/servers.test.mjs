// The stores of examples/session-stores keep the contract on the real PostgreSQL and Redis, with several clients and after the
// server was killed.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { DpopSigner, DpopVerifier } from "countersign/dpop";
import { loginThrottle } from "countersign/http";
import { Key, Signer } from "countersign/jwt";
import { Sessions } from "countersign/session";
import { build } from "esbuild";
import pg from "pg";
import { createClient } from "redis";
import { blocks, read, root } from "../docs/blocks.mjs";
import { contract, count, runChecks, sessions } from "./checks.mjs";
import { cleanUp, SERVERS } from "./servers/programs.mjs";

const folder = "examples/session-stores";
const compiled = join(root, ".cache/session-stores");
const [shown, ...more] = blocks(read(`${folder}/README.md`));
after(() => {
  rmSync(compiled, { recursive: true, force: true });
  cleanUp();
});

/** The recipes as they are shown, with what the README builds from them. */
const recipes = await (async () => {
  mkdirSync(compiled, { recursive: true });
  const contents = `${shown.code}\nexport * from "./postgres.ts";\nexport * from "./redis.ts";`;
  const { outputFiles } = await build({
    bundle: true,
    format: "esm",
    packages: "external",
    stdin: { contents, loader: "ts", resolveDir: join(root, folder) },
    write: false,
  });
  writeFileSync(join(compiled, "recipes.mjs"), outputFiles[0].contents);
  return import(pathToFileURL(join(compiled, "recipes.mjs")).href);
})();

const signer = new Signer(Key.generate("HS256"));
const secret = "a secret of 32 bytes, or a few more";

/** How each is opened: `{ store, close() }`. */
const OPEN = {
  async postgres(url) {
    const pool = new pg.Pool({ connectionString: url });
    // While the server is down, all its connections are lost.
    pool.on("error", () => {});
    await pool.query(recipes.SCHEMA);
    return { store: recipes.postgresStore(pool), close: () => pool.end() };
  },
  async redis(path) {
    // A command that nobody can answer fails at once.
    const client = createClient({ socket: { path, reconnectStrategy: 50 }, disableOfflineQueue: true });
    client.on("error", () => {});
    await client.connect();
    const store = recipes.redisStore((script, keys, args) => client.eval(script, { keys, arguments: args }));
    return { store, close: () => client.destroy() };
  },
};

test("shows_one_block_in_the_page_of_the_recipes", () => {
  assert.deepEqual(more, []);
  assert.equal(typeof recipes.inPostgres, "function");
  assert.equal(typeof recipes.inRedis, "function");
});

test("shows_typescript_that_compiles", async () => {
  const place = (name, code) => writeFileSync(join(compiled, name), code);
  for (const name of ["postgres.ts", "redis.ts"]) place(name, read(`${folder}/${name}`));
  place("sessions.ts", shown.code);
  // The package has no declarations of its own.
  place("pg.d.ts", PG);
  const options = [
    "--strict",
    "--noEmit",
    "--allowImportingTsExtensions",
    "--module",
    "NodeNext",
    "--target",
    "ES2022",
  ];
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const files = ["postgres.ts", "redis.ts", "sessions.ts", "pg.d.ts"];
  const { status, stdout } = spawnSync(process.execPath, [tsc, ...options, "--skipLibCheck", ...files], {
    cwd: compiled,
    encoding: "utf8",
  });
  assert.equal(status, 0, stdout);
});

const PG = `declare module "pg" {
  class Pool {
    constructor(options: { connectionString: string });
    on(event: "error", listener: (error: Error) => void): this;
    query(text: string, values?: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }>;
  }
  export default { Pool };
}
`;

for (const [name, server] of Object.entries(SERVERS)) {
  if (server.why !== undefined && process.env.CI) throw new Error(server.why);
  if (server.why !== undefined) console.log(`# 2 tests of ${name} are skipped: ${server.why}`);

  test(`keeps_the_contract_with_${name}`, { skip: server.why }, async (t) => {
    server.prepare();
    server.running = await server.start();
    t.after(() => server.running.kill());
    const { store, close } = await OPEN[name](server.url);
    assert.deepEqual(
      await runChecks(store, { DpopSigner, DpopVerifier, Sessions, signer, loginThrottle, atOnce: 100 }),
      [...Object.keys(contract), ...Object.keys(sessions)],
    );
    const other = await OPEN[name](server.url);
    await Promise.all([count(store, 100), count(other.store, 100)]);
    assert.equal((await store.get("counter")).value, "200");
    await Promise.all([close(), other.close()]);
  });

  test(`loses_no_session_when_${name}_is_killed`, { skip: server.why }, async (t) => {
    server.running = await server.start();
    t.after(() => server.running.kill());
    const { store, close } = await OPEN[name](server.url);
    t.after(close);
    const mine = new Sessions({ signer, store, secret, grace: 300 });
    const tokens = [];
    for (let index = 0; index < 10; index += 1) tokens.push((await mine.start("kept")).refreshToken);
    for (let times = 0; times < 3; times += 1) {
      // Killed among these refreshes. The client keeps the old token unless the answer arrived.
      const refreshing = tokens.map(async (_, index) => {
        for (let turn = 0; turn < 20; turn += 1) {
          tokens[index] = (await mine.refresh(tokens[index])).refreshToken;
          if (index === 3 && turn === 1 + times) await server.running.kill();
        }
      });
      const answers = await Promise.allSettled(refreshing);
      for (const { reason, status } of answers) {
        if (status === "rejected") assert.equal(reason.code, "STORE_UNAVAILABLE", reason.stack);
      }
      await assert.rejects(mine.list("kept"), { code: "STORE_UNAVAILABLE" });
      server.running = await server.start();
      while (
        await mine
          .list("kept")
          .catch(() => true)
          .then((list) => list === true)
      ) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      for (const [index, token] of tokens.entries()) tokens[index] = (await mine.refresh(token)).refreshToken;
      assert.equal((await mine.list("kept")).length, 10);
    }
  });
}
