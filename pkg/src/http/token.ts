/** The endpoint that issues a token for a user name and a password (RFC 6749 §4.3 and §5). */

import type { CountersignError } from "../errors.js";
import { checkFunction, checkMethod, invalid, readOptions, unchecked, wholeNumber } from "../options.js";
import { readForm } from "./form.js";
import { errorDescription, methodNotAllowed, reply } from "./reply.js";
import { parseScope, scopeOption } from "./scope.js";

/** Signs tokens: a `Signer`, or an object of the same shape, which may be asynchronous. */
export interface TokenSigner {
  sign(claims: object, o: { expiresIn: number }): string | Promise<string>;
}

/** What a user gets for the right password. */
export interface Grant {
  /** The user: the token's `sub`. */
  subject: string;
  /** The scopes that the user may have. Default: none. */
  scopes?: readonly string[];
  /** More claims for the token, without `sub` and `scope`, which the endpoint sets. */
  claims?: Record<string, unknown>;
}

/** Options of {@link tokenEndpoint}. */
export interface TokenEndpointOptions {
  /**
   * Checks a user name and a password.
   *
   * Return a {@link Grant}; or `null` or `false` if either is wrong; or your own `Response`, such as a 429 with
   * `Retry-After`. The check must take as long for an unknown user as for a wrong password: `PasswordHasher.verify` with
   * `null` does. Use `verifyAsync` to keep the thread free for other requests.
   *
   * If it throws `PASSWORD_TOO_LONG` or `PASSWORD_INVALID`, the password counts as wrong. If it throws `PASSWORD_QUEUE_FULL`,
   * the endpoint answers 503.
   */
  authenticate: (
    username: string,
    password: string,
    request: Request,
  ) => Grant | Response | null | false | Promise<Grant | Response | null | false>;
  /** Signs the token: a `Signer` with an issuer and an audience. */
  signer: TokenSigner;
  /** The lifetime of a token in seconds: its `exp`, and `expires_in` in the response. Default 900, 15 minutes. */
  expiresIn?: number;
  /**
   * The scopes of a request without `scope`. Of these, the user gets those that they may have. Default: none.
   */
  defaultScope?: string | readonly string[];
  /** The longest request body in bytes, from 1 to 1048576. Default 16384. */
  maxBodyBytes?: number;
}

/**
 * Makes a handler for `POST /token`: the password grant, for an application's own log-in form.
 *
 * The body is a form with `grant_type=password`, `username`, `password` and, optionally, `scope`, whose words are separated
 * by single spaces. All other parameters are ignored, also `client_id` and `client_secret`: this authenticates the user, not
 * the client.
 *
 * | request | response |
 * |---|---|
 * | right | 200, `{ "access_token", "token_type": "bearer", "expires_in", "scope" }` (no `scope` if nothing is granted) |
 * | not a form, not UTF-8, a parameter missing or repeated | 400, `invalid_request` |
 * | a body that is too long | 413, `invalid_request` |
 * | another `grant_type` | 400, `unsupported_grant_type` |
 * | wrong user name or wrong password, without telling which | 400, `invalid_grant` |
 * | a malformed `scope`, or one that the user may not have | 400, `invalid_scope`, and no token |
 * | the password queue is full (`PASSWORD_QUEUE_FULL`) | 503, `temporarily_unavailable`, `Retry-After` |
 * | not `POST` | 405 |
 *
 * A requested scope is granted completely or not at all. Otherwise, a client that asked for `admin` and silently got less
 * would fail later, elsewhere. The scopes of a user are revealed only after the right password.
 *
 * @param options See {@link TokenEndpointOptions}.
 * @returns The handler. It rejects (answer 500) with any other error of `authenticate` or of the signer, and with
 * `OPTION_INVALID` if `authenticate` returns anything but a grant, a response, `null` or `false`.
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
  const { authenticate, defaultScope, expiresIn, maxBodyBytes, signer } = readOptions(options, {
    authenticate: requiredAuthenticate,
    signer: requiredSigner,
    expiresIn: wholeNumber(1, 900),
    maxBodyBytes: wholeNumber(1, 16_384, 1_048_576),
    defaultScope: scopeOption,
  });

  return async (request) => {
    if (request.method !== "POST") return methodNotAllowed("POST");
    const form = await readForm(request, maxBodyBytes);
    if ("problem" in form) return failure("invalid_request", form.problem, form.status);

    const login = readLogin(form.parameters);
    if (login instanceof Response) return login;
    const answer = await callAuthenticate(authenticate, login, request);
    if (answer === null) return failure("invalid_grant", "the user name or the password is wrong");
    if (answer instanceof Response) return answer;
    const { subject, claims: more, allowed } = readGrant(answer);

    const scopes = login.scopes ?? defaultScope.filter((scope) => allowed.includes(scope));
    if (!scopes.every((scope) => allowed.includes(scope))) {
      return failure("invalid_scope", "the user may not have the requested scope");
    }
    // RFC 6749 §3.3: a scope has at least one word, so an empty one is left out.
    const scope = scopes.length === 0 ? {} : { scope: scopes.join(" ") };
    const claims = { ...more, sub: subject, ...scope };
    const access_token = await signer.sign(claims, { expiresIn });
    return reply(200, { access_token, token_type: "bearer", expires_in: expiresIn, ...scope });
  };
}

function requiredAuthenticate(name: string, value: unknown): TokenEndpointOptions["authenticate"] {
  checkFunction(name, value);
  return value as TokenEndpointOptions["authenticate"];
}

function requiredSigner(name: string, value: unknown): TokenSigner {
  checkMethod(name, value, "sign");
  return value as TokenSigner;
}

/** A log-in request. `scopes` is undefined if the client leaves the choice to the server. */
interface Login {
  readonly username: string;
  readonly password: string;
  readonly scopes: string[] | undefined;
}

