// The contract of a store, as a program for each runtime: `contract.mjs PACKAGE KIND FILE` prints the checks that passed, and
// `contract.mjs PACKAGE KIND FILE count N` adds 1 to the row "counter" N times.

import { count, runChecks } from "./checks.mjs";

const [, , entry, kind, file, job, times] = process.argv;
const { DpopSigner, DpopVerifier } = await import(`${entry}/dpop.js`);
const { loginThrottle } = await import(`${entry}/http.js`);
const { Key, Signer } = await import(`${entry}/inline/jwt.js`);
const { memoryStore, Sessions, sqliteStore } = await import(`${entry}/session.js`);
const signer = new Signer(Key.generate("HS256"), {});
const open = {
  memory: () => memoryStore(),
  async node() {
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(file);
    database.exec("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    return sqliteStore(database);
  },
  async better() {
    const { default: Database } = await import("better-sqlite3");
    const database = new Database(file);
    database.exec("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    return sqliteStore(database);
  },
  async bun() {
    const { Database } = await import("bun:sqlite");
    const database = new Database(file);
    database.exec("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    return sqliteStore(database);
  },
};
const store = await open[kind]();
const library = { DpopSigner, DpopVerifier, Sessions, loginThrottle, signer };

if (job === "count") await count(store, Number(times));
else for (const name of await runChecks(store, library)) console.log(name);
process.exit(0);
