/** The endpoint that issues a token for a user name and a password (RFC 6749 §4.3 and §5), bound to a key if asked (RFC 9449 §5). */

import type { CountersignError } from "../errors.js";
import { lifetime } from "../lifetime.js";
import { flag, invalid, optionalObject, readOptions, wholeNumber } from "../options.js";
import { parseScope, scopeOption } from "../scope.js";
import { checkSigner } from "../token-signer.js";
import { type Authenticate, authenticateOption, logIn } from "./authenticate.js";
import { readForm } from "./form.js";
import type { ReadGrant } from "./grant.js";
import { answerOf, type Issue, refresh, signing, starting, type TokenSessions, type TokenSigner } from "./issue.js";
import {
  hasProof,
  type ProofVerifier,
  proofOrProblem,
  proofVerifierOption,
  type UsableProof,
  usable,
} from "./proof.js";
import { type ErrorStyle, errorsOption } from "./reply.js";
import { checkStandardRequest } from "./request.js";
import { resourceOption } from "./resource.js";
import type { LoginThrottle } from "./throttle.js";
import { asFastApi, asOAuth, type Refuse } from "./token-refusal.js";

/** Options of {@link tokenEndpoint}. */
export interface TokenEndpointOptions {
  /** Checks a user name and a password. See {@link Authenticate}. */
  authenticate: Authenticate;
  /** Signs the token: a `Signer` with an issuer and an audience. Not with `sessions`, which have their own. */
  signer?: TokenSigner;
  /**
   * Starts a session for each log-in: `Sessions` of `countersign/session`. The answer then has a `refresh_token`, and
   * `grant_type=refresh_token` exchanges it (RFC 6749 §6). Default: access tokens alone.
   */
  sessions?: TokenSessions;
  /**
   * The lifetime of a token in whole seconds, or as text, such as `"30m"`: its `exp`, and `expires_in` in the response.
   * Default 900, 15 minutes. Not with `sessions`, which have their own.
   */
  expiresIn?: number | string;
  /**
   * The client that the tokens are for: their claim `client_id`, which access tokens in the profile `"at+jwt"` must have
   * (RFC 9068). It does not authenticate the client. Default: none.
   */
  clientId?: string;
  /**
   * The API that the tokens are for: their claim `aud`, for a signer without `audience`. An absolute URI without a fragment. With a
   * list, the form chooses with `resource` (RFC 8707), and the first is the default; not with `sessions`. Another `resource` in
   * the form is refused with `invalid_target`. Default: the form's `resource` is ignored.
   */
  resource?: string | readonly string[];
  /**
   * The scopes of a request without `scope`. Of these, the user gets those that they may have. Default: none.
   */
  defaultScope?: string | readonly string[];
  /** The longest request body in bytes, from 1 to 1048576. Default 16384. */
  maxBodyBytes?: number;
  /**
   * With `"fastapi"`, refusals have the status and the `detail` that FastAPI gives: 401 with `"Incorrect username or
   * password"`, and 422 with a list for a form that cannot be read. Default `"oauth"`: as in the table of
   * {@link tokenEndpoint}.
   */
  errors?: ErrorStyle;
  /**
   * Limits attempts, from {@link loginThrottle}. It is asked before `authenticate`. A grant, or your own response below 400,
   * counts as a success. Anything that is no grant counts as a failure, and then the handler rejects. An error whose `status` or
   * `statusCode` is from 400 to 499 counts as a failure. Your own response from 500 on, and any other error while the client waits, do not count. Default: no limit.
   */
  throttle?: LoginThrottle;
  /**
   * Binds tokens to the key of a client that sends a proof in the header `DPoP` (RFC 9449): a `DpopVerifier` of
   * `countersign/dpop`. The access token then has `cnf.jkt`, and its `token_type` is `DPoP`. With `sessions`, the refresh token is
   * bound as well. Default: the header is ignored.
   */
  dpop?: ProofVerifier;
  /** With `true`, a request without a proof is refused. It needs `dpop`. Default `false`. */
  requireDpop?: boolean;
}

