// What the declarations must accept and refuse beside the types of Node. This file is compiled but never run.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { DatabaseSync } from "node:sqlite";
import {
  bearerGuard,
  type Caller,
  type Grant,
  loginThrottle,
  onNode,
  revocationEndpoint,
  type TokenSource,
  tokenEndpoint,
  writeResponse,
} from "countersign/http";
import { Key, Signer, Verifier } from "countersign/jwt";
import { memoryStore, Sessions, sqliteStore, type TokenPair } from "countersign/session";

const key = Key.generate("EdDSA");
const grant: Grant = {
  subject: "alice",
  scopes: ["read"],
  claims: { org: 7 },
  fields: { user: { name: "Alice" } },
  headers: { "Set-Cookie": ["a=1", "b=2"], "X-A": "a" },
};
const token = tokenEndpoint({
  signer: new Signer(key),
  authenticate: (_, password) => password === "x" && grant,
  expiresIn: "30m",
  errors: "fastapi",
});
tokenEndpoint({ signer: new Signer(key), authenticate: () => null, expiresIn: 60 });
// @ts-expect-error another style of errors
tokenEndpoint({ signer: new Signer(key), authenticate: () => null, errors: "rails" });

createServer(onNode(token, { origin: "https://login.example", onError: console.error }));
createHttp2Server().on("checkContinue", onNode(token));

const verifier = new Verifier(key.publicKey());
const sources: TokenSource[] = [
  "authorization",
  { header: "X-Token", scheme: "JWT" },
  { cookie: "token", origins: ["https://app.example"] },
];
const guard = bearerGuard<{ org: string }>(verifier, { from: sources, scopeClaim: ["scp", "roles"] });
const optional = bearerGuard(verifier, { optional: true });
const depends: boolean = process.argv.length > 2;
const either = bearerGuard(verifier, { optional: depends });

const database = new DatabaseSync("login.db");
const sessions = new Sessions({ signer: new Signer(key), store: sqliteStore(database), secret: new Uint8Array(32) });
loginThrottle({ store: memoryStore(), perAddress: { header: "X-Real-IP" }, perAccount: { unlockAfter: "1d" } });
bearerGuard(verifier, { accept: ({ claims }) => sessions.isLive(claims) });
// @ts-expect-error a store needs `list`
new Sessions({ signer: new Signer(key), store: { get: () => undefined, replace: () => true }, secret: "" });

tokenEndpoint({ sessions, authenticate: () => ({ subject: "alice", client: "Firefox" }) });
onNode(revocationEndpoint(sessions));

async function logIn(): Promise<TokenPair> {
  const { refreshToken } = await sessions.start("alice", { scopes: ["read"], claims: { org: 7 } });
  const [first] = await sessions.list("alice");
  const until: Date | undefined = first?.endsAt;
  await sessions.endAll("alice", { except: first?.id ?? "" });
  return until === undefined ? sessions.start("bob") : sessions.refresh(refreshToken, { scopes: [] });
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const caller = await guard(request);
  if (caller instanceof Response) return writeResponse(caller, response);
  const org: string = caller.claims.org;
  const visitor: Caller | Response | null = await optional(new Request("https://api.example"));
  // @ts-expect-error it may be null
  const somebody: Caller | Response = await optional(new Request("https://api.example"));
  // @ts-expect-error it may be null
  const anybody: Caller | Response = await either(new Request("https://api.example"));
  response.end(JSON.stringify([org, visitor, somebody, anybody]));
}

export { handle, logIn };
