/** The guard that checks bearer tokens (RFC 6750) and tokens that are bound to a key (RFC 9449). */

import { CountersignError } from "../errors.js";
import { flag, invalid, optionalFunction, readOptions } from "../options.js";
import { signedClaims, withSigned } from "../schema.js";
import { scopeClaimOption, scopeOption, scopesOf } from "../scope.js";
import type { Claims, RegisteredClaims, VerifiedAs } from "../types.js";
import { isYes } from "./answer.js";
import {
  boundKeyOf,
  type ProofProblem,
  type ProofVerifier,
  proofOrProblem,
  proofVerifierOption,
  type UsableProof,
  usable,
} from "./proof.js";
import {
  type ErrorStyle,
  errorDescription,
  errorsOption,
  quotedString,
  RETRY_AFTER,
  reply,
  replyWithoutBody,
} from "./reply.js";
import { checkRequest, type RequestLike } from "./request.js";
import { findToken, fromOption, inDpopScheme, type TokenSource } from "./request-token.js";
import { checkToken, checkVerifier, type TokenVerifier } from "./verify-token.js";

/** The caller of a request: the checked token's header and claims, and its scopes. */
export interface Caller<C extends object = Claims> extends VerifiedAs<C & Omit<RegisteredClaims, keyof C>> {
  /** The words of the `scope` claim, or of the claims that `scopeClaim` names. Empty without such a claim. */
  readonly scopes: readonly string[];
  /** With `dpop`: headers that the response must have, if the client needs the next nonce. Adapters to frameworks set them. */
  readonly headers?: Headers;
}

/** Options of {@link bearerGuard}. */
export interface BearerGuardOptions<C extends object = Claims> {
  /**
   * The scopes that the token must have, all of them: `"admin"`, `"read write"` or `["read", "write"]`. Default: none.
   */
  scope?: string | readonly string[];
  /**
   * The claim that holds the scopes, or several, such as `["scp", "roles"]` for Microsoft Entra. Default: `"scope"`. The
   * claim is a text with spaces between the words (RFC 8693 §4.2), or a list with one word in each element.
   */
  scopeClaim?: string | readonly string[];
  /** The name of the protected area, which `WWW-Authenticate` shows. Printable ASCII. Default: none. */
  realm?: string;
  /**
   * The URL of the API's metadata (RFC 9728), which `WWW-Authenticate` shows as `resource_metadata`: the `url` of
   * `protectedResourceMetadata`. Clients of MCP find the log-in with it. Default: none.
   */
  resourceMetadata?: string;
  /**
   * Your own check of a valid token that has the scopes. If it returns `false`, the guard answers `invalid_token`; only `true`
   * accepts. Use it to find out whether the user still exists, or whether the `jti` was revoked. Default: accept.
   */
  accept?: (caller: Caller<C>) => boolean | Promise<boolean>;
  /**
   * With `true`, the guard returns `null` for a request without a token. A token that is wrong is still refused. Default
   * `false`.
   */
  optional?: boolean;
  /**
   * Where the token is: `"authorization"`, `{ header: "Cf-Access-Jwt-Assertion" }`, `{ cookie: "__Host-token" }`, or a list
   * of these. Default `"authorization"`. A request with tokens in two of them is refused.
   */
  from?: TokenSource | readonly TokenSource[];
  /**
   * Accepts tokens that are bound to a key (RFC 9449): a `DpopVerifier` of `countersign/dpop`. Such a token is in `Authorization:
   * DPoP …`, with a proof in the header `DPoP`. Anywhere else, it is refused. Default: nobody looks at proofs, and a token that
   * is bound to a key passes as one that is not.
   */
  dpop?: ProofVerifier;
  /** With `true`, tokens that are not bound to a key are refused. It needs `dpop`. Default `false`. */
  requireDpop?: boolean;
  /**
   * With `"fastapi"`, refusals have the status and the `detail` that clients of FastAPI's tutorial expect: 401 with `"Not
   * authenticated"`, `"Could not validate credentials"` or `"Not enough permissions"`. Default `"oauth"`: as in the table
   * of {@link bearerGuard}.
   */
  errors?: ErrorStyle;
}

