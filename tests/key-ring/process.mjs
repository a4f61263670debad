// A server that signs with a ring in SQLite, as a program that a test can kill: `process.mjs FILE SECONDS` answers each line of its
// input, a JSON array of an id, a method and an argument, with a line. Tokens live for SECONDS. Node 22 or later.

import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { Verifier } from "countersign/jwt";
import { KeyRing, sqliteStore } from "countersign/key-ring";

const database = new DatabaseSync(process.argv[2]);
database.exec("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL");
// Short times, so that keys change during a test.
const ring = new KeyRing({
  alg: "ES256",
  store: sqliteStore(database),
  secret: "a secret of 32 bytes, or a few more",
  rotateEvery: Math.max(3, process.argv[3]),
  tokensLiveFor: Number(process.argv[3]),
  publishedAhead: 2,
  clockTolerance: 0,
});
const signer = ring.signer();
const verifier = new Verifier(ring.keySet());

const methods = {
  sign: () => signer.sign({ sub: "alice" }),
  verify: async (token) => (await verifier.verifyAsync(token)).claims.sub,
  published: async () => (await ring.toJwksAsync()).keys.map(({ kid }) => kid),
  rotate: (options) => ring.rotate(options),
};
for await (const line of createInterface({ input: process.stdin })) {
  const [id, method, argument] = JSON.parse(line);
  methods[method](argument).then(
    (value) => console.log(JSON.stringify([id, value])),
    (error) => console.log(JSON.stringify([id, null, error.code ?? String(error)])),
  );
}