function readLogin(parameters: ReadonlyMap<string, string>): Login | Response {
  const missing = ["grant_type", "username", "password"].find((name) => !parameters.has(name));
  // Another grant has other parameters, so its name is checked before those of this grant.
  if (missing !== "grant_type" && parameters.get("grant_type") !== "password") {
    return failure("unsupported_grant_type", 'the grant_type is not "password"');
  }
  if (missing !== undefined) return failure("invalid_request", `missing parameter ${missing}`);
  const scope = parameters.get("scope");
  const scopes = scope === undefined ? undefined : parseScope(scope);
  if (scopes === null) return failure("invalid_scope", "the scope is not a list of words with one space between");
  return { username: parameters.get("username") ?? "", password: parameters.get("password") ?? "", scopes };
}

async function callAuthenticate(
  authenticate: TokenEndpointOptions["authenticate"],
  { username, password }: Login,
  request: Request,
): Promise<Grant | Response | null> {
  try {
    // `ok && { subject }` is `false` without a grant.
    const answer = await authenticate(username, password, request);
    return answer === false || answer === undefined ? null : answer;
  } catch (error) {
    const { code } = (error ?? {}) as Partial<CountersignError>;
    if (code === "PASSWORD_TOO_LONG" || code === "PASSWORD_INVALID") return null;
    if (code === "PASSWORD_QUEUE_FULL") return overloaded();
    throw error;
  }
}

/**
 * Reads the answer of `authenticate` as strictly as options: nothing but a grant may become a token.
 *
 * @throws {CountersignError} `OPTION_INVALID`.
 */
function readGrant(grant: Grant): { subject: string; claims: object; allowed: readonly string[] } {
  const {
    claims = {},
    scopes,
    subject,
  } = readOptions(grant, { claims: unchecked<object>(), scopes: scopeOption, subject: unchecked<string>() });
  if (typeof subject !== "string" || subject === "") throw invalid('option "subject" is not a non-empty string');
  if (Object.prototype.toString.call(claims) !== "[object Object]") throw invalid('option "claims" is not an object');
  const reserved = ["sub", "scope"].find((name) => Object.hasOwn(claims, name));
  if (reserved !== undefined) throw invalid(`option "claims" must not set "${reserved}"`);
  return { subject, claims, allowed: scopes };
}

type Failure =
  | "invalid_request"
  | "invalid_grant"
  | "invalid_scope"
  | "temporarily_unavailable"
  | "unsupported_grant_type";

/** RFC 6749 §5.2. */
function failure(error: Failure, description: string, status = 400, headers: Record<string, string> = {}): Response {
  return reply(status, { error, error_description: errorDescription(description) }, headers);
}

/** Seconds. Four threads finish the default queue of 256 in two or three. */
const RETRY_AFTER = "3";

/** RFC 6749 §5.2 has no code for this. §4.1.2.1 has one for the authorization endpoint, with the same meaning. */
function overloaded(): Response {
  const headers = { "Retry-After": RETRY_AFTER };
  return failure("temporarily_unavailable", "too many users log in at the same time", 503, headers);
}
