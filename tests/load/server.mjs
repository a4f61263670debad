// The whole login system on Node, as a program that a test can kill: `server.mjs FOLDER PORT` prints its address. Keys, users and
// sessions are in the folder. Node 22 or later.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  bearerGuard,
  cookieSession,
  jwksEndpoint,
  loginThrottle,
  onNode,
  revocationEndpoint,
  tokenEndpoint,
} from "countersign/http";
import { Key, KeySet, Signer, Verifier } from "countersign/jwt";
import { PasswordHasher } from "countersign/password";
import { Sessions, sqliteStore } from "countersign/session";

const [, , folder, port] = process.argv;
const keyFile = join(folder, "key.json");
if (!existsSync(keyFile))
  writeFileSync(keyFile, JSON.stringify(Key.generate("EdDSA", { kid: "one" }).toJwk({ private: true })));
const key = Key.fromJwk(JSON.parse(readFileSync(keyFile, "utf8")));
const expected = { issuer: "https://login.example", audience: "https://api.example" };
const verifier = new Verifier(key.publicKey(), expected);

const database = new DatabaseSync(join(folder, "login.db"));
database.exec("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
const store = sqliteStore(database);
const sessions = new Sessions({
  signer: new Signer(key, expected),
  store,
  secret: "a secret of 32 bytes, or a few more",
  grace: 60,
});

// Cheap: the requests are under test, and not the hash.
const hasher = new PasswordHasher({ params: { memoryKib: 4096, passes: 1 } });
// Every user has the same password.
const hash = hasher.hash("right");
async function authenticate(username, password) {
  const { ok } = await hasher.verifyAsync(password, username.startsWith("user") ? hash : null);
  return ok ? { subject: username, scopes: ["me"] } : null;
}
const throttle = loginThrottle({ store });
const cookies = cookieSession(sessions, { authenticate, verifier, throttle });
const guard = bearerGuard(verifier, { accept: ({ claims }) => sessions.isLive(claims), scope: "me" });
const open = bearerGuard(verifier, { scope: "me" });

const behind = (check) => async (request) => {
  const caller = await check(request);
  return caller instanceof Response ? caller : Response.json({ username: caller.claims.sub });
};
const ROUTES = {
  "/token": tokenEndpoint({ sessions, authenticate, throttle, defaultScope: "me" }),
  "/revoke": revocationEndpoint(sessions),
  "/jwks": jwksEndpoint(new KeySet([key.publicKey()])),
  "/me": behind(guard),
  "/open": behind(open),
  "/login": cookies.login,
  "/refresh": cookies.refresh,
  "/logout": cookies.logout,
  "/logout-everywhere": cookies.logoutEverywhere,
  "/page": cookies.protect((_, { claims }) => Response.json({ username: claims.sub })),
};
const handler = (request) => ROUTES[new URL(request.url).pathname]?.(request) ?? new Response(null, { status: 404 });
const server = createServer(onNode(handler)).listen(Number(port ?? 0), "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});
// A connection that rests between two tests on a busy machine is not closed just when it is used again.
server.keepAliveTimeout = 60_000;