/**
 * Makes a handler for `POST /token`: the password grant, for an application's own log-in form.
 *
 * The body is a form, URL-encoded or multipart, with `username`, `password` and, optionally, `scope`, whose words are
 * separated by single spaces. `grant_type` may be absent, as in FastAPI's form; otherwise it must be `password`. With `sessions`,
 * it may also be `refresh_token`, with `refresh_token` and, optionally, `scope` for fewer scopes. All other parameters are ignored, also `client_id` and `client_secret`: this authenticates the user, not the client.
 *
 * | request | response |
 * |---|---|
 * | right | 200, `{ "access_token", "token_type": "bearer", "expires_in", "scope" }` (no `scope` if nothing is granted) |
 * | not a form, not UTF-8, a parameter missing or repeated | 400, `invalid_request` |
 * | a body that is too long | 413, `invalid_request` |
 * | another `grant_type` | 400, `unsupported_grant_type` |
 * | wrong user name or wrong password, without telling which | 400, `invalid_grant` |
 * | with `resource`: another `resource` | 400, `invalid_target` |
 * | a malformed `scope`, or one that the user may not have | 400, `invalid_scope`, and no token |
 * | too many attempts, with a `throttle` | as for a wrong password, or 429, `slow_down`, if the throttle is not silent |
 * | the store of the `throttle` fails (`STORE_UNAVAILABLE`), or the service that has the key of the signer (`KEY_UNAVAILABLE`) | 503, `temporarily_unavailable`, `Retry-After` |
 * | with `sessions`: a refresh token that is not valid, or was used before | 400, `invalid_grant` |
 * | with `sessions`: a store that fails | 503, `temporarily_unavailable`, `Retry-After` |
 * | with `dpop`: a proof that is wrong or was used before; with `requireDpop`, none | 400, `invalid_dpop_proof` |
 * | with `dpop`: a proof without a nonce of this server | 400, `use_dpop_nonce`, and the header `DPoP-Nonce` |
 * | with `dpop` and `sessions`: a refresh token of a session that is bound to another key, or to none | 400, `invalid_grant`; the session goes on |
 * | the password queue is full (`PASSWORD_QUEUE_FULL`) | 503, `temporarily_unavailable`, `Retry-After` |
 * | not `POST` | 405 |
 *
 * A requested scope is granted completely or not at all. Otherwise, a client that asked for `admin` and silently got less
 * would fail later, elsewhere. The scopes of a user are revealed only after the right password.
 *
 * @param options See {@link TokenEndpointOptions}.
 * @returns The handler. It rejects (answer 500) with any other error of `authenticate` or of the signer. It rejects with
 * `OPTION_INVALID` if `authenticate` returns anything but a grant, a response, `null` or `false`, if the body was already
 * read, and if it is given something that is not a standard `Request`. For Node's requests, see {@link onNode}.
 * @throws {CountersignError} `OPTION_INVALID`: an option is unknown, missing or of the wrong type.
 *
 * @example
 * ```ts
 * const token = tokenEndpoint({
 *   signer: new Signer(key, { issuer: "https://login.example", audience: "https://api.example" }),
 *   async authenticate(username, password) {
 *     const user = await users.find(username);
 *     const { ok } = await hasher.verifyAsync(password, user?.hash ?? null);
 *     return ok && user ? { subject: user.id, scopes: user.scopes } : null;
 *   },
 * });
 * ```
 */
