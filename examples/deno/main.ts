// An API that checks tokens: `deno task start`.
import { bearerGuard } from "countersign/http";
import { RemoteKeySet, Verifier } from "countersign/jwt";

const login = Deno.env.get("LOGIN_URL") ?? "https://login.example";
const keys = new RemoteKeySet(`${login}/.well-known/jwks.json`, { allowInsecureLoopback: true });
const verifier = new Verifier(keys, { issuer: "https://login.example", audience: "https://api.example" });
const guard = bearerGuard(verifier, { scope: "profile" });

Deno.serve({ port: Number(Deno.env.get("PORT") ?? 8000) }, async (request) => {
  const caller = await guard(request);
  if (caller instanceof Response) return caller;
  return Response.json({ username: caller.claims.sub, scopes: caller.scopes });
});
