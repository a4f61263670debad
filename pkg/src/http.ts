/**
 * The HTTP side of a login system: an endpoint that hands out tokens, a guard in front of what needs one, and the
 * public keys for whoever checks them elsewhere.
 *
 * All three are functions from the standard `Request` to the standard `Response`, so they serve Workers, Deno, Bun,
 * Hono and Next as they are. They speak OAuth 2.0 (RFC 6749, RFC 6750) and decide nothing about tokens or passwords
 * themselves: the signer, the verifier and the password check are handed in. This entry carries no wasm.
 *
 * @example A Worker with all of it
 * ```ts
 * import { env } from "cloudflare:workers";
 * import { Key, KeySet, PasswordHasher, Signer, Verifier } from "countersign";
 * import { bearerGuard, jwksEndpoint, tokenEndpoint } from "countersign/http";
 *
 * const key = Key.fromJwk(JSON.parse(env.SIGNING_KEY)); // a secret of the Worker: a private JWK with a `kid`
 * const hasher = new PasswordHasher();
 * const expected = { issuer: "https://login.example", audience: "https://api.example" };
 *
 * const token = tokenEndpoint({
 *   signer: new Signer(key, expected),
 *   async authenticate(username, password) {
 *     const user = await users.find(username);
 *     // `null` for an unknown user: as slow as a wrong password, so the time says nothing.
 *     const { ok, newHash } = hasher.verifyAndUpdate(password, user?.hash ?? null);
 *     if (!ok || !user) return null;
 *     if (newHash) await users.storeHash(username, newHash);
 *     return { subject: username, scopes: user.scopes };
 *   },
 * });
 * const guard = bearerGuard(new Verifier(key.publicKey(), expected), { realm: "api" });
 * const jwks = jwksEndpoint(new KeySet([key]));
 *
 * export default {
 *   async fetch(request: Request): Promise<Response> {
 *     const { pathname } = new URL(request.url);
 *     if (pathname === "/token") return token(request);
 *     if (pathname === "/.well-known/jwks.json") return jwks(request);
 *     const caller = await guard(request);
 *     if (caller instanceof Response) return caller;
 *     return Response.json({ username: caller.claims.sub });
 *   },
 * };
 * ```
 *
 * @example The same handlers elsewhere
 * ```ts
 * app.post("/token", (c) => token(c.req.raw));                       // Hono
 * export const POST = token;                                         // Next, in app/token/route.ts
 * Bun.serve({ routes: { "/token": token } });                        // Bun
 * Deno.serve((request) => token(request));                           // Deno
 *
 * // Express and Fastify have requests of their own; a guard looks at one header and the URL of them.
 * const headers = new Headers({ Authorization: req.headers.authorization ?? "" });
 * const caller = await guard({ headers, url: req.url });
 * ```
 *
 * @module
 */

export { type BearerGuardOptions, bearerGuard, type Caller, type TokenVerifier } from "./http/bearer.js";
export { type JwksEndpointOptions, jwksEndpoint, type PublicKeys } from "./http/jwks.js";
export { type Grant, type TokenEndpointOptions, type TokenSigner, tokenEndpoint } from "./http/token.js";
