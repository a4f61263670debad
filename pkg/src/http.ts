/**
 * The HTTP side of a login system: an endpoint that issues tokens, a guard that checks them, and an endpoint that publishes
 * the public keys.
 *
 * All three are functions from a standard `Request` to a standard `Response`, so Workers, Deno, Bun, Hono and Next can use
 * them directly. They follow OAuth 2.0 (RFC 6749, RFC 6750). You pass the signer, the verifier and the password check. This
 * entry contains no wasm.
 *
 * @example A complete Worker
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
 *     // `null` for an unknown user: it takes as long as a wrong password.
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
 * @example Other frameworks
 * ```ts
 * app.post("/token", (c) => token(c.req.raw));                       // Hono
 * export const POST = token;                                         // Next, in app/token/route.ts
 * Bun.serve({ routes: { "/token": token } });                        // Bun
 * Deno.serve((request) => token(request));                           // Deno
 *
 * app.post("/token", onNode(token));                                 // Express, and createServer(onNode(token)) on Node
 * const caller = await guard(req);                                   // a guard also takes the request of Express or Fastify
 * ```
 *
 * @module
 */

export type { Authenticate } from "./http/authenticate.js";
export { type BearerGuardOptions, bearerGuard, type Caller } from "./http/bearer.js";
export type { CookieEncryption, SameSite } from "./http/cookie-jar.js";
export type { CookieSessionEvent, CookieSessionOptions, CookieSessions } from "./http/cookie-options.js";
export { type CookieSession, cookieSession, type PageGuardOptions, type SessionCaller } from "./http/cookie-session.js";
export { type DocsPageOptions, docsPage } from "./http/docs-page.js";
export type { Grant } from "./http/grant.js";
export type { SessionTokens, TokenSessions, TokenSigner } from "./http/issue.js";
export { type ChangingPublicKeys, type JwksEndpointOptions, jwksEndpoint, type PublicKeys } from "./http/jwks.js";
export {
  type AuthorizationServerMetadataOptions,
  authorizationServerMetadata,
  type MetadataHandler,
  type ProtectedResourceMetadataOptions,
  protectedResourceMetadata,
} from "./http/metadata.js";
export { type OnNodeOptions, onNode } from "./http/node.js";
export type { NodeRequest } from "./http/node-body.js";
export { type NodeResponse, writeResponse } from "./http/node-response.js";
export { type OpenApiDocument, type OpenApiOptions, openApi } from "./http/openapi.js";
export type { ProofVerifier, UsableProof } from "./http/proof.js";
export type { DocumentHandler } from "./http/public-document.js";
export type { ErrorStyle } from "./http/reply.js";
export type { RequestHeaders, RequestLike } from "./http/request.js";
export type { TokenSource } from "./http/request-token.js";
export { type EndableSessions, type RevocationEndpointOptions, revocationEndpoint } from "./http/revocation.js";
export {
  type AccountLimits,
  type AddressLimits,
  type LoginAttempt,
  type LoginThrottle,
  type LoginThrottleOptions,
  loginThrottle,
  type ThrottleEvent,
  type ThrottleLimits,
} from "./http/throttle.js";
export { type TokenEndpointOptions, tokenEndpoint } from "./http/token.js";
export type { TokenVerifier } from "./http/verify-token.js";
export * from "./stores/exports.js";