export function tokenEndpoint(options: TokenEndpointOptions): (request: Request) => Promise<Response> {
  const read = readOptions(options, {
    authenticate: authenticateOption,
    signer: (name, value) => {
      if (value !== undefined) checkSigner(name, value);
      return value as TokenSigner | undefined;
    },
    sessions: optionalObject<TokenSessions>("start", "refresh"),
    expiresIn: (name, value) => (value === undefined ? undefined : lifetime(900)(name, value)),
    maxBodyBytes: wholeNumber(1, 16_384, 1_048_576),
    clientId: readClientId,
    resource: resourceOption,
    defaultScope: scopeOption,
    errors: errorsOption,
    throttle: optionalObject<LoginThrottle>("attempt"),
    dpop: proofVerifierOption,
    requireDpop: flag,
  });
  const {
    authenticate,
    clientId,
    defaultScope,
    dpop,
    errors,
    expiresIn,
    maxBodyBytes,
    requireDpop,
    resource,
    sessions,
    signer,
    throttle,
  } = read;
  const issue = readIssue(sessions, signer, expiresIn);
  if (requireDpop && dpop === undefined) throw invalid('option "requireDpop" needs "dpop"');
  // A session keeps its claims, so a refresh cannot choose.
  if (sessions !== undefined && 1 < resource.length)
    throw invalid('option "resource" is a list, which is not for "sessions"');
  const refuse = errors === "fastapi" ? asFastApi : asOAuth;
  const known = sessions === undefined ? ["password"] : ["password", "refresh_token"];

  return async (request) => {
    checkStandardRequest(request);
    if (request.method !== "POST") return refuse({ why: "method" });
    const form = await readForm(request, maxBodyBytes);
    if ("why" in form) return refuse(form);
    // Each grant has other parameters, so its name is checked first.
    const grantType = form.parameters.get("grant_type") ?? "password";
    if (!known.includes(grantType)) return refuse({ why: "grant type", known });
    const names = grantType === "refresh_token" ? REFRESH : LOG_IN;
    const parameters = readParameters(form.parameters, names, refuse);
    if (parameters instanceof Response) return parameters;
    const { scopes: requested, values } = parameters;
    const target = resource.length === 0 ? undefined : (form.parameters.get("resource") ?? resource[0]);
    if (target !== undefined && !resource.includes(target)) return refuse({ why: "target" });
    const proof = dpop && (requireDpop || hasProof(request)) ? await readProof(dpop, request, refuse) : null;
    if (proof instanceof Response) return proof;
    if (sessions !== undefined && grantType === "refresh_token") {
      const [refreshToken = ""] = values;
      return refresh(sessions, refreshToken, requested, proof, refuse);
    }

    const [username = "", password = ""] = values;
    const answer = await logIn({ authenticate, throttle }, username, password, request, refuse);
    if (answer === null) return refuse({ why: "wrong" });
    if (answer instanceof Response) return answer;
    const grant = withClaims(answer, { client_id: clientId, aud: target });
    if (proof !== null && Object.hasOwn(grant.claims, "cnf")) throw invalid('option "claims" must not set "cnf"');

    const scopes = requested ?? defaultScope.filter((scope) => grant.allowed.includes(scope));
    if (!scopes.every((scope) => grant.allowed.includes(scope))) {
      return refuse({ why: "scope", problem: "the user may not have the requested scope" });
    }
    try {
      return answerOf(await issue(grant, scopes, proof), proof, grant);
    } catch (error) {
      const { code, message = "" } = (error ?? {}) as Partial<CountersignError>;
      if (code === "STORE_UNAVAILABLE" || code === "KEY_UNAVAILABLE") return refuse({ why: "unavailable" });
      if (code === "TOKEN_USED" && proof !== null) return refuse({ why: "proof", problem: message });
      throw error;
    }
  };
}

/** Checks the proof of a request. It is used up when the tokens are issued. */
async function readProof(dpop: ProofVerifier, request: Request, refuse: Refuse): Promise<UsableProof | Response> {
  const proof = await proofOrProblem(dpop, async () => usable(await dpop.check(request, {})));
  if (!("problem" in proof)) return proof;
  const { error, nonce, problem } = proof;
  if (error === "temporarily_unavailable") return refuse({ why: "unavailable" });
  return refuse(error === "use_dpop_nonce" ? { why: "nonce", nonce, problem } : { why: "proof", problem });
}

function readIssue(
  sessions: TokenSessions | undefined,
  signer: TokenSigner | undefined,
  expiresIn: number | undefined,
): Issue {
  if (sessions === undefined) {
    if (signer === undefined) throw invalid('pass the option "signer" or "sessions"');
    return signing(signer as TokenSigner, expiresIn ?? 900);
  }
  if (signer !== undefined)
    throw invalid('option "signer" is not for an endpoint with "sessions", which have their own');
  if (expiresIn !== undefined)
    throw invalid('option "expiresIn" is not for an endpoint with "sessions": use "accessExpiresIn"');
  return starting(sessions);
}

function readClientId(name: string, value: unknown): string | undefined {
  if (value === undefined || (typeof value === "string" && value !== "")) return value;
  throw invalid(`option "${name}" is not a non-empty string`);
}

/** Adds claims to those of a grant, which must not have them. */
function withClaims(grant: ReadGrant, more: Record<string, string | undefined>): ReadGrant {
  const added = Object.entries(more).filter(([, value]) => value !== undefined);
  const taken = added.find(([name]) => Object.hasOwn(grant.claims, name));
  if (taken !== undefined) throw invalid(`option "claims" must not set "${taken[0]}"`);
  return { ...grant, claims: { ...grant.claims, ...Object.fromEntries(added) } };
}

const LOG_IN = ["username", "password"];
const REFRESH = ["refresh_token"];

/** The values of these parameters, and the requested scopes: `undefined` if the client leaves the choice to the server. */
function readParameters(
  parameters: ReadonlyMap<string, string>,
  names: readonly string[],
  refuse: Refuse,
): { values: string[]; scopes: string[] | undefined } | Response {
  const missing = names.filter((name) => !parameters.has(name));
  if (missing.length > 0) return refuse({ why: "missing", missing });
  const scope = parameters.get("scope");
  const scopes = scope === undefined ? undefined : parseScope(scope);
  if (scopes === null) {
    return refuse({ why: "scope", problem: "the scope is not a list of words with one space between" });
  }
  return { values: names.map((name) => parameters.get(name) as string), scopes };
}