/**
 * Makes a guard: a function that takes a request and returns the {@link Caller}, or a `Response` that refuses the request.
 *
 * It reads the token only from the header `Authorization: Bearer …`, or from where `from` says; never from the URL or the
 * body. The request may be a standard `Request`, or that of Node, Express or Fastify.
 *
 * | request | response |
 * |---|---|
 * | no token, or another scheme | 401, `WWW-Authenticate: Bearer`, no error, no body |
 * | several tokens, one of them perhaps in the URL; an unreadable URL; something that cannot be a token | 400, `error="invalid_request"` |
 * | the verifier or `accept` refuses the token | 401, `error="invalid_token"` |
 * | the token does not have the scopes | 403, `error="insufficient_scope", scope="…"` |
 * | a cookie that a page of another site sent, with a method that changes something | 403, `error="invalid_request"` |
 * | with `dpop`: a token that is bound to a key, without the scheme `DPoP`; one that is not, with it; the proof is of another key | 401, `error="invalid_token"` |
 * | with `dpop`: the proof is missing or wrong, or was used before | 401, `error="invalid_dpop_proof"` |
 * | with `dpop`: the proof has no nonce of this server | 401, `error="use_dpop_nonce"`, and the header `DPoP-Nonce` |
 * | the key server gives no keys (`JWKS_UNAVAILABLE`), or `accept` or `dpop` throws `STORE_UNAVAILABLE` | 503, `temporarily_unavailable`, `Retry-After` |
 *
 * With `dpop`, `WWW-Authenticate` names both schemes, and the accepted `algs`; with `requireDpop`, only `DPoP`.
 *
 * `error_description` is the verifier's message, which names the field at fault and never contains a value. The JSON body
 * repeats `error` and `error_description`.
 *
 * @typeParam C The claims beside the registered ones: those that the verifier's `schema` gives, otherwise those that you
 * expect. Without a schema, nothing checks that they are there.
 * @param verifier Checks the token: a `Verifier` with the required issuer and audience. If it has a schema, the scopes are
 * still read from the claims as they were signed.
 * @param options See {@link BearerGuardOptions}.
 * @returns The guard. It rejects (answer 500) if `accept` throws or returns a truthy value other than `true`, and if the verifier
 *   fails for a reason that is neither the token's nor the key server's (`KEY_USAGE`, `OUT_OF_MEMORY`, `INTERNAL`). It rejects with
 *   `OPTION_INVALID` if it is given something that is not a request, or if the verifier returns something else than
 *   `{ header, claims }`.
 * @throws {CountersignError} `OPTION_INVALID`: an unknown option, one of the wrong type, a `scope` that is not a scope, a
 *   `realm` that is not printable ASCII, a `resourceMetadata` that is not an absolute URL, or a verifier with neither `verify` nor `verifyAsync`.
 *
 * @example
 * ```ts
 * const guard = bearerGuard(verifier, { scope: "admin", realm: "api" });
 *
 * const caller = await guard(request);
 * if (caller instanceof Response) return caller;
 * return Response.json({ hello: caller.claims.sub });
 * ```
 */
