// A server with sessions in SQLite, as a program that a test can kill: `process.mjs FILE` prints its port. Node 22 or later.

import { createServer } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { onNode } from "countersign/http";
import { Key, Signer } from "countersign/jwt";
import { oneTimeTokens, Sessions, sqliteStore } from "countersign/session";

const database = new DatabaseSync(process.argv[2]);
database.exec("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL");
const secret = "a secret of 32 bytes, or a few more";
const store = sqliteStore(database);
const signer = new Signer(Key.fromSecret(secret, { alg: "HS256" }));
const sessions = new Sessions({ signer, store, secret, grace: 60 });
const once = oneTimeTokens({ purpose: "reset", store, secret });

const jobs = {
  start: ({ subject }) => sessions.start(subject),
  refresh: ({ token }) => sessions.refresh(token),
  list: ({ subject }) => sessions.list(subject),
  make: ({ subject }) => once.make(subject),
  use: ({ token }) => once.use(token),
  endAll: ({ subject }) => sessions.endAll(subject),
};
const handler = async (request) => {
  const { job, ...rest } = await request.json();
  try {
    return Response.json(await jobs[job](rest));
  } catch (error) {
    return Response.json({ code: error.code }, { status: 400 });
  }
};
const server = createServer(onNode(handler)).listen(0, "127.0.0.1", () => console.log(server.address().port));
