// A login system with tokens that are bound to keys, as a function of a standard request, for every runtime.

import { DpopVerifier } from "countersign/dpop";
import { bearerGuard, memoryStore, tokenEndpoint } from "countersign/http";
import { Key, Signer, Verifier } from "countersign/jwt";
import { Sessions } from "countersign/session";

export const SECRET = "a secret of 32 bytes, or a few more";

/**
 * `POST /token`, and `GET /me`, which answers with the user.
 *
 * @param options `dpop`: options of `DpopVerifier`; `token`, `guard`, `session`: more of those.
 */
export function makeSystem({ dpop: proofs = {}, token: forToken = {}, guard: forGuard = {}, session = {} } = {}) {
  const events = [];
  const key = Key.generate("EdDSA");
  const store = memoryStore();
  const dpop = new DpopVerifier({ store, ...proofs });
  const onEvent = ({ type }) => events.push(type);
  const sessions = new Sessions({ signer: new Signer(key), store, secret: SECRET, onEvent, ...session });
  const token = tokenEndpoint({
    sessions,
    dpop,
    authenticate: (username, password) =>
      password === "right" && { subject: username, scopes: ["read"], claims: { org: 7 }, client: "Firefox" },
    defaultScope: "read",
    ...forToken,
  });
  const verifier = new Verifier(key.publicKey());
  const guard = bearerGuard(verifier, { dpop, ...forGuard });
  const serve = async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/token") return token(request);
    if (pathname !== "/me") return new Response("not found", { status: 404 });
    const caller = await guard(request);
    if (caller instanceof Response) return caller;
    return Response.json({ user: caller?.claims.sub ?? null }, { headers: caller?.headers ?? {} });
  };
  return { dpop, events, guard, key, serve, sessions, token, verifier };
}

export const form = (fields, init = {}) => ({ ...init, method: "POST", body: new URLSearchParams(fields) });
export const LOG_IN = { username: "alice", password: "right" };