export function bearerGuard<C extends object = Claims>(
  verifier: TokenVerifier<C>,
  options?: BearerGuardOptions<C> & { optional?: false },
): (request: RequestLike) => Promise<Caller<C> | Response>;
export function bearerGuard<C extends object = Claims>(
  verifier: TokenVerifier<C>,
  options: BearerGuardOptions<C>,
): (request: RequestLike) => Promise<Caller<C> | Response | null>;
export function bearerGuard<C extends object = Claims>(
  verifier: TokenVerifier<C>,
  options: BearerGuardOptions<C> = {},
): (request: RequestLike) => Promise<Caller<C> | Response | null> {
  const read = readOptions(options, {
    accept: optionalFunction<NonNullable<BearerGuardOptions<C>["accept"]>>(),
    dpop: proofVerifierOption,
    errors: errorsOption,
    from: fromOption,
    optional: flag,
    realm: readRealm,
    requireDpop: flag,
    resourceMetadata: readMetadataUrl,
    scope: scopeOption,
    scopeClaim: scopeClaimOption,
  });
  const { accept, dpop, errors, from, optional, realm, requireDpop, resourceMetadata, scope, scopeClaim } = read;
  if (requireDpop && dpop === undefined) throw invalid('option "requireDpop" needs "dpop"');
  checkVerifier(verifier);
  const fixed = { realm, resource_metadata: resourceMetadata };
  const schemes = {
    Bearer: requireDpop ? undefined : fixed,
    DPoP: dpop && { ...fixed, algs: dpop.algorithms.join(" ") },
  };
  const refusing = (scheme: Scheme) => {
    const challenge = challengeOf(schemes, scheme);
    return errors === "fastapi" ? refuseAsFastApi(challenge) : refuseAsOAuth(challenge);
  };
  const [refuseBearer, refuseDpop] = [refusing(requireDpop ? "DPoP" : "Bearer"), refusing("DPoP")];
  const sources = dpop === undefined ? from : [...from, inDpopScheme];

  return async (request) => {
    checkRequest(request);
    const found = findToken(request, sources);
    const refuse = found?.isDpop ? refuseDpop : refuseBearer;
    if (found === null) return optional ? null : refuse(401);
    if ("problem" in found) return refuse(found.status, "invalid_request", found.problem);
    if (requireDpop && !found.isDpop)
      return refuse(401, "invalid_token", "the token did not come with the scheme DPoP");

    const checked = await checkToken(verifier, found.token);
    if (checked instanceof CountersignError) {
      if (checked.code === "JWKS_UNAVAILABLE")
        return refuse(503, "temporarily_unavailable", "the keys are not available");
      return refuse(401, "invalid_token", checked.message);
    }

    const claims = checked.claims as C;
    // As they were signed: a schema may have left out the key or the scopes.
    const signed = signedClaims(checked);
    const proof = dpop && (await proofOf(dpop, request, found, signed));
    if (proof !== undefined && "problem" in proof) return withNonce(refuseProof(refuse, proof), proof.nonce);
    const known = { header: checked.header, claims, scopes: scopesOf(signed, scopeClaim) };
    const caller = withSigned(known, signed) as Caller<C>;
    if (!scope.every((word) => caller.scopes.includes(word))) {
      const more = { scope: scope.join(" ") };
      return refuse(403, "insufficient_scope", "the token does not have the required scope", more);
    }
    // Last, so that only callers with a valid token fill the store of used proofs.
    const used = dpop && proof && (await proofOrProblem(dpop, () => proof.use()));
    if (used) return refuseProof(refuse, used);
    const accepted = await ask(accept, caller);
    if (accepted === undefined) return refuse(503, "temporarily_unavailable", "the sessions are not available");
    if (!accepted) return refuse(401, "invalid_token", "the token is no longer accepted");
    if (proof?.nextNonce === undefined) return caller;
    const headers = new Headers({ "Cache-Control": "no-store", "DPoP-Nonce": proof.nextNonce });
    // A copy would not keep the claims as they were signed.
    return Object.assign(caller, { headers });
  };
}

/** The proof of a token that is bound to a key; `undefined` for a token that is not. */
async function proofOf(
  dpop: ProofVerifier,
  request: RequestLike,
  { isDpop, token }: { readonly isDpop?: true; readonly token: string },
  claims: object,
): Promise<UsableProof | ProofProblem | undefined> {
  const thumbprint = boundKeyOf(claims);
  if (thumbprint === undefined) {
    return isDpop ? { error: "invalid_token", problem: "the token is not bound to a key" } : undefined;
  }
  // RFC 9449 §7.2: whoever has stolen it would send it so.
  if (!isDpop) return { error: "invalid_token", problem: "the token is bound to a key: it needs the scheme DPoP" };
  return proofOrProblem(dpop, async () =>
    usable(await dpop.check(request, { accessToken: token, thumbprint }), thumbprint),
  );
}

function refuseProof(refuse: Refuse, { error, problem }: ProofProblem): Response {
  return refuse(error === "temporarily_unavailable" ? 503 : 401, error, problem);
}

function withNonce(response: Response, nonce: string | undefined): Response {
  if (nonce !== undefined) response.headers.set("DPoP-Nonce", nonce);
  return response;
}

/** Makes a refusal. Without an error, the client only did not say who it is. */
type Refuse = (status: number, error?: string, description?: string, more?: Record<string, string>) => Response;
type Challenge = (parameters: Record<string, string>) => string;

type Scheme = "Bearer" | "DPoP";

/**
 * RFC 6750 §3: the scheme, then parameters as quoted strings. RFC 9728 §5.1 adds `resource_metadata`, and RFC 9449 §7.1 `algs`. Of
 * several schemes, the one that the client used has the error (RFC 9449 §7.2).
 */
function challengeOf(schemes: Record<Scheme, Record<string, string | undefined> | undefined>, used: Scheme): Challenge {
  return (parameters) =>
    Object.entries(schemes)
      .filter(([, fixed]) => fixed !== undefined)
      .map(([scheme, fixed]) => {
        const all = Object.entries({ ...fixed, ...(scheme === used ? parameters : {}) }).flatMap(([name, value]) =>
          value === undefined ? [] : `${name}=${quotedString(value)}`,
        );
        return all.length === 0 ? scheme : `${scheme} ${all.join(", ")}`;
      })
      .join(", ");
}

function refuseAsOAuth(challenge: Challenge): Refuse {
  return (status, error, description = "", more = {}) => {
    if (error === undefined) return replyWithoutBody(status, { "WWW-Authenticate": challenge({}) });
    const body = { error, error_description: errorDescription(description), ...more };
    return reply(status, body, headersFor(status, challenge, body));
  };
}

/** The same with a `detail`. The tutorial answers 401 whenever a token does not suffice. */
function refuseAsFastApi(challenge: Challenge): Refuse {
  return (status, error, description = "", more = {}) => {
    const body = error === undefined ? {} : { error, error_description: errorDescription(description), ...more };
    const [as, detail] = inFastApi(status, error);
    return reply(as, { detail, ...body }, headersFor(as, challenge, body));
  };
}

function inFastApi(status: number, error: string | undefined): [status: number, detail: string] {
  if (error === undefined) return [401, "Not authenticated"];
  if (error === "insufficient_scope") return [401, "Not enough permissions"];
  if (status === 503) return [503, "Service Unavailable"];
  return status === 403 ? [403, "Forbidden"] : [401, "Could not validate credentials"];
}

function headersFor(status: number, challenge: Challenge, body: Record<string, string>): Record<string, string> {
  // Another token would not help.
  return status === 503 ? { "Retry-After": RETRY_AFTER } : { "WWW-Authenticate": challenge(body) };
}

function readMetadataUrl(name: string, url: unknown): string | undefined {
  if (url === undefined) return undefined;
  if (typeof url === "string" && /^https?:\/\/[\x21\x23-\x5b\x5d-\x7e]+$/.test(url)) return url;
  throw invalid(`option "${name}" is not an absolute URL`);
}

function readRealm(name: string, realm: unknown): string | undefined {
  if (realm === undefined) return undefined;
  if (typeof realm === "string" && /^[\x20-\x7e]*$/.test(realm)) return realm;
  throw invalid(`option "${name}" is not printable ASCII`);
}

/** What `accept` says; `undefined` if it cannot say it because its store fails. */
async function ask<C extends object>(
  accept: BearerGuardOptions<C>["accept"],
  caller: Caller<C>,
): Promise<boolean | undefined> {
  try {
    return accept === undefined || isYes('option "accept"', await accept(caller));
  } catch (error) {
    if ((error as Partial<CountersignError> | null)?.code === "STORE_UNAVAILABLE") return undefined;
    throw error;
  }
}
